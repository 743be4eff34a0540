"""Explanations of faces that are coloured squares."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.entities import RgbImage
from facegui.domain.errors import BundleError, Cancelled, ImageError
from facegui.domain.rules import Limits, Rule
from facegui.imaging.picture import WholePicture
from facegui.services.libraries import Library
from facegui.services.recognising.why import (
    Closeness,
    Explainer,
    Learned,
    Quality,
    Spoke,
    WhyRequest,
    picture_in,
)
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.control import RecordingControl
from tests.fakes.faces import NoModels, SquareFinder, square
from tests.fakes.videos import BLUE, GREEN, RED

PEOPLE = {"Ruth": RED, "Gretel": GREEN, "Bluebeard": BLUE}
FACE = square(30, 20, 60)


def ruth() -> RgbImage:
    """One face, red in its middle and green around it: its middle says who it is."""
    image = np.zeros((100, 120, 3), np.uint8)
    image[20:80, 30:90] = GREEN
    image[40:60, 50:70] = RED
    return image


@pytest.fixture
def tools() -> Tools:
    parts = {"models": NoModels(), "finder": SquareFinder, "analyser": SquareAnalyser}
    return cast("Tools", SimpleNamespace(**parts, inference=None))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_colour_bundle(tmp_path / "people.facebundle", PEOPLE)


def request(bundle: Path) -> WhyRequest:
    return WhyRequest(bundle, lambda: WholePicture(ruth()), FACE)


def answers(tools: Tools, bundle: Path) -> list[object]:
    control = RecordingControl()
    Explainer(tools, None).explain(request(bundle), control)
    return control.partials


def test_the_quick_answers_come_first(tools: Tools, bundle: Path) -> None:
    kinds = [type(answer) for answer in answers(tools, bundle)]
    assert kinds == [Closeness, Learned, Quality, Spoke]


def test_it_is_told_who_comes_next(tools: Tools, bundle: Path) -> None:
    closeness = answers(tools, bundle)[0]
    assert isinstance(closeness, Closeness)
    assert closeness.identity.name == "Ruth"
    assert closeness.runner_up in {"Gretel", "Bluebeard"}
    assert closeness.runner_up_similarity < closeness.identity.similarity
    assert closeness.crop.shape == (112, 112, 3)


def test_the_middle_spoke(tools: Tools, bundle: Path) -> None:
    spoke = answers(tools, bundle)[-1]
    assert isinstance(spoke, Spoke)
    row, column = np.unravel_index(spoke.carried.argmax(), spoke.carried.shape)
    assert spoke.carried.max() > 0.03
    assert abs(row - 56) < 25
    assert abs(column - 56) < 25
    assert abs(spoke.carried[5, 5]) < 0.02


def test_without_a_library_it_is_said_where_the_faces_are(tools: Tools, bundle: Path) -> None:
    learned = answers(tools, bundle)[1]
    assert isinstance(learned, Learned)
    assert learned.faces == ()
    assert "Open the library" in learned.missing


def test_the_face_is_held_against_the_limits_of_the_library(tools: Tools, bundle: Path) -> None:
    limits = Limits(min_size_px=90, min_brightness=0, max_brightness=100)
    library = SimpleNamespace(
        limits=lambda: limits, runs_dir=bundle.parent, models_dir=bundle.parent
    )
    control = RecordingControl()
    Explainer(tools, cast("Library", library)).explain(request(bundle), control)
    quality = control.partials[2]
    assert isinstance(quality, Quality)
    failed = {result.rule: (result.value, result.limit) for result in quality.results}
    assert failed[Rule.SIZE] == (60, 90)
    assert failed[Rule.BRIGHT] == (128, 100)
    assert failed[Rule.DARK] == (128, 50)  # off in the library, so as in the strict preset
    assert {r.rule for r in quality.results if not r.passed} == {Rule.SIZE, Rule.BRIGHT}


def test_a_model_that_has_changed_is_opened_again(tools: Tools, bundle: Path) -> None:
    explainer = Explainer(tools, None)
    control = RecordingControl()
    explainer.explain(request(bundle), control)
    write_colour_bundle(bundle, {"Rose": RED, "Bluebeard": BLUE}, threshold=0.5)
    explainer.explain(request(bundle), control)
    first, second = (answer for answer in control.partials if isinstance(answer, Closeness))
    assert (first.identity.name, second.identity.name) == ("Ruth", "Rose")


def test_a_stop_between_two_answers_is_heeded(tools: Tools, bundle: Path) -> None:
    control = RecordingControl(lambda told: Stop.KEEP if told.partials else Stop.NO)
    with pytest.raises(Cancelled):
        Explainer(tools, None).explain(request(bundle), control)
    assert len(control.partials) == 1


def test_what_has_gone_is_refused_by_name(tools: Tools, bundle: Path, tmp_path: Path) -> None:
    explainer = Explainer(tools, None)
    gone = WhyRequest(bundle, lambda: picture_in(tmp_path / "gone.png"), FACE)
    with pytest.raises(ImageError, match=r"gone\.png"):
        explainer.explain(gone, NullControl())
    with pytest.raises(BundleError, match=r"no\.facebundle"):
        explainer.explain(request(tmp_path / "no.facebundle"), NullControl())
