"""What the app remembers between starts: recent libraries, a key's place, how the window looks.

No names and no photos. `QSettings` writes through a temporary file that replaces the old one.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from facegui.gui.theme import Appearance

_MOST_RECENT = 8


class AppSettings:
    """Typed access to the few things kept outside a library."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "FaceGUI", "FaceGUI"
        )

    def recent(self) -> list[Path]:
        """Libraries opened before that are still there, newest first."""
        value = self._store.value("recent", [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(name) for name in names if Path(name).is_dir()]

    def remember(self, library: Path) -> None:
        """Put *library* first among the recent ones."""
        rest = [path for path in self.recent() if path != library]
        self._store.setValue("recent", [str(path) for path in [library, *rest][:_MOST_RECENT]])

    @property
    def cloud_key(self) -> Path | None:
        """Where the owner's key file for Google Cloud Vision lies; never its content."""
        value = self._store.value("cloud_key")
        return Path(value) if isinstance(value, str) and value else None

    @cloud_key.setter
    def cloud_key(self, path: Path) -> None:
        self._store.setValue("cloud_key", str(path))

    @property
    def appearance(self) -> Appearance:
        """Light, dark, or as the system is."""
        value = self._store.value("appearance")
        known = {one.value: one for one in Appearance}
        return known.get(value, Appearance.SYSTEM) if isinstance(value, str) else Appearance.SYSTEM

    @appearance.setter
    def appearance(self, value: Appearance) -> None:
        self._store.setValue("appearance", value.value)

    @property
    def why_open(self) -> bool:
        """Whether the reasons of an answer are shown beside it."""
        return self._store.value("why_open") in (True, "true")

    @why_open.setter
    def why_open(self, value: bool) -> None:
        self._store.setValue("why_open", value)

    @property
    def live_mirror(self) -> bool:
        """Whether live video is shown as a mirror does."""
        return self._store.value("live_mirror") in (True, "true")

    @live_mirror.setter
    def live_mirror(self, value: bool) -> None:
        self._store.setValue("live_mirror", value)

    @property
    def live_size(self) -> tuple[int, int] | None:
        """Width and height asked of cameras; None for their own choice."""
        width, _, height = str(self._store.value("live_size", "")).partition("x")
        return (int(width), int(height)) if width.isdecimal() and height.isdecimal() else None

    @live_size.setter
    def live_size(self, value: tuple[int, int] | None) -> None:
        self._store.setValue("live_size", "" if value is None else f"{value[0]}x{value[1]}")

    @property
    def live_folder(self) -> Path | None:
        """Where snapshots, recordings and the log of live video go; None until it was asked."""
        value = self._store.value("live_folder")
        return Path(value) if isinstance(value, str) and value else None

    @live_folder.setter
    def live_folder(self, folder: Path) -> None:
        self._store.setValue("live_folder", str(folder))

    @property
    def geometry(self) -> QByteArray:
        """The window's size and place, as Qt saves it; empty the first time."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)
