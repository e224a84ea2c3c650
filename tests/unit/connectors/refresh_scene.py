"""A UNSD of two series and the days on which it is asked, for the tests of a refresh.

What belongs here: what the provider answers. What does not: what is expected of us (test_refresh*.py).
"""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from tests.unit.connectors.conftest import Reply
from tests.unit.connectors.wireformats import (
    HAZARDOUS,
    unsd_body,
    unsd_row,
    with_changes,
)

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


LATER = NOW + timedelta(days=30)


TWO = with_changes(HAZARDOUS, units={"EN_HAZ_GENV": ("TONNES",), "EN_HAZ_EXP": ("TONNES",)})


class Unsd:
    """A small UNSD: series by code, each a list of lines."""

    def __init__(self, release: str = "2026.Q1.G.01", **series: list[str]) -> None:
        self.release, self.series, self.broken = release, series, set()
        self.older: dict[str, str] = {}

    def __call__(self, asked) -> Reply:
        if "Series/List" in asked.path:
            return Reply(
                json.dumps(
                    [{"code": c, "release": self.older.get(c, self.release)} for c in self.series]
                ).encode()
            )
        code = parse_qs(asked.body)["seriesCodes"][0]
        if code in self.broken:
            return Reply(status=503)
        return Reply(unsd_body(*self.series[code]) + b"\0" * 7)

    def publish(self, release: str = "2026.Q2.G.01", **series: list[str]) -> None:
        """A new release with some series changed."""
        self.release = release
        self.series |= series


def good() -> Unsd:
    return Unsd(EN_HAZ_GENV=[unsd_row("7")], EN_HAZ_EXP=[unsd_row("3", series="EN_HAZ_EXP")])


def statuses(result) -> dict[str, str]:
    return {part: state.status for part, state in result.vintage.parts.items()}
