"""What a camera wrote into a photo's file, as far as its owner may want to read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhotoExif:
    """Each is None, or empty, where the file does not say.

    Attributes:
        camera: maker and model.
        lens: model.
        taken_at: ``YYYY-MM-DD hh:mm:ss`` by the camera's own clock.
        exposure: such as ``("1/125 s", "f/2.8", "ISO 200", "50 mm")``.
        place: latitude and longitude in degrees, north and east positive.
    """

    camera: str | None
    lens: str | None
    taken_at: str | None
    exposure: tuple[str, ...]
    place: tuple[float, float] | None
