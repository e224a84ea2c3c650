"""The registry of the small release (release_fixture.py): indicators, areas, data sets, method, trade.

Belongs here: what is the same in every year. Does not: figures, assessments.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]

DBT_PROJECT = Path(__file__).parents[2] / "dbt_project"
METHOD_CONFIG = DBT_PROJECT / "seeds" / "method_config.csv"


@dataclass(frozen=True)
class Indicator:
    """What the registry says of one indicator where it is not what it says of most."""

    title: str
    unit: str
    agg_rule: str
    direction: int = -1
    upper_limit: float | None = None
    frequency: str = "A"
    components: str | None = None
    is_binary: bool = False


INDICATORS = {
    "A01": Indicator("Material use", "t", "SUM"),
    "A02": Indicator("Material use per person", "t/cap", "RSUM"),
    "A04": Indicator("Material use by material", "t", "SUM", direction=0, components="BIM;FOF;MEO;NMM"),
    "P02": Indicator("Policy in place", "0/1", "COUNT", direction=1, upper_limit=1.0, is_binary=True),
    "P14": Indicator("Accounts in use", "number", "SUM", direction=1, components="ACCSEEA;ACCTSA"),
    "POP": Indicator("Population", "persons", "SUM"),
    "W04": Indicator("Municipal waste generated", "t", "SUM"),
    "W05": Indicator("Municipal waste", "kg/cap", "RSUM"),
    "W06": Indicator("Recycling rate", "%", "RSUM", direction=1, upper_limit=100.0),
    "W07": Indicator("Recycling rate, SDG", "%", "RSUM", direction=1, upper_limit=100.0),
    "W18": Indicator("Hazardous waste", "kg/cap", "RSUM", frequency="B"),
}


def registry_tables(countries: Sequence[str], snapshots: Mapping[str, str], vintage: str) -> dict[str, Rows]:
    """Every table of what does not change with the years."""
    return {
        "rpt_indicator": [_indicator(code, entry) for code, entry in INDICATORS.items()],
        "rpt_area": _areas(countries),
        "rpt_region": [
            {"region": region, "ref_area": area, "verified": True}
            | _in_three("region_name", region, "Регион")
            for region in ("UNECE", "EU27")
            for area in countries
        ],
        "rpt_reporting_area": [
            {"indicator": "W05", "region": "PROVIDER_AREA", "ref_area": area} for area in countries
        ],
        "rpt_availability": [
            {"indicator": "A02", "breakdown": "_T", "ref_area": area, "availability": 1.0}
            for area in countries
        ],
        "rpt_reconciliation": [
            {"provider": "unsd", "series": "EN_MAT_DOMCMPC", "breakdown": "ALP", "region": "M49_150"}
            | {"n_years": 3, "n_equal": 3}
        ],
        "rpt_method": method_parameters(),
        "rpt_dataset": [*(_dataset(key, vintage) for key in snapshots), _absent(vintage)],
        "rpt_source": [_source(key, sha, vintage) for key, sha in snapshots.items()],
        "rpt_trade_recyclables": trade(),
    }


def method_parameters() -> Rows:
    """The method's parameters as they are: the note and the bands are written from them."""
    with METHOD_CONFIG.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = METHOD_CONFIG.with_name("method_descriptions.csv")
    with texts.open(encoding="utf-8", newline="") as file:
        told = {row["parameter"]: row for row in csv.DictReader(file)}
    return [
        {name: text for name, text in row.items() if name != "description"}
        | told[row["parameter"]]
        | {"verified": row["verified"] == "true", "description_en": row["description"]}
        for row in rows
    ]


def trade() -> Rows:
    """France and Germany trade 10 and 20 tonnes out, 4 and 6 in; half of it with each other."""
    flows = {
        ("country", "DEU"): (20.0, 6.0),
        ("country", "FRA"): (10.0, 4.0),
        ("region", "UNECE"): (15.0, 5.0),
    }
    return [
        {"area_kind": kind, "area": area, "year": 2016, "flow": flow, "unit_measure": "t", "n_parts": 2}
        | {"n_reporters": 1, "n_members": 1, "obs_value": value}
        for (kind, area), (out, into) in flows.items()
        for flow, value in (("X", out), ("M", into), ("NET", out - into))
    ]


def _in_three(column: str, text: str, russian: str) -> dict[str, str]:
    """A text in three languages; the French one says so, the Russian one is in Russian letters."""
    return {f"{column}_en": text, f"{column}_fr": f"{text} (fr)", f"{column}_ru": f"{russian} {text} (ru)"}


def _indicator(code: str, entry: Indicator) -> dict[str, Any]:
    return {
        "indicator": code,
        "unit_measure": entry.unit,
        "agg_rule": entry.agg_rule,
        "direction": entry.direction,
        "upper_limit": entry.upper_limit,
        "frequency": entry.frequency,
        "components": entry.components,
        "is_binary": entry.is_binary,
        "is_growth_rate": False,
        "min_countries": 15,
        "lower_limit": 0.0,
        "entry_point": "X",
        "trend_model": "linear",
        "verified": True,
        "target_expression": "none",
        "sdg_target": "12.2",
        **_in_three("title", entry.title, "Показатель"),
        **_in_three("definition", f"{entry.title}, as published", "Определение"),
    }


def _areas(countries: Sequence[str]) -> Rows:
    union = {"ref_area": "EU27", "area_kind": "group", "m49": None, "is_member": False}
    members = [
        {"ref_area": area, "area_kind": "country", "m49": f"{k + 1:03}", "is_member": True}
        | _in_three("name", area, "Страна")
        for k, area in enumerate([*countries, "MCO"])
    ]
    return [union | _in_three("name", "European Union", "Союз"), *members]


def _dataset(key: str, vintage: str) -> dict[str, Any]:
    provider, dataset = key.split("/")
    return {
        "provider": provider,
        "dataset": dataset,
        "title": key,
        "vintage": vintage,
        "producer_date": "2025-06-01",
        "raw_sha256": "e" * 64,
        "content_sha256": "f" * 64,
        "licence": "CC BY 4.0",
        "licence_url": "https://example.org/licence",
        "citation": f"Producer of {key}",
        "row_cap": 1000,
        "rows_observed": 100,
        "rows_staged": 100,
        "rows_unmapped": 0,
        "unmapped_areas": 0,
        "rows_without_unit": 0,
        "is_absent": False,
        "absence_reason": None,
        "missing_parts": None,
        "source_warnings": None,
    }


def _absent(vintage: str) -> dict[str, Any]:
    nothing = dict.fromkeys(_dataset("unsd/sdg_12_c", vintage))
    counts = ("rows_observed", "rows_staged", "rows_unmapped", "unmapped_areas", "rows_without_unit")
    return (
        nothing
        | dict.fromkeys(counts, 0)
        | {"provider": "unsd", "dataset": "sdg_12_c"}
        | {"is_absent": True, "absence_reason": "Withdrawn by its producer"}
    )


def _source(key: str, sha: str, vintage: str) -> dict[str, Any]:
    provider, dataset = key.split("/")
    return {
        "snapshot_sha256": sha,
        "part": "all",
        "provider": provider,
        "dataset": dataset,
        "vintage": vintage,
        "url": "https://example.org/data",
        "retrieved_at": "2025-06-02T00:00:00Z",
        "bytes": 10,
        "part_status": "fresh",
    }
