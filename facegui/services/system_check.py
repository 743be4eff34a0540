"""Whether this machine can show a window, and which system packages it lacks.

A Python wheel cannot bring everything: OpenCV and Qt load a few libraries of the system, which a
desktop has and a bare Debian has not. Qt does not even raise when its xcb plugin lacks one, it
aborts the process; so they are looked for first, and named by the package that brings them.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterable, Mapping

from facegui.domain.errors import EnvironmentFault
from facegui.domain.text import tr

PICTURE_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
}
"""What OpenCV loads: shared library and the Debian package it comes in."""

WINDOW_LIBRARIES = {
    **PICTURE_LIBRARIES,
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What Qt loads on any display, and on none."""

X11_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""What Qt's xcb plugin loads besides; the packages bring the other xcb libraries along."""


def can_show_window(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether there is a display; only Linux and its like can be without one."""
    if platform in {"win32", "darwin"}:
        return True
    if any(environ.get(name) for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return True
    display = environ.get("DISPLAY")
    return bool(display) and x11_answers(display or "")


def x11_answers(display: str) -> bool:
    """Whether an X server is behind *display*: Qt aborts on a stale one, as a cron job may have.

    True where libxcb is missing, which is another thing to complain about.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def require_window_libraries(environ: Mapping[str, str], platform: str = sys.platform) -> None:
    """Make sure that Qt will find what it loads, before it aborts for want of it.

    Raises:
        EnvironmentFault: names the missing packages and how to install them.
    """
    if not platform.startswith("linux"):
        return
    x11 = environ.get("DISPLAY") and not environ.get("QT_QPA_PLATFORM", "xcb").startswith("off")
    missing = missing_packages({**WINDOW_LIBRARIES, **(X11_LIBRARIES if x11 else {})})
    if missing:
        raise _fault(missing)


def explain_import_error(error: ImportError) -> EnvironmentFault | None:
    """*error* in the owner's words if a library of the system is missing, else None: a bug."""
    if ".so" not in str(error) or "cannot open shared object file" not in str(error):
        return None
    library = str(error).partition(":")[0]
    return _fault(missing_packages(WINDOW_LIBRARIES) or (library,))


def missing_packages(
    libraries: Mapping[str, str], load: Callable[[str], object] = ctypes.CDLL
) -> tuple[str, ...]:
    """The Debian packages of those *libraries* that cannot be loaded."""

    def is_there(library: str) -> bool:
        try:
            load(library)
        except OSError:
            return False
        return True

    return tuple(package for library, package in libraries.items() if not is_there(library))


def _fault(packages: Iterable[str]) -> EnvironmentFault:
    return EnvironmentFault(
        tr("This system lacks libraries that FaceGUI needs."),
        tr(
            "On Debian and Ubuntu install them with: apt-get install {packages}",
            packages=" ".join(packages),
        ),
    )
