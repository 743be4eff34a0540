"""How well exported models agree with the bundles they were made of, and how fast they answer.

    python benchmarks/exports.py LIBRARY [--networks face-transfer modern ...] [--faces 32]

Up to so many faces of the scanned library LIBRARY are shown to every network in every format, one
at a time, as JPEG bytes or pixels, beside our own inference. Of a network that the library has no
model of, one with random weights is made.

Printed for each network and format: faces with the same name, the largest difference of a score,
milliseconds for a face beside ours, their ratio, and the size.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.detection import DetectOptions
from facegui.domain.errors import BundleError
from facegui.domain.model_export import ModelFormat
from facegui.domain.ports import FaceFinder
from facegui.domain.training import RunMetrics, StopReason, Thresholds
from facegui.network.bundle import FORMAT, Bundle, BundleInfo, load_bundle, save_bundle
from facegui.network.export.compare import Answered, Faces, compare
from facegui.network.export.graph import graph_of
from facegui.network.export.job import FORMATS
from facegui.network.model import build_model, tensors_of
from facegui.network.registry import network, network_names
from facegui.recognition.recogniser import Recogniser
from facegui.services.engine.in_process import InProcess
from facegui.services.exporting.model_faces import as_inputs, faces_to_compare
from facegui.services.libraries import Library, open_library
from facegui.services.runs.models import list_models
from facegui.services.tools import Tools

ROUNDS = 3
PEOPLE = ("A", "B", "C", "D", "E", "F")
METRICS = RunMetrics(0.5, 1.0, 1, 1, 1, 1.0, 1, 1, None, 0, StopReason.CONVERGED)


def main() -> int:
    """Print a line for each network and format; 1 when one did not agree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", type=Path)
    parser.add_argument("--networks", nargs="+", choices=network_names(), default=network_names())
    parser.add_argument("--faces", type=int, default=32)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore", message=".*Interpreter is deprecated", category=UserWarning)
    made = make_tools()
    tools = replace(made, inference=InProcess())
    print(f"{'network':14} {'format':12} same name  score off  ms a face   ours  ratio     MB")
    missed = 0
    try:
        with open_library(asked.library) as library, tempfile.TemporaryDirectory() as folder:
            for name in asked.networks:
                path = bundle_of(library, name, Path(folder))
                missed |= measured(library, tools, path, asked.faces, Path(folder))
    finally:
        tools.close()
    return missed


def bundle_of(library: Library, name: str, folder: Path) -> Path:
    """The library's newest model of that network, or a new one with random weights."""
    for path in list_models(library):
        if load_bundle(path).info.config.network == name:
            return path
    path = folder / f"{name}.facebundle"
    save_bundle(path, untrained(name))
    return path


def untrained(name: str) -> Bundle:
    """Random weights (He et al., ICCV 2015) and prototypes, a threshold that half of them pass."""
    spec = network(name)
    random = np.random.default_rng(0)
    weights = {
        path: tensor
        if len(shape := tensor.shape) == 1
        else random.normal(scale=np.sqrt(2 / max(9, np.prod(shape[:-1]))), size=shape).astype(
            np.float32
        )
        for path, tensor in tensors_of(build_model(spec.defaults, len(PEOPLE))).items()
    }
    prototypes = random.normal(size=(len(PEOPLE), spec.feature_size)).astype(np.float32)
    prototypes /= np.linalg.norm(prototypes, axis=1, keepdims=True)
    info = BundleInfo(
        format=FORMAT,
        config=spec.defaults,
        labels=PEOPLE,
        preprocessing=spec.preprocessing,
        thresholds=Thresholds(0.0),
        metrics=METRICS,
        manifest_hash="0" * 64,
        photo_sha256s=(),
        photo_phashes=(),
        created="2026-01-01T00:00:00+00:00",
        versions={"facegui": "benchmark"},
    )
    return Bundle(info, weights, prototypes)


def measured(library: Library, tools: Tools, path: Path, count: int, folder: Path) -> int:
    """Print the lines of one bundle; 1 when an export did not agree."""
    recogniser = Recogniser.load(path, lambda: tools.inference)
    faces = first(faces_to_compare(library, tools, recogniser, NullControl()), count)
    finder = tools.finder(DetectOptions())
    ours_ms = per_face(lambda one: own(recogniser, finder, one), faces)
    bundle = recogniser.bundle
    name = bundle.info.config.network
    embeds = bundle.info.preprocessing.kind == "embedding"
    graph = graph_of(bundle, tools.models.path("sface") if embeds else None)
    missed = 0
    for kind in ModelFormat:
        made = FORMATS[kind]
        out = folder / f"{name}-{kind.value}"
        out.mkdir()
        made.write(graph, out)
        ask = made.opened(out)
        try:
            agreement = compare(faces.truth, ask(faces), most_off=1e-3)
        except BundleError as error:
            print(f"{name:14} {kind.value:12} {error.message}", flush=True)
            missed = 1
            continue
        theirs_ms = per_face(ask, faces)
        size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6
        print(
            f"{name:14} {kind.value:12} {agreement.same_name:3} of {agreement.faces:2}  "
            f"{agreement.most_off:9.1e}  {theirs_ms:9.2f} {ours_ms:6.2f} "
            f"{theirs_ms / ours_ms:6.2f} {size:6.1f}",
            flush=True,
        )
    return missed


def own(recogniser: Recogniser, finder: FaceFinder, one: Faces) -> None:
    """What the program itself does with a crop; SFace included where there is one."""
    recogniser.identify(as_inputs(one.crops, finder, recogniser.preprocessing))


def first(faces: Faces, count: int) -> Faces:
    """The first few."""
    return part(faces, slice(0, count))


def part(faces: Faces, rows: slice) -> Faces:
    """Those *rows*."""
    truth = Answered(faces.truth.person[rows], faces.truth.scores[rows])
    return Faces(faces.jpegs[rows], faces.crops[rows], truth)


def per_face(ask: Callable[[Faces], object], faces: Faces) -> float:
    """Milliseconds for a face when they come one by one, the best of some rounds."""
    ones = [part(faces, slice(row, row + 1)) for row in range(len(faces.jpegs))]
    ask(ones[0])
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for one in ones:
            ask(one)
        best = min(best, (time.perf_counter() - begun) / len(ones))
    return 1000 * best


if __name__ == "__main__":
    sys.exit(main())
