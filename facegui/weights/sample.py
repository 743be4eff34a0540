"""The sample for an owner without photos: the ORL faces, written out as ordinary photos.

The originals are 92 × 112 pixels and filled by the face. Detectors want larger faces with room
around them, so each photo is enlarged three times and set into a blurred continuation of itself.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control, NullControl, Progress
from facegui.domain.errors import StorageFault
from facegui.domain.ports import ModelStore
from facegui.domain.text import tr
from facegui.files import write_atomic
from facegui.imaging.cv import cv2
from facegui.weights.download import check_stop
from facegui.weights.store import data_dir
from facegui.weights.unpack import PEOPLE, PGM_BYTES, PGM_HEADER, PHOTOS_EACH

PHOTO_COUNT = PEOPLE * PHOTOS_EACH
ENLARGED = 3
ROOM_PX = 21
"""Of the original's pixels on each side: YuNet finds 400 of 400 faces then, each above 0.9."""

_BLUR_PX = 7.0

_CREDIT = """\
The Database of Faces (formerly the ORL Database of Faces): 40 people, 10 photos of each, taken
between April 1992 and April 1994. Credit: AT&T Laboratories Cambridge.

These copies are enlarged three times and have room added around them.
"""


def sample_photos(
    store: ModelStore, control: Control | None = None, folder: Path | None = None
) -> Path:
    """A folder with the ORL faces as photos: ``s1/1.png`` … ``s40/10.png``.

    Photos that are already there are left alone, so it costs nothing a second time, and a copy
    that was stopped goes on where it was.

    Args:
        store: has the data set, or fetches it.
        control: hears of progress; may stop it.
        folder: where to; default is ``sample/photos`` in the user's data folder. The credit
            goes beside it, so that the folder holds photos only.

    Raises:
        ModelUnavailable: the data set is not on this machine and cannot be fetched.
        StorageFault: the folder cannot be written.
        Cancelled: the control asked to stop.
    """
    control = control or NullControl()
    folder = folder or data_dir() / "sample" / "photos"
    photos = _read(store.path("orl-faces", control))
    try:
        for index, photo in enumerate(photos):
            check_stop(control)
            person, number = divmod(index, PHOTOS_EACH)
            path = folder / f"s{person + 1}" / f"{number + 1}.png"
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(path, _png(photo))
            control.report(Progress(index + 1, PHOTO_COUNT, tr("Preparing the sample photos")))
        write_atomic(folder.with_name("CREDIT.txt"), _CREDIT.encode())
    except OSError as error:
        raise StorageFault(
            tr("The sample photos cannot be written to {folder}.", folder=folder)
            + f" {error.strerror or error}",
            tr("Free some space, or make the folder writable."),
        ) from error
    return folder


def _read(path: Path) -> NDArray[np.uint8]:
    """The 400 photos, each 112 × 92 grey; the file has been verified by its hash."""
    rows = np.fromfile(path, np.uint8).reshape(PHOTO_COUNT, PGM_BYTES)
    return rows[:, len(PGM_HEADER) :].reshape(PHOTO_COUNT, 112, 92)


def _png(photo: NDArray[np.uint8]) -> bytes:
    carried_on = cv2.copyMakeBorder(photo, *(ROOM_PX,) * 4, cv2.BORDER_REPLICATE)
    framed = _enlarged(cv2.GaussianBlur(carried_on, (0, 0), _BLUR_PX).astype(np.uint8, copy=False))
    edge = ROOM_PX * ENLARGED
    framed[edge:-edge, edge:-edge] = _enlarged(photo)
    data: NDArray[np.uint8] = cv2.imencode(".png", framed)[1]
    return data.tobytes()


def _enlarged(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    large = cv2.resize(image, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    return large.astype(np.uint8, copy=False)
