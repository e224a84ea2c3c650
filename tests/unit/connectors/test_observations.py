"""The canonical table: one order, one content hash, one set of bytes."""

import hashlib
import struct

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


def test_the_content_hash_is_the_documented_one():
    """Worked out by hand from the definition, so that no library decides what equal content is."""
    rows = [{}, {"ref_area": "8", "obs_value": None, "obs_value_raw": ":", "comment_obs": "n"}]
    texts = {
        "series": ["S", "S"], "ref_area": ["40", "8"], "time_period": ["2020", "2020"],
        "dimensions": ["{}", "{}"], "obs_value": [1.5, None], "obs_value_raw": [":"],
        "obs_bound": [None, None], "unit_measure": ["T", "T"], "unit_mult": [0, 0],
        "obs_status": ["A", "A"], "obs_status_raw": ["", ""], "conf_status": ["F", "F"], "nature": ["C", "C"],
        "comment_obs": [None, "n"],
    }  # fmt: skip
    digest = hashlib.sha256()
    for name, column in texts.items():
        digest.update(f"{name}\n{len(column)}\n".encode())
        if name in ("obs_value", "unit_mult"):
            digest.update(bytes(value is not None for value in column))
            digest.update(struct.pack(f"<{len(column)}d", *(value or 0.0 for value in column)))
            continue
        distinct = sorted({text for text in column if text is not None})
        digest.update(struct.pack("<I", len(distinct)))
        for text in distinct:
            digest.update(struct.pack("<I", len(text)) + text.encode())
        ranks = [2**32 - 1 if text is None else distinct.index(text) for text in column]
        digest.update(struct.pack(f"<{len(column)}I", *ranks))
    assert observations.content_sha256(table(*rows)) == digest.hexdigest()
    assert (
        observations.content_sha256(table(*rows[::-1]).cast(dict(observations.SCHEMA))) == digest.hexdigest()
    )


def test_minus_zero_is_zero():
    assert observations.content_sha256(table({"obs_value": -0.0})) == observations.content_sha256(
        table({"obs_value": 0.0})
    )


def test_equal_tables_make_equal_files_whatever_was_read_before(tmp_path):
    observations.write_parquet(table({}, {"ref_area": "8"}), tmp_path / "a")
    pl.Series(["8", "something", "40"], dtype=pl.Categorical)
    rows = table({}, {"ref_area": "8"}, {"ref_area": "999"})
    observations.write_parquet(
        observations.to_table(rows.filter(pl.col("ref_area") != "999")), tmp_path / "b"
    )
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_files_with_different_texts_are_read_as_one(tmp_path):
    paths = [tmp_path / "a", tmp_path / "b"]
    for path, area in zip(paths, ("40", "8"), strict=True):
        observations.write_parquet(table({"ref_area": area}), path)
    merged = observations.read_parquet(observations.merge_parquet(paths, tmp_path / "c"))
    assert merged["ref_area"].to_list() == ["40", "8"]
    assert merged.schema == observations.SCHEMA


def test_texts_that_hardly_repeat_are_written_as_text_and_read_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(observations, "_MANY", 2)
    found = table(*({"ref_area": f"A{number}"} for number in range(9)))
    observations.write_parquet(found, tmp_path / "t.parquet")
    written = pl.read_parquet(tmp_path / "t.parquet").schema
    assert written["ref_area"] == pl.String
    assert isinstance(written["series"], pl.Enum)
    assert observations.read_parquet(tmp_path / "t.parquet").equals(found.cast(observations.SCHEMA))
