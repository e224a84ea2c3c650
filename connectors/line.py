"""Sessions, lines that end at the deadline, and what a server's expired certificate says.

What belongs here: what requests, urllib3 and ssl know of one line to a provider. What does not: questions,
retries and addresses (http.py, origins.py).

A read time-out starts anew with each byte, so a provider that drips could hold us for ever. A watch ends the
line itself when the time is over, whatever is being waited for: status line, headers or body. The TLS
handshake and name resolution are bounded by their own time-outs only.
"""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Self
from urllib.parse import urlsplit
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from connectors import origins
from connectors.config import SourceSettings
from connectors.errors import quote
from connectors.wire import Request, TryAgainError

# X509_V_FLAG_NO_CHECK_TIME: the chain and the name are checked, the dates are read and not judged.
_NO_CHECK_TIME = 0x200000
_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_TLS_SECONDS = 10


def open_session(settings: SourceSettings, provider: str) -> requests.Session:
    """A session that says who we are; in sample mode the embedded sample answers it."""
    session = requests.Session()
    session.headers["User-Agent"] = (
        f"circularity-monitor/{_version()} (official statistics; automated, polite)"
    )
    session.headers["Accept-Encoding"] = "gzip"  # the one packing body.py undoes under caps
    session.auth = _no_auth
    if settings.illustrative:
        from connectors.sample.adapter import SampleAdapter

        session.trust_env = False
        session.mount("https://", SampleAdapter(settings.sample_vintage))
        return session
    session.trust_env = not origins.on_this_machine(settings, provider)
    adapter = WatchedAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def is_proxied(url: str) -> bool:
    """Behind an office's proxy the proxy resolves names; ours would say nothing about the address called."""
    return requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)) is not None


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending credentials out of a user's ~/.netrc."""
    return request


def _version() -> str:
    try:
        return version("circularity-monitor")
    except PackageNotFoundError:
        return "dev"


class WatchedAdapter(HTTPAdapter):
    """An adapter that can end all its lines. Never retries: http.py does."""

    def __init__(self) -> None:
        """No line is open yet."""
        self._lines: WeakSet[socket.socket] = WeakSet()
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """As HTTPAdapter, with connections that report their lines."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools()

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """As HTTPAdapter, with connections that report their lines."""
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = self._pools()
        return manager

    def end_lines(self) -> None:
        """Shut every open line down; whoever waits on one gets an error or the end of the answer."""
        for line in list(self._lines):
            try:
                # Not SSLSocket.shutdown: it would also drop the TLS state under a reader in another thread.
                socket.socket.shutdown(line, socket.SHUT_RDWR)
            except OSError:
                continue  # closed meanwhile

    def _pools(self) -> dict[str, type[HTTPConnectionPool]]:
        lines = self._lines

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                lines.add(self.sock)

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                lines.add(self.sock)

        http = type("WatchedPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        https = type("WatchedSecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
        return {"http": http, "https": https}


class Watch:
    """Ends the lines of a session after `seconds`; a context manager. `expired` says whether it did."""

    def __init__(self, session: requests.Session, seconds: float) -> None:
        """Nothing runs before the watch is entered."""
        self.expired = False
        self._session, self._timer = session, threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Start."""
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; no line is ended any more."""
        self._timer.cancel()

    def _end(self) -> None:
        self.expired = True
        for adapter in self._session.adapters.values():
            if isinstance(adapter, WatchedAdapter):
                adapter.end_lines()


def explain(request: Request, error: Exception) -> Exception:
    """What a wire error means: a bad certificate is final, anything else may pass.

    No address is in the words; a message of requests may quote a whole one.
    """
    bad, asked = _refused_certificate(error), getattr(error, "request", None)
    if bad is not None and asked is not None:
        what, step = _describe(bad, str(asked.url)), "tell the provider; certificates are always checked"
        return request.failed(what, step, fault="T16")
    if isinstance(error, requests.Timeout):
        return TryAgainError("did not answer in time", fault="T18")
    if isinstance(error, requests.exceptions.SSLError):
        return TryAgainError("broke the TLS connection")
    if isinstance(error, requests.ConnectionError):
        return TryAgainError("cannot be reached, or broke the connection")
    return TryAgainError(f"failed on the wire ({quote(type(error).__name__)})")


def _refused_certificate(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The certificate error behind a wire error, or None."""
    seen: BaseException | None = error
    for _ in range(10):
        if isinstance(seen, ssl.SSLCertVerificationError) or seen is None:
            return seen
        inner = [x for x in (getattr(seen, "reason", None), *seen.args) if isinstance(x, BaseException)]
        seen = inner[0] if inner else seen.__cause__ or seen.__context__
    return None


def _describe(error: ssl.SSLCertVerificationError, url: str) -> str:
    if error.verify_code != _EXPIRED:
        return "has no valid TLS certificate"
    expiry = _expiry(url)
    return f"has a TLS certificate that expired on {expiry}" if expiry else "has an expired TLS certificate"


def _expiry(url: str) -> str | None:
    """The last day of a server's certificate, whose chain and name are checked; nothing is sent.

    None if it cannot be asked for (a proxy stands between, or more is wrong with it than its date).
    """
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=requests.adapters.DEFAULT_CA_BUNDLE_PATH)
    context.verify_flags |= _NO_CHECK_TIME
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), _TLS_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
        ):
            until = (secure.getpeercert() or {}).get("notAfter")
    except OSError:
        return None
    seconds = ssl.cert_time_to_seconds(str(until))
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
