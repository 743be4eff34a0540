"""One writer and as many readers as there are threads that read, on one SQLite file in WAL mode.

The one writer connection is guarded by a re-entrant lock: SQLite 3.40, which Python 3.11 often
brings, can lose a commit when two connections write and checkpoint at once. Readers are borrowed
from a pool, see what was committed when they began, and never wait for the writer.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.storage.faults import database_faults

_BUSY_SECONDS = 5.0


def connect(file: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit mode, usable from any thread; *mode* is an SQLite URI query."""
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


class Database:
    """The connections to one library file.

    Args:
        file: the SQLite file, which exists.
        read_mode: URI query for readers: ``"mode=ro"``, with ``&immutable=1`` on read-only media.
        writable: whether there is a writer at all.
    """

    def __init__(self, file: Path, *, read_mode: str = "mode=ro", writable: bool = True) -> None:
        self.file = file
        self._read_mode = read_mode
        self._write_lock = threading.RLock()
        self._pool_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._writer = self._open_writer() if writable else None

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """The writer in a transaction: committed and durable when the block ends, or undone.

        Raises:
            LibraryError: the library is closed, open for viewing only, or damaged.
            StorageFault: disk full, permission or input/output error; nothing was changed.
        """
        with self._write_lock, database_faults(self.file):
            self._require_open()
            if self._writer is None:
                raise LibraryError(
                    tr("{file} is open for viewing only.", file=self.file),
                    tr("Copy the library to a folder that you may write to and open that."),
                )
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException as error:
                # A full disk may have made SQLite roll back by itself.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    self._checkpoint("PASSIVE")  # the next write can use the log from its start
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A reader that sees one consistent state of the library for the whole block.

        Raises:
            LibraryError: the library is closed or damaged.
            StorageFault: input/output error.
        """
        with database_faults(self.file):
            connection = self._borrow()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection)

    def rewrite(self) -> None:
        """Writes the file anew, and empties the log: what was deleted is in neither any more.

        Raises:
            StorageFault: disk full; the file is as it was.
        """
        with self._write_lock, database_faults(self.file):
            self._require_open()
            assert self._writer is not None
            self._writer.execute("VACUUM")
            self._checkpoint("TRUNCATE")

    def close(self) -> None:
        """Waits for a running write, then closes; reads that still run close behind themselves."""
        with self._write_lock:
            with self._pool_lock:
                self._closed = True
                idle, self._idle = self._idle, []
            for connection in idle:
                connection.close()
            if self._writer is not None:
                self._checkpoint("TRUNCATE")
                self._writer.close()
                self._writer = None

    def _checkpoint(self, mode: str) -> None:
        """Moves the log's commits into the database; where that fails (disk full) they stay."""
        assert self._writer is not None
        with contextlib.suppress(sqlite3.OperationalError):
            self._writer.execute(f"PRAGMA wal_checkpoint({mode})")

    def _open_writer(self) -> sqlite3.Connection:
        writer = connect(self.file, "mode=rw")
        try:
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute("PRAGMA synchronous = FULL")
        except BaseException:
            writer.close()
            raise
        return writer

    def _require_open(self) -> None:
        if self._closed:
            raise LibraryError(tr("The library {file} has been closed.", file=self.file))

    def _borrow(self) -> sqlite3.Connection:
        with self._pool_lock:
            self._require_open()
            if self._idle:
                return self._idle.pop()
        connection = connect(self.file, self._read_mode)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._pool_lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()
