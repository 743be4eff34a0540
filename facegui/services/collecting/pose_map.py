"""The map of poses and lights: what photos there are of one person, and what still lacks.

Directions are the person's own: *left* is to their left, whatever a mirror shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from facegui.domain.entities import Embedding
from facegui.domain.geometry import Pose
from facegui.domain.rules import Limits

WIDEST_TURN_DEG = 30.0
"""Beyond this nobody is asked to turn, however lenient the library's rules are."""

OTHER_LIGHT = 25.0
"""Mean luma by which the face must differ from its first light."""

_STRAIGHT, _ASIDE = 4, 1  # photos wanted of a pose under each light


class Side(Enum):
    """Across: where the face points, for its person."""

    LEFT = -1
    MIDDLE = 0
    RIGHT = 1


class Height(Enum):
    """Up and down: where the face points."""

    UP = -1
    MIDDLE = 0
    DOWN = 1


class Light(Enum):
    """The light it began with, and any that is clearly brighter or darker."""

    FIRST = "first"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the map of poses."""

    side: Side
    height: Height

    @property
    def wanted(self) -> int:
        """Photos asked for under each light: most of them straight ahead."""
        return _STRAIGHT if self == STRAIGHT else _ASIDE


Place = tuple[Cell, Light]
"""What photos are counted by."""

STRAIGHT = Cell(Side.MIDDLE, Height.MIDDLE)
CELLS = (
    STRAIGHT,
    *(
        Cell(Side(s), Height(h))
        for s, h in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1))
    ),
)
"""Every place, in the order in which they are asked for: easy ones first."""

GOAL = len(Light) * sum(cell.wanted for cell in CELLS)
"""Photos of one person when nothing lacks."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What the coach remembers of a photo: of this session, or kept in the library before.

    Attributes:
        phash: of the aligned crop.
        embedding: None for photos of earlier sessions.
    """

    pose: Pose
    brightness: float
    phash: int
    embedding: Embedding | None = None


class CaptureState:
    """What there is of one person, and the rules that photos have to pass.

    The first photo, or the middle of those there were before, says what *straight* and *the first
    light* are: a camera on top of a screen sees everybody look down a little.
    """

    def __init__(self, limits: Limits, known: Sequence[Taken] = ()) -> None:
        """A state with the photos *known* from before."""
        self.limits = limits
        self.taken: list[Taken] = []
        self._counts: Counter[Place] = Counter()
        self._level: float | None = None
        self._light: float | None = None
        if known:
            self._set_out(
                float(np.median([photo.pose.tilt for photo in known])),
                float(np.median([photo.brightness for photo in known])),
            )
        for photo in known:
            self.add(photo)

    @property
    def begun(self) -> bool:
        """Whether there has been a photo that says what straight is."""
        return self._level is not None

    @property
    def counts(self) -> Mapping[Place, int]:
        """Photos of each pose under each light."""
        return dict(self._counts)

    def add(self, photo: Taken) -> None:
        """One more photo."""
        if not self.begun:
            self._set_out(photo.pose.tilt, photo.brightness)
        self.taken.append(photo)
        self._counts[self.place(photo.pose, photo.brightness)] += 1

    def remove(self, photo: Taken) -> None:
        """The owner does not want it."""
        if any(other is photo for other in self.taken):
            self.taken = [other for other in self.taken if other is not photo]
            self._counts[self.place(photo.pose, photo.brightness)] -= 1

    def light(self, brightness: float) -> Light:
        """Which light a face is in."""
        if self._light is None or abs(brightness - self._light) < OTHER_LIGHT:
            return Light.FIRST
        return Light.OTHER

    def cell(self, pose: Pose) -> Cell:
        """Where *pose* lies in the map: a third of what the rules allow is straight ahead."""
        tilt_third = self.widest_tilt / 3
        level = self._level if self._level is not None else _clamped(pose.tilt, tilt_third)
        pan = _third(pose.pan, self.widest_pan / 3)
        tilt = _third(pose.tilt - level, tilt_third)
        return Cell(Side(-pan), Height(-tilt))  # positive pan is the person's left, tilt up

    def place(self, pose: Pose, brightness: float) -> Place:
        """The cell of *pose* and the light it is in."""
        return self.cell(pose), self.light(brightness)

    def lacks(self, place: Place) -> int:
        """Photos that are still wanted there."""
        return max(0, place[0].wanted - self._counts[place])

    @property
    def widest_pan(self) -> float:
        """Degrees to either side that are asked for at most."""
        return min(self.limits.max_pan_deg, WIDEST_TURN_DEG)

    @property
    def widest_tilt(self) -> float:
        """Degrees up or down that are asked for at most."""
        return min(self.limits.max_tilt_deg, WIDEST_TURN_DEG)

    @property
    def done(self) -> int:
        """How much of `GOAL` there is; what there is too many of does not count."""
        return GOAL - sum(self.lacks((cell, light)) for cell in CELLS for light in Light)

    def _set_out(self, tilt: float, brightness: float) -> None:
        self._level = _clamped(tilt, self.widest_tilt / 3)
        self._light = brightness


def _clamped(value: float, bound: float) -> float:
    return min(max(value, -bound), bound)


def _third(degrees: float, bound: float) -> int:
    """-1, 0 or 1: below, within or above ± *bound*."""
    return 0 if abs(degrees) <= bound else (1 if degrees > 0 else -1)
