"""What is no verb: the demo of a machine without a display, and ``--self-test``."""

from __future__ import annotations

from argparse import Namespace

from facegui.cli.outcome import Outcome
from facegui.domain.control import Control
from facegui.domain.text import tr, trn
from facegui.services.demo import DemoReport, Named
from facegui.services.demo import demo as run_demo
from facegui.services.self_test import self_test as run_self_test
from facegui.services.tools import Tools


def demo(_arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Take the sample to a recognised face and show it."""
    report = run_demo(tools, control)
    return Outcome(None, "\n".join(_told(report)))


def _told(report: DemoReport) -> list[str]:
    right = sum(named.right for named in report.named)
    return [
        trn("{n} photo scanned", "{n} photos scanned", report.scanned.scanned)
        + trn(", {n} face found.", ", {n} faces found.", report.scanned.faces),
        tr(
            "Trained in {seconds} s on {people} people.",
            seconds=f"{report.trained.record.seconds:.1f}",
            people=len(report.trained.record.people),
        ),
        _recognised(report.named[0]),
        tr(
            "{right} of {all} photos that were held out got the right name.",
            right=right,
            all=len(report.named),
        ),
        tr("Sample: AT&T/ORL faces. Your own photos: facegui import LIBRARY PATH..."),
    ]


def _recognised(named: Named) -> str:
    faces = [
        f"{face.identity.name or tr('unknown')} ({face.identity.probability:.0%})"
        for face in named.photo.faces
    ]
    return f"{named.photo.path}: " + (", ".join(faces) or tr("no face"))


def self_test(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Try every stage once; each is told on standard error as it is done."""
    steps = run_self_test(tools, control, arguments.try_window)
    return Outcome(None, trn("Self-test passed: {n} step.", "Self-test passed: {n} steps.", steps))
