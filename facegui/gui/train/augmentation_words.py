"""Augmentation in a sentence."""

from __future__ import annotations

from facegui.domain.text import tr
from facegui.domain.training import Augmentation

_AS_IT_IS = (1.0, 1.0)


def augmentation_in_words(change: Augmentation) -> str:
    """One line on how training crops are changed at random."""
    changes = [tr("mirrored")] if change.flip else []
    for value, per_unit, words in (
        (change.shift, 100, tr("shift ±{n} %")),
        (change.zoom, 100, tr("zoom ±{n} %")),
        (change.rotation, 1, tr("rotation ±{n}°")),
        (change.shear, 1, tr("shear ±{n}°")),
        (change.brightness, 100, tr("brightness ±{n} %")),
        (change.hue, 360, tr("hue ±{n}°")),
        (change.blur, 1, tr("blur up to {n} px")),
        (change.cutout, 100, tr("cut-out up to {n} %")),
    ):
        if value:
            changes.append(words.format(n=f"{round(value * per_unit, 3):g}"))
    for factor, words in (
        (change.contrast, tr("contrast × {low}–{high}")),
        (change.saturation, tr("saturation × {low}–{high}")),
    ):
        if factor != _AS_IT_IS:
            low, high = factor
            changes.append(words.format(low=f"{low:g}", high=f"{high:g}"))
    if not changes:
        return tr("Faces are learned from as they are.")
    return tr("Faces are changed at random: {changes}.", changes=", ".join(changes))
