"""Corrections: what the owner says of a model's answers, in files and live."""
