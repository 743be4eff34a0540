"""Opening, creating and naming libraries; the library type the layers above use."""

from __future__ import annotations

from pathlib import Path

from facegui.collect.folders import LIBRARY_SUFFIX, is_library
from facegui.storage.library import Library

__all__ = ["Library", "create_library", "is_library", "open_library", "with_suffix"]


def with_suffix(path: Path) -> Path:
    """*path* ending in ``.facegui``, as the window names new libraries."""
    return path if path.suffix == LIBRARY_SUFFIX else path.with_name(path.name + LIBRARY_SUFFIX)


def create_library(path: Path) -> Library:
    """A new, empty library at *path*.

    Raises:
        LibraryError: something is there already, or it cannot be written.
    """
    return Library.create(path)


def open_library(path: Path, *, create: bool = False) -> Library:
    """The library at *path*; with *create*, made when nothing is there.

    Raises:
        LibraryError: absent, busy, newer, damaged or not a library; the message says which.
    """
    return Library.open_or_create(path) if create else Library.open(path)
