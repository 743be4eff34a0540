"""From Pillow's many pixel modes and EXIF's eight orientations to upright 8-bit RGB arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from facegui.domain.entities import RgbImage

_EXIF_ORIENTATION = 0x0112
_LARGE_PX = 2_000_000
_STRIP_PX = 128
_ALPHA_MODES = ("RGBA", "LA", "PA", "RGBa", "La")
_16_TO_8_BITS = (np.arange(65536) / 257 + 0.5).astype(np.uint8)


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 where the tag is absent, foreign, or its block is damaged.

    Ask after loading: Pillow turns TIFFs by itself then, and removes their tag.
    """
    try:
        value = image.getexif().get(_EXIF_ORIENTATION, 1)
    except Exception:  # a damaged block raises anything, and is no reason to lose the photo
        return 1
    return value if value in range(1, 9) else 1


def noted_orientation(image: Image.Image) -> int:
    """The orientation an opened file notes, also where its decoder turns the picture by itself.

    Ask before loading: TIFFs and HEICs come upright and say 1 afterwards.
    """
    original = image.info.get("original_orientation")  # pillow_heif's
    return (
        original if isinstance(original, int) and original in range(1, 9) else orientation_of(image)
    )


def turn(image: RgbImage, orientation: int) -> RgbImage:
    """*image* as the photographer saw it, by the EXIF *orientation* of its file (Exif 2.32, 4.6.4).

    5 to 8 are stored on their side; 2, 4, 5 and 7 are mirrored.
    """
    upright = image.transpose(1, 0, 2) if orientation > 4 else image  # noqa: PLR2004 - as above
    if orientation in (3, 4, 7, 8):
        upright = upright[::-1]
    if orientation in (2, 3, 6, 7):
        upright = upright[:, ::-1]
    return np.ascontiguousarray(upright)


def to_rgb(image: Image.Image) -> RgbImage:
    """The pixels of a loaded *image* as 8-bit RGB, transparency laid on white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        image = Image.fromarray(_deep_grey_to_8_bits(image))
    elif image.mode in _ALPHA_MODES or "transparency" in image.info:
        colour = image if image.mode == "RGBA" else image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(colour, mask=colour)
    elif image.mode == "LAB":
        image = _lab_to_rgb(image)
    return _array(image if image.mode == "RGB" else image.convert("RGB"))


def _array(image: Image.Image) -> RgbImage:
    """The pixels of an RGB *image*; large ones in strips.

    Pillow hands a picture out in many pieces and joins them, all of it twice in new memory: 53 ms
    for 12 megapixels, against 15 ms into one array.
    """
    if image.width * image.height < _LARGE_PX:
        return np.asarray(image)
    array = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _STRIP_PX):
        bottom = min(top + _STRIP_PX, image.height)
        array[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return array


def _deep_grey_to_8_bits(image: Image.Image) -> NDArray[np.uint8]:
    """Greys of 16 or 32 bits or floats, scaled; Pillow's own conversion would cut them at 255."""
    values = np.asarray(image)
    if image.mode != "F" and (image.mode != "I" or image.format in ("PNG", "PPM")):
        return np.take(_16_TO_8_BITS, values.clip(0, 65535))
    # Nothing says what counts as white: take the narrowest usual range that holds the values.
    values = np.nan_to_num(values.astype(np.float32))
    highest = float(values.max())
    usual = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
    white = next((top for top in usual if highest <= top), highest)
    return (values.clip(0, white) * (255 / white) + 0.5).astype(np.uint8)


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    assert converted is not None  # only with inPlace
    return converted
