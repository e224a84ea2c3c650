"""`python -m tests.mutation`: the mutation check over every formula model, or over some.

What belongs here: the command's arguments, the two processes, what is printed. Exits 1 if a survivor stands
in no entry of the register, or an entry is about no survivor.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from orchestration.release.context import DBT_PROJECT
from tests.dbt.preparing import fill_sample_store, prepare_warehouse
from tests.mutation.cases import Case, read_cases
from tests.mutation.compiling import compile_unit_tests
from tests.mutation.judging import Verdict, judge, unnoticed
from tests.mutation.register import Findings, compare, model_of, read_register

PROCESSES = 2


def read_parameters(path: Path = DBT_PROJECT / "seeds" / "method_config.csv") -> dict[str, float]:
    """The method's numbers by name; parameters that are text are none."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["parameter"]: float(row["value"]) for row in rows if row["unit"] != "text"}


def judge_all(cases: Sequence[Case], processes: int = PROCESSES) -> list[Verdict]:
    """Judge each model, in the order of `cases`."""
    ask = partial(judge, parameters=read_parameters())
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(ask, cases))


def report(verdicts: Sequence[Verdict], findings: Findings) -> str:
    """What the command prints: survivors nobody accounts for, stale entries, and the counts."""
    lines = [f"SURVIVED {mutant}" for mutant in findings.unknown]
    lines += [f"STALE {entry}" for entry in findings.stale]
    total = sum(len(verdict.mutants) for verdict in verdicts)
    killed = total - len(findings.accepted) - len(findings.unknown)
    lines.append(
        f"{len(verdicts)} models, {total} mutants: {killed} killed, {len(findings.accepted)} registered, "
        f"{len(findings.unknown)} not noticed; {len(findings.stale)} stale entries"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 if every survivor is in the register and every entry is about one."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="*", help="models to print; all, if none is named")
    parser.add_argument("--warehouse", type=Path, help="a prepared warehouse; default: made from the sample")
    parser.add_argument("--target", type=Path, help="dbt's target folder, if the unit tests have just run")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        cases = read_cases(given.target or compile_unit_tests(_inputs(given.warehouse, scratch), scratch))
    known = {case.model for case in cases}
    if unknown := set(given.models) - known:
        parser.error(f"no unit test of {', '.join(sorted(unknown))}")
    chosen = [case for case in cases if not given.models or case.model in given.models]
    verdicts = judge_all(chosen)
    register = read_register()
    models = given.models or known | {model_of(entry) for entry in register}
    findings = compare(unnoticed(verdicts), register, models)
    print(report(verdicts, findings))
    return 1 if findings.unknown or findings.stale else 0


def _inputs(warehouse: Path | None, scratch: Path) -> Path:
    """A prepared warehouse: the one that was named, or one of the sample."""
    return warehouse or prepare_warehouse(fill_sample_store(scratch / "store"), scratch / "home")


if __name__ == "__main__":
    sys.exit(main())
