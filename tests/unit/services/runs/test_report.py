"""The report of a run: complete, alone, and safe to open."""

from __future__ import annotations

from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from facegui.domain.training import (
    Augmentation,
    Balance,
    CropKind,
    Optimizer,
    Precision,
    Schedule,
    TrainConfig,
)
from facegui.services.runs.records import RunRecord, write_notes
from facegui.services.runs.report import write_report
from facegui.services.runs.words import (
    choice_in_words,
    config_in_words,
    differences,
    settings_in_words,
)
from facegui.training.fit import PROBABILITIES_NAME
from tests.fakes.finished import RECORD
from tests.fakes.runs import kept
from tests.fakes.training_library import FakeLibrary

VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Checks that tags nest, and collects what would be fetched and what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(tmp_path)


def read(library: FakeLibrary, record: RunRecord) -> Reader:
    path = library.path / "report.html"
    write_report(library, record, path)
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    assert reader.open == []
    return reader


def test_everything_is_told(library: FakeLibrary) -> None:
    record = kept(library, warnings=("Tom has few",))
    write_notes(library, record.id, "with glasses\nand hats")
    reader = read(library, record)
    words = " ".join(reader.words)
    for told in ("with glasses", "Tom has few", record.id, record.manifest_hash, "4 faces"):
        assert told in words
    assert reader.addresses == []
    assert not {"script", "img", "link", "iframe"} & set(reader.tags)
    assert reader.tags.count("svg") == 3
    assert "50.0%" in words  # Tom's recall: one of his two was called Ada


def test_names_are_no_markup(library: FakeLibrary) -> None:
    library.add("<script>alert(1)</script>", 10)
    library.add('Tom & "Co"', 10)
    reader = read(library, kept(library))
    assert "script" not in reader.tags
    assert "<script>alert(1)</script>" in reader.words


def test_what_is_left_of_a_run_is_worth_a_report(library: FakeLibrary) -> None:
    record = kept(library)
    for name in (PROBABILITIES_NAME, "curve.csv"):
        (library.runs_dir / record.id / name).unlink()
    reader = read(library, record)
    assert "svg" not in reader.tags
    assert "75.0%" in " ".join(reader.words)


def test_every_setting_has_words_of_its_own() -> None:
    told = settings_in_words(RECORD)
    parts = {"network", "augmentation"}
    names = {field.name for kind in (TrainConfig, Augmentation) for field in fields(kind)} - parts
    assert len(told) == len(names) + 4  # network and the three of the split


def test_what_differs() -> None:
    other = replace(
        RECORD,
        config=replace(
            RECORD.config,
            learning_rate=0.25,
            precision=Precision.BFLOAT16,
            augmentation=replace(RECORD.config.augmentation, contrast=(0.5, 2.0)),
        ),
        manifest_hash="f" * 64,
    )
    found = {row.setting: (row.one, row.other) for row in differences(RECORD, other)}
    assert found["Learning rate"][1] == "0.25"
    assert found["Precision"] == ("float32", "bfloat16")
    assert found["Contrast"] == ("1 – 1", "0.5 – 2")
    assert set(found) == {"Learning rate", "Precision", "Contrast", "Dataset"}
    assert differences(RECORD, RECORD) == ()


def test_what_is_chosen_from_a_list_reads_as_in_the_list() -> None:
    words = config_in_words(TrainConfig("classic"))
    assert words["Balance"] == "people take turns"
    assert words["Optimiser"] == "Adam"
    assert words["Crop"] == "as the network likes"
    assert words["Seconds at most"] == "–"
    for kind in (*Optimizer, *Schedule, *Balance, *CropKind, *Precision, None):
        assert choice_in_words(kind)
