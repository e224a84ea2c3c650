"""The one HTTP client: identity, time-outs, retries, politeness, the origin rule at every hop, no echoed key.

What belongs here: bringing one complete body to disk, or saying why not. What does not: what a body means
(protocols/), which addresses are allowed (origins.py), bytes on the line (line.py, body.py), what a refusal
means (refusals.py), keeping bytes (store.py).

One loop decides about trying again, so that a refused connection, a 503, a body cut short and a maintenance
page with status 200 all count against one budget. urllib3's Retry supplies the waiting times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, Self
from urllib.parse import urlencode, urljoin

import requests
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import Retry

from connectors import origins, redaction, refusals
from connectors.body import BadBodyError, is_echo, receive
from connectors.budget import Budget
from connectors.circuit import Circuit
from connectors.config import KEY_VARIABLES, SourceSettings
from connectors.line import Watch, explain, is_proxied, open_session
from connectors.wire import (
    Answer,
    Limits,
    Request,
    TryAgainError,
    answer_of,
    first_bytes,
    looks_like_html,
    retry_after,
)

DATASET_SECONDS = Limits().dataset_seconds
MAX_HOPS = 3
NOT_MODIFIED, GONE = 304, 410
KEY_HEADERS = {"comtrade": "Ocp-Apim-Subscription-Key"}
RETRY_STATUS = frozenset({500, 502, 503, 504})
_WIRE_ERRORS = (requests.RequestException, HTTPError)
_REVIEW = "check whether the provider has moved, then review the address"


class Client:
    """Speaks to the listed providers only.

    In sample mode the embedded sample answers; in archive mode nobody.
    """

    def __init__(
        self,
        settings: SourceSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        resolver: origins.Resolver = origins.resolve,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        limits: Limits = Limits(),
        circuit: Circuit | None = None,
    ) -> None:
        """Time, name resolution and limits can be injected. Clients that share a `circuit` learn from each
        other which provider is down.
        """
        self.limits, self._circuit = limits, circuit or Circuit()
        self.settings, self._sleep, self._monotonic, self._resolver = settings, sleep, monotonic, resolver
        self._sessions: dict[str, requests.Session] = {}
        self.now, self.budget = now, Budget(settings.root, now)

    @property
    def offline(self) -> bool:
        """Archive mode: no network at all."""
        return self.settings.mode == "archive"

    def __enter__(self) -> Self:
        """Use as a context manager to close connections."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            session.close()

    def fetch(self, request: Request, into: Path, *, deadline: float | None = None) -> Answer:
        """Bring one complete body into the file `into`. Raises SourceError, `transient` if later may help.

        `deadline` is on this client's clock (see `deadline_in`).
        """
        if self.offline:
            raise request.failed("archive mode speaks to no network", "set CIRCULARITY_SOURCE=live to fetch")
        deadline = self.deadline_in(DATASET_SECONDS) if deadline is None else deadline
        if reason := self._circuit.refusal(request.provider, self._monotonic()):
            step = "refresh again later; if it lasts, run `circularity probe`"
            raise request.failed(reason, step, transient=True, fault="T17")
        retry = Retry(total=self.limits.attempts - 1, backoff_factor=1, backoff_jitter=1, backoff_max=60)
        attempts = 0
        while True:
            attempts += 1
            try:
                answer = self._attempt(request, into, deadline)
            except TryAgainError as fault:
                try:
                    retry = retry.increment(method=request.method, url=request.path)
                except MaxRetryError:
                    self._give_up(request, fault, f"after {attempts} attempts")
                wait = retry.get_backoff_time() if fault.wait is None else fault.wait
                if self._monotonic() + wait > deadline:
                    self._give_up(request, fault, self._past_deadline(request, fault, wait))
                self._sleep(wait)
            else:
                self._circuit.worked(request.provider)
                return answer

    def deadline_in(self, seconds: float) -> float:
        """A point in time on this client's clock, never later than one data set may take."""
        return self._monotonic() + min(seconds, self.limits.dataset_seconds)

    def pause(self, seconds: float, deadline: float) -> bool:
        """Wait for a provider that asked for time; False, at once, if that would end after `deadline`."""
        if self._monotonic() + seconds > deadline:
            return False
        self._sleep(seconds)
        return True

    def _past_deadline(self, request: Request, fault: TryAgainError, wait: float) -> str:
        how = f"and asks to wait {wait:.0f} s, past the deadline"
        if fault.wait is None:
            return how
        # Remembered, so that the next process keeps to it as well.
        until = refusals.show_moment(self.budget.close(request.provider, wait))
        return f"{how}; it may be asked again from {until} on"

    def _give_up(self, request: Request, fault: TryAgainError, how: str) -> NoReturn:
        self._circuit.failed(request.provider, fault.what, self._monotonic())
        raise request.failed(
            f"{fault.what}, {how}",
            "wait and refresh again; if it lasts, run `circularity probe`",
            transient=True,
            value=fault.value,
            fault=fault.fault,
        ) from None

    # ---- one attempt

    def _attempt(self, request: Request, into: Path, deadline: float) -> Answer:
        """One exchange, ended at the deadline whatever it is waiting for."""
        self._take_turn(request, deadline)
        began = self._monotonic()
        with Watch(self._session(request.provider), deadline - began) as watch:
            try:
                answer = None if began >= deadline else self._exchange(request, into, deadline - began)
            except TryAgainError:
                if not watch.expired:
                    raise
                answer = None
        if answer is None or watch.expired:
            took = f"gave no complete answer until the deadline, after {self._monotonic() - began:.0f} s"
            self._circuit.failed(request.provider, took, self._monotonic())
            raise request.failed(took, "refresh again later", transient=True, fault="T18")
        return answer

    def _exchange(self, request: Request, into: Path, seconds: float) -> Answer:
        try:
            with self._follow(request, seconds) as response:
                if response.status_code == NOT_MODIFIED:
                    return self._not_modified(request, response, into)
                refusals.refuse(request, response, self.budget, request.provider in self.settings.keys)
                if response.status_code in RETRY_STATUS:
                    raise TryAgainError(f"answered status {response.status_code}", retry_after(response))
                if response.status_code == GONE:
                    what, step = "is gone from this address (status 410)", "docs/runbook.md, T15"
                    raise request.failed(what, f"find its new address: {step}", fault="T15")
                size = receive(response, into, self.limits)
        except BadBodyError as error:
            if error.transient:
                raise TryAgainError(error.what, fault=error.fault) from None
            raise request.failed(error.what, error.next_step, fault=error.fault) from None
        except _WIRE_ERRORS as error:
            raise explain(request, error) from None
        self._refuse_echo(request, into, response.status_code)
        head = first_bytes(into)
        if looks_like_html(head):
            page = head[:80].decode("utf-8", "replace")
            raise TryAgainError("answered a web page instead of data", value=page, fault="T01")
        return answer_of(response, into, size)

    def _refuse_echo(self, request: Request, into: Path, status: int) -> None:
        """A body that repeats our key is not stored; out of an error's text the key is taken."""
        if request.provider not in self.settings.keys or not is_echo(into, self.limits):
            return
        if status != 200:
            into.write_bytes(redaction.hide_bytes(into.read_bytes()))
            return
        name = KEY_VARIABLES[request.provider]
        raise request.failed(
            "repeated our key in its answer; the answer was not stored (key removed)",
            f"tell the provider, renew the key and put it into {name}",
            fault="O14",
        )

    @staticmethod
    def _not_modified(request: Request, response: requests.Response, into: Path) -> Answer:
        if not request.validators:
            what = "answered that nothing changed to a question that compared nothing"
            raise TryAgainError(what, fault="T20")
        return answer_of(response, into, 0)

    def _follow(self, request: Request, seconds: float) -> requests.Response:
        """Send, and follow redirects by hand: each hop passes the origin rule before it is called."""
        url = f"{self.settings.base_url(request.provider)}/{request.path}"
        if request.params:
            url += "?" + urlencode(request.params)
        connect, read = self.limits.connect_seconds, self.limits.read_seconds
        for _ in range(MAX_HOPS):
            self._refuse_foreign(request, url)
            response = self._session(request.provider).request(
                request.method,
                url,
                data=request.form,
                json=request.json,
                headers={**request.validators, **self._key_header(request.provider)},
                timeout=(min(connect, seconds), min(read, seconds)),
                allow_redirects=False,
                stream=True,
            )
            if not response.is_redirect:
                return response
            url = self._next_hop(request, url, response)
            response.close()
        shown = origins.redact(url)
        raise request.failed("redirects in a circle", _REVIEW, value=shown, fault="T02")

    @staticmethod
    def _next_hop(request: Request, url: str, response: requests.Response) -> str:
        location = response.headers["Location"]
        try:
            return urljoin(url, location)
        except ValueError:
            raise request.failed(
                "was sent to an address that cannot be read", _REVIEW, value=location, fault="H10"
            ) from None

    def _refuse_foreign(self, request: Request, url: str) -> None:
        reason = origins.refusal(url, request.provider, self.settings)
        fault = "H10" if origins.is_forged(url) else "T02"
        if reason is None and redaction.is_found_in([url.encode()]):
            reason, fault = "the address carries our key", "O14"
        if reason is None and not self.settings.illustrative and not is_proxied(url):
            try:
                reason = origins.address_refusal(url, self.settings, request.provider, self._resolver)
                fault = "H10"
            except OSError:
                raise TryAgainError("the name of the provider's host cannot be resolved") from None
        if reason:
            what = f"was sent to another address ({reason}); nothing was asked there"
            raise request.failed(what, _REVIEW, value=origins.redact(url), fault=fault)

    def _take_turn(self, request: Request, deadline: float) -> None:
        """Wait for this provider's next place; refuse a question that would have to wait too long.

        A copy of a provider on this machine needs no politeness, but its refusals count.
        """
        if self.settings.illustrative:
            return
        patience = max(0.0, deadline - self._monotonic())
        if origins.on_this_machine(self.settings, request.provider):
            turn = self.budget.ask_closed(request.provider)
        else:
            turn = self.budget.take(request.provider, patience)
        if turn is None or turn.wait <= 0:
            return
        if turn.wait > patience:
            raise refusals.closed(request, turn)
        self._sleep(turn.wait)

    def _key_header(self, provider: str) -> dict[str, str]:
        """The key travels in this header only: an address ends up in logs."""
        key = self.settings.keys.get(provider)
        return {KEY_HEADERS[provider]: key.get_secret_value()} if key else {}

    def _session(self, provider: str) -> requests.Session:
        if provider not in self._sessions:
            self._sessions[provider] = open_session(self.settings, provider)
        return self._sessions[provider]
