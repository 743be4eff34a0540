"""The lanes that work runs in: one database writer, a small CPU pool, and long jobs.

A lane is a thread pool. Jobs of one lane queue behind each other; lanes do not wait for one
another, so a decision is written while a scan runs.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import partial
from itertools import count

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from facegui.domain.errors import FaceGuiError
from facegui.gui.task import Job, Task, TaskControl, work


class Lane(Enum):
    """Where a job queues."""

    WRITER = "writer"  # the owner's decisions, in order
    QUERY = "query"  # short questions to the library, never behind pictures
    POOL = "pool"  # decoding: thumbnails and crops
    LONG = "long"  # import, scan, duplicates: one at a time
    ENGINE = "engine"  # waits for the training engine
    LIVE = "live"  # camera and recognition
    WHY = "why"  # explains one face at a time, while photos or video are recognised
    GIVE = "give"  # models for other programs: exports, and answers as long as the owner wants
    WEB = "web"  # downloads: they wait for servers, and scans should not wait for them


class Lanes(QObject):
    """Starts tasks in lanes and ends them all, within a bound, when the window closes.

    Signals:
        task_started: a `Task` that the owner may watch and stop.
        task_failed: a `Task` and the exception it ended with, unless it is refused elsewhere.
    """

    task_started = Signal(object)
    task_failed = Signal(object, object)
    _mail = Signal(int, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        width = dict.fromkeys((Lane.QUERY, Lane.LIVE, Lane.GIVE), 2)
        width[Lane.POOL] = max(2, (os.cpu_count() or 2) - 1)
        self._pools = {
            lane: ThreadPoolExecutor(width.get(lane, 1), thread_name_prefix=f"facegui-{lane.value}")
            for lane in Lane
        }
        self._tasks: dict[int, Task] = {}
        self._numbers = count()
        self._closed = False
        self._mail.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, job: Job, label: str, lane: Lane, *, visible: bool = False) -> Task:
        """Run *job* in *lane*; a *visible* task is shown in the status bar with its Stop.

        Connect to the task's signals right away: they are delivered from the event loop, so none
        can be missed. Once the lanes are closed a task is cancelled before it begins.
        """
        number = next(self._numbers)
        post = partial(self._mail.emit, number)
        control = TaskControl(post)
        task = self._tasks[number] = Task(label, control)
        if self._closed:
            post("cancelled", None)
        else:
            self._pools[lane].submit(work, job, control, post)
        if visible:
            self.task_started.emit(task)
        return task

    def busy(self) -> bool:
        """Whether any task has not ended yet."""
        return bool(self._tasks)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop every task, deliver what they end with, and wait at most *timeout_s*.

        Returns:
            Whether all of them ended in time.
        """
        self._closed = True
        for task in tuple(self._tasks.values()):
            task.stop(task.at_close)
        deadline = time.monotonic() + timeout_s
        while self._tasks and time.monotonic() < deadline:
            QCoreApplication.processEvents()
            time.sleep(0.01)
        for pool in self._pools.values():
            pool.shutdown(wait=not self._tasks, cancel_futures=True)
        return not self._tasks

    def _deliver(self, number: int, kind: str, value: object) -> None:
        task = self._tasks[number]
        task.deliver(kind, value)
        if not task.running:
            del self._tasks[number]
            if kind == "failed" and not (task.refused_here and isinstance(value, FaceGuiError)):
                self.task_failed.emit(task, value)
