"""What the client library of a Google service raises, told to the owner as a `CloudError`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from facegui.domain.errors import CloudError
from facegui.domain.text import tr


def worth_another_try(error: BaseException) -> bool:
    """Whether the service turned the request away for the moment, and did no work for it.

    A time-out is none of these: the work may have been done, and would be paid twice.
    """
    from google.api_core import exceptions

    return isinstance(
        error,
        exceptions.TooManyRequests
        | exceptions.InternalServerError
        | exceptions.BadGateway
        | exceptions.ServiceUnavailable,
    ) and not _is_about_key(error)


@contextmanager
def cloud_faults(answer_s: float) -> Iterator[None]:
    """Turn what the client raises in the block into a `CloudError`; *answer_s* was its time."""
    from google.api_core import exceptions
    from google.auth.exceptions import GoogleAuthError
    from requests import RequestException

    try:
        yield
    except exceptions.RetryError as error:
        raise _cloud_error(error.cause or error, answer_s) from error
    except (exceptions.GoogleAPICallError, GoogleAuthError, RequestException) as error:
        raise _cloud_error(error, answer_s) from error


def _cloud_error(error: BaseException, answer_s: float) -> CloudError:
    from google.api_core import exceptions as api
    from google.auth.exceptions import GoogleAuthError, TransportError
    from requests import RequestException, Timeout

    said = getattr(error, "message", "") or type(error).__name__
    match error:
        case api.GatewayTimeout() | Timeout():
            return CloudError(
                tr("Google Cloud Vision did not answer within {n} s.", n=f"{answer_s:g}"),
                tr("The photos of this request may be charged all the same. Try again later."),
                may_be_charged=True,
            )
        case api.ServiceUnavailable() if _is_about_key(error):
            return _key_refused()
        case api.ServiceUnavailable() | api.BadGateway() | TransportError() | RequestException():
            return _out_of_reach()
        case api.ServerError() | api.Cancelled():
            return CloudError(
                tr("Google Cloud Vision failed: {said}", said=said),
                tr("Try again later."),
                may_be_charged=True,
            )
        case api.Unauthorized() | GoogleAuthError():
            return _key_refused()
        case _:
            return _refused(error, said)


def _refused(error: BaseException, said: str) -> CloudError:
    from google.api_core import exceptions as api

    if isinstance(error, api.Forbidden):
        return CloudError(
            tr("Google Cloud Vision refuses this service account: {said}", said=said),
            tr("Switch on the Cloud Vision API and billing for its project, then try again."),
        )
    if isinstance(error, api.TooManyRequests):
        return CloudError(
            tr("Google Cloud Vision has had too many requests: {said}", said=said),
            tr("Wait a few minutes, or raise the project's quota, then try again."),
        )
    return CloudError(
        tr("Google Cloud Vision refuses the request: {said}", said=said), tr("Try again later.")
    )


def _key_refused() -> CloudError:
    return CloudError(
        tr("Google does not accept the service account's key."),
        tr("It may have been deleted. Make a new key and choose its file."),
    )


def _out_of_reach() -> CloudError:
    return CloudError(
        tr("Google Cloud Vision cannot be reached."),
        tr("Check the connection to the internet, then try again."),
    )


def _is_about_key(error: BaseException) -> bool:
    """Whether gRPC calls the service unavailable because the key gave no token."""
    return "metadata from plugin failed" in str(error)
