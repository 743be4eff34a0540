"""What the review page says about faces and photos."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from facegui.domain.entities import (
    Decision,
    Face,
    FaceState,
    NameSource,
    Person,
    Photo,
    PhotoStatus,
)
from facegui.domain.rules import RuleResult
from facegui.domain.text import tr
from facegui.gui.rules.words import why


def state_word(state: FaceState) -> str:
    """*Kept*, *Rejected* or *Ignored*."""
    return {
        FaceState.KEPT: tr("Kept"),
        FaceState.REJECTED: tr("Rejected"),
        FaceState.IGNORED: tr("Ignored"),
    }[state]


def status_word(status: PhotoStatus) -> str:
    """A heading for a photo that shows no picture, or *Read* for one that does."""
    return {
        PhotoStatus.PENDING: tr("Not scanned yet"),
        PhotoStatus.OK: tr("Read"),
        PhotoStatus.BROKEN: tr("Damaged"),
        PhotoStatus.UNSUPPORTED: tr("Cannot be read"),
        PhotoStatus.MISSING: tr("Missing"),
    }[status]


def verdict(face: Face, failed: tuple[RuleResult, ...]) -> str:
    """Why a face counts as it does: the owner's word, or the first rule that it fails."""
    match face.decision:
        case Decision.KEEP:
            return tr("kept by you")
        case Decision.REJECT:
            return tr("rejected by you")
        case Decision.IGNORE:
            return tr("ignored")
        case Decision.UNDECIDED if failed:
            more = f" +{len(failed) - 1}" if len(failed) > 1 else ""
            return why(failed[0]) + more
    return tr("passes every rule")


def conflict(face: Face, people: Mapping[int, Person], photo: Photo, *, twice: bool) -> str:
    """What speaks against the name of a face: as `FaceFilter.conflict` finds them."""
    if twice:
        return tr("twice in this photo")
    person = None if face.person_id is None else people.get(face.person_id)
    name = person.name if person else photo.person_hint
    if face.offer and name and face.offer != name and face.name_source is not NameSource.OWNER:
        return tr("called {name} by another program", name=face.offer)
    return ""


def file_name(photo: Photo) -> str:
    """The name of a photo's file without its folders, fit to be shown."""
    return Path(photo.path).name.encode("utf-8", "replace").decode("utf-8")


def offer_words(name: str) -> str:
    """A name that is only offered: ``Tom Hanks?``."""
    return tr("{name}?", name=name)


def folder_words(name: str) -> str:
    """A name that is offered only because the photo's folder has it: ``folder: Tom Hanks?``."""
    return tr("folder: {name}?", name=name)


def size_words(size_bytes: int) -> str:
    """A file's size: ``318 KB``, ``4.2 MB``."""
    if size_bytes < 1000:  # noqa: PLR2004
        return tr("{n} bytes", n=size_bytes)
    if size_bytes < 1_000_000:  # noqa: PLR2004
        return f"{size_bytes / 1e3:.0f} KB"
    return f"{size_bytes / 1e6:.1f} MB"


def no_name() -> str:
    """What stands where a face has no name and none is offered."""
    return tr("no name")
