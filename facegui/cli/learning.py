"""The verbs that learn and measure: train, run, evaluate."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from facegui.cli.documents import evaluation_document, pipeline_document, train_document
from facegui.cli.outcome import Outcome, UsageError
from facegui.domain.control import Control
from facegui.domain.dataset import Split
from facegui.domain.text import tr, trn
from facegui.domain.training import TrainConfig
from facegui.services.judging.evaluate import EvaluateRequest, Evaluation
from facegui.services.judging.evaluate import evaluate as evaluate_bundle
from facegui.services.judging.score import Score
from facegui.services.learning.interrupted import newest_interrupted, resume
from facegui.services.learning.networks import default_config, network_choices
from facegui.services.learning.train import TrainReport, TrainRequest
from facegui.services.learning.train import train as train_network
from facegui.services.libraries import open_library
from facegui.services.pipeline import PipelineRequest, run_pipeline
from facegui.services.tools import Tools


def train(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Train a network on the kept and named faces of LIBRARY, or go on with that."""
    if arguments.resume is not None:
        return _resume(arguments, tools, control)
    request = TrainRequest(
        _config(arguments),
        split=Split(arguments.validation, arguments.test, arguments.cap),
        out=None if arguments.out is None else arguments.out.absolute(),
    )
    with open_library(arguments.library) as library:
        report = train_network(library, tools, request, control)
    return Outcome(train_document(report), "\n".join(_trained(report)))


def _resume(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    with open_library(arguments.library) as library:
        run_id = arguments.resume or newest_interrupted(library).id
        report = resume(library, tools, run_id, control)
    return Outcome(train_document(report), "\n".join(_trained(report)))


def _config(arguments: Namespace) -> TrainConfig:
    """The network's own settings, and what the arguments say otherwise."""
    known = list(dict.fromkeys(choice.config.network for choice in network_choices()))
    if arguments.network not in known:
        raise UsageError(
            tr(
                "there is no network {name}; choose one of: {known}",
                name=arguments.network,
                known=", ".join(known),
            )
        )
    config = replace(default_config(arguments.network), seed=arguments.seed)
    if arguments.epochs is not None:
        config = replace(config, max_epochs=arguments.epochs)
    if arguments.target is not None:
        config = replace(config, target_accuracy=arguments.target)
    return config


def _trained(report: TrainReport) -> list[str]:
    record = report.record
    return [
        *record.warnings,
        tr(
            "{network}: {accuracy} of {faces} faces held out are right, after {seconds} s.",
            network=record.config.network,
            accuracy=f"{record.accuracy:.1%}",
            faces=f"{record.metrics.judged_count:,}",
            seconds=f"{record.seconds:.1f}",
        ),
        str(report.bundle),
        (tr("In use.") if report.choice.used else tr("Not in use.")) + f" {report.choice.reason}",
    ]


def evaluate(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Measure BUNDLE on the faces of LIBRARY that it was not trained on."""
    folders = tuple(folder.absolute() for folder in arguments.strangers)
    request = EvaluateRequest(Path(arguments.bundle).absolute(), folders)
    with open_library(arguments.library) as library:
        found = evaluate_bundle(library, tools, request, control)
    return Outcome(
        evaluation_document(found), "\n".join(_measured(found)), failed=bool(found.skipped)
    )


def _measured(found: Evaluation) -> list[str]:
    lines = [str(error) for error in found.skipped]
    lines += [
        f"{person.name}: "
        + tr(
            "precision {precision}, recall {recall}, {n} faces",
            precision=_percent(person.precision),
            recall=_percent(person.recall),
            n=person.support,
        )
        for person in found.people
    ]
    lines.append(
        tr(
            "accuracy {accuracy} on {faces}, {strict} with unknown counted as wrong; {left_out}",
            accuracy=_percent(found.accuracy),
            faces=trn("{n} face", "{n} faces", found.faces),
            strict=_percent(found.accuracy_with_unknown),
            left_out=trn(
                "{n} face left out because the model has seen it or a copy.",
                "{n} faces left out because the model has seen them or copies.",
                found.left_out,
            ),
        )
    )
    if found.strangers_left_out:
        lines.append(
            trn(
                "{n} photo of the folders of strangers left out: the model knows who is on it, or "
                "the library has it.",
                "{n} photos of the folders of strangers left out: the model knows who is on them, "
                "or the library has them.",
                found.strangers_left_out,
            )
        )
    named = Score(found.strangers_named, found.strangers)
    rejected = Score(found.rejected, found.faces)
    lines.append(
        tr(
            "false accepts {accepts} of {strangers} ({accept_range}), false rejects {rejects} of "
            "{faces} ({reject_range}), given another's name {misnamed}",
            accepts=found.strangers_named,
            strangers=trn("{n} stranger's face", "{n} strangers' faces", found.strangers),
            accept_range=named.interval_words,
            rejects=found.rejected,
            faces=trn("{n} known face", "{n} known faces", found.faces),
            reject_range=rejected.interval_words,
            misnamed=found.misnamed,
        )
    )
    return lines


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def run(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Import, scan, train, and publish the model of LIBRARY unless the one in use is better."""
    recommended = network_choices()[0].config
    request = PipelineRequest(recommended, publish_above=arguments.publish_above)
    with open_library(arguments.library) as library:
        report = run_pipeline(library, tools, request, control)
    added = sum(len(folder.added_ids) for folder in report.imported)
    lines = [
        trn("{n} photo added", "{n} photos added", added)
        + trn(", {n} photo scanned.", ", {n} photos scanned.", report.scanned.scanned),
        *_trained(report.trained),
    ]
    skipped = any(folder.skipped for folder in report.imported)
    failed = skipped or report.scanned.unreadable + report.scanned.missing > 0
    return Outcome(pipeline_document(report), "\n".join(lines), failed=failed)
