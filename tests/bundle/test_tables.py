"""One number, one text: how tables are stated in Parquet and CSV."""

import csv
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import CheckError
from orchestration.release.schema import Column, TableSchema
from orchestration.release.tables import (
    format_number,
    read_release_table,
    release_metadata,
    state_number,
    write_release_csv,
    write_release_parquet,
    write_table,
)

SCHEMA = TableSchema(
    name="rpt_small",
    title="A small table",
    description="For tests.",
    primary_key=("area", "year"),
    columns=(
        Column("area", "varchar", "Area"),
        Column("year", "integer", "Year"),
        Column("value", "double", "Value"),
        Column("flag", "boolean", "Flag"),
        Column("note", "varchar", "Note"),
    ),
)
METADATA = release_metadata("2026.1", "CC BY 4.0", illustrative=False)


def table(rows: list[tuple]) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    return pa.table(
        [pa.array(values, type=f.type) for values, f in zip(columns, SCHEMA.arrow_schema(), strict=True)],
        schema=SCHEMA.arrow_schema(),
    )


ROWS = [
    ("FRA", 2016, 1 / 3, True, 'says "é", twice'),
    ("FRA", 2015, 1e-7, None, ""),
    ("AUT", 2016, -0.0, False, "two\nlines"),
    ("AUT", 2015, None, None, None),
]


@pytest.mark.parametrize("remark", ["- Excludes waste", "@ 2015 prices", "+/- 5 %", "-"])
def test_a_remark_is_read_from_csv_as_it_was_written(tmp_path: Path, remark: str) -> None:
    """No quote or blank before it, which R and pandas would read as a part of the text (decision 0010)."""
    write_release_csv(table([("FRA", 2016, 1.0, True, remark)]), SCHEMA, tmp_path / "t.csv")
    assert pd.read_csv(tmp_path / "t.csv")["note"].to_list() == [remark]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1 / 3, "0.333333333333333"),
        (2 / 3, "0.666666666666667"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (-0.0, "0"),
        (5.0, "5"),
        (-14.21, "-14.21"),
        (123456789012345678.0, "123456789012346000"),
    ],
)
def test_a_number_is_stated_with_fifteen_digits_and_no_exponent(number: float, text: str) -> None:
    assert format_number(state_number(number)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_stated_number_reads_back_and_is_stable(number: float) -> None:
    stated = state_number(number)
    assert float(format_number(stated)) == stated
    assert state_number(stated) == stated
    # What a spreadsheet keeps: sixteen digits, written by XlsxWriter, give the same number.
    assert float(f"{stated:.16G}") == stated


def test_rows_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    for name, rows in (("a", ROWS), ("b", ROWS[::-1])):
        write_table(table(rows), SCHEMA, tmp_path / name, METADATA)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_parquet_says_what_it_is_and_is_sorted_by_key(tmp_path: Path) -> None:
    pq.write_table(table(ROWS), tmp_path / "source")
    write_release_parquet(tmp_path / "source", SCHEMA, tmp_path / "out.parquet", METADATA)
    found = read_release_table(tmp_path / "out.parquet", SCHEMA)
    assert found.column("area").to_pylist() == ["AUT", "AUT", "FRA", "FRA"]
    assert found.column("value").to_pylist() == [None, 0.0, 1e-7, 0.333333333333333]
    assert found.column("note").to_pylist() == [
        None,
        "two\nlines",
        None,
        'says "é", twice',
    ]  # empty text is null
    assert found.schema.metadata == {
        b"title": b"A small table",
        b"in_workbook": b"true",
        b"release": b"2026.1",
        b"licence": b"CC BY 4.0",
    }
    column = pq.ParquetFile(tmp_path / "out.parquet").metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"


def test_csv_is_exactly_this(tmp_path: Path) -> None:
    write_table(table(ROWS), SCHEMA, tmp_path / "t.parquet", METADATA)
    write_release_csv(read_release_table(tmp_path / "t.parquet", SCHEMA), SCHEMA, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().decode() == (
        "area,year,value,flag,note\n"
        "AUT,2015,,,\n"
        'AUT,2016,0,false,"two\nlines"\n'
        "FRA,2015,0.0000001,,\n"
        'FRA,2016,0.333333333333333,true,"says ""é"", twice"\n'
    )


def test_five_readers_read_the_same_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_table(table(ROWS), SCHEMA, path, METADATA)
    write_release_csv(read_release_table(path, SCHEMA), SCHEMA, tmp_path / "t.csv")
    expected = [0.0, 1e-7, 0.333333333333333]
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as stream:
        from_csv = [float(row["value"]) for row in csv.DictReader(stream) if row["value"]]
    assert from_csv == expected
    assert pl.read_parquet(path)["value"].drop_nulls().to_list() == expected
    assert pd.read_parquet(path)["value"].dropna().to_list() == expected
    rows = duckdb.sql(f"select value from '{path}' where value is not null").fetchall()
    assert [value for (value,) in rows] == expected


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (table(ROWS).drop_columns(["note"]), "columns missing: note"),
        (table(ROWS).append_column("leak", [[1, 2, 3, 4]]), "not declared: leak"),
        (table([*ROWS, ROWS[0]]), "1 keys occur more than once, first area=FRA, year=2016"),
        (table([(None, 2015, 1.0, None, None)]), "key column area is empty in 1 rows"),
        (table([("FRA", 2015, float("nan"), None, None)]), "rpt_small.value holds nan"),
        (table([("FRA", 2015, float("inf"), None, None)]), "rpt_small.value holds inf"),
    ],
)
def test_a_table_that_is_not_as_declared_is_refused(tmp_path: Path, broken: pa.Table, message: str) -> None:
    with pytest.raises(CheckError, match=message):
        write_table(broken, SCHEMA, tmp_path / "t.parquet", METADATA)
    assert not (tmp_path / "t.parquet").exists()


def test_a_number_where_text_is_declared_is_refused(tmp_path: Path) -> None:
    wrong = table(ROWS).set_column(1, "year", [["x", "y", "z", "w"]])
    with pytest.raises(CheckError, match="rpt_small.year does not fit its declared type integer"):
        write_table(wrong, SCHEMA, tmp_path / "t.parquet", METADATA)
