"""The canonical table: one order, one content hash, one set of bytes."""

import polars as pl
import pytest

from connectors import observations
from connectors.errors import SourceError

ROW = {
    "provider": "p", "dataset": "d", "series": "S", "ref_area": "40", "time_period": "2020",
    "dimensions": "{}", "obs_value": 1.5, "obs_value_raw": "1.50", "obs_bound": None, "unit_measure": "T",
    "unit_mult": 0, "obs_status": "A", "obs_status_raw": "", "conf_status": "F", "nature": "C",
    "comment_obs": None, "snapshot_sha256": "x",
}  # fmt: skip


def table(*changes: dict) -> pl.DataFrame:
    return observations.to_table([{**ROW, **change} for change in changes])


def test_rows_are_sorted_and_typed():
    found = table({"ref_area": "8"}, {"time_period": "2019"}, {})
    assert found.cast(dict(observations.SCHEMA)).schema == observations.SCHEMA
    assert found.select("ref_area", "time_period").rows() == [("40", "2019"), ("40", "2020"), ("8", "2020")]
    assert observations.empty_table().schema == observations.SCHEMA


def test_the_content_hash_ignores_order_bytes_and_spelling():
    here = observations.content_sha256(table({}, {"ref_area": "8"}))
    parts = [table({"ref_area": "8", "snapshot_sha256": "y", "obs_value_raw": "1.5"}), table({})]
    there = pl.concat([part.cast(dict(observations.SCHEMA)) for part in parts])
    assert observations.content_sha256(there) == here


@pytest.mark.parametrize(
    "change",
    [{"obs_value": 1.6}, {"obs_value": None}, {"obs_status": "E"}, {"nature": "E"}, {"unit_measure": "KG"},
     {"comment_obs": ""}, {"conf_status": "C"}, {"obs_status_raw": "e"}, {"time_period": "2021"}],
)  # fmt: skip
def test_the_content_hash_notices_every_change(change):
    assert observations.content_sha256(table(change)) != observations.content_sha256(table({}))


def test_where_there_is_no_number_the_text_is_content():
    low, high = ({"obs_value": None, "obs_bound": "<", "obs_value_raw": text} for text in ("<1", "<2"))
    assert observations.content_sha256(table(low)) != observations.content_sha256(table(high))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_is_refused(value):
    with pytest.raises(SourceError, match="not a finite number"):
        table({"obs_value": value})


def test_a_null_that_may_not_be_and_a_repeated_key_are_refused():
    with pytest.raises(SourceError, match="column unit_measure has 1 missing values"):
        table({"unit_measure": None})
    with pytest.raises(SourceError, match="2 rows share a key"):
        table({}, {"obs_value": 2.0})


def test_equal_tables_make_equal_files(tmp_path):
    for name in ("a", "b"):
        observations.write_parquet(table({}, {"ref_area": "8"}), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    read = observations.read_parquet(tmp_path / "a")
    assert read.schema == observations.SCHEMA
    assert read.equals(table({}, {"ref_area": "8"}).cast(dict(observations.SCHEMA)))
