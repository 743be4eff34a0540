from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.storage import safe_name

HOSTILE = [
    "../../x", "a/b", "..", ".", "", " ", "\0", "a\0b", "CON", "con.txt", "COM1", "lpt9.jpg",
    "nul ", "trailing.", "trailing ", "x" * 300, "é" * 300, "😀" * 300, "\u202egnp.exe",
    "שלום", "김철수",
    "a\\b", "C:\\x", "c:", "<>:\"|?*", "\n\t", "\ud800", "...hidden", "///", "  padded  ",
]  # fmt: skip


def legal(name: str) -> None:
    assert 0 < len(name.encode()) <= 255
    assert name not in {".", ".."}
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in name)
    assert name[-1] not in ". "
    assert name[0] not in ". "
    assert PurePosixPath(name).parts == (name,)
    assert PureWindowsPath(name).parts == (name,)
    assert not PureWindowsPath(name).is_reserved()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_become_one_legal_component(text: str) -> None:
    legal(safe_name(text))


@given(st.text())
def test_any_text_becomes_one_legal_component(text: str) -> None:
    legal(safe_name(text))


@pytest.mark.parametrize(
    "text", ["Ann", "Ann-Marie O'Neil", "김철수", "שלום", "Zoë", "😀", "J. R."]
)
def test_ordinary_names_stay_readable(text: str) -> None:
    assert safe_name(text) == text.rstrip(".")


@given(st.lists(st.sampled_from(["Ann", "ANN", "ann ", "ann.", "İ", "i̇", "Zoë", "Zoe\u0308", ""])))
def test_names_never_collide_even_without_case_or_form(texts: list[str]) -> None:
    taken: list[str] = []
    for text in texts:
        taken.append(safe_name(text, taken))
    folded = {unicodedata.normalize("NFC", name.casefold()) for name in taken}
    assert len(folded) == len(texts)


def test_a_long_name_leaves_room_for_its_number() -> None:
    first = safe_name("é" * 300)
    second = safe_name("é" * 300, [first])
    legal(second)
    assert second.endswith(" (2)")


def test_directional_marks_cannot_disguise_an_extension() -> None:
    assert safe_name("photo\u202egnp.exe") == "photo_gnp.exe"


def test_joined_emoji_stay_whole() -> None:
    family = "👩\u200d👩\u200d👧"
    assert safe_name(family) == family
