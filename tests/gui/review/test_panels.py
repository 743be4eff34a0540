"""People, rules, filter, strip, empty states and the name field, each by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Counts, FaceState, Person, PhotoStatus
from facegui.domain.queries import FaceCounts, FaceFilter, FaceOrder, PhotoOrder, StateCounts
from facegui.domain.rules import Rule
from facegui.gui.review.empty_state import EmptyState, Remedy, why_empty
from facegui.gui.review.filter_bar import FilterBar
from facegui.gui.review.filters import Mode
from facegui.gui.review.name_field import NameField
from facegui.gui.review.people_panel import PeopleModel, PeoplePanel
from facegui.gui.review.strip import Strip

PEOPLE = tuple(
    Person(n, f"Person {n}", "#336699", n, key=n if n < 10 else None) for n in range(1, 13)
)
COUNTS = {n: StateCounts(n, 2, 1) for n in range(1, 12)}


def counts(**changed: int) -> Counts:
    values = {
        "photos": 20,
        "pending": 0,
        "unreadable": 2,
        "faces": 1200,
        "kept": 1000,
        "rejected": 150,
        "ignored": 50,
        "unnamed_kept": 30,
        "people": 12,
        "duplicate_groups": 0,
    }
    return Counts(**{**values, **changed})


# people


@pytest.fixture
def people(qtbot: QtBot) -> PeoplePanel:
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    panel.show_people(PEOPLE, COUNTS, 1000)
    return panel


def test_the_people_model_is_sound(qtbot: QtBot) -> None:
    model = PeopleModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(PEOPLE, COUNTS, 1000)
    assert [model.index(n, 0).data() for n in (0, 1, 12)] == ["Everyone", "Person 1", "Person 12"]
    assert model.index(3, 0).data(Qt.ItemDataRole.ToolTipRole) == (
        "Person 3: 3 kept, 0 suggested, 2 rejected, 1 ignored"
    )
    model.show((), {}, 0)


def test_a_key_belongs_to_a_person_wherever_they_stand(people: PeoplePanel) -> None:
    assert people.person_with_key(9) == PEOPLE[8]
    people.show_people(PEOPLE[::-1], COUNTS, 1000)
    assert people.person_with_key(9) == PEOPLE[8]
    people.show_people(PEOPLE[9:], COUNTS, 1000)
    assert people.person_with_key(9) is None


def test_choosing_tells_once_and_survives_new_counts(qtbot: QtBot, people: PeoplePanel) -> None:
    told: list[object] = []
    people.person_chosen.connect(told.append)
    people.choose(4)
    people.show_people(PEOPLE, COUNTS, 1001)
    people.choose(4)
    assert told == [4]
    people.choose(None)
    assert told == [4, None]


def test_a_chosen_person_who_goes_leaves_everyone(people: PeoplePanel) -> None:
    told: list[object] = []
    people.choose(4)
    people.person_chosen.connect(told.append)
    people.show_people(PEOPLE[:2], COUNTS, 10)
    assert told == [None]


def test_everyone_cannot_be_renamed_and_a_blank_name_is_none(people: PeoplePanel) -> None:
    told: list[object] = []
    people.person_renamed.connect(lambda *given: told.append(given))
    model = people._model
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    assert model.flags(model.index(1, 0)) & Qt.ItemFlag.ItemIsEditable
    for name in ("  ", "Person 1"):
        model.setData(model.index(1, 0), name)
    model.setData(model.index(1, 0), " New ")
    assert told == [(1, "New")]


def test_the_list_paints_with_long_names_and_many_faces(people: PeoplePanel) -> None:
    long = Person(99, "A very long name indeed, with more than fits " * 3, "#aa0000", 0)
    people.show_people((long,), {99: StateCounts(1_234_567, 0, 0)}, 5)
    people.resize(200, 300)
    assert not people.grab().isNull()


# filter


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    made = FilterBar()
    qtbot.addWidget(made)
    made.show()
    made.show_counts(FaceCounts(14, 9, 7, 3, 4, 2, 1))
    return made


def chips(bar: FilterBar) -> dict[str, int]:
    return {chip.text: n for n, (chip, _) in enumerate(bar._chips)}


def test_nothing_chosen_asks_for_everything(bar: FilterBar) -> None:
    assert bar.face_filter() == FaceFilter()
    assert not bar.narrowed


def test_chips_order_and_search_make_the_question(bar: FilterBar) -> None:
    bar._chips[chips(bar)["Kept, no name"]][1].click()
    bar._order.setCurrentIndex(bar._order.findData(FaceOrder.SHARPNESS))
    bar._direction.click()
    bar._search.setText(" tom ")
    bar.set_person(4)
    assert bar.narrowed
    assert bar.face_filter() == FaceFilter(
        person_id=4,
        named=False,
        states=(FaceState.KEPT,),
        search="tom",
        order=FaceOrder.SHARPNESS,
        descending=True,
    )


def test_a_reason_counts_only_while_rejected_ones_are_shown(bar: FilterBar) -> None:
    bar._chips[chips(bar)["Rejected"]][1].click()
    bar._reasons.setCurrentIndex(bar._reasons.findData(Rule.TILT))
    assert bar.face_filter().failing is Rule.TILT
    bar._chips[chips(bar)["All"]][1].click()
    assert bar.face_filter().failing is None


def test_it_says_why_faces_are_missing_most_first(qtbot: QtBot, bar: FilterBar) -> None:
    bar.show_reasons({Rule.PAN: 3, Rule.SUNGLASSES: 1200})
    menu = bar._why.menu()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == ["Sunglasses\t1,200", "Pan\t3", "Move the limits…"]
    assert bar._reasons.itemText(bar._reasons.findData(Rule.SUNGLASSES)) == "Sunglasses  1,200"
    with qtbot.waitSignal(bar.rules_requested):
        menu.actions()[-1].trigger()
    bar.set_mode(Mode.PHOTOS)
    told: list[object] = []
    bar.filter_changed.connect(lambda: told.append(None))
    menu.actions()[0].trigger()
    assert bar.mode is Mode.FACES
    assert bar.face_filter() == FaceFilter(states=(FaceState.REJECTED,), failing=Rule.SUNGLASSES)
    assert told == [None]


def test_without_rejected_faces_there_is_nothing_to_choose(bar: FilterBar) -> None:
    first = bar._why.menu().actions()[0]
    assert first.text() == "No rule rejects a face"
    assert not first.isEnabled()


def test_photos_have_chips_and_orders_of_their_own(qtbot: QtBot, bar: FilterBar) -> None:
    with qtbot.waitSignal(bar.mode_changed):
        bar.set_mode(Mode.PHOTOS)
    assert list(chips(bar)) == ["All", "Read", "Unreadable", "Not scanned"]
    bar._chips[2][1].click()
    bar._order.setCurrentIndex(1)
    asked = bar.photo_filter()
    assert set(asked.statuses) == {
        PhotoStatus.BROKEN,
        PhotoStatus.UNSUPPORTED,
        PhotoStatus.MISSING,
    }
    assert asked.order is PhotoOrder.ADDED


def test_typing_asks_after_a_pause_and_only_once(qtbot: QtBot, bar: FilterBar) -> None:
    told: list[object] = []
    bar.filter_changed.connect(lambda: told.append(None))
    QTest.keyClicks(bar._search, "hanks")
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 1)


def test_clearing_asks_once_for_everything(bar: FilterBar) -> None:
    bar._search.setText("x")
    bar.set_person(3)
    bar._chips[1][1].click()
    told: list[object] = []
    bar.filter_changed.connect(lambda: told.append(None))
    bar.clear()
    assert told == [None]
    assert bar.face_filter() == FaceFilter()


# the strip


def test_refresh_shows_only_when_something_changed(qtbot: QtBot) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    assert strip._refresh.isHidden()
    strip.show_stale(1200)
    assert not strip._refresh.isHidden()
    assert strip._refresh.text() == "Refresh (1,200 changed)"
    with qtbot.waitSignal(strip.refresh_requested):
        strip._refresh.click()


def test_the_strip_counts_and_zooms(qtbot: QtBot) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.show_figures(Mode.FACES, 1204, 1)
    assert strip._figures.text() == "1,204 faces"
    strip.show_figures(Mode.PHOTOS, 1, 3)
    assert strip._figures.text() == "1 photo · keys are for the 3 marked"
    with qtbot.waitSignal(strip.zoomed) as told:
        strip.show_zoom(200)
    assert told.args == [200]


# empty states


@pytest.mark.parametrize(
    ("changed", "mode", "narrowed", "remedy"),
    [
        ({"photos": 0, "faces": 0}, Mode.FACES, False, Remedy.IMPORT),
        ({"photos": 0, "faces": 0}, Mode.PHOTOS, True, Remedy.IMPORT),
        ({"pending": 5, "faces": 0}, Mode.FACES, False, Remedy.SCAN),
        ({"pending": 5}, Mode.FACES, True, Remedy.SHOW_ALL),
        ({}, Mode.PHOTOS, True, Remedy.SHOW_ALL),
        ({"faces": 0}, Mode.FACES, False, Remedy.SHOW_PHOTOS),
    ],
)
def test_an_empty_grid_offers_what_helps(
    qtbot: QtBot, changed: dict[str, int], mode: Mode, narrowed: bool, remedy: Remedy
) -> None:
    state = EmptyState()
    qtbot.addWidget(state)
    state.tell(why_empty(counts(**changed), mode, narrowed=narrowed))
    with qtbot.waitSignal(state.remedy_chosen) as told:
        state._button.click()
    assert told.args == [remedy]
    assert state._title.text()
    state.resize(800, 600)
    state.show()
    text = state._text
    assert text.height() >= text.heightForWidth(text.width()) > 0  # nothing is cut off


# the name field


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[NameField]:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(400, 300)
    made = NameField(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    holder.activateWindow()
    yield made  # noqa: PT022 - keeps the holder, which qtbot does not


def edit(field: NameField) -> QLineEdit:
    return field._edit


def test_the_field_stays_inside_the_page(field: NameField) -> None:
    for place in (QPoint(-50, -50), QPoint(390, 290)):
        field.open_at(place, "Who is this?", [], "")
        assert field.parentWidget().rect().contains(field.geometry())


def test_an_offered_name_is_selected_to_be_typed_over(qtbot: QtBot, field: NameField) -> None:
    field.open_at(QPoint(10, 10), "Who is this?", ["Tom Hanks"], "Tom Hanks")
    assert edit(field).selectedText() == "Tom Hanks"
    with qtbot.waitSignal(field.named) as told:
        QTest.keyClick(edit(field), Qt.Key.Key_Return)
    assert told.args == ["Tom Hanks"]
    assert not field.isVisible()


def test_a_blank_name_is_not_taken(qtbot: QtBot, field: NameField) -> None:
    field.open_at(QPoint(10, 10), "Who is this?", [], "")
    QTest.keyClicks(edit(field), "   ")
    with qtbot.assertNotEmitted(field.named):
        QTest.keyClick(edit(field), Qt.Key.Key_Return)
    assert field.isVisible()


def test_leaving_the_field_closes_it(qtbot: QtBot, field: NameField) -> None:
    field.open_at(QPoint(10, 10), "Who is this?", [], "")
    with qtbot.waitSignal(field.closed):
        edit(field).clearFocus()
    assert not field.isVisible()
