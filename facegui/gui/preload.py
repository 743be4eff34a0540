"""Imports what is needed a little later, a little at a time, between the turns of the event loop.

An import on a worker thread holds the interpreter for as long as a large extension module takes to
load, and the window with it; and a module that makes classes of Qt objects must not be imported
there at all, because PySide builds their meta-objects without a lock (seen as a crash). So modules
are imported here, on the GUI thread, one for each turn.
"""

from __future__ import annotations

import builtins
import importlib
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

FOR_SCANS = (
    "facegui.imaging.cv",
    "PIL.Image",
    "pillow_heif",
    "facegui.imaging.decode",
    "numpy.testing",
    "numpy.ma",
    "scipy",
    "numpy.f2py",  # which scipy pulls in
    "scipy.special",
    "scipy.fft",
    "scipy.fftpack",
    "facegui.duplicates.hashing",
    "facegui.detection.analyser",
    "facegui.services.scanning.scan",
    "facegui.services.scanning.thumbnails",
    "facegui.services.recognising.recognise",
)
"""What decoding, hashing and the networks bring; as soon as a library is open."""

FOR_TRAINING = (
    "facegui.services.learning.dataset",
    "facegui.services.runs.models",
    "facegui.gui.train.body",
    "facegui.gui.train.chart",
    "facegui.services.learning.watched",
    "facegui.services.learning.feature_maps",
    "facegui.gui.train.watch",
    "facegui.training.fit",
    "facegui.gui.train.costs",
    "facegui.services.learning.crops",
    "facegui.services.judging.out_of_fold",
    "facegui.services.judging.leak",
    "facegui.services.judging.learning_curve",
    "facegui.services.judging.mislabels",
    "facegui.gui.train.results.all_faces",
    "facegui.gui.train.results.checks",
    "facegui.gui.train.results.tab",
    "facegui.gui.train.contact_sheet",
    "facegui.services.learning.contact_sheet",
    "facegui.gui.train.data_tab",
)
"""The Train page with its chart; when it is first opened."""

FOR_AUGMENTATION = (
    "facegui.imaging.cv",
    "facegui.services.learning.crops",
    "facegui.services.learning.dataset",
    "facegui.training.augment",
    "facegui.gui.train.augmentation_dialog",
)
"""The window of how crops are changed; when it is opened."""

FOR_SEARCH = (
    "facegui.services.learning.crops",
    "facegui.services.learning.dataset",
    "facegui.training.augment",
    "facegui.services.learning.search",
    "facegui.gui.train.search_dialog",
)
"""The window of the search for settings; when it is opened."""

FOR_DOWNLOADS = (
    "requests",
    "facegui.collect.download_address",
    "facegui.services.collecting.web_list",
)
"""Fetching photos of lists; when the first download starts."""

FOR_CLOUD = (
    "google.protobuf.descriptor_pb2",
    "grpc",
    "requests",
    "google.oauth2.service_account",
    "google.api_core.gapic_v1",
    "google.api_core.operations_v1",
    "google.cloud.vision_v1.types",
    "google.cloud.vision",
)
"""The client of Google Cloud Vision; when the owner first asks it."""

FOR_CLOUD_WINDOW = (
    "facegui.services.cloud.plan",
    "facegui.gui.cloud.ask_view",
    "facegui.gui.cloud.compare_view",
    "facegui.gui.cloud.dialog",
)
"""The window of Google Cloud Vision; when it is opened."""

FOR_MODELS = (
    *FOR_SCANS[:4],
    "facegui.services.exporting.model_export",
    "facegui.services.serving.serve",
    "facegui.gui.export_model.dialog",
    "facegui.services.runs.model_files",
    "facegui.services.runs.card_text",
    "facegui.services.recognising.comparing",
    "facegui.gui.models.compare_dialog",
    "facegui.gui.models.dialog",
)
"""The list of models and their comparison; when one is opened."""

FOR_UNKNOWN = (
    *FOR_SCANS[:4],
    "facegui.services.learning.dataset",
    "facegui.services.judging.evaluate",
    "facegui.services.recognising.evidence",
    "facegui.services.recognising.stranger_folders",
    "facegui.gui.unknown.dialog",
)
"""The window about the line between a name and *unknown*; when it is opened."""

_PAUSE_MS = 20


def import_plainly() -> None:
    """Take PySide's own ``__import__`` off again.

    It reads the source of every module that anybody imports, in search of the word PySide6, so
    that ``from __feature__ import`` can work, which nothing here uses: a third of all imports.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


class Preload(QObject):
    """Imports modules in order, with a pause for the event loop after each."""

    def __init__(self, modules: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._modules = list(modules)
        self._waiting: list[Callable[[], None]] = []
        self._timer = QTimer(self, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._next)

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for the imports to be through."""
        return bool(self._waiting)

    def begin(self) -> None:
        """Start importing, unless that is done or under way."""
        if self._modules:
            self._timer.start()

    def then(self, act: Callable[[], None]) -> None:
        """Call *act* once everything is imported; at once if it is."""
        if self._modules:
            self._waiting.append(act)
            self.begin()
        else:
            act()

    def _next(self) -> None:
        importlib.import_module(self._modules.pop(0))
        if self._modules:
            return
        self._timer.stop()
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()
