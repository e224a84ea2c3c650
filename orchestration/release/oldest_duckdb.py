"""Read a DuckDB file with the oldest client which the release promises to.

What belongs here: starting that client, which lies beside this installation and not in it, and its answer.
What does not: comparing the answer (number_check.py), writing the file (duckdb_file.py).
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

OLDEST = "1.1.3"
CLIENT_DIR = Path(sys.prefix) / "oldest-duckdb"

_SCRIPT = """
import json, sys
from pathlib import Path
import duckdb
import pyarrow as pa
db = duckdb.connect(sys.argv[1], read_only=True, config={"threads": 1, "enable_external_access": "false"})
ask = lambda sql, *values: db.execute(sql, list(values)).fetchall()
quoted = lambda name: '"' + name.replace('"', '""') + '"'
answer = {"version": duckdb.__version__, "tables": [], "views": {}}
of_table = (
    "select column_name, comment from duckdb_columns() where schema_name = ? and table_name = ? "
    "order by column_index"
)
# With its schema, a name is that of the table and never of a view somebody called alike.
of_tables = "select schema_name, table_name, comment from duckdb_tables() order by 1, 2"
for number, (schema, name, comment) in enumerate(ask(of_tables)):
    columns = ask(of_table, schema, name)
    batches = db.execute("select * from " + quoted(schema) + "." + quoted(name)).fetch_record_batch(65536)
    with pa.ipc.new_file(str(Path(sys.argv[2]) / f"{number}.arrow"), batches.schema) as file:
        for batch in batches:
            file.write_batch(batch)
    shown = name if schema == "main" else schema + "." + name
    answer["tables"].append({"name": shown, "comment": comment, "columns": columns})
# A view is text that somebody else wrote: it is read, never run.
of_views = "select view_name, comment, sql from duckdb_views() where not internal order by 1"
for name, comment, sql in ask(of_views):
    answer["views"][name] = {"comment": comment, "sql": sql}
json.dump(answer, sys.stdout)
"""
"""Rows pass as Arrow files, one table after the other: as text they took gigabytes."""


class OldestClientError(Exception):
    """The oldest client is missing, or could not read the file; the text says which."""


@dataclass(frozen=True)
class OldTable:
    """A table as the oldest client reads it: its comment, those of its columns, its rows as stored."""

    comment: str | None
    columns: dict[str, str | None]
    rows: pa.Table


@dataclass(frozen=True)
class OldestAnswer:
    """What the oldest client finds in a file. `views` holds comment and text (`sql`) of each view."""

    tables: dict[str, OldTable]
    views: dict[str, dict[str, str | None]]


def read_with_oldest(file: Path, client_dir: Path = CLIENT_DIR) -> OldestAnswer:
    """Every table and view of `file`.

    Runs DuckDB 1.1.3 in a process of its own, which reaches no other file and no network: the file may be a
    stranger's. Raises OldestClientError.
    """
    if not (client_dir / "duckdb").is_dir():
        raise OldestClientError(f"DuckDB {OLDEST} is not installed beside this installation; set it up again")
    environment = {"PYTHONPATH": str(client_dir), "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, str(file), scratch],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env=environment,
        )
        if done.returncode != 0:
            reason = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise OldestClientError(f"DuckDB {OLDEST} cannot read it ({reason[0]})")
        answer = json.loads(done.stdout)
        if answer["version"] != OLDEST:
            raise OldestClientError(f"DuckDB {answer['version']} answered where {OLDEST} is promised")
        tables = {
            table["name"]: OldTable(
                table["comment"], dict(table["columns"]), _read_rows(Path(scratch) / f"{number}.arrow")
            )
            for number, table in enumerate(answer["tables"])
        }
    return OldestAnswer(tables, answer["views"])


def _read_rows(path: Path) -> pa.Table:
    """The rows of a table, mapped and not copied; the mapping outlives the name of the file."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
