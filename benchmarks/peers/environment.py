"""An environment of their own for other programs, made when first needed and thrown away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PACKAGES = {
    "deepface": ["deepface", "tf-keras", "werkzeug"],
    # The package asks for dlib's source, which takes a compiler; dlib-bin is the same, compiled.
    # Its models look for themselves through pkg_resources, which setuptools had until version 80.
    "face_recognition": ["dlib-bin", "face_recognition_models", "pillow", "setuptools<81"],
}
WITHOUT_DEPENDENCIES = ["face_recognition"]


def run_peers(script: str, work: object, weights: Sequence[Path]) -> dict[str, float | str]:
    """Photos a second of each peer on all cores, or the last line of what it ended with.

    Args:
        script: beside this module; it is given the peer's name and a file with *work*.
        work: as JSON; what the script wants.
        weights: model files that deepface would fetch from the web otherwise.
    """
    with tempfile.TemporaryDirectory(prefix="facegui-peers-") as temporary:
        home = Path(temporary)
        folder = home / ".deepface" / "weights"
        folder.mkdir(parents=True)
        for file in weights:
            shutil.copy(file, folder)
        wanted = [package for packages in PACKAGES.values() for package in packages]
        python = make_environment(home / "environment", wanted, WITHOUT_DEPENDENCIES)
        listed = home / "files.json"
        listed.write_text(json.dumps(work), "utf-8")
        return {name: _speed(python, script, name, listed, home) for name in PACKAGES}


def make_environment(folder: Path, packages: Sequence[str], bare: Sequence[str]) -> Path:
    """An environment in *folder*; the path of its Python.

    Args:
        folder: created.
        packages: installed with all they ask for.
        bare: installed after those, by themselves.
    """
    print("  making an environment for the peers, some minutes …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, *packages], check=True)
    if bare:
        subprocess.run([*install, "--no-deps", *bare], check=True)
    return python


def _speed(python: Path, script: str, name: str, listed: Path, home: Path) -> float | str:
    path = Path(__file__).with_name(script)
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "DEEPFACE_HOME": str(home)}
    done = subprocess.run(
        [str(python), "-W", "ignore", str(path), name, str(listed)],
        env=os.environ | quiet,
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        return said[-1] if said else f"exit status {done.returncode}"
    return float(done.stdout.split()[-1])
