"""The sheet that says what would be sent to whom, and asks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.gui.cloud.words import dollars
from facegui.services.cloud.consent import (
    PRICE_DATE,
    PRICE_PAGE,
    PRICE_USD,
    PROVIDER,
    SERVICE,
    UNITS_PER_PHOTO,
    what_is_sent,
)
from facegui.services.cloud.plan import CloudPlan

_WIDTH_PX = 620
_TOP_CAP_USD = 10_000.0
_ROOM = 1.2


class ConsentSheet(QDialog):
    """Asks for consent to send the photos of *plan*; accepted only after the box is ticked."""

    def __init__(self, plan: CloudPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Send photos to Google?"))
        self.setMinimumWidth(_WIDTH_PX)
        self._cap = QDoubleSpinBox(minimum=0.01, maximum=_TOP_CAP_USD, decimals=2, prefix="$ ")
        self._cap.setValue(max(1.0, (plan.spent_usd + plan.cost_usd) * _ROOM))
        self._cap.setAccessibleName(tr("Spending cap in US dollars"))
        self.agree = QCheckBox(
            trn(
                "I agree that this photo is sent to {name}",
                "I agree that these {n} photos are sent to {name}",
                plan.to_send,
                name=PROVIDER,
            )
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.send = QPushButton(tr("Agree and send"))
        self.send.setEnabled(False)
        buttons.addButton(self.send, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.agree.toggled.connect(self.send.setEnabled)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(self._terms(plan))
        column.addWidget(self.agree)
        column.addWidget(buttons)

    @property
    def cap_usd(self) -> float:
        """What may be spent in this library, all told."""
        return self._cap.value()

    def set_cap(self, usd: float) -> None:
        """Put another sum into the field."""
        self._cap.setValue(usd)

    def _terms(self, plan: CloudPlan) -> QGridLayout:
        price = tr(
            "About {cost}: {units} units for each photo (faces, labels) at {price} for 1,000 "
            "units, as of {date}. Google's first 1,000 units of each kind in a month are free. "
            '<a href="{page}">Price now</a>',
            cost=dollars(plan.cost_usd),
            units=UNITS_PER_PHOTO,
            price=dollars(PRICE_USD),
            date=PRICE_DATE,
            page=PRICE_PAGE,
        )
        note = tr(
            "For this library, all told; {spent} spent so far. You can take your consent back at "
            "any time; what Google has received by then it has.",
            spent=dollars(plan.spent_usd),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        rows = (
            (tr("To whom"), _words(f"{PROVIDER}, {SERVICE}")),
            (tr("What"), _words(what_is_sent())),
            (tr("How many"), _words(trn("{n} photo", "{n} photos", plan.to_send))),
            (tr("What it costs"), _words(price)),
            (tr("Spending cap"), self._cap),
            ("", _words(note)),
        )
        for row, (title, widget) in enumerate(rows):
            grid.addWidget(QLabel(f"<b>{title}</b>"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignTop)
        return grid


def _words(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True, openExternalLinks=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
    return label
