"""Colours and icons: light and dark palettes that follow the system, one accent, no bitmaps."""

from __future__ import annotations

from enum import Enum
from functools import cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from facegui.domain.text import resource_path

_LIGHT = {
    QPalette.ColorRole.Window: "#f6f7f9",
    QPalette.ColorRole.WindowText: "#1c2128",
    QPalette.ColorRole.Base: "#ffffff",
    QPalette.ColorRole.AlternateBase: "#eef0f3",
    QPalette.ColorRole.Text: "#1c2128",
    QPalette.ColorRole.PlaceholderText: "#626c78",
    QPalette.ColorRole.Button: "#ffffff",
    QPalette.ColorRole.ButtonText: "#1c2128",
    QPalette.ColorRole.BrightText: "#ffffff",
    QPalette.ColorRole.ToolTipBase: "#1c2128",
    QPalette.ColorRole.ToolTipText: "#f6f7f9",
    QPalette.ColorRole.Highlight: "#1f6feb",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Link: "#1a5fc8",
    QPalette.ColorRole.Light: "#ffffff",
    QPalette.ColorRole.Midlight: "#e6e9ed",
    QPalette.ColorRole.Mid: "#cfd5dc",
    QPalette.ColorRole.Dark: "#9aa4af",
    QPalette.ColorRole.Shadow: "#70798a",
}
_DARK = {
    QPalette.ColorRole.Window: "#1b1f24",
    QPalette.ColorRole.WindowText: "#e6e9ed",
    QPalette.ColorRole.Base: "#14171b",
    QPalette.ColorRole.AlternateBase: "#22272e",
    QPalette.ColorRole.Text: "#e6e9ed",
    QPalette.ColorRole.PlaceholderText: "#98a3b0",
    QPalette.ColorRole.Button: "#2a3038",
    QPalette.ColorRole.ButtonText: "#e6e9ed",
    QPalette.ColorRole.BrightText: "#ffffff",
    QPalette.ColorRole.ToolTipBase: "#e6e9ed",
    QPalette.ColorRole.ToolTipText: "#1b1f24",
    QPalette.ColorRole.Highlight: "#2f74d8",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Link: "#79b0ff",
    QPalette.ColorRole.Light: "#3a424d",
    QPalette.ColorRole.Midlight: "#323943",
    QPalette.ColorRole.Mid: "#3c4450",
    QPalette.ColorRole.Dark: "#6d7784",
    QPalette.ColorRole.Shadow: "#0c0e11",
}

_STYLE = """
QToolTip { border: 0; padding: 4px 6px; background: palette(text); color: palette(base); }
* { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { padding: 6px 14px; border: 1px solid palette(mid); border-radius: 6px;
              background: palette(button); }
QPushButton:hover { border-color: palette(dark); }
QPushButton:pressed { background: palette(midlight); }
QPushButton:disabled { color: palette(dark); }
QPushButton:focus { border-color: palette(highlight); }
QPushButton[primary="true"] { background: palette(highlight); color: palette(highlighted-text);
                              border-color: palette(highlight); font-weight: 600; }
QPushButton[primary="true"]:disabled { background: palette(mid); border-color: palette(mid); }
QLineEdit { padding: 4px 6px; min-height: 20px; }
QLineEdit[frame="true"] { border: 1px solid palette(mid); border-radius: 6px;
                          background: palette(base); }
QLineEdit[frame="true"]:focus { border-color: palette(highlight); }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
    width: 13px; height: 13px; border: 1px solid palette(dark); border-radius: 3px;
    background: palette(base); }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: palette(highlight); }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: palette(highlight); border-color: palette(highlight); image: url("@check@"); }
QRadioButton::indicator:checked { border: 4px solid palette(highlight); width: 7px; height: 7px;
                                  background: palette(highlighted-text); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: palette(mid); }
QTabBar::tab { padding: 6px 14px; border: 0; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { background: palette(midlight); }
QTabBar::tab:selected { border-bottom-color: palette(highlight); }
QTabBar::tab:focus { background: palette(midlight); }
QTabWidget::pane { border: 1px solid palette(mid); border-radius: 6px; }
#sidebar { background: palette(alternate-base); border-right: 1px solid palette(mid); }
#sidebar QToolButton { border: 0; border-radius: 8px; padding: 8px 10px; text-align: left; }
#sidebar QToolButton:hover { background: palette(midlight); }
#sidebar QToolButton:checked { background: palette(highlight); color: palette(highlighted-text); }
#sidebar QToolButton:disabled { color: palette(dark); }
#notice { background: palette(alternate-base); border: 1px solid palette(highlight);
          border-radius: 8px; }
#card { background: palette(base); border: 1px solid palette(mid); border-radius: 10px; }
"""


class Appearance(Enum):
    """What the owner wants the window to look like; the values are kept in the settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class _Choice:
    """What the owner has chosen; one for the program, as its palette is."""

    appearance = Appearance.SYSTEM


def is_dark() -> bool:
    """Whether the dark palette is in use now."""
    if _Choice.appearance is not Appearance.SYSTEM:
        return _Choice.appearance is Appearance.DARK
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def apply_theme(app: QApplication) -> None:
    """Dress *app*, now and whenever the system's colour scheme changes."""
    app.setStyle("Fusion")
    app.styleHints().colorSchemeChanged.connect(lambda: _dress(app))
    _dress(app)


def set_appearance(appearance: Appearance) -> None:
    """Be light or dark, whatever the system is, or follow it."""
    if appearance is not _Choice.appearance:
        _Choice.appearance = appearance
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        _dress(app)


def _dress(app: QApplication) -> None:
    drawn = dict(_drawn)
    _drawn.clear()
    icon.cache_clear()
    app.setPalette(_palette(_DARK if is_dark() else _LIGHT))
    app.setStyleSheet(_style())
    for widget in app.allWidgets():
        holders: list[QAbstractButton | QAction] = list(widget.actions())
        if isinstance(widget, QAbstractButton):
            holders.append(widget)
        for holder in holders:
            key = drawn.get(holder.icon().cacheKey())
            if key is not None:
                holder.setIcon(icon(*key))


def _style() -> str:
    """The style sheet; Fusion's own frames around boxes to tick vanish in the dark."""
    return _STYLE.replace("@check@", resource_path("icons/check.svg").as_posix())


def _palette(colours: dict[QPalette.ColorRole, str]) -> QPalette:
    palette = QPalette()
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    greyed = QColor(colours[QPalette.ColorRole.Dark])
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, greyed)
    return palette


_drawn: dict[int, tuple[str, int]] = {}
"""Name and size of each icon there is, by its key: to be drawn anew in other colours."""


@cache
def icon(name: str, size_px: int = 20) -> QIcon:
    """The line icon *name* from ``resources/icons``, in the palette's text colours."""
    palette = QGuiApplication.palette()
    made = QIcon()
    for mode, state, colour in (
        (QIcon.Mode.Normal, QIcon.State.Off, palette.color(QPalette.ColorRole.ButtonText)),
        (QIcon.Mode.Normal, QIcon.State.On, palette.color(QPalette.ColorRole.HighlightedText)),
        (QIcon.Mode.Disabled, QIcon.State.Off, palette.color(QPalette.ColorRole.Dark)),
    ):
        made.addPixmap(_render(name, colour, size_px), mode, state)
    _drawn[made.cacheKey()] = name, size_px
    return made


def _render(name: str, colour: QColor, size_px: int) -> QPixmap:
    drawing = resource_path(f"icons/{name}.svg").read_text("utf-8")
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour.name()).encode()))
    screen = QGuiApplication.primaryScreen()
    scale = screen.devicePixelRatio() if screen else 1.0
    pixmap = QPixmap(QSize(size_px, size_px) * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap
