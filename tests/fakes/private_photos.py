"""Photos that say where and when they were taken, to see that nobody is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

SECRETS = (b"Secretville", b"2020:02:02", b"SerialNo4711")
"""Words in the metadata of `private_photo`."""


def private_photo(path: Path, size: tuple[int, int] = (320, 240), shade: int = 60) -> Path:
    """A picture of *shade* with its time, camera and place in EXIF, and a face named in XMP."""
    exif = Image.Exif()
    exif[0x010E] = "Secretville"
    exif[0x0132] = "2020:02:02 10:00:00"
    exif[0x013B] = "SerialNo4711"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 0.0)})
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- Secretville --></x:xmpmeta>'
    image = Image.fromarray(np.full((size[1], size[0], 3), shade, np.uint8))
    path.parent.mkdir(parents=True, exist_ok=True)
    extra = {"xmp": xmp} if path.suffix in {".jpg", ".webp"} else {}
    image.save(path, exif=exif, **extra)
    return path
