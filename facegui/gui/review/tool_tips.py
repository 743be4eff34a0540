"""Tool tips of tiles: everything that does not fit below the picture."""

from __future__ import annotations

from html import escape

from facegui.domain.entities import PhotoStatus
from facegui.domain.text import tr, trn
from facegui.gui.review import words
from facegui.gui.review.tiles import FaceTile, PhotoTile, Tile
from facegui.gui.rules.words import why


def tool_tip(tile: Tile) -> str:
    """Rich text for *tile*; names from files are escaped."""
    lines = _of_face(tile) if isinstance(tile, FaceTile) else _of_photo(tile)
    return "<br>".join(lines)


def _of_face(tile: FaceTile) -> list[str]:
    face = tile.face
    pose = face.pose
    side = min(face.box.width, face.box.height)
    return [
        f"<b>{escape(tile.title or words.no_name())}</b>",
        f"{words.state_word(tile.state)}: {escape(tile.verdict)}",
        *(f"✗ {escape(why(result))}" for result in tile.failed),
        tr(
            "roll {roll}° · pan {pan}° · tilt {tilt}°",
            roll=f"{pose.roll:.0f}",
            pan=f"{pose.pan:.0f}",
            tilt=f"{pose.tilt:.0f}",
        ),
        tr(
            "{size} px · sharpness {sharpness} · score {score}",
            size=f"{side:.0f}",
            sharpness=f"{face.sharpness:.3g}",
            score=f"{face.score:.2f}",
        ),
        escape(words.file_name(tile.photo)),
    ]


def _of_photo(tile: PhotoTile) -> list[str]:
    photo = tile.photo
    lines = [f"<b>{escape(words.file_name(photo))}</b>"]
    if photo.status is PhotoStatus.OK:
        lines.append(
            f"{photo.width} × {photo.height} · {words.size_words(photo.size_bytes)} · "
            + trn("{n} face", "{n} faces", len(tile.faces))
        )
    else:
        lines.append(escape(photo.reason or words.status_word(photo.status)))
    lines += [
        f"{words.state_word(face.state)}: {escape(face.title or words.no_name())} – "
        f"{escape(face.verdict)}"
        for face in tile.faces
    ]
    lines.append(escape(photo.path.encode("utf-8", "replace").decode("utf-8")))
    return lines
