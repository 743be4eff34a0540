from __future__ import annotations

import os
import subprocess
import sys

import pytest

from facegui.imaging.cv import cv2

_SHOW = (
    "from facegui.imaging.cv import cv2; import os;"
    "print([os.environ.get(n) for n in ('QT_QPA_PLATFORM_PLUGIN_PATH', 'QT_QPA_FONTDIR')])"
)


def _variables_after_import(**environment: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QT_QPA_")}
    done = subprocess.run(
        [sys.executable, "-c", _SHOW],
        env={**clean, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_importing_opencv_leaves_no_qt_variables_behind() -> None:
    assert _variables_after_import() == "[None, None]"


def test_importing_opencv_keeps_the_owners_qt_variables() -> None:
    found = _variables_after_import(QT_QPA_PLATFORM_PLUGIN_PATH="/mine", QT_QPA_FONTDIR="/fonts")
    assert found == "['/mine', '/fonts']"


def test_opencv_works_on_one_thread_because_photos_are_the_unit_of_parallel_work() -> None:
    assert cv2.getNumThreads() == 1


@pytest.mark.parametrize("name", ["FaceDetectorYN", "FaceRecognizerSF"])
def test_opencv_has_the_face_networks(name: str) -> None:
    assert hasattr(cv2, name)
