"""A real library of real files whose faces are coloured squares, scanned and named."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from facegui.domain.control import NullControl
from facegui.domain.geometry import Box
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools, picture

COLOURS = {"Ann": (250, 20, 20), "Bob": (20, 20, 250), "Cid": (20, 250, 20)}
ALONE, LEFT, RIGHT = Box(20, 20, 60, 60), Box(10, 20, 50, 60), Box(90, 20, 130, 60)


def write_square(path: Path, *people: str, secret: str = "") -> Path:
    """A photo of one person at `ALONE`, or of two at `LEFT` and `RIGHT`; *secret* goes to EXIF."""
    places = [(20, 20)] if len(people) == 1 else [(10, 20), (90, 20)]
    squares = [(x, y, COLOURS[name]) for (x, y), name in zip(places, people, strict=False)]
    exif = Image.Exif()
    if secret:
        exif[0x010E] = secret
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(*squares, side=40)).save(path, exif=exif)
    return path


def scan_squares(library: Library) -> None:
    """Scan what is new with the stand-in."""
    tools = fake_tools(analyser=SquareAnalyser)
    try:
        scan(library, tools, ScanRequest(threads=1), NullControl())
    finally:
        tools.close()


def square_library(folder: Path) -> Library:
    """Two photos each of Ann and Bob, one of both, in ``folder/photos``; all faces kept."""
    photos = folder / "photos"
    for name in ("Ann", "Bob"):
        for number in (1, 2):
            write_square(photos / name / f"{number}.png", name, secret="a secret")
    write_square(photos / "Group" / "both.png", "Ann", "Bob")
    library = create_library(folder / "Mine.facegui")
    import_photos(library, ImportRequest((photos,)), NullControl())
    scan_squares(library)
    both = library.photo_by_path(str(photos / "Group" / "both.png"))
    assert both is not None
    left, right = sorted(library.faces_of_photos([both.id])[both.id], key=lambda f: f.box.x1)
    library.assign([left.id], "Ann")
    library.assign([right.id], "Bob")
    for ids, name in (((1, 2), "Ann"), ((3, 4), "Bob")):
        library.assign([f.id for i in ids for f in library.faces_of_photos([i])[i]], name)
    return library
