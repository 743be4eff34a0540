"""What the decoder hands on besides pixels: the XMP packet and the orientation a file notes."""

from __future__ import annotations

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from facegui.imaging.decode import decode_bytes

PACKET = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>caf\xc3\xa9</x:xmpmeta>"
ORIENTATION = 0x0112


def picture() -> Image.Image:
    """60 × 40, its left third red."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, :20] = (250, 0, 0)
    return Image.fromarray(pixels)


def encoded(kind: str, orientation: int = 1, xmp: bytes | None = PACKET) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options: dict[str, object] = {"exif": exif}
    if kind == "TIFF":
        options = {"tiffinfo": {ORIENTATION: orientation, **({700: xmp} if xmp else {})}}
    elif kind == "HEIF":  # as telephones write it: turned by the container, noted in EXIF as well
        heif = pillow_heif.from_pillow(picture())
        heif.info["exif"] = exif.tobytes()
        if xmp:
            heif.info["xmp"] = xmp
        buffer = io.BytesIO()
        heif.save(buffer)
        return buffer.getvalue()
    elif kind == "PNG":
        info = PngInfo()
        if xmp:
            info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"] = info
    elif xmp:
        options["xmp"] = xmp
    buffer = io.BytesIO()
    picture().save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "HEIF"])
def test_the_xmp_packet_comes_along_unparsed(kind: str) -> None:
    assert decode_bytes(encoded(kind), "photo").xmp == PACKET


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "HEIF"])
def test_a_file_without_a_packet_has_none(kind: str) -> None:
    assert decode_bytes(encoded(kind, xmp=None), "photo").xmp is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "HEIF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_noted_orientation_survives_the_turning(kind: str, orientation: int) -> None:
    found = decode_bytes(encoded(kind, orientation), "photo")
    assert found.orientation == orientation
    upright = (40, 60) if orientation > 4 else (60, 40)
    assert (found.width, found.height) == upright
    assert found.image.shape[:2] == upright[::-1]


def test_a_reduced_jpeg_keeps_both() -> None:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    picture().resize((1200, 800)).save(buffer, "JPEG", exif=exif, xmp=PACKET)
    found = decode_bytes(buffer.getvalue(), "photo", min_side=200)
    assert (found.orientation, found.xmp) == (6, PACKET)
    assert found.scale < 1
