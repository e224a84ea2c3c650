"""Sending an alert: a JSON document to a webhook, a plain text by e-mail.

Belongs here: the two forms, encryption, time-outs. Does not belong here: when an alert is due (alerts.py),
where it goes (alert_settings.py).
"""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage

import requests
from pydantic import BaseModel, ConfigDict

from connectors.redaction import hide
from orchestration.alert_settings import AlertSettings, MailSettings

SECONDS = 15


class Alert(BaseModel):
    """What a person is told about one fault of one data set. `state` is failed or resolved."""

    model_config = ConfigDict(frozen=True)

    dataset: str
    fault: str
    state: str
    sentence: str
    parts: tuple[str, ...]
    first_rows: tuple[str, ...]
    kept: str
    owner: str
    next_step: str
    runbook: str
    since: str

    def subject(self) -> str:
        """One line."""
        return " ".join(f"circularity: {self.dataset} {self.state} ({self.fault})".split())

    def text(self) -> str:
        """The whole alert for a reader; lines without content are left out."""
        rows = "".join(f"\n  {row}" for row in self.first_rows)
        lines = {
            "Data set": self.dataset,
            "Fault": self.fault,
            "Parts": ", ".join(self.parts),
            "What happened": self.sentence,
            "First rows": rows,
            "Kept": self.kept,
            "Next step": self.next_step,
            "Owner": self.owner,
            "Runbook": self.runbook,
            "Since": self.since,
        }
        return "".join(f"{name}: {said}\n" for name, said in lines.items() if said)


def send(alert: Alert, settings: AlertSettings) -> list[str]:
    """Send by every way that is set up; a sentence for each that failed, never an exception."""
    ways: dict[str, Callable[[], None]] = {}
    webhook, mail = settings.webhook, settings.mail
    if webhook is not None:
        ways["webhook"] = lambda: _post(alert, webhook.get_secret_value())
    if mail is not None:
        ways["e-mail"] = lambda: _mail(alert, mail)
    failed = []
    for word, way in ways.items():
        try:
            way()
        except (OSError, requests.RequestException, smtplib.SMTPException, ValueError) as error:
            # The text of an error may hold the address, which may hold a key: its kind says enough.
            failed.append(f"The alert about {alert.dataset} could not be sent by {word}: {_kind(error)}.")
    return failed


def _kind(error: Exception) -> str:
    status = getattr(getattr(error, "response", None), "status_code", None) or getattr(
        error, "smtp_code", None
    )
    return f"{type(error).__name__} {status}" if status else type(error).__name__


def _post(alert: Alert, url: str) -> None:
    document = {**alert.model_dump(mode="json"), "text": f"{alert.subject()}\n{alert.text()}"}
    # Redirects are not followed: they would carry the alert to an address nobody set.
    answer = requests.post(url, json=_hidden(document), timeout=SECONDS, allow_redirects=False)
    answer.raise_for_status()
    if answer.is_redirect:
        raise requests.HTTPError("redirected", response=answer)


def _hidden(document: dict[str, object]) -> dict[str, object]:
    def clean(value: object) -> object:
        if isinstance(value, str):
            return hide(value)
        return [clean(item) for item in value] if isinstance(value, (list, tuple)) else value

    return {name: clean(value) for name, value in document.items()}


def _mail(alert: Alert, mail: MailSettings) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = alert.subject(), mail.sender, ", ".join(mail.to)
    message.set_content(hide(alert.text()))
    context = ssl.create_default_context()
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    with server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, mail.password.get_secret_value())
        server.send_message(message)
