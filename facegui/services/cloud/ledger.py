"""What left the machine: one line for each photo that was sent, written before it is sent.

``<library>/cloud/ledger.jsonl`` is only ever appended to. A second kind of line says how a request
ended; a request without one was cut off, and counts as paid.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from facegui.detection.cloud_vision import FEATURES
from facegui.domain.text import tr
from facegui.files import file_faults, write_atomic
from facegui.imaging.outgoing import Outgoing
from facegui.services.cloud.consent import UNITS_PER_PHOTO, cost_usd, now
from facegui.services.csv_text import csv_text
from facegui.services.libraries import Library

CLOUD_FOLDER = "cloud"


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """One photo that was sent.

    Attributes:
        when: ISO 8601, UTC.
        photo: path of the original.
        size_bytes: of the JPEG that was sent; *width* and *height* are its pixels.
        features: what was asked.
        cost_usd: what it cost at most; 0 when the service turned the request away.
        outcome: how it ended, in the owner's language.
    """

    when: str
    photo: str
    sha256: str
    size_bytes: int
    width: int
    height: int
    features: tuple[str, ...]
    units: int
    cost_usd: float
    outcome: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    said: str
    charged: bool
    errors: Mapping[str, str] = field(default_factory=dict)


class Ledger:
    """The ledger of one library; its file is made with the first line."""

    def __init__(self, library: Library) -> None:
        self._path = library.path / CLOUD_FOLDER / "ledger.jsonl"

    def sending(self, pictures: Sequence[tuple[str, Outgoing]], price_usd: float) -> str:
        """Note that these photos (path, what of it) are about to be sent; the request's name."""
        request, when = uuid.uuid4().hex, now()
        self._append(
            {
                "request": request,
                "when": when,
                "photo": path,
                "sha256": picture.sha256,
                "size_bytes": len(picture.jpeg),
                "width": picture.width,
                "height": picture.height,
                "features": FEATURES,
                "units": UNITS_PER_PHOTO,
                "cost_usd": cost_usd(1, price_usd),
            }
            for path, picture in pictures
        )
        return request

    def ended(
        self, request: str, said: str, *, charged: bool, errors: Mapping[str, str] | None = None
    ) -> None:
        """Note how a request ended; *errors* by sha256 for photos that got no answer."""
        self._append(
            [{"request": request, "said": said, "charged": charged, "errors": dict(errors or {})}]
        )

    def sent(self) -> list[SentPhoto]:
        """Every photo that was sent, oldest first."""
        lines = list(self._lines())
        outcomes = {
            line["request"]: _Outcome(line["said"], line["charged"], line["errors"])
            for line in lines
            if "said" in line
        }
        unknown = _Outcome(tr("cut off before the answer came"), charged=True)
        return [
            _sent_photo(line, outcomes.get(line["request"], unknown))
            for line in lines
            if "photo" in line
        ]

    def forget(self, photos: Collection[str]) -> None:
        """Keep of *photos* (their paths) only what they cost: the cap on spending counts on it.

        Raises:
            StorageFault: it cannot be written.
        """
        lines = list(self._lines())
        for line in lines:
            if line.get("photo") in photos:
                line.update(photo="", sha256="")
        if lines:
            write_atomic(self._path, "".join(json.dumps(line) + "\n" for line in lines).encode())

    def _lines(self) -> Iterable[dict[str, Any]]:
        if not self._path.exists():
            return
        with file_faults(self._path):
            content = self._path.read_bytes()
        for line in content.splitlines():
            try:
                yield json.loads(line)
            except ValueError:  # the end of a write that a power cut interrupted
                continue

    def _append(self, lines: Iterable[Mapping[str, object]]) -> None:
        text = "".join(json.dumps(line) + "\n" for line in lines)
        with file_faults(self._path):
            self._path.parent.mkdir(exist_ok=True)
            with self._path.open("ab+") as file:
                if _is_torn(file.fileno()):
                    file.write(b"\n")
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())


def spent_usd(sent: Iterable[SentPhoto]) -> float:
    """What these cost at most, in US dollars."""
    return round(sum(photo.cost_usd for photo in sent), 6)


def export_ledger(library: Library, out: Path) -> int:
    """Write the ledger as CSV (UTF-8) to the file *out*; how many photos are in it.

    Raises:
        StorageFault: it cannot be written.
    """
    sent = Ledger(library).sent()
    header = ("when", "photo", "sha256", "bytes", "width", "height", "features", "units")
    rows = [
        (
            photo.when,
            photo.photo,
            photo.sha256,
            str(photo.size_bytes),
            str(photo.width),
            str(photo.height),
            " ".join(photo.features),
            str(photo.units),
            f"{photo.cost_usd:.4f}",
            photo.outcome,
        )
        for photo in sent
    ]
    text = csv_text([(*header, "cost_usd", "outcome"), *rows])
    write_atomic(out, text.encode("utf-8", "surrogateescape"))
    return len(sent)


def _is_torn(descriptor: int) -> bool:
    """Whether the file does not end with a whole line."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if end == 0:
        return False
    os.lseek(descriptor, end - 1, os.SEEK_SET)
    return os.read(descriptor, 1) != b"\n"


def _sent_photo(line: Mapping[str, Any], outcome: _Outcome) -> SentPhoto:
    return SentPhoto(
        when=line["when"],
        photo=line["photo"],
        sha256=line["sha256"],
        size_bytes=line["size_bytes"],
        width=line["width"],
        height=line["height"],
        features=tuple(line["features"]),
        units=line["units"],
        cost_usd=line["cost_usd"] if outcome.charged else 0.0,
        outcome=outcome.errors.get(line["sha256"], outcome.said),
    )
