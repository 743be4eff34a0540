"""The demo and the self-test: what they hold out, what counts as a failure, what stops them."""

from __future__ import annotations

from pathlib import Path

import pytest

from facegui.domain.errors import Cancelled, EnvironmentFault
from facegui.domain.recognition import Identity, RecognisedFace, RecognisedPhoto
from facegui.domain.training import TrainConfig
from facegui.services import demo, self_test
from facegui.services.demo import Named, Trial, trial
from facegui.services.learning.networks import network_choices
from facegui.services.scanning.scan import ScanReport
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools, square
from tests.fakes.finished import TRAINED

PHOTOS_EACH = 3


@pytest.fixture(autouse=True)
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four people with three files each, in the place of the ORL sample."""
    folder = tmp_path / "photos"
    for person in ("s1", "s2", "s3", "s4"):
        (folder / person).mkdir(parents=True)
        for number in range(PHOTOS_EACH):
            (folder / person / f"{number}.png").write_bytes(b"a photo")
    monkeypatch.setattr(demo, "sample_photos", lambda models, control: folder)
    return folder


def test_one_photo_of_each_person_stays_out_of_the_library(sample: Path) -> None:
    with trial(fake_tools(), RecordingControl(), people=3) as held:
        photos = held.library.photos(held.library.photo_ids())
        assert {Path(photo.path) for photo in photos} & set(held.held_out) == set()
        assert {(Path(photo.path).parent.name, photo.person_hint) for photo in photos} == {
            (name, name) for name in ("s1", "s2", "s3")
        }
        assert len(photos) == 3 * (PHOTOS_EACH - 1)
        assert held.held_out == {sample / name / "2.png": name for name in ("s1", "s2", "s3")}
        place = held.library.path
    assert not place.parent.exists()


def test_stop_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    stopped = RecordingControl(lambda _: True)
    with pytest.raises(Cancelled), trial(fake_tools(), stopped):
        pytest.fail("went on")
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def named(*names: str | None, truth: str = "s1") -> Named:
    faces = tuple(
        RecognisedFace(
            square(0, 0).box,
            square(0, 0).landmarks,
            0.9,
            Identity(name, "s1", 0.9, {"s1": 0.9}, 0.5, 0.4),
        )
        for name in names
    )
    return Named(RecognisedPhoto("/s1/2.png", 9, 9, None, faces), truth)


@pytest.mark.parametrize(
    ("result", "right"),
    [
        (named("s1"), True),
        (named("s2"), False),
        (named(None), False),
        (named(), False),
        (named("s1", "s2"), False),
    ],
)
def test_right_is_one_face_with_the_right_name(result: Named, *, right: bool) -> None:
    assert result.right is right


class Stages:
    """Stands for scanning, training and the window."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scanned = ScanReport(12, 12, 0, 0, 1.0, stopped=False)
        self.results = {choice.config.network: (named("s1"),) for choice in network_choices()}
        self.configs: list[TrainConfig] = []
        self.windows = 0
        self.control = RecordingControl()
        monkeypatch.setattr(self_test, "scan", lambda *_: self.scanned)
        monkeypatch.setattr(self_test, "train_and_name", self._train)

    def _train(self, sample: Trial, tools: object, config: TrainConfig, control: object) -> object:
        self.configs.append(config)
        return TRAINED, self.results[config.network]

    def _window(self) -> None:
        self.windows += 1

    @property
    def told(self) -> list[str]:
        return [value for value in self.control.partials if isinstance(value, str)]

    def run(self) -> int:
        return self_test.self_test(fake_tools(), self.control, self._window)


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    return Stages(monkeypatch)


def test_a_network_of_each_kind_is_tried_and_the_window_shown(stages: Stages) -> None:
    assert stages.run() == len(stages.told) == 4
    assert [config.network for config in stages.configs] == ["face-transfer", "classic"]
    assert stages.configs[1].max_epochs == self_test.EPOCHS
    assert stages.windows == 1


def test_the_recommended_network_must_be_right(stages: Stages) -> None:
    stages.results["face-transfer"] = (named("s1"), named("s2"))
    with pytest.raises(EnvironmentFault, match="face-transfer: 1 / 2"):
        stages.run()
    assert stages.windows == 0


def test_a_network_that_has_hardly_learned_may_be_wrong(stages: Stages) -> None:
    stages.results["classic"] = (named(None),)
    assert stages.run() == 4
    assert "0 of 1" in stages.told[2]


@pytest.mark.parametrize(
    "scanned",
    [
        ScanReport(12, 12, 1, 0, 1.0, stopped=False),
        ScanReport(12, 11, 0, 0, 1.0, stopped=False),
    ],
)
def test_a_photo_without_a_face_fails(stages: Stages, scanned: ScanReport) -> None:
    stages.scanned = scanned
    with pytest.raises(EnvironmentFault, match="detect"):
        stages.run()
    assert stages.configs == []


def test_the_self_test_stops(stages: Stages) -> None:
    stages.control = RecordingControl(lambda _: bool(stages.told))
    with pytest.raises(Cancelled):
        stages.run()
    assert stages.windows == 0
