"""The verb about trained models: their cards, and in and out of libraries."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from facegui.cli.outcome import Outcome, UsageError
from facegui.domain.control import Control
from facegui.domain.recognition import Identity
from facegui.domain.text import tr, trn
from facegui.services.judging.score import Score
from facegui.services.libraries import Library, open_library
from facegui.services.recognising.compared import in_words, tally
from facegui.services.recognising.comparing import ComparedFace, CompareRequest
from facegui.services.recognising.comparing import compare as compare_models
from facegui.services.runs.card_text import card_as_text, model_card
from facegui.services.runs.model_cards import ModelRow, describe_model, model_rows
from facegui.services.runs.model_files import export_model, import_model
from facegui.services.runs.models import active_model, model_id, use_model
from facegui.services.tools import Tools

Json = dict[str, object]


def model(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """What ``facegui model ACTION`` asks for."""
    match arguments.action:
        case "card":
            return _card(arguments.bundle)
        case "compare":
            return _compare(arguments, tools, control)
    with open_library(arguments.library) as library:
        match arguments.action:
            case "list":
                return _list(library)
            case "import":
                path = import_model(library, arguments.bundle)
                return _done(library, path, tr("Imported as {name}.", name=model_id(path)))
            case "use":
                path = use_model(library, _named(library, arguments.name))
                return _done(library, path, tr("In use: {name}.", name=model_id(path)))
            case _:
                return _export(library, arguments)


def _card(bundle: Path) -> Outcome:
    sections = model_card(bundle)
    document: Json = {
        **_document(_outside(bundle)),
        "card": [
            {
                "heading": section.heading,
                "lines": [{"title": title, "text": text} for title, text in section.lines],
            }
            for section in sections
        ],
    }
    return Outcome(document, card_as_text(sections).rstrip())


def _outside(bundle: Path) -> ModelRow:
    """A model that is asked about by its file."""
    return ModelRow(bundle, describe_model(bundle), "", used=False, outside=True, published=False)


def _list(library: Library) -> Outcome:
    rows = model_rows(library, None)
    lines = [_line(row) for row in rows] or [tr("There is no model yet.")]
    return Outcome({"models": [_document(row) for row in rows]}, "\n".join(lines))


def _line(row: ModelRow) -> str:
    name, card = model_id(row.path), row.card
    if card is None:
        return f"{name}: {row.problem}"
    told = [
        card.network,
        trn("{n} person", "{n} people", len(card.people)),
        tr("right on {score}", score=card.score.words),
        *([card.title] if card.title else []),
        *([tr("in use")] if row.used else []),
        *([] if row.published else [tr("never used")]),
    ]
    return f"{name}: " + ", ".join(told)


def _document(row: ModelRow) -> Json:
    card = row.card
    return {
        "name": model_id(row.path),
        "path": str(row.path.absolute()),
        "title": card.title if card else "",
        "network": card.network if card else None,
        "people": list(card.people) if card else [],
        "created": card.created.isoformat() if card else None,
        "accuracy": _score(card.score) if card else None,
        "strangers_named": _score(card.strangers) if card else None,
        "training_faces": card.train_count if card else None,
        "sha256": card.sha256 if card else None,
        "in_use": row.used,
        "published": row.published,
        "error": row.problem or None,
    }


def _score(score: Score | None) -> Json | None:
    if score is None:
        return None
    low, high = score.interval
    return {**asdict(score), "share": score.accuracy, "interval_95": [low, high]}


def _done(library: Library, path: Path, told: str) -> Outcome:
    (row,) = (row for row in model_rows(library, None) if row.path == path)
    return Outcome(_document(row), told)


def _named(library: Library, name: str) -> Path:
    """The model that goes by *name*: its name in the list, or its title."""
    rows = model_rows(library, None)
    found = [row for row in rows if model_id(row.path) == name]
    found = found or [row for row in rows if row.card is not None and row.card.title == name]
    if len(found) != 1:
        known = ", ".join(model_id(row.path) for row in rows)
        raise UsageError(
            tr("{name} is not one model of this library: {known}", name=name, known=known)
        )
    return found[0].path


def _export(library: Library, arguments: Namespace) -> Outcome:
    path = active_model(library) if arguments.model is None else _named(library, arguments.model)
    if path is None:
        raise UsageError(tr("this library has no model yet"))
    out = arguments.out.absolute()
    export_model(path, out)
    return _done(library, path, tr("The model is in {path}.", path=out))


def _compare(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    paths = tuple(arguments.paths)
    if not paths and arguments.library is None:
        raise UsageError(tr("name photos to compare the models on, or --library"))
    request = CompareRequest(arguments.one, arguments.other, paths)
    if arguments.library is None:
        found = compare_models(None, tools, request, control)
    else:
        with open_library(arguments.library) as library:
            found = compare_models(library, tools, request, control)
    counted = tally(found.faces)
    document: Json = {
        "summary": list(in_words(found)),
        "a": {"path": str(request.one.absolute()), "accuracy": _score(counted.one)},
        "b": {"path": str(request.other.absolute()), "accuracy": _score(counted.other)},
        "only_a_right": counted.only_one,
        "only_b_right": counted.only_other,
        "p_value": counted.chance,
        "left_out": found.left_out,
        "faces": [_compared(face) for face in found.faces],
        "errors": [{"path": path, "reason": reason} for path, reason in found.unread],
    }
    lines = [f"{path}: {reason}" for path, reason in found.unread]
    lines += [_difference(face) for face in found.faces if face.differs]
    if counted.one.count:
        lines += [f"A: {counted.one.words}", f"B: {counted.other.words}"]
    return Outcome(document, "\n".join([*lines, *in_words(found)]), failed=bool(found.unread))


def _difference(face: ComparedFace) -> str:
    names = [said.name or tr("unknown") for said in (face.one, face.other)]
    truth = "" if face.truth is None else f" ({face.truth})"
    return f"{face.path}{truth}: A {names[0]}, B {names[1]}"


def _compared(face: ComparedFace) -> Json:
    box = face.box
    return {
        "path": face.path,
        "box": [round(value, 2) for value in (box.x1, box.y1, box.x2, box.y2)],
        "truth": face.truth,
        "learned_from": face.learned,
        "a": _answer(face.one, face.one_right),
        "b": _answer(face.other, face.other_right),
    }


def _answer(said: Identity, right: bool | None) -> Json:  # noqa: FBT001 - three values
    return {
        "name": said.name,
        "candidate": said.candidate,
        "probability": float(said.probability),
        "score": float(said.similarity),
        "threshold": float(said.threshold),
        "right": right,
    }
