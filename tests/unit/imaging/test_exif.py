"""What cameras write is told; what makes no sense is left out, whatever it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from facegui.domain.errors import ImageError
from facegui.domain.exif import PhotoExif
from facegui.imaging.exif import read_exif


def photo(
    folder: Path,
    first: dict[int, object] | None = None,
    camera: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
    name: str = "photo.jpg",
) -> Path:
    exif = Image.Exif()
    exif.update(first or {})
    exif.get_ifd(IFD.Exif).update(camera or {})
    exif.get_ifd(IFD.GPSInfo).update(gps or {})
    path = folder / name
    Image.new("RGB", (40, 30)).save(path, exif=exif)
    return path


PLACE = {
    GPS.GPSLatitudeRef: "S",
    GPS.GPSLatitude: (33.0, 51.0, 36.0),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (151.0, 12.0, 0.0),
}


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp"])
def test_everything_a_camera_says_is_told(tmp_path: Path, name: str) -> None:
    path = photo(
        tmp_path,
        {Base.Make: "Canon", Base.Model: "Canon EOS 5D"},
        {
            Base.LensModel: "EF 50mm",
            Base.DateTimeOriginal: "2019:03:02 11:22:33",
            Base.ExposureTime: 0.008,
            Base.FNumber: 2.8,
            Base.ISOSpeedRatings: 200,
            Base.FocalLength: 50.0,
        },
        PLACE,
        name,
    )
    found = read_exif(path)
    assert found is not None
    assert (found.camera, found.lens) == ("Canon EOS 5D", "EF 50mm")
    assert found.taken_at == "2019-03-02 11:22:33"
    assert found.exposure == ("1/125 s", "f/2.8", "ISO 200", "50 mm")
    assert found.place == pytest.approx((-33.86, 151.2))


def test_a_maker_that_its_model_does_not_name_comes_first(tmp_path: Path) -> None:
    found = read_exif(photo(tmp_path, {Base.Make: "NIKON CORPORATION", Base.Model: "D90\0 "}))
    assert found is not None
    assert found.camera == "NIKON CORPORATION D90"


def test_long_exposures_are_told_in_seconds(tmp_path: Path) -> None:
    found = read_exif(photo(tmp_path, camera={Base.ExposureTime: 1.5}))
    assert found is not None
    assert found.exposure == ("1.5 s",)


def test_a_photo_that_says_nothing_has_nothing(tmp_path: Path) -> None:
    assert read_exif(photo(tmp_path)) is None


@pytest.mark.parametrize(
    "gps",
    [
        {**PLACE, GPS.GPSLatitude: (95.0, 0.0, 0.0)},
        {**PLACE, GPS.GPSLongitude: (1.0, 2.0)},
        {GPS.GPSLatitude: (1.0, 2.0, 3.0)},
    ],
)
def test_a_place_that_is_none_is_left_out(tmp_path: Path, gps: dict[int, object]) -> None:
    found = read_exif(photo(tmp_path, {Base.Model: "X"}, gps=gps))
    assert found == PhotoExif("X", None, None, (), None)


def test_dates_and_numbers_that_make_no_sense_are_left_out(tmp_path: Path) -> None:
    camera: dict[int, object] = {Base.DateTimeOriginal: "    :  :   ", Base.FNumber: 0.0}
    found = read_exif(photo(tmp_path, {Base.Model: "X"}, camera))
    assert found == PhotoExif("X", None, None, (), None)


def test_a_damaged_block_or_file_is_no_error(tmp_path: Path) -> None:
    whole = photo(tmp_path, {Base.Model: "X"}).read_bytes()
    for n, content in enumerate((whole.replace(b"MM\0*", b"MM\xff\xff"), whole[:30], b"text", b"")):
        path = tmp_path / f"{n}.jpg"
        path.write_bytes(content)
        assert read_exif(path) is None


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="not there"):
        read_exif(tmp_path / "none.jpg")


@pytest.mark.photos
def test_no_real_file_makes_it_stumble(photos: Path) -> None:
    files = [file for file in sorted((photos / "formats").rglob("*")) if file.is_file()]
    assert len(files) > 600
    told = [read_exif(file) for file in files]
    assert sum(found is not None for found in told) > 5
