"""The real TensorBoard: it answers on this machine's own address, and goes when told to."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import Cancelled
from facegui.services.learning.tensorboard import TensorBoard
from tests.fakes.control import RecordingControl
from tests.fakes.training_library import FakeLibrary


def test_it_answers_and_goes(tmp_path: Path) -> None:
    library, board = FakeLibrary(tmp_path), TensorBoard()
    try:
        address = board.open(library, NullControl())
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address, timeout=30) as page:
            assert b"TensorBoard" in page.read()
        assert board.open(library, NullControl()) == address
    finally:
        board.close()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=5)


def test_stopped_while_it_starts(tmp_path: Path) -> None:
    board = TensorBoard()
    with pytest.raises(Cancelled):
        board.open(FakeLibrary(tmp_path), RecordingControl(lambda _: Stop.DISCARD))
