"""What parent and child say to each other over the pipe; pickled, so plain values only.

Parent to child: `RunJob`, then any number of `StopJob`; the pipe's end means *exit*.
Child to parent: any number of `Progress` and `Partial`, then exactly one of `Finished`,
`Refused`, `Stopped` and `Crashed`.
"""

from __future__ import annotations

from dataclasses import dataclass

from facegui.domain.control import Progress, Stop
from facegui.domain.errors import FaceGuiError


@dataclass(frozen=True, slots=True)
class RunJob:
    """Call the function *job*, ``"module:function"``, with *request* and a control.

    *language* is what the job's messages to the owner should be in.
    """

    job: str
    request: object
    language: str


@dataclass(frozen=True, slots=True)
class StopJob:
    """The owner wants the running job to end, to pause, or to go on after all."""

    stop: Stop


@dataclass(frozen=True, slots=True)
class Partial:
    """A value for ``control.partial``."""

    value: object


@dataclass(frozen=True, slots=True)
class Finished:
    """The job returned *result*."""

    result: object


@dataclass(frozen=True, slots=True)
class Refused:
    """The job raised an error that may be shown to the owner as it is."""

    error: FaceGuiError


@dataclass(frozen=True, slots=True)
class Stopped:
    """The job raised `Cancelled`: it has nothing to keep."""


@dataclass(frozen=True, slots=True)
class Crashed:
    """The job raised anything else: a bug. *summary* is one line, *report* the traceback."""

    summary: str
    report: str


Ending = Finished | Refused | Stopped | Crashed
Answer = Progress | Partial | Ending
