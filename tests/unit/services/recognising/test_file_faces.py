"""What was found in a file is remembered for another model, and many views vote on one name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.control import NullControl
from facegui.domain.entities import RgbImage
from facegui.domain.ports import Picture
from facegui.domain.recognition import Identity, Moment
from facegui.domain.training import Preprocessing
from facegui.services.recognising.file_faces import (
    FaceMemory,
    FileFaces,
    FoundOnce,
    elected,
    stamp_of,
)
from facegui.services.recognising.recognise import RecogniseRequest, recognise_photos
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import SquareFinder, fake_tools, picture, square
from tests.fakes.videos import BLUE, RED

EMBEDDING = Preprocessing("embedding", 0, 0.0)


def found(rows: int) -> FileFaces:
    faces = tuple(FoundOnce((square(0, 0),)) for _ in range(rows))
    return FileFaces(10, 10, faces, np.zeros((rows, 128), np.float32))


def moment(time_s: float, side: float = 24) -> Moment:
    face = square(0, 0, side)
    return Moment(time_s, face.box, face.landmarks, 0.9)


def answer(name: str | None, similarity: float, probability: float = 0.8) -> Identity:
    rest = {"Ann": 1 - probability, "Bob": 1 - probability}
    candidate = name or "Ann"
    return Identity(
        name, candidate, probability, rest | {candidate: probability}, similarity, threshold=0.4
    )


class TestMemory:
    def test_a_file_is_remembered_until_it_changes(self, tmp_path: Path) -> None:
        file = tmp_path / "a.png"
        file.write_bytes(b"1")
        memory, stamp = FaceMemory(), stamp_of(file)
        assert stamp is not None
        one = found(1)
        memory.keep(stamp, EMBEDDING, one)
        assert memory.recall(stamp) == {EMBEDDING: one}
        file.write_bytes(b"12")
        changed = stamp_of(file)
        assert changed is not None
        assert memory.recall(changed) == {}

    def test_without_a_file_there_is_no_stamp(self, tmp_path: Path) -> None:
        assert stamp_of(tmp_path / "gone.png") is None

    def test_what_was_not_used_longest_goes_first(self, tmp_path: Path) -> None:
        memory = FaceMemory(budget_bytes=3 * found(1).size_bytes)
        stamps = []
        for name in "abcd":
            (tmp_path / name).write_bytes(b"")
            stamp = stamp_of(tmp_path / name)
            assert stamp is not None
            stamps.append(stamp)
            memory.keep(stamp, EMBEDDING, found(1))
            memory.recall(stamps[0])
        assert [bool(memory.recall(stamp)) for stamp in stamps] == [True, False, True, True]

    def test_a_memory_without_room_holds_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "a").touch()
        memory, stamp = FaceMemory(0), stamp_of(tmp_path / "a")
        assert stamp is not None
        memory.keep(stamp, EMBEDDING, found(0))
        assert memory.recall(stamp) == {}


class CountingFinder(SquareFinder):
    looks = 0

    def find(self, image: RgbImage | Picture) -> object:
        type(self).looks += 1
        return super().find(image)


def test_another_model_does_not_look_again(tmp_path: Path) -> None:
    album = tmp_path / "album"
    album.mkdir()
    for number in range(6):
        Image.fromarray(picture((10, 40, RED))).save(album / f"{number}.png")
    tools, memory = fake_tools(finder=CountingFinder), FaceMemory()
    CountingFinder.looks = 0
    names = []
    for person in ("Ruth", "Rose"):
        bundle = write_colour_bundle(tmp_path / f"{person}.facebundle", {person: RED, "Jo": BLUE})
        request = RecogniseRequest(bundle, (album,))
        report = recognise_photos(tools, request, NullControl(), memory)
        names.append({face.identity.name for photo in report.photos for face in photo.faces})
    tools.close()
    assert names == [{"Ruth"}, {"Rose"}]
    assert CountingFinder.looks == 6


class TestVote:
    def test_the_majority_names_and_the_mean_tells_how_sure(self) -> None:
        answers = [answer("Ann", 0.6), answer("Bob", 0.5), answer("Ann", 0.8, 0.9)]
        views = [moment(0.0), moment(0.25), moment(0.5, side=40)]
        best, identity, agreement = elected(views, answers)
        assert (best, identity.name) == (2, "Ann")
        assert identity.similarity == pytest.approx(0.7)
        assert identity.probability == pytest.approx(0.85) == identity.scores["Ann"]
        assert 0.5 < agreement < 1

    def test_a_stranger_seen_twice_is_not_named_for_one_weak_likeness(self) -> None:
        answers = [answer(None, 0.1), answer("Ann", 0.41), answer(None, 0.15)]
        _, identity, _ = elected([moment(n / 4) for n in range(3)], answers)
        assert identity.name is None
        assert identity.similarity < identity.threshold
