"""Stands in for ``python -m pip``: run as a script, it takes wheels from a folder, or misbehaves.

``python fake_pip.py WHEELS MODE download … --dest FOLDER … REQUIREMENT``; each call adds a line to
``WHEELS/calls.txt``. Modes: ``good``, ``hang``, ``fail``.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path


def main() -> int:
    wheels, mode, *rest = sys.argv[1:]
    with (Path(wheels) / "calls.txt").open("a") as calls:
        calls.write(" ".join(rest) + "\n")
    if mode == "hang":
        time.sleep(600)
    if mode == "fail":
        print("ERROR: No matching distribution found for it")
        return 1
    name, _, version = rest[-1].partition("==")
    destination = rest[rest.index("--dest") + 1]
    for wheel in Path(wheels).glob(f"{name.replace('-', '_')}-{version}-*.whl"):
        print("Progress 1 of 2", flush=True)
        shutil.copy(wheel, destination)
    return 0


if __name__ == "__main__":
    sys.exit(main())
