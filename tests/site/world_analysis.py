"""The analyses of the invented release: gaps, decoupling, policies, revisions, the gate, the bundle's files.

What belongs here: rows and facts that the pages about the whole release read. What does not: values
(world.py), verdicts (world_verdicts.py).
"""

from datetime import UTC, date, datetime
from typing import Any

from orchestration.release import names as bundle_names
from orchestration.release.names import BundleNames
from orchestration.release.site.facts import BundleFile, CalendarEntry, EarlierRelease, Erratum
from tests.site.world_registry import COUNTRIES


def gaps() -> list[dict[str, Any]]:
    rows = []
    for area, names in COUNTRIES.items():
        for point in ("1", "2", "X"):
            waste = point == "1"
            rows.append(
                {
                    "ref_area": area,
                    "entry_point": point,
                    "unece_subgroup": names[3],
                    "is_unda": point != "X",
                    "data_gap": area == "KAZ",
                    "availability": 0.25 if area == "KAZ" else 0.875,
                    "data_evidence": "W07" if area == "KAZ" else None,
                    "missing_policy_data": "P11" if area == "KAZ" and point == "2" else None,
                    "data_peers": None,
                    "policy_gap": None,
                    "policy_reason": "NOT_ASSESSED",
                    "performance_gap": (area == "ALB") if waste else None,
                    "n_assessed": 2 if waste else None,
                    "n_not_green": 1 if waste else None,
                    "performance_evidence": "W07;A02" if waste and area == "ALB" else None,
                    "performance_reason": None if waste else "NO_DATA",
                    "performance_peers": "AUT;FRA" if waste and area == "ALB" else None,
                    "finance_gap": {"AUT": False, "FRA": True}.get(area),
                    "investment": {"AUT": 0.75, "FRA": 0.5}.get(area),
                    "investment_median": {"AUT": 0.625, "FRA": 0.625}.get(area),
                    "investment_year": 2022 if area in ("AUT", "FRA") else None,
                    "finance_reason": None if area in ("AUT", "FRA") else "NOT_COLLECTED",
                }
            )
    return rows


def decouplings() -> list[dict[str, Any]]:
    classes = {
        ("country", "ALB"): (12.5, -3.25, "strong_decoupling"),
        ("country", "AUT"): (10.0, 4.0, "weak_decoupling"),
        ("country", "FRA"): (0.5, 4.0, "NOT_CLASSIFIABLE"),
        ("country", "KAZ"): (None, None, "NO_DATA"),
        ("region", "UNECE"): (8.0, 1.5, "weak_decoupling"),
    }
    return [
        _decoupling(perspective, kind, area, span, *found)
        for (kind, area), found in classes.items()
        for perspective in ("production", "footprint")
        for span in (5, 10)
    ]


def _decoupling(
    perspective: str, kind: str, area: str, span: int, gdp: float | None, pressure: float | None, name: str
) -> dict[str, Any]:
    has_class = not name.isupper()
    return {
        "perspective": perspective,
        "area_kind": kind,
        "area": area,
        "span_years": span,
        "start_first_year": 2022 - span - 2,
        "start_last_year": 2022 - span,
        "end_first_year": 2020,
        "end_last_year": 2022,
        "gdp_change": gdp,
        "pressure_change": pressure,
        "elasticity": pressure / gdp if has_class and gdp and pressure else None,
        "decoupling_class": name,
        "n_flips": (1 if area == "AUT" else 0) if has_class else None,
        "null_reason": None if has_class else name,
    }


def policies() -> list[dict[str, Any]]:
    def row(area: str, indicator: str, theme: str, **more: Any) -> dict[str, Any]:
        base = {"ref_area": area, "indicator": indicator, "breakdown": "_T", "theme": theme}
        return {**base, "unit_measure": "%", **more}

    rows = []
    for place, area in enumerate(COUNTRIES):
        slot = {"slot_reason": "no source", "null_reason": "NOT_COLLECTED", "unit_measure": "number"}
        rows.append(row(area, "P11", "INSTRUMENTS", **slot))
        known = {"latest_year": 2021, "latest_value": (12.25, 55.0, 43.0)[place]} if place < 3 else {}
        meets = {"meets_minimum": known["latest_value"] >= 50} if known else {"null_reason": "NOT_REPORTED"}
        rows.append(row(area, "W07", "MEA_REPORTING", minimum=50.0, **known, **meets))
        level = {"latest_year": 2020, "latest_value": 2.0, "spp_level": "MLOWIMP"}
        rows.append(row(area, "A02", "SPP", unit_measure="t/cap", **level))
    return rows


def revisions() -> list[dict[str, Any]]:
    base = {"indicator": "W07", "breakdown": "_T", "area": "ALB", "area_kind": "country"}
    note = {"note_en": "Recalculated.", "note_fr": "Recalculé.", "note_ru": "Пересчитано."}
    value = {**base, "table": "rpt_observation"}
    return [
        {**value, "time_period": "2015", "change": "revised", "old_value": 12.0, "new_value": 12.25}
        | {"reason_code": "source_revision", **note},
        {**value, "time_period": "2022", "change": "added", "new_value": 18.5},
        *(
            {**base, "table": "rpt_progress", "method": method, "time_window": window, "change": "status"}
            for method, window in (("M1", "all"), ("M2", "long"), ("M2", "short"))
        ),
    ]


def gate_rules(suites: dict[str, dict[str, str]]) -> tuple[dict[str, Any], ...]:
    """The gate's own rules, by gate as the suites word them; one accepted, all others met."""
    found = {"examined": 1200, "failing": 3, "covered": 3}
    met = {"examined": 56, "failing": 0, "covered": 0}
    return tuple(
        {
            "gate": gate,
            **words,
            "severity": "warning" if gate == "G5" else "error",
            "verdict": "accepted" if gate == "G5" else "pass",
            "checks": [found if gate == "G5" else met],
        }
        for gate, words in suites.items()
    )


DECISIONS = (
    {
        "decision": {
            "kind": "acceptance",
            "gate": "G5",
            "note": {"en": "Three figures revised.", "fr": "Trois révisions.", "ru": "Три пересмотра."},
            "reason": "The producer revised its accounts.",
            "author": "Ada Reckoner",
            "approver": "Selma Secretary",
            "date": "2026-01-15",
            "expires": "2025.1",
        },
        "findings": 3,
    },
)
EARLIER = (
    EarlierRelease("2024.1", date(2025, 3, 3), "corrected", {"en": "Error", "fr": "Erreur", "ru": "Ошибка"}),
    EarlierRelease("2023.1", date(2024, 3, 4), "published"),
)
ERRATA = (
    Erratum(
        "2024.1",
        date(2025, 4, 1),
        {"en": "A unit was wrong.", "fr": "Une unité était fausse.", "ru": "Неверная единица."},
        ("indicators/W07.html", "progress/"),
    ),
)
CALENDAR = (
    CalendarEntry(
        "2026.1",
        datetime(2027, 3, 1, 9, 0, tzinfo=UTC),
        {"en": "Yearly release", "fr": "Publication annuelle", "ru": "Годовой выпуск"},
    ),
)
CONTENT = b"invented\n"


def files(illustrative: bool) -> tuple[BundleFile, ...]:
    """Some files of the bundle under the names they have in it."""
    given = BundleNames(illustrative)
    paths = (
        given.csv("rpt_regional_progress"),
        given.parquet("rpt_regional_progress"),
        given.sdmx("structure.xml"),
        given.workbooks["en"],
        given.duckdb,
        *bundle_names.METHOD_NOTES.values(),
        bundle_names.GATE_PAGE,
        bundle_names.GATE,
    )
    return tuple(BundleFile(path, len(CONTENT), "5d" * 32) for path in paths)


FILES = files(illustrative=True)
