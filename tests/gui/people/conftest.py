"""A people page over a real library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.domain.geometry import Pose
from facegui.gui.context import AppContext
from facegui.gui.people.page import PeoplePage
from facegui.services.libraries import Library
from tests.fakes.people_library import people_library
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import LEFT
from tests.gui.conftest import Settle, put_on_screen


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Ann and Bob, six faces without a name, one wrong name; see `people_library`."""
    return people_library(tmp_path)


@pytest.fixture
def empty_page(qtbot: QtBot, context: AppContext) -> PeoplePage:
    """The page on the screen before any library is open."""
    made = PeoplePage(context)
    put_on_screen(qtbot, made)
    return made


@pytest.fixture
def page(
    empty_page: PeoplePage, context: AppContext, library: Library, settle: Settle
) -> PeoplePage:
    """The page with the library in it, the suggestions in front and in focus."""
    context.set_library(library)
    empty_page.activate()
    settle()
    empty_page.activate()
    settle()
    return empty_page


def name_of(library: Library, face_id: int) -> str | None:
    person_id = library.faces([face_id])[0].person_id
    return next((person.name for person in library.people() if person.id == person_id), None)


def ids(page: PeoplePage) -> list[int]:
    return [case.face_id for case in page.suggestions.list.cases]


def go_to(page: PeoplePage, face_id: int) -> None:
    view = page.suggestions.list
    view.setCurrentIndex(view.model().index(ids(page).index(face_id), 0))


def reject(library: Library, *face_ids: int) -> None:
    """Let a rule reject all but the named ones: faces look straight ahead, but for these."""
    photos = {face.photo_id: face for face in library.faces(face_ids)}
    vectors = dict(zip(face_ids, library.embeddings(list(face_ids)), strict=True))
    library.store_scans(
        [
            scanned(
                photo_id,
                [replace(proposal(LEFT, pose=Pose(0, 28, 0)), embedding=vectors[face.id])],
            )
            for photo_id, face in photos.items()
        ]
    )
    assert [bool(face.failed) for face in library.faces(face_ids)] == [True] * len(face_ids)
