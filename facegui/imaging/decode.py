"""The one decoder of the program: a file's bytes become upright RGB, or an `ImageError` says why.

A file is read once, hashed, and decoded by Pillow in its strict form. Content decides the format;
names and extensions mean nothing. OpenCV and Qt are not used because both take a truncated JPEG
for a whole picture.

Colour profiles are not applied: a face is found and recognised the same without them.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import io
import logging
import os
import re
import stat
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import (  # the plugins register themselves: Pillow loads only some of them unasked
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
    _imaging,
)

from facegui.domain.entities import RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.text import tr
from facegui.imaging.pixels import noted_orientation, orientation_of, to_rgb, turn

MAX_PIXELS = 50_000_000
"""Larger pictures are refused before decoding: 109 kB of PNG can hold 900 megapixels."""

MAX_BYTES = 256 * 1024 * 1024
"""Larger files are refused before they are read; 50 megapixels of uncompressed RGB take 150 MB."""

FORMATS = (
    JpegImagePlugin.JpegImageFile.format,  # and MPO, which is a JPEG with more JPEGs behind it
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
    GifImagePlugin.GifImageFile.format,
    BmpImagePlugin.BmpImageFile.format,
    TiffImagePlugin.TiffImageFile.format,
    PpmImagePlugin.PpmImageFile.format,
    AvifImagePlugin.AvifImageFile.format,
    "HEIF",  # registered by pillow_heif
)
"""What cameras, phones, scanners and web pages write, and the PGM of face data sets.

Not here: formats that run another program (EPS), that are no pictures of the world (ICO, DDS,
FLI), or that are rare as photos and not worth one more parser of foreign bytes (JPEG 2000, PSD,
TGA, PCX, SGI, ICNS).
"""

_BYTES_PER_PIXEL = 7  # Pillow's own four, and the array's three

_MAGIC = re.compile(
    rb"\xff\xd8|\x89PNG|GIF8|BM|II[*+]\0|MM\0[*+]|RIFF....WEBP|....ftyp(avi|hei|mif|msf)", re.DOTALL
)

pillow_heif.register_heif_opener()
# Pillow's own guard stands behind ours, because a GIF's frames are allocated while it is opened.
# It refuses from twice this number, so no setting of ours can go beyond 250 megapixels.
Image.MAX_IMAGE_PIXELS = 125_000_000
# Pillow speaks of odd metadata through warnings and its log, and libtiff straight to standard
# error; none of it is news for the owner.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)
with contextlib.suppress(OSError, AttributeError):  # a Pillow with libtiff linked in hides these
    _pillow = ctypes.CDLL(_imaging.__file__)
    _pillow.TIFFSetWarningHandler(None)
    _pillow.TIFFSetErrorHandler(None)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded picture.

    Attributes:
        image: upright RGB; the first frame of an animation; transparency on white.
        sha256: of the file's bytes, hex.
        width: upright pixels of the original, also when *image* is reduced; likewise *height*.
        scale: pixels of *image* for one of the original: 1, or 1/2, 1/4, 1/8 when reduced.
        format: Pillow's name, such as ``"JPEG"``.
        orientation: EXIF, 1 to 8, as the file says it; *image* has been turned by it.
        xmp: the XMP packet in the file, unparsed.
    """

    image: RgbImage
    sha256: str
    width: int
    height: int
    scale: float
    format: str
    orientation: int = 1
    xmp: bytes | None = None


def decode(
    path: Path | str,
    *,
    min_side: int | None = None,
    max_pixels: int = MAX_PIXELS,
    max_bytes: int = MAX_BYTES,
) -> Decoded:
    """The picture in the file *path*; see `decode_bytes`.

    Raises:
        ImageError: not a regular file, unreadable, too large, damaged, or of a foreign format.
    """
    data = read_file(path, max_bytes=max_bytes)
    return decode_bytes(data, path, min_side=min_side, max_pixels=max_pixels)


def read_file(path: Path | str, *, max_bytes: int = MAX_BYTES, first: int | None = None) -> bytes:
    """The content of a regular file: all of it, or only its *first* bytes.

    Pipes, devices, sockets, folders and link loops are told by their kind before anything is
    opened, because opening a pipe waits for ever.

    Raises:
        ImageError: not a regular file, unreadable, or more than *max_bytes*.
    """
    try:
        _check_kind(path, Path(path).stat(), max_bytes)
        with Path(path).open("rb") as file:
            data = file.read(max_bytes + 1 if first is None else first)
    except FileNotFoundError as error:
        raise ImageError(path, tr("the file is not there")) from error
    except PermissionError as error:
        raise ImageError(path, tr("reading the file is not permitted")) from error
    except (OSError, ValueError) as error:
        raise ImageError(path, tr("the file cannot be read: {error}", error=error)) from error
    _check_size(path, len(data), max_bytes)  # it may have grown meanwhile
    return data


def _check_kind(path: Path | str, status: os.stat_result, max_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ImageError(path, tr("not a file, but a folder, pipe or device"), unsupported=True)
    _check_size(path, status.st_size, max_bytes)


def _check_size(path: Path | str, size: int, limit: int) -> None:
    if size > limit:
        reason = tr("the file is larger than the limit of {limit} MB", limit=limit // 2**20)
        raise ImageError(path, reason, unsupported=True)


def decode_bytes(
    data: bytes,
    path: Path | str,
    *,
    min_side: int | None = None,
    max_pixels: int = MAX_PIXELS,
    reserve: Callable[[int], None] | None = None,
) -> Decoded:
    """The picture in *data*.

    Args:
        data: a file's whole content.
        path: where it came from, for messages.
        min_side: None decodes every pixel. Otherwise a JPEG, which can be decoded several times
            faster at 1/2, 1/4 or 1/8 of its size, is, as long as its shorter side keeps at least
            so many pixels. Other formats come whole.
        max_pixels: refuse larger pictures before decoding.
        reserve: told how many bytes decoding will take at most, before they are; may wait.

    Raises:
        ImageError: too large, damaged, or of a format not in `FORMATS`.
    """
    if not data:
        raise ImageError(path, tr("the file is empty"))
    # Whatever a parser of foreign bytes raises (OSError, SyntaxError, struct.error, MemoryError …)
    # means one thing here: this file cannot be used.
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            width, height = opened.size
            _check_pixels(path, width * height, max_pixels)
            if min_side is not None:
                opened.draft("RGB", (min_side, min_side))
            if reserve is not None:
                reserve(_BYTES_PER_PIXEL * opened.size[0] * opened.size[1])
            noted = noted_orientation(opened)
            opened.load()
            orientation = orientation_of(opened)
            image = turn(to_rgb(opened), orientation)
            kind = opened.format or "?"
            xmp = opened.info.get("xmp")
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(path, max_pixels) from error
    except UnidentifiedImageError as error:
        raise _unidentified(path, data) from error
    except Exception as error:
        raise _undecodable(path, error) from error
    if orientation > 4:  # noqa: PLR2004 - EXIF: 5 to 8 swap the sides
        width, height = height, width
    return Decoded(
        image=image,
        sha256=hashlib.sha256(data).hexdigest(),
        width=width,
        height=height,
        scale=image.shape[1] / width,
        format=kind,
        orientation=noted,
        xmp=xmp if isinstance(xmp, bytes) else None,
    )


def _check_pixels(path: Path | str, pixels: int, limit: int) -> None:
    if pixels < 1:
        raise ImageError(path, tr("the picture has no pixels"))
    if pixels > limit:
        raise _too_many_pixels(path, limit)


def _too_many_pixels(path: Path | str, limit: int) -> ImageError:
    reason = tr("it has more pixels than the limit of {limit} megapixels", limit=limit // 10**6)
    return ImageError(path, reason, unsupported=True)


def _undecodable(path: Path | str, error: Exception) -> ImageError:
    """Tell a short file and an unusual variant from damage by Pillow's messages."""
    detail = str(error) or type(error).__name__
    if "truncated" in detail.lower():
        return ImageError(path, tr("the file is cut off: its end is missing"))
    if "unsupported" in detail.lower() or isinstance(error, NotImplementedError):
        reason = tr("an unusual variant of its format ({error})", error=detail)
        return ImageError(path, reason, unsupported=True)
    return ImageError(path, tr("the picture is damaged ({error})", error=detail))


def _unidentified(path: Path | str, data: bytes) -> ImageError:
    """Tell a web page, a damaged picture and a foreign format apart by the first bytes."""
    start = data[:512].lstrip().lower()
    if start.startswith(b"<") and not start.startswith(b"<svg"):
        return ImageError(path, tr("this is a web page, not a picture"))
    if _MAGIC.match(data):
        return ImageError(path, tr("the header is damaged or of an unusual kind"))
    known = "JPEG, PNG, WebP, GIF, BMP, TIFF, PPM, AVIF, HEIC"
    reason = tr("not a picture in a format that can be read ({known})", known=known)
    return ImageError(path, reason, unsupported=True)
