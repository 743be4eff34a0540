"""Where the tiles of a grid lie: arithmetic only, so a million tiles cost what one costs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

GAP_PX = 8
"""Least room between tiles and around them."""


def fitting_columns(view_width: int, wanted_width: int) -> tuple[int, int]:
    """How many tiles go side by side, and how wide each is, to fill the width from edge to edge.

    Tiles are as near to *wanted_width* as a whole number of them can be.
    """
    columns = max(1, round((view_width - GAP_PX) / (wanted_width + GAP_PX)))
    return columns, max(1, (view_width - GAP_PX) // columns - GAP_PX)


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """Tiles of one size, left to right and top to bottom, over the whole width.

    Tiles may be parted into sections; each begins a new line, below a heading.

    Attributes:
        count: number of tiles.
        columns: tiles side by side; at least one.
        tile_width: pixels; likewise *tile_height*.
        view_width: pixels there are to fill.
        starts: the first tile of each section, ascending from 0; none for tiles without headings.
        heading_height: pixels from a heading's top to that of the tiles below it.
    """

    count: int
    columns: int
    tile_width: int
    tile_height: int
    view_width: int
    starts: Sequence[int] = ()
    heading_height: int = 0
    _firsts: Sequence[int] = field(init=False, repr=False)
    _lines_before: Sequence[int] = field(init=False, repr=False)
    _tops: Sequence[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        firsts = np.array(self.starts or (0,), np.int64)
        sizes = np.diff(firsts, append=self.count)
        before = np.concatenate([[0], np.cumsum(-(-sizes // self.columns))])
        heading = self.shown_heading_height
        tops = GAP_PX + before[:-1] * self.pitch + heading * np.arange(1, len(firsts) + 1)
        for name, values in (("_firsts", firsts), ("_lines_before", before), ("_tops", tops)):
            object.__setattr__(self, name, values.tolist())  # bisect is faster on lists

    @property
    def lines(self) -> int:
        """Tiles one above the other."""
        return self._lines_before[-1]

    @property
    def pitch(self) -> int:
        """Pixels from the top of one line to the top of the next."""
        return self.tile_height + GAP_PX

    @property
    def shown_heading_height(self) -> int:
        """Pixels of each heading; 0 where there are none."""
        return self.heading_height if self.starts else 0

    @property
    def height(self) -> int:
        """Pixels of the whole grid."""
        return self.lines * self.pitch + GAP_PX + len(self.starts) * self.heading_height

    def corner(self, row: int) -> tuple[int, int]:
        """The top left pixel of tile *row*."""
        section = self.section_of(row)
        line, column = divmod(row - self._firsts[section], self.columns)
        spare = self.view_width - self.columns * self.tile_width
        x = (column + 1) * spare // (self.columns + 1) + column * self.tile_width
        return max(0, x), self._tops[section] + line * self.pitch

    def row_at(self, x: int, y: int) -> int | None:
        """The tile under a pixel, or None between tiles."""
        rows = self.rows_between(y, y)
        for row in rows:
            left, top = self.corner(row)
            if 0 <= y - top < self.tile_height and 0 <= x - left < self.tile_width:
                return row
        return None

    def nearest(self, x: int, y: int) -> int:
        """The tile whose cell holds or is next to a pixel; -1 in an empty grid."""
        if not self.count:
            return -1
        column = min(max(x * self.columns // max(self.view_width, 1), 0), self.columns - 1)
        rows = self.line_rows(min(max(self._line_to(y), 0), self.lines - 1))
        return min(rows.start + column, rows.stop - 1)

    def rows_between(self, top: int, bottom: int) -> range:
        """Tiles of the lines that any pixel from *top* to *bottom* touches, with the gap below."""
        first, last = self._line_to(top), self._line_to(bottom)
        if first < 0 or top >= self._top_of(first) + self.pitch:
            first += 1
        if first > last:
            start = self.line_rows(first).start if first < self.lines else self.count
            return range(start, start)
        return range(self.line_rows(first).start, self.line_rows(last).stop)

    def line_of(self, row: int) -> int:
        """The line that tile *row* is in, from 0."""
        section = self.section_of(row)
        return self._lines_before[section] + (row - self._firsts[section]) // self.columns

    def line_rows(self, line: int) -> range:
        """The tiles of a line."""
        section = bisect_right(self._lines_before, line) - 1
        start = self._firsts[section] + (line - self._lines_before[section]) * self.columns
        end = self._firsts[section + 1] if section + 1 < len(self._firsts) else self.count
        return range(start, min(start + self.columns, end))

    def moved(self, row: int, lines: int) -> int:
        """The tile so many *lines* below *row* (above, if negative), in its column if there is one.

        Where there are fewer lines, the first or last tile of its column that there is.
        """
        line = self.line_of(row)
        column = row - self.line_rows(line).start
        rows = self.line_rows(min(max(line + lines, 0), self.lines - 1))
        return min(rows.start + column, rows.stop - 1)

    def section_of(self, row: int) -> int:
        """Which section tile *row* is in."""
        return bisect_right(self._firsts, row) - 1

    def section_rows(self, section: int) -> range:
        """The tiles of a section."""
        end = self._firsts[section + 1] if section + 1 < len(self._firsts) else self.count
        return range(self._firsts[section], end)

    def headings_between(self, top: int, bottom: int) -> list[tuple[int, int]]:
        """Each section whose heading any pixel from *top* to *bottom* touches, and its top."""
        if not self.starts:
            return []
        first = bisect_right(self._tops, top)
        found = []
        for section in range(first, len(self._tops)):
            heading_top = self._tops[section] - self.heading_height
            if heading_top > bottom:
                break
            found.append((section, heading_top))
        return found

    def rows_in(self, left: int, top: int, right: int, bottom: int) -> list[range]:
        """Tiles that a rectangle touches, as runs of neighbours (for selections)."""
        runs: list[range] = []
        everything = self.rows_between(top, bottom)
        start = everything.start
        while start < everything.stop:
            line = self.line_rows(self.line_of(start))
            touched = [row for row in line if self._touches(row, left, top, right, bottom)]
            start = line.stop
            if not touched:
                continue
            if runs and runs[-1].stop == touched[0]:
                runs[-1] = range(runs[-1].start, touched[-1] + 1)
            else:
                runs.append(range(touched[0], touched[-1] + 1))
        return runs

    def _line_to(self, y: int) -> int:
        """The last line that begins at or above a pixel; -1 above them all."""
        section = bisect_right(self._tops, y) - 1
        if section < 0:
            return -1
        line = self._lines_before[section] + (y - self._tops[section]) // self.pitch
        return min(line, self._lines_before[section + 1] - 1)

    def _top_of(self, line: int) -> int:
        section = bisect_right(self._lines_before, line) - 1
        return self._tops[section] + (line - self._lines_before[section]) * self.pitch

    def _touches(self, row: int, left: int, top: int, right: int, bottom: int) -> bool:
        x, y = self.corner(row)
        across = left < x + self.tile_width and x <= right
        return across and top < y + self.tile_height and y <= bottom
