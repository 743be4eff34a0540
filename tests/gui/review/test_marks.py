"""What is marked is what keys act on, and they never act on what cannot be seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from facegui.domain.entities import Decision
from facegui.domain.queries import FaceFilter
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library

Settle = Callable[[], None]


def test_a_key_does_not_hit_marks_that_are_out_of_sight(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    sheet = page.stage.sheet
    sheet.set_picture_px(300)
    settle()
    QTest.keyClick(sheet, Qt.Key.Key_Space)
    QTest.keyClick(sheet, Qt.Key.Key_End)
    assert 0 not in sheet.visible_rows()
    QTest.keyClick(sheet, Qt.Key.Key_X)
    settle()
    assert library.history() == []
    assert "out of sight" in page._strip._step.text()
    QTest.keyClick(sheet, Qt.Key.Key_X)
    settle()
    rejected = library.face_ids(FaceFilter(decisions=(Decision.REJECT,)))
    assert rejected == sheet.tiles.ids[:1].tolist()
