"""What a model file that cannot be loaded is turned into."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facegui.domain.errors import ModelUnavailable
from facegui.domain.text import tr
from facegui.imaging.cv import cv2


@contextmanager
def model_file(path: Path) -> Iterator[None]:
    """Around loading *path*: whatever its content makes a parser raise, it is `ModelUnavailable`.

    The store checks each file's hash, so this is a file that was changed since, or one that an
    owner put in by hand.
    """
    try:
        yield
    except (
        cv2.error,
        OSError,
        zipfile.BadZipFile,
        struct.error,
        LookupError,
        ValueError,
        StopIteration,
    ) as error:
        raise ModelUnavailable(
            tr("The model file {path} cannot be loaded: {error}", path=path, error=error),
            tr("Delete the file; it is fetched again when next needed."),
        ) from error
