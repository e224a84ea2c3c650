"""A small invented release which passes every rule: sixteen countries, three indicators, three years.

Country k (k = 0..15) has (k + 1) million people and uses 10 + k tonnes per person in 2015, two percent of
that less each year. Rows are plain dicts, so that a test can break one thing and name it.
"""

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.release.schema import TableSchema, load_schemas
from orchestration.release.tables import release_metadata, write_table
from tests.gates.decoupling_fixture import decouplings

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]

DBT_PROJECT = Path(__file__).parents[2] / "dbt_project"
METHOD_CONFIG = DBT_PROJECT / "seeds" / "method_config.csv"
SCHEMAS = load_schemas(DBT_PROJECT)
COUNTRIES = [
    "AUT",
    "BEL",
    "BGR",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GRC",
    "HRV",
    "HUN",
    "IRL",
    "ITA",
]
YEARS = ("2015", "2016", "2017")
SNAPSHOTS = {"unsd/sdg_12_2": "a" * 64, "world_bank/sp_pop_totl": "b" * 64, "eurostat/cei_pc031": "c" * 64}
VINTAGE = "2025-06-01.00000001"
RELEASE = "sample-2026.1"
PLANNED = tuple(SNAPSHOTS)
ABSENT = "unsd/sdg_12_c"


def per_person(k: int, year: str) -> float:
    """Tonnes per person of country k."""
    return (10 + k) * (1 - 0.02 * (int(year) - 2015))


def observation(
    indicator: str, area: str, year: str, value: float | None, *sources: str, **changes: Any
) -> dict[str, Any]:
    row = {
        "freq": "A",
        "ref_area": area,
        "m49": f"{COUNTRIES.index(area) + 1:03}" if area in COUNTRIES else None,
        "area_kind": "country",
        "indicator": indicator,
        "breakdown": "_T",
        "unit_measure": {"A01": "t", "A02": "t/cap", "POP": "persons", "W05": "kg/cap"}[indicator],
        "time_period": year,
        "obs_value": value,
        "unit_mult": 0,
        "obs_status": "A",
        "obs_status_raw": "",
        "conf_status": "F",
        "nature": "C",
        "null_reason": None,
        "source": ";".join(f"{s}/{indicator}" for s in sources),
        "vintage": ";".join(VINTAGE for _ in sources),
        "snapshot_sha256": ";".join(SNAPSHOTS[s] for s in sources),
        "comment_obs": None,
    }
    return row | changes


def observations() -> Rows:
    rows: Rows = []
    for year in YEARS:
        for k, area in enumerate(COUNTRIES):
            people, rate = 1e6 * (k + 1), per_person(k, year)
            rows.append(observation("POP", area, year, people, "world_bank/sp_pop_totl"))
            rows.append(observation("A01", area, year, people * rate, "unsd/sdg_12_2"))
            rows.append(observation("A02", area, year, rate, "unsd/sdg_12_2", "world_bank/sp_pop_totl"))
            rows.append(observation("W05", area, year, 400.0 + k, "eurostat/cei_pc031"))
    hidden = find(rows, indicator="W05", ref_area="CYP", time_period="2016")
    hidden.update(
        obs_value=None, obs_status="Q", obs_status_raw="c", conf_status="C", null_reason="CONFIDENTIAL"
    )
    for year in YEARS:
        value = None if year == "2016" else 410.0  # one member is suppressed in 2016
        total = observation("W05", "EU27", year, value, "eurostat/cei_pc031", area_kind="aggregate", m49=None)
        reason = {"conf_status": "S", "obs_status": "O", "null_reason": "CONF_SECONDARY"}
        rows.append(total if value else total | reason)
    withheld = find(rows, indicator="A01", ref_area="EST", time_period="2016")
    withheld.update(obs_value=None, obs_status="O", null_reason="GATE_BLOCKED")
    return rows


def aggregate(indicator: str, year: str, rule: str, value: float, n: int, **changes: Any) -> dict[str, Any]:
    row = {
        "indicator": indicator,
        "breakdown": "_T",
        "region": "UNECE",
        "time_period": year,
        "agg_rule": rule,
        "panel": "all",
        "unit_measure": "t",
        "obs_value": value,
        "is_headline": False,
        "n_countries": n,
        "n_members": 56,
        "n_numerator": n,
        "n_denominator": n,
        "min_countries": 15,
        "coverage_n": n / 56,
        "coverage_pop": 0.6,
        "coverage_weight": 0.6,
        "imputed_share": 0.0,
        "obs_status": "A",
        "null_reason": None,
    }
    return row | changes


def aggregates() -> Rows:
    rows: Rows = []
    for year in YEARS:
        people = sum(k + 1 for k in range(16)) * 1e6
        tonnes = sum((k + 1) * 1e6 * per_person(k, year) for k in range(16))
        mean = sum(per_person(k, year) for k in range(16)) / 16
        n_waste = 15 if year == "2016" else 16
        rows += [
            aggregate("A02", year, "RSUM_MATCHED", tonnes / people, 16, is_headline=True),
            aggregate("A02", year, "RSUM_FULL", tonnes / (people * 2), 16, n_denominator=56),
            aggregate("A02", year, "MEAN", mean, 16),
            aggregate("POP", year, "SUM", people, 16, is_headline=True),
            aggregate("W05", year, "RSUM_MATCHED", 407.5, n_waste, is_headline=True),
        ]
    return rows


def progress(area: str, kind: str, i0: float, n: int, **changes: Any) -> dict[str, Any]:
    """Yellow: target 20 % below base, prediction 15 % below, so P = 100*(0.8-0.85)/(0.8-1) = 25, AP = 7.5."""
    row = {
        "indicator": "A02",
        "breakdown": "_T",
        "area": area,
        "method": "M1",
        "time_window": "all",
        "area_kind": kind,
        "status": "accelerate",
        "colour": "yellow",
        "reason": None,
        "model": "linear",
        "n_points": 3 if kind == "country" else None,
        "n_countries": n,
        "i0": i0,
        "i0_year": 2015,
        "icr": 0.96 * i0,
        "icr_year": 2017,
        "it": 0.85 * i0,
        "target_value": 0.8 * i0,
        "target_year": 2030,
        "target_expression": "champion(top=5)",
        "target_verified": False,
        "csi": 2.0,
        "ap": 7.5,
        "p": 25.0,
        "score": None,
        "base_estimated": False,
        "break_in_fit": False,
        "clamped": False,
        "late": False,
        "worsening": False,
        "is_headline": True,
        "method_version": "2026.1",
        "config_sha256": "d" * 64,
    }
    return row | changes


def open_sdg(area: str, score: float, status: str, colour: str) -> dict[str, Any]:
    """A row of M4: it needs no target, and its status is the band of its score."""
    none = dict.fromkeys(("model", "i0", "icr", "it", "target_value", "csi", "ap", "p"))
    found: dict[str, Any] = {
        "method": "M4",
        "time_window": "base",
        "status": status,
        "colour": colour,
        "score": score,
    }
    return progress(area, "country", 10.0, 1) | none | found


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


def clean() -> Tables:
    """The release, every table, without a fault."""
    registry = {
        "direction": -1,
        "min_countries": 15,
        "lower_limit": 0.0,
        "upper_limit": None,
        "entry_point": "X",
        "frequency": "A",
        "trend_model": "linear",
        "verified": True,
        "target_expression": "none",
        "sdg_target": "12.2",
        **{f"definition_{language}": "Tonnes over persons" for language in ("en", "fr", "ru")},
    }
    titles = {
        "A01": "Material use",
        "A02": "Material use per person",
        "POP": "Population",
        "W05": "Municipal waste",
    }
    rules = {"A01": "SUM", "A02": "RSUM", "POP": "SUM", "W05": "RSUM"}
    datasets = [
        {
            "provider": key.split("/")[0],
            "dataset": key.split("/")[1],
            "title": key,
            "vintage": VINTAGE,
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
        for key in SNAPSHOTS
    ]
    absent = dict.fromkeys(datasets[0]) | {
        "provider": "unsd",
        "dataset": "sdg_12_c",
        "rows_observed": 0,
        "rows_staged": 0,
        "rows_unmapped": 0,
        "unmapped_areas": 0,
        "rows_without_unit": 0,
        "is_absent": True,
        "absence_reason": "Withdrawn by its producer",
    }
    tables: Tables = {
        "rpt_observation": observations(),
        "rpt_aggregate": aggregates(),
        "rpt_progress": [
            progress("UNECE", "region", 17.5, 16),
            *(progress(area, "country", 10.0 + k, 1) for k, area in enumerate(COUNTRIES)),
            open_sdg("BEL", 0.0, "acceleration", "yellow"),
            open_sdg("BGR", -2.5, "limited", "yellow"),
            open_sdg("AUT", 2.5, "on_track", "green"),
        ],
        "rpt_regional_progress": [
            {
                "region": "UNECE",
                "region_name_en": "UNECE region",
                "indicator": "A02",
                "title_en": titles["A02"],
                "breakdown": "_T",
                "status": "accelerate",
                "colour": "yellow",
                "n_countries": 16,
            }
        ],
        "rpt_availability": [
            {"indicator": "A02", "breakdown": "_T", "ref_area": area, "availability": 1.0}
            for area in COUNTRIES
        ],
        "rpt_decoupling": decouplings(),
        "rpt_target": [
            {
                "indicator": "A02",
                "breakdown": "_T",
                "area": "UNECE",
                "area_kind": "region",
                "target_expression": "champion(top=5)",
                "target_value": 14.0,
                "target_value_current": 14.0,
                "frozen_vintage": "sample-2025.1",
            }
        ],
        "rpt_method": method_parameters(),
        "rpt_region": [
            {"region": region, "ref_area": area, "verified": True}
            | {f"region_name_{language}": f"{region} ({language})" for language in ("en", "fr", "ru")}
            for region in ("UNECE", "EU27")
            for area in COUNTRIES
        ],
        "rpt_reconciliation": [
            {
                "provider": "unsd",
                "series": "EN_MAT_DOMCMPC",
                "breakdown": "ALP",
                "region": "M49_150",
                "n_years": 3,
                "n_equal": 3,
            }
        ],
        "rpt_indicator": [
            registry
            | {"indicator": i, "agg_rule": rules[i]}
            | {f"title_{language}": f"{titles[i]} ({language})" for language in ("fr", "ru")}
            | {"title_en": titles[i]}
            for i in rules
        ],
        "rpt_area": [
            {"ref_area": "EU27", "area_kind": "group", "name_en": "European Union", "m49": None},
            *(
                {"ref_area": area, "area_kind": "country", "name_en": area, "m49": f"{k + 1:03}"}
                | {f"name_{language}": f"{area} ({language})" for language in ("fr", "ru")}
                for k, area in enumerate(COUNTRIES)
            ),
        ],
        "rpt_dataset": [*datasets, absent],
        "rpt_source": [
            {
                "snapshot_sha256": sha,
                "part": "all",
                "provider": key.split("/")[0],
                "dataset": key.split("/")[1],
                "vintage": VINTAGE,
                "url": "https://example.org/data",
                "retrieved_at": "2025-06-02T00:00:00Z",
                "bytes": 10,
                "part_status": "fresh",
            }
            for key, sha in SNAPSHOTS.items()
        ],
        "rpt_magnitude": [
            {
                "indicator": "A01",
                "breakdown": "_T",
                "ref_area": "EST",
                "time_period": "2016",
                "obs_value": 1.0,
                "previous_value": 9e7,
                "release_ratio": 9e7,
                "bound": "RELEASE_RATIO",
                "bound_value": 8.0,
            }
        ],
    }
    for rows in tables.values():
        for row in rows:
            row["illustrative"] = True
    return tables


def find(rows: Rows, **keys: Any) -> dict[str, Any]:
    """The one row with these values."""
    (row,) = [row for row in rows if all(row[name] == value for name, value in keys.items())]
    return row


def as_arrow(rows: Rows, schema: TableSchema) -> pa.Table:
    """Rows as the schema's columns; what a row does not name is null."""
    assert all(set(row) <= set(schema.column_names) for row in rows), schema.name
    return pa.table(
        [pa.array([row.get(c.name) for row in rows], type=c.arrow_type) for c in schema.columns],
        schema=schema.arrow_schema(),
    )


def write_tables(tables: Tables, folder: Path) -> Path:
    """Write every table as release Parquet; returns the folder."""
    metadata = release_metadata(RELEASE, "CC BY 4.0", illustrative=True)
    for name, rows in tables.items():
        write_table(as_arrow(rows, SCHEMAS[name]), SCHEMAS[name], folder / f"{name}.parquet", metadata)
    return folder
