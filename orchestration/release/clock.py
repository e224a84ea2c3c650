"""Instants: the embargo and its comparison.

What belongs here: turning a local time with a zone into one instant in UTC.
What does not: reading a clock; every verb is given `now`.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.errors import UsageError


def embargo_instant(local: datetime, zone: str) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show `local` (a naive date and time).

    Raises UsageError for an unknown zone, and for a local time that a daylight-saving change makes
    non-existent or ambiguous: an embargo must be one instant.
    """
    if local.tzinfo is not None:
        raise UsageError("embargo.local is written without an offset; the zone says which offset holds.")
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"embargo.zone {zone[:60]!r} is not a time zone such as Europe/Zurich.") from error
    first = local.replace(tzinfo=place, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=place, fold=1).astimezone(UTC)
    if first != second:
        raise UsageError(
            f"embargo.local {local.isoformat()} does not name one instant in {zone}: clocks change in that "
            "hour. Choose another hour."
        )
    return first


def describe_instant(instant: datetime, zone: str) -> str:
    """`instant` for a reader: local time with zone, and UTC."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M:%S} {zone} ({instant:%Y-%m-%d %H:%M:%S} UTC)"


def utc_text(instant: datetime) -> str:
    """`instant` as written into files: ISO 8601 with Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
