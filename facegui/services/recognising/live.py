"""Live video: the newest frame, the faces in it, and who they are, until somebody says stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control
from facegui.domain.detection import VIDEO
from facegui.domain.errors import Cancelled, VideoEnded
from facegui.services.recognising.live_names import FaceNamer
from facegui.services.recognising.live_source import camera_frames
from facegui.services.recognising.live_watch import LiveFrame, Watcher
from facegui.services.recognising.recognise import fetch_models
from facegui.services.recognising.strangers import StrangerBook
from facegui.services.tools import Tools


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """What to watch.

    Attributes:
        source: as `facegui.collect.camera.open_source` takes it.
        bundle: the model that names faces; None for boxes only.
        strangers: who has which number already; None to begin with 1.
    """

    source: str
    bundle: Path | None
    strangers: StrangerBook | None = None


@dataclass(frozen=True, slots=True)
class LiveReport:
    """How it ended.

    Attributes:
        frames: handed over in all.
        ended: that a file came to its end, in the owner's language; None when it was stopped.
    """

    frames: int
    ended: str | None


def live(
    tools: Tools, request: LiveRequest, show: Callable[[LiveFrame], None], control: Control
) -> LiveReport:
    """Watch a source until stopped or, for a file, until its end; the job of the live page.

    Partial results are `LiveProblem`. A source that fails is opened again for as long as it takes.
    *show* is called on this thread with every frame; it must be quick and keep only the newest.

    Raises:
        ModelUnavailable: the detector is not on this machine and cannot be fetched.
        BundleError: the model cannot be used.
    """
    fetch_models(tools, control, naming=request.bundle is not None)
    shown = 0
    with (
        _watcher(tools, request, control) as watcher,
        closing(camera_frames(tools, request.source, control)) as frames,
    ):
        try:
            for frame in frames:
                show(watcher.look_at(frame))
                shown += 1
        except VideoEnded as end:
            return LiveReport(shown, end.message)
        except Cancelled:
            pass  # stopped while the engine was naming
    return LiveReport(shown, None)


@contextmanager
def _watcher(tools: Tools, request: LiveRequest, control: Control) -> Iterator[Watcher]:
    namer = None if request.bundle is None else FaceNamer(tools, request.bundle, control)
    watcher = Watcher(tools.finder(VIDEO), namer, request.strangers)
    try:
        yield watcher
    finally:
        watcher.close()
