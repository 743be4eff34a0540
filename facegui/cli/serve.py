"""The verb that answers other programs of this machine: serve."""

from __future__ import annotations

from argparse import Namespace

from facegui.cli.outcome import Outcome
from facegui.domain.control import Control
from facegui.domain.text import tr, trn
from facegui.services.serving.serve import Served, ServeRequest, serve_model
from facegui.services.tools import Tools


def serve(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Answer requests until Ctrl+C."""

    def told(served: Served) -> None:
        control.partial(tr("Try it in a browser: {page}", page=served.page))
        control.partial(tr("Requests go to: {address}", address=served.address))
        control.partial(tr("with the header: Authorization: Bearer {token}", token=served.token))
        control.partial(tr("Ctrl+C ends it."))

    request = ServeRequest(arguments.bundle, arguments.host, arguments.port, arguments.token)
    answered = serve_model(tools, request, told, control)
    summary = trn("{n} request was answered.", "{n} requests were answered.", answered)
    return Outcome({"answered": answered}, summary, endless=True)
