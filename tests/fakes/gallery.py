"""Galleries of made-up people: vectors around a direction for each, as near as one asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facegui.services.reviewing.gallery import Gallery, Vectors
from tests.fakes.proposals import unit_vector


def near(centre: Vectors, cosine: float, seed: int) -> Vectors:
    """A unit vector at *cosine* to *centre*, in a direction of its own."""
    other = unit_vector(10_000 + seed)
    other = other - (other @ centre) * centre
    other /= np.linalg.norm(other)
    mixed: Vectors = (cosine * centre + np.sqrt(1 - cosine**2) * other).astype(np.float32)
    return mixed


def faces_of(person: int, count: int, cosine: float = 0.85) -> list[Vectors]:
    """*count* faces of one made-up person."""
    centre = unit_vector(person)
    return [near(centre, cosine, 100 * person + n) for n in range(count)]


def gallery(faces: Sequence[tuple[int, Vectors]], *, photos: Sequence[int] = ()) -> Gallery:
    """Faces (person or 0, vector) with ids from 1, each in a photo of its own unless told."""
    ids = np.arange(1, len(faces) + 1)
    return Gallery(
        ids,
        np.array(photos, np.int64) if photos else ids,
        np.array([person for person, _ in faces], np.int64),
        np.array([vector for _, vector in faces], np.float32).reshape(len(faces), 128),
    )
