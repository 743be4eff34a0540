"""Naming the system packages that are missing, before Qt aborts for want of them."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from facegui.domain.errors import EnvironmentFault
from facegui.services import system_check
from facegui.services.system_check import (
    can_show_window,
    explain_import_error,
    missing_packages,
    require_window_libraries,
    x11_answers,
)


def lacking(*libraries: str) -> Callable[[str], object]:
    def load(library: str) -> object:
        if library in libraries:
            raise OSError(f"{library}: cannot open shared object file")
        return object()

    return load


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "freebsd14", False),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_whether_there_is_a_display(
    environ: dict[str, str], platform: str, *, expected: bool
) -> None:
    assert can_show_window(environ, platform) is expected


@pytest.mark.parametrize("answers", [True, False])
def test_a_display_counts_when_its_server_answers(
    monkeypatch: pytest.MonkeyPatch, *, answers: bool
) -> None:
    asked: list[str] = []

    def answer(display: str) -> bool:
        asked.append(display)
        return answers

    monkeypatch.setattr(system_check, "x11_answers", answer)
    assert can_show_window({"DISPLAY": ":0"}, "linux") is answers
    assert can_show_window({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert asked == [":0"]


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_a_stale_display_does_not_answer() -> None:
    assert not x11_answers(":6543")


def test_missing_packages_are_named_in_order() -> None:
    libraries = {"libB.so.1": "libb1", "libA.so.2": "liba2", "libC.so": "libc"}
    assert missing_packages(libraries, lacking("libA.so.2", "libB.so.1")) == ("libb1", "liba2")
    assert missing_packages(libraries, lacking()) == ()


def test_a_real_library_that_is_nowhere_is_missing() -> None:
    assert missing_packages({"libc.so.6": "libc6", "libnowhere.so.0": "libnowhere0"}) == (
        "libnowhere0",
    )


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system on which no library can be loaded."""
    monkeypatch.setattr(system_check, "missing_packages", lambda libraries: (*libraries.values(),))


@pytest.mark.usefixtures("bare")
def test_a_bare_system_is_told_what_to_install() -> None:
    with pytest.raises(EnvironmentFault) as refused:
        require_window_libraries({"DISPLAY": ":0"}, "linux")
    assert "apt-get install libgl1 libglib2.0-0 libegl1" in refused.value.remedy
    assert "libxcb-cursor0" in refused.value.remedy


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    "environ",
    [{"WAYLAND_DISPLAY": "wayland-0"}, {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}],
)
def test_without_x11_its_libraries_are_not_asked_for(environ: dict[str, str]) -> None:
    with pytest.raises(EnvironmentFault) as refused:
        require_window_libraries(environ, "linux")
    assert "libegl1" in refused.value.remedy
    assert "xcb" not in refused.value.remedy


@pytest.mark.usefixtures("bare")
def test_other_systems_bring_their_own() -> None:
    require_window_libraries({"DISPLAY": ":0"}, "darwin")
    require_window_libraries({}, "win32")


@pytest.mark.usefixtures("bare")
def test_an_import_that_lacks_a_library_is_explained() -> None:
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    fault = explain_import_error(error)
    assert fault is not None
    assert "libgl1" in fault.remedy


def test_a_library_nobody_listed_is_named_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_check, "missing_packages", lambda _: ())
    fault = explain_import_error(ImportError("libodd.so.3: cannot open shared object file: No"))
    assert fault is not None
    assert "libodd.so.3" in fault.remedy


def test_any_other_import_error_is_a_bug() -> None:
    assert explain_import_error(ImportError("cannot import name 'x' from 'y'")) is None
    assert explain_import_error(ModuleNotFoundError("No module named 'cv2'")) is None
