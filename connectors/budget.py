"""How often a provider may be asked: rates and quotas that outlive the process, kept below the state root.

What belongs here: the limits of each provider, the record of calls, what a refusal says about waiting. What
does not: sending (http.py).

One small SQLite file, `budget.sqlite3`, because several processes share it and any of them may be killed: a
place is taken in one transaction, and one that was taken counts whether or not the call was made. A library
was measured first (pyrate-limiter 4.5.1, its SQLite bucket): four processes got 501 of 500 places unless
another package locks the file, and it has no room for "closed until", which must be decided together.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.errors import StoreError

FILE = "budget.sqlite3"
DAY, HOUR = 86_400.0, 3_600.0
LONGEST = 31 * DAY  # no refusal is believed for longer, nor a moment that a wrong clock wrote down
PATIENCE = 30.0  # seconds another process may hold the file
_AGAIN = re.compile(r"try again in (\d{1,9}) ?(second|minute|hour)", re.IGNORECASE)
_REPLENISHED = re.compile(r"replenished in (?:(\d{1,4})\.)?(\d{1,3}):([0-5]\d):([0-5]\d)", re.IGNORECASE)
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS call (provider TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS call_at ON call (provider, at);
CREATE TABLE IF NOT EXISTS closed (provider TEXT PRIMARY KEY, until REAL NOT NULL);
"""


@dataclass(frozen=True)
class Limit:
    """At most `calls` calls within any `seconds` seconds."""

    calls: int
    seconds: float

    def __str__(self) -> str:
        spans = {DAY: "a day", HOUR: "an hour"}
        return f"{self.calls} calls {spans.get(self.seconds, f'in {self.seconds:g} s')}"


# Where a provider publishes no limit, two calls a second are polite.
POLITE = (Limit(1, 0.5),)
LIMITS: dict[str, tuple[Limit, ...]] = {
    "comtrade": (Limit(1, 1.0), Limit(500, DAY)),
    "oecd": (Limit(1, 0.5), Limit(60, HOUR)),
    "unece": (Limit(10, 10.0),),
}


@dataclass(frozen=True)
class Turn:
    """When the next call may be made: `wait` seconds from now, at the moment `at`, because of `reason`."""

    wait: float
    at: datetime
    reason: str


@dataclass(frozen=True)
class Usage:
    """How much of one limit is used, and until when the provider itself said to stay away."""

    provider: str
    limit: Limit
    used: int
    closed_until: datetime | None


class Budget:
    """The calls made below one state root. Every method raises StoreError if the file cannot be used."""

    def __init__(self, root: Path, now: Callable[[], datetime]) -> None:
        """Bind to the file below `root`; it is made when it is first needed."""
        self.path, self._now = root / FILE, now

    def take(self, provider: str, patience: float) -> Turn:
        """Take the next place, or, if it is more than `patience` seconds away, only say when it is."""
        now = self._seconds()
        with self._open() as file:
            at, reason = self._next(file, provider, now)
            if at - now <= patience:
                file.execute("INSERT INTO call VALUES (?, ?)", (provider, at))
                oldest = now - max(limit.seconds for limit in _limits(provider))
                file.execute("DELETE FROM call WHERE provider = ? AND at < ?", (provider, oldest))
        return Turn(at - now, _moment(at), reason)

    def ask_closed(self, provider: str) -> Turn | None:
        """Until when the provider asked to stay away, if it did; takes no place."""
        if not self.path.exists():
            return None
        now = self._seconds()
        with self._open() as file:
            until = self._closed_until(file, provider, now)
        return Turn(until - now, _moment(until), "the provider's own word") if until > now else None

    def close(self, provider: str, seconds: float) -> datetime:
        """Remember that the provider asks to stay away for so long. Returns the moment it ends."""
        until = self._seconds() + min(seconds, LONGEST)
        with self._open() as file:
            file.execute("INSERT OR REPLACE INTO closed VALUES (?, ?)", (provider, until))
        return _moment(until)

    def list_usage(self) -> list[Usage]:
        """Every limit of every provider that was called lately or asked to stay away."""
        if not self.path.exists():
            return []
        now = self._seconds()
        with self._open() as file:
            names = "SELECT provider FROM call UNION SELECT provider FROM closed ORDER BY provider"
            found = []
            for (provider,) in file.execute(names).fetchall():
                until = self._closed_until(file, provider, now)
                closed = _moment(until) if until > now else None
                for limit in _limits(provider):
                    used = len(self._calls(file, provider, now, limit))
                    found.append(Usage(provider, limit, used, closed))
        return found

    # ---- inside one transaction

    def _next(self, file: sqlite3.Connection, provider: str, now: float) -> tuple[float, str]:
        at, reason = now, ""
        until = self._closed_until(file, provider, now)
        if until > at:
            at, reason = until, "the provider's own word"
        for limit in _limits(provider):
            calls = self._calls(file, provider, now, limit)
            if len(calls) >= limit.calls:
                free = calls[-limit.calls] + limit.seconds
                if free > at:
                    at, reason = free, str(limit)
        return at, reason

    @staticmethod
    def _calls(file: sqlite3.Connection, provider: str, now: float, limit: Limit) -> list[float]:
        # A call further ahead than any waiting reaches was made by a clock that has been set back since.
        query = "SELECT at FROM call WHERE provider = ? AND at > ? AND at <= ? ORDER BY at"
        return [at for (at,) in file.execute(query, (provider, now - limit.seconds, now + DAY))]

    @staticmethod
    def _closed_until(file: sqlite3.Connection, provider: str, now: float) -> float:
        row = file.execute("SELECT until FROM closed WHERE provider = ?", (provider,)).fetchone()
        return float(row[0]) if row and row[0] <= now + LONGEST else 0.0

    def _seconds(self) -> float:
        return self._now().timestamp()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction which no other process can come between."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as file:
                file.executescript(_SCHEMA)
                file.execute("BEGIN IMMEDIATE")
                yield file
                file.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"The record of calls {self.path} cannot be used ({error}); nothing was asked. Check disk "
                "and permissions; if the file is damaged, delete it: only the count of recent calls is lost."
            ) from None


def read_wait(text: str) -> float | None:
    """Seconds to wait, as a refusal's own words tell them; None if they do not.

    Known: "Try again in 1 seconds." and "Quota will be replenished in 03:14:17.".
    """
    if found := _REPLENISHED.search(text):
        days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds()
    if found := _AGAIN.search(text):
        return float(int(found[1]) * _SECONDS[found[2].lower()])
    return None


def _limits(provider: str) -> tuple[Limit, ...]:
    return LIMITS.get(provider, POLITE)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
