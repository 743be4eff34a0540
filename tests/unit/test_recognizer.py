"""`Recognizer` with tools that make faces up; the real ones are in tests/e2e."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui import Recognizer
from facegui import recognizer as module
from facegui.domain.errors import BundleError, ImageError
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import fake_tools, picture
from tests.fakes.videos import BLUE, GREEN, RED

PARTY = picture((10, 20, RED), (60, 20, BLUE))


@pytest.fixture(autouse=True)
def _made_up_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "make_tools", fake_tools)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_colour_bundle(tmp_path / "people.facebundle", {"Ruth": RED, "Gretel": GREEN})


def test_it_names_faces_or_says_unknown(bundle: Path) -> None:
    with Recognizer(str(bundle)) as recognizer:
        assert recognizer.people == ("Gretel", "Ruth")
        ruth, stranger = recognizer.recognize(PARTY)
    assert (ruth.name, ruth.candidate) == ("Ruth", "Ruth")
    assert ruth.box == (10, 20, 34, 44)
    assert sum(ruth.scores.values()) == pytest.approx(1)
    assert ruth.probability == ruth.scores["Ruth"]
    assert ruth.similarity >= ruth.threshold
    assert len(ruth.landmarks) == 5
    assert ruth.detection == pytest.approx(0.9)
    assert stranger.name is None
    assert stranger.similarity < stranger.threshold


def test_paths_bytes_and_pixels_are_the_same_photo(bundle: Path, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(PARTY).save(buffer, "PNG")
    path = tmp_path / "party.png"
    path.write_bytes(buffer.getvalue())
    with Recognizer(bundle) as recognizer:
        found = recognizer.recognize(PARTY)
        assert len(found) == 2
        for photo in (path, str(path), buffer.getvalue(), PARTY[::-1][::-1]):
            assert recognizer.recognize(photo) == found


def test_what_cannot_be_used_is_told(bundle: Path, tmp_path: Path) -> None:
    with Recognizer(bundle) as recognizer:
        with pytest.raises(ImageError, match=r"no\.jpg"):
            recognizer.recognize(tmp_path / "no.jpg")
        with pytest.raises(ImageError):
            recognizer.recognize(b"no picture")
        for pixels in (PARTY.astype(np.float32), PARTY[:, :, 0]):
            with pytest.raises(ValueError, match="RGB"):
                recognizer.recognize(pixels)
    with pytest.raises(BundleError):
        Recognizer(tmp_path / "no.facebundle")


def test_importing_it_is_light() -> None:
    told = (
        "import sys, facegui; "
        "heavy = {'PySide6', 'tensorflow', 'keras', 'cv2', 'numpy'}; "
        "assert not heavy & set(sys.modules); "
        "from facegui import Recognizer; "
        "assert not {'PySide6', 'tensorflow', 'keras'} & set(sys.modules), 'heavy'; "
        "print(Recognizer.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "Recognizer\n"


def test_nothing_else_is_there() -> None:
    import facegui

    with pytest.raises(AttributeError, match="Recogniser"):
        facegui.Recogniser  # noqa: B018
