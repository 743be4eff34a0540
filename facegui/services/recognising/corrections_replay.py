"""Corrections replayed: what a model says of the faces about which an earlier one was corrected.

Each answer is held against what the owner said, and against what the model before had answered: the
one that was replayed last before this run, or else the one that was corrected. A face that a model
has learned from is no proof that it has understood, so it is marked; where every face of the run
has been checked out of fold, what networks said that had not learned from it stands beside it.

The answers of a run's model are kept in its folder, in ``corrections.json``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np

from facegui.domain.control import Control, Progress
from facegui.domain.corrections import Answer, Correction, Truth
from facegui.domain.dataset import Subset
from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.files import write_atomic
from facegui.network.strict_json import decode, encode
from facegui.recognition.recogniser import Recogniser
from facegui.services.judging.evaluate import identify_all, network_inputs, seen_photos
from facegui.services.judging.judge import RunResults, Side, read_results
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord, list_runs, run_of
from facegui.services.tools import Tools

FILE_NAME = "corrections.json"


class Outcome(Enum):
    """The model's answer now, beside the one before."""

    FIXED = "fixed"
    STILL_WRONG = "still wrong"
    NEWLY_WRONG = "newly wrong"
    STILL_RIGHT = "still right"


class Learned(Enum):
    """What the model had of the face when it was trained."""

    NO = "no"
    YES = "yes"  # it, or a copy, was learned from
    CHOSEN = "chosen"  # its weights were chosen by it


@dataclass(frozen=True, slots=True)
class ReplayedFace:
    """One corrected face and two answers.

    Attributes:
        out_of_fold: name and probability that networks gave which had not learned from this face
            or a copy of it; None where none was asked.
    """

    correction: Correction
    truth: Truth
    before: Answer
    now: Answer
    learned: Learned
    out_of_fold: tuple[str, float] | None

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        was, is_ = self.truth.allows(self.before.name), self.truth.allows(self.now.name)
        if is_:
            return Outcome.STILL_RIGHT if was else Outcome.FIXED
        return Outcome.NEWLY_WRONG if was else Outcome.STILL_WRONG


@dataclass(frozen=True, slots=True)
class Replay:
    """What a model says of all corrections that stand, the newest first.

    Attributes:
        bundle: the model.
        unread: faces that could not be shown to it, their photo having gone or broken.
    """

    bundle: Path
    faces: tuple[ReplayedFace, ...]
    unread: int

    @property
    def counts(self) -> Counter[Outcome]:
        """Faces by outcome."""
        return Counter(face.outcome for face in self.faces)


@dataclass(frozen=True, slots=True)
class _Kept:
    """One face's answer in a run's folder."""

    face_id: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class _KeptAnswers:
    faces: tuple[_Kept, ...]


def replay(library: Library, tools: Tools, bundle: Path, control: Control) -> Replay:
    """Ask the model in *bundle* about every face whose correction stands.

    Raises:
        BundleError: the model cannot be used.
        EngineError: the process of a convolutional network died.
        Cancelled: stopped; nothing is kept.
    """
    control.report(Progress(0, 0, tr("Replaying corrections")))
    recogniser = Recogniser.load(bundle, lambda: tools.inference)
    standing = {one.face_id: one for one in library.corrections() if one.truth is not None}
    faces = library.faces(standing)
    photos = {photo.id: photo for photo in library.photos({face.photo_id for face in faces})}
    inputs, asked, _ = network_inputs(library, faces, photos, recogniser, control)
    identities = identify_all(recogniser, inputs, control)
    answers = {
        face.id: Answer.of(identity) for face, identity in zip(asked, identities, strict=True)
    }
    record = run_of(library, recogniser.bundle.info)
    seen = seen_photos(library, photos, recogniser.bundle.info)
    history = _History(library, record)
    found = tuple(
        _replayed(standing[face.id], answers[face.id], history, copied=face.photo_id in seen)
        for face in asked
    )
    if record is not None and not library.read_only:
        _keep(library.runs_dir / record.id, answers)
    return Replay(bundle, found, len(faces) - len(asked))


def _replayed(
    correction: Correction, now: Answer, history: _History, *, copied: bool
) -> ReplayedFace:
    assert correction.truth is not None, "only those that stand are asked about"
    face_id = correction.face_id
    return ReplayedFace(
        correction=correction,
        truth=correction.truth,
        before=history.before(correction),
        now=now,
        learned=history.learned(face_id, copied=copied),
        out_of_fold=history.out_of_fold(face_id),
    )


class _History:
    """What the run of a model has learned from, and what the models before it said."""

    def __init__(self, library: Library, record: RunRecord | None) -> None:
        self._results = _results(library, record)
        items = () if self._results is None else self._results.items
        self._row = {item.face_id: row for row, item in enumerate(items)}
        self._earlier = {} if record is None else _earlier(library, record)

    def before(self, correction: Correction) -> Answer:
        """What the model said that was corrected, or a later one that has been replayed."""
        run_id, answer = self._earlier.get(correction.face_id, ("", None))
        corrected = correction.provenance
        if answer is None or run_id <= (corrected.run or ""):
            return corrected.answer
        return answer

    def learned(self, face_id: int, *, copied: bool) -> Learned:
        """*copied* tells whether its photo, or a copy of it, was among those of the run."""
        row = self._row.get(face_id)
        if row is None or self._results is None:
            return Learned.YES if copied else Learned.NO
        return {
            Subset.TRAIN: Learned.YES,
            Subset.VALIDATION: Learned.CHOSEN,
            Subset.TEST: Learned.NO,
        }[self._results.items[row].subset]

    def out_of_fold(self, face_id: int) -> tuple[str, float] | None:
        """The likeliest name by networks that had not learned from the face."""
        row, results = self._row.get(face_id), self._results
        if row is None or results is None or row not in results.rows(Side.OUT_OF_FOLD):
            return None
        said = results.said(Side.OUT_OF_FOLD)[row]
        label = int(np.argmax(said))
        return results.labels[label], float(said[label])


def _results(library: Library, record: RunRecord | None) -> RunResults | None:
    try:
        return None if record is None else read_results(library, record)
    except DatasetError:
        return None  # its files have gone: what it learned from is known by its photos alone


def _earlier(library: Library, record: RunRecord) -> Mapping[int, tuple[str, Answer]]:
    """The last answer about each face by a model older than *record*'s, with the run's id."""
    found: dict[int, tuple[str, Answer]] = {}
    older = (run for run in list_runs(library) if run.id < record.id)
    for run in older:
        for kept in _kept(library.runs_dir / run.id):
            found.setdefault(kept.face_id, (run.id, kept.answer))
    return found


def _kept(folder: Path) -> Sequence[_Kept]:
    try:
        text = (folder / FILE_NAME).read_text("utf-8")
        return decode(_KeptAnswers, text).faces
    except (OSError, ValueError):
        return ()


def _keep(folder: Path, answers: Mapping[int, Answer]) -> None:
    kept = _KeptAnswers(tuple(_Kept(face_id, answer) for face_id, answer in answers.items()))
    write_atomic(folder / FILE_NAME, encode(kept).encode())
