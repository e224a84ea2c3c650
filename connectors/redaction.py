"""Secrets this process knows, and keeping them out of whatever it writes down.

What belongs here: the list of known secrets, replacing them in text, finding them in bytes. What does not:
where secrets come from (config.py), which parameters of an address are secret by their name (origins.py).

Every text that leaves the process passes here once: errors when they are made, records when the store writes
them, log records when they are created. So a provider that echoes our key into an error page cannot put it
into a log, an event, a manifest or a page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote_plus

REDACTED = "REDACTED"
# A shorter word would be found inside ordinary ones; no provider issues keys that short.
SHORTEST = 12

_known: set[str] = set()


def learn(secret: str) -> None:
    """From now on this text is a secret of this process."""
    if len(secret) >= SHORTEST:
        _known.update({secret, quote_plus(secret)})


def hide(text: str) -> str:
    """The text with every known secret replaced."""
    for secret in _known:
        if secret in text:
            text = text.replace(secret, REDACTED)
    return text


def hide_bytes(data: bytes) -> bytes:
    """The bytes with every known secret replaced."""
    for secret in _known:
        data = data.replace(secret.encode(), REDACTED.encode())
    return data


def is_found_in(pieces: Iterable[bytes]) -> bool:
    """Whether a known secret stands in these bytes, also across two pieces."""
    secrets = [secret.encode() for secret in _known]
    overlap = max(map(len, secrets), default=1) - 1
    before = b""
    for piece in pieces:
        joined = before + piece
        if any(secret in joined for secret in secrets):
            return True
        before = joined[-overlap:] if overlap else b""
    return False


def guard_logs() -> None:
    """Let every log record of this process pass through `hide`. Calling it twice changes nothing."""
    made = logging.getLogRecordFactory()
    if not isinstance(made, _HidingFactory):
        logging.setLogRecordFactory(_HidingFactory(made))


class _HidingFactory:
    """Makes log records as the factory before it did, without secrets in message or traceback."""

    def __init__(self, made: Callable[..., logging.LogRecord]) -> None:
        self._make = made

    def __call__(self, *args: Any, **facts: Any) -> logging.LogRecord:
        record = self._make(*args, **facts)
        message = record.getMessage()
        if hide(message) != message:
            record.msg, record.args = hide(message), ()
        if record.exc_info:
            trace = logging.Formatter().formatException(record.exc_info)
            if hide(trace) != trace:
                record.exc_info, record.exc_text = None, hide(trace)
        return record
