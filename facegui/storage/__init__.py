"""The library on disk: SQLite through one writer, an undo journal, atomic files, safe names."""

from facegui.storage.atomic import open_atomic, replace_file, write_atomic
from facegui.storage.library import Library
from facegui.storage.names import safe_name

__all__ = ["Library", "open_atomic", "replace_file", "safe_name", "write_atomic"]
