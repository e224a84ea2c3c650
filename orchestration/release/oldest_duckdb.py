"""Read a DuckDB file with the oldest client which the release promises to.

What belongs here: starting that client, which lies beside this installation and not in it, and its answer.
What does not: comparing the answer (number_check.py), writing the file (duckdb_file.py).
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

OLDEST = "1.1.3"
CLIENT_DIR = Path(sys.prefix) / "oldest-duckdb"

_SCRIPT = """
import json, sys
import duckdb
db = duckdb.connect(sys.argv[1], read_only=True, config={"threads": 1, "enable_external_access": "false"})
ask = lambda sql, *values: db.execute(sql, list(values)).fetchall()
quoted = lambda name: '"' + name.replace('"', '""') + '"'
answer = {"version": duckdb.__version__, "tables": {}, "views": {}}
of_table = (
    "select column_name, comment from duckdb_columns() where schema_name = ? and table_name = ? "
    "order by column_index"
)
# With its schema, a name is that of the table and never of a view somebody called alike.
of_tables = "select schema_name, table_name, comment from duckdb_tables() order by 1, 2"
for schema, name, comment in ask(of_tables):
    columns = ask(of_table, schema, name)
    rows = ask("select * from " + quoted(schema) + "." + quoted(name))
    shown = name if schema == "main" else schema + "." + name
    answer["tables"][shown] = {"comment": comment, "columns": columns, "rows": rows}
# A view is text that somebody else wrote: it is read, never run.
of_views = "select view_name, comment, sql from duckdb_views() where not internal order by 1"
for name, comment, sql in ask(of_views):
    answer["views"][name] = {"comment": comment, "sql": sql}
json.dump(answer, sys.stdout)
"""


class OldestClientError(Exception):
    """The oldest client is missing, or could not read the file; the text says which."""


def read_with_oldest(file: Path, client_dir: Path = CLIENT_DIR) -> dict[str, Any]:
    """Every table (comment, columns with comments, rows in stored order) and view (comment, text) of `file`.

    Runs DuckDB 1.1.3 in a process of its own, which reaches no other file and no network: the file may be a
    stranger's. Raises OldestClientError.
    """
    if not (client_dir / "duckdb").is_dir():
        raise OldestClientError(f"DuckDB {OLDEST} is not installed beside this installation; set it up again")
    environment = {"PYTHONPATH": str(client_dir), "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(file)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=environment,
    )
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise OldestClientError(f"DuckDB {OLDEST} cannot read it ({reason[0]})")
    answer: dict[str, Any] = json.loads(done.stdout)
    if answer["version"] != OLDEST:
        raise OldestClientError(f"DuckDB {answer['version']} answered where {OLDEST} is promised")
    return answer
