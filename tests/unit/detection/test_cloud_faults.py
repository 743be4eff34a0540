"""Each thing the client library can raise, told to the owner: words, remedy, and who pays."""

from __future__ import annotations

import pickle

import pytest
import requests
from google.api_core import exceptions as api
from google.auth import exceptions as auth

from facegui.detection.cloud_faults import cloud_faults, worth_another_try
from facegui.domain.errors import CloudError

NO_TOKEN = "Getting metadata from plugin failed with error: invalid_grant"

# error, words, may have been charged, worth another try
CASES = [
    (api.TooManyRequests("quota"), "too many requests: quota", False, True),
    (api.ResourceExhausted("quota"), "too many requests: quota", False, True),
    (api.ServiceUnavailable("busy"), "cannot be reached", False, True),
    (api.BadGateway("busy"), "cannot be reached", False, True),
    (api.InternalServerError("oops"), "failed: oops", True, True),
    (api.Unknown("oops"), "failed: oops", True, False),
    (api.DeadlineExceeded("late"), "did not answer within 7 s", True, False),
    (api.GatewayTimeout("late"), "did not answer within 7 s", True, False),
    (api.Cancelled("closed"), "failed: closed", True, False),
    (api.Unauthenticated("who?"), "does not accept the service account's key", False, False),
    (api.Unauthorized("who?"), "does not accept the service account's key", False, False),
    (api.ServiceUnavailable(NO_TOKEN), "does not accept the service", False, False),
    (api.PermissionDenied("API off"), "refuses this service account: API off", False, False),
    (api.Forbidden("no billing"), "refuses this service account: no billing", False, False),
    (api.InvalidArgument("odd"), "refuses the request: odd", False, False),
    (api.NotFound("where?"), "refuses the request: where?", False, False),
    (auth.RefreshError("invalid_grant"), "does not accept the service", False, False),
    (auth.TransportError("no route"), "cannot be reached", False, False),
    (requests.ConnectionError("no route"), "cannot be reached", False, False),
    (requests.ReadTimeout("late"), "did not answer within 7 s", True, False),
]


@pytest.mark.parametrize(("error", "words", "charged", "again"), CASES)
def test_what_is_raised_is_told(error: Exception, words: str, charged: bool, again: bool) -> None:
    with pytest.raises(CloudError) as caught, cloud_faults(7.0):
        raise error
    assert words in caught.value.message
    assert caught.value.remedy.endswith(".")
    assert caught.value.may_be_charged is charged
    assert caught.value.__cause__ is error
    assert worth_another_try(error) is again


def test_what_ended_the_retries_is_told_and_not_that_they_ended() -> None:
    last = api.TooManyRequests("quota")
    with pytest.raises(CloudError, match="too many requests: quota"), cloud_faults(7.0):
        raise api.RetryError("Timeout of 90.0s exceeded", last)


def test_a_bug_stays_a_bug() -> None:
    with pytest.raises(ZeroDivisionError), cloud_faults(7.0):
        _ = 1 / 0


def test_what_was_raised_may_be_charged_unless_said() -> None:
    error = CloudError("a", "b", may_be_charged=True)
    assert str(error) == "a b"
    assert CloudError("a").may_be_charged is False
    assert str(pickle.loads(pickle.dumps(error))) == "a b"
