"""The four methods side by side, each with what it looked at and how firmly its colour stands.

What belongs here: verdicts on the region of an indicator's page. What does not: values (indicator.py).
"""

from typing import Any

from orchestration.release.site.model import Row
from orchestration.release.site.numbers import Shape
from orchestration.release.site.render import Site
from orchestration.release.site.values import Cells

METHODS = ("M1", "M2", "M3", "M4")
TOTAL = "_T"


def part_id(breakdown: str) -> str:
    """A component as the last part of an id."""
    return "total" if breakdown == TOTAL else breakdown.lower().replace("_", "-")


def verdicts_of(site: Site, code: str, region: str, cells: Cells) -> list[dict[str, Any]]:
    """A table of verdicts for each series.

    An indicator of several components begins with all of them together, where a method judges that; such a
    verdict has no values of its own.
    """
    parts = site.tables.breakdowns[code]
    tables = []
    for breakdown in (TOTAL, *(part for part in parts if part != TOTAL)):
        key = (code, breakdown, region, "region")
        verdict = site.tables.agreement.get(key)
        if verdict is not None:
            rolled_up = breakdown == TOTAL and TOTAL not in parts
            tables.append(
                {
                    "id": part_id(breakdown),
                    "name": site.t("indicator.all_parts") if rolled_up else site.words.breakdown(breakdown),
                    "methods": _methods(site, key, verdict, cells),
                    **_agreement(site, verdict, cells),
                }
            )
    return tables


def _shape(site: Site, row: Row) -> Shape:
    """The shape of a series; components together are printed as the first of them."""
    first = site.tables.breakdowns[row["indicator"]][0]
    return site.tables.shapes.get(
        (row["indicator"], row["breakdown"]), site.tables.shapes[row["indicator"], first]
    )


def _methods(site: Site, key: tuple[str, str, str, str], verdict: Row, cells: Cells) -> list[dict[str, Any]]:
    """The four methods side by side, each with what it looked at and how firmly its colour stands."""
    results = site.tables.progress.get(key, {})
    robustness = site.tables.robustness.get(key, {})
    statuses = cells.statuses(verdict)
    return [
        {
            "name": site.t(f"indicator.method.{method}"),
            "verdict": statuses[method],
            **_looked_at(site, results.get(method), cells),
            "robustness": _robustness(site, robustness.get(method), cells),
        }
        for method in METHODS
    ]


def _looked_at(site: Site, row: Row | None, cells: Cells) -> dict[str, Any]:
    if row is None:
        return {
            "start": None,
            "start_year": None,
            "end": None,
            "end_year": None,
            "target": None,
            "target_year": None,
        }
    shape = _shape(site, row)
    return {
        "start": cells.value("rpt_progress", row, "start_value", shape),
        "start_year": row["start_year"] if row["start_value"] is not None else None,
        "end": cells.value("rpt_progress", row, "end_value", shape),
        "end_year": row["end_year"] if row["end_value"] is not None else None,
        "target": cells.value("rpt_progress", row, "target_value", shape),
        "target_year": row["target_year"],
    }


def _robustness(site: Site, row: Row | None, cells: Cells) -> dict[str, Any] | None:
    if row is None:
        return None
    table = "rpt_robustness"
    return {
        "word": site.t(f"indicator.robustness.{row['robustness']}"),
        "changes": cells.count(table, row, "n_changes"),
        "flips": cells.count(table, row, "n_flips"),
        "n_flips": row["n_flips"],
        "first": _change(site, row["first_flipping_change"]),
        "removed": cells.count(table, row, "n_removed"),
        "n_removed": row["n_removed"],
    }


def _change(site: Site, change: str | None) -> str | None:
    """A change of the sensitivity runs in words."""
    if change is None:
        return None
    if change.startswith("leave_out_"):
        return str(
            site.t("indicator.change.leave_out", country=site.words.area(change.removeprefix("leave_out_")))
        )
    return str(site.t(f"indicator.change.{change}"))


def _agreement(site: Site, row: Row, cells: Cells) -> dict[str, Any]:
    return {
        "n_methods": row["n_methods"],
        "share": cells.share("rpt_agreement", row, "agreement"),
        "colour": site.words.colour(row["modal_colour"]) if row["modal_colour"] else None,
        "contradiction": row["is_contradiction"],
    }
