"""Runs on disk that ended well, without a training."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from facegui.domain.dataset import Split, Subset
from facegui.domain.training import CurvePoint
from facegui.services.learning.begun import run_folder
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord, write_run
from facegui.training.fit import PROBABILITIES_NAME
from tests.fakes.finished import RECORD
from tests.fakes.training_library import FakeLibrary

CURVE = (
    CurvePoint(1, 1, 1.75, 0.25, None, None, 0.125, 0.01),
    CurvePoint(2, 1, 1.5, 0.5, 1.625, 0.75, 0.25, 0.005),
)


def kept(library: FakeLibrary, **changes: object) -> RunRecord:
    """A run of Ada and Tom; of the faces tested with, Tom's first is called Ada."""
    if not library.people():
        for name in ("Ada", "Tom"):
            library.add(name, 10)
    request = DatasetRequest(Split())
    manifest, _ = build_dataset(cast("Library", library), request)
    with run_folder(cast("Library", library), "classic") as folder:
        record = replace(
            RECORD,
            id=folder.name,
            people=manifest.labels,
            bundle=str(library.models_dir / f"{folder.name}.facebundle"),
            **changes,
        )
        said = np.eye(2, dtype=np.float32)[[item.label for item in manifest.items]] * 0.8 + 0.1
        tested = [
            row
            for row, item in enumerate(manifest.items)
            if item.subset is Subset.TEST and item.label == 1
        ]
        said[tested[0]] = (0.7, 0.3)
        np.save(folder / PROBABILITIES_NAME, said)
        write_run(folder, record, manifest, CURVE)
    library.models_dir.mkdir(exist_ok=True)
    (library.models_dir / f"{folder.name}.facebundle").write_bytes(b"weights")
    return record
