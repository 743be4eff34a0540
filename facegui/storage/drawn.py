"""Boxes that the owner draws, moves and deletes: rows that no scan touches from then on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from facegui.domain.entities import Decision, Face, FaceProposal
from facegui.domain.errors import LibraryError
from facegui.domain.geometry import Box
from facegui.domain.text import tr
from facegui.storage import faces, photos
from facegui.storage.journal import Step
from facegui.storage.rows import all_ids, box_text, ids_parameter, measured, vector_blob

SAME_FACE_IOU = 0.5
"""Overlap from which what a scan finds is the face that the owner has drawn."""

_INSIDE = 0.7
_LOOSE_IOU = 0.2
"""Owners draw heads where scans find faces: then most of one box lies inside the other."""

_SAID_BY_OTHERS = frozenset({"offer", "picked"})


def draw(step: Step, photo_id: int, proposal: FaceProposal) -> int:
    """Adds a face that no scan had found, kept by the owner; a known one gets the box instead.

    Returns:
        The face's id.

    Raises:
        LibraryError: the photo is not in the library any more.
    """
    if not photos.fetch(step.connection, [photo_id]):
        raise LibraryError(tr("That photo is no longer in the library."))
    known = _known(step, photo_id, proposal.box)
    if known is not None:
        step.label = tr("Move the box of a face that was known already")
        move(step, known.id, proposal)
        step.update("faces", [known.id], {"decision": Decision.KEEP.value})
        return known.id
    values = {"photo_id": photo_id, **measured(proposal), "drawn": 1}
    face_id = step.insert("faces", {**values, "decision": Decision.KEEP.value})
    step.insert("embeddings", {"id": face_id, "vector": vector_blob(proposal.embedding)})
    return face_id


def move(step: Step, face_id: int, proposal: FaceProposal) -> None:
    """Gives a face another box, and the measures taken there; its name and decision stay.

    Raises:
        LibraryError: the face is not in the library any more.
    """
    face = _one(step, face_id)
    values = {k: v for k, v in measured(proposal).items() if k not in _SAID_BY_OTHERS}
    if not face.drawn:
        values |= {"drawn": 1, "found": box_text(face.box)}
    step.update("faces", [face_id], values)
    step.update("embeddings", [face_id], {"vector": vector_blob(proposal.embedding)})


def delete(step: Step, face_ids: Iterable[int]) -> None:
    """Removes faces that only the owner knew of; any other is ignored, since it would be found."""
    asked = faces.fetch(step.connection, face_ids)
    own = [face.id for face in asked if face.drawn and face.found is None]
    for table in ("answers", "corrections"):
        said = f"SELECT id FROM {table} WHERE face_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
        step.delete(table, all_ids(step.connection, said, (ids_parameter(own),)))
    step.delete("embeddings", own)
    step.delete("faces", own)
    others = [face.id for face in asked if face.id not in own]
    step.update("faces", others, {"decision": Decision.IGNORE.value})


def strangers(drawn: Sequence[Box], scanned: Sequence[FaceProposal]) -> list[FaceProposal]:
    """What a scan found that is none of the *drawn* faces.

    Args:
        drawn: every box that the owner drew in the photo, and where those that were moved had
            been found.
        scanned: what the scan proposes for the photo; each box stands for one of it at most.
    """
    ranked = sorted(
        (
            (box.iou(face.box), n, d)
            for n, face in enumerate(scanned)
            for d, box in enumerate(drawn)
        ),
        reverse=True,
    )
    known: dict[int, int] = {}
    for overlap, n, d in ranked:
        if n not in known and d not in known.values() and _same(drawn[d], scanned[n].box, overlap):
            known[n] = d
    return [face for n, face in enumerate(scanned) if n not in known]


def _known(step: Step, photo_id: int, box: Box) -> Face | None:
    """The face of a photo that is meant by a box drawn around it."""
    there = faces.of_photos(step.connection, [photo_id])[photo_id]
    meant = [face for face in there if _same(box, face.box, box.iou(face.box))]
    return max(meant, key=lambda face: box.iou(face.box), default=None)


def _same(one: Box, other: Box, overlap: float) -> bool:
    if overlap >= SAME_FACE_IOU:
        return True
    smaller = min(one.area, other.area)
    return overlap >= _LOOSE_IOU and one.shared(other).area >= _INSIDE * smaller


def _one(step: Step, face_id: int) -> Face:
    found = faces.fetch(step.connection, [face_id])
    if not found:
        raise LibraryError(
            tr("That face is no longer in the library."), tr("Draw its box anew (W).")
        )
    return found[0]
