"""dbt as a process of its own: the only one that opens the warehouse.

What belongs here: starting it without network or telemetry, its progress in plain words, its failures by
name. What does not: its inputs (dbt_inputs.py) and what becomes of its exports (build.py).
"""

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.errors import CheckError, StoreError

# Worked examples prove the code, not the data: they run in the test suite, not in every build.
BUILD = ("build", "--exclude-resource-type", "unit_test")
_KINDS = {"model": "table", "seed": "reference table", "test": "test", "unit_test": "worked example"}
_PR_SET_PDEATHSIG = 1
_LOCKED = re.compile(r"Could not set lock on file.*?PID (?P<pid>\d+)")
_BAD = frozenset({"error", "fail", "runtime error"})
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def dbt_environment(warehouse: Path) -> dict[str, str]:
    """The environment of a dbt process: this one's, with the warehouse, and quiet."""
    kept = {name: value for name, value in os.environ.items() if name not in _PROXIES}
    return kept | {
        "CIRCULARITY_WAREHOUSE": str(warehouse.resolve()),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def run_dbt(dbt_project_dir: Path, warehouse: Path) -> Iterator[str]:
    """Run `dbt build`; yield a plain line for each finished tenth and each failure.

    Raises CheckError naming the failed models and tests, after dbt has ended; StoreError if another process
    has opened the database.
    """
    target = warehouse / "dbt"
    arguments = [*BUILD, "--project-dir", ".", "--profiles-dir", ".", "--log-format", "json"]
    arguments += ["--target-path", str(target.resolve()), "--log-path", str((target / "logs").resolve())]
    process = subprocess.Popen(
        [sys.executable, "-m", "dbt.cli.main", *arguments],
        cwd=dbt_project_dir,
        env=dbt_environment(warehouse),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    progress = Progress()
    with process:
        for line in process.stdout or ():
            said = progress.read(line)
            if said:
                yield said
    holder = _LOCKED.search(" ".join(progress.errors))
    if holder:
        raise StoreError(
            f"The warehouse {warehouse} is open in process {holder['pid']}; only one process may open it; "
            "readers use the files in current/. Nothing was built; what stood before still stands. End that "
            "process or wait for it, then build again. Runbook: O07."
        )
    if process.returncode != 0 or progress.failures:
        raise CheckError(progress.describe_failure(target / "logs" / "dbt.log"))
    yield f"dbt: {progress.done} of {progress.total} done, nothing failed."


def _end_with_parent() -> None:
    """A dbt whose parent was killed must not write into the warehouse of the next build."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Progress:
    """What dbt's JSON log has said so far."""

    done: int = 0
    total: int = 0
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _tenth: int = 0

    def read(self, line: str) -> str | None:
        """Take one line of the log; return what a person should hear about it, if anything."""
        try:
            event = json.loads(line)
            info, data = event["info"], event["data"]
        except (ValueError, KeyError, TypeError):
            return None
        if info.get("level") == "error" and info.get("msg"):
            self.errors.append(" ".join(str(info["msg"]).split())[:400])
        if info.get("name") not in {"LogModelResult", "LogTestResult", "LogSeedResult", "LogNodeResult"}:
            return None
        return self._finish(data)

    def _finish(self, data: dict[str, Any]) -> str | None:
        node = data.get("node_info") or {}
        self.done, self.total = self.done + 1, max(self.total, int(data.get("total") or 0))
        status = str(data.get("status") or "").lower()
        name = f"{_KINDS.get(str(node.get('resource_type')), 'step')} {node.get('node_name', '')}".strip()
        if status.split(" ")[0] in _BAD or str(node.get("node_status")) in _BAD:
            failing = data.get("num_failures")
            self.failures.append(f"{name} ({failing} rows)" if failing else name)
            return f"dbt: {self.failures[-1]} failed"
        tenth = 10 * self.done // self.total if self.total else 0
        if tenth == self._tenth:
            return None
        self._tenth = tenth
        return f"dbt: {self.done} of {self.total} done, last {name}"

    def describe_failure(self, log_file: Path) -> str:
        """Why the build failed, in one paragraph."""
        what = ", ".join(self.failures[:10]) or "dbt itself"
        more = f" and {len(self.failures) - 10} more" if len(self.failures) > 10 else ""
        why = f" {self.errors[0]}." if self.errors else ""
        return (
            f"The tables could not be built from the lock: {what}{more} failed.{why} Nothing was released; "
            f"what stood "
            f"before still stands. The whole story is in {log_file}; correct the model or the data, then "
            f"build again."
        )
