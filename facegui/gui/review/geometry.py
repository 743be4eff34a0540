"""Where the tiles of a grid lie: arithmetic only, so a million tiles cost what one costs."""

from __future__ import annotations

from dataclasses import dataclass

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

    Attributes:
        count: number of tiles.
        columns: tiles side by side; at least one.
        tile_width: pixels; likewise *tile_height*.
        view_width: pixels there are to fill.
    """

    count: int
    columns: int
    tile_width: int
    tile_height: int
    view_width: int

    @property
    def lines(self) -> int:
        """Tiles one above the other."""
        return -(-self.count // self.columns)

    @property
    def pitch(self) -> int:
        """Pixels from the top of one line to the top of the next."""
        return self.tile_height + GAP_PX

    @property
    def height(self) -> int:
        """Pixels of the whole grid."""
        return self.lines * self.pitch + GAP_PX

    def corner(self, row: int) -> tuple[int, int]:
        """The top left pixel of tile *row*."""
        line, column = divmod(row, self.columns)
        spare = self.view_width - self.columns * self.tile_width
        x = (column + 1) * spare // (self.columns + 1) + column * self.tile_width
        return max(0, x), GAP_PX + line * self.pitch

    def row_at(self, x: int, y: int) -> int | None:
        """The tile under a pixel, or None between tiles."""
        line, into = divmod(y - GAP_PX, self.pitch)
        if line < 0 or into >= self.tile_height:
            return None
        for column in range(self.columns):
            row = line * self.columns + column
            if row < self.count and 0 <= x - self.corner(row)[0] < self.tile_width:
                return row
        return None

    def nearest(self, x: int, y: int) -> int:
        """The tile whose cell holds or is next to a pixel; -1 in an empty grid."""
        line = min(max((y - GAP_PX) // self.pitch, 0), max(self.lines - 1, 0))
        column = min(max(x * self.columns // max(self.view_width, 1), 0), self.columns - 1)
        return min(line * self.columns + column, self.count - 1)

    def rows_between(self, top: int, bottom: int) -> range:
        """Tiles of the lines that any pixel from *top* to *bottom* touches."""
        first = max(0, (top - GAP_PX) // self.pitch) * self.columns
        end = (max(-1, (bottom - GAP_PX) // self.pitch) + 1) * self.columns
        return range(min(first, self.count), min(end, self.count))

    def rows_in(self, left: int, top: int, right: int, bottom: int) -> list[range]:
        """Tiles that a rectangle touches, as runs of neighbours (for selections)."""
        runs: list[range] = []
        everything = self.rows_between(top, bottom)
        for start in range(everything.start, everything.stop, self.columns):
            touched = [
                row
                for row in range(start, min(start + self.columns, self.count))
                if self._touches(row, left, top, right, bottom)
            ]
            if not touched:
                continue
            if runs and runs[-1].stop == touched[0]:
                runs[-1] = range(runs[-1].start, touched[-1] + 1)
            else:
                runs.append(range(touched[0], touched[-1] + 1))
        return runs

    def _touches(self, row: int, left: int, top: int, right: int, bottom: int) -> bool:
        x, y = self.corner(row)
        across = left < x + self.tile_width and x <= right
        return across and top < y + self.tile_height and y <= bottom
