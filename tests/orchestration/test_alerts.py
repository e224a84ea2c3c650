"""Alerts against local receivers: told once, told when it is over, nothing secret told."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from connectors.config import SourceSettings
from connectors.errors import SourceError, UsageError
from connectors.ingest import IngestResult
from connectors.registry import get_dataset
from orchestration.alert_settings import AlertSettings
from orchestration.alerts import tell
from orchestration.workplace import Workplace

SPEC = get_dataset("world_bank/sp_pop_totl")
TOKEN = "a-token-nobody-may-see"  # noqa: S105 - invented
PASSWORD = "a-password-nobody-may-see"  # noqa: S105 - invented
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


class Hook:
    """A webhook on loopback; `status` is what it answers."""

    def __init__(self) -> None:
        self.status, self.location = 200, ""
        self.got: list[dict] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append(json.loads(body))
                self.send_response(hook.status)
                if hook.location:
                    self.send_header("Location", hook.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks/{TOKEN}"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    made = Hook()
    monkeypatch.setenv("CIRCULARITY_ALERT_WEBHOOK", made.url)
    yield made
    made.server.shutdown()
    made.server.server_close()


class Inbox:
    """A mail server on loopback that asks for user and password."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        self.got.append(message_from_bytes(envelope.content))
        return "250 OK"

    def authenticate(
        self, server: object, session: object, envelope: object, way: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == PASSWORD.encode())


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    made = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        made, hostname="127.0.0.1", port=port, authenticator=made.authenticate, auth_require_tls=False
    )
    controller.start()
    for name, value in {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_SECURITY": "none",
        "SMTP_USER": "office",
        "SMTP_PASSWORD": PASSWORD,
        "MAIL_FROM": "circularity@example.org",
        "MAIL_TO": "one@example.org, two@example.org",
    }.items():
        monkeypatch.setenv(f"CIRCULARITY_ALERT_{name}", value)
    yield made
    controller.stop()


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(SourceSettings.from_env({"CIRCULARITY_HOME": str(tmp_path)}), now=NOW)


def failed(*parts: str, fault: str = "T01", what: str = "answered a web page") -> IngestResult:
    errors = {
        part: SourceError(
            SPEC.provider,
            SPEC.dataset,
            what,
            part=part,
            next_step="look at the source's news",
            kept="the last good vintage 2026-01-28.02660316",
            field="body",
            value="<html>",
            owner="an-office",
            fault=fault,
        )
        for part in parts
    }
    return IngestResult(SPEC.key, "kept", None, errors)


FINE = IngestResult(SPEC.key, "unchanged", None, {})


def test_a_webhook_gets_every_fact_an_engineer_needs(hook: Hook, place: Workplace) -> None:
    assert tell(place, SPEC, failed("all")) == []
    (got,) = hook.got
    assert got["dataset"] == "world_bank/sp_pop_totl" and got["fault"] == "T01" and got["state"] == "failed"
    assert got["first_rows"] == ["all: body = <html>"]
    assert got["kept"] == "the last good vintage 2026-01-28.02660316" and got["owner"] == "an-office"
    assert got["next_step"] == "look at the source's news" and got["runbook"] == "docs/runbook.md#t01"
    assert "What happened: world_bank/sp_pop_totl: answered a web page" in got["text"]


def test_one_alert_for_each_fault_until_it_is_over(hook: Hook, place: Workplace) -> None:
    for _ in range(3):
        tell(place, SPEC, failed("all"))
    assert len(hook.got) == 1
    tell(place, SPEC, failed("all", fault="T17", what="answered status 503"))
    assert [(a["fault"], a["state"]) for a in hook.got[1:]] == [("T17", "failed"), ("T01", "resolved")]
    tell(place, SPEC, FINE)
    tell(place, SPEC, FINE)
    assert [(a["fault"], a["state"]) for a in hook.got[3:]] == [("T17", "resolved")]
    tell(place, SPEC, failed("all"))
    assert hook.got[-1]["state"] == "failed"


def test_many_parts_that_fail_alike_make_one_alert(hook: Hook, place: Workplace) -> None:
    tell(place, SPEC, failed("b", "a", "c"))
    assert [a["parts"] for a in hook.got] == [["a", "b", "c"]]


def test_a_fault_without_id_is_known_again_by_its_words(hook: Hook, place: Workplace) -> None:
    tell(place, SPEC, failed("all", fault="", what="answered 12 rows on 2026-01-01"))
    tell(place, SPEC, failed("all", fault="", what="answered 13 rows on 2026-01-02"))
    assert [a["runbook"] for a in hook.got] == ["docs/runbook.md#unnamed"]


def test_an_email_goes_to_everybody_with_the_password_given(inbox: Inbox, place: Workplace) -> None:
    assert tell(place, SPEC, failed("all")) == []
    (mail,) = inbox.got
    assert mail["To"] == "one@example.org, two@example.org" and mail["From"] == "circularity@example.org"
    assert mail["Subject"] == "circularity: world_bank/sp_pop_totl failed (T01)"
    text = mail.get_payload(decode=True).decode()
    assert "Next step: look at the source's news" in text and "Runbook: docs/runbook.md#t01" in text
    assert inbox.logins == [(b"office", PASSWORD.encode())]


def test_both_ways_at_once(hook: Hook, inbox: Inbox, place: Workplace) -> None:
    tell(place, SPEC, failed("all"))
    assert len(hook.got) == len(inbox.got) == 1


@pytest.mark.parametrize("status", [500, 302, 404])
def test_a_webhook_that_fails_is_told_plainly_and_tried_again(
    hook: Hook, place: Workplace, status: int
) -> None:
    hook.status, hook.location = status, hook.url if status == 302 else ""
    said = tell(place, SPEC, failed("all"))
    assert len(said) == 1 and "could not be sent by webhook" in said[0] and str(status) in said[0]
    assert TOKEN not in said[0] and len(hook.got) == 1
    hook.status, hook.location = 200, ""
    assert tell(place, SPEC, failed("all")) == []
    assert len(hook.got) == 2


def test_nobody_listening_does_not_stop_a_refresh(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCULARITY_ALERT_WEBHOOK", f"http://127.0.0.1:9/{TOKEN}")
    said = tell(place, SPEC, failed("all"))
    assert "could not be sent by webhook: ConnectionError" in said[0] and TOKEN not in said[0]


def test_without_settings_nothing_is_sent_and_nothing_written(place: Workplace) -> None:
    assert tell(place, SPEC, failed("all")) == []
    assert not (place.root / "alerts").exists()


def test_what_is_open_holds_no_secret(hook: Hook, inbox: Inbox, place: Workplace) -> None:
    tell(place, SPEC, failed("all", what=f"answered {TOKEN} and {PASSWORD}"))
    written = b"".join(path.read_bytes() for path in (place.root / "alerts").rglob("*.json"))
    told = written + json.dumps(hook.got).encode() + b"".join(mail.as_bytes() for mail in inbox.got)
    assert written and b"REDACTED" in told
    assert TOKEN.encode() not in told and PASSWORD.encode() not in told


@pytest.mark.parametrize(
    "settings",
    [
        {"WEBHOOK": "http://example.org/x"},
        {"WEBHOOK": "ftp://example.org/x"},
        {"WEBHOOK": "https://user:word@example.org/x"},
        {"MAIL_TO": "a@example.org"},
        {"MAIL_TO": "a@example.org", "SMTP_HOST": "mail.example.org"},
        {"MAIL_TO": "a@b.org", "SMTP_HOST": "m.b.org", "MAIL_FROM": "c@b.org", "SMTP_SECURITY": "none"},
        {"MAIL_TO": "a@b.org", "SMTP_HOST": "m.b.org", "MAIL_FROM": "c@b.org", "SMTP_PORT": "x"},
    ],
)
def test_settings_that_would_leak_or_not_work_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="No alert was sent"):
        AlertSettings.from_env({f"CIRCULARITY_ALERT_{name}": value for name, value in settings.items()})


def test_encryption_is_the_default() -> None:
    base = {"MAIL_TO": "a@b.org", "SMTP_HOST": "m.b.org", "MAIL_FROM": "c@b.org"}
    for given, expected in (({}, ("starttls", 587)), ({"SMTP_SECURITY": "tls"}, ("tls", 465))):
        env = {f"CIRCULARITY_ALERT_{name}": value for name, value in (base | given).items()}
        mail = AlertSettings.from_env(env).mail
        assert mail is not None and (mail.security, mail.port) == expected


def test_a_server_that_cannot_encrypt_gets_no_password(
    inbox: Inbox, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIRCULARITY_ALERT_SMTP_SECURITY", "starttls")
    assert "could not be sent by e-mail" in tell(place, SPEC, failed("all"))[0]
    assert inbox.logins == [] and inbox.got == []
