"""Who a training would learn from: each person's faces as a bar, and what to know beforehand."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.services.learning.dataset import PersonShare, Survey

Index = QModelIndex | QPersistentModelIndex

_ROW_PX = 26
_BAR_PX = 8
_GAP_PX = 8
_NAME_SHARE = 0.42
_LIST_ROWS = 9
_WARNINGS_SHOWN = 4
_HELD_OUT_OPACITY = 0.5
_TEST_OPACITY = 0.25


class PeopleModel(QAbstractListModel):
    """One row for each person of the library, in its order; UserRole gives the `PersonShare`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: tuple[PersonShare, ...] = ()
        self.most = 1

    def show(self, shares: tuple[PersonShare, ...]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._shares = shares
        self.most = max((share.faces for share in shares), default=1) or 1
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._shares)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        share = self._shares[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return share.person.name
            case Qt.ItemDataRole.UserRole:
                return share
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return describe(share)
        return None


def describe(share: PersonShare) -> str:
    """A person's share in words."""
    counts = trn("{n} usable face", "{n} usable faces", share.faces)
    if not share.train:
        return f"{share.person.name}: {counts}; " + tr("left out")
    return f"{share.person.name}: {counts}; " + tr(
        "{train} to train, {validation} to validate, {test} to test; balanced by weights, each "
        "counts for {weight}",
        train=share.train,
        validation=share.validation,
        test=share.test,
        weight=f"{share.weight:.2f}",
    )


class _ShareDelegate(QStyledItemDelegate):
    """Name, bar (solid: to learn from; pale: to validate and test; grey: left out), count."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, palette, metrics = option.rect, option.palette, option.fontMetrics
        share: PersonShare = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Text if share.train else QPalette.ColorRole.PlaceholderText
        painter.setPen(palette.color(role))
        name_px = round(rect.width() * _NAME_SHARE)
        count_px = metrics.horizontalAdvance("00,000")
        self._write(painter, metrics, share, rect.adjusted(0, 0, name_px - rect.width(), 0))
        painter.drawText(
            rect.adjusted(0, 0, -_GAP_PX // 2, 0),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            f"{share.faces:,}",
        )
        room = rect.width() - name_px - count_px - 2 * _GAP_PX
        model = index.model()
        assert isinstance(model, PeopleModel)
        unit = max(room, 0) / model.most
        self._bar(painter, palette, share, unit, rect.left() + name_px + _GAP_PX, rect.center().y())
        painter.restore()

    def _write(
        self, painter: QPainter, metrics: QFontMetrics, share: PersonShare, room: Any
    ) -> None:
        room.adjust(_GAP_PX // 2, 0, 0, 0)
        name = metrics.elidedText(share.person.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    def _bar(
        self,
        painter: QPainter,
        palette: QPalette,
        share: PersonShare,
        unit: float,
        left: float,
        middle: float,
    ) -> None:
        top = middle - _BAR_PX / 2
        colour = QColor(share.person.colour)
        parts = [
            (share.train, colour, 1.0),
            (share.validation, colour, _HELD_OUT_OPACITY),
            (share.test, colour, _TEST_OPACITY),
        ]
        if not share.train:
            parts = [(share.faces, palette.color(QPalette.ColorRole.Mid), 1.0)]
        painter.setPen(Qt.PenStyle.NoPen)
        for count, brush, opacity in parts:
            painter.setOpacity(opacity)
            painter.setBrush(brush)
            painter.drawRect(QRectF(left, top, count * unit, _BAR_PX))
            left += count * unit


class PeoplePanel(QWidget):
    """Title with totals, one bar for each person, warnings below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PeopleModel(self)
        self._totals = QLabel(wordWrap=True)
        self._warnings = QLabel(wordWrap=True)
        self._warnings.setTextFormat(Qt.TextFormat.PlainText)
        self._list = QListView(uniformItemSizes=True)
        self._list.setModel(self.model)
        self._list.setItemDelegate(_ShareDelegate(self._list))
        self._list.setSelectionMode(QListView.SelectionMode.NoSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(tr("People to learn from"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._totals, self._list, self._warnings):
            layout.addWidget(widget)

    def show_survey(self, found: Survey) -> None:
        """Show what a training now would use."""
        self.model.show(found.people)
        rows = min(max(len(found.people), 1), _LIST_ROWS)
        self._list.setFixedHeight(rows * _ROW_PX + 2 * self._list.frameWidth())
        used = [share for share in found.people if share.train]
        self._totals.setText(
            trn("{n} person", "{n} people", len(used))
            + " · "
            + tr(
                "{train} faces to train, {validation} to validate, {test} to test",
                train=f"{sum(share.train for share in used):,}",
                validation=f"{sum(share.validation for share in used):,}",
                test=f"{sum(share.test for share in used):,}",
            )
        )
        shown = [f"⚠ {warning}" for warning in found.warnings[:_WARNINGS_SHOWN]]
        more = len(found.warnings) - len(shown)
        if more > 0:
            shown.append(trn("⚠ {n} more", "⚠ {n} more", more))
        self._warnings.setText("\n".join(shown))
        self._warnings.setToolTip("\n".join(found.warnings))
        self._warnings.setVisible(bool(shown))
