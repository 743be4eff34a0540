"""Whether this installation works, frozen or not: detect, train, save, load, recognise, show.

Small on purpose: six people of the sample, one network of each kind, a few seconds of training.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from facegui.domain.control import Control
from facegui.domain.errors import EnvironmentFault
from facegui.domain.text import tr, trn
from facegui.services.demo import Trial, go_on, train_and_name, trial
from facegui.services.learning.networks import default_config, network_choices
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools

PEOPLE = 6
EPOCHS = 2
LEARNS_ALL = "classic"
"""The network to try that starts from nothing; the others take longer and show no more."""


def self_test(tools: Tools, control: Control, try_window: Callable[[], None]) -> int:
    """Try every stage once, and tell of each as a partial text; how many there were.

    Raises:
        EnvironmentFault: a stage did not do what it should; the message says which.
        FaceGuiError: a stage could not be done at all.
        Cancelled: stopped.
    """
    networks = (network_choices()[0].config.network, LEARNS_ALL)
    with trial(tools, control, PEOPLE) as sample:
        control.partial(tr("Detect: {told}", told=_detect(sample, tools, control)))
        for name in networks:
            go_on(control)
            told = _train(sample, tools, name, control)
            control.partial(
                tr("Train, save, load, recognise with {name}: {told}", name=name, told=told)
            )
    try_window()
    control.partial(tr("Window: shown and closed"))
    return 2 + len(networks)


def _detect(sample: Trial, tools: Tools, control: Control) -> str:
    report = scan(sample.library, tools, ScanRequest(), control)
    go_on(control)
    if report.unreadable or report.faces < report.scanned:
        raise _failed(
            "detect",
            trn("{n} face found", "{n} faces found", report.faces)
            + trn(" in {n} photo", " in {n} photos", report.scanned),
        )
    return trn("{n} face found", "{n} faces found", report.faces)


def _train(sample: Trial, tools: Tools, network: str, control: Control) -> str:
    """Train, save, load and recognise. The default network must also be right."""
    config = default_config(network)
    recommended = network == network_choices()[0].config.network
    if not recommended:
        config = replace(config, max_epochs=EPOCHS)
    trained, named = train_and_name(sample, tools, config, control)
    right = sum(result.right for result in named)
    if recommended and right < len(named):
        raise _failed(network, f"{right} / {len(named)}")
    return tr(
        "{right} of {all} held-out photos named right after {epochs} epochs",
        right=right,
        all=len(named),
        epochs=trained.record.metrics.epochs,
    )


def _failed(step: str, told: str) -> EnvironmentFault:
    return EnvironmentFault(
        tr("The self-test failed at {step}: {told}.", step=step, told=told),
        tr("Install FaceGUI again; if that does not help, report it with this message."),
    )
