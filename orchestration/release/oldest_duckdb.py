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
db = duckdb.connect(sys.argv[1], read_only=True, config={"threads": 1})
ask = lambda sql, *values: db.execute(sql, list(values)).fetchall()
quoted = lambda name: '"' + name.replace('"', '""') + '"'
answer = {"version": duckdb.__version__, "tables": {}, "views": {}}
for name, comment in ask("select table_name, comment from duckdb_tables() order by 1"):
    of_table = "select column_name, comment from duckdb_columns() where table_name = ? order by column_index"
    columns = ask(of_table, name)
    rows = ask("select * from " + quoted(name))
    answer["tables"][name] = {"comment": comment, "columns": columns, "rows": rows}
for name, comment in ask("select view_name, comment from duckdb_views() where not internal order by 1"):
    answer["views"][name] = {"comment": comment, "rows": ask("select count(*) from " + quoted(name))[0][0]}
json.dump(answer, sys.stdout)
"""


class OldestClientError(Exception):
    """The oldest client is missing, or could not read the file; the text says which."""


def read_with_oldest(file: Path, client_dir: Path = CLIENT_DIR) -> dict[str, Any]:
    """Every table (comment, columns with comments, rows in stored order) and view (comment, rows) of `file`.

    Runs DuckDB 1.1.3 in a process of its own. Raises OldestClientError.
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
