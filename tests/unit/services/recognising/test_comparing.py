"""Two models asked about the same faces: what they are asked, who is right, and what that says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PIL import Image

from facegui.domain.control import NullControl
from facegui.domain.errors import BundleError, Cancelled, LibraryError
from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity
from facegui.services.libraries import Library
from facegui.services.recognising import comparing
from facegui.services.recognising.compared import in_words, tally, write_csv
from facegui.services.recognising.comparing import (
    Agreement,
    ComparedFace,
    CompareRequest,
    Comparison,
    agreement,
    compare,
)
from facegui.services.tools import Tools
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools, picture
from tests.fakes.finished_run import finished_run
from tests.fakes.training_library import FakeLibrary
from tests.fakes.videos import BLUE, GREEN, RED

BOX = Box(0.0, 0.0, 10.0, 10.0)


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools()
    yield made
    made.close()


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    """A knows Ruth and Gretel; B has them the other way round, and knows Bluebeard too."""
    one = write_colour_bundle(tmp_path / "a.facebundle", {"Ruth": RED, "Gretel": GREEN})
    other = write_colour_bundle(
        tmp_path / "b.facebundle", {"Ruth": GREEN, "Gretel": RED, "Bluebeard": BLUE}
    )
    return one, other


def save(path: Path, *faces: tuple[int, int, tuple[int, int, int]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(*faces)).save(path)
    return path


def asked(
    tools: Tools, models: tuple[Path, Path], *paths: Path, control: object = None
) -> Comparison:
    request = CompareRequest(*models, paths)
    return compare(None, tools, request, control or NullControl())  # type: ignore[arg-type]


def test_files_are_asked_about_and_folders_say_who_it_is(
    tools: Tools, models: tuple[Path, Path], tmp_path: Path
) -> None:
    album = tmp_path / "album"
    save(album / "Ruth" / "1.png", (10, 40, RED))
    save(album / "Bluebeard" / "1.png", (10, 40, BLUE))
    save(album / "Ruth" / "group.png", (10, 40, RED), (60, 40, GREEN))
    save(album / "stranger.png", (10, 40, (250, 250, 10)))
    (album / "empty.jpg").touch()
    found = asked(tools, models, album)
    assert len(found.faces) == 5
    assert [Path(path).name for path, _ in found.unread] == ["empty.jpg"]
    by_name = {(Path(f.path).parent.name, f.box.x1): f for f in found.faces if f.truth}
    ruth, blue = by_name["Ruth", 10.0], by_name["Bluebeard", 10.0]
    assert (ruth.one.name, ruth.other.name) == ("Ruth", "Gretel")
    assert (ruth.one_right, ruth.other_right) == (True, False)
    assert (blue.one.name, blue.other.name) == (None, "Bluebeard")
    assert (blue.one_right, blue.other_right) == (True, True)  # A does not know him, and says so
    assert len(by_name) == 2  # of a group nobody says who is who
    assert not found.stopped


def test_what_one_of_them_has_seen_proves_nothing(
    tools: Tools, tmp_path: Path, models: tuple[Path, Path]
) -> None:
    from hashlib import sha256

    from facegui.network.bundle import Bundle, load_bundle, save_bundle

    photo = save(tmp_path / "Ruth" / "1.png", (10, 40, RED))
    old = load_bundle(models[1])
    seen = replace(old.info, photo_sha256s=(sha256(photo.read_bytes()).hexdigest(),))
    save_bundle(models[1], Bundle(seen, old.weights, old.prototypes))
    (face,) = asked(tools, models, photo).faces
    assert face.learned
    assert not face.judged
    assert "counts for nothing" in " ".join(in_words(asked(tools, models, photo)))


def test_stopping_keeps_what_is_done(
    tools: Tools, models: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "_BLOCK", 1)
    for number in range(5):
        save(tmp_path / "album" / f"{number}.png", (10, 40, RED))
    control = RecordingControl(lambda c: any(step.done >= 2 for step in c.progress))
    found = asked(tools, models, tmp_path / "album", control=control)
    assert 0 < len(found.faces) < 5
    assert found.stopped
    assert "Stopped" in " ".join(in_words(found))
    with pytest.raises(Cancelled):
        asked(tools, models, tmp_path / "album", control=RecordingControl(lambda _: True))


def test_a_model_that_cannot_be_used_is_named(
    tools: Tools, models: tuple[Path, Path], tmp_path: Path
) -> None:
    models[1].write_bytes(b"PK\x03\x04")
    with pytest.raises(BundleError, match=r"b\.facebundle"):
        asked(tools, models, tmp_path)


def test_without_a_library_photos_are_needed(tools: Tools, models: tuple[Path, Path]) -> None:
    with pytest.raises(LibraryError):
        asked(tools, models)


def test_of_a_library_only_what_neither_has_learned_from(tmp_path: Path) -> None:
    fake = FakeLibrary(tmp_path)
    for name in ("Ada", "Zoë"):
        fake.add(name, 10, alike=0.85)
    library = cast("Library", fake)
    first, second = finished_run(fake), finished_run(fake)
    request = CompareRequest(Path(first.bundle), Path(second.bundle))
    found = compare(library, cast("Tools", SimpleNamespace(inference=None)), request, NullControl())
    assert len(found.faces) == first.metrics.test_count > 0  # those that both were tested with
    assert found.left_out == 20 - len(found.faces)
    assert all(face.judged for face in found.faces)
    assert "honest" in " ".join(in_words(found))
    # Where the runs are not known any more, whatever is in the bundles counts as learned from.
    import shutil

    shutil.rmtree(library.runs_dir / first.id)
    shutil.rmtree(library.runs_dir / second.id)
    request = CompareRequest(*sorted(library.models_dir.iterdir()))
    found = compare(library, cast("Tools", SimpleNamespace(inference=None)), request, NullControl())
    assert found.faces == ()
    assert "every named face" in in_words(found)[0]


# What it says


def identity(name: str | None) -> Identity:
    return Identity(name, name or "Ann", 0.5, {}, 0.5, 0.4)


def face(one: str | None, other: str | None, truth: str | None = "Ann") -> ComparedFace:
    right = [None if truth is None else name == truth for name in (one, other)]
    return ComparedFace(
        "/=1+1.png", 9, 9, BOX, identity(one), identity(other), truth, False, right[0], right[1]
    )


def comparison(*faces: ComparedFace) -> Comparison:
    request = CompareRequest(Path("a"), Path("b"), (Path("photos"),))
    return Comparison(request, faces, len(faces), 0, (), stopped=False)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Ann", "Ann", Agreement.SAME),
        (None, None, Agreement.BOTH_UNKNOWN),
        ("Ann", None, Agreement.ONLY_ONE),
        (None, "Ann", Agreement.ONLY_OTHER),
        ("Ann", "Ben", Agreement.DIFFERENT),
    ],
)
def test_kinds_of_agreement(one: str | None, other: str | None, kind: Agreement) -> None:
    assert agreement(face(one, other)) is kind
    assert face(one, other).differs is (one != other)


@pytest.mark.parametrize(
    ("only_one", "only_other", "chance"),
    [(0, 0, 1.0), (1, 0, 1.0), (3, 0, 0.25), (3, 12, 0.03515625), (5, 5, 1.0)],
)
def test_chance_is_that_of_a_fair_coin(only_one: int, only_other: int, chance: float) -> None:
    """Values of the exact binomial test."""
    faces = [face("Ann", "Ben")] * only_one + [face("Ben", "Ann")] * only_other
    counted = tally(faces)
    assert (counted.only_one, counted.only_other) == (only_one, only_other)
    assert counted.chance == pytest.approx(chance)


def test_the_sentence_says_who_is_better_only_where_it_is_hardly_chance() -> None:
    few = in_words(comparison(*[face("Ann", "Ben")] * 3))[0]
    assert "B is right on 0 where A is wrong, A on 3 where B is wrong." in few
    assert "25 %" in few
    assert "may be chance" in few
    many = in_words(comparison(*[face("Ann", None)] * 3, *[face(None, "Ann")] * 12))[0]
    assert "B is the better one" in many
    same = in_words(comparison(face("Ann", "Ann")))[0]
    assert "same faces" in same
    thousands = in_words(comparison(*[face(None, "Ann")] * 3000))[0]
    assert "fewer than 1 in 1,000" in thousands


def test_without_truth_they_can_only_agree() -> None:
    told = in_words(comparison(face("Ann", "Ann", None), face("Ann", None, None)))[0]
    assert "agree on 1 of 2 faces" in told
    assert "No face" in in_words(comparison())[0]


def test_csv_has_both_answers_and_no_formulas(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    write_csv(comparison(face("Ann", None), face("Ann", "Ben", None)), out)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["a_name"] for row in rows] == ["Ann", "Ann"]
    assert [row["b_name"] for row in rows] == ["", "Ben"]
    assert [row["b_right"] for row in rows] == ["no", ""]
    assert rows[0]["differs"] == "yes"
    assert rows[0]["truth"] == "Ann"
