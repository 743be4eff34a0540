"""The live chart of a training: the curves of one run, and of earlier ones beside it."""

from facegui.gui.train.chart.widget import LearningChart

__all__ = ["LearningChart"]
