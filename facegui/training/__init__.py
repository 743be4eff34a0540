"""Training: balanced batches, augmentation, the loop, best weights, thresholds.

`fit` holds the jobs that run in the engine; `data` and `calibrate` are numpy alone.
"""
