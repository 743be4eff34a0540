"""The verb that fetches photos of lists on the web: download."""

from __future__ import annotations

from argparse import Namespace

from facegui.cli.outcome import Outcome
from facegui.domain.control import Control
from facegui.domain.errors import OwnerError
from facegui.domain.text import tr, trn
from facegui.domain.web_list import TEMPORARY, FetchResult
from facegui.services.collecting.web_list import DownloadReport, DownloadRequest, download_list
from facegui.services.libraries import open_library
from facegui.services.recognising.document import Json
from facegui.services.tools import Tools


def download(arguments: Namespace, _tools: Tools, control: Control) -> Outcome:
    """Fetch what the lists name into LIBRARY, made where there is none."""
    missing = [path for path in arguments.lists if not path.is_file()]
    if missing:  # a slip of the pen should not leave a library behind
        raise OwnerError(
            tr("There is no list at {paths}.", paths=", ".join(map(str, missing))),
            tr("Check the spelling."),
        )
    request = DownloadRequest(
        lists=tuple(arguments.lists),
        people=frozenset(arguments.person) if arguments.person else None,
        cap=arguments.cap,
        again=frozenset(FetchResult) if arguments.again else TEMPORARY,
    )
    with open_library(arguments.library, create=True) as library:
        report = download_list(library, request, control)
        document = {"library": str(library.path), **_document(report)}
    return Outcome(
        document, "\n".join(_told(report)), failed=bool(report.failures or report.bad_count)
    )


def _document(report: DownloadReport) -> Json:
    return {
        "downloaded": report.results.get(FetchResult.DONE, 0),
        "known": report.known,
        "failed": [
            {
                "person": photo.person,
                "url": photo.url,
                "result": photo.result.value,
                "reason": photo.reason,
                "file": photo.file or None,
            }
            for photo in report.failures
        ],
        "malformed": [
            {"list": row.list_name, "line": row.line, "reason": row.reason}
            for row in report.bad_rows
        ],
        "malformed_count": report.bad_count,
    }


def _told(report: DownloadReport) -> list[str]:
    lines = [f"{row.list_name}:{row.line}: {row.reason}" for row in report.bad_rows]
    more = report.bad_count - len(report.bad_rows)
    if more:
        lines.append(trn("{n} more malformed line", "{n} more malformed lines", more))
    lines += [f"{photo.url}: {photo.reason}" for photo in report.failures]
    parts = [
        trn("{n} photo", "{n} photos", report.results.get(FetchResult.DONE, 0)),
        trn("{n} known already", "{n} known already", report.known),
        trn("{n} address failed", "{n} addresses failed", len(report.failures)),
    ]
    return [*lines, ", ".join(parts) + "."]
