"""Where alerts go: a webhook, e-mail, both or nowhere, from the environment.

Belongs here: reading and checking these settings. Does not belong here: when an alert is due (alerts.py),
sending (alert_channels.py). Addresses of webhooks often carry a key, and a password is one: both are secrets.
"""

import os
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from connectors import redaction
from connectors.config import is_loopback
from connectors.errors import UsageError

PREFIX = "CIRCULARITY_ALERT_"
Security = Literal["starttls", "tls", "none"]
SECURITIES: tuple[Security, ...] = ("starttls", "tls", "none")


class MailSettings(BaseModel):
    """One mail server and who writes to whom."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    security: Security
    user: str
    password: SecretStr
    sender: str
    to: tuple[str, ...]


class AlertSettings(BaseModel):
    """The ways that are set up."""

    model_config = ConfigDict(frozen=True)

    webhook: SecretStr | None = None
    mail: MailSettings | None = None
    runbook: str = "docs/runbook.md"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "AlertSettings":
        """Read CIRCULARITY_ALERT_WEBHOOK, _MAIL_TO, _MAIL_FROM, _SMTP_HOST, _SMTP_PORT, _SMTP_SECURITY,
        _SMTP_USER, _SMTP_PASSWORD and _RUNBOOK. Raises UsageError.
        """
        env = os.environ if env is None else env
        given = {name.removeprefix(PREFIX): v.strip() for name, v in env.items() if name.startswith(PREFIX)}
        webhook = _read_webhook(given.get("WEBHOOK", ""))
        runbook = given.get("RUNBOOK") or "docs/runbook.md"
        settings = cls(webhook=webhook, mail=_read_mail(given), runbook=runbook)
        if settings.webhook:
            # The key of a webhook is a part of its path.
            for secret in (url := settings.webhook.get_secret_value(), *urlsplit(url).path.split("/")):
                redaction.learn(secret)
        if settings.mail:
            redaction.learn(settings.mail.password.get_secret_value())
        return settings

    @property
    def is_empty(self) -> bool:
        """Whether nobody is told anything."""
        return not self.ways

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways in words, without addresses."""
        return tuple(
            word for word, is_set in (("webhook", self.webhook), ("e-mail", self.mail)) if is_set is not None
        )


def _read_webhook(url: str) -> SecretStr | None:
    if not url:
        return None
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not is_safe or not parts.hostname or parts.username or parts.password:
        raise UsageError(
            f"{PREFIX}WEBHOOK must be an https address without user name; plain http is accepted for this "
            "machine (127.0.0.1) only. No alert was sent."
        )
    return SecretStr(url)


def _read_mail(given: Mapping[str, str]) -> MailSettings | None:
    to = tuple(address.strip() for address in given.get("MAIL_TO", "").split(",") if address.strip())
    if not to:
        return None
    host, wanted = given.get("SMTP_HOST", ""), given.get("SMTP_SECURITY") or "starttls"
    security = next((word for word in SECURITIES if word == wanted), None)
    missing = [name for name in ("SMTP_HOST", "MAIL_FROM") if not given.get(name)]
    if missing:
        raise UsageError(f"{PREFIX}MAIL_TO is set and {PREFIX}{missing[0]} is not. No alert was sent.")
    if security is None or (security == "none" and not is_loopback(host)):
        raise UsageError(
            f"{PREFIX}SMTP_SECURITY must be starttls or tls; none is accepted for a mail server on this "
            "machine only. No alert was sent."
        )
    port = given.get("SMTP_PORT") or ("465" if security == "tls" else "587")
    if not port.isascii() or not port.isdigit():
        raise UsageError(f"{PREFIX}SMTP_PORT must be a number. No alert was sent.")
    return MailSettings(
        host=host,
        port=int(port),
        security=security,
        user=given.get("SMTP_USER", ""),
        password=SecretStr(given.get("SMTP_PASSWORD", "")),
        sender=given["MAIL_FROM"],
        to=to,
    )
