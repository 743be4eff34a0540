"""The model holds ids, fetches what is looked at, and never moves a row on its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Photo, PhotoStatus
from facegui.domain.queries import Section
from facegui.gui.review.models import STALE_ROLE, TILE_ROLE, Arrangement, TileModel, plan_merge
from facegui.gui.review.tiles import PhotoTile


def tile(photo_id: int) -> PhotoTile:
    path = f"/photos/{photo_id}.jpg"
    status = PhotoStatus.PENDING
    return PhotoTile(
        Photo(photo_id, path, None, status, "new", 0, 0, 1, 1, None, None, preferred=False), ()
    )


class Source:
    """Answers for every id but those that are gone, and remembers what it was asked."""

    def __init__(self, gone: Sequence[int] = ()) -> None:
        self.asked: list[list[int]] = []
        self._gone = set(gone)

    def __call__(self, ids: Sequence[int]) -> dict[int, PhotoTile]:
        self.asked.append(list(ids))
        return {n: tile(n) for n in ids if n not in self._gone}


@pytest.fixture
def source() -> Source:
    return Source(gone=[13])


@pytest.fixture
def model(qtbot: QtBot, source: Source) -> TileModel:
    made = TileModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.set_source(source)
    made.show(rows(*range(10, 210)))
    return made


def rows(*ids: int, **starts: int) -> Arrangement:
    """Rows in sections that are called as their keys are, in capitals."""
    sections = [Section(start, key) for key, start in starts.items()]
    titles = {key: key.upper() for key in starts}
    return Arrangement(np.asarray(ids, np.int64), sections, titles)


def stale_ids(model: TileModel) -> list[int]:
    every = range(model.rowCount())
    return [int(model.ids[n]) for n in every if model.index(n, 0).data(STALE_ROLE)]


def test_rows_are_fetched_in_blocks_when_they_are_looked_at(
    model: TileModel, source: Source
) -> None:
    source.asked.clear()
    model.forget()
    assert source.asked == []
    assert model.index(70, 0).data(TILE_ROLE) == tile(80)
    assert model.index(71, 0).data(TILE_ROLE) == tile(81)
    assert [len(block) for block in source.asked] == [32]
    assert 80 in source.asked[0]


def test_a_row_that_is_gone_from_the_library_has_no_tile(model: TileModel) -> None:
    assert model.index(3, 0).data(TILE_ROLE) is None
    assert model.tile_of(13) is None
    assert model.tile_of(9999) is None


def test_ids_are_found_in_any_order(model: TileModel) -> None:
    model.show(rows(7, 3, 9, 1))
    assert [model.row_of(n) for n in (7, 3, 9, 1, 4, 0, 10)] == [0, 1, 2, 3, None, None, None]


def test_only_the_photos_named_are_fetched_again(model: TileModel, source: Source) -> None:
    for row in range(64):
        model.tile(row)
    source.asked.clear()
    with pytest.MonkeyPatch.context():
        model.forget([20, 21, 5000])
    for row in range(64):
        model.tile(row)
    assert sorted(n for block in source.asked for n in block) == [13, 20, 21]


def test_changed_rows_are_told(qtbot: QtBot, model: TileModel) -> None:
    model.tile(0)
    with qtbot.waitSignal(model.dataChanged) as told:
        model.forget([20])
    assert told.args is not None
    first, last = told.args[0].row(), told.args[1].row()
    assert first <= 10 <= last


def test_a_merge_keeps_every_row_where_it_is(model: TileModel) -> None:
    model.show(rows(5, 4, 3, 2))
    merged = model.merge(plan_merge(model.rows, rows(9, 5, 3, 8)))
    assert merged
    assert model.ids.tolist() == [5, 4, 3, 2, 9, 8]
    assert stale_ids(model) == [4, 2]
    assert model.stale_count == 2
    assert model.row_of(8) == 5


def test_a_row_that_fits_again_is_not_stale_any_more(model: TileModel) -> None:
    model.show(rows(5, 4))
    model.merge(plan_merge(model.rows, rows(5)))
    assert stale_ids(model) == [4]
    model.merge(plan_merge(model.rows, rows(4, 5)))
    assert stale_ids(model) == []


def test_merging_inserts_instead_of_resetting(qtbot: QtBot, model: TileModel) -> None:
    model.show(rows(5, 4))
    resets: list[object] = []
    model.modelReset.connect(lambda: resets.append(None))
    with qtbot.waitSignal(model.rowsInserted) as told:
        model.merge(plan_merge(model.rows, rows(4, 5, 6, 7)))
    assert told.args is not None
    assert (told.args[1], told.args[2]) == (2, 3)
    assert not resets


def test_a_plan_for_other_rows_is_refused(model: TileModel) -> None:
    plan = plan_merge(model.rows, rows(1, 2, 3))
    model.show(rows(8, 9))
    assert not model.merge(plan)
    assert model.ids.tolist() == [8, 9]


def test_an_unchanged_answer_changes_nothing(qtbot: QtBot, model: TileModel) -> None:
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.rowsInserted):
        model.merge(plan_merge(model.rows, rows(*model.ids.tolist())))


def test_tiles_far_away_are_let_go(model: TileModel, source: Source) -> None:
    model.show(rows(*range(1000, 9000)))
    model.tile(0)
    for row in range(32, 8000, 32):
        model.tile(row)
    source.asked.clear()
    model.tile(0)
    assert source.asked


def test_a_list_model_has_no_children(model: TileModel) -> None:
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.rowCount(QModelIndex()) == 200
    assert model.data(QModelIndex()) is None


def test_a_row_can_be_spoken(model: TileModel) -> None:
    assert model.index(0, 0).data() == "10.jpg"


def titles(model: TileModel) -> list[tuple[int, str]]:
    return [(section.start, model.title(n)) for n, section in enumerate(model.rows.sections)]


def test_sections_have_titles(model: TileModel) -> None:
    model.show(rows(5, 4, 3, ann=0, bob=2))
    assert titles(model) == [(0, "ANN"), (2, "BOB")]


def test_a_row_whose_section_is_another_now_stays_and_is_stale(model: TileModel) -> None:
    model.show(rows(5, 4, 3, ann=0, bob=2))
    model.merge(plan_merge(model.rows, rows(4, 5, 3, ann=0, bob=1)))
    assert model.ids.tolist() == [5, 4, 3]
    assert stale_ids(model) == [5]
    model.merge(plan_merge(model.rows, rows(5, 4, 3, ann=0, bob=2)))
    assert stale_ids(model) == []


def test_what_comes_later_stands_below_a_heading_of_its_own(model: TileModel) -> None:
    model.show(rows(5, 4, ann=0, bob=1))
    model.merge(plan_merge(model.rows, rows(5, 8, 4, ann=0, bob=2)))
    assert titles(model) == [(0, "ANN"), (1, "BOB"), (2, "New")]
    model.merge(plan_merge(model.rows, rows(5, 8, 9, 4, ann=0, bob=3)))
    assert model.ids.tolist() == [5, 4, 8, 9]
    assert titles(model) == [(0, "ANN"), (1, "BOB"), (2, "New")]
    assert stale_ids(model) == []


def test_a_section_that_is_called_otherwise_now_says_so(model: TileModel) -> None:
    model.show(rows(5, 4, ann=0))
    wanted = rows(5, 4, ann=0)._replace(titles={"ann": "Anna"})
    model.merge(plan_merge(model.rows, wanted))
    assert titles(model) == [(0, "Anna")]


def test_an_answer_without_sections_moves_nobody(model: TileModel) -> None:
    model.show(rows(5, 4, 3, ann=0, bob=2))
    model.merge(plan_merge(model.rows, rows(3, 5)))
    assert stale_ids(model) == [4]
    assert titles(model) == [(0, "ANN"), (2, "BOB")]
