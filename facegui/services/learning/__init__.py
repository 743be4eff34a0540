"""People are learned: the dataset, its crops, and trainings that begin, go on and are watched."""
