from __future__ import annotations

import contextlib
import hashlib
import io
import os
import socket
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from facegui.domain.errors import ImageError
from facegui.imaging.decode import decode, decode_bytes, read_file

ORIENTATION = 0x0112
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "HEIF")


def scene(width: int = 48, height: int = 32) -> Image.Image:
    """Four flat quarters, so that turning and mirroring show: red, green; blue, white."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (220, 30, 30)
    pixels[: height // 2, width // 2 :] = (30, 200, 30)
    pixels[height // 2 :, : width // 2] = (30, 30, 220)
    pixels[height // 2 :, width // 2 :] = 255
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    if kind == "HEIF":
        heif = pillow_heif.from_pillow(image)
        if "exif" in options:
            heif.info["exif"] = options["exif"].tobytes()
        heif.save(buffer, quality=95)
    else:
        image.save(buffer, kind, **options)
    return buffer.getvalue()


def corners(pixels: np.ndarray) -> list[str]:
    """The colours of the quarters, row by row."""
    height, width = pixels.shape[:2]
    names = {(1, 0, 0): "red", (0, 1, 0): "green", (0, 0, 1): "blue", (1, 1, 1): "white"}
    places = [(height // 4, width // 4), (height // 4, -width // 4)]
    places += [(-height // 4, width // 4), (-height // 4, -width // 4)]
    return [names.get(tuple(int(v > 128) for v in pixels[p]), "?") for p in places]


def refusal(data: bytes, **options: int) -> ImageError:
    with pytest.raises(ImageError) as caught:
        decode_bytes(data, "somewhere/photo.jpg", **options)
    assert caught.value.path == Path("somewhere/photo.jpg")
    assert "photo.jpg" in str(caught.value)
    return caught.value


@pytest.mark.parametrize("kind", FORMATS)
def test_every_allowed_format_is_decoded_whatever_its_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.txt"
    path.write_bytes(encoded(scene(), kind))
    decoded = decode(path)
    assert decoded.format == kind
    assert decoded.image.dtype == np.uint8
    assert decoded.image.flags.c_contiguous
    assert decoded.image.shape == (32, 48, 3)
    assert (decoded.width, decoded.height, decoded.scale) == (48, 32, 1.0)
    assert corners(decoded.image) == ["red", "green", "blue", "white"]


def test_the_hash_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(scene()))
    assert decode(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, ["red", "green", "blue", "white"]),
        (2, ["green", "red", "white", "blue"]),
        (3, ["white", "blue", "green", "red"]),
        (4, ["blue", "white", "red", "green"]),
        (5, ["red", "blue", "green", "white"]),
        (6, ["blue", "red", "white", "green"]),
        (7, ["white", "green", "blue", "red"]),
        (8, ["green", "white", "red", "blue"]),
    ],
)
def test_all_eight_orientations_come_upright(
    kind: str, orientation: int, expected: list[str]
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    decoded = decode_bytes(encoded(scene(), kind, exif=exif), "a")
    assert corners(decoded.image) == expected
    assert decoded.image.shape[:2] == (decoded.height, decoded.width)
    assert (decoded.width, decoded.height) == ((48, 32) if orientation <= 4 else (32, 48))


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0" + b"II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x01\0\0\0six\0" + bytes(4),  # text
        b"Exif\0\0" + b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0" + bytes(4),  # 99
        b"Exif\0\0" + b"II*\0\xff\xff\xff\xff",  # points outside of itself
        b"Exif\0\0" + b"garbage",
        b"Exif\0\0",
    ],
)
def test_bad_exif_costs_the_orientation_but_not_the_photo(exif: bytes) -> None:
    decoded = decode_bytes(encoded(scene(), "JPEG", exif=exif), "a")
    assert corners(decoded.image) == ["red", "green", "blue", "white"]


def test_cmyk_comes_in_its_own_colours() -> None:
    decoded = decode_bytes(encoded(scene().convert("CMYK"), "JPEG"), "a")
    assert corners(decoded.image) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bit_grey_is_scaled_and_not_cut_off(kind: str) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, axis=0)
    decoded = decode_bytes(encoded(Image.fromarray(ramp), kind), "a")
    assert decoded.image[0, :, 0].tolist() == list(range(256))


def test_a_dark_sixteen_bit_picture_stays_dark() -> None:
    dark = np.full((4, 4), 200, np.uint16)  # within 8 bits, but of 65535
    assert decode_bytes(encoded(Image.fromarray(dark), "PNG"), "a").image.max() == 1


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0, 1e9])
def test_float_pictures_use_the_range_that_holds_them(top: float) -> None:
    ramp = np.linspace(0, top, 64, dtype=np.float32)[None].repeat(4, axis=0)
    grey = decode_bytes(encoded(Image.fromarray(ramp), "TIFF"), "a").image[0, :, 1].astype(int)
    assert (grey[0], grey[-1]) == (0, 255)
    assert (np.diff(grey) > 0).all()


def test_floats_that_are_no_numbers_are_black() -> None:
    values = np.array([[np.nan, -3.0], [0.5, 1.0]], np.float32)
    decoded = decode_bytes(encoded(Image.fromarray(values), "TIFF"), "a").image
    assert decoded[..., 0].tolist() == [[0, 0], [128, 255]]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_on_white(mode: str) -> None:
    picture = Image.new("RGBA", (4, 4), (0, 0, 0, 0)).convert(mode)
    picture.putpixel((0, 0), (0, 0, 0, 255) if mode == "RGBA" else (0, 255))
    decoded = decode_bytes(encoded(picture), "a").image
    assert decoded[0, 0].tolist() == [0, 0, 0]
    assert decoded[2, 2].tolist() == [255, 255, 255]


def test_a_palettes_transparent_colour_is_white_too() -> None:
    picture = Image.new("P", (4, 4), 1)
    picture.putpalette([200, 0, 0, 0, 200, 0])
    picture.putpixel((0, 0), 0)
    decoded = decode_bytes(encoded(picture, "PNG", transparency=b"\xff\0"), "a").image
    assert decoded[0, 0].tolist() == [200, 0, 0]
    assert decoded[2, 2].tolist() == [255, 255, 255]


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_grey_and_palette_pictures_become_rgb(mode: str) -> None:
    decoded = decode_bytes(encoded(scene().convert(mode)), "a").image
    assert decoded.shape == (32, 48, 3)
    assert decoded[-1, -1].tolist() == [255, 255, 255]


def test_lab_becomes_rgb() -> None:
    white = Image.new("LAB", (4, 4), (255, 128, 128))
    decoded = decode_bytes(encoded(white, "TIFF"), "a").image
    assert decoded.min() > 250


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame_counts(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    pixel = decode_bytes(data, "a").image[4, 4]
    assert pixel[0] > 200
    assert pixel[2] < 60


@pytest.mark.parametrize("size", [(1, 1), (1, 20000), (20000, 1)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_extreme_shapes(kind: str, size: tuple[int, int]) -> None:
    decoded = decode_bytes(encoded(Image.new("RGB", size, "red"), kind), "a")
    assert decoded.image.shape == (size[1], size[0], 3)


@pytest.mark.parametrize(
    ("size", "min_side", "expected"),
    [
        ((1600, 1200), 600, (800, 600)),
        ((1600, 1200), 250, (400, 300)),
        ((1600, 1200), 10, (200, 150)),
        ((640, 480), 480, (640, 480)),
        ((640, 480), 5000, (640, 480)),
    ],
)
def test_a_jpeg_may_be_decoded_smaller(
    size: tuple[int, int], min_side: int, expected: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = encoded(scene(*size), "JPEG", exif=exif)
    decoded = decode_bytes(data, "a", min_side=min_side)
    assert decoded.image.shape == (*expected, 3)
    assert (decoded.width, decoded.height) == (size[1], size[0])
    assert decoded.scale == pytest.approx(expected[0] / size[0])
    assert corners(decoded.image) == ["blue", "red", "white", "green"]


def test_formats_without_that_trick_come_whole() -> None:
    decoded = decode_bytes(encoded(scene(400, 300)), "a", min_side=10)
    assert decoded.image.shape == (300, 400, 3)
    assert decoded.scale == 1.0


def test_an_empty_file_is_refused_as_broken() -> None:
    error = refusal(b"")
    assert "empty" in error.reason
    assert not error.unsupported


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html>", b"\n  <html><body>Not found", b"<?xml"])
def test_a_web_page_named_jpg_is_refused_as_broken(page: bytes) -> None:
    error = refusal(page)
    assert "web page" in error.reason
    assert not error.unsupported


@pytest.mark.parametrize("kind", [k for k in FORMATS if k != "PPM"])
@pytest.mark.parametrize("keep", [0.95, 0.5, 0.2])
def test_a_truncated_file_is_refused_as_broken(kind: str, keep: float) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    data = encoded(Image.fromarray(noise), kind)
    assert not refusal(data[: int(len(data) * keep)]).unsupported


def test_a_truncated_jpeg_says_so() -> None:
    data = encoded(scene(600, 400), "JPEG")
    assert "cut off" in refusal(data[:-100]).reason
    assert "cut off" in refusal(data[:-100], min_side=50).reason


@pytest.mark.parametrize(
    "data",
    [
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"8BPS\0\x01" + bytes(40),
        b"\0\0\x01\0\x01\0" + bytes(40),
        b"plain words",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04" + bytes(40),
        bytes(1000),
    ],
)
def test_foreign_formats_are_refused_as_unsupported(data: bytes) -> None:
    error = refusal(data)
    assert error.unsupported
    assert "JPEG" in error.reason


def test_a_damaged_header_of_a_known_format_is_broken() -> None:
    assert not refusal(b"\x89PNG\r\n\x1a\n" + b"nonsense" * 4).unsupported
    assert not refusal(b"\xff\xd8\xff\xe0" + bytes(50)).unsupported


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds a few bytes of it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_too_many_pixels_are_refused_before_decoding() -> None:
    error = refusal(png_header(30000, 30000))
    assert error.unsupported
    assert "50 megapixels" in error.reason


def test_a_gif_whose_frame_is_far_larger_than_itself_is_refused_at_once() -> None:
    frame = b"," + struct.pack("<HHHH", 65535, 65535, 65535, 65535) + b"\0\x02\0;"
    bomb = b"GIF89a" + struct.pack("<HH", 8, 8) + b"\x80\0\0" + bytes(6) + frame
    control = b"!\xf9\x04\x09\0\0\0\0"  # dispose to the background: what Pillow allocates for
    error = refusal(bomb[:19] + control + bomb[19:])
    assert error.unsupported
    assert isinstance(error.__cause__, Image.DecompressionBombError)  # before it was allocated


def test_the_pixel_limit_is_a_setting() -> None:
    data = encoded(scene(100, 100))
    assert decode_bytes(data, "a", max_pixels=10_000).width == 100
    assert refusal(data, max_pixels=9_999).unsupported


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_gigapixel_png_costs_neither_time_nor_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_header(2**31 - 1, 2**31 - 1))
    script = (
        "import re, sys; from pathlib import Path; from facegui.imaging.decode import decode;"
        "from facegui.domain.errors import ImageError\n"
        "try: decode(sys.argv[1])\n"
        # not ru_maxrss, which a new process takes over from the one that starts it
        "except ImageError: print(re.findall(r'VmHWM:\\s*(\\d+)',"
        " Path('/proc/self/status').read_text())[0])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(bomb)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 500 * 1024  # kilobytes
    assert done.stderr == ""


def test_the_byte_limit_is_a_setting(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(bytes(2000))
    assert len(read_file(path, max_bytes=2000)) == 2000
    with pytest.raises(ImageError, match="larger than the limit"):
        read_file(path, max_bytes=1999)


def test_a_missing_file_is_told_from_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="not there") as caught:
        decode(tmp_path / "none.jpg")
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="not a file") as caught:
        decode(tmp_path)
    assert caught.value.unsupported


def test_a_name_with_a_nul_is_refused() -> None:
    with pytest.raises(ImageError):
        decode("a\0b.jpg")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX kinds of file")
def test_pipes_devices_sockets_and_loops_are_refused_at_once(tmp_path: Path) -> None:
    pipe, link, loop, sock = (tmp_path / name for name in ("pipe", "link.jpg", "loop", "sock"))
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    loop.symlink_to(loop)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(sock))
        started = time.monotonic()
        for path in (pipe, link, loop, sock, Path("/dev/zero")):
            with pytest.raises(ImageError):
                decode(path)
        assert time.monotonic() - started < 1


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(encoded(scene()))
    path.chmod(0)
    with pytest.raises(ImageError, match="not permitted"):
        decode(path)


def test_warnings_and_libtiffs_chatter_stay_inside(tmp_path: Path) -> None:
    tiff = bytearray(encoded(scene(), "TIFF", compression="tiff_adobe_deflate"))
    tiff[20:40] = bytes(range(20))
    (tmp_path / "bad.tif").write_bytes(tiff)
    picture = Image.new("P", (4, 4))
    picture.putpalette([0, 0, 0, 255, 255, 255])
    (tmp_path / "odd.png").write_bytes(encoded(picture, "PNG", transparency=b"\x80\x80"))
    (tmp_path / "exif.jpg").write_bytes(
        encoded(scene(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x05\0garbage")
    )
    script = (
        "import sys; from facegui.imaging.decode import decode;"
        "from facegui.domain.errors import ImageError\n"
        "for path in sys.argv[1:]:\n"
        "  try: decode(path)\n"
        "  except ImageError: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *map(str, tmp_path.iterdir())],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")


_SEEDS = [encoded(scene(24, 16), kind) for kind in FORMATS]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_the_bytes_the_answer_is_a_picture_or_an_image_error(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(_SEEDS)))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(1, len(content)))]
    with contextlib.suppress(ImageError):
        image = decode_bytes(bytes(content), "fuzz", max_pixels=1_000_000).image
        assert image.dtype == np.uint8
        assert image.ndim == 3
        assert image.shape[2] == 3


@pytest.mark.parametrize("height", [1, 127, 128, 1300])
def test_large_pictures_come_out_pixel_by_pixel(height: int) -> None:
    width = 2_100_000 // height + 1
    rows, columns = np.mgrid[:height, :width]
    image = np.stack([rows % 251, columns % 241, (rows + columns) % 239], axis=2).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PPM")
    assert (decode_bytes(file.getvalue(), "large.ppm").image == image).all()
