"""When a data set was last known to be up to date, and how long that may be ago.

Belongs here: the moment of the last successful verification, the verdict by age. Does not belong here: the
producer's own date (calendar.py), how often a data set is due (the declarations).

A source that is asked and says "nothing new" is up to date; one that has not been asked, or did not answer,
is not, whatever the date of its data.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from connectors.records import FetchRecord, Vintage
from connectors.spec import DatasetSpec


@dataclass(frozen=True)
class Freshness:
    """`verified` is the moment of the last successful verification of every part, None if there was none."""

    verified: datetime | None
    days: int | None
    verdict: Literal["fresh", "late", "silent"]

    def describe(self, spec: DatasetSpec) -> str:
        """The verdict in words."""
        due = spec.freshness.expected_every_days
        if self.verified is None:
            return f"{spec.key} was never asked with success; it is due every {due} days."
        return (
            f"{spec.key} was last asked with success {self.days} days ago ({self.verified:%Y-%m-%d}); it is "
            f"due every {due} days."
        )


def judge_freshness(
    spec: DatasetSpec, record: FetchRecord | None, vintage: Vintage | None, now: datetime
) -> Freshness:
    """Fresh within the declared rhythm, late up to twice of it, silent after that."""
    verified = _last_verified(record, vintage)
    if verified is None:
        return Freshness(None, None, "silent")
    days, due = (now - verified).days, spec.freshness.expected_every_days
    return Freshness(verified, days, "fresh" if days <= due else "late" if days <= 2 * due else "silent")


def _last_verified(record: FetchRecord | None, vintage: Vintage | None) -> datetime | None:
    """The last fetch, if no part failed in it; else the day the oldest of the failed parts last came."""
    if record is None:
        return None
    if not record.errors:
        return datetime.fromisoformat(record.at).astimezone(UTC)
    parts = vintage.parts if vintage else {}
    came = [parts[part].retrieved_at if part in parts else None for part in record.errors]
    known = [moment for moment in came if moment is not None]
    return min(map(datetime.fromisoformat, known)).astimezone(UTC) if len(known) == len(came) else None
