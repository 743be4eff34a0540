"""The end of the loop on real photos: scan and train on five people, then recognise them.

Everything is real: decoder, YuNet, SFace, the Face-transfer head trained in the engine, the pages.
Will Smith is nobody the network has seen, so he stands for all strangers.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.entities import RgbImage
from facegui.gui.context import AppContext
from facegui.gui.live.page import LivePage
from facegui.gui.page import Page
from facegui.gui.recognise.page import RecognisePage
from facegui.imaging.decode import decode
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainRequest, train
from facegui.services.libraries import create_library
from facegui.services.recognising.compared import in_words, tally
from facegui.services.recognising.comparing import CompareRequest, compare
from facegui.services.recognising.file_faces import FaceMemory
from facegui.services.recognising.live import LiveRequest, live
from facegui.services.recognising.live_watch import LiveFrame
from facegui.services.recognising.recognise import RecogniseRequest, recognise_photos
from facegui.services.recognising.sorting import SortRequest, sort_into_folders
from facegui.services.recognising.video_files import frame_at
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from tests.fakes.bundles import write_random_cnn
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools, picture
from tests.fakes.films import placed
from tests.fakes.frames import ScriptedSource
from tests.fakes.videos import BLUE, RED, write_avi

pytestmark = pytest.mark.engine

STRANGER = "Will Smith"
LEARNED = 24
"""Photos of each person that go into the library; the others are recognised."""

PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Trained:
    """A model, and photos it has not seen, by person."""

    tools: Tools
    bundle: Path
    unseen: dict[str, list[Path]]

    @property
    def known(self) -> list[str]:
        return sorted(set(self.unseen) - {STRANGER})


@pytest.fixture(scope="module")
def trained(
    photos: Path, models: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trained]:
    by_person = originals(photos / "messy")
    tools = make_tools()
    folder = tmp_path_factory.mktemp("recognition")
    with create_library(folder / "five.facegui") as library:
        for name, files in by_person.items():
            if name != STRANGER:
                request = ImportRequest(tuple(files[:LEARNED]), person=name)
                import_photos(library, request, NullControl())
        scan(library, tools, ScanRequest(), NullControl())
        config = default_config("face-transfer")
        report = train(library, tools, TrainRequest(config), NullControl())
        unseen = {
            name: files if name == STRANGER else files[LEARNED:]
            for name, files in by_person.items()
        }
        yield Trained(tools, report.bundle, unseen)
    tools.close()


def originals(messy: Path) -> dict[str, list[Path]]:
    """Photos of one person each, without edited copies, in order."""
    truth = json.loads((messy / "truth.json").read_text("utf-8"))
    found: dict[str, list[Path]] = {}
    for name, what in sorted(truth.items()):
        if what["kind"] == "original":
            found.setdefault(what["person"], []).append(messy / "photos" / name)
    return found


def close(page: Page) -> None:
    """As the window does it."""
    page.leave()
    assert page.context.lanes.close()


@pytest.fixture
def context(trained: Trained, qapp: object) -> Iterator[AppContext]:
    context = AppContext(trained.tools)
    yield context
    context.deleteLater()


@pytest.fixture
def recognise_page(qtbot: QtBot, context: AppContext, trained: Trained) -> RecognisePage:
    page = RecognisePage(context)
    qtbot.addWidget(page, before_close_func=close)
    page.resize(1280, 800)
    page.show()
    with qtbot.waitSignal(page.body.models.changed, timeout=PATIENCE_MS):
        page.body.models.open_bundle(trained.bundle)
    return page


@pytest.fixture
def live_page(qtbot: QtBot, context: AppContext, trained: Trained) -> LivePage:
    page = LivePage(context)
    qtbot.addWidget(page, before_close_func=close)
    page.resize(1280, 800)
    page.show()
    with qtbot.waitSignal(page.models.changed, timeout=PATIENCE_MS):
        page.models.open_bundle(trained.bundle)
    return page


def test_two_models_on_photos_that_neither_has_seen(trained: Trained, tmp_path: Path) -> None:
    """A network of random numbers beside the trained one: who is better, and that it is no chance.

    Each photo shows one person and lies in a folder of that name.
    """
    other = write_random_cnn(tmp_path / "random.facebundle", tuple(trained.known))
    paths = tuple(path for name in trained.known for path in trained.unseen[name][:4])
    request = CompareRequest(trained.bundle, other, paths)
    found = compare(None, trained.tools, request, NullControl())
    counted = tally(found.faces)
    assert counted.one.count >= 15
    assert counted.one.accuracy > 0.9
    assert "A is the better one" in in_words(found)[0]
    assert not counted.learned


def test_unseen_photos_are_named_and_a_stranger_stays_unknown(
    qtbot: QtBot, recognise_page: RecognisePage, trained: Trained
) -> None:
    truth = {str(path): name for name, files in trained.unseen.items() for path in files}
    recognise_page.drop([Path(path) for path in truth])
    qtbot.waitUntil(lambda: not recognise_page.busy, timeout=PATIENCE_MS)
    results = recognise_page.results.photos
    assert len(results) == len(truth)
    outcome: Counter[str] = Counter()
    for photo in results:
        person = truth[photo.path]
        names = {face.identity.name for face in photo.faces}
        wrong = names - {None, person}
        kind = "stranger" if person == STRANGER else "known"
        outcome[f"{kind}: {'wrong' if wrong else 'named' if person in names else 'unknown'}"] += 1
    known = sum(count for what, count in outcome.items() if what.startswith("known"))
    strangers = sum(count for what, count in outcome.items() if what.startswith("stranger"))
    assert outcome["known: named"] >= 0.95 * known
    assert outcome["known: wrong"] <= 0.01 * known
    assert outcome["stranger: wrong"] <= 0.02 * strangers


def test_everybody_in_a_group_is_named(
    qtbot: QtBot, recognise_page: RecognisePage, trained: Trained, tmp_path: Path
) -> None:
    """Two rows of people who never met, one of them a stranger."""
    people = [*trained.known, STRANGER]
    group = tmp_path / "group.jpg"
    side_by_side([trained.unseen[name][0] for name in people]).save(group, quality=92)
    recognise_page.drop([group])
    qtbot.waitUntil(lambda: not recognise_page.busy, timeout=PATIENCE_MS)
    (photo,) = recognise_page.results.photos
    names = Counter(face.identity.name for face in photo.faces)
    assert names == Counter([*trained.known, None])
    qtbot.waitUntil(lambda: len(recognise_page.body.view.faces) == len(people))


def side_by_side(files: list[Path], side: int = 400, columns: int = 3) -> Image.Image:
    rows = -(-len(files) // columns)
    sheet = Image.new("RGB", (columns * side, rows * side), "white")
    for number, path in enumerate(files):
        photo = Image.fromarray(decode(path).image)
        photo.thumbnail((side, side))
        sheet.paste(photo, (number % columns * side, number // columns * side))
    return sheet


def test_a_video_shows_names_and_an_unknown_face(
    qtbot: QtBot, live_page: LivePage, trained: Trained, tmp_path: Path
) -> None:
    pair = [trained.unseen[trained.known[0]][0], trained.unseen[STRANGER][0]]
    frame = np.asarray(side_by_side(pair, side=320, columns=2).resize((640, 320)))
    live_page.sources.add(str(write_avi(tmp_path / "pair.avi", [frame] * 900, fps=30)))

    def names() -> set[str | None]:
        return {face.identity.name if face.identity else "?" for face in live_page.view.faces}

    qtbot.waitUntil(lambda: names() == {trained.known[0], None}, timeout=PATIENCE_MS)
    live_page.stop()
    qtbot.waitUntil(lambda: not live_page.running)


@pytest.fixture(scope="module")
def cnn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A convolutional network with random weights: it runs, and knows nobody."""
    return write_random_cnn(tmp_path_factory.mktemp("cnn") / "cnn.facebundle", ("A", "B"))


def test_a_convolutional_network_is_asked_through_its_engine(cnn: Path, tmp_path: Path) -> None:
    tools = fake_tools()
    Image.fromarray(picture((10, 40, RED), (60, 40, BLUE))).save(tmp_path / "two.png")
    request = RecogniseRequest(cnn, (tmp_path / "two.png",))
    (photo,) = recognise_photos(tools, request, NullControl()).photos
    tools.close()
    assert len(photo.faces) == 2
    for face in photo.faces:
        assert set(face.identity.scores) == {"A", "B"}
        assert sum(face.identity.scores.values()) == pytest.approx(1, abs=1e-5)


def test_video_goes_on_while_the_engine_starts(cnn: Path) -> None:
    tools = fake_tools(frame_source=lambda _: ScriptedSource(repeat(picture((10, 40, RED)))))
    frames: list[LiveFrame] = []

    def named(_control: object) -> bool:
        return bool(frames) and frames[-1].faces[0].identity is not None

    def show(frame: LiveFrame) -> None:
        frames.append(frame)
        time.sleep(0.02)  # a camera's pace

    control = RecordingControl(stop_when=named)
    live(tools, LiveRequest("0", cnn), show, control)
    tools.close()
    assert named(None)
    assert len(frames) > 10


def test_a_video_says_who_is_seen_when_and_files_are_sorted(
    trained: Trained, tmp_path: Path
) -> None:
    """A film of two people's unseen photos, one after the other, and the photos themselves."""
    one, other = trained.known[:2]
    frames = [
        placed((resized(path), 120, 40))
        for name in (one, other)
        for path in trained.unseen[name][:3]
        for _ in range(8)
    ]
    film = write_avi(tmp_path / "film.avi", frames, 8.0)
    memory = FaceMemory()
    request = RecogniseRequest(trained.bundle, (film, *trained.unseen[one][:3]))
    report = recognise_photos(trained.tools, request, NullControl(), memory)
    video = report.photos[-1]
    assert video.duration_s == pytest.approx(5.75)
    halves: dict[str, set[str | None]] = {"first": set(), "second": set()}
    for face in video.faces:
        assert face.appearance is not None
        halves["first" if face.appearance.best_s < 3 else "second"].add(face.identity.name)
        shown = frame_at(film, face.appearance.best_s)
        assert shown.shape == (480, 640, 3)
    assert one in halves["first"]
    assert other not in halves["first"]
    assert other in halves["second"]
    assert one not in halves["second"]
    sort_into_folders(SortRequest(report.photos, tmp_path / "sorted"), NullControl())
    for name in (one, other):
        assert (tmp_path / "sorted" / name / "film.avi").read_bytes() == film.read_bytes()
    assert len(list((tmp_path / "sorted" / one).iterdir())) >= 3
    again = recognise_photos(trained.tools, request, NullControl(), memory)
    assert again.photos == report.photos


def resized(path: Path) -> RgbImage:
    """Every photo alike, so that a film is no slide show of sizes."""
    picture = Image.fromarray(decode(path).image).resize((400, 400))
    return np.asarray(picture, np.uint8)
