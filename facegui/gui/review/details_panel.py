"""All that is known of one photo and of its current face, every rule with its value and limit."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from facegui.domain.entities import FaceState, PhotoStatus
from facegui.domain.rules import SPECS, Rule, RuleResult
from facegui.domain.text import tr
from facegui.gui.review import words
from facegui.gui.review.paint import text_colour
from facegui.gui.review.tiles import FaceTile, PhotoTile
from facegui.gui.rules.words import measure, measured_word


class DetailsPanel(QScrollArea):
    """Text about a photo and a face in it; all of it can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(wordWrap=True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
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
        parts = [self._photo(tile)]
        if face is not None:
            parts += [self._face(face), self._rules(rules)]
        self._text.setText("".join(parts))

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
            rows.append(("SHA-256", f"{photo.sha256[:16]}…"))
        if photo.hashes:
            rows.append(("pHash", f"{photo.hashes.phash:016x}"))
        return _heading(words.file_name(photo)) + _table(rows)

    def _face(self, tile: FaceTile) -> str:
        face, box = tile.face, tile.face.box
        place = f"{box.x1:.0f}, {box.y1:.0f} – {box.x2:.0f}, {box.y2:.0f}"
        state = text_colour(tile.state, self.palette()).name()
        verdict = escape(tile.verdict)
        rows = [
            (tr("Box"), f"{place} ({box.width:.0f} × {box.height:.0f})"),
            (tr("Pose"), _pose(tile)),
            (tr("Sharpness"), f"{face.sharpness:.3g}"),
            (tr("Light"), f"{face.brightness:.0f} ± {face.contrast:.0f}"),
            (tr("Score"), f"{face.score:.3f}"),
            ("pHash", f"{face.hashes.phash:016x}"),
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
        roll=f"{pose.roll:.0f}",
        pan=f"{pose.pan:.0f}",
        tilt=f"{pose.tilt:.0f}",
    )


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
    return escape(shown).replace("/", "/&#8203;").replace("_", "_&#8203;").replace("+", "+&#8203;")
