"""Several parts make one file: in the order of their names, hashed part by part, never with a key twice."""

import polars as pl
import pytest

from connectors import observations
from connectors.assembly import assemble
from connectors.errors import SourceError
from tests.unit.connectors.test_observations import ROW


def table(**change: object) -> pl.DataFrame:
    return observations.to_table([{**ROW, **change}])


def test_the_order_in_which_parts_come_changes_neither_file_nor_hash(tmp_path):
    parts = [
        (name, table(series=name, ref_area=area)) for name, area in (("A", "8"), ("B", "4"), ("C", "40"))
    ]
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    here = assemble(parts, tmp_path / "one", "p", "d")
    there = assemble(reversed(parts), tmp_path / "two", "p", "d")
    assert here.content_sha256 == there.content_sha256
    assert here.path.read_bytes() == there.path.read_bytes()
    assert observations.read_parquet(here.path)["series"].to_list() == ["A", "B", "C"]
    assert (here.rows, here.areas, here.first_year, here.last_year) == (3, 3, 2020, 2020)


def test_a_changed_value_in_one_part_changes_the_hash(tmp_path):
    first = assemble([("A", table()), ("B", table(series="B"))], tmp_path, "p", "d")
    second = assemble([("A", table()), ("B", table(series="B", obs_value=9.0))], tmp_path, "p", "d")
    assert first.content_sha256 != second.content_sha256


def test_two_parts_may_share_a_cell_but_not_a_key(tmp_path):
    apart = [("A", table(dimensions='{"x":"1"}')), ("B", table(dimensions='{"x":"2"}'))]
    assert assemble(apart, tmp_path, "p", "d").rows == 2
    with pytest.raises(SourceError, match="2 rows of the same key in two of its parts"):
        assemble([("A", table()), ("B", table())], tmp_path, "p", "d")


def test_no_part_at_all_is_an_empty_table(tmp_path):
    found = assemble([], tmp_path, "p", "d")
    assert (found.rows, found.areas, found.first_year) == (0, 0, None)
    assert observations.read_parquet(found.path).schema == observations.SCHEMA
