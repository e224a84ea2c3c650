"""The DuckDB file of a bundle: every table with comments, and four views.

What belongs here: writing the file in the oldest promised storage format, its views.
What does not: reading it back (bundle_check.py), the working database of dbt.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.schema import REVISIONS, TableSchema

STORAGE_VERSION = "v1.0.0"
"""Opened by DuckDB 1.1.3 and everything later; the default format of 2.0.0 is not."""

UNSTEADY = "fsst,alp,alprd,bitpacking"
"""Compressions under which DuckDB 2.0.0 writes other bytes for the same content from run to run: FSST draws
samples, the others leave parts of a block as the memory happened to be. Without them the file of a release is
smaller, too.
"""

_LATEST = """
select * from rpt_observation where obs_value is not null
qualify row_number() over (partition by indicator, breakdown, ref_area order by time_period desc) = 1
"""
_GAPS = """
select indicator, breakdown, ref_area, time_period, null_reason, obs_status, obs_status_raw
from rpt_observation where obs_value is null
"""


def write_duckdb(
    dest: Path,
    tables: Mapping[str, pa.Table],
    schemas: Mapping[str, TableSchema],
    revisions: pa.Table,
    *,
    release_id: str,
    illustrative: bool,
) -> None:
    """Write every table, the revisions and the views to the new file `dest`.

    The same input gives the same bytes (UNSTEADY). Comments say what each table, column and view means; with
    illustrative data those of tables and views begin with the mark.
    """
    mark = f"{ILLUSTRATIVE_MARK}. " if illustrative else ""
    with duckdb.connect(":memory:", config={"threads": 1}) as db:
        db.execute(f"set disabled_compression_methods = {_text(UNSTEADY)}")
        db.execute(f"attach {_text(str(dest))} as bundle (storage_version {_text(STORAGE_VERSION)})")
        db.execute("use bundle")
        for name, table in tables.items():
            _write_table(db, schemas[name], table, f"{mark}Release {release_id}. ")
        _write_table(db, REVISIONS, revisions, f"{mark}Release {release_id}. ")
        for name, (query, comment) in views_of(tables).items():
            db.execute(f"create view {name} as {query}")
            db.execute(f"comment on view {name} is {_text(mark + comment)}")
        db.execute("use memory")
        db.execute("checkpoint bundle")
        db.execute("detach bundle")


def _write_table(db: duckdb.DuckDBPyConnection, schema: TableSchema, table: pa.Table, preface: str) -> None:
    columns = ", ".join(f"{_name(column.name)} {column.data_type}" for column in schema.columns)
    db.execute(f"create table {_name(schema.name)} ({columns})")
    db.register("incoming", table)
    db.execute(f"insert into {_name(schema.name)} select * from incoming")
    db.unregister("incoming")
    comment = f"{preface}{schema.title}. {schema.description}".strip()
    db.execute(f"comment on table {_name(schema.name)} is {_text(comment)}")
    for column in schema.columns:
        target = f"{_name(schema.name)}.{_name(column.name)}"
        db.execute(f"comment on column {target} is {_text(column.description)}")


def views_of(tables: Mapping[str, pa.Table]) -> dict[str, tuple[str, str]]:
    """The views of these tables by name: query and comment."""
    views = {"v_revisions": ("select * from revisions", REVISIONS.description)}
    if "rpt_observation" in tables:
        views["v_latest"] = (_LATEST, "The latest figure of each indicator and area.")
        views["v_gaps"] = (_GAPS, "Every cell without a figure, with the reason.")
    if "rpt_progress" in tables:
        views["v_wide_progress"] = (
            _wide_progress(tables["rpt_progress"]),
            "One row an area, method and window, one column an indicator: the progress status of its total.",
        )
    return dict(sorted(views.items()))


def _wide_progress(progress: pa.Table) -> str:
    indicators = sorted(set(progress.column("indicator").to_pylist()))
    columns = ", ".join(
        f"max(case when indicator = {_text(code)} then status end) as {_name(code)}" for code in indicators
    )
    key = "area, area_kind, method, time_window"
    shown = f"{key}, {columns}" if columns else key
    return f"select {shown} from rpt_progress where breakdown = '_T' group by {key} order by {key}"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
