"""Observations as SDMX-CSV 2.0.

What belongs here: the layout of that format. What does not: which columns (flows.py), how a number is said
(tables.py).
"""

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release.schema import Column, TableSchema
from orchestration.release.sdmx.flows import MISSING_NUMBER, MISSING_TEXT, Flow, stated_columns
from orchestration.release.tables import text_column

LEADING = ("STRUCTURE", "STRUCTURE_ID", "ACTION")


def write_flow(dest: Path, flow: Flow, table: pa.Table, schema: TableSchema) -> None:
    """Write the rows of `table` in their order, each with the action I (information: this is the whole).

    A missing number is NaN, a missing text #N/A, no cell is empty; numbers as every file of the release
    states them.
    """
    rows = table.num_rows
    leading = {name: [text] * rows for name, text in zip(LEADING, ("dataflow", flow.urn, "I"), strict=True)}
    stated = {column.name.upper(): state(table, column) for column in stated_columns(schema)}
    dest.parent.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame({**leading, **stated})
    frame.write_csv(dest, line_terminator="\n", quote_style="necessary")


def state(table: pa.Table, column: Column) -> pa.ChunkedArray:
    """A column as SDMX-CSV states it, as text."""
    is_number = column.data_type in ("double", "integer", "bigint")
    return pc.fill_null(text_column(table.column(column.name)), MISSING_NUMBER if is_number else MISSING_TEXT)
