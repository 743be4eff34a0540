"""The review page: every face and photo of the library in a virtual grid, judged key by key.

``page`` assembles. ``sheet`` is the grid with all it needs (``grid``, ``models``, ``delegates``,
``pictures``); ``commands`` and ``verdicts`` turn keys into steps of the journal; the rest are the
panels around them.
"""
