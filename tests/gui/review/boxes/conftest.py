"""One photo open in Review, its faces coloured squares: what tests of its boxes share."""

from __future__ import annotations

from pathlib import Path

import pytest

from facegui.domain.entities import Face
from facegui.domain.geometry import Box
from facegui.gui.review.canvas import PhotoCanvas
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools
from tests.fakes.square_library import square_library
from tests.gui.conftest import Settle


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Photos of 160 × 96 with coloured squares, scanned."""
    return square_library(tmp_path)


@pytest.fixture
def tools() -> Tools:
    """With an analyser that sees coloured squares."""
    return fake_tools(analyser=SquareAnalyser)


@pytest.fixture
def opened(page: ReviewPage, settle: Settle) -> ReviewPage:
    """The page with Ann's first photo open, her face current."""
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    library = page.context.library
    assert library is not None
    page.stage.sheet.show_id(photo_of(library))
    page.stage.open_photo()
    settle()
    return page


def photo_of(library: Library) -> int:
    photos = library.photos(library.photo_ids())
    return next(p.id for p in photos if p.path.endswith("Ann/1.png"))


def faces_of(library: Library) -> list[Face]:
    photo_id = photo_of(library)
    return sorted(library.faces_of_photos([photo_id])[photo_id], key=lambda f: f.id)


def canvas_of(page: ReviewPage) -> PhotoCanvas:
    return page.stage.photo_view._canvas


def near(box: Box) -> object:
    """As near as the mouse can point."""
    return pytest.approx((box.x1, box.y1, box.x2, box.y2), abs=0.6)


def sides(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2


def told(page: ReviewPage) -> str:
    return page._strip._step.text()
