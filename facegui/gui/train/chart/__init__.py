"""The live chart of a training: the curves of one run, and of earlier ones beside it."""
