"""Training on real photos with the real engine: five people, both networks, window and services."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl, Stop
from facegui.domain.dataset import Split, Subset
from facegui.domain.training import Augmentation, CurvePoint, Schedule, StopReason
from facegui.gui.context import AppContext
from facegui.gui.train.chart.series import Side
from facegui.gui.train.page import TrainPage
from facegui.network.bundle import load_bundle
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.exporting.crops import ExportRequest, export_dataset
from facegui.services.judging.evaluate import EvaluateRequest, evaluate
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainReport, TrainRequest, train
from facegui.services.libraries import Library, create_library
from facegui.services.runs.records import list_runs, read_curve
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from tests.fakes.control import RecordingControl

pytestmark = [pytest.mark.photos, pytest.mark.models, pytest.mark.engine]

PEOPLE = ("Ben Afflek", "Elton John", "Jerry Seinfeld", "Madonna", "Mindy Kaling")
# Without what makes learning slower at first: a few batches must be enough to see it.
QUICK = replace(
    default_config("classic"),
    max_steps=40,
    patience=None,
    schedule=Schedule.CONSTANT,
    label_smoothing=0.0,
    dropout=0.0,
    augmentation=Augmentation(flip=False),
)


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = make_tools()
    yield made
    made.close()


def fill(library: Library, tools: Tools, folder: Path) -> None:
    import_photos(library, ImportRequest((folder,)), NullControl())
    scan(library, tools, ScanRequest(), NullControl())


@pytest.fixture(scope="module")
def library(
    tools: Tools, photos: Path, models: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    with create_library(tmp_path_factory.mktemp("train") / "Five.facegui") as library:
        fill(library, tools, photos / "celeb5" / "train")
        yield library


@pytest.fixture(scope="module")
def transferred(library: Library, tools: Tools) -> TrainReport:
    return train(library, tools, TrainRequest(default_config("face-transfer")), NullControl())


def test_face_transfer_is_right(library: Library, transferred: TrainReport) -> None:
    record = transferred.record
    assert record.people == PEOPLE
    assert record.accuracy >= 0.8  # of ten faces: two may be wrong
    assert record.accuracy_with_unknown >= 0.8
    assert record.metrics.validation_count + record.metrics.test_count >= 15
    assert read_curve(library, record.id) == transferred.curve
    assert [point.step for point in transferred.curve] == list(range(1, record.metrics.steps + 1))
    run = library.runs_dir / record.id
    assert list((run / "tensorboard").rglob("events.out.tfevents.*"))
    info = load_bundle(transferred.bundle).info
    assert (info.labels, info.manifest_hash) == (PEOPLE, record.manifest_hash)


def test_the_same_seed_gives_the_same_network(
    library: Library, tools: Tools, transferred: TrainReport
) -> None:
    again = train(library, tools, TrainRequest(default_config("face-transfer")), NullControl())
    assert again.record.manifest_hash == transferred.record.manifest_hash
    first, second = (load_bundle(report.bundle) for report in (transferred, again))
    for name, weights in first.weights.items():
        assert weights == pytest.approx(second.weights[name], abs=1e-5)


def test_the_classic_network_learns(library: Library, tools: Tools) -> None:
    control = RecordingControl()
    report = train(library, tools, TrainRequest(QUICK), control)
    points = [point for part in control.partials if isinstance(part, tuple) for point in part]
    assert all(isinstance(point, CurvePoint) for point in points)
    assert len(points) == report.record.metrics.steps == 40
    last = sum(point.loss for point in points[-8:]) / 8
    assert last < 0.5 * math.log(len(PEOPLE))  # half of what guessing costs
    assert report.record.metrics.stopped_by is StopReason.LIMIT


def test_stop_and_keep_gives_a_model(library: Library, tools: Tools) -> None:
    def after_an_epoch(seen: RecordingControl) -> Stop:
        points = [p for part in seen.partials if isinstance(part, tuple) for p in part]
        checked = any(point.validation_loss is not None for point in points)
        return Stop.KEEP if checked else Stop.NO

    config = replace(QUICK, max_steps=10_000)
    report = train(library, tools, TrainRequest(config), RecordingControl(after_an_epoch))
    assert report.record.metrics.stopped_by is StopReason.OWNER
    assert 0 < len(report.curve) < 1000
    assert load_bundle(report.bundle).info.labels == PEOPLE


def copies_of(library: Library, folder: Path) -> int:
    """Edited copies of photos that were trained on, as people send them around."""
    manifest, _ = build_dataset(library, DatasetRequest())
    chosen = [
        next(item for item in manifest.of(Subset.TRAIN) if item.label == label)
        for label in range(len(PEOPLE))
    ]
    for item in chosen:
        target = folder / PEOPLE[item.label]
        target.mkdir(parents=True)
        with Image.open(item.path) as photo:
            picture = photo.convert("RGB")
        picture.save(target / "recompressed.jpg", quality=60)
        ImageOps.mirror(picture).save(target / "mirrored.jpg")
        picture.resize((picture.width // 2, picture.height // 2)).save(target / "half.png")
    return 3 * len(chosen)


def test_evaluating_on_photos_it_has_not_seen(
    tools: Tools, library: Library, transferred: TrainReport, photos: Path, tmp_path: Path
) -> None:
    assert evaluate(library, tools, EvaluateRequest(transferred.bundle), NullControl()).faces == 0
    with create_library(tmp_path / "Other.facegui") as other:
        fill(other, tools, photos / "celeb5" / "val")
        clean = evaluate(other, tools, EvaluateRequest(transferred.bundle), NullControl())
        assert clean.accuracy is not None
        assert clean.accuracy >= 0.9
        assert clean.faces == sum(person.support for person in clean.people)
        assert sum(map(sum, clean.confusion)) == clean.faces
        made = copies_of(library, tmp_path / "copies")
        fill(other, tools, tmp_path / "copies")
        salted = evaluate(other, tools, EvaluateRequest(transferred.bundle), NullControl())
        assert salted.left_out > clean.left_out
        assert salted.faces <= clean.faces
        assert salted.left_out + salted.faces <= clean.left_out + clean.faces + made


def test_exporting_what_was_trained_on(library: Library, tmp_path: Path) -> None:
    report = export_dataset(library, ExportRequest(tmp_path / "out"), NullControl())
    manifest, _ = build_dataset(library, DatasetRequest(Split(0.3, test=0.0)))
    assert report.train == len(manifest.of(Subset.TRAIN))
    with (tmp_path / "out" / "validate_file.txt").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) == report.validation == len(manifest.of(Subset.VALIDATION))
    for path, name, number in rows:
        assert PEOPLE[int(number)] == name
        with Image.open(path) as crop:
            assert crop.size == (96, 96)


def test_from_the_window(qtbot: QtBot, library: Library, tools: Tools) -> None:
    context = AppContext(tools)
    page = TrainPage(context)
    qtbot.addWidget(page, before_close_func=lambda _: context.lanes.close())
    page.resize(1112, 740)
    page.show()
    before = len(list_runs(library))
    context.library = library
    page.activate()
    qtbot.waitUntil(lambda: page.body.train.isEnabled() and page.watch is not None, timeout=60_000)
    qtbot.mouseClick(page.body.train, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.task is None, timeout=120_000)
    runs = list_runs(library)
    assert len(runs) == before + 1
    assert page.body.result.isVisible()
    assert page.watch is not None
    assert page.watch.chart.count(Side.TRAIN) == runs[0].metrics.steps
    qtbot.waitUntil(lambda: not context.lanes.busy())
    context.library = None
    context.deleteLater()
