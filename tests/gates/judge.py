"""The whole gate over the small release with one defect.

Belongs here: writing what a defect changes, and running the checks whose cases changed. Does not: defects.

A check whose rows are those of the sound release finds what it finds there, which is nothing; only the others
are run.
"""

from pathlib import Path

import pyarrow as pa

from expectations.builder import Check, Suite, load_config, load_suites
from expectations.frames import Frames
from expectations.report import CheckResult
from expectations.runner import run_rules
from tests.gates.defects import Defect, Harm
from tests.gates.release_fixture import PLANNED, Tables, clean, write_tables


def checks() -> list[Check]:
    """Every check of every gate."""
    return [check for suite in load_suites() for rule in suite.rules for check in rule.checks]


class Judge:
    """The sound release on disk, preceded by itself, and the rows each check sees in it."""

    def __init__(self, folder: Path) -> None:
        """Write the release and keep the rows of every check."""
        self._folder = folder
        self._sound: Tables = clean()
        self._data = write_tables(self._sound, folder / "sound")
        with Frames(self._data, self._data, PLANNED) as frames:
            self._rows = self._rows_of(frames, set(self._sound))
            self.sound = self._run(frames, {check.id for check in checks()})

    def findings(self, defect: Defect) -> dict[str, CheckResult]:
        """What each check that finds anything finds, by its id."""
        data, changed = self._harmed(defect.harm, f"{defect.check}-data")
        before, changed_before = self._harmed(defect.before, f"{defect.check}-before")
        planned = {"planned_dataset"} if defect.planned != PLANNED else set()
        with Frames(data, before, defect.planned) as frames:
            rows = self._rows_of(frames, changed | changed_before | planned)
            results = self._run(frames, {name for name in rows if not rows[name].equals(self._rows[name])})
        return {check: result for check, result in results.items() if result.failing or result.problem}

    def _harmed(self, harm: Harm, name: str) -> tuple[Path, set[str]]:
        """The folder of the harmed release, and the tables in which it is not the sound one."""
        tables = clean()
        harm(tables)
        changed = {table: rows for table, rows in tables.items() if rows != self._sound[table]}
        if not changed:
            return self._data, set()
        folder = write_tables(changed, self._folder / name)
        for path in self._data.glob("*.parquet"):
            if path.stem not in changed:
                (folder / path.name).symlink_to(path)
        return folder, set(changed)

    @staticmethod
    def _rows_of(frames: Frames, tables: set[str]) -> dict[str, pa.Table]:
        """The rows of the checks that ask any of `tables`."""
        values = load_config().values()
        return {
            check.id: frames.query(check.query, check.keys, values)
            for check in checks()
            if any(table in check.query for table in tables)
        }

    @staticmethod
    def _run(frames: Frames, wanted: set[str]) -> dict[str, CheckResult]:
        suites = []
        for suite in load_suites():
            rules = [
                rule.model_copy(update={"checks": [check for check in rule.checks if check.id in wanted]})
                for rule in suite.rules
            ]
            suites.append(Suite(suite.level, suite.title, tuple(rule for rule in rules if rule.checks)))
        results, _ = run_rules(suites, frames, load_config(), [])
        return {check.id: check for rule in results for check in rule.checks}
