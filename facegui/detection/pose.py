"""How a head is turned: the rotation that lays the canonical face onto its landmarks.

Weighted orthogonal Procrustes (Kabsch, Acta Cryst. A32, 1976) on landmarks that keep their place
when a face speaks or smiles. Angles and signs are those of Google Cloud Vision; checked against
its published answers, whose landmarks give the same angles here to about two degrees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facegui.detection.landmarks import CanonicalFace
from facegui.domain.geometry import Pose

_Matrix = NDArray[np.float64]


def head_pose(points: _Matrix, canonical: CanonicalFace, turned_deg: float = 0.0) -> Pose:
    """The pose of a face.

    Args:
        points: (478, 3) landmarks; x right, y down, z away from the camera, on one scale.
        canonical: the face that looks straight ahead.
        turned_deg: clockwise; the pose is that in the picture turned by so much.
    """
    rotation = _rotation(canonical.vertices, points[canonical.indices], canonical.weights)
    return _angles(_clockwise(turned_deg) @ rotation)


def _clockwise(degrees: float) -> _Matrix:
    """The 3 × 3 rotation that turns a picture, whose y points down."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def _rotation(source: _Matrix, target: _Matrix, weights: _Matrix) -> _Matrix:
    """The 3 × 3 rotation that best turns *source* into *target*, whatever shift and scale."""
    share = (weights / weights.sum())[:, None]
    centred_source = source - (share * source).sum(axis=0)
    centred_target = target - (share * target).sum(axis=0)
    u, _, vt = np.linalg.svd((share * centred_source).T @ centred_target)
    no_mirror = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation: _Matrix = vt.T @ no_mirror @ u.T
    return rotation


def _angles(rotation: _Matrix) -> Pose:
    """Take *rotation* apart as pan ∘ tilt ∘ roll: where the face points, then its own lean."""
    right, down, away = -rotation[:, 2]  # the canonical face looks along -z, at the camera
    pan = np.arctan2(right, -away)
    tilt = np.arcsin(np.clip(-down, -1, 1))
    # Pan keeps heights, so the middle row is cos(tilt) · (sin(roll), cos(roll)), and sin(tilt).
    roll = np.arctan2(rotation[1, 0], rotation[1, 1])
    return Pose(*(float(np.degrees(angle)) for angle in (roll, pan, tilt)))
