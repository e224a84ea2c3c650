"""The frames over which rules are checked: queries in memory over the release's Parquet files.

What belongs here: loading the files, running one declared query, a typed and ordered answer.
What does not: the queries (suites/*.yaml), expectations (runner.py). No database file is opened.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa

from connectors.errors import CheckError, quote

_TABLE_NAME = re.compile(r"rpt_[a-z0-9_]+")
_PARAMETER = re.compile(r"\$([a-z_]+)")


def require_table_name(path: Path) -> str:
    """The table a Parquet file holds, by its stem. Raises CheckError unless it may be a release table's name.

    The name becomes part of queries, and the files may be a download: no other character is let through.
    """
    if _TABLE_NAME.fullmatch(path.stem) is None:
        raise CheckError(
            f"{quote(path.name)} is not the file of a release table; their names begin with rpt_."
        )
    return path.stem


class Frames:
    """Tables of a release by file stem, of its predecessor as `previous.<stem>`, `planned_dataset`, and
    `judged_release`, whose one row says whether it `is_correction`: then its predecessor is what it corrects.

    Without a predecessor its tables are there, typed and empty. Files are read once, here; afterwards queries
    reach nothing outside.
    """

    def __init__(
        self,
        data_dir: Path,
        compared_dir: Path | None,
        planned_datasets: Sequence[str],
        *,
        is_correction: bool = False,
    ) -> None:
        """Read every Parquet file of both folders into memory."""
        self._db = duckdb.connect(":memory:", config={"threads": 1})
        self._db.execute("create schema previous")
        self.tables = sorted(require_table_name(path) for path in data_dir.glob("*.parquet"))
        for name in self.tables:
            self._load("main", name, data_dir / f"{name}.parquet")
            before = compared_dir / f"{name}.parquet" if compared_dir is not None else None
            if before is not None and before.is_file():
                self._load("previous", name, before)
            else:
                self._db.execute(f'create table previous."{name}" as from main."{name}" limit 0')
        self._db.execute("create table planned_dataset (dataset_key varchar)")
        for key in planned_datasets:
            self._db.execute("insert into planned_dataset values (?)", [key])
        self._db.execute("create table judged_release (is_correction boolean)")
        self._db.execute("insert into judged_release values (?)", [is_correction])
        self._db.execute("set enable_external_access = false")
        self._db.execute("set lock_configuration = true")

    def _load(self, schema: str, name: str, path: Path) -> None:
        self._db.execute(f'create table {schema}."{name}" as from read_parquet(?)', [str(path)])

    def query(self, sql: str, keys: Sequence[str], parameters: Mapping[str, float]) -> pa.Table:
        """The rows of `sql`, ordered by `keys`. A threshold is written `$name`. Raises duckdb.Error."""
        used = {name: parameters[name] for name in _PARAMETER.findall(sql)}
        table: pa.Table = self._db.sql(sql, params=used).to_arrow_table()
        return table.sort_by([(key, "ascending") for key in keys])

    def is_illustrative(self) -> bool:
        """True if any table with a column `illustrative` holds a true in it."""
        marked = self._db.execute(
            "select table_name from information_schema.columns "
            "where column_name = 'illustrative' and table_schema = 'main'"
        ).fetchall()
        return any(
            self._db.execute(f'select coalesce(bool_or(illustrative), false) from main."{name}"').fetchall()[
                0
            ][0]
            for (name,) in marked
        )

    def __enter__(self) -> "Frames":
        """Give the frames themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the memory."""
        self._db.close()
