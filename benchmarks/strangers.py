"""How many strangers get a name, and how many known faces get theirs, for each network.

    python benchmarks/strangers.py [--sets orl40 messy lfw10] [--networks face-transfer modern ...]
                                   [--splits 5] [--libraries FOLDER]

Photos: the folder that FACEGUI_TEST_PHOTOS names. Some people of a set are held out as strangers:
10 of 40 of ``orl40``, 3 of 10 of ``lfw10``, drawn by the number of the split; of ``messy`` one of
six, each in turn. The others are split, trained on and calibrated as the program does it (see
`accuracy`), without any evidence from strangers; neither they nor the test faces are looked at
before the end. FOLDER keeps the scanned libraries for another time.

Printed for each set and network: test accuracy, the share of known test faces that get their own
name, and the share of strangers' faces that get any, with 95 % intervals of Wilson over the faces
of all splits together; the target of Face transfer beside it (97 % and 1 %).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from accuracy import SETS, Faces, asked_for, faces_of, group_pictures, scanned, split

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.dataset import Subset
from facegui.domain.training import FitRequest, FitResult
from facegui.network.bundle import Bundle
from facegui.network.registry import network
from facegui.recognition.recogniser import identities
from facegui.services.judging.score import Score
from facegui.services.libraries import Library
from facegui.services.tools import Tools
from facegui.training.assemble import assemble
from facegui.training.fit import fit

STRANGERS = {"orl40": 10, "messy": 1, "lfw10": 3}
KNOWN_NAMED, STRANGERS_NAMED = 0.97, 0.01
TARGETED = "face-transfer"


@dataclass(slots=True)
class Tally:
    """Faces counted over several splits."""

    right: int = 0
    named: int = 0
    known: int = 0
    accepted: int = 0
    strangers: int = 0

    @property
    def met(self) -> bool:
        """Whether the target is."""
        return (
            self.named >= KNOWN_NAMED * self.known
            and self.accepted <= STRANGERS_NAMED * self.strangers
        )

    def words(self) -> str:
        """All three figures."""
        accuracy = Score(self.right, self.known)
        named, accepted = Score(self.named, self.known), Score(self.accepted, self.strangers)
        return (
            f"accuracy {accuracy.accuracy:.3f}; known named {_told(named)}; "
            f"strangers named {_told(accepted)}"
        )


def main() -> int:
    """Print a line for each set and network; 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", choices=STRANGERS, default=list(STRANGERS))
    parser.add_argument("--networks", nargs="+", default=[TARGETED])
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--libraries", type=Path)
    asked = parser.parse_args()
    photos = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not photos:
        sys.exit("set FACEGUI_TEST_PHOTOS to the folder of real photos")
    tools = make_tools()
    missed = False
    try:
        for name in asked.sets:
            with scanned(name, Path(photos), tools, asked.libraries) as library:
                faces = faces_of(library, name, group_pictures(Path(photos) / name))
                for kind in asked.networks:
                    tally = Tally()
                    for seed in range(asked.splits):
                        count(tools, library, name, kind, faces, seed, tally)
                    print(f"{name:6} {kind:14} {tally.words()}{_target(kind)}", flush=True)
                    missed |= kind == TARGETED and not tally.met
    finally:
        tools.close()
    return int(missed)


def count(
    tools: Tools, library: Library, name: str, kind: str, faces: Faces, seed: int, tally: Tally
) -> None:
    """Train with some people held out, and add what the model says of them and of the others."""
    made, subsets, foreign = held_out(faces, name, seed)
    with tempfile.TemporaryDirectory() as folder:
        request = asked_for(tools, library, kind, made, subsets, seed, Path(folder))
        result = fit(request, NullControl())
        bundle = bundle_of(request, result)
        features, probabilities = np.load(result.features_path), np.load(result.probabilities_path)
    said = identities(bundle, features, probabilities)
    tested = np.array([side is Subset.TEST for side in subsets])
    for row in np.flatnonzero(tested & ~foreign):
        own = made.names[made.labels[row]]
        tally.known += 1
        tally.right += said[row].candidate == own
        tally.named += said[row].name == own
    tally.strangers += int(foreign.sum())
    tally.accepted += sum(said[row].name is not None for row in np.flatnonzero(foreign))
    print(f"  {seed}: threshold {bundle.info.thresholds.overall:.3f}; {tally.words()}", flush=True)


def held_out(faces: Faces, name: str, seed: int) -> tuple[Faces, list[Subset], np.ndarray]:
    """*faces* without the names of the strangers, sides for all, and which are the strangers'.

    Strangers are on the test side, under the first label, which nothing looks at before the end.
    """
    people, strangers = len(faces.names), STRANGERS[name]
    draw = np.random.default_rng(seed)
    out = [seed % people] if strangers == 1 else draw.permutation(people)[:strangers]
    foreign = np.isin(faces.labels, out)
    known = [label for label in range(people) if label not in out]
    place = {label: number for number, label in enumerate(known)}
    labels = np.array([place.get(int(label), 0) for label in faces.labels])
    rows = np.flatnonzero(~foreign)
    own = Faces(
        [faces.items[row] for row in rows],
        labels[rows],
        faces.groups[rows],
        tuple(faces.names[label] for label in known),
    )
    subsets = np.full(len(labels), Subset.TEST, object)
    subsets[rows] = split(own, SETS[name].learn, seed)
    return Faces(faces.items, labels, faces.groups, own.names), list(subsets), foreign


def bundle_of(request: FitRequest, result: FitResult) -> Bundle:
    """The calibrated model of a fit."""
    return assemble(
        request,
        result,
        preprocessing=network(request.config.network).preprocessing,
        manifest_hash="0" * 64,
        photo_sha256s=(),
        photo_phashes=(),
    )


def _told(score: Score) -> str:
    return f"{score.accuracy:.3f} ({score.interval_words}, {score.count} faces)"


def _target(kind: str) -> str:
    return f"; target ≥ {KNOWN_NAMED}, ≤ {STRANGERS_NAMED}" if kind == TARGETED else ""


if __name__ == "__main__":
    raise SystemExit(main())
