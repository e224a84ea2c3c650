"""Invented tables, as small as the figures allow, and the site that reads them."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.release.site.facts import SiteFacts
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.numbers import Numbers
from orchestration.release.site.render import Site
from orchestration.release.site.texts import Texts, load_texts
from orchestration.release.site.words import Words

COUNTRIES_FILE = Path("connectors/reference/countries.csv")
LATEST = {"ALB": 1500.5, "DEU": 600.0, "MCO": 4200.25, "UZB": 350.75}
COLOURS = {"ALB": "green", "DEU": "yellow", "MCO": "red", "UZB": None}
AVAILABILITY = {"ALB": 0.2, "DEU": 1.0, "MCO": 0.25, "UZB": 0.74}


def countries() -> list[dict[str, str]]:
    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def area_rows() -> list[dict[str, Any]]:
    names = ("ref_area", "m49", "name_en", "name_fr", "name_ru")
    return [{name: row[name] for name in names} | {"is_member": True} for row in countries()]


def indicator_row(code: str, unit: str, rule: str) -> dict[str, Any]:
    titles = {f"title_{language}": f"{code} {language}" for language in ("en", "fr", "ru")}
    return {"indicator": code, "unit_measure": unit, "agg_rule": rule, "count_at_least": None} | titles


def compliance_rows() -> list[dict[str, Any]]:
    """A count of the countries that meet a condition, which is not the number of those with a value."""
    counts = [row for row in aggregate_rows() if row["agg_rule"] == "COUNT"]
    return [row | {"indicator": "P04"} for row in counts]


def aggregate_rows() -> list[dict[str, Any]]:
    rules = {"RSUM_MATCHED": 1400.5, "RSUM_FULL": 1200.0, "MEAN": 1300.0, "MEDIAN": 1250.0, "COUNT": 4.0}
    return [
        {
            "indicator": "W05",
            "breakdown": "_T",
            "region": "UNECE",
            "time_period": str(year),
            "agg_rule": rule,
            "panel": "all",
            "unit_measure": "countries" if rule == "COUNT" else "kg/cap",
            "obs_value": None if year == 2021 else value + (0 if rule == "COUNT" else year - 2020),
            "is_headline": rule == "RSUM_MATCHED",
            "n_members": 56,
        }
        for rule, value in rules.items()
        for year in (2020, 2021, 2022)
    ]


def trade_rows() -> list[dict[str, Any]]:
    """A series of a country with a footnote, and one that is contained in another's."""
    row = next(row for row in aggregate_rows() if row["is_headline"])
    return [row | {"indicator": "A04", "region": region} for region in ("UNECE", "PROVIDER_AREA")]


def observation_row(indicator: str, country: str, value: float | None, reason: str | None) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "breakdown": "_T",
        "ref_area": country,
        "time_period": "2022",
        "obs_value": value,
        "null_reason": reason,
    }


def observation_rows() -> list[dict[str, Any]]:
    return [
        observation_row("P04", "FRA", 100.0, None),
        *(observation_row("W05", country, value, None) for country, value in LATEST.items()),
        observation_row("A04", "UKR", 5.0, None),
        observation_row("A04", "LIE", None, "REPORTED_WITHIN"),
    ]


def agreement_rows() -> list[dict[str, Any]]:
    return [
        {
            "indicator": "W05",
            "breakdown": "_T",
            "area": country,
            "area_kind": "country",
            "modal_colour": colour,
            "m1_colour": colour or "grey",
            "m2_colour": "green",
            "m3_colour": "grey",
            "m4_colour": colour or "grey",
        }
        for country, colour in COLOURS.items()
    ]


def visibility_rows() -> list[dict[str, Any]]:
    def row(kind: str, area: str, scope: str, index: float) -> dict[str, Any]:
        return {"area_kind": kind, "area": area, "scope": scope, "availability_index": index}

    regions = [row("region", "UNECE", "W", 0.6), row("region", "CAUCASUS", "W", 0.25)]
    return [*regions, *(row("country", area, "W", index) for area, index in AVAILABILITY.items())]


def decoupling_rows() -> list[dict[str, Any]]:
    changes = {
        "ALB": (12.5, -3.0, "strong_decoupling"),
        "DEU": (10.0, 4.0, "weak_decoupling"),
        "MCO": (2.0, 2.0, "expansive_coupling"),
        "UZB": (None, None, "NO_DATA"),
    }
    return [
        {
            "perspective": "production",
            "area_kind": "country",
            "area": area,
            "span_years": 5,
            "gdp_change": growth,
            "pressure_change": pressure,
            "decoupling_class": name,
        }
        for area, (growth, pressure, name) in changes.items()
    ]


def region_rows() -> list[dict[str, Any]]:
    names = {"UNECE": "UNECE region", "CAUCASUS": "Caucasus"}
    return [
        {"region": code, "ref_area": "ALB", "verified": True}
        | {f"region_name_{language}": f"{name} ({language})" for language in ("en", "fr", "ru")}
        for code, name in names.items()
    ]


def progress_rows() -> list[dict[str, Any]]:
    target = {"target_value": 1000.5, "target_year": 2030, "target_expression": "champion(top=5)"}
    key = {"indicator": "W05", "breakdown": "_T"}
    return [key | {"region": region} | target for region in ("UNECE", "CAUCASUS")]


def invented_tables() -> dict[str, pa.Table]:
    rows = {
        "rpt_area": area_rows(),
        "rpt_indicator": [
            indicator_row("W05", "kg/cap", "RSUM"),
            indicator_row("A01", "t", "SUM"),
            indicator_row("A04", "t", "SUM"),
            indicator_row("P04", "%", "MEAN") | {"count_at_least": 100.0},
        ],
        "rpt_observation": observation_rows(),
        "rpt_aggregate": [*aggregate_rows(), *compliance_rows(), *trade_rows()],
        "rpt_regional_progress": progress_rows(),
        "rpt_region": region_rows(),
        "rpt_agreement": agreement_rows(),
        "rpt_visibility": visibility_rows(),
        "rpt_decoupling": decoupling_rows(),
    }
    return {name: pa.Table.from_pylist(content) for name, content in rows.items()}


def invented_site(language: str, illustrative: bool = True, maps_cleared: bool = True) -> Site:
    words = {"en": "Invented", "fr": "Inventé", "ru": "Условно"}
    facts = SiteFacts(
        release="2026.1",
        title=words,
        issued=date(2026, 11, 23),
        reference_year=2023,
        illustrative=illustrative,
        citation=words,
        licence=words,
        contact="circularity@example.org",
        address="https://example.org/2026.1",
        gate_rules=(),
        maps_cleared=maps_cleared,
    )
    tables = ReleaseTables(invented_tables())
    texts = Texts(language, load_texts())
    return Site(language, facts, tables, texts, Numbers(language), Words(tables, texts))
