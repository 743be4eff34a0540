"""Run records: written last, read back whole, and what is not one is passed over."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.dataset import DatasetManifest, Split
from facegui.domain.errors import BundleError
from facegui.domain.training import CurvePoint, RunMetrics, StopReason
from facegui.services.learning.begun import run_folder
from facegui.services.learning.networks import default_config, network_choices, title_of
from facegui.services.runs.models import active_model, list_models, model_path, publish
from facegui.services.runs.records import RunRecord, list_runs, read_curve, write_run
from tests.fakes.training_library import FakeLibrary

CURVE = (
    CurvePoint(1, 1, 1.75, 0.25, None, None, 0.125, 0.01),
    CurvePoint(2, 1, 1.5, 0.5, 1.625, 0.75, 0.25, 0.005),
)
MANIFEST = DatasetManifest(("Ada", "Zoë"), (), Split(), 7)


def record(run_id: str, **changes: object) -> RunRecord:
    plain = RunRecord(
        id=run_id,
        created="2026-11-22T14:22:33+00:00",
        config=default_config("classic"),
        split=Split(0.3, 0.1, cap=40),
        manifest_hash=MANIFEST.content_hash,
        people=MANIFEST.labels,
        metrics=RunMetrics(0.75, 1.5, 2, 2, 1, 0.25, 14, 6, None, 0, StopReason.OWNER),
        accuracy=0.75,
        accuracy_with_unknown=0.5,
        bundle="/somewhere/model.facebundle",
        seconds=1.5,
        warnings=("Zoë has few faces",),
    )
    return replace(plain, **changes)


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(tmp_path)


def kept(library: FakeLibrary, **changes: object) -> RunRecord:
    """A run that ended well."""
    with run_folder(library, "classic") as folder:
        written = record(folder.name, **changes)
        write_run(folder, written, MANIFEST, CURVE)
    return written


def test_a_record_comes_back_as_it_was(library: FakeLibrary) -> None:
    written = kept(library)
    assert list_runs(library) == [written]
    assert read_curve(library, written.id) == CURVE
    folder = library.runs_dir / written.id
    assert json.loads((folder / "manifest.json").read_text()) == json.loads(MANIFEST.canonical_json)


def test_names_that_are_not_unicode_survive(library: FakeLibrary) -> None:
    written = kept(library, bundle="/photos/\udcff.facebundle", people=("\udce9va", "Zoë"))
    assert list_runs(library) == [written]


def test_newest_first(library: FakeLibrary) -> None:
    runs = [kept(library) for _ in range(3)]
    assert list_runs(library) == sorted(runs, key=lambda run: run.id, reverse=True)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2}', '{"format": 1, "id": "x"}', '{"format": 1}']
)
def test_what_is_no_record_is_passed_over(library: FakeLibrary, text: str) -> None:
    good = kept(library)
    bad = library.runs_dir / "29990101-000000-classic"
    bad.mkdir()
    (bad / "run.json").write_text(text)
    (library.runs_dir / "29990102-000000-classic").mkdir()
    assert list_runs(library) == [good]


def test_a_run_without_its_curve(library: FakeLibrary) -> None:
    run = kept(library)
    (library.runs_dir / run.id / "curve.csv").unlink()
    assert read_curve(library, run.id) == ()


# Models


def test_no_model_yet(library: FakeLibrary) -> None:
    assert list_models(library) == []
    assert active_model(library) is None


def test_publishing_copies_and_chooses(library: FakeLibrary, tmp_path: Path) -> None:
    library.models_dir.mkdir()
    source = tmp_path / "model.facebundle"
    source.write_bytes(b"weights")
    first, second = (record(name, bundle=str(source)) for name in ("1-classic", "2-classic"))
    publish(library, second)
    assert publish(library, first) == model_path(library, "1-classic")
    assert active_model(library) == model_path(library, "1-classic")
    assert [path.stem for path in list_models(library)] == ["2-classic", "1-classic"]
    assert model_path(library, "2-classic").read_bytes() == b"weights"


def test_the_newest_stands_in_for_one_that_is_gone(library: FakeLibrary, tmp_path: Path) -> None:
    library.models_dir.mkdir()
    for name in ("1-classic", "2-classic"):
        model_path(library, name).write_bytes(b"weights")
    assert active_model(library) == model_path(library, "2-classic")
    publish(library, record("1-classic"))
    model_path(library, "1-classic").unlink()
    assert active_model(library) == model_path(library, "2-classic")


def test_publishing_what_was_deleted(library: FakeLibrary, tmp_path: Path) -> None:
    with pytest.raises(BundleError) as caught:
        publish(library, record("1-classic", bundle=str(tmp_path / "gone.facebundle")))
    assert "Train again" in caught.value.remedy


# Networks


def test_choices_begin_with_the_recommended_one() -> None:
    choices = network_choices()
    assert [choice.config.network for choice in choices[:2]] == ["face-transfer", "modern"]
    assert choices[0].config == default_config("face-transfer")
    assert not choices[0].takes_crops
    assert all(choice.title and choice.when for choice in choices)
    faithful = next(choice for choice in choices if "faithful" in choice.title)
    assert (faithful.config.normalise, faithful.config.batch_size) == (False, 100)


def test_titles() -> None:
    assert title_of("classic") == "Classic CNN"
    assert title_of("of a later version") == "of a later version"
