"""What the Results tab shows of one run, read off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from facegui.domain.errors import DatasetError
from facegui.domain.text import tr, trn
from facegui.services.judge import RunResults, read_results
from facegui.services.leak import LeakReport, read_leak
from facegui.services.learning_curve import read_learning_curve
from facegui.services.learning_gain import LearningCurve
from facegui.services.libraries import Library
from facegui.services.mislabels import Fixes, fixes_between, fixes_since, run_before
from facegui.services.out_of_fold import folds_done
from facegui.services.runs import RunRecord


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One run.

    Attributes:
        results: None where its files have gone; *fault* then says so.
        folds: finished, and of how many.
        history: what had changed since the run before, and what that did; may be empty.
        pending: what has changed since this one; may be empty.
    """

    record: RunRecord
    results: RunResults | None
    fault: str
    folds: tuple[int, int]
    leak: LeakReport | None
    curve: LearningCurve | None
    history: str
    pending: str


def load(library: Library, record: RunRecord) -> Loaded:
    """Read everything of *record*; on a worker thread."""
    try:
        results, fault = read_results(library, record), ""
        pending = _pending(fixes_since(library, record))
    except DatasetError as error:
        results, fault, pending = None, str(error), ""
    return Loaded(
        record=record,
        results=results,
        fault=fault,
        folds=folds_done(library, record),
        leak=read_leak(library, record),
        curve=read_learning_curve(library, record.id),
        history=_history(library, record),
        pending=pending,
    )


def _history(library: Library, record: RunRecord) -> str:
    earlier = run_before(library, record)
    if earlier is None:
        return ""
    try:
        fixes = fixes_between(library, earlier, record)
    except DatasetError:
        return ""
    if not fixes.count:
        return ""
    return tr(
        "{fixes} since the last run: accuracy {before} → {after}",
        fixes=_words(fixes),
        before=f"{earlier.accuracy * 100:.0f} %",
        after=f"{record.accuracy * 100:.0f} %",
    )


def _pending(fixes: Fixes) -> str:
    if not fixes.count:
        return ""
    return tr("{fixes} since this run. Train again to see what it changes.", fixes=_words(fixes))


def _words(fixes: Fixes) -> str:
    labels = trn("{n} label fixed", "{n} labels fixed", fixes.renamed)
    gone = trn("{n} face taken out", "{n} faces taken out", fixes.gone)
    parts = [words for words, n in ((labels, fixes.renamed), (gone, fixes.gone)) if n]
    return ", ".join(parts)
