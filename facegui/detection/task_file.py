"""MediaPipe's ``.task`` file: a zip of TensorFlow Lite networks and what belongs to them."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from facegui.imaging.cv import cv2


def read_members(task: Path, most_bytes: Mapping[str, int]) -> dict[str, bytes]:
    """The members named in *most_bytes*, and nothing else of the archive.

    Raises:
        zipfile.BadZipFile, KeyError, OSError: it is not such an archive, or a member is larger
            than *most_bytes* allows.
    """
    with zipfile.ZipFile(task) as archive:
        return {name: _read(archive, name, most) for name, most in most_bytes.items()}


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    size = archive.getinfo(name).file_size
    if size > most:
        raise zipfile.BadZipFile(f"{name}: {size} > {most}")
    return archive.read(name)


def load_tflite(model: bytes, engine: int) -> cv2.dnn.Net:
    """The network from a file of its own: OpenCV 5.0 ignores *engine* when given a buffer."""
    with tempfile.TemporaryDirectory(prefix="facegui-") as folder:
        path = Path(folder) / "network.tflite"
        path.write_bytes(model)
        return cv2.dnn.readNetFromTFLite(str(path), engine)
