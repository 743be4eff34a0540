"""Ways for files to come to the page: dialogs, and what was copied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl, SignalInstance
from PySide6.QtGui import QClipboard, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from facegui.domain.text import tr
from facegui.gui.theme import icon
from facegui.services.recognising.video_files import VIDEO_SUFFIXES


def ask_for_photos(parent: QWidget) -> Sequence[Path]:
    """Files that the owner chooses; none when they think better of it."""
    folder = _folder(QStandardPaths.StandardLocation.PicturesLocation)
    paths, _ = QFileDialog.getOpenFileNames(parent, tr("Choose photos"), folder)
    return [Path(path) for path in paths]


def ask_for_videos(parent: QWidget) -> Sequence[Path]:
    """Likewise videos."""
    patterns = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES))
    kinds = f"{tr('Videos')} ({patterns});;{tr('All files')} (*)"
    folder = _folder(QStandardPaths.StandardLocation.MoviesLocation)
    paths, _ = QFileDialog.getOpenFileNames(parent, tr("Choose videos"), folder, kinds)
    return [Path(path) for path in paths]


def ask_for_folder(parent: QWidget) -> Sequence[Path]:
    """A folder, likewise."""
    folder = _folder(QStandardPaths.StandardLocation.PicturesLocation)
    path = QFileDialog.getExistingDirectory(parent, tr("Choose a folder"), folder)
    return [Path(path)] if path else []


def copied(clipboard: QClipboard) -> Sequence[Path] | QImage | None:
    """What was copied: files of a file manager, paths in a text, or a picture; None for others."""
    data = clipboard.mimeData()
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    paths = paths or _paths_in(data.text())
    if paths:
        return paths
    image = clipboard.image()
    return None if image.isNull() else image


def _paths_in(text: str) -> list[Path]:
    """The files that *text* names, one in each line; none unless all of them are there."""
    lines = [line.strip().strip("\"'") for line in text.splitlines() if line.strip()]
    paths = [_path(line) for line in lines]
    try:
        there = all(path.is_absolute() and path.exists() for path in paths)
    except (OSError, ValueError):  # no path at all
        return []
    return paths if there else []


def _path(line: str) -> Path:
    if line.startswith("file://"):
        return Path(QUrl(line).toLocalFile())
    return Path(line).expanduser() if line.startswith("~/") else Path(line)


def add_menu(
    parent: QWidget, *, photos: SignalInstance, videos: SignalInstance, folder: SignalInstance
) -> QMenu:
    """The menu of a button that adds files; each argument is told when its entry is chosen."""
    menu = QMenu(parent)
    for sign, text, act in (
        ("photos", tr("Photos…"), photos),
        ("live", tr("Videos…"), videos),
        ("folder", tr("A folder…"), folder),
    ):
        menu.addAction(icon(sign), text).triggered.connect(lambda _on=False, act=act: act.emit())
    return menu


def _folder(place: QStandardPaths.StandardLocation) -> str:
    return QStandardPaths.writableLocation(place)
