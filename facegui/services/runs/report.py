"""All about one training as a single web page: no scripts, no photos, nothing fetched."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from facegui import __version__
from facegui.domain.errors import DatasetError
from facegui.domain.text import current_language, tr, trn
from facegui.domain.training import CurvePoint
from facegui.files import write_atomic
from facegui.services.judging.judge import Judgement, judge, read_results
from facegui.services.learning.networks import title_of
from facegui.services.libraries import Library
from facegui.services.runs.plot import calibration_svg, curve_svg
from facegui.services.runs.records import RunRecord, read_curve, read_notes
from facegui.services.runs.words import settings_in_words

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --faint: #888; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.faint { color: var(--faint); } .large { font-size: 2.4rem; font-weight: 600; }
table { border-collapse: collapse; } td, th { padding: .2rem .7rem; text-align: left;
  border-bottom: 1px solid var(--line); } td.n, th.n { text-align: right; }
.matrix td { text-align: center; min-width: 2.2rem; } .matrix td.right { font-weight: 600; }
.matrix td.wrong { outline: 2px solid #d55e00; outline-offset: -3px; }
.scroll { overflow-x: auto; } svg { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; } li { margin: .2rem 0; }
"""


def write_report(library: Library, record: RunRecord, path: Path) -> None:
    """Write the report of a run to *path*, replacing what is there.

    Raises:
        StorageFault: the disk refuses.
    """
    try:
        results = read_results(library, record)
        judgement = judge(results, results.sides[0]) if results.sides else None
    except DatasetError:
        judgement = None  # what is left of the run is worth a report
    notes, curve = read_notes(library, record.id), read_curve(library, record.id)
    page = _page(record, notes, curve, judgement)
    write_atomic(path, page.encode("utf-8", "replace"))


def _page(
    record: RunRecord, notes: str, curve: Sequence[CurvePoint], judgement: Judgement | None
) -> str:
    title = tr("{network}, {when}", network=title_of(record.config.network), when=_when(record))
    parts = [_summary(record, judgement)]
    if notes.strip():
        parts.append(_section(tr("Notes"), f"<pre>{_text(notes)}</pre>"))
    if record.warnings:
        items = "".join(f"<li>{_text(warning)}</li>" for warning in record.warnings)
        parts.append(_section(tr("To know beforehand"), f"<ul>{items}</ul>"))
    if curve:
        parts.append(_section(tr("Learning"), curve_svg(curve)))
    if judgement is not None:
        parts += [
            _section(tr("Each person"), _people(judgement)),
            _section(tr("Who was taken for whom"), _matrix(record.people, judgement)),
            _section(tr("Is it as sure as it is right?"), _calibration(judgement)),
        ]
    parts.append(_section(tr("Settings"), _two_columns(settings_in_words(record))))
    parts.append(_section(tr("Where it comes from"), _two_columns(_origin(record))))
    return (
        f'<!DOCTYPE html><html lang="{current_language()}"><meta charset="utf-8">'
        f"<title>{_text(title)}</title><style>{_STYLE}</style>"
        f"<body><h1>{_text(title)}</h1>{''.join(parts)}</body></html>\n"
    )


def _summary(record: RunRecord, judgement: Judgement | None) -> str:
    metrics = record.metrics
    learned = trn("Learned from {n} face", "Learned from {n} faces", metrics.train_count)
    people = trn("of {n} person", "of {n} people", len(record.people))
    words = judgement.score.words if judgement else f"{record.accuracy:.1%}"
    unknown = tr(
        "{accuracy} when it may also say “unknown”.", accuracy=f"{record.accuracy_with_unknown:.1%}"
    )
    return (
        f'<p class="large">{_text(words)}</p>'
        f"<p>{_text(unknown)} {_text(learned)} {_text(people)}: "
        f"{_text(', '.join(record.people))}.</p>"
    )


def _people(judgement: Judgement) -> str:
    def share(value: float | None) -> str:
        return "–" if value is None else f"{value:.1%}"

    heads = (tr("Person"), tr("Faces"), tr("Precision"), tr("Recall"), "F1")
    rows = [
        (one.name, f"{one.count:,}", share(one.precision), share(one.recall), share(one.f1))
        for one in judgement.people
    ]
    return _table(heads, rows)


def _matrix(names: Sequence[str], judgement: Judgement) -> str:
    """Rows are who they are, columns what the network says."""
    cells = []
    for row, name in enumerate(names):
        line = "".join(
            f'<td class="{"right" if row == column else "wrong" if count else ""}">'
            f"{count or '·'}</td>"
            for column, count in enumerate(judgement.confusion[row].tolist())
        )
        cells.append(f"<tr><th>{_text(name)}</th>{line}</tr>")
    head = "".join(f"<th>{_text(name)}</th>" for name in names)
    corner = f"<th>{_text(tr('is ↓ / called →'))}</th>"
    body = "".join(cells)
    return f'<div class="scroll"><table class="matrix"><tr>{corner}{head}</tr>{body}</table></div>'


def _calibration(judgement: Judgement) -> str:
    told = tr(
        "Expected calibration error: {error}. On the line, it is right as often as it is sure.",
        error=f"{judgement.calibration_error:.1%}",
    )
    return f"{calibration_svg(judgement.bars)}<p>{_text(told)}</p>"


def _origin(record: RunRecord) -> Mapping[str, str]:
    return {
        tr("Run"): record.id,
        tr("Model"): record.bundle,
        tr("Dataset"): record.manifest_hash,
        tr("Began"): _when(record),
        tr("Took"): tr("{n} s", n=f"{record.seconds:.1f}"),
        tr("Batches"): f"{record.metrics.steps:,}",
        tr("Best after"): f"{record.metrics.best_step:,}",
        tr("Written by"): f"FaceGUI {__version__}",
    }


def _section(title: str, content: str) -> str:
    return f"<h2>{_text(title)}</h2>{content}"


def _two_columns(rows: Mapping[str, str]) -> str:
    cells = (
        f"<tr><th>{_text(key)}</th><td>{_text(value)}</td></tr>" for key, value in rows.items()
    )
    return f"<table>{''.join(cells)}</table>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column are words, the others numbers."""

    def line(tag: str, cells: Sequence[str]) -> str:
        first, *numbers = (_text(cell) for cell in cells)
        rest = "".join(f'<{tag} class="n">{cell}</{tag}>' for cell in numbers)
        return f"<tr><{tag}>{first}</{tag}>{rest}</tr>"

    return f"<table>{line('th', heads)}{''.join(line('td', row) for row in rows)}</table>"


def _when(record: RunRecord) -> str:
    """When it began, to the minute, in local time."""
    return f"{datetime.fromisoformat(record.created).astimezone():%Y-%m-%d %H:%M}"


def _text(text: str) -> str:
    return html.escape(text)
