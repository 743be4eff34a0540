"""The owner's steps on faces: each one write in the journal, told in the past tense when done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from facegui.domain.entities import Decision, FaceState
from facegui.domain.queries import Change
from facegui.domain.rules import Rule
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.review.tiles import face_tiles
from facegui.gui.rules.words import rule_word
from facegui.services.libraries import Library

_REASONS = 3
"""So many reasons are named; there is one line for all."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The faces a step is about: these, and all in these photos."""

    faces: tuple[int, ...] = ()
    photos: tuple[int, ...] = ()

    def face_ids(self, library: Library) -> list[int]:
        """Their ids, looked up on the writer's thread."""
        found = library.faces_of_photos(self.photos) if self.photos else {}
        return [*self.faces, *(face.id for faces in found.values() for face in faces)]


class Verdicts(QObject):
    """Writes what the owner decides through the writer lane.

    Signals:
        told: one line on the step that has just been written.
    """

    told = Signal(str)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def decide(self, targets: Targets, decision: Decision) -> None:
        """Keep, reject or ignore, or leave to the rules again."""
        self.write(
            tr("Deciding"), lambda library: library.decide(targets.face_ids(library), decision)
        )

    def assign(self, targets: Targets, name: str | None) -> None:
        """Say who faces are; None takes their names away.

        A name is no word on how good a face is: those that are rejected stay so, and it is said.
        """
        notes: list[str] = []

        def act(library: Library) -> Change:
            ids = targets.face_ids(library)
            change = library.assign(ids, name, poor_too=False)
            if name is not None:
                notes.extend(_still_rejected(library, ids))
            return change

        self.write(tr("Naming"), act, notes)

    def confirm(self, targets: Targets) -> None:
        """Keep faces under the name they have or are offered; one step for each name offered."""
        self.write(tr("Confirming"), lambda library: _confirm(library, targets))

    def add_person(self, name: str) -> None:
        """Add somebody who has no faces yet."""
        self.write(tr("Adding a person"), lambda library: library.add_person(name))

    def rename_person(self, person_id: int, name: str) -> None:
        """Give a person another name."""
        self.write(tr("Renaming"), lambda library: library.rename_person(person_id, name))

    def write(
        self, label: str, action: Callable[[Library], Change], notes: Sequence[str] = ()
    ) -> None:
        """Do one step of the owner's in the library that is open, and tell of it.

        Args:
            label: what is being done.
            action: does it, on the writer's thread.
            notes: sentences to add to what is told; read when it is done.
        """
        library = self._context.library
        if library is None:
            return
        task = self._context.write(label, lambda: action(library))
        task.done.connect(lambda change: self._tell(change, notes))

    def _tell(self, change: object, notes: Sequence[str]) -> None:
        if isinstance(change, Change) and change.entry is not None:
            told = tr("{step}. Ctrl+Z takes it back.", step=change.entry.label)
            self.told.emit(" ".join((told, *notes)))


def _still_rejected(library: Library, face_ids: Sequence[int]) -> list[str]:
    """One sentence on those of the faces that are named now and rejected as before."""
    poor = [face for face in library.faces(face_ids) if face.state is FaceState.REJECTED]
    if not poor:
        return []
    reasons = Counter(Rule(name) for face in poor for name in face.failed)
    why = ", ".join(rule_word(rule) for rule, _count in reasons.most_common(_REASONS))
    told = trn("{n} stays rejected", "{n} stay rejected", len(poor))
    return [tr("{told} ({why}); K keeps.", told=told, why=why or tr("by you"))]


def _confirm(library: Library, targets: Targets) -> Change:
    """Faces without a name take the one offered, the others are kept as they are."""
    tiles = face_tiles(library, targets.face_ids(library)).values()
    settled = [tile.id for tile in tiles if tile.offer is None]
    offered: dict[str, list[int]] = {}
    for tile in tiles:
        if tile.offer is not None:
            offered.setdefault(tile.offer, []).append(tile.id)
    if not offered:
        return library.decide(settled, Decision.KEEP)
    return library.confirm(offered, settled)
