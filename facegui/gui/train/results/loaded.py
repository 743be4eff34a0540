"""What the Results tab shows of one run, read off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from facegui.domain.errors import DatasetError
from facegui.domain.text import tr, trn
from facegui.services.judging.judge import RunResults, Side, judge, read_results
from facegui.services.judging.judged_faces import judged_faces
from facegui.services.judging.leak import LeakReport, read_leak
from facegui.services.judging.learning_curve import read_learning_curve
from facegui.services.judging.learning_gain import LearningCurve
from facegui.services.judging.mislabels import (
    Fixes,
    fixes_between,
    fixes_since,
    mislabels,
    run_before,
)
from facegui.services.judging.out_of_fold import folds_done
from facegui.services.judging.score import Score
from facegui.services.learning.networks import title_of
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.runs.records import RunRecord, list_runs


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One run.

    Attributes:
        results: None where its files have gone; *fault* then says so.
        folds: finished, and of how many.
        honest: the score out of fold; None before every face was checked.
        doubted: how many names are likely wrong.
        history: what had changed since the run before, and what that did; may be empty.
        pending: what has changed since this one; may be empty.
    """

    record: RunRecord
    results: RunResults | None
    fault: str
    folds: tuple[int, int]
    honest: Score | None
    doubted: int
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
    honest, doubted = _out_of_fold(library, results)
    return Loaded(
        record=record,
        results=results,
        fault=fault,
        folds=folds_done(library, record),
        honest=honest,
        doubted=doubted,
        leak=read_leak(library, record),
        curve=read_learning_curve(library, record.id),
        history=_history(library, record),
        pending=pending,
    )


def _out_of_fold(library: Library, results: RunResults | None) -> tuple[Score | None, int]:
    """How good the networks are that had not seen the faces, and how many names they doubt."""
    if results is None or Side.OUT_OF_FOLD not in results.sides:
        return None, 0
    doubted = mislabels(results, Gallery.read(library))
    return judge(results, Side.OUT_OF_FOLD).score, len(doubted)


def _history(library: Library, record: RunRecord) -> str:
    earlier = run_before(library, record)
    if earlier is None:
        return ""
    try:
        fixes = fixes_between(library, earlier, record)
        judged = judged_faces(library, earlier, record).words
    except DatasetError:
        return ""
    if not fixes.count:
        return ""
    told = {
        "fixes": _words(fixes),
        "before": f"{earlier.accuracy * 100:.0f} %",
        "after": f"{record.accuracy * 100:.0f} %",
        "network": title_of(record.config.network),
    }
    words = tr("{fixes} since the last run: accuracy {before} → {after}", **told)
    if any(earlier.id < run.id < record.id for run in list_runs(library)):  # of other networks
        words = tr("{fixes} since the last run of {network}: accuracy {before} → {after}", **told)
    return f"{words} ({judged})" if judged else words


def _pending(fixes: Fixes) -> str:
    if not fixes.count:
        return ""
    return tr("{fixes} since this run. Train again to see what it changes.", fixes=_words(fixes))


def _words(fixes: Fixes) -> str:
    labels = trn("{n} label fixed", "{n} labels fixed", fixes.renamed)
    gone = trn("{n} face taken out", "{n} faces taken out", fixes.gone)
    added = trn("{n} face added", "{n} faces added", fixes.added)
    parts = ((labels, fixes.renamed), (gone, fixes.gone), (added, fixes.added))
    return ", ".join(words for words, n in parts if n)
