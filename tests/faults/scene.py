"""One data set with a last good vintage, a provider that can be spoilt, and the judgement of what survived.

What belongs here: setting the scene, comparing the store before and after, reading the message. What does
not: the faults (the tests), the server (router.py).

    @fault("T05", "incomplete, {n} of {m} bytes")
    def test_a_body_cut_short_is_never_stored(scene):
        at = scene("unsd/sdg_12_2")                        # refreshed once: a last good vintage stands
        at.router.inject("DataCSV", wire("cut"))
        at.assert_survived(at.refresh())                   # fault and message core come from the mark

`scene` is a fixture (conftest.py). Time passes only when somebody sleeps (`at.clock`); pass `real_time=True`
to `scene` for a fault of the wire itself. `assert_survived` is for a fault after which the last good vintage
stands (verdicts R, F, and Q, W where they fail); `assert_taken` for one after which a vintage is made all the
same (Q, W below their limits, and faults that do no harm).
"""

from __future__ import annotations

import hashlib
import json
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.config import SourceSettings
from connectors.errors import SourceError
from connectors.http import DATASET_SECONDS, Client
from connectors.ingest import IngestResult
from connectors.records import Vintage
from connectors.refresh import refresh_dataset
from connectors.spec import DatasetSpec
from connectors.store import Store
from tests.faults.matrix import MATRIX, Found, pattern
from tests.faults.router import Router

# A key nobody has: if it turns up anywhere, something wrote down a secret.
CANARY = "canary-4f1d7a-never-to-be-seen"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
REAL_SECONDS = 30.0  # no test waits for a real time-out
LASTING = ("objects", "snapshots", "observations")
MOVING = ("fetched.json", "ingested.json", ".lock")
NEVER_SHOWN = re.compile(r"Traceback|File \"|\.py\b|0x[0-9a-f]{6,}|Authorization|Subscription-Key", re.I)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def __call__(self) -> float:
        return self.now

    def utc(self) -> datetime:
        return NOW + timedelta(seconds=self.now)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Scene:
    """What a test of one fault works with. `row` is what the test's mark says (fault, message core)."""

    spec: DatasetSpec
    router: Router
    settings: SourceSettings
    client: Client
    store: Store
    clock: Clock
    row: Found
    before: dict[str, str] = field(default_factory=dict)
    good: Vintage | None = None
    _began: float = field(default_factory=time.monotonic)
    _clock_began: float = 0.0
    _refreshes: int = 0

    def refresh(self) -> IngestResult:
        """Fetch and read the data set through the router, a day after the last time."""
        self._refreshes += 1
        self._began, self._clock_began = time.monotonic(), self.clock.now
        return refresh_dataset(self.spec, self.client, self.store, NOW + timedelta(days=self._refreshes))

    def settle(self) -> None:
        """Bring a good vintage and remember every byte of it."""
        result = self.refresh()
        assert result.outcome in ("new", "unchanged"), result
        assert not result.errors, result.errors
        self.remember()

    def remember(self) -> None:
        """Take what stands now as the last good state."""
        self.good = self.store.latest_vintage(self.spec.key)
        self.before = fingerprint(self.store.root)

    # ---- judgements

    def assert_survived(
        self,
        result: IngestResult,
        *,
        outcome: str = "kept",
        says: str | None = None,
        stored: bool = False,
        told_as: str = "",
    ) -> SourceError:
        """The fault failed what it touched, and nothing else was lost; returns the error it was told by.

        `stored` says whether the bad bytes may be in the store as a snapshot: only bytes that came complete
        and look like data may. `told_as` is the fault's id in the error, where another rule catches it first.
        """
        assert result.outcome == outcome, result
        expected = told_as or self.row.fault
        named = [error for error in result.errors.values() if error.fault == expected]
        assert named, f"no error names {expected}: {[(e.fault, str(e)) for e in result.errors.values()]}"
        core = pattern(self.row.says if says is None else says)
        error = next((error for error in named if core.search(str(error))), named[0])
        self._assert_told(str(error), says, for_error=True)
        if MATRIX[self.row.fault].verdict == "R":
            assert error.transient, "a passing fault must be told as one"
        self._assert_nothing_lost(stored or outcome == "new")
        if outcome in ("kept", "unchanged"):
            assert result.vintage == self.good
        return error

    def assert_taken(
        self, result: IngestResult, *, outcome: str = "new", says: str | None = None, quarantined: int = 0
    ) -> None:
        """A vintage was made, or stands unchanged, without an error.

        A message core in the mark asks for a warning of this fault that holds it.
        """
        assert not result.errors, result.errors
        assert result.outcome == outcome, result
        assert (result.vintage.quarantined if result.vintage else 0) == quarantined
        if self.row.says or says:
            self._assert_told("\n".join(map(str, result.warnings)), says, for_error=False)
        self._assert_nothing_lost(stored=True)

    def _assert_told(self, message: str, says: str | None, *, for_error: bool) -> None:
        core = self.row.says if says is None else says
        assert pattern(core).search(message), f"expected {core!r} in: {message}"
        assert not NEVER_SHOWN.search(message), message
        assert CANARY not in message
        if for_error:
            for word in (self.spec.key, "Kept: ", "Next step: ", f"Owner: {self.spec.owner}"):
                assert word in message, f"{word!r} is missing in: {message}"

    def _assert_nothing_lost(self, stored: bool) -> None:
        after = fingerprint(self.store.root)
        assert {path: after.get(path) for path in self.before} == self.before
        if not stored:
            assert set(after) == set(self.before), "the fault left something in the store"
        leftovers = [
            p for p in self.store.root.rglob("*") if p.name.endswith(".tmp") or p.parent.name == "tmp"
        ]
        assert not leftovers, "scratch files were left"
        waited = self.clock.now - self._clock_began
        assert waited <= DATASET_SECONDS, f"{waited} s of waiting"
        assert time.monotonic() - self._began < REAL_SECONDS
        assert_no_secret(self.store.root)

    def quarantine(self) -> list[dict[str, object]]:
        """The rows kept out of the vintage that stands."""
        vintage = self.store.latest_vintage(self.spec.key)
        assert vintage is not None
        path = self.store.observations_path(self.spec.key, vintage.vintage)
        return json.loads(path.with_name(f"{vintage.vintage}.quarantine.json").read_text(encoding="utf-8"))


def fingerprint(root: Path) -> dict[str, str]:
    """The hash of every file that must never change: objects, manifests, vintages. Path -> sha256."""
    below = [path for name in LASTING for path in (root / name).rglob("*")]
    files = [path for path in below if path.is_file() and path.name not in MOVING]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def assert_no_secret(*roots: Path, secret: str = CANARY) -> None:
    """No file below the roots holds the secret, in its content or its name."""
    for root in roots:
        for path in root.rglob("*"):
            assert secret not in path.name, path
            assert not path.is_file() or secret.encode() not in path.read_bytes(), path


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Ends what would not end by itself, with a TimeoutError."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
