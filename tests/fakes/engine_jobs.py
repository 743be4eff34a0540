"""Jobs for the engine that need no TensorFlow: each shows one way a job can behave."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled, DatasetError, FaceGuiError, ImageError
from facegui.domain.text import current_language

MODULE = __name__


@dataclass(frozen=True)
class Point:
    step: int


class Stubborn(FaceGuiError):
    """Cannot be rebuilt from its args: what a careless subclass looks like."""

    def __init__(self, message: str, *, detail: int) -> None:
        super().__init__(message, "remedy")
        self.detail = detail


def square(request: int, control: Control) -> int:
    return request * request


def process_facts(request: object, control: Control) -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "qt": any(name.startswith("PySide6") for name in sys.modules),
        "tensorflow": "tensorflow" in sys.modules,
        "sigint_ignored": signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
        "log_level": os.environ["TF_CPP_MIN_LOG_LEVEL"],
    }


def language(request: object, control: Control) -> str:
    return current_language()


def curve(request: int, control: Control) -> int:
    for step in range(request):
        control.report(Progress(step + 1, request, "steps"))
        control.partial((Point(step),))
    return request


def single_values(request: int, control: Control) -> None:
    for value in range(request):
        control.partial(value)


def print_to_stdout(request: str, control: Control) -> None:
    print(request, flush=True)
    os.write(1, request.encode())


def until_stopped(request: object, control: Control) -> str:
    """Keep at once on KEEP; nothing to keep on DISCARD."""
    control.partial("started")
    while not (stop := control.cancelled()):
        time.sleep(0.005)
    if stop is Stop.DISCARD:
        raise Cancelled
    return "kept"


def finish_slowly(request: float, control: Control) -> str:
    """On KEEP, take longer than the grace in all, but report on the way."""
    control.partial("started")
    while not control.cancelled():
        time.sleep(0.005)
    end = time.monotonic() + request
    while time.monotonic() < end:
        control.report(Progress(1, 2))
        time.sleep(0.05)
    return "kept late"


def told_of_pauses(request: int, control: Control) -> list[Stop]:
    """Every change of what the owner wants, until *request* of them were seen or it should end."""
    seen: list[Stop] = []
    control.partial("started")
    last = Stop.NO
    while len(seen) < request:
        now = control.cancelled()
        if now is not last:
            seen.append(now)
            control.partial(now)
            last = now
        if now:
            break
        time.sleep(0.005)
    return seen


def hang(request: object, control: Control) -> None:
    control.partial("started")
    while True:
        time.sleep(0.05)


def ignore_discard(request: object, control: Control) -> str:
    control.partial("started")
    while not control.cancelled():
        time.sleep(0.005)
    return "finished anyway"


def kill_self(request: int, control: Control) -> None:
    os.kill(os.getpid(), request)
    time.sleep(60)


def exit_with(request: int, control: Control) -> None:
    os._exit(request)


def refuse(request: str, control: Control) -> None:
    raise DatasetError(request, "add photos")


def refuse_image(request: str, control: Control) -> None:
    raise ImageError(Path(request), "truncated", unsupported=True, remedy="open it elsewhere")


def refuse_stubbornly(request: str, control: Control) -> None:
    raise Stubborn(request, detail=3)


def bug(request: object, control: Control) -> None:
    raise ZeroDivisionError("a bug in a job")


def out_of_memory(request: object, control: Control) -> None:
    raise MemoryError


def unpicklable(request: object, control: Control) -> object:
    return lambda: None
