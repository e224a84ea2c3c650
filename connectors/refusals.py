"""What a provider's refusal means: a key it does not accept, a quota that is used up, a request to slow down.

What belongs here: statuses 401, 403 and 429, the errors they become, what is remembered of them. What does
not: sending and trying again (http.py), counting calls (budget.py). The refusal's own words are never
repeated: some gateways quote the key.
"""

from __future__ import annotations

from datetime import datetime

import requests

from connectors.budget import Budget, Turn, read_wait
from connectors.config import KEY_VARIABLES
from connectors.errors import SourceError
from connectors.wire import Request, TryAgainError, retry_after

UNAUTHORISED, FORBIDDEN, TOO_MANY = 401, 403, 429
# Where a person gets or renews a key.
KEY_PAGES = {"comtrade": "https://comtradedeveloper.un.org (sign in, Profile, Regenerate)"}
SOON = 900.0  # seconds within which it is worth to try the same step again
_TEXT_BYTES = 2048


def refuse(request: Request, response: requests.Response, budget: Budget, has_key: bool) -> None:
    """Raise what the status of `response` means, if it is a refusal; other statuses pass.

    Raises SourceError for a refusal that stands, TryAgainError for one that may pass. A quota's renewal is
    remembered in `budget`, for this process and those after it.
    """
    if response.status_code == TOO_MANY:
        raise TryAgainError("answered status 429", _told_wait(response), fault="T06")
    if request.provider not in KEY_VARIABLES:
        return
    if response.status_code == UNAUTHORISED:
        raise _bad_key(request, has_key)
    if response.status_code == FORBIDDEN:
        raise _no_quota(request, _told_wait(response), budget)


def closed(request: Request, turn: Turn) -> SourceError:
    """The error for a question that was not asked, because the provider may not be asked yet."""
    return request.failed(
        f"may be asked again from {show_moment(turn.at)} on ({turn.reason}); nothing was asked",
        "refresh again after that time: what has come is kept and is not asked for twice",
        transient=turn.wait <= SOON,
        fault="T07",
    )


def show_moment(moment: datetime) -> str:
    """A moment as a person reads it, to the second, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _bad_key(request: Request, has_key: bool) -> SourceError:
    variable, page = KEY_VARIABLES[request.provider], KEY_PAGES[request.provider]
    what = "does not accept the key (status 401): it has expired, was revoked, or is mistyped"
    if not has_key:
        what = "needs a key, and none is set (status 401)"
    return request.failed(
        what, f"get or renew the key at {page}, put it into {variable}, and refresh again", fault="T22"
    )


def _no_quota(request: Request, wait: float | None, budget: Budget) -> SourceError:
    if wait is None:
        return request.failed(
            "refuses the call (status 403) and does not say until when",
            f"look at the quota and at the key of {KEY_VARIABLES[request.provider]} on the provider's page",
            fault="T07",
        )
    until = budget.close(request.provider, wait)
    return request.failed(
        f"has no calls left in its quota until {show_moment(until)} (status 403)",
        "refresh again after that time: what has come is kept and is not asked for twice",
        fault="T07",
    )


def _told_wait(response: requests.Response) -> float | None:
    """Seconds the provider asks to wait: from its header, else from its words; None if it does not say."""
    told = retry_after(response)
    if told is not None:
        return told
    text = next(response.iter_content(_TEXT_BYTES), b"")
    return read_wait(text.decode("utf-8", "replace"))
