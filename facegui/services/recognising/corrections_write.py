"""Writing a correction: its face is found in the library, or measured and added with its photo."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from facegui.domain.corrections import Answer, NewFace, Provenance, Source, Truth
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import FaceProposal, Photo, PhotoStatus, ScannedPhoto
from facegui.domain.errors import ImageError, LibraryError
from facegui.domain.geometry import Box
from facegui.domain.ports import FaceAnalyser
from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.files import file_faults, write_atomic
from facegui.network.bundle import load_bundle
from facegui.services.collecting.video_stage import JPEG_QUALITY
from facegui.services.libraries import Library
from facegui.services.recognising.corrections import AskedFace, best_match, place_of, sweep
from facegui.services.reviewing.faces import BoxMeasurer
from facegui.services.runs.records import run_of
from facegui.services.scanning.detection_settings import detect_options
from facegui.services.scanning.room import Room
from facegui.services.scanning.scan import needs_scan
from facegui.services.scanning.scan_flow import PIXEL_BYTES_PER_THREAD
from facegui.services.scanning.scan_photo import read_photo, scan_photo
from facegui.services.tools import Tools


class Corrector:
    """Writes corrections into one library; its networks are loaded once. Not thread-safe."""

    def __init__(self, library: Library, tools: Tools) -> None:
        """Look for faces as hard as *library* says now, with *tools*."""
        self._library = library
        self._tools = tools
        self._options: DetectOptions = detect_options(library)
        self._kept: set[Path] = set()

    def correct(self, asked: AskedFace, truth: Truth) -> Change:
        """Keep that *asked* is *truth*: one undoable step, which adds the photo where it is new.

        Raises:
            ImageError: the picture cannot be read, or no face can be in that place.
            LibraryError: the library is for viewing only, or NOT is about nobody in it.
            BundleError: the model's file has gone.
            ModelUnavailable: a network is neither here nor to be fetched.
            StorageFault: the disk is full.
        """
        library = self._library
        provenance = self._provenance(asked)
        path = place_of(library, asked)
        if asked.source is not Source.FILE:
            self._keep(asked, path)
        change = library.correct(self._where(path, asked.box), truth, provenance)
        sweep(library, self._kept)
        return change

    def _provenance(self, asked: AskedFace) -> Provenance:
        bundle = load_bundle(asked.bundle)
        run = run_of(self._library, bundle.info)
        origin = str(asked.path) if asked.source is Source.VIDEO else asked.address
        return Provenance(
            asked.source,
            origin,
            bundle.sha256,
            None if run is None else run.id,
            Answer.of(asked.identity),
        )

    def _keep(self, asked: AskedFace, path: Path) -> None:
        """Make a picture that is no file of the owner's one of the library's."""
        if self._library.read_only:
            raise LibraryError(
                tr("{file} is open for viewing only.", file=self._library.path),
                tr("Copy the library to a folder that you may write to and open that."),
            )
        if path.exists():
            return
        with file_faults(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, _content(asked))
        self._kept.add(path)

    # The face in the library

    def _where(self, path: Path, box: Box) -> int | NewFace:
        """The face in *box* of the photo at *path*: its id, or how it comes into the library."""
        photo = self._library.photo_by_path(str(path))
        if photo is None:
            photo = _unknown_photo(path)
            scan = self._scan(photo)
            number = best_match(box, [face.box for face in scan.faces])
            found = None if number is None else scan.faces[number]
            face = found or self._measured(_as_scanned(photo, scan), box)
            return NewFace((str(path), scan), face, drawn=found is None)
        if needs_scan(photo):
            self._library.store_scans([self._scan(photo)])
            (photo,) = self._library.photos([photo.id])
        faces = self._library.faces_of_photos([photo.id])[photo.id]
        number = best_match(box, [face.box for face in faces])
        if number is not None:
            return faces[number].id
        return NewFace(photo.id, self._measured(photo, box), drawn=True)

    def _scan(self, photo: Photo) -> ScannedPhoto:
        said = self._library.regions([photo.id]).get(photo.id, ())
        room = Room(PIXEL_BYTES_PER_THREAD)
        scan = scan_photo(photo, lambda: read_photo(photo), self._analyser, room, said)
        if scan.status is not PhotoStatus.OK:
            raise ImageError(photo.path, scan.reason or "")
        return scan

    def _measured(self, photo: Photo, box: Box) -> FaceProposal:
        return self._measurer.measure(photo, box).face

    @cached_property
    def _analyser(self) -> FaceAnalyser:
        return self._tools.analyser(self._options)

    @cached_property
    def _measurer(self) -> BoxMeasurer:
        return BoxMeasurer(self._library, self._tools)


def _content(asked: AskedFace) -> bytes:
    """The bytes of the file that is kept."""
    from facegui.imaging.thumbnail import jpeg_bytes

    if asked.source is Source.LIVE:
        assert asked.frame is not None
        return jpeg_bytes(asked.frame, JPEG_QUALITY)
    assert asked.path is not None
    if asked.source is Source.VIDEO:
        from facegui.services.recognising.video_files import frame_at

        return jpeg_bytes(frame_at(asked.path, asked.time_s), JPEG_QUALITY)
    return asked.path.read_bytes()


def _unknown_photo(path: Path) -> Photo:
    """What is known of a file that is not in the library."""
    try:
        status = path.stat()
    except OSError as error:
        raise ImageError(path, tr("it is not there any more")) from error
    stamp = status.st_size, status.st_mtime_ns
    return Photo(
        0, str(path), None, PhotoStatus.PENDING, None, 0, 0, *stamp, None, None, preferred=False
    )


def _as_scanned(photo: Photo, scan: ScannedPhoto) -> Photo:
    return replace(
        photo,
        status=scan.status,
        width=scan.width,
        height=scan.height,
        sha256=scan.sha256,
        hashes=scan.hashes,
        rotation=scan.rotation,
    )
