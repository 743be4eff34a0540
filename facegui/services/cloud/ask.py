"""Asking the cloud: photos of a library are shown to Google Cloud Vision, once and within bounds.

Nothing is sent, and no connection opened, without a consent that stands, beyond the number of
photos it names, or beyond its spending cap. Each photo is noted in the ledger before it leaves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillWaiting
from dataclasses import dataclass

from facegui.detection.cloud_vision import MAX_IMAGES, batch_size, check_key, connect
from facegui.domain.cloud import CloudAnswer, CloudDetector
from facegui.domain.control import Control, Progress
from facegui.domain.entities import Photo
from facegui.domain.errors import CloudError, ImageError, LibraryError, OwnerError
from facegui.domain.text import tr
from facegui.imaging.outgoing import Outgoing, outgoing
from facegui.services.cloud.answers import Answers
from facegui.services.cloud.consent import Consent, require_consent, standing_consent
from facegui.services.cloud.ledger import Ledger, spent_usd
from facegui.services.cloud.plan import CloudPlan, plan_cloud, readable
from facegui.services.libraries import Library

__all__ = ["CloudReport", "CloudRequest", "ask_cloud", "check_key", "connect"]

_LOOK_EVERY_S = 0.1
_STOP_WITHIN_S = 1.5

Picture = tuple[Photo, Outgoing]


@dataclass(frozen=True, slots=True)
class CloudRequest:
    """Which photos to ask about.

    Attributes:
        photo_ids: those answered before cost nothing and are not sent; those that have not been
            scanned, or could not be read, are passed over.
        connect: makes the connection; called only when there is something that may be sent.
    """

    photo_ids: tuple[int, ...]
    connect: Callable[[], CloudDetector]


@dataclass(frozen=True, slots=True)
class CloudReport:
    """How asking ended.

    Attributes:
        answered: photos with a new answer; *known* had one before.
        faces: found in the new answers.
        failed: photos without an answer, and why: path and reason.
        beyond_cap: photos that were not sent because of the spending cap.
        paid_usd: what this run cost at most.
    """

    answered: int
    known: int
    faces: int
    failed: tuple[tuple[str, str], ...]
    beyond_cap: int
    paid_usd: float
    stopped: bool


def ask_cloud(library: Library, request: CloudRequest, control: Control) -> CloudReport:
    """Ask about the photos that have no answer yet; Stop keeps all answers that have come.

    Raises:
        OwnerError: no consent, or it covers fewer photos.
        CloudError: the service refuses or is out of reach; answers that had come are kept.
        LibraryError: the library is open for viewing only.
        StorageFault: an answer could not be kept.
    """
    if library.read_only:
        raise LibraryError(
            tr("{file} is open for viewing only.", file=library.path),
            tr("Copy the library to a folder that you may write to and open that."),
        )
    consent = require_consent(library)
    plan = plan_cloud(library, request.photo_ids)
    if plan.to_send > plan.covered:
        raise OwnerError(
            tr(
                "Your consent covers {covered} more photos, and {n} would be sent.",
                covered=plan.covered,
                n=plan.to_send,
            ),
            tr("Choose fewer photos, or agree to more."),
        )
    asking = _Asking(library, consent, request, control, plan)
    try:
        asking.run()
    finally:
        asking.close()
    return asking.report()


class _Asking:
    """One run: what it may send, what it has sent, what came back."""

    def __init__(
        self,
        library: Library,
        consent: Consent,
        request: CloudRequest,
        control: Control,
        plan: CloudPlan,
    ) -> None:
        self._library = library
        self._consent = consent
        self._request = request
        self._control = control
        self._plan = plan
        self._answers = Answers(library)
        self._ledger = Ledger(library)
        self._detector: CloudDetector | None = None
        self._taken: set[str] = set()
        self._failed: list[tuple[str, str]] = []
        self._answered = self._known = self._faces = self._beyond_cap = 0

    def run(self) -> None:
        """Send what there is, batch by batch, until done or told to stop."""
        for batch in self._batches():
            if standing_consent(self._library) is None or not self._ask(batch):
                return

    def close(self) -> None:
        """End the connection if one was made."""
        if self._detector is not None:
            self._detector.close()

    def report(self) -> CloudReport:
        """How it ended."""
        spent = spent_usd(self._ledger.sent())
        return CloudReport(
            answered=self._answered,
            known=self._known,
            faces=self._faces,
            failed=tuple(self._failed),
            beyond_cap=self._beyond_cap,
            paid_usd=round(spent - self._plan.spent_usd, 6),
            stopped=bool(self._control.cancelled()),
        )

    def _batches(self) -> Iterator[list[Picture]]:
        """Pictures as many as one request may carry, ready to be sent."""
        waiting: list[Picture] = []
        for picture in self._pictures():
            waiting.append(picture)
            count = batch_size([len(one.jpeg) for _, one in waiting])
            if count < len(waiting) or count == MAX_IMAGES:
                yield waiting[:count]
                del waiting[:count]
        if waiting:
            yield waiting

    def _pictures(self) -> Iterator[Picture]:
        """Each photo that has to be sent, as it is sent; ends when told to stop."""
        prepared = 0
        for photo in readable(self._library, self._request.photo_ids):
            if self._control.cancelled():
                return
            self._tell()
            if self._answers.has(photo.sha256) or photo.sha256 in self._taken:
                self._known += 1
            elif prepared == self._plan.affordable:
                self._beyond_cap += 1
            elif (picture := self._prepared(photo)) is not None:
                self._taken.add(picture.sha256)
                prepared += 1
                yield photo, picture

    def _prepared(self, photo: Photo) -> Outgoing | None:
        """The photo as it is sent; None, with the reason noted, where it cannot be."""
        try:
            picture = outgoing(photo.path)
        except ImageError as error:
            self._failed.append((photo.path, error.reason))
            return None
        if picture.sha256 != photo.sha256:
            reason = tr("the file has changed since; scan it again")
            self._failed.append((photo.path, reason))
            return None
        return picture

    def _tell(self) -> None:
        done = self._known + self._answered + len(self._failed) + self._beyond_cap
        label = tr("Asking Google Cloud Vision")
        self._control.report(Progress(done, self._plan.photos, label))

    def _ask(self, batch: Sequence[Picture]) -> bool:
        """Send one request and keep what comes back; False when told to stop meanwhile."""
        if self._detector is None:
            self._detector = self._request.connect()
        pictures = [(photo.path, picture) for photo, picture in batch]
        sent = self._ledger.sending(pictures, self._consent.price_usd)
        try:
            answers = _wait(self._detector, [one.jpeg for _, one in pictures], self._control)
        except CloudError as error:
            self._ledger.ended(sent, error.message, charged=error.may_be_charged)
            raise
        if answers is None:
            self._ledger.ended(sent, tr("stopped before the answer came"), charged=True)
            return False
        self._keep(sent, batch, answers, self._detector.version)
        return True

    def _keep(
        self, sent: str, batch: Sequence[Picture], answers: Sequence[CloudAnswer], version: str
    ) -> None:
        errors = {}
        for (photo, picture), answer in zip(batch, answers, strict=True):
            if answer.error is not None:
                errors[picture.sha256] = answer.error
                self._failed.append((photo.path, answer.error))
                continue
            self._answers.put(picture.sha256, version, answer.scaled(1 / picture.scale))
            self._answered += 1
            self._faces += len(answer.faces)
        self._ledger.ended(sent, tr("answered"), charged=True, errors=errors)
        self._tell()


def _wait(
    detector: CloudDetector, jpegs: Sequence[bytes], control: Control
) -> list[CloudAnswer] | None:
    """The service's answers; None when told to stop and they did not come soon after.

    The question waits on a thread of its own, so that Stop need not wait for the network.
    """
    answers: Future[list[CloudAnswer]] = Future()

    def ask() -> None:
        try:
            answers.set_result(detector.ask(jpegs))
        except BaseException as error:  # handed to whoever waits
            answers.set_exception(error)

    threading.Thread(target=ask, name="facegui-cloud", daemon=True).start()
    stop_at = None
    while True:
        try:
            return answers.result(_LOOK_EVERY_S)
        except StillWaiting:
            if answers.done():
                return answers.result()
        if stop_at is None and control.cancelled():
            stop_at = time.monotonic() + _STOP_WITHIN_S
        if stop_at is not None and time.monotonic() >= stop_at:
            return None
