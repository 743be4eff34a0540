"""The status bar's figures, the settings' memory, the start page and the notice."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QCommandLinkButton, QLabel, QListWidget, QToolButton
from pytestqt.qtbot import QtBot

from facegui.domain.control import Control, Progress, Stop
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.model_in_use import ModelInUse
from facegui.gui.notice import Notice
from facegui.gui.settings import AppSettings
from facegui.gui.start_page import StartPage
from facegui.gui.status import Pace, StatusBar, TaskStatus, figures, time_left
from facegui.gui.task import Task, TaskControl


@pytest.mark.parametrize(
    ("progress", "rate", "left_s", "text"),
    [
        (Progress(0, 0), None, None, ""),
        (Progress(1200, 0), 240.0, None, "1,200"),
        (Progress(1, 423), None, None, "1 / 423"),
        (Progress(100, 400), 25.0, 12.0, "100 / 400 · 25.0/s · 12 s left"),
        (Progress(100, 400), 25.0, None, "100 / 400 · 25.0/s"),
    ],
)
def test_figures_say_what_is_known(
    progress: Progress, rate: float | None, left_s: float | None, text: str
) -> None:
    assert figures(progress, rate, left_s) == text


def pace(*seen: tuple[float, int]) -> float | None:
    found = Pace()
    for now_s, done in seen:
        found.add(Progress(done, 10_000), now_s)
    return found.rate()


def test_the_rate_is_that_of_the_last_seconds() -> None:
    assert pace((0.0, 5000)) is None
    assert pace((0.0, 5000), (0.5, 5002)) is None
    assert pace((0.0, 5000), (2.0, 5008)) == 4.0  # gone on with: the first 5,000 took no time
    slow_now = [(float(second), 1000 + 100 * min(second, 20) + second) for second in range(60)]
    assert pace(*slow_now) == 1.0
    assert pace((0.0, 70), (5.0, 90), (6.0, 10), (8.0, 14)) == 2.0  # counted anew
    assert pace((0.0, 70), (5.0, 70)) is None  # it waits


def test_who_knows_better_says_how_long_it_takes(qtbot: QtBot) -> None:
    found = Pace()
    for second in (0, 2):
        found.add(Progress(10 * second, 100), float(second))
    assert found.left() == 8.0
    task = Task("Training", TaskControl(lambda _kind, _value: None))
    task.seconds_left = lambda: 156.0
    shown = TaskStatus(task)
    qtbot.addWidget(shown)
    task.progressed.emit(Progress(5000, 10_000))
    assert shown._figures.text() == "5,000 / 10,000 · 3 min left"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(12.4, "12 s left"), (89, "89 s left"), (200, "3 min left"), (7300, "2 h left")],
)
def test_time_left_is_rounded_to_what_matters(seconds: float, text: str) -> None:
    assert time_left(seconds) == text


def test_a_visible_task_shows_and_its_stop_reaches_the_job(qtbot: QtBot) -> None:
    lanes = Lanes()
    bar = StatusBar(ModelInUse(lanes, lambda: None, lanes))
    qtbot.addWidget(bar)
    lanes.task_started.connect(bar.watch)

    def job(control: Control) -> Stop:
        control.report(Progress(3, 10, "Scanning"))
        while not control.cancelled():
            pass
        return control.cancelled()

    task = lanes.start(job, "Working", Lane.LONG, visible=True)
    (shown,) = bar.findChildren(TaskStatus)
    qtbot.waitUntil(lambda: "Scanning" in {label.text() for label in shown.findChildren(QLabel)})
    with qtbot.waitSignal(task.done) as got:
        shown._stop.click()

    assert got.args == [Stop.KEEP]
    assert not shown._stop.isEnabled()
    qtbot.waitUntil(lambda: not bar.findChildren(TaskStatus))
    assert lanes.close(timeout_s=30)


def test_settings_remember_recent_libraries_newest_first(tmp_path: Path) -> None:
    file = str(tmp_path / "settings.ini")
    folders = [tmp_path / f"{number}.facegui" for number in range(10)]
    settings = AppSettings(QSettings(file, QSettings.Format.IniFormat))
    assert settings.recent() == []
    for folder in folders:
        folder.mkdir()
        settings.remember(folder)
    settings.remember(folders[5])
    folders[9].rmdir()

    again = AppSettings(QSettings(file, QSettings.Format.IniFormat))

    assert again.recent()[:3] == [folders[5], folders[8], folders[7]]
    assert len(again.recent()) == 7


def test_settings_remember_the_window(tmp_path: Path) -> None:
    file = str(tmp_path / "settings.ini")
    settings = AppSettings(QSettings(file, QSettings.Format.IniFormat))
    assert settings.geometry == QByteArray()
    settings.geometry = QByteArray(b"place")
    assert AppSettings(QSettings(file, QSettings.Format.IniFormat)).geometry == QByteArray(b"place")


def test_the_start_page_offers_three_ways_and_what_was_open(qtbot: QtBot, tmp_path: Path) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    new, opened, sample = page.findChildren(QCommandLinkButton)
    for button, signal in (
        (new, page.new_requested),
        (opened, page.open_requested),
        (sample, page.sample_requested),
    ):
        with qtbot.waitSignal(signal):
            button.click()

    page.show_recent([tmp_path / "Mine.facegui"])
    listed = page.findChild(QListWidget)
    assert listed.item(0).text().splitlines()[0] == "Mine"
    with qtbot.waitSignal(page.recent_chosen) as got:
        listed.itemActivated.emit(listed.item(0))
    assert got.args == [str(tmp_path / "Mine.facegui")]


def test_a_notice_shows_plain_text_and_closes(qtbot: QtBot) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    assert not notice.isVisibleTo(None)

    notice.tell("<b>bad.jpg</b> is empty", "Download it again.")
    texts = [label.text() for label in notice.findChildren(QLabel)]
    assert texts == ["<b>bad.jpg</b> is empty", "Download it again."]
    assert not notice.isHidden()

    notice.findChild(QToolButton).click()
    assert notice.isHidden()


def test_a_notice_leads_to_the_page_that_it_is_about(qtbot: QtBot) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    notice.tell("A training was interrupted.", "Go on with it.", "train")
    assert not notice.show_page.isHidden()
    with qtbot.waitSignal(notice.page_requested) as asked:
        notice.show_page.click()
    assert asked.args == ["train"]
    assert notice.isHidden()

    notice.tell("bad.jpg is empty", "")
    assert notice.show_page.isHidden()
