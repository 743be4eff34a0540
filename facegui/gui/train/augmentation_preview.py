"""A real face of the library, and what the settings make of it, while they change."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.entities import RgbImage
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr
from facegui.domain.training import Augmentation
from facegui.gui.context import AppContext
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane
from facegui.gui.task import Task
from facegui.gui.theme import icon
from facegui.gui.train.augmentation_grid import VariantGrid
from facegui.services.learning.augmentation import (
    PersonFaces,
    crop_to_show,
    faces_to_show,
    variants,
)

VARIANTS = 14
"""With the face itself they fill five columns of three rows."""


class AugmentationPreview(QWidget):
    """Chooses a face, and draws its variants anew whenever the settings change.

    The same draws are used until the owner rolls again, so that moving one control changes only
    what it controls. At most one drawing is under way; what was asked for meanwhile is drawn next,
    and only the latest of it.
    """

    def __init__(
        self,
        context: AppContext,
        network_name: str,
        settings: Augmentation,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        assert context.library is not None
        self._context = context
        self._library = context.library
        self._network = network_name
        self._settings = settings
        self._faces: tuple[PersonFaces, ...] = ()
        self._number = 0  # of the face among those of the person
        self._seed = 0
        self._crop: RgbImage | None = None
        self._loading: Task | None = None
        self._drawing: Task | None = None
        self._outdated = False
        self.grid = VariantGrid()
        self.person = QComboBox()
        self.person.setAccessibleName(tr("Whose face"))
        self.person.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.person.setMinimumContentsLength(12)
        self.place = QLabel()
        self.previous = _arrow("previous", tr("Previous face (A)"), "A")
        self.next = _arrow("next", tr("Next face (D)"), "D")
        self.again = QPushButton(icon("refresh"), tr("Roll again"))
        self.again.setToolTip(tr("Other random changes within the same limits (R)"))
        self.again.setShortcut("R")
        self._assemble()
        self._connect()
        self._begin()

    def show_settings(self, settings: Augmentation) -> None:
        """Draw what *settings* make of the face."""
        self._settings = settings
        self._draw()

    def close_down(self) -> None:
        """Take no more results."""
        self._loading = self._drawing = None

    # Choosing a face

    def _begin(self) -> None:
        library = self._library
        self.grid.say(tr("Looking for faces…"))
        task = self._loading = self._context.lanes.start(
            lambda _control: faces_to_show(library), tr("Looking for faces"), Lane.QUERY
        )
        task.done.connect(partial(self._take_faces, task))

    def _take_faces(self, task: Task, faces: object) -> None:
        if task is not self._loading:
            return
        assert isinstance(faces, tuple)
        self._faces = faces
        for one in self._faces:
            self.person.addItem(one.person.name)
        if not self._faces:
            self.grid.say(tr("There is no face yet that is named and kept."))
            return
        for widget in (self.person, self.again):
            widget.setEnabled(True)
        self._load()

    def _choose_person(self) -> None:
        self._number = 0
        self._load()

    def _step(self, step: int) -> None:
        self._number = (self._number + step) % len(self._mine)
        self._load()

    @property
    def _mine(self) -> tuple[int, ...]:
        return self._faces[self.person.currentIndex()].face_ids

    def _load(self) -> None:
        """Cut out the chosen face."""
        library, network, face_id = self._library, self._network, self._mine[self._number]
        for button in (self.previous, self.next):
            button.setEnabled(len(self._mine) > 1)
        self.place.setText(tr("{n} of {total}", n=self._number + 1, total=len(self._mine)))
        if self._crop is None:
            self.grid.say(tr("Cutting out the face…"))
        task = self._loading = self._context.lanes.start(
            lambda _control: crop_to_show(library, network, face_id),
            tr("Cutting out the face"),
            Lane.POOL,
        )
        task.done.connect(partial(self._take_crop, task))
        task.failed.connect(partial(self._fail, task))

    def _take_crop(self, task: Task, crop: object) -> None:
        if task is self._loading:
            self._crop = crop  # type: ignore[assignment]
            self._draw()

    def _fail(self, task: Task, error: object) -> None:
        if task is self._loading and isinstance(error, FaceGuiError):
            self._crop = None
            self.grid.say(f"{error.message}\n\n{error.remedy}")

    # Drawing

    def roll(self) -> None:
        """Other random changes within the same settings."""
        self._seed += 1
        self._draw()

    def _draw(self) -> None:
        if self._drawing is not None:
            self._outdated = True
            return
        if self._crop is None:
            return
        self._outdated = False
        crop, settings, seed = self._crop, self._settings, self._seed

        def job(_control: Control) -> list[QImage]:
            changed = variants(crop, settings, VARIANTS, seed)
            return [to_qimage(image) for image in (crop, *changed)]

        task = self._drawing = self._context.lanes.start(job, tr("Changing the face"), Lane.QUERY)
        task.done.connect(partial(self._take_variants, task))
        task.ended.connect(partial(self._drawn, task))

    def _take_variants(self, task: Task, images: object) -> None:
        assert isinstance(images, list)
        if task is self._drawing and self._crop is not None:
            self.grid.show_images(images)

    def _drawn(self, task: Task) -> None:
        if task is self._drawing:
            self._drawing = None
            if self._outdated:
                self._draw()

    # Assembly

    def _assemble(self) -> None:
        for control in (self.person, self.again, self.previous, self.next):
            control.setEnabled(False)
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self.person, self.previous, self.place, self.next):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.grid, 1)

    def _connect(self) -> None:
        self.person.activated.connect(self._choose_person)
        self.previous.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(1))
        self.again.clicked.connect(self.roll)


def _arrow(icon_name: str, tip: str, key: str) -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.setIcon(icon(icon_name, 18))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setShortcut(key)
    return button
