"""Trainings that have ended and the models they left: listed, compared, reported, used, deleted."""
