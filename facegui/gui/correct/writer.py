"""Corrections on their way into the open library."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from facegui.domain.corrections import Truth
from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.task import Task
from facegui.services.libraries import Library
from facegui.services.recognising.corrections import AskedFace

if TYPE_CHECKING:  # imports the networks' libraries, which a window does not need at its start
    from facegui.services.recognising.corrections_write import Corrector


class CorrectionWriter:
    """Writes one correction after the other, on the lane of the owner's decisions.

    Measuring a face is part of the step there, so that Ctrl+Z never takes back an earlier one.
    """

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._corrector: tuple[Library, Corrector] | None = None  # touched on the lane only

    def write(self, asked: AskedFace, truth: Truth) -> Task | None:
        """Keep that *asked* is *truth*; None without a library."""
        library = self._context.library
        if library is None:
            return None
        action = partial(self._correct, library, asked, truth)
        return self._context.write_and_tell(tr("Correcting"), action)

    def _correct(self, library: Library, asked: AskedFace, truth: Truth) -> Change:
        from facegui.services.recognising.corrections_write import Corrector

        if self._corrector is None or self._corrector[0] is not library:
            self._corrector = library, Corrector(library, self._context.tools)
        return self._corrector[1].correct(asked, truth)
