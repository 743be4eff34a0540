"""Running one verb: parse, work, print one document, answer with the exit status.

The status is 0 when all went well, 1 when some inputs failed or the whole could not be done, 2 for
wrong usage and 130 after Ctrl+C, which keeps what is done.
"""

from __future__ import annotations

import io
import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from facegui.cli.console import ConsoleControl, interruptible
from facegui.cli.outcome import Outcome, UsageError, Verb
from facegui.cli.parser import WindowRequest, build_parser, wants_window, window_request
from facegui.domain.errors import Cancelled, EnvironmentFault, FaceGuiError
from facegui.domain.text import set_language, tr
from facegui.services.system_check import (
    can_show_window,
    explain_import_error,
    require_window_libraries,
)
from facegui.services.tools import Tools

DONE, FAILED, INTERRUPTED = 0, 1, 130


class OpenWindow(Protocol):
    """Shows the window; returns the process's exit status."""

    def __call__(self, library: Path | None, *, sample: bool) -> int:
        """Open *library*, or the sample, or the start page."""


def run(
    argv: Sequence[str],
    make_tools: Callable[[], Tools],
    open_window: OpenWindow,
    try_window: Callable[[], None],
) -> int:
    """Do what the command line asks for and return the process's exit status.

    Args:
        argv: without the program's name.
        make_tools: wires the tools; called only when they are needed.
        open_window: shows the window until the owner closes it.
        try_window: shows it for a moment, for ``--self-test``.
    """
    set_language(_language(os.environ))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name the terminal cannot write
    try:
        if wants_window(argv):
            return _window(window_request(argv), make_tools, open_window)
        parser = build_parser()
        arguments = parser.parse_args(argv)
        if arguments.self_test:
            arguments = Namespace(verb="self-test", json=False, try_window=try_window)
        return _run_verb(arguments, make_tools, parser)
    except SystemExit as ended:  # argparse has said its piece
        return int(ended.code or DONE)


def _window(
    request: WindowRequest, make_tools: Callable[[], Tools], open_window: OpenWindow
) -> int:
    """Open the window; without a display take the sample to a recognised face instead."""
    control = ConsoleControl(sys.stderr)
    no_display = tr("There is no display, so FaceGUI cannot open its window.")
    try:
        if can_show_window(os.environ):
            require_window_libraries(os.environ)
            return open_window(request.library, sample=request.sample)
        if request.library is not None:
            raise EnvironmentFault(no_display, tr("facegui --help lists what works without one."))
    except FaceGuiError as error:
        return _refuse(error, control, as_json=False)
    control.say(no_display)
    control.say(tr("Taking the sample through to a recognised face in this terminal instead."))
    return _run_verb(Namespace(verb="demo", json=False), make_tools, build_parser())


def _run_verb(arguments: Namespace, make_tools: Callable[[], Tools], parser: ArgumentParser) -> int:
    """Run one verb; every way it can end becomes a status and a message."""
    control = ConsoleControl(sys.stderr)
    try:
        with interruptible(control):
            outcome = _perform(arguments, make_tools, control)
    except UsageError as error:
        parser.error(str(error))
    except Cancelled:
        control.say(tr("Stopped."))
        return INTERRUPTED
    except FaceGuiError as error:
        return _refuse(error, control, as_json=arguments.json)
    if not _print(outcome.document if arguments.json else outcome.text, as_json=arguments.json):
        return FAILED
    if control.cancelled():
        if not outcome.endless:
            control.say(tr("Stopped; what was done is kept."))
        return INTERRUPTED
    return FAILED if outcome.failed else DONE


def _perform(
    arguments: Namespace, make_tools: Callable[[], Tools], control: ConsoleControl
) -> Outcome:
    """Run the verb with tools of its own; libraries of the system that are missing are named."""
    try:
        verb = _verb(arguments.verb)
        tools = make_tools()
        try:
            return verb(arguments, tools, control)
        finally:
            tools.close()
    except ImportError as error:
        fault = explain_import_error(error)
        if fault is None:
            raise
        raise fault from error


def _verb(name: str) -> Verb:
    """The function that does what *name* asks for, with everything it needs imported."""
    from facegui.cli import export_model, learning, library, model, proof, serve, using, web_list

    verbs: dict[str, Verb] = {
        "sample": library.sample,
        "import": library.import_,
        "download": web_list.download,
        "scan": library.scan,
        "duplicates": library.duplicates,
        "export": library.export,
        "train": learning.train,
        "run": learning.run,
        "evaluate": learning.evaluate,
        "recognize": using.recognize,
        "models": using.models,
        "model": model.model,
        "export-model": export_model.export_model,
        "serve": serve.serve,
        "demo": proof.demo,
        "self-test": proof.self_test,
    }
    return verbs[name]


def _refuse(error: FaceGuiError, control: ConsoleControl, *, as_json: bool) -> int:
    """Say what could not be done; with --json the document says it too."""
    control.say(f"facegui: {error.message}")
    if error.remedy:
        control.say(error.remedy)
    if as_json:
        _print({"error": error.message, "remedy": error.remedy}, as_json=True)
    return FAILED


def _print(what: object, *, as_json: bool) -> bool:
    """Print the document or the text; False when whoever was reading has gone."""
    # ASCII whatever the terminal speaks: \u escapes are the same JSON
    text = json.dumps(what, allow_nan=False) if as_json else str(what)
    try:
        sys.stdout.write(text + "\n" if text else "")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing left to flush
        return False
    return True


def _language(environ: Mapping[str, str]) -> str:
    """The owner's language from the environment, in gettext's order."""
    names = ("FACEGUI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return next((environ[name] for name in names if environ.get(name)), "en")
