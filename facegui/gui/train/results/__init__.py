"""The Results tab of the Train page: whether the number of a run is true, and what would help."""
