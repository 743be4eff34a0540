"""No, that is somebody else: corrected under Recognise, learned, and right the next time.

Everything is real: photos, scan, the head trained in the engine, the panel beside the photo. Will
Smith is in no photo of the library at first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.corrections import Source
from facegui.gui.context import AppContext
from facegui.gui.correct.panel import CorrectPanel
from facegui.gui.recognise.side import ChosenFace
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainReport, TrainRequest, train
from facegui.services.libraries import Library, create_library
from facegui.services.recognising.corrections_due import due
from facegui.services.recognising.corrections_replay import Learned, Outcome, replay
from facegui.services.recognising.recognise import RecogniseRequest, recognise_photos
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools

pytestmark = pytest.mark.engine

STRANGER = "Will Smith"
KNOWN = ("Angelina Jolie", "Denzel Washington", "Tom Hanks")
LEARNED, CORRECTED = 7, 6
PATIENCE_MS = 60_000


@pytest.fixture
def tools(models: object) -> Iterator[Tools]:
    made = make_tools()
    yield made
    made.close()


def originals(messy: Path, person: str) -> list[Path]:
    """Photos of that person alone, without edited copies, in order."""
    truth = json.loads((messy / "truth.json").read_text("utf-8"))
    return [
        messy / "photos" / name
        for name, what in sorted(truth.items())
        if what["kind"] == "original" and what["person"] == person
    ]


def learn(library: Library, tools: Tools) -> TrainReport:
    config = default_config("face-transfer")
    return train(library, tools, TrainRequest(config), NullControl())


def test_a_stranger_who_was_corrected_is_known_after_the_next_training(
    qtbot: QtBot, photos: Path, tools: Tools, tmp_path: Path
) -> None:
    context = AppContext(tools)
    library = create_library(tmp_path / "known.facegui")
    for person in KNOWN:
        files = originals(photos / "messy", person)[:LEARNED]
        import_photos(library, ImportRequest(tuple(files), person=person), NullControl())
    scan(library, tools, ScanRequest(), NullControl())
    first = learn(library, tools)
    context.set_library(library)
    panel = CorrectPanel(context)
    qtbot.addWidget(panel, before_close_func=lambda _: close(context))
    panel.install(panel)
    panel.show()
    count = len(library.photo_ids())
    strangers = tuple(originals(photos / "messy", STRANGER)[:CORRECTED])
    asked = recognise_photos(tools, RecogniseRequest(first.bundle, strangers), NullControl())
    for photo in asked.photos:
        panel.show_face(ChosenFace(Path(photo.path), photo.faces[0], first.bundle))
        qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=PATIENCE_MS)
        assert panel._field is not None
        panel._field.named.emit(STRANGER)
        qtbot.waitUntil(lambda: STRANGER in panel.said.text(), timeout=PATIENCE_MS)
    assert len(library.photo_ids()) == count + CORRECTED
    wrong = [
        one for one in library.corrections() if not one.said.allows(one.provenance.answer.name)
    ]
    assert len(wrong) == CORRECTED
    assert {one.provenance.source for one in wrong} == {Source.FILE}
    assert due(library).newcomers == (STRANGER,)
    report = learn(library, tools)
    assert not due(library).worth
    found = replay(library, tools, report.bundle, NullControl())
    assert found.counts[Outcome.FIXED] >= CORRECTED - 1
    unseen = [face for face in found.faces if face.learned is Learned.NO]
    assert unseen, "some are held back to test with"
    assert all(face.outcome is Outcome.FIXED for face in unseen)


def close(context: AppContext) -> None:
    """As the window does it."""
    assert context.lanes.close(timeout_s=30)
    context.set_library(None)
