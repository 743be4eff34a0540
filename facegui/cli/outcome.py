"""What a verb hands back, and what it raises when it was asked for something impossible."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from facegui.domain.control import Control
from facegui.services.tools import Tools


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did.

    Attributes:
        document: for ``--json``; dicts, lists, strings, finite numbers and None only.
        text: the same for a person to read.
        failed: some inputs failed, so the exit status is 1.
        endless: Ctrl+C is its proper end, and cut nothing short.
    """

    document: object
    text: str
    failed: bool = False
    endless: bool = False


Verb = Callable[[Namespace, Tools, Control], Outcome]


class UsageError(Exception):
    """The arguments do not make sense together; the exit status is 2."""
