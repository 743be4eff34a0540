"""The library on disk: SQLite through one writer, an undo journal, safe names."""

from facegui.storage.library import Library
from facegui.storage.names import safe_name

__all__ = ["Library", "safe_name"]
