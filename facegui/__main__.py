"""The composition root: the one place that wires everything; ``facegui`` starts here.

Kept light: a spawned engine process imports this module too.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facegui.domain.detection import DetectOptions
    from facegui.domain.ports import FaceAnalyser, FaceFinder, FrameSource
    from facegui.services.tools import Tools


def make_tools() -> Tools:
    """The real tools. Heavy libraries are imported when a tool is first used."""
    from facegui.services.engine import Engine
    from facegui.services.tools import Tools
    from facegui.weights.store import Store

    store = Store()

    def analyser(options: DetectOptions) -> FaceAnalyser:
        from facegui.detection.analyser import LocalAnalyser
        from facegui.duplicates.hashing import photo_hashes

        return LocalAnalyser(store, options, hash_crop=photo_hashes)

    def finder(options: DetectOptions) -> FaceFinder:
        from facegui.detection.analyser import LocalFinder

        return LocalFinder(store, options)

    def frame_source(spec: str) -> FrameSource:
        from facegui.collect.camera import open_source

        return open_source(spec)

    return Tools(
        models=store,
        analyser=analyser,
        finder=finder,
        frame_source=frame_source,
        trainer=Engine("training"),
        inference=Engine("recognition"),
    )


def open_window(library: Path | None, *, sample: bool) -> int:
    """Show the window; returns the process's exit status."""
    from facegui.gui.app import run

    return run(make_tools(), library, sample=sample)


def try_window() -> None:
    """Show the window for a moment, for ``--self-test``."""
    from facegui.gui.app import try_window

    try_window(make_tools())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line or the window; returns the process's exit status."""
    multiprocessing.freeze_support()
    from facegui.cli.main import run

    given = sys.argv[1:] if arguments is None else arguments
    return run(given, make_tools, open_window, try_window)


if __name__ == "__main__":
    sys.exit(main())
