"""All that is known of one photo and of its current face, every rule with its value and limit."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from facegui.domain.entities import Face, FaceState, NameSource, PhotoStatus
from facegui.domain.exif import PhotoExif
from facegui.domain.rules import SPECS, Rule, RuleResult
from facegui.domain.text import tr
from facegui.gui.review import words
from facegui.gui.review.paint import text_colour
from facegui.gui.review.tiles import FaceTile, PhotoTile
from facegui.gui.rules.words import measure, measured_word

_FOLDER, _PLACE = "folder", "place"


class DetailsPanel(QScrollArea):
    """Text about a photo and a face in it; all of it can be selected and copied.

    Where a photo was taken is told on a click only: people show their screens to others.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(wordWrap=True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._text.setAccessibleName(tr("About the photo and the face"))
        self._text.linkActivated.connect(self._follow)
        self._shown: tuple[PhotoTile, FaceTile | None, tuple[RuleResult, ...]] | None = None
        self._exif: PhotoExif | None = None
        self._exif_of: int | None = None
        self._place_shown = False
        self._text.setContentsMargins(12, 10, 12, 10)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)
        column.addStretch(1)
        self.setWidget(holder)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_photo(
        self, tile: PhotoTile, face: FaceTile | None, rules: tuple[RuleResult, ...]
    ) -> None:
        """Describe *tile* and, where there is one, *face* with every rule's verdict."""
        if tile.id != self._exif_of:
            self._exif, self._exif_of = None, tile.id
            self._place_shown = False
        self._shown = (tile, face, rules)
        parts = [self._photo(tile), self._camera()]
        if face is not None:
            parts += [self._face(face), self._rules(rules)]
        self._text.setText("".join(parts))

    def show_exif(self, photo_id: int, exif: PhotoExif | None) -> None:
        """Tell how the photo was taken, if it is the one that is shown."""
        if self._shown is not None and self._exif_of == photo_id:
            self._exif = exif
            self.show_photo(*self._shown)

    def _follow(self, link: str) -> None:
        if self._shown is None:
            return
        if link == _FOLDER:
            folder = Path(self._shown[0].photo.path).parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self._place_shown = True
            self.show_photo(*self._shown)

    def _photo(self, tile: PhotoTile) -> str:
        photo = tile.photo
        rows = [(tr("Folder"), str(photo.path).rpartition("/")[0])]
        if photo.person_hint:
            rows.append((tr("Folder's name"), photo.person_hint))
        if photo.status is PhotoStatus.OK:
            rows.append((tr("Size"), f"{photo.width} × {photo.height} px"))
        else:
            rows.append((words.status_word(photo.status), photo.reason or ""))
        rows.append((tr("File"), words.size_words(photo.size_bytes)))
        if photo.sha256:
            rows.append(("SHA-256", _in_groups(photo.sha256)))
        if photo.hashes:
            rows.append(("pHash", _in_groups(f"{photo.hashes.phash:016x}")))
            rows.append((tr("Mirrored"), _in_groups(f"{photo.hashes.phash_mirror:016x}")))
        if photo.rotation:
            rows.append((tr("Turned"), tr("{n}° clockwise, to be shown", n=photo.rotation)))
        folder = _link(_FOLDER, tr("Show in file manager"))
        return _heading(words.file_name(photo)) + _table(rows) + f"<p>{folder}</p>"

    def _camera(self) -> str:
        exif = self._exif
        if exif is None:
            return ""
        said = (
            (tr("Camera"), exif.camera),
            (tr("Lens"), exif.lens),
            (tr("Taken"), exif.taken_at),
            (tr("Exposure"), " · ".join(exif.exposure)),
        )
        told = _table([(name, value) for name, value in said if value])
        if exif.place is not None:
            where = "{:.5f}, {:.5f}".format(*exif.place)
            link = _link(_PLACE, tr("It has a place: show it"))
            told += f"<p>{where if self._place_shown else link}</p>"
        return _heading(tr("Camera")) + told

    def _face(self, tile: FaceTile) -> str:
        face, box = tile.face, tile.face.box
        place = f"{box.x1:.0f}, {box.y1:.0f} – {box.x2:.0f}, {box.y2:.0f}"
        state = text_colour(tile.state, self.palette()).name()
        verdict = escape(tile.verdict)
        rows = [
            (tr("Box"), f"{place} ({box.width:.0f} × {box.height:.0f})"),
            *_said(face),
            (tr("Pose"), _pose(tile)),
            (tr("Sharpness"), f"{face.sharpness:.3g}"),
            (tr("Light"), f"{face.brightness:.0f} ± {face.contrast:.0f}"),
            *_optional(face),
            (tr("Score"), _score(face)),
            ("pHash", _in_groups(f"{face.hashes.phash:016x}")),
            (tr("Mirrored"), _in_groups(f"{face.hashes.phash_mirror:016x}")),
            (tr("Found by"), face.detector),
        ]
        return (
            _heading(tile.title or words.no_name())
            + f'<p style="color:{state}">{words.state_word(tile.state)}: {verdict}</p>'
            + _table(rows)
        )

    def _rules(self, rules: tuple[RuleResult, ...]) -> str:
        good = text_colour(FaceState.KEPT, self.palette()).name()
        bad = text_colour(FaceState.REJECTED, self.palette()).name()
        lines = "".join(
            f'<tr><td style="color:{good if r.passed else bad}">{"✓" if r.passed else "✗"}</td>'
            f"<td>{escape(measured_word(r.rule))}&nbsp;&nbsp;</td>"
            f'<td align="right">{_value(r)}</td><td>&nbsp;{_limit(r)}</td></tr>'
            for r in rules
        )
        return _heading(tr("Rules")) + f"<table cellspacing=3>{lines}</table>"


def _pose(tile: FaceTile) -> str:
    pose = tile.face.pose
    return tr(
        "roll {roll}°, pan {pan}°, tilt {tilt}°",
        roll=round(pose.roll),
        pan=round(pose.pan),
        tilt=round(pose.tilt),
    )


def _said(face: Face) -> list[tuple[str, str]]:
    """What the owner, a list or another program has said of the face."""
    rows = []
    if face.drawn:
        drawn = tr("drawn by you") if face.found is None else tr("moved by you")
        rows.append((tr("The box is"), drawn))
    if face.person_id is not None and face.name_source is not None:
        by = {
            NameSource.OWNER: tr("you"),
            NameSource.LIST: tr("a list"),
            NameSource.FOLDER: tr("the folder"),
        }[face.name_source]
        rows.append((tr("Named by"), by))
    if face.offer:
        rows.append((tr("Name offered"), face.offer))
    return rows


def _optional(face: Face) -> list[tuple[str, str]]:
    """The measures that a scan may not have been able to take."""
    rows = []
    if face.chroma is not None and face.chroma_spread is not None:
        rows.append((tr("Colour"), f"{face.chroma:.0f} ± {face.chroma_spread:.0f}"))
    shares = (
        (tr("Sunglasses"), face.sunglasses),
        (tr("Smile"), face.smile),
        (tr("Eyes closed"), face.eyes_closed),
        (tr("Mouth open"), face.mouth_open),
        (tr("Face seen"), face.presence),
    )
    return rows + [(name, f"{share:.0%}") for name, share in shares if share is not None]


def _score(face: Face) -> str:
    if face.drawn and face.score == 0:
        return tr("no face made out; landmarks and pose are guessed from the box")
    return f"{face.score:.3f}"


def _value(result: RuleResult) -> str:
    if result.value is None:
        return tr("none") if result.rule is Rule.DUPLICATE else "–"
    return escape(measure(result.rule, result.value))


def _limit(result: RuleResult) -> str:
    spec = SPECS[result.rule]
    if result.rule is Rule.DUPLICATE:
        return tr("within {limit}", limit=measure(result.rule, result.limit))
    if result.limit == spec.off:
        return tr("any")
    return escape(f"{'≤' if spec.at_most else '≥'} {measure(result.rule, result.limit)}")


def _link(target: str, text: str) -> str:
    return f'<a href="{target}">{escape(text)}</a>'


def _in_groups(digits: str) -> str:
    """A hash that breaks into lines where the panel is narrow."""
    return " ".join(digits[n : n + 8] for n in range(0, len(digits), 8))


def _heading(text: str) -> str:
    return f"<h4 style='margin-top:10px; margin-bottom:4px'>{escape(text)}</h4>"


def _table(rows: list[tuple[str, str]]) -> str:
    lines = "".join(
        f"<tr><td style='padding-right:10px'>{escape(name)}</td><td>{_breakable(value)}</td></tr>"
        for name, value in rows
    )
    return f"<table cellspacing=2>{lines}</table>"


def _breakable(value: str) -> str:
    """*value* escaped, with places to break a long path at."""
    shown = value.encode("utf-8", "replace").decode("utf-8")
    return (
        escape(shown)
        .replace("/", "/&#8203;")
        .replace("_", "_&#8203;")
        .replace("+", "+&#8203;")
        .replace("-", "-&#8203;")
    )
