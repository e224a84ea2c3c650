"""The caps of explained differences: each wide one says why, and the loose ones are listed for review.

Belongs here: the register beside its page. Does not: the differences themselves (fct_reconciliation).
"""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "dbt_project" / "seeds" / "reconciliation_register.csv"
PAGE = ROOT / "docs" / "reconciliation.md"
HEADING = "## Loose caps, to be reviewed by an office"
# Above a tenth a difference is no matter of rounding, a missing party or another population.
WIDE = 0.1

Row = dict[str, str]


def read_register(path: Path = REGISTER) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def wide(rows: list[Row]) -> list[Row]:
    return [row for row in rows if float(row["max_relative_difference"]) > WIDE]


def without_note(rows: list[Row]) -> list[Row]:
    """Wide caps which do not say why."""
    return [row for row in wide(rows) if not row["cap_note"].strip()]


def loose(rows: list[Row]) -> set[tuple[str, ...]]:
    """Wide caps which follow from nothing but the differences that were seen."""
    return {
        (row["provider"], row["series"], row["region"], row["reason_code"], row["max_relative_difference"])
        for row in wide(rows)
        if row["cap_basis"] == "observed"
    }


def listed() -> set[tuple[str, ...]]:
    """Provider, series, region, reason and cap of each row of the page's table."""
    section = PAGE.read_text(encoding="utf-8").split(HEADING)[1].split("\n## ")[0]
    cells = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in section.splitlines()]
    return {tuple(row[:5]) for row in cells if row and row[0] in ("unsd", "eurostat")}


def test_every_wide_cap_says_why() -> None:
    rows = read_register()
    assert without_note(rows) == []
    assert len(wide(rows)) > 10


@pytest.mark.parametrize(
    ("cap", "note", "found"), [("0.11", " ", 1), ("0.1", "", 0), ("0.11", "so it is", 0)]
)
def test_a_wide_cap_without_a_note_is_found(cap: str, note: str, found: int) -> None:
    row = read_register()[0] | {"max_relative_difference": cap, "cap_note": note}
    assert len(without_note([row])) == found


def test_the_page_lists_every_loose_cap_and_no_other() -> None:
    assert listed() == loose(read_register())


def test_a_bound_is_no_wider_than_the_whole() -> None:
    """What misses from a sum is at most the whole of it."""
    bounds = [row for row in read_register() if row["cap_basis"] == "bound"]
    assert {row["max_relative_difference"] for row in bounds} == {"0", "1"}
