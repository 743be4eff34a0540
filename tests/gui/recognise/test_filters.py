"""Many results: filtered, searched, put in order, and who is chosen stays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from facegui.domain.recognition import RecognisedPhoto
from facegui.gui.context import AppContext
from facegui.gui.recognise.filters import FilterBar
from facegui.gui.recognise.loader import PictureLoader
from facegui.gui.recognise.results import SUMMARY_ROLE, ResultModel
from facegui.gui.recognise.rows import ResultList
from facegui.services.recognising.results import Kind, ResultFilter, ResultOrder
from tests.fakes.recognised import face, photo, seen, unreadable, video

ALBUM = (
    photo("b10.jpg", face("Ann"), face(None)),
    photo("b2.jpg", face("Bob")),
    photo("a.jpg", face("Ann", similarity=0.42)),
    photo("sky.jpg"),
    unreadable("broken.jpg"),
)


@pytest.fixture
def listed(qtbot: QtBot, context: AppContext) -> ResultList:
    model = ResultModel(PictureLoader(context.lanes, context), context)
    view = ResultList(model)
    qtbot.addWidget(view)
    view.resize(260, 300)
    view.show()
    model.put(ALBUM)
    view.choose(0)
    return view


def model_of(listed: ResultList) -> ResultModel:
    model = listed.model()
    assert isinstance(model, ResultModel)
    return model


def names(photos: Sequence[RecognisedPhoto]) -> list[str]:
    return [one.path.rpartition("/")[2] for one in photos]


def test_who_is_chosen_stays_when_rows_change_places(listed: ResultList) -> None:
    model = model_of(listed)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    listed.choose(2)
    told: list[object] = []
    listed.photo_chosen.connect(told.append)
    model.ask_for(ResultFilter(order=ResultOrder.NAME))
    assert names(model.photos) == ["a.jpg", "b2.jpg", "b10.jpg", "broken.jpg", "sky.jpg"]
    assert listed.current() is ALBUM[2]
    model.ask_for(ResultFilter(Kind.KNOWN))
    assert names(model.photos) == ["b10.jpg", "b2.jpg", "a.jpg"]
    assert listed.current() is ALBUM[2]
    assert set(map(id, told)) <= {id(ALBUM[2])}  # nothing else was looked at meanwhile
    model.ask_for(ResultFilter(Kind.NO_FACE))
    assert listed.current() is ALBUM[3]
    assert tester.model() is model


def test_what_is_marked_stays_marked_as_far_as_it_is_listed(listed: ResultList) -> None:
    model = model_of(listed)
    listed.selectAll()
    assert len(listed.marked()) == 5
    model.ask_for(ResultFilter(Kind.KNOWN))
    assert names(listed.marked()) == ["b10.jpg", "b2.jpg", "a.jpg"]


def test_nothing_listed_is_told(listed: ResultList) -> None:
    told: list[object] = []
    listed.photo_chosen.connect(told.append)
    model_of(listed).ask_for(ResultFilter(search="nothing"))
    assert listed.current() is None
    assert told[-1] is None
    model_of(listed).ask_for(ResultFilter())
    assert listed.current() is ALBUM[0]


def test_late_comers_are_filtered_and_put_in_order_too(listed: ResultList) -> None:
    model = model_of(listed)
    model.ask_for(ResultFilter(Kind.KNOWN, order=ResultOrder.NAME))
    model.put([photo("b1.jpg", face("Bob")), photo("c.jpg")])
    assert names(model.photos) == ["a.jpg", "b1.jpg", "b2.jpg", "b10.jpg"]
    assert model.tally.kinds[Kind.ALL] == 7
    assert len(model.everything) == 7


def test_rows_say_what_is_unsure_and_how_long_a_video_is(listed: ResultList) -> None:
    model = model_of(listed)
    film = video("f.avi", seen(face("Ann"), 1.0, 2.0), seen(face(None), 3.0, 4.0), seconds=65)
    model.put([film])
    told = [str(model.index(row).data(SUMMARY_ROLE)) for row in range(model.rowCount())]
    assert told[2] == "Ann?"
    assert told[5] == "Ann, 1 unknown · 1:05"


class TestBar:
    @pytest.fixture
    def bar(self, qtbot: QtBot, listed: ResultList) -> FilterBar:
        bar = FilterBar()
        qtbot.addWidget(bar)
        bar.show_tally(model_of(listed).tally)
        return bar

    def test_counts_stand_on_chips_and_beside_people(self, bar: FilterBar) -> None:
        assert [chip.text() for chip in bar.chips.values()] == [
            *("All  5", "Known  3", "Unknown  1", "Unsure  1", "No face  1", "Not read  1")
        ]
        people = [bar.person.itemText(row) for row in range(bar.person.count())]
        assert people == ["Everybody", "Ann  2", "Bob  1"]

    def test_each_choice_is_told(self, qtbot: QtBot, bar: FilterBar) -> None:
        with qtbot.waitSignal(bar.changed) as told:
            bar.chips[Kind.UNSURE].click()
        assert told.args == [ResultFilter(Kind.UNSURE)]
        bar.person.setCurrentIndex(1)
        with qtbot.waitSignal(bar.changed) as told:
            bar.person.activated.emit(1)
        assert told.args == [ResultFilter(Kind.UNSURE, "Ann")]
        bar.order.setCurrentIndex(3)
        with qtbot.waitSignal(bar.changed) as told:
            qtbot.keyClicks(bar.search, "b1")
        assert told.args == [ResultFilter(Kind.UNSURE, "Ann", "b1", ResultOrder.CERTAINTY)]
        with qtbot.waitSignal(bar.changed) as told:
            bar.clear()
        assert told.args == [ResultFilter(order=ResultOrder.CERTAINTY)]

    def test_a_person_stays_chosen_while_counts_come(
        self, bar: FilterBar, listed: ResultList
    ) -> None:
        bar.person.setCurrentIndex(2)
        model = model_of(listed)
        model.put([photo("b2.jpg", face("Ann"))])  # Bob's only file is Ann's now
        bar.show_tally(model.tally)
        assert bar.wanted().person == "Bob"
        assert bar.person.currentText() == "Bob  0"

    def test_a_chip_without_files_cannot_be_pressed(self, bar: FilterBar) -> None:
        from facegui.services.recognising.results import Tally

        bar.show_tally(Tally())
        assert [chip.isEnabled() for chip in bar.chips.values()] == [True] + [False] * 5


def test_thousands_of_rows_are_filtered_at_once(listed: ResultList, qtbot: QtBot) -> None:
    model = model_of(listed)
    people = ("Ann", "Bob", None)
    model.put([photo(f"{n:05}.jpg", face(people[n % 3])) for n in range(5000)])
    listed.choose(3000)
    here = listed.current()
    model.ask_for(ResultFilter(order=ResultOrder.CERTAINTY))
    assert listed.current() is here
    assert listed.viewport().rect().intersects(listed.visualRect(listed.currentIndex()))
    qtbot.keyClick(listed, Qt.Key.Key_Home)
    assert listed.currentIndex().row() == 0
