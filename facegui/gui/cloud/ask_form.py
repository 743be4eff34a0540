"""The form of the Ask tab: its widgets and their words; what they do is `ask_view`'s business."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Progress
from facegui.domain.text import tr, trn
from facegui.gui.cloud.words import dollars
from facegui.gui.theme import icon
from facegui.services.cloud.consent import SERVICE
from facegui.services.cloud.plan import CloudPlan, Scope

_FIRST_COUNT = 100
_MOST = 1_000_000


class AskForm(QWidget):
    """Key, photos, consent, the button, and how it went.

    Signals:
        key_requested, ask_requested, stop_requested, revoke_requested: a button was pressed.
        changed: other photos are chosen.
    """

    key_requested = Signal()
    ask_requested = Signal()
    stop_requested = Signal()
    revoke_requested = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._key = QLineEdit(readOnly=True, placeholderText=tr("No key file chosen"))
        self._key.setAccessibleName(tr("Key file of the service account"))
        self.choose_key = QPushButton(tr("Choose file…"))
        self.account = _words()
        self._scope = QComboBox()
        self._scope.setAccessibleName(tr("Which photos"))
        self._scope.addItem(tr("All photos"), Scope.ALL)
        self._scope.addItem(tr("Photos in which no face was found"), Scope.NO_FACE)
        self._at_most = QSpinBox(minimum=1, maximum=_MOST, value=_FIRST_COUNT)
        self._at_most.setGroupSeparatorShown(True)
        self._at_most.setAccessibleName(tr("At most so many photos"))
        self.plan = _words()
        self.consent = _words()
        self.take_back = QPushButton(tr("Take consent back"))
        self.send = QPushButton(tr("Ask…"))
        self.send.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedHeight(8)
        self.halt = QPushButton(icon("stop", 14), tr("Stop"))
        self.result = _words()
        self.failures = QPlainTextEdit(readOnly=True)
        self.failures.setAccessibleName(tr("Photos without an answer, and why"))
        self._assemble()
        self._connect()
        self.show_idle()
        self.failures.hide()
        self.send.setEnabled(False)
        self.take_back.hide()

    @property
    def scope(self) -> Scope:
        """Which photos."""
        found = self._scope.currentData()
        assert isinstance(found, Scope)
        return found

    @property
    def at_most(self) -> int:
        """How many of them."""
        return self._at_most.value()

    def choose(self, scope: Scope, at_most: int) -> None:
        """Set both fields."""
        self._scope.setCurrentIndex(self._scope.findData(scope))
        self._at_most.setValue(at_most)

    def show_key(self, path: Path | None, account: str, problem: str | None) -> None:
        """Which key is used, or why it cannot be."""
        self._key.setText("" if path is None else str(path))
        self.account.setText(problem or tr("Account: {name}", name=account))

    def show_plan(self, plan: CloudPlan, *, ready: bool) -> None:
        """What asking would mean; *ready* when there is a key to ask with."""
        self.plan.setText(_plan_words(plan))
        self.consent.setText(_consent_words(plan))
        self.take_back.setVisible(plan.consent is not None)
        agreed = plan.to_send <= min(plan.covered, plan.affordable)
        text = trn("Ask about {n} photo", "Ask about {n} photos", plan.to_send)
        self.send.setText(text if agreed else f"{text}…")
        self.send.setEnabled(ready and plan.to_send > 0)

    def show_running(self, progress: Progress) -> None:
        """It is being asked."""
        self._bar.setMaximum(progress.total)
        self._bar.setValue(progress.done)
        self._set_running(running=True)

    def show_idle(self) -> None:
        """Nothing runs."""
        self._set_running(running=False)

    def show_report(self, report: object) -> None:
        """How the last run ended."""
        from facegui.services.cloud.ask import CloudReport

        assert isinstance(report, CloudReport)
        self.result.setText(_report_words(report))
        self.failures.setPlainText("\n".join(f"{path}: {why}" for path, why in report.failed))
        self.failures.setVisible(bool(report.failed))

    def _set_running(self, *, running: bool) -> None:
        self._bar.setVisible(running)
        self.halt.setVisible(running)
        self.send.setVisible(not running)
        for widget in (self._scope, self._at_most, self.choose_key):
            widget.setEnabled(not running)

    def _connect(self) -> None:
        self.choose_key.clicked.connect(self.key_requested)
        self.send.clicked.connect(self.ask_requested)
        self.halt.clicked.connect(self.stop_requested)
        self.take_back.clicked.connect(self.revoke_requested)
        self._scope.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._at_most.valueChanged.connect(lambda _value: self.changed.emit())

    def _assemble(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        at_most = QLabel(tr("at most"))
        blocks = (
            (tr("Key file"), _row(self._key, self.choose_key, wide=self._key), self.account),
            (tr("Photos"), _row(self._scope, at_most, self._at_most), self.plan),
            (tr("Consent"), _row(self.consent, self.take_back, wide=self.consent), QWidget()),
        )
        for number, (title, row, below) in enumerate(blocks):
            grid.addWidget(QLabel(f"<b>{title}</b>"), 3 * number, 0)
            grid.addLayout(row, 3 * number, 1)
            grid.addWidget(below, 3 * number + 1, 1)
            grid.setRowMinimumHeight(3 * number + 2, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(14)
        column.addLayout(grid)
        running = QHBoxLayout()
        running.addWidget(self.send, 0, Qt.AlignmentFlag.AlignLeft)
        running.addWidget(self._bar, 1)
        running.addWidget(self.halt)
        column.addLayout(running)
        column.addWidget(self.result)
        column.addWidget(self.failures, 1)
        column.addStretch(1)


def _words() -> QLabel:
    label = QLabel(wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _row(*widgets: QWidget, wide: QWidget | None = None) -> QHBoxLayout:
    """Side by side from the left; *wide* takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget, 1 if widget is wide else 0)
    if wide is None:
        row.addStretch(1)
    return row


def _plan_words(plan: CloudPlan) -> str:
    if not plan.photos:
        return tr("There is no photo of this kind that could be read.")
    words = [trn("{n} photo.", "{n} photos.", plan.photos)]
    if plan.answered:
        words.append(
            trn(
                "{n} is answered already and costs nothing.",
                "{n} are answered already and cost nothing.",
                plan.answered,
            )
        )
    copies = plan.photos - plan.answered - plan.to_send
    if copies:
        words.append(
            trn("{n} is an exact copy of another.", "{n} are exact copies of others.", copies)
        )
    if plan.to_send:
        words.append(
            tr("About {cost} for the rest.", cost=dollars(plan.cost_usd))
            if plan.answered
            else tr("About {cost}.", cost=dollars(plan.cost_usd))
        )
    return " ".join(words)


def _consent_words(plan: CloudPlan) -> str:
    consent = plan.consent
    if consent is None:
        return tr("Off. Nothing is sent before you have agreed to it.")
    return tr(
        "You agreed on {day} to send {photos} photos to {name} for at most {cap}. "
        "{covered} of them are left; {spent} spent so far.",
        day=consent.given_at[:10],
        photos=f"{consent.photos:,}",
        name=SERVICE,
        cap=dollars(consent.cap_usd),
        covered=f"{plan.covered:,}",
        spent=dollars(plan.spent_usd),
    )


def _report_words(report: object) -> str:
    from facegui.services.cloud.ask import CloudReport

    assert isinstance(report, CloudReport)
    words = [tr("Stopped.")] if report.stopped else []
    words.append(
        trn(
            "{n} photo answered, {faces} faces, at most {cost}.",
            "{n} photos answered, {faces} faces, at most {cost}.",
            report.answered,
            faces=f"{report.faces:,}",
            cost=dollars(report.paid_usd),
        )
    )
    if report.known:
        words.append(trn("{n} was known.", "{n} were known.", report.known))
    if report.beyond_cap:
        words.append(
            trn(
                "{n} was not sent: the spending cap is reached.",
                "{n} were not sent: the spending cap is reached.",
                report.beyond_cap,
            )
        )
    if report.failed:
        words.append(trn("{n} has no answer:", "{n} have no answer:", len(report.failed)))
    return " ".join(words)
