"""A scripted provider on loopback: tests say what it answers, and read what it was asked."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.store import Store


@dataclass
class Reply:
    """One scripted answer. `cut` announces the whole length and sends half of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class Provider:
    """Answers from `script`, in order, the last one for ever; or from `answer` if that is set."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.script: list[Reply] = []
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Reply] | None = None

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if self.answer:
            return self.answer(asked)
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@pytest.fixture
def provider() -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            reply = scripted.reply(Asked(self.command, self.path, dict(self.headers), body))
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)
            self.close_connection = reply.cut

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scripted = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield scripted
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the machine the tests run on must not decide their outcome."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, []

    def __call__(self) -> float:
        return self.now

    def utc(self) -> datetime:
        return datetime(2026, 3, 1, 6, tzinfo=UTC) + timedelta(seconds=self.now)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live_settings(provider: Provider, tmp_path: Path) -> SourceSettings:
    return SourceSettings.from_env(
        {
            "CIRCULARITY_SOURCE": "live",
            "CIRCULARITY_HOME": str(tmp_path / "home"),
            "CIRCULARITY_UNSD_URL": f"{provider.url}/unsd",
            "CIRCULARITY_EUROSTAT_URL": f"{provider.url}/eurostat",
            "CIRCULARITY_WORLD_BANK_URL": f"{provider.url}/worldbank",
            "CIRCULARITY_COMTRADE_URL": f"{provider.url}/comtrade",
            "CIRCULARITY_OECD_URL": f"{provider.url}/oecd",
            "CIRCULARITY_UNECE_URL": f"{provider.url}/unece",
            "CIRCULARITY_UN_DATA_URL": f"{provider.url}/un_data",
        }
    )


@pytest.fixture
def client(live_settings: SourceSettings, clock: Clock) -> Iterator[Client]:
    with Client(live_settings, sleep=clock.sleep, monotonic=clock, now=clock.utc) as client:
        yield client


@pytest.fixture
def store(live_settings: SourceSettings) -> Store:
    return Store(live_settings.root, illustrative=False)
