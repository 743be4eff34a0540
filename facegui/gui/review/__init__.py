"""The review page: every face and photo of the library in a virtual grid, judged key by key.

``page`` assembles. ``stage`` holds the two grids and the photo view; a ``sheet`` is a grid with all
it needs (``grid`` over ``tile_view``, ``models``, ``delegates`` with ``art``, ``pictures``).
``commands`` and ``verdicts`` turn keys into steps of the journal. The rest are panels around them.
"""
