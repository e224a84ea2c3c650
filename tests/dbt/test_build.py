"""The dbt project builds the sample, proves its formulas, and fails loudly on what it does not know."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from orchestration.release.context import DBT_PROJECT
from tests.dbt.preparing import DbtRun
from tests.faults.matrix import fault

# One worked example at least for each model that holds a formula; a slot without a source holds none.
FORMULAS = {
    *(
        path.stem
        for path in (DBT_PROJECT / "models").rglob("int_indicator__*.sql")
        if "empty_indicator(" not in path.read_text()
    ),
    "int_observation",
    "int_magnitude",
    "int_aggregate_contribution",
    "int_aggregate",
    "int_progress_base",
    "int_target_definition",
    "int_champion_rate",
    "int_m1_fit",
    "int_m1_prediction",
    "int_m1_region",
    "int_past_target_value",
    "int_reconciliation_cell",
    "int_country_group",
    "int_cell",
    "fct_aggregate",
    "fct_target",
    "fct_progress",
    "fct_reconciliation",
    "int_region_member",
    "mart_availability",
    "mart_regional_progress",
    "fct_agreement",
    "fct_robustness",
    "fct_sensitivity",
    "fct_status_change",
    "int_m1_removal",
    "int_m4_trial",
    "int_progress",
    "int_progress_growth",
    "int_progress_m2",
    "int_progress_m3",
    "int_progress_m4",
    "int_progress_window_removal",
    "int_removal",
    "int_run",
    "int_threshold_distance",
    "mart_progress_components",
    "int_trade_product",
    "int_trade_flow",
    "int_trade_total",
    "int_trade_pair",
    "int_trade_mirror",
    "int_trade_extra_group",
    "int_decoupling_value",
    "int_decoupling_window",
    "int_decoupling",
    "int_latest_value",
    "mart_visibility",
    "mart_decoupling",
    "mart_gap",
    "mart_policy_map",
    "mart_finance",
    "mart_traceability",
    "mart_logistics",
    "mart_msme",
    "mart_waste_flows",
    "mart_trade_mirror",
    "mart_trade_recyclables",
}


def test_everything_builds_and_every_formula_has_a_worked_example(sample_build: DbtRun) -> None:
    done = sample_build
    assert done.exit_code == 0, done.output
    # The sample's region rows are invented: the reconciliation's warning is true of them.
    assert {name for name, status in done.statuses.items() if status not in ("success", "pass")} <= {
        "assert_reconciliation_is_explained"
    }
    # A unit test's name starts with its model: int_m1_fit.weighted_fit_by_hand.
    proven = {
        name.split(".")[0] for name, status in done.statuses.items() if "." in name and status == "pass"
    }
    assert proven >= FORMULAS
    members = pl.read_parquet(done.warehouse / "export" / "dim_country.parquet")
    assert members.height == 56


@pytest.mark.parametrize(
    ("key", "column", "value", "test"),
    [
        ("unsd/sdg_12_c", "ref_area", "4711", "assert_areas_are_known"),
        # Greece twice in one data set (S02): EL is the code there, and no list gives an area two codes.
        ("eurostat/cei_wm011", "ref_area", "GR", "assert_areas_are_known"),
        # No staging model takes this row up: codes are tested on everything that came.
        ("unsd/sdg_12_2", "ref_area", "4711", "assert_areas_are_known"),
        ("unsd/sdg_12_c", "unit_measure", "FURLONGS", "assert_units_are_known"),
        ("comtrade/hs_recyclables", "dimensions", '"partnerCode":"4711"', "assert_partners_are_known"),
        pytest.param(
            *("comtrade/hs_recyclables", "dimensions", '"classificationCode":"H7"'),
            "assert_products_are_known",
            marks=fault("S05", "assert_products_are_known"),
        ),
    ],
)
def test_an_unknown_code_never_disappears(
    warehouse: Path, run_dbt: Callable[..., DbtRun], key: str, column: str, value: str, test: str
) -> None:
    source = warehouse / "input" / "obs" / f"{key}.parquet"
    table = pl.read_parquet(source).with_columns(pl.col(column).cast(pl.String))
    _change_a_row(table, column, value).write_parquet(source)
    done = run_dbt(warehouse, "build", "--select", f"+{test}", "--exclude-resource-type", "unit_test")
    assert done.exit_code == 1
    assert done.statuses[test] == "fail"
    assert not list((warehouse / "export").iterdir())


def _change_a_row(table: pl.DataFrame, column: str, value: str) -> pl.DataFrame:
    """The table with another code in its last row; in `dimensions` one code of the JSON text is replaced.

    The last row of sdg_12_2 is a material that no indicator uses.
    """
    code = pl.lit(value)
    if column == "dimensions":
        code = pl.col(column).str.replace(value.partition(":")[0] + r':"[^"]*"', value)
    last = pl.int_range(pl.len()) == pl.len() - 1
    return table.with_columns(pl.when(last).then(code).otherwise(pl.col(column)).alias(column))


def test_rows_whose_licence_forbids_it_stop_the_build(
    warehouse: Path, run_dbt: Callable[..., DbtRun]
) -> None:
    pinned = warehouse / "input" / "lock" / "dataset.parquet"
    table = pl.read_parquet(pinned)
    allowed = pl.when(pl.col("dataset") == "sdg_12_c").then(pl.lit(False)).otherwise("rows_may_appear")
    table.with_columns(allowed.alias("rows_may_appear")).write_parquet(pinned)
    test = "assert_withheld_rows_stay_inside"
    done = run_dbt(warehouse, "build", "--select", f"+{test}", "--exclude-resource-type", "unit_test")
    assert done.exit_code == 1
    assert done.statuses[test] == "fail"
    assert not list((warehouse / "export").iterdir())
