"""The benchmark: every contender on the same bytes in the same run, compared by ratio.

What belongs here: repeating, comparing, the table. What does not: bodies (bodies.py), the contenders
(contenders.py). Called by `make bench`; pytest collects nothing here, since a time is no verdict of a test.

    python -m tests.bench.run --bench-python .venv/bench/bin/python [--only tsv] [--repeats 5] [--to FILE]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.contenders import CONTENDERS, OURS

ROOT = Path(__file__).parents[2]
TITLES = {
    "sdmx_csv": "Eurostat SDMX-CSV",
    "tsv": "Eurostat TSV, the same observations",
    "comtrade": "UN Comtrade JSON, 47 fields a row",
    "unsd": "UNSD DataCSV",
}
_HEAD = (
    "| Contender | CPU s | ratio to ours | Peak MB | ratio to ours | Observations |\n"
    "|---|---|---|---|---|---|"
)


def main() -> None:
    """Measure, check that all found the same observations, print and perhaps write the table."""
    options = argparse.ArgumentParser(description="Compare the ways from bytes to a table.")
    options.add_argument(
        "--bench-python", required=True, help="the interpreter that has pandas, eurostat, sdmx1"
    )
    options.add_argument("--only", choices=sorted(CONTENDERS))
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--to", type=Path, help="a Markdown file for the table")
    chosen = options.parse_args()
    names = [chosen.only] if chosen.only else list(CONTENDERS)
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: a child inherits the peak memory of the process that starts it.
        subprocess.run([sys.executable, "-m", "tests.bench.bodies", folder], cwd=ROOT, check=True)
        parts = [_compare(name, Path(folder), chosen.bench_python, chosen.repeats) for name in names]
    if chosen.to:
        chosen.to.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _compare(name: str, folder: Path, bench_python: str, repeats: int) -> str:
    """The table of one body. Raises SystemExit if two contenders found different observations."""
    results: dict[str, dict[str, Any]] = {}
    # In turn, so that a busy moment of the machine does not hit one contender alone.
    for _ in range(repeats):
        for contender in CONTENDERS[name]:
            found = _run(name, contender, folder, bench_python)
            results[contender] = _best(results.get(contender, found), found)
    counts = {key: found["observations"] for key, found in results.items() if "observations" in found}
    if len(set(counts.values())) != 1:
        raise SystemExit(f"{name}: the contenders found different numbers of observations: {counts}")
    megabytes = (folder / name).stat().st_size / 1e6
    lines = [f"### {TITLES[name]}, {megabytes:.0f} MB", "", _HEAD]
    lines += [_line(contender, found, results[OURS]) for contender, found in results.items()]
    print("\n".join(lines), flush=True)
    return "\n".join(lines)


def _run(name: str, contender: str, folder: Path, bench_python: str) -> dict[str, Any]:
    python = sys.executable if contender == OURS or contender.startswith("floor") else bench_python
    command = [python, "-m", "tests.bench.contenders", name, contender, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}, {contender}: {done.stderr.strip()[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _best(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The smaller of each measure: what others do on the machine only ever adds."""
    if "refused" in one:
        return one
    return one | {measure: min(one[measure], other[measure]) for measure in ("cpu", "peak")}


def _line(contender: str, found: dict[str, Any], ours: dict[str, Any]) -> str:
    if "refused" in found:
        return f"| {contender} | does not read it: {found['refused']} | | | | |"
    cpu, peak = found["cpu"], found["peak"]
    return (
        f"| {contender} | {cpu:.2f} | {cpu / ours['cpu']:.2f} | {peak:.0f} | {peak / ours['peak']:.2f} "
        f"| {found['observations']:,} |"
    )


if __name__ == "__main__":
    main()
