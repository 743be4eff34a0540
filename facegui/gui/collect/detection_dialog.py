"""Photos › How faces are found: the detector's settings, tried out live on a few of the photos."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Photo
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr, trn
from facegui.gui.collect.detection_form import DetectionForm, cost_words, count_words, small
from facegui.gui.collect.detection_picture import DetectionPicture
from facegui.gui.context import AppContext
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane
from facegui.gui.task import Task
from facegui.gui.theme import icon
from facegui.services.scanning.detection_settings import (
    Trial,
    TriedPhoto,
    keep_detect_options,
    seconds_to_scan,
    trial_of,
    try_options,
)

_PAUSE_MS = 250
_SIZE_PX = (1040, 680)
_MINIMUM_PX = (820, 540)
_FORM_PX = 300


class DetectionDialog(QDialog):
    """Strictness acts at once; what asks for another look is looked at when the owner pauses.

    Attributes:
        form: the settings.
        picture: the photo in front.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("How faces are found"))
        self.setMinimumSize(*_MINIMUM_PX)
        self.resize(*_SIZE_PX)
        self._context = context
        assert context.library is not None
        self._library = context.library
        self._trial = Trial((), DetectOptions(), 0)
        self._tried: dict[int, TriedPhoto] = {}
        self._current = 0
        self._looking: Task | None = None
        self._looked_for: DetectOptions | None = None
        self.form = DetectionForm()
        self.picture = DetectionPicture()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.form.options_changed.connect(self._changed)
        self._assemble()
        self.picture.say(tr("Choosing a few photos…"))
        job = partial(trial_of, self._library)
        task = context.lanes.start(lambda _control: job(), tr("Choosing photos"), Lane.QUERY)
        task.done.connect(self._begin)

    def done(self, result: int) -> None:
        self._pause.stop()
        self._stop_looking()
        super().done(result)

    # Looking

    def _begin(self, trial: object) -> None:
        assert isinstance(trial, Trial)
        self._trial = trial
        self.form.show_options(trial.options)
        self.form.setEnabled(True)
        for button in (self._previous, self._next):
            button.setEnabled(len(trial.photos) > 1)
        if trial.photos:
            self._current = len(trial.photos) // 2
            self._look()
        else:
            self.picture.say(
                tr("There are no photos yet. What is set here holds for those to come.")
            )
        self._refresh()

    def _changed(self, options: DetectOptions) -> None:
        self._refresh()
        if self._looked_for is not None and options.looks_like(self._looked_for):
            self._pause.stop()
        else:
            self._pause.start()

    def _look(self) -> None:
        """Look again at every photo, the one in front first."""
        self._stop_looking()
        options = self._looked_for = self.form.options
        photos = self._trial.photos[self._current :] + self._trial.photos[: self._current]

        def job(control: Control) -> None:
            try_options(self._context.tools, photos, options, control)

        task = self._context.lanes.start(job, tr("Trying out how faces are found"), Lane.POOL)
        self._looking = task
        self._fresh: set[int] = set()
        task.partial_arrived.connect(partial(self._arrived, task))
        task.failed.connect(partial(self._failed, task))
        task.ended.connect(partial(self._ended, task))

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.stop()
            self._looking = None

    def _arrived(self, task: Task, tried: object) -> None:
        assert isinstance(tried, TriedPhoto)
        if task is self._looking:
            self._tried[tried.photo_id] = tried
            self._fresh.add(tried.photo_id)
            if tried.photo_id == self._photo.id:
                self._show_photo()
            self._refresh()

    def _failed(self, task: Task, error: object) -> None:
        if task is self._looking and isinstance(error, FaceGuiError):
            self.picture.say(f"{error.message}\n\n{error.remedy}")

    def _ended(self, task: Task) -> None:
        if task is self._looking:
            self._looking = None
            self._refresh()

    # Showing

    @property
    def _photo(self) -> Photo:
        return self._trial.photos[self._current]

    def _step(self, step: int) -> None:
        if self._trial.photos:
            self._current = (self._current + step) % len(self._trial.photos)
            self._show_photo()
            self._refresh()

    def _show_photo(self) -> None:
        tried = self._tried.get(self._photo.id)
        if tried is None:
            self.picture.say(tr("Looking…"))
        elif tried.image is None:
            self.picture.say(f"{self._photo.path}\n\n{tried.error}")
        else:
            self.picture.show_photo(to_qimage(tried.image), tried.width, tried.height)

    def _refresh(self) -> None:
        """Count and draw what the settings of now make of what has been found."""
        options = self.form.options
        counts = {one.photo_id: len(one.counting(options)) for one in self._tried.values()}
        photos = len(self._trial.photos)
        self._count.setText(count_words(sum(counts.values()), photos))
        self._state.setText(self._state_words())
        seconds = seconds_to_scan(list(self._tried.values()), self._trial.total)
        self._cost.setText(cost_words(seconds, self._trial.total))
        if not photos:
            return
        tried = self._tried.get(self._photo.id)
        if tried is not None and tried.image is not None:
            counting = tried.counting(options)
            others = [face for face in tried.faces if face not in counting]
            self.picture.show_faces(
                [(face.box, face.score) for face in counting],
                [(face.box, face.score) for face in others],
            )
        here = trn("{n} face", "{n} faces", counts.get(self._photo.id, 0))
        place = tr("{n} of {total}", n=self._current + 1, total=photos)
        name = self._photo.path.replace("\\", "/").rpartition("/")[2]
        self._caption.setText(f"{place} · {here} · {name}")
        self._caption.setToolTip(self._photo.path)

    def _state_words(self) -> str:
        if self._looking is None:
            return tr("Solid boxes count, dotted ones do not.")
        return tr("Looking: {n} of {total}", n=len(self._fresh), total=len(self._trial.photos))

    # Keeping

    def _keep(self, *, rescan: bool) -> None:
        options, library = self.form.options, self._library
        self._buttons.setEnabled(False)
        task = self._context.write(
            tr("How faces are found"), lambda: keep_detect_options(library, options)
        )
        task.failed.connect(lambda _error: self._buttons.setEnabled(True))
        task.done.connect(partial(self._kept, rescan=rescan))

    def _kept(self, _result: object, *, rescan: bool) -> None:
        self.accept()
        if rescan:
            self._context.rescan_requested.emit()

    # Assembly

    def _assemble(self) -> None:
        self.form.setEnabled(False)
        self._caption = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._caption.setMinimumWidth(1)  # a long name is cut off rather than widening the window
        self._previous = _arrow("previous", tr("Previous photo (A)"))
        self._next = _arrow("next", tr("Next photo (D)"))
        self._previous.clicked.connect(lambda: self._step(-1))
        self._next.clicked.connect(lambda: self._step(1))
        for key, step in (("A", -1), ("D", 1)):
            QShortcut(QKeySequence(key), self).activated.connect(partial(self._step, step))
        below = QHBoxLayout()
        below.addWidget(self._previous)
        below.addWidget(self._caption, 1)
        below.addWidget(self._next)
        left = QVBoxLayout()
        left.addWidget(self.picture, 1)
        left.addLayout(below)
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addLayout(left, 1)
        body.addWidget(self._side())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(body, 1)
        column.addWidget(self._foot())

    def _side(self) -> QWidget:
        self._count = QLabel(wordWrap=True)
        font = self._count.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self._count.setFont(font)
        self._state, self._cost = small(""), small("")
        side = QWidget()
        side.setFixedWidth(_FORM_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addStretch(1)
        for label in (self._count, self._state, self._cost):
            column.addWidget(label)
        return side

    def _foot(self) -> QWidget:
        usual = QPushButton(tr("Usual settings"))
        cancel = QPushButton(tr("Cancel"))
        keep = QPushButton(tr("Use for new photos"))
        rescan = QPushButton(tr("Use and scan all again"))
        rescan.setToolTip(tr("Your own decisions and names stay"))
        rescan.setProperty("primary", True)  # noqa: FBT003 - Qt's own
        rescan.setDefault(True)
        usual.clicked.connect(self._back_to_usual)
        cancel.clicked.connect(self.reject)
        keep.clicked.connect(lambda: self._keep(rescan=False))
        rescan.clicked.connect(lambda: self._keep(rescan=True))
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(usual)
        row.addStretch(1)
        for button in (cancel, keep, rescan):
            row.addWidget(button)
        return self._buttons

    def _back_to_usual(self) -> None:
        self.form.show_options(DetectOptions())
        self._changed(self.form.options)


def _arrow(icon_name: str, tip: str) -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.setEnabled(False)
    button.setIcon(icon(icon_name, 18))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
