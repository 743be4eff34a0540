"""How good a run is, which names are wrong, and what more photos would bring."""
