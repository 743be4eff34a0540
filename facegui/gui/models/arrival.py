"""A model file that was dropped on the window or opened with it: use it, or take it in?"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from facegui.domain.control import Control
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.models.words import some_names
from facegui.gui.task import Task
from facegui.services.libraries import Library
from facegui.services.runs.model_cards import ModelCard, describe_model


def offer_bundle(context: AppContext, path: Path, window: QWidget) -> None:
    """Look at the bundle at *path* and ask what to do; one that cannot be used is refused."""

    def look(_control: Control) -> ModelCard:
        return describe_model(path)

    task = context.lanes.start(look, tr("Opening the model"), Lane.QUERY)
    task.done.connect(lambda card: ArrivalBox(context, card, window).open())


def import_bundle(context: AppContext, path: Path) -> Task | None:
    """Check the bundle at *path* and put it among the models of the open library, if one is."""
    library = context.library
    if library is None:
        return None

    def shown(_path: object) -> None:
        context.told.emit(tr("{name} is one of this library's models now.", name=path.stem))
        context.model.refresh()

    task = context.lanes.start(
        partial(_import, library, path), tr("Importing the model"), Lane.WRITER
    )
    task.done.connect(shown)
    return task


class ArrivalBox(QMessageBox):
    """Asks whether the model of *card* is used now, or becomes one of the library's."""

    def __init__(self, context: AppContext, card: ModelCard, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Open a model"))
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(tr("What should be done with {name}?", name=card.path.name))
        self.setInformativeText(
            tr(
                "{network} that knows {people}: {names}. Right on {score}.",
                network=card.network,
                people=trn("{n} person", "{n} people", len(card.people)),
                names=some_names(card.people),
                score=card.score.words,
            )
        )
        role = QMessageBox.ButtonRole.AcceptRole
        self.use = self.addButton(tr("Recognise with it now"), role)
        self.take = self.addButton(tr("Import into the library"), role)
        self.take.setEnabled(context.library is not None)
        self.take.setToolTip(tr("A copy becomes one of the open library's models"))
        self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(self.use)
        self.use.clicked.connect(partial(_use, context, card.path))
        self.take.clicked.connect(partial(import_bundle, context, card.path))


def _use(context: AppContext, path: Path) -> None:
    context.model.open(path)
    context.page_requested.emit("recognise")


def _import(library: Library, path: Path, _control: Control) -> Path:
    from facegui.services.runs.model_files import import_model

    return import_model(library, path)
