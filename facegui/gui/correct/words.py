"""Corrections in words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale

from facegui.domain.corrections import Answer, Correction, Source, Truth, Verdict
from facegui.domain.text import tr


def truth_words(truth: Truth) -> str:
    """Who the owner says it is, such as *not Ann*."""
    match truth.verdict:
        case Verdict.IS:
            return truth.name or ""
        case Verdict.NOT:
            return tr("not {name}", name=truth.name)
        case Verdict.STRANGER:
            return tr("a stranger")


def said_words(truth: Truth) -> str:
    """The same as a sentence."""
    match truth.verdict:
        case Verdict.IS:
            return tr("You said: it is {name}.", name=truth.name)
        case Verdict.NOT:
            return tr("You said: it is not {name}.", name=truth.name)
        case Verdict.STRANGER:
            return tr("You said: it is a stranger.")


def answer_words(answer: Answer) -> str:
    """What a model said, and what was held against its threshold."""
    candidate = answer.candidate or tr("somebody deleted since")
    score = tr("{score} of {threshold}", score=f"{answer.score:.2f}",
               threshold=f"{answer.threshold:.2f}")  # fmt: skip
    if answer.named:
        return f"{candidate}\n{score}"
    return tr("unknown") + "\n" + tr("most like {name}", name=candidate) + f", {score}"


def seen_words(correction: Correction) -> str:
    """When it was said, and where the face was seen."""
    return f"{_when(correction.made_at)}\n{_where(correction)}"


def _when(made_at: datetime) -> str:
    local = QDateTime.fromSecsSinceEpoch(int(made_at.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


def _where(correction: Correction) -> str:
    origin = correction.provenance.origin
    match correction.provenance.source:
        case Source.FILE:
            return Path(correction.path).name
        case Source.PASTE:
            return tr("pasted")
        case Source.VIDEO:
            return Path(origin).name or tr("a video")
        case Source.LIVE:
            return tr("live: {source}", source=origin) if origin else tr("live")
