"""A small web server on 127.0.0.1 that answers like the providers, with invented figures, and misbehaves.

What belongs here: serving the sample's bodies over HTTP, the ways to spoil an answer. What does not: the
bodies themselves (connectors/sample), judging what became of a fault (scene.py).

    with Router() as router:
        router.inject("Series/DataCSV", status(503), times=2)      # a rule: where, how, how often
        router.inject("page=2", edit(lambda body: body.replace(b'"pages": 3', b'"pages": 2')))
        router.vintage = 1                                         # the sample's first vintage
        router.log                                                 # what was asked, oldest first

A fault is a function from the asked question and the good reply to another reply: several may act on one
request, in the order in which they were injected. `where` is a regular expression searched in `METHOD
path?query` and, for a POST, in its body behind a blank. Each provider lives below its own name (/unsd,
/eurostat, ...); `environment` points the product there. Answers carry an ETag and answer a conditional
request with 304, as the providers do.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

import requests

from connectors.config import OFFICIAL_URLS
from connectors.sample.adapter import SampleAdapter


@dataclass(frozen=True)
class Asked:
    """One request as it arrived. `status` is what was answered (0: nothing)."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int = 0

    @property
    def text(self) -> str:
        return f"{self.method} {self.path} {self.body.decode('latin-1')}".rstrip()


@dataclass(frozen=True)
class Reply:
    """One answer. `wire` says how it travels:

    whole; cut (half of the body, whole length announced); reset (connection reset instead of an answer);
    reset_mid (half of the body, then reset); drip (a byte every `pause` seconds); drip_head (the same
    in the headers); hang (no byte for ever).
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    wire: Literal["whole", "cut", "reset", "reset_mid", "drip", "drip_head", "hang"] = "whole"
    pause: float = 0.05
    announced: bool = True  # whether Content-Length is sent


Spoil = Callable[[Asked, Reply], Reply]


class UselessFaultError(AssertionError):
    """A fault that changes nothing: the test that injects it would prove nothing."""


@dataclass
class _Rule:
    where: re.Pattern[str]
    spoil: Spoil
    times: int
    skip: int


class Router:
    """The server; a context manager. `tls` serves https with that context."""

    def __init__(self, vintage: int = 1, tls: ssl.SSLContext | None = None) -> None:
        self.vintage, self.log = vintage, list[Asked]()
        self._rules, self._guard, self._stop = list[_Rule](), threading.Lock(), threading.Event()
        self._useless = list[AssertionError]()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> Self:
        serve = {"poll_interval": 0.01}
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs=serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if self._useless:
            raise self._useless[0]

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point every provider here."""
        return {f"CIRCULARITY_{name.upper()}_URL": f"{self.url}/{name}" for name in OFFICIAL_URLS}

    def inject(self, where: str, spoil: Spoil, *, times: int = -1, skip: int = 0) -> None:
        """Spoil the answers to matching requests: all (-1) or the next `times`, after `skip` good ones."""
        self._rules.append(_Rule(re.compile(where), spoil, times, skip))

    def heal(self) -> None:
        """Take back every fault and forget what was asked."""
        self._rules.clear()
        self.log.clear()

    def asked(self, where: str = "") -> list[Asked]:
        """The requests that match, oldest first."""
        return [entry for entry in self.log if re.search(where, entry.text)]

    def answer(self, asked: Asked) -> Reply:
        """The good answer, spoilt by the rules that match; 304 if what is asked for did not change."""
        reply = self._good(asked)
        with self._guard:
            for rule in self._rules:
                if rule.times and rule.where.search(asked.text):
                    if rule.skip:
                        rule.skip -= 1
                        continue
                    rule.times -= 1
                    reply = rule.spoil(asked, reply)
            etag = reply.headers.get("ETag")
            if reply.status == 200 and etag and etag == asked.headers.get("If-None-Match"):
                reply = Reply(304, b"", reply.headers)
            self.log.append(replace(asked, status=reply.status))
        return reply

    def _good(self, asked: Asked) -> Reply:
        """The sample's answer to the same question at the official address."""
        _, provider, rest = asked.path.split("/", 2) if asked.path.count("/") > 1 else ("", "", "")
        if provider not in OFFICIAL_URLS:
            return Reply(404, b"no provider lives here")
        headers = {name: asked.headers[name] for name in ("Content-Type",) if name in asked.headers}
        url = f"{OFFICIAL_URLS[provider]}/{rest}"
        official = requests.Request(
            asked.method, url, headers=headers, data=asked.body.decode() or None
        ).prepare()
        answer = SampleAdapter(self.vintage).send(official)
        return Reply(
            answer.status_code, answer.raw.read(), {"Last-Modified": answer.headers["Last-Modified"]}
        )

    def note(self, error: AssertionError) -> None:
        """Remember an error of a test itself; leaving the router raises it."""
        self._useless.append(error)

    def send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        """Put a reply on the wire."""
        if reply.wire == "hang":
            self._stop.wait()
        if reply.wire in ("hang", "reset"):
            return _reset(handler)
        if reply.wire == "drip_head":
            return self._drip(handler, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000, reply.pause)
        handler.send_response(reply.status)
        length = {"Content-Length": str(len(reply.body))} if reply.announced else {}
        headers = {**length, **reply.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.close_connection = reply.wire != "whole" or not reply.announced
        if reply.wire == "drip":
            return self._drip(handler, reply.body, reply.pause)
        whole = reply.wire == "whole"
        handler.wfile.write(reply.body if whole else reply.body[: len(reply.body) // 2])
        return _reset(handler) if reply.wire == "reset_mid" else None

    def _drip(self, handler: BaseHTTPRequestHandler, content: bytes, pause: float) -> None:
        for start in range(len(content)):
            if self._stop.wait(pause):
                return
            handler.wfile.write(content[start : start + 1])
            handler.wfile.flush()


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """Close with RST: a linger of zero seconds."""
    handler.close_connection = True
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _handler(router: Router) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802 - the name http.server calls
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, dict(self.headers), body)
            try:
                router.send(self, router.answer(asked))
            except AssertionError as error:
                router.note(error)
                self.close_connection = True
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client has had enough

        do_POST = do_GET  # noqa: N815 - the name http.server calls

        def finish(self) -> None:
            if self.connection.fileno() != -1:
                super().finish()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


# ---- the ways to spoil an answer


def status(code: int, body: bytes = b"", **headers: str) -> Spoil:
    """Another status, with a body and headers (`Retry_After="7"` becomes Retry-After)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda asked, good: Reply(code, body, named)


def body(content: bytes, **headers: str) -> Spoil:
    """Other bytes, with status 200."""
    return status(200, content, **headers)


def edit(change: Callable[[bytes], bytes]) -> Spoil:
    """The good body, changed; gzip is undone before and done again after. It must change something."""

    def spoil(asked: Asked, good: Reply) -> Reply:
        packed = good.body.startswith(b"\x1f\x8b")
        plain = gzip.decompress(good.body) if packed else good.body
        spoilt = change(plain)
        if spoilt == plain:
            raise UselessFaultError(f"the fault changes nothing in the answer to {asked.text}")
        return changed(good, gzip.compress(spoilt, mtime=0) if packed else spoilt)

    return spoil


def raw(change: Callable[[bytes], bytes]) -> Spoil:
    """The good body, its bytes changed as they travel (gzip stays packed)."""
    return lambda asked, good: changed(good, change(good.body))


def changed(good: Reply, content: bytes, etag: str = "") -> Reply:
    """The reply with another body, and the ETag that goes with it unless one is given."""
    etag = etag or f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    return replace(good, body=content, headers={**good.headers, "ETag": etag})


def headers(**named: str) -> Spoil:
    """The good answer with some headers set (`Content_Encoding="gzip"`)."""
    more = {name.replace("_", "-"): value for name, value in named.items()}
    return lambda asked, good: replace(good, headers={**good.headers, **more})


def redirect(to: str, code: int = 302) -> Spoil:
    """A redirect."""
    return status(code, Location=to)


def wire(
    how: Literal["cut", "reset", "reset_mid", "drip", "drip_head", "hang"], pause: float = 0.05
) -> Spoil:
    """The good answer on a bad line."""
    return lambda asked, good: replace(good, wire=how, pause=pause)


WEB_PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>"


def web_page() -> Spoil:
    """A maintenance page with status 200 and the content type of data."""
    return body(WEB_PAGE, Content_Type="application/json")
