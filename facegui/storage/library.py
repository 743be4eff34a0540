"""A library: one folder that holds all FaceGUI knows about the owner's photos."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.files import file_faults, replace_file
from facegui.storage import backup
from facegui.storage import folder as layout
from facegui.storage.connection import Database, connect
from facegui.storage.faults import database_faults
from facegui.storage.forget import Forgetting
from facegui.storage.machine import MachineWriting
from facegui.storage.migrate import migrate, require_known
from facegui.storage.owner import OwnerWriting
from facegui.storage.reading import Reading
from facegui.storage.schema import MIGRATIONS, Migration


class Library(Reading, MachineWriting, OwnerWriting, Forgetting):
    """An open library; a context manager, and safe to use from any thread.

    Make one with `create`, `open` or `open_or_create`.

    Attributes:
        path: the library's folder, absolute.
        read_only: open for viewing; every write raises `LibraryError`.
    """

    def __init__(self, path: Path, database: Database, held: ExitStack, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._db = database
        self._held = held

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Makes a new library in a new or empty folder and opens it.

        Raises:
            LibraryError: the folder holds something else, or a library already.
            StorageFault: disk full or not writable.
        """
        folder = Path(path).absolute()
        with file_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
        with layout.locked(folder):
            layout.require_free(folder)
            layout.make_folders(folder)
            _create_database(folder)
        return cls.open(folder)

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        read_only: bool = False,
        migrations: Sequence[Migration] = MIGRATIONS,
    ) -> Self:
        """Opens the library in the folder *path*; an older one is backed up and brought up to date.

        A folder that may not be written opens for viewing. Viewing takes no lock, so it works
        beside a FaceGUI that has the library open.

        Args:
            path: the library's folder.
            read_only: open for viewing even though it could be written.
            migrations: the schema; another one only in tests.

        Raises:
            LibraryError: absent, open elsewhere, of a newer FaceGUI, or damaged.
            StorageFault: input/output error.
        """
        folder = Path(path).absolute()
        layout.require_library(folder)
        viewing = read_only or not layout.is_writable(folder)
        with ExitStack() as held:
            if viewing:
                database = _open_for_viewing(folder, held, migrations)
            else:
                held.callback(layout.acquire(folder).release)
                database = _open_for_writing(folder, migrations)
            held.callback(database.close)
            return cls(folder, database, held.pop_all(), read_only=viewing)

    @classmethod
    def open_or_create(cls, path: Path | str) -> Self:
        """Opens the library in *path*, or makes one there if there is none."""
        folder = Path(path)
        return cls.open(folder) if layout.database_file(folder).exists() else cls.create(folder)

    @staticmethod
    def restore(path: Path | str, backup_file: Path | None = None) -> Path:
        """Puts a backup (the newest sound one if None) in the place of a closed library.

        Returns:
            Where the replaced database is kept.

        Raises:
            LibraryError: no sound backup, or the library is open.
        """
        return backup.restore(Path(path).absolute(), backup_file)

    @property
    def cache_dir(self) -> Path:
        """Thumbnails and crops; may be deleted at any time."""
        return self.path / "cache"

    @property
    def photos_dir(self) -> Path:
        """Photos that FaceGUI itself fetched or took, a folder for each person; made if needed."""
        return self.path / "photos"

    @property
    def models_dir(self) -> Path:
        """Trained model bundles, a folder each."""
        return self.path / "models"

    @property
    def runs_dir(self) -> Path:
        """Training runs, a folder each."""
        return self.path / "runs"

    def backup(self) -> Path:
        """Makes a verified backup and lets the oldest go; the file it is in.

        Raises:
            LibraryError: the library is damaged, or open for viewing only.
            StorageFault: disk full.
        """
        if self.read_only:
            raise LibraryError(
                tr("{file} is open for viewing only.", file=self.path),
                tr("Copy the library to a folder that you may write to and open that."),
            )
        with self._db.read() as connection:
            return backup.make(connection, self.path)

    def backups(self) -> list[Path]:
        """The backups there are, newest first."""
        return backup.backups(self.path)

    def check(self) -> None:
        """Reads the whole database through.

        Raises:
            LibraryError: it is damaged; the remedy says how to restore it.
        """
        with self._db.read() as connection:
            backup.check(connection, self._db.file)

    def close(self) -> None:
        """Closes the library and gives up its lock; safe to call twice."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()


def _create_database(folder: Path) -> None:
    """Builds the database beside its place: where it stands there is never half of one."""
    unfinished, file = folder / layout.UNFINISHED, layout.database_file(folder)
    with file_faults(file), database_faults(file):
        unfinished.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
            migrate(connection, MIGRATIONS)
        replace_file(unfinished, file)


def _open_for_writing(folder: Path, migrations: Sequence[Migration]) -> Database:
    file, newest = layout.database_file(folder), migrations[-1].version
    with database_faults(file):
        with contextlib.closing(connect(file, "mode=rw")) as connection:
            if require_known(connection, file, newest) < newest:
                backup.make(connection, folder)
                migrate(connection, migrations)
        layout.make_folders(folder)
        return Database(file)


def _open_for_viewing(folder: Path, held: ExitStack, migrations: Sequence[Migration]) -> Database:
    file, newest = layout.database_file(folder), migrations[-1].version
    mode = "mode=ro"
    if not layout.is_writable(folder):
        # SQLite needs to write beside a database with a log, so a folder where it cannot is read
        # as it stands, or from a copy if commits wait in the log.
        if _has_log(file):
            file = _copy_aside(file, held)
        else:
            mode = "mode=ro&immutable=1"
    with database_faults(file):
        with contextlib.closing(connect(file, mode)) as connection:
            version = require_known(connection, file, newest)
        if version < newest:
            raise LibraryError(
                tr("{folder} was written by an older FaceGUI.", folder=folder),
                tr("Open it once where it may be written, so that it can be brought up to date."),
            )
        return Database(file, read_mode=mode, writable=False)


def _has_log(file: Path) -> bool:
    log = layout.log_file(file)
    return log.exists() and log.stat().st_size > 0


def _copy_aside(file: Path, held: ExitStack) -> Path:
    """A copy of database and log in a temporary folder that goes when the library is closed."""
    temporary = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="facegui-")))
    with file_faults(temporary):
        shutil.copyfile(layout.log_file(file), layout.log_file(temporary / file.name))
        return Path(shutil.copyfile(file, temporary / file.name))
