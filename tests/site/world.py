"""A small invented release for the site: four countries, five indicators, every kind of gap.

What belongs here: typed tables of the declared schemas, filled where a page looks. What does not: tests.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from orchestration.release.schema import REVISIONS, load_schemas
from orchestration.release.site.facts import SiteFacts
from tests.site import world_analysis, world_verdicts
from tests.site.world_registry import COUNTRIES, INDICATORS, REGIONS, series

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "dbt_project"
SUITES = ROOT / "expectations" / "suites"
VALUES = {
    ("W07", "_T", "ALB"): (("2015", 12.25), ("2022", 18.5)),
    ("W07", "_T", "AUT"): (("2015", 55.0), ("2022", 62.123456789)),
    ("W07", "_T", "FRA"): (("2022", 43.0),),
    ("A02", "_T", "ALB"): (("2022", 9.5),),
    ("A02", "_T", "KAZ"): (("2022", 0.0004),),
    ("A09", "_T", "AUT"): (("2022", 11.5),),
    ("T05", "EXP", "FRA"): (("2021", 250_000_000.0), ("2022", 261_500_000.5)),
    ("T05", "EXP", "KAZ"): (("2022", -1.0),),
    ("P13", "CUR", "FRA"): (("2020", 0.875),),
    ("T05", "IMP", "ALB"): (("2022", 3.0),),
}


def tables() -> dict[str, pa.Table]:
    """Every table that the pages of this package read, by name."""
    schemas = {**load_schemas(PROJECT), "revisions": REVISIONS}
    rows: dict[str, list[dict[str, Any]]] = {
        "rpt_indicator": [_indicator(*entry) for entry in INDICATORS],
        "rpt_area": [_area(code, *entry) for code, entry in COUNTRIES.items()],
        "rpt_region": [
            {
                "region": region,
                "region_name_en": en,
                "region_name_fr": fr,
                "region_name_ru": ru,
                "ref_area": area,
                "verified": region == "UNECE",
            }
            for region, (en, fr, ru, members) in REGIONS.items()
            for area in members
        ],
        "rpt_observation": _observations(),
        "rpt_aggregate": _aggregates(),
        "rpt_regional_progress": world_verdicts.regional(),
        "rpt_agreement": world_verdicts.agreements(),
        "rpt_progress": world_verdicts.progress(),
        "rpt_robustness": world_verdicts.robustness(),
        "rpt_visibility": world_verdicts.visibility(),
        "rpt_gap": world_analysis.gaps(),
        "rpt_decoupling": world_analysis.decouplings(),
        "rpt_policy_map": world_analysis.policies(),
        "revisions": world_analysis.revisions(),
        "rpt_dataset": [
            {
                "provider": "unsd",
                "dataset": "sdg_12_5",
                "title": "Invented data set",
                "producer_date": "2025.Q1",
                "citation": "Invented producer.",
                "licence": "Invented terms",
            }
        ],
        "rpt_status_change": world_verdicts.changes(),
    }
    return {name: _typed(rows[name], schemas[name].arrow_schema()) for name in rows}


def suite_rules() -> dict[str, dict[str, str]]:
    """Gate, title and plain words of every rule; one with checks in two suites has its words in one."""
    texts = [path.read_text("utf-8") for path in sorted(SUITES.glob("*.yaml"))]
    return {
        rule["gate"]: {"gate": rule["gate"], "title": rule["title"], "plain": rule["plain"]}
        for text in texts
        for rule in yaml.safe_load(text)["rules"]
        if "title" in rule
    }


def write_bundle_files(folder: Path) -> None:
    """The files of the bundle to which the site links, with invented content."""
    for file in world_analysis.FILES:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(world_analysis.CONTENT)


def facts(**changes: Any) -> SiteFacts:
    """The facts of an illustrative release; `changes` replace some."""
    given: dict[str, Any] = {
        "release": "2025.1",
        "title": {"en": "Circular economy", "fr": "Économie circulaire", "ru": "Циркулярная экономика"},
        "issued": date(2026, 3, 2),
        "reference_year": 2025,
        "illustrative": True,
        "citation": {"en": "Cite", "fr": "Citer", "ru": "Цитата"},
        "licence": {"en": "Terms", "fr": "Conditions", "ru": "Условия"},
        "contact": "someone@example.org",
        "address": "https://example.org/2025.1",
        "gate_rules": world_analysis.gate_rules(suite_rules()),
        "gate_decisions": world_analysis.DECISIONS,
        "files": world_analysis.files(changes.get("illustrative", True)),
        "earlier": world_analysis.EARLIER,
        "errata": world_analysis.ERRATA,
        "calendar": world_analysis.CALENDAR,
        "maps_cleared": False,
        "predecessor": "2024.1",
    }
    return SiteFacts(**{**given, **changes})


def _typed(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    unknown = {name for row in rows for name in row} - set(schema.names)
    assert not unknown, f"columns that no schema declares: {unknown}"
    return pa.Table.from_pylist([{"illustrative": True, **row} for row in rows], schema)


def _indicator(
    code: str,
    title: str,
    entry: str,
    unit: str,
    direction: int,
    rule: str,
    scope: str,
    target: str,
    slot: str | None,
) -> dict[str, Any]:
    names = {
        f"{what}_{language}": f"{title} ({language})"
        for what in ("title", "definition")
        for language in LANGS
    }
    return {
        "indicator": code,
        **names,
        "unit_measure": unit,
        "direction": direction,
        "entry_point": entry,
        "sdg_target": "12.5",
        "source": "SERIES, as its provider calls it",
        "agg_rule": rule,
        "scope": scope,
        "numerator": "N (t)",
        "denominator": "D (t)",
        "min_countries": 2,
        "frequency": "A",
        "slot_reason": slot,
        "verified": code != "T05",
        "target_expression": target,
        "target_scope": "none" if target == "none" else "all",
        "target_deadline": None if target == "none" else 2030,
        "target_verified": target == "none",
        "target_legal_source": None if target == "none" else "Invented directive",
    }


LANGS = ("en", "fr", "ru")


def _area(code: str, en: str, fr: str, ru: str, subgroup: str) -> dict[str, Any]:
    return {
        "ref_area": code,
        "area_kind": "country",
        "name_en": en,
        "name_fr": fr,
        "name_ru": ru,
        "m49": "001",
        "is_member": True,
        "unece_subgroup": subgroup,
    }


def _observations() -> list[dict[str, Any]]:
    rows = []
    for indicator, breakdown, unit in series():
        for area in COUNTRIES:
            base = {
                "indicator": indicator,
                "breakdown": breakdown,
                "ref_area": area,
                "area_kind": "country",
                "unit_measure": unit,
            }
            values = VALUES.get((indicator, breakdown, area), ())
            rows += [
                {
                    **base,
                    "time_period": year,
                    "obs_value": value,
                    "obs_status": "E" if area == "ALB" else "A",
                    "source": "unsd/sdg_12_5/SERIES",
                }
                for year, value in values
            ]
            if not values:
                rows.append({**base, "time_period": "2022", "null_reason": "NOT_REPORTED", "obs_status": "O"})
    return rows


def _aggregates() -> list[dict[str, Any]]:
    rows = []
    for indicator, region in (("W07", "UNECE"), ("A02", "UNECE"), ("A09", "PROVIDER_AREA")):
        for year, value in (("2015", 33.3), ("2022", 41.125)):
            common = {
                "indicator": indicator,
                "breakdown": "_T",
                "region": region,
                "time_period": year,
                "panel": "all",
                "unit_measure": "%",
                "n_countries": 3,
                "n_members": 4,
                "coverage_pop": 0.9995,
                "imputed_share": 0.25,
                "obs_status": "E",
            }
            rows += [
                {**common, "agg_rule": "RSUM_MATCHED", "obs_value": value, "is_headline": True},
                {**common, "agg_rule": "RSUM_FULL", "obs_value": None, "null_reason": "NO_DENOMINATOR"},
                {**common, "agg_rule": "MEAN", "obs_value": value - 1.5, "is_headline": False},
                {**common, "agg_rule": "COUNT", "obs_value": 3.0, "unit_measure": "countries"},
            ]
    return rows
