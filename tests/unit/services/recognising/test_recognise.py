"""Recognising files with a real bundle and a stand-in for the face models."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.control import Control, NullControl, Stop
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.errors import BundleError, Cancelled, ImageError, ModelUnavailable
from facegui.domain.geometry import Box
from facegui.domain.recognition import RecognisedPhoto
from facegui.services.recognising.photo_recogniser import PhotoRecogniser
from facegui.services.recognising.recognise import (
    RecogniseReport,
    RecogniseRequest,
    load_picture,
    recognise_photos,
)
from facegui.services.tools import Tools
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.control import RecordingControl
from tests.fakes.faces import NoModels, SquareFinder, fake_tools, picture
from tests.fakes.videos import BLUE, GREEN, RED

PEOPLE = {"Ruth": RED, "Gretel": GREEN}


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools()
    yield made
    made.close()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_colour_bundle(tmp_path / "people.facebundle", PEOPLE)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    return folder


def save(path: Path, image: RgbImage) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)
    return path


def recognise(
    tools: Tools, bundle: Path, *paths: Path, control: Control | None = None
) -> RecogniseReport:
    return recognise_photos(tools, RecogniseRequest(bundle, paths), control or NullControl())


def names(photo: RecognisedPhoto) -> list[str | None]:
    return [face.identity.name for face in sorted(photo.faces, key=lambda face: face.box.x1)]


def handed_over(control: RecordingControl) -> tuple[object, ...]:
    """All partial results in order."""
    return tuple(photo for batch in control.partials for photo in batch)  # type: ignore[attr-defined]


def test_every_face_of_a_group_is_named_and_strangers_are_unknown(
    tools: Tools, bundle: Path, album: Path
) -> None:
    group = picture((10, 40, RED), (60, 40, BLUE), (110, 40, GREEN))
    report = recognise(tools, bundle, save(album / "group.png", group))
    (photo,) = report.photos
    assert (photo.path, photo.width, photo.height) == (str(album / "group.png"), 160, 96)
    assert photo.error is None
    assert names(photo) == ["Ruth", None, "Gretel"]
    assert not report.stopped


def test_an_unknown_face_still_tells_its_scores_and_how_far_it_was(
    tools: Tools, bundle: Path, album: Path
) -> None:
    report = recognise(tools, bundle, save(album / "stranger.png", picture((10, 40, BLUE))))
    identity = report.photos[0].faces[0].identity
    assert identity.name is None
    assert identity.candidate in PEOPLE
    assert identity.similarity < identity.threshold == 0.95
    assert set(identity.scores) == set(PEOPLE)
    assert sum(identity.scores.values()) == pytest.approx(1)


def test_boxes_are_in_upright_pixels_of_the_original(
    tools: Tools, bundle: Path, album: Path
) -> None:
    sideways = Image.fromarray(np.rot90(picture((10, 40, RED)), 1).copy())  # stored lying down
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it clockwise to see it upright
    sideways.save(album / "phone.png", exif=exif)
    (photo,) = recognise(tools, bundle, album / "phone.png").photos
    assert (photo.width, photo.height) == (160, 96)
    assert photo.faces[0].box == Box(10, 40, 34, 64)


def test_folders_are_walked_and_results_keep_their_order(
    tools: Tools, bundle: Path, album: Path
) -> None:
    expected = []
    for number in range(25):
        colour = RED if number % 2 else GREEN
        path = save(album / f"{number % 3}" / f"{number:02}.png", picture((10, 40, colour)))
        expected.append(str(path))
    control = RecordingControl()
    report = recognise(tools, bundle, album, control=control)
    assert [photo.path for photo in report.photos] == sorted(expected)
    assert handed_over(control) == report.photos
    assert control.progress[-1].done == control.progress[-1].total == 25


def test_a_file_named_twice_is_recognised_once(tools: Tools, bundle: Path, album: Path) -> None:
    path = save(album / "a.png", picture((10, 40, RED)))
    assert len(recognise(tools, bundle, path, album, path).photos) == 1


def test_bad_files_are_results_with_a_reason_and_the_rest_goes_on(
    tools: Tools, bundle: Path, album: Path
) -> None:
    (album / "empty.jpg").touch()
    (album / "page.jpg").write_text("<html>not found</html>")
    save(album / "good.png", picture((10, 40, RED)))
    whole = (album / "good.png").read_bytes()
    (album / "cut.png").write_bytes(whole[: len(whole) // 2])
    report = recognise(tools, bundle, album, album / "missing.jpg")
    errors = {Path(photo.path).name: photo.error for photo in report.photos}
    assert errors["good.png"] is None
    assert all(errors[name] for name in ("empty.jpg", "page.jpg", "cut.png", "missing.jpg"))
    assert all(photo.faces == () for photo in report.photos if photo.error)
    assert not report.stopped


def test_a_photo_without_faces_is_no_error(tools: Tools, bundle: Path, album: Path) -> None:
    (photo,) = recognise(tools, bundle, save(album / "sky.png", picture())).photos
    assert (photo.error, photo.faces) == (None, ())


def test_stop_keeps_what_is_done(tools: Tools, bundle: Path, album: Path) -> None:
    for number in range(30):
        save(album / f"{number:02}.png", picture((10, 40, RED)))
    control = RecordingControl(stop_when=lambda control: len(control.progress) >= 4)
    report = recognise(tools, bundle, album, control=control)
    assert report.stopped
    assert len(report.photos) == 4
    assert handed_over(control) == report.photos


def test_each_thread_has_a_finder_of_its_own(bundle: Path, album: Path) -> None:
    made: list[OneThread] = []

    class OneThread(SquareFinder):
        def __init__(self, options: DetectOptions) -> None:
            super().__init__(options)
            self.thread: int | None = None
            made.append(self)

        def find(self, image: RgbImage) -> object:
            self.thread = self.thread or threading.get_ident()
            assert self.thread == threading.get_ident()
            return super().find(image)

    for number in range(12):
        save(album / f"{number:02}.png", picture((10, 40, RED)))
    request = RecogniseRequest(bundle, (album,), threads=3)
    report = recognise_photos(fake_tools(finder=OneThread), request, NullControl())
    assert [names(photo) for photo in report.photos] == [["Ruth"]] * 12
    assert 1 <= len(made) <= 3
    assert all(finder.options == DetectOptions() for finder in made)


def test_a_foreign_bundle_is_refused(tools: Tools, tmp_path: Path, album: Path) -> None:
    pickle = tmp_path / "model.facebundle"
    pickle.write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(BundleError, match=r"model\.facebundle"):
        recognise(tools, pickle, album)


def test_missing_models_are_told_before_any_photo(bundle: Path, album: Path) -> None:
    class Nothing(NoModels):
        def path(self, name: str, control: Control | None = None) -> Path:
            raise ModelUnavailable(f"{name} is not here")

    control = RecordingControl()
    with pytest.raises(ModelUnavailable):
        recognise(fake_tools(models=Nothing()), bundle, album, control=control)
    assert control.partials == []


def test_stop_does_not_wait_for_an_engine(
    bundle: Path, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While TensorFlow starts, nothing but the control can end a call."""
    from facegui.recognition.recogniser import Recogniser

    asked = threading.Event()

    def identify(self: object, inputs: object, control: Control) -> object:
        asked.set()
        while control.cancelled() is not Stop.DISCARD:
            time.sleep(0.001)
        raise Cancelled

    monkeypatch.setattr(Recogniser, "identify", identify)
    save(album / "a.png", picture((10, 40, RED)))
    control = RecordingControl(stop_when=lambda _: asked.is_set())
    assert recognise(fake_tools(), bundle, album, control=control) == RecogniseReport(
        (), stopped=True
    )


def test_one_picture_in_memory_can_be_asked_about(tools: Tools, bundle: Path) -> None:
    recogniser = PhotoRecogniser(tools, bundle)
    faces = recogniser.image(picture((10, 40, RED), (60, 40, BLUE)))
    assert [face.identity.name for face in faces] == ["Ruth", None]
    assert recogniser.image(picture()) == ()
    assert tuple(recogniser.people) == ("Gretel", "Ruth")


def test_a_picture_for_a_view_is_reduced(album: Path) -> None:
    path = save(album / "large.jpg", picture(width=400, height=200))
    assert load_picture(path, 100).shape == (50, 100, 3)
    with pytest.raises(ImageError):
        load_picture(album / "nowhere.jpg", 100)
