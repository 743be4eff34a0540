"""Asks before a person is deleted for good: what goes, what stays, and what may be kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.entities import Person
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.services.libraries import Library

if TYPE_CHECKING:  # brings cv2, which the window's start can spare
    from facegui.services.reviewing.forget import Agreed, Leaving

_WIDTH_PX = 480


class ForgetDialog(QDialog):
    """Says what deleting *person* takes, and does it when the owner agrees."""

    def __init__(
        self, context: AppContext, library: Library, person: Person, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Delete {name}", name=person.name))
        self._context = context
        self._library = library
        self._leaving: Leaving | None = None
        self._told = QLabel(tr("Looking for what names {name}…", name=person.name), wordWrap=True)
        self._told.setFixedWidth(_WIDTH_PX)
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._ticks = QVBoxLayout()
        self._own_files = QCheckBox(tr("Also delete the copies that FaceGUI fetched or recorded"))
        self._backups = QCheckBox(tr("Also delete the backups that still name them"))
        self._models: dict[Path, QCheckBox] = {}
        self.delete_button = QPushButton(tr("Delete for good"))
        self.delete_button.setEnabled(False)
        self.delete_button.clicked.connect(self._delete)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.delete_button, QDialogButtonBox.ButtonRole.DestructiveRole)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setDefault(True)
        cancel.setFocus()
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(12)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)  # grows with its text
        column.addWidget(self._told)
        column.addLayout(self._ticks)
        column.addWidget(buttons)
        self._look(person)

    def _look(self, person: Person) -> None:
        library = self._library

        def job(control: Control) -> object:
            from facegui.services.reviewing.forget import what_goes

            return what_goes(library, person.id, control)

        label = tr("Looking for what names {name}", name=person.name)
        task = self._context.lanes.start(job, label, Lane.QUERY)
        task.done.connect(self._show)
        task.failed.connect(self.reject)

    def _show(self, found: object) -> None:
        from facegui.services.reviewing.forget import Leaving

        assert isinstance(found, Leaving)
        self._leaving = found
        self._told.setText(_what_goes(found))
        for box, there in (
            (self._own_files, found.own_files),
            (self._backups, found.backups),
        ):
            box.setChecked(True)
            self._ticks.addWidget(box)
            box.setVisible(bool(there))
        for model in found.models:
            box = QCheckBox(tr("Also delete the model {name}, which knows them", name=model.stem))
            self._models[model] = box
            self._ticks.addWidget(box)
        self.delete_button.setEnabled(True)

    def _agreed(self) -> Agreed:
        from facegui.services.reviewing.forget import Agreed

        ticked = [path for path, box in self._models.items() if box.isChecked()]
        return Agreed(self._own_files.isChecked(), self._backups.isChecked(), ticked)

    def _delete(self) -> None:
        library, leaving, agreed = self._library, self._leaving, self._agreed()
        assert leaving is not None

        def job(control: Control) -> object:
            from facegui.services.reviewing.forget import forget_person

            return forget_person(library, leaving, agreed, control)

        label = tr("Deleting {name}", name=leaving.person.name)
        task = self._context.lanes.start(job, label, Lane.WRITER, visible=True)
        context, told = self._context, tr("{name} is deleted for good.", name=leaving.person.name)
        task.done.connect(context.rows_changed.emit)
        task.done.connect(lambda _change: context.told.emit(told))  # this window is gone by then
        task.ended.connect(context.model.refresh)
        self.accept()


def _what_goes(leaving: Leaving) -> str:
    name = leaving.person.name
    faces = trn("{n} face", "{n} faces", leaving.faces)
    photos = trn("{n} photo", "{n} photos", len(leaving.photos))
    parts = [
        tr(
            "{name} leaves this library for good: {faces} with their crops and measures, {photos} "
            "with all that is in them, and every step of the history about them. This cannot be "
            "taken back.",
            name=name,
            faces=faces,
            photos=photos,
        ),
        tr("Your own photo files stay where they are, untouched."),
    ]
    if leaving.shared:
        parts.append(
            trn(
                "{n} photo stays in the library, because others are named in it; so does its path.",
                "{n} photos stay in the library, because others are named in them; so do their "
                "paths.",
                len(leaving.shared),
            )
        )
    if leaving.runs:
        parts.append(
            trn(
                "{n} training run that learned them goes too.",
                "{n} training runs that learned them go too.",
                len(leaving.runs),
            )
        )
    return "\n\n".join(parts)
