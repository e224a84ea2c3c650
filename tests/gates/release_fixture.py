"""A small invented release which passes every rule: sixteen countries, three years.

Country k (k = 0..15) has (k + 1) million people and uses 10 + k tonnes per person in 2015, two percent of
that less each year. Rows are plain dicts, so that a test can break one thing and name it. Figures and
regional values stand here; assessments, the registry with trade, and decoupling have fixtures of their own.
"""

from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.release.schema import TableSchema, load_schemas
from orchestration.release.tables import release_metadata, write_table
from tests.gates.decoupling_fixture import decouplings
from tests.gates.progress_fixture import progress_tables
from tests.gates.registry_fixture import DBT_PROJECT, INDICATORS, Rows, registry_tables

Tables = dict[str, Rows]

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
MATERIALS = {"BIM": 0.3, "FOF": 0.2, "MEO": 0.1, "NMM": 0.4}


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
        "unit_measure": INDICATORS[indicator].unit,
        "time_period": year,
        "obs_value": value,
        "is_zero_ambiguous": False,
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


def ratio(
    indicator: str, area: str, year: str, above: float, below: float, *sources: str, **changes: Any
) -> dict[str, Any]:
    """A rate with its numerator and its denominator."""
    parts = {"numerator": above, "denominator": below}
    return observation(indicator, area, year, above / below, *sources, **(parts | changes))


def country_year(k: int, area: str, year: str) -> Rows:
    """Every figure of one country and year."""
    people, rate, waste = 1e6 * (k + 1), per_person(k, year), (400.0 + k) * 1e3 * (k + 1)
    unsd, bank, eurostat = "unsd/sdg_12_2", "world_bank/sp_pop_totl", "eurostat/cei_pc031"
    asked = year == "2016"
    silent = {"obs_status": "O", "null_reason": "OFF_GRID"}
    policy = {"source": f"{unsd}/SG_SCP_CNTRY"}
    nought = {"is_zero_ambiguous": True, "comment_obs": "ZERO_AMBIGUOUS"}
    has_policy = area != "AUT"
    return [
        observation("POP", area, year, people, bank),
        observation("A01", area, year, people * rate, unsd),
        ratio("A02", area, year, people * rate, people, unsd, bank),
        *(
            observation("A04", area, year, people * rate * share, unsd, breakdown=material)
            for material, share in MATERIALS.items()
        ),
        observation("W04", area, year, waste, unsd),
        ratio("W05", area, year, 1e3 * waste, people, eurostat),
        ratio("W06", area, year, (40 + k) * waste, waste, eurostat),
        ratio("W07", area, year, (41 + k) * waste, waste, unsd),
        ratio("W18", area, year, people * 30, people, unsd, freq="A2")
        if asked
        else observation("W18", area, year, None, unsd, freq="A2", **silent),
        observation(
            "P02", area, year, float(has_policy), unsd, **(policy if has_policy else policy | nought)
        ),
        observation("P14", area, year, 3.0, unsd),
        observation("P14", area, year, 1.0, unsd, breakdown="ACCSEEA"),
        observation("P14", area, year, 2.0, unsd, breakdown="ACCTSA"),
    ]


def observations() -> Rows:
    rows = [row for year in YEARS for k, area in enumerate(COUNTRIES) for row in country_year(k, area, year)]
    hidden = find(rows, indicator="W05", ref_area="CYP", time_period="2016")
    hidden.update(
        obs_value=None,
        numerator=None,
        denominator=None,
        obs_status="Q",
        obs_status_raw="c",
        conf_status="C",
        null_reason="CONFIDENTIAL",
    )
    for year in YEARS:
        value = None if year == "2016" else 410.0  # one member is suppressed in 2016
        total = observation("W05", "EU27", year, value, "eurostat/cei_pc031", area_kind="aggregate", m49=None)
        reason = {"conf_status": "S", "obs_status": "O", "null_reason": "CONF_SECONDARY"}
        rows.append(total if value else total | reason)
    withheld = find(rows, indicator="A01", ref_area="EST", time_period="2016")
    withheld.update(obs_value=None, obs_status="O", null_reason="GATE_BLOCKED")
    # Monaco reports its waste inside France.
    within = {"obs_status": "O", "null_reason": "REPORTED_WITHIN"}
    rows.append(observation("W04", "MCO", "2016", None, "unsd/sdg_12_2", **within))
    return rows


def aggregate(indicator: str, year: str, rule: str, value: float, n: int, **changes: Any) -> dict[str, Any]:
    row = {
        "indicator": indicator,
        "breakdown": "_T",
        "region": "UNECE",
        "time_period": year,
        "agg_rule": rule,
        "panel": "all",
        "unit_measure": INDICATORS[indicator].unit,
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


def sum_over_sum(indicator: str, year: str) -> tuple[float, int]:
    """The weighted rate of the countries that publish theirs, and how many these are."""
    cells = [
        row
        for row in observations()
        if (row["indicator"], row["time_period"], row["area_kind"]) == (indicator, year, "country")
        and row["obs_value"] is not None
    ]
    return sum(row["numerator"] for row in cells) / sum(row["denominator"] for row in cells), len(cells)


def aggregates() -> Rows:
    rows: Rows = []
    for year in YEARS:
        people = sum(k + 1 for k in range(16)) * 1e6
        tonnes = sum((k + 1) * 1e6 * per_person(k, year) for k in range(16))
        mean = sum(per_person(k, year) for k in range(16)) / 16
        waste, n_waste = sum_over_sum("W05", year)
        percent = {"is_headline": True, "unit_measure": "%"}
        rows += [
            aggregate("A02", year, "RSUM_MATCHED", tonnes / people, 16, is_headline=True),
            aggregate("A02", year, "RSUM_FULL", tonnes / (people * 2), 16, n_denominator=56),
            aggregate("A02", year, "MEAN", mean, 16),
            aggregate("POP", year, "SUM", people, 16, is_headline=True),
            aggregate("W05", year, "RSUM_MATCHED", waste, n_waste, is_headline=True),
            aggregate("W06", year, "RSUM_MATCHED", sum_over_sum("W06", year)[0], 16, **percent),
        ]
    rows.append(aggregate("W18", "2016", "RSUM_MATCHED", 30.0, 16, is_headline=True))
    return rows


def magnitudes() -> Rows:
    withheld = {"indicator": "A01", "breakdown": "_T", "ref_area": "EST", "time_period": "2016"}
    jump = {"obs_value": 1.0, "previous_value": 9e7, "release_ratio": 9e7}
    return [withheld | jump | {"bound": "RELEASE_RATIO", "bound_value": 8.0}]


def clean() -> Tables:
    """The release, every table, without a fault."""
    tables: Tables = {
        "rpt_observation": observations(),
        "rpt_aggregate": aggregates(),
        "rpt_magnitude": magnitudes(),
        "rpt_decoupling": decouplings(),
        **progress_tables(COUNTRIES),
        **registry_tables(COUNTRIES, SNAPSHOTS, VINTAGE),
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
