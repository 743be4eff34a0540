from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facegui.domain.control import NullControl
from facegui.domain.detection import LARGE_PX, VIDEO, DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.errors import ModelUnavailable
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.detection_settings import (
    LEAST_SCORE,
    SETTING,
    TriedPhoto,
    detect_options,
    keep_detect_options,
    seconds_to_scan,
    trial_of,
    try_options,
)
from facegui.services.scanning.scan import ScanRequest, scan
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.control import RecordingControl
from tests.fakes.faces import NoModels, SquareFinder, fake_tools, picture
from tests.fakes.videos import RED


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "test.facegui") as made:
        yield made


def add(library: Library, folder: Path, images: dict[str, RgbImage]) -> None:
    folder.mkdir()
    for name, image in images.items():
        Image.fromarray(image).save(folder / name)
    import_photos(library, ImportRequest((folder,)), NullControl())


def scan_all(library: Library) -> None:
    tools = fake_tools(analyser=SquareAnalyser)
    scan(library, tools, ScanRequest(threads=1), NullControl())
    tools.close()


# Kept in the library


def test_a_new_library_looks_as_usual(library: Library) -> None:
    assert detect_options(library) == DetectOptions()


def test_what_is_kept_comes_back(library: Library) -> None:
    wanted = DetectOptions(min_score=0.55, smallest_face_px=30.0, closest_px=0, turned=False)
    keep_detect_options(library, wanted)
    assert detect_options(library) == wanted


json_values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.none())
)


@given(
    st.one_of(
        json_values,
        st.dictionaries(
            st.sampled_from(["min_score", "smallest_face_px", "closest_px", "turned", "other"]),
            json_values,
        ),
    )
)
def test_whatever_a_library_says_the_options_are_sane(kept: object) -> None:
    class Said:
        def setting(self, key: str, default: object) -> object:
            assert key == SETTING
            return kept

    options = detect_options(Said())  # type: ignore[arg-type]
    assert 0.3 <= options.min_score <= 0.95
    assert 8 <= options.smallest_face_px <= 200
    assert 0 <= options.closest_px <= 5120
    assert isinstance(options.turned, bool)


def test_a_scan_looks_as_its_library_says(library: Library, tmp_path: Path) -> None:
    asked = []

    def analyser(options: DetectOptions) -> SquareAnalyser:
        asked.append(options)
        return SquareAnalyser(options)

    add(library, tmp_path / "photos", {"a.png": picture((10, 10, RED))})
    wanted = DetectOptions(min_score=0.5, turned=False)
    keep_detect_options(library, wanted)
    tools = fake_tools(analyser=analyser)
    scan(library, tools, ScanRequest(threads=1), NullControl())
    tools.close()
    assert set(asked) == {wanted}


# How closely


def test_large_photos_are_looked_at_up_to_a_bound() -> None:
    usual = DetectOptions()
    assert usual.closeness(4000) == LARGE_PX / 4000
    assert usual.closeness(600) == 1.5
    assert usual.reach_px(600) == 12
    assert usual.reach_px(4000) == pytest.approx(28, abs=0.5)
    assert VIDEO.reach_px(1280) == pytest.approx(36)


def test_only_strictness_can_be_tried_without_another_look() -> None:
    usual = DetectOptions()
    assert usual.looks_like(DetectOptions(min_score=0.4))
    assert not usual.looks_like(DetectOptions(smallest_face_px=40))
    assert not usual.looks_like(DetectOptions(turned=False))


# Tried out


class Scoring(SquareFinder):
    """Takes width for certainty: a face 10 px wide scores 0.1."""

    def find(self, image: RgbImage) -> list[object]:
        from tests.fakes.faces import square

        found = [
            square(*face.box.centre, face.box.width, face.box.width / 100)
            for face in super().find(image)
        ]
        assert self.options is not None
        return [face for face in found if face.score >= self.options.min_score]


def tried(library: Library, options: DetectOptions) -> list[TriedPhoto]:
    tools, control = fake_tools(finder=Scoring), RecordingControl()
    try_options(tools, trial_of(library).photos, options, control)
    tools.close()
    return [photo for photo in control.partials if isinstance(photo, TriedPhoto)]


def test_everything_that_any_strictness_counts_is_found(library: Library, tmp_path: Path) -> None:
    sides = {"a.png": 20, "b.png": 40, "c.png": 60, "d.png": 90}
    images = {
        name: picture((10, 2, RED), width=300, height=100, side=side)
        for name, side in sides.items()
    }
    add(library, tmp_path / "photos", images)
    found = tried(library, DetectOptions(min_score=0.8))
    assert [len(photo.faces) for photo in found] == [0, 1, 1, 1]  # 0.2 counts nowhere
    assert LEAST_SCORE == 0.3
    counts = {
        score: sum(len(photo.counting(DetectOptions(min_score=score))) for photo in found)
        for score in (0.3, 0.5, 0.8, 0.95)
    }
    assert counts == {0.3: 3, 0.5: 2, 0.8: 1, 0.95: 0}
    large = DetectOptions(min_score=0.3, smallest_face_px=50)
    assert sum(len(photo.counting(large)) for photo in found) == 2


def test_a_photo_that_cannot_be_read_says_why(library: Library, tmp_path: Path) -> None:
    add(library, tmp_path / "photos", {"a.png": picture((10, 10, RED))})
    (tmp_path / "photos/a.png").write_bytes(b"")
    (photo,) = tried(library, DetectOptions())
    assert photo.image is None
    assert photo.error == "the file is empty"
    assert seconds_to_scan([photo], 100) == 0


def test_it_stops_when_told_to(library: Library, tmp_path: Path) -> None:
    images = {f"{n}.png": picture((10, 10, RED)) for n in range(5)}
    add(library, tmp_path / "photos", images)
    control = RecordingControl(lambda seen: len(seen.partials) == 2)
    tools = fake_tools()
    try_options(tools, trial_of(library).photos, DetectOptions(), control)
    tools.close()
    assert len(control.partials) == 2


def test_a_missing_detector_is_told(library: Library) -> None:
    class Nothing(NoModels):
        def path(self, name: str, control: object = None) -> Path:
            raise ModelUnavailable(f"{name} is not here")

    tools = fake_tools(models=Nothing())
    with pytest.raises(ModelUnavailable, match="yunet"):
        try_options(tools, (), DetectOptions(), NullControl())
    tools.close()


def test_the_photos_to_try_are_spread_over_sizes(library: Library, tmp_path: Path) -> None:
    images = {f"{n:02}.png": picture(width=40 + 10 * n, height=30) for n in range(30)}
    add(library, tmp_path / "photos", images)
    before = trial_of(library, 4)
    assert (len(before.photos), before.total) == (4, 30)  # also before the first scan
    scan_all(library)
    trial = trial_of(library, 4)
    assert [photo.width for photo in trial.photos] == [40, 130, 230, 330]
    assert trial.total == 30
    assert trial.options == DetectOptions()


def test_few_photos_are_all_tried(library: Library, tmp_path: Path) -> None:
    assert trial_of(library).photos == ()
    add(library, tmp_path / "photos", {"b.png": picture(width=90), "a.png": picture(width=300)})
    scan_all(library)
    assert [Path(photo.path).name for photo in trial_of(library).photos] == ["b.png", "a.png"]


def test_the_cost_is_that_of_the_tried_photos_times_their_share() -> None:
    def photo(seconds: float) -> TriedPhoto:
        return TriedPhoto(1, picture(), 160, 96, (), seconds)

    one = seconds_to_scan([photo(0.1), photo(0.3)], 1000)
    assert one == pytest.approx(2 * seconds_to_scan([photo(0.1)], 1000))
    assert seconds_to_scan([photo(0.1)], 2000) > seconds_to_scan([photo(0.1)], 1000) > 0
    assert seconds_to_scan([], 1000) == 0
