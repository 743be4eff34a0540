"""Choosing photos and a key, agreeing, asking, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from facegui.domain.cloud import CloudDetector
from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import OwnerError
from facegui.domain.text import tr
from facegui.gui.cloud.ask_form import AskForm
from facegui.gui.cloud.consent import ConsentSheet
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.preload import FOR_CLOUD, Preload
from facegui.gui.settings import AppSettings
from facegui.gui.task import Task
from facegui.services.cloud.consent import give_consent, revoke_consent
from facegui.services.cloud.plan import CloudPlan, choose_photos, plan_cloud

Connect = Callable[[Path], CloudDetector]


def connect_for_real(key: Path) -> CloudDetector:
    """A connection to Google with the service account's *key* file."""
    from facegui.services.cloud.ask import connect

    return connect(key)


class AskView(QWidget):
    """The form, and what its buttons do.

    Signals:
        asked: a run has ended, well or not; what was sent and answered has changed.
    """

    asked = Signal()

    def __init__(
        self, context: AppContext, settings: AppSettings, connect: Connect = connect_for_real
    ) -> None:
        super().__init__()
        self._context = context
        self._settings = settings
        self._connect = connect
        self._preload = Preload(FOR_CLOUD, self)
        self._generation = 0
        self._photo_ids: tuple[int, ...] = ()
        self._plan: CloudPlan | None = None
        self._task: Task | None = None
        self.form = AskForm()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        self.form.key_requested.connect(self._choose_key)
        self.form.changed.connect(self.refresh)
        self.form.ask_requested.connect(self.ask)
        self.form.stop_requested.connect(self.stop)
        self.form.revoke_requested.connect(self.revoke)

    @property
    def busy(self) -> bool:
        """Whether the service is being asked, or is about to be."""
        return self._task is not None or self._preload.awaited

    def refresh(self) -> None:
        """Look again what asking would mean now."""
        library, key = self._context.library, self._settings.cloud_key
        if library is None:
            return
        scope, at_most = self.form.scope, self.form.at_most
        self._generation += 1
        generation = self._generation

        def job(_control: Control) -> object:
            ids = choose_photos(library, scope, at_most)
            return generation, ids, plan_cloud(library, ids), _account(key)

        task = self._context.lanes.start(job, tr("Counting"), Lane.QUERY)
        task.done.connect(self._counted)

    def use_key(self, path: Path) -> None:
        """Remember which key file to use, on this machine only."""
        self._settings.cloud_key = path
        self.refresh()

    def ask(self) -> None:
        """Ask about the photos chosen; first for consent, where what was agreed does not reach."""
        plan = self._plan
        if plan is None or self.busy:
            return
        if plan.to_send <= min(plan.covered, plan.affordable):
            self._preload.then(self._start)
            return
        sheet = ConsentSheet(plan, self)
        sheet.accepted.connect(self._agreed)
        sheet.finished.connect(sheet.deleteLater)
        self._sheet = sheet
        sheet.open()

    def stop(self) -> None:
        """Stop and keep the answers that have come."""
        if self._task is not None:
            self._task.stop(Stop.KEEP)

    def revoke(self) -> None:
        """Take the consent back, and stop."""
        library = self._context.library
        assert library is not None
        self.stop()
        task = self._context.lanes.start(
            lambda _control: revoke_consent(library), tr("Taking the consent back"), Lane.WRITER
        )
        task.ended.connect(self.refresh)

    def _choose_key(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Service account key"), "", tr("Key files (*.json)")
        )
        if chosen:
            self.use_key(Path(chosen))

    def _counted(self, counted: object) -> None:
        assert isinstance(counted, tuple)
        generation, self._photo_ids, plan, account = counted
        if generation != self._generation:
            return
        self._plan = plan
        self.form.show_key(self._settings.cloud_key, *account)
        self.form.show_plan(plan, ready=account[1] is None)

    def _agreed(self) -> None:
        library, plan = self._context.library, self._plan
        assert library is not None
        assert plan is not None
        photos, cap_usd = plan.to_send, self._sheet.cap_usd
        task = self._context.lanes.start(
            lambda _control: give_consent(library, photos, cap_usd), tr("Agreeing"), Lane.WRITER
        )
        task.done.connect(self._begin)

    def _begin(self, _consent: object) -> None:
        self.refresh()
        self._preload.then(self._start)

    def _start(self) -> None:
        library, key = self._context.library, self._settings.cloud_key
        assert library is not None
        assert key is not None
        connect, photo_ids = self._connect, self._photo_ids

        def job(control: Control) -> object:
            from facegui.services.cloud.ask import CloudRequest, ask_cloud

            return ask_cloud(library, CloudRequest(photo_ids, lambda: connect(key)), control)

        label = tr("Asking Google Cloud Vision")
        task = self._context.lanes.start(job, label, Lane.LONG, visible=True)
        self._task = task
        self.form.show_running(Progress(0, len(photo_ids)))
        task.progressed.connect(self.form.show_running)
        task.done.connect(self._done)
        task.ended.connect(self._ended)

    def _done(self, report: object) -> None:
        from facegui.services.cloud.ask import CloudReport

        assert isinstance(report, CloudReport)
        self.form.show_report(report)

    def _ended(self) -> None:
        self._task = None
        self.form.show_idle()
        self.refresh()
        self.asked.emit()


def _account(key: Path | None) -> tuple[str, str | None]:
    """The account's address, and why the key cannot be used (None when it can)."""
    from facegui.services.cloud.ask import check_key

    if key is None:
        return "", tr("Choose the key file of a service account first.")
    try:
        return check_key(key), None
    except OwnerError as error:
        return "", str(error)
