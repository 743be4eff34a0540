"""Who was seen when: the switch, what it keeps and where, the list, and the way to delete it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.live.keeping import Keeping
from facegui.services.recognising.seen_log import Visit, delete_log

_CROP_PX = 40
_REFRESH_MS = 1000


class LogView(QWidget):
    """The log of this folder; it follows while it is in sight."""

    def __init__(self, keeping: Keeping, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeping = keeping
        self._lanes = lanes
        self._shown: tuple[object, ...] = ()
        self.switch = QCheckBox(tr("Keep a log"))
        self.switch.clicked.connect(lambda on: keeping.keep_log(on=on))
        self.what = QLabel(wordWrap=True)
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Who was seen"))
        self.list.setIconSize(QSize(_CROP_PX, _CROP_PX))
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.folder = QPushButton(tr("Folder"))
        self.folder.setToolTip(tr("Open the folder of snapshots, recordings and the log"))
        self.folder.clicked.connect(self._open_folder)
        self.delete = QPushButton(tr("Delete…"))
        self.delete.setToolTip(tr("Delete the whole log of this folder"))
        self.delete.clicked.connect(self._delete)
        buttons = QHBoxLayout()
        buttons.addWidget(self.folder)
        buttons.addWidget(self.delete)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.switch)
        column.addWidget(self.what)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        keeping.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        log, folder = self._keeping.log, self._keeping.folder
        self.switch.setChecked(log is not None)
        self.what.setText(_promise(str(folder) if folder else ""))
        self.folder.setEnabled(folder is not None)
        self.delete.setEnabled(folder is not None)
        visits = () if log is None else log.visits()
        key = tuple((visit.person, visit.since, visit.until, id(visit.crop)) for visit in visits)
        if key != self._shown:
            self._shown = key
            self._fill(visits)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self._timer.stop()

    def _fill(self, visits: tuple[Visit, ...]) -> None:
        scrolled = self.list.verticalScrollBar().value()
        self.list.clear()
        for visit in visits:
            item = QListWidgetItem(f"{visit.person}\n{_when(visit)}")
            if visit.crop is not None:
                item.setIcon(QIcon(QPixmap.fromImage(to_qimage(visit.crop))))
            self.list.addItem(item)
        self.list.verticalScrollBar().setValue(scrolled)

    def _open_folder(self) -> None:
        if self._keeping.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._keeping.folder)))

    def _delete(self) -> None:
        folder, log = self._keeping.folder, self._keeping.log
        if folder is None:
            return
        question = tr("Delete the log in {folder}? It cannot be taken back.", folder=folder)
        if QMessageBox.question(self, tr("Delete the log"), question) is not (
            QMessageBox.StandardButton.Yes
        ):
            return
        if log is not None:
            log.delete()
        else:
            label = tr("Deleting the log")
            self._lanes.start(lambda _control: delete_log(folder), label, Lane.WRITER)
        self.refresh()


def _promise(folder: str) -> str:
    kept = tr(
        "Off unless you turn it on. It keeps who was seen, from when until when, and one small "
        "picture of each. Nothing leaves this machine."
    )
    where = tr("It lies in {folder}.", folder=folder) if folder else tr("You choose the folder.")
    return f"{kept} {where}"


def _when(visit: Visit) -> str:
    """The day, and from when until when; *now* for who is still there."""
    until = tr("now") if not visit.ended else _clock(visit.until)
    day = QLocale().toString(_moment(visit.since).date(), QLocale.FormatType.ShortFormat)
    return tr("{day}, {since} – {until}", day=day, since=_clock(visit.since), until=until)


def _clock(moment: datetime) -> str:
    return QLocale().toString(_moment(moment).time(), "HH:mm:ss")


def _moment(moment: datetime) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
