"""The two implementations agree on every series of the sample; a table that says otherwise is found out."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.dbt.preparing import DbtRun
from tests.independent.compare import compare_tables, is_same
from tests.independent.judge import whole_m1, whole_m4
from tests.independent.model import Outcome

TABLES = {"fct_progress", "fct_agreement", "fct_target", "mart_decoupling"}


def test_both_implementations_agree_on_every_series_of_the_sample(sample_build: DbtRun) -> None:
    done = compare_tables(sample_build.warehouse)
    assert [str(one) for one in done.disagreements] == []
    assert set(done.rows) == TABLES
    assert done.cells["fct_progress"] > 2 * done.rows["fct_progress"] > 20_000


@pytest.fixture
def altered(sample_build: DbtRun, tmp_path: Path) -> Path:
    """A copy of the sample's warehouse with one number and one word changed."""
    warehouse = tmp_path / "warehouse"
    shutil.copytree(sample_build.warehouse / "export", warehouse / "export")
    shutil.copytree(sample_build.warehouse / "input", warehouse / "input")
    path = warehouse / "export" / "fct_progress.parquet"
    table = pl.read_parquet(path)
    number = table.with_row_index().filter(pl.col("ratio").is_not_null())["index"][0]
    word = table.with_row_index().filter(pl.col("status") == "maintain")["index"][0]
    at = pl.int_range(pl.len())
    table.with_columns(
        pl.when(at == number).then(pl.col("ratio") * (1 + 1e-7)).otherwise("ratio").alias("ratio"),
        pl.when(at == word).then(pl.lit("reverse")).otherwise("status").alias("status"),
    ).write_parquet(path)
    return warehouse


def test_one_changed_number_and_one_changed_word_are_found(altered: Path) -> None:
    found = compare_tables(altered).disagreements
    assert sorted(one.column for one in found) == ["ratio", "status"]
    assert {one.table for one in found} == {"fct_progress"}
    assert any("'reverse', recomputed 'maintain'" in str(one) for one in found)


def test_numbers_are_the_same_to_nine_digits() -> None:
    assert is_same(1.0, 1.0 + 5e-10) and not is_same(1.0, 1.0 + 5e-9)
    assert is_same(None, None) and not is_same(None, 0.0) and not is_same("away", "moderate")


def test_components_have_equal_weights() -> None:
    near = Outcome("maintain", {"csi": 8.0, "ap": 9.5, "p": 5.0})
    far = Outcome("reverse", {"csi": -1.0, "ap": -2.0, "p": 120.0})
    # P: (5 + 120) / 2; achieved counts with 0.
    assert whole_m1([near, far]) == Outcome("accelerate", {"csi": 3.5, "ap": 3.75, "p": 62.5})
    assert whole_m1([far, Outcome("achieved")]).numbers["p"] == 60
    assert whole_m1([near, Outcome("NO_DATA")]).status == "INSUFFICIENT"
    assert whole_m1([Outcome("NO_DATA")] * 2).status == "NO_DATA"
    scored = [Outcome("on_track", {"score": 5.0}), Outcome("limited", {"score": -1.0})]
    assert whole_m4(scored) == Outcome("acceleration", {"score": 2.0})
    assert whole_m4([Outcome("achieved")] * 2).status == "achieved"
    assert whole_m4([Outcome("achieved"), Outcome("NO_DATA")]).status == "on_track"
