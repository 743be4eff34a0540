"""The sample library: the AT&T/ORL faces for a newcomer without photos."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from facegui.domain.control import Control
from facegui.services.collecting.photos import ImportReport, ImportRequest, import_photos
from facegui.services.libraries import Library
from facegui.services.tools import Tools
from facegui.weights.sample import sample_photos


def default_sample_path() -> Path:
    """Where the window keeps its sample library."""
    return Path(platformdirs.user_data_dir("facegui", appauthor=False)) / "Sample faces.facegui"


def fill_sample(library: Library, tools: Tools, control: Control) -> ImportReport:
    """Fetch and verify the sample photos, and import them; each person is a folder name.

    Raises:
        ModelUnavailable: the archive is not here and could not be fetched.
    """
    folder = sample_photos(tools.models, control)
    return import_photos(library, ImportRequest((folder,)), control)
