"""A training that has ended, for those who only have to tell about it."""

from __future__ import annotations

from pathlib import Path

from facegui.domain.dataset import Split
from facegui.domain.training import RunMetrics, StopReason, TrainConfig
from facegui.services.learning.train import TrainReport
from facegui.services.runs.models import Choice
from facegui.services.runs.records import RunRecord

METRICS = RunMetrics(
    validation_accuracy=0.75,
    validation_loss=0.5,
    best_step=24,
    steps=120,
    epochs=15,
    seconds=2.0,
    train_count=20,
    validation_count=8,
    test_accuracy=None,
    test_count=0,
    stopped_by=StopReason.CONVERGED,
)
RECORD = RunRecord(
    id="20260101-000000-000-face-transfer",
    created="2026-01-01T00:00:00+00:00",
    config=TrainConfig("face-transfer", seed=4),
    split=Split(),
    manifest_hash="0" * 64,
    people=("Anna", "Ben"),
    metrics=METRICS,
    accuracy=0.75,
    accuracy_with_unknown=0.625,
    bundle="/lib/models/run.facebundle",
    seconds=3.14159,
    warnings=("Zoe is left out.",),
)
TRAINED = TrainReport(
    RECORD, Path("/out/a.facebundle"), (), Choice(used=True, reason="It is the first model.")
)
