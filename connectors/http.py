"""The one HTTP client: identity, time-outs, retries, politeness, size caps, the origin rule at every hop.

What belongs here: bringing one complete body to disk, or saying why not. What does not: what a body means
(protocols/), which addresses are allowed (origins.py), keeping bytes (store.py).

One loop decides about trying again, so that a refused connection, a 503, a body cut short and a maintenance
page with status 200 all count against one budget. urllib3's Retry supplies the waiting times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn, Self
from urllib.parse import urlencode, urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import Retry

from connectors import origins, refusals
from connectors.budget import Budget
from connectors.config import SourceSettings
from connectors.wire import (
    MAX_RATIO,
    SIZE_CAP,
    Answer,
    Request,
    TryAgainError,
    first_bytes,
    looks_like_html,
    plain,
    retry_after,
)

CONNECT_SECONDS, READ_SECONDS = 10, 60
DATASET_SECONDS = 15 * 60
MAX_HOPS = 3
ATTEMPTS = 4
NOT_MODIFIED = 304
KEY_HEADERS = {"comtrade": "Ocp-Apim-Subscription-Key"}
RETRY_STATUS = frozenset({500, 502, 503, 504})
_CHUNK = 1 << 16
_WIRE_ERRORS = (requests.RequestException, HTTPError)


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
    ) -> None:
        """Time and name resolution can be injected, so that tests need neither."""
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
        retry = Retry(total=ATTEMPTS - 1, backoff_factor=1, backoff_jitter=1, backoff_max=60)
        attempts = 0
        while True:
            attempts += 1
            try:
                return self._attempt(request, into, deadline)
            except TryAgainError as fault:
                try:
                    retry = retry.increment(method=request.method, url=request.path)
                except MaxRetryError:
                    self._give_up(request, fault, f"after {attempts} attempts")
                wait = retry.get_backoff_time() if fault.wait is None else fault.wait
                if self._monotonic() + wait > deadline:
                    self._give_up(request, fault, self._past_deadline(request, fault, wait))
                self._sleep(wait)

    def deadline_in(self, seconds: float) -> float:
        """A point in time on this client's clock."""
        return self._monotonic() + seconds

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

    @staticmethod
    def _give_up(request: Request, fault: TryAgainError, how: str) -> NoReturn:
        raise request.failed(
            f"{fault.what}, {how}",
            "wait and refresh again; if it lasts, run `circularity probe`",
            transient=True,
            value=fault.value,
        ) from None

    # ---- one attempt

    def _attempt(self, request: Request, into: Path, deadline: float) -> Answer:
        self._take_turn(request, deadline)
        try:
            with self._follow(request) as response:
                if response.status_code == NOT_MODIFIED:
                    return self._not_modified(request, response, into)
                refusals.refuse(request, response, self.budget, request.provider in self.settings.keys)
                if response.status_code in RETRY_STATUS:
                    raise TryAgainError(f"answered status {response.status_code}", retry_after(response))
                size = self._receive(response, request, into, deadline)
        except _WIRE_ERRORS as error:
            raise TryAgainError(plain(error)) from None
        head = first_bytes(into)
        if looks_like_html(head):
            raise TryAgainError(
                "answered a web page instead of data", value=head[:80].decode("utf-8", "replace")
            )
        return Answer(
            into,
            origins.redact(response.url),
            response.status_code,
            size,
            response.headers.get("ETag"),
            response.headers.get("Last-Modified"),
        )

    @staticmethod
    def _not_modified(request: Request, response: requests.Response, into: Path) -> Answer:
        if not request.validators:
            raise request.failed(
                "answered that nothing changed to a question that compared nothing",
                "report it to the provider",
                fault="T20",
            )
        etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
        return Answer(into, origins.redact(response.url), NOT_MODIFIED, 0, etag, modified)

    def _follow(self, request: Request) -> requests.Response:
        """Send, and follow redirects by hand: each hop passes the origin rule before it is called."""
        url = f"{self.settings.base_url(request.provider)}/{request.path}"
        if request.params:
            url += "?" + urlencode(request.params)
        for _ in range(MAX_HOPS):
            self._refuse_foreign(request, url)
            response = self._session(request.provider).request(
                request.method,
                url,
                data=request.form,
                json=request.json,
                headers={**request.validators, **self._key_header(request.provider)},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            if not response.is_redirect:
                return response
            url = self._next_hop(request, url, response)
            response.close()
        raise request.failed(
            "redirects in a circle", "review the address of this provider", value=origins.redact(url)
        )

    @staticmethod
    def _next_hop(request: Request, url: str, response: requests.Response) -> str:
        location = response.headers["Location"]
        try:
            return urljoin(url, location)
        except ValueError:
            raise request.failed(
                "was sent to an address that cannot be read",
                "check whether the provider has moved, then review the address",
                value=location,
            ) from None

    def _refuse_foreign(self, request: Request, url: str) -> None:
        reason = origins.refusal(url, request.provider, self.settings)
        if reason is None and not self.settings.illustrative and not self._proxied(url):
            try:
                reason = origins.address_refusal(url, self.settings, request.provider, self._resolver)
            except OSError:
                raise TryAgainError("the name of the provider's host cannot be resolved") from None
        if reason:
            raise request.failed(
                f"was sent to another address ({reason}); nothing was asked there",
                "check whether the provider has moved, then review the address",
                value=origins.redact(url),
            )

    def _receive(self, response: requests.Response, request: Request, into: Path, deadline: float) -> int:
        size = 0
        with into.open("wb") as out:
            for chunk in response.iter_content(_CHUNK):
                size += len(chunk)
                if size > SIZE_CAP:
                    raise request.failed(
                        f"answered more than {SIZE_CAP} bytes", "narrow the query of this data set"
                    )
                if size > MAX_RATIO * max(response.raw.tell(), _CHUNK):
                    raise request.failed(
                        f"packed its answer more than {MAX_RATIO} times", "report it to the provider"
                    )
                if self._monotonic() > deadline:
                    raise request.failed(
                        f"answered too slowly, {size} bytes until the deadline",
                        "refresh again later",
                        transient=True,
                    )
                out.write(chunk)
        return size

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

    def _proxied(self, url: str) -> bool:
        """Behind an office's proxy the proxy resolves names; ours would say nothing about the address
        called.
        """
        return requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)) is not None

    def _session(self, provider: str) -> requests.Session:
        if provider not in self._sessions:
            session = requests.Session()
            session.headers["User-Agent"] = (
                f"circularity-monitor/{_version()} (official statistics; automated, polite)"
            )
            session.auth = _no_auth
            if self.settings.illustrative:
                from connectors.sample.adapter import SampleAdapter

                session.trust_env = False
                session.mount("https://", SampleAdapter(self.settings.sample_vintage))
            else:
                session.trust_env = not origins.on_this_machine(self.settings, provider)
                adapter = HTTPAdapter(max_retries=0)
                session.mount("https://", adapter)
                session.mount("http://", adapter)
            self._sessions[provider] = session
        return self._sessions[provider]


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending credentials out of a user's ~/.netrc."""
    return request


def _version() -> str:
    try:
        return version("circularity-monitor")
    except PackageNotFoundError:
        return "dev"
