"""The second implementation set beside the published tables, row by row.

What belongs here: which columns must agree, how closely, and what is listed when they do not.
`python -m tests.independent.compare WAREHOUSE` does it for a warehouse in which dbt has built.
"""

import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.independent.agreement import agree
from tests.independent.decoupling import recompute as recompute_decoupling
from tests.independent.judge import Judge
from tests.independent.tables import Tables
from tests.independent.target_values import recompute as recompute_targets

CLOSE = 1e-9
PROGRESS_KEY = ("indicator", "breakdown", "area_kind", "area", "method", "time_window")


@dataclass(frozen=True)
class Disagreement:
    """One cell of a table, and what the second implementation has in its place."""

    table: str
    key: tuple
    column: str
    published: object
    recomputed: object

    def __str__(self) -> str:
        place = " ".join(str(part) for part in self.key)
        return f"{self.table} {place} {self.column}: {self.published!r}, recomputed {self.recomputed!r}"


@dataclass
class Comparison:
    """Rows and cells compared, by table, and where the two differ."""

    rows: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    disagreements: list[Disagreement] = field(default_factory=list)

    def row(self, table: str, key: tuple, published: Mapping, recomputed: Mapping[str, object]) -> None:
        """Set one row beside its recomputed cells; columns that were not recomputed are not compared."""
        self.rows[table] += 1
        for column, value in recomputed.items():
            self.cells[table] += 1
            if not is_same(published[column], value):
                self.disagreements.append(Disagreement(table, key, column, published[column], value))


def is_same(one: object, other: object) -> bool:
    """Numbers to 1e-9, relative (and 1e-9 around zero, where figures of about 100 cancel); else equal."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
    return one == other


def compare_tables(warehouse: Path) -> Comparison:
    """Compare every table of a built warehouse that the second implementation knows."""
    tables = Tables(warehouse)
    done = Comparison()
    for key, row, recomputed in _progress(tables):
        done.row("fct_progress", key, row, recomputed)
    for key, row, recomputed in _agreement(tables):
        done.row("fct_agreement", key, row, recomputed)
    for key, row, recomputed in recompute_targets(tables):
        done.row("fct_target", key, row, recomputed)
    for key, row, recomputed in recompute_decoupling(tables):
        done.row("mart_decoupling", key, row, recomputed)
    return done


def _progress(tables: Tables) -> Iterator[tuple[tuple, dict, dict[str, object]]]:
    judge = Judge(tables)
    for key, row in tables.progress.items():
        series, area = (row["indicator"], row["breakdown"]), (row["area_kind"], row["area"])
        outcome = judge.outcome(row["method"], row["time_window"], series, area, row)
        cells = {"status": outcome.status, "colour": outcome.colour} | outcome.numbers
        yield key, row, cells


def _agreement(tables: Tables) -> Iterator[tuple[tuple, dict, dict[str, object]]]:
    colours: dict[tuple, dict[str, str]] = {}
    for key, row in tables.progress.items():
        if row["time_window"] != "long" and row["is_headline"]:
            colours.setdefault(key[:4], {})[row["method"]] = row["colour"]
    for row in tables.read("fct_agreement").iter_rows(named=True):
        key = tuple(row[name] for name in PROGRESS_KEY[:4])
        seen = agree(colours.get(key, {}).values())
        yield (
            key,
            row,
            {
                "n_methods": seen.n_assessable,
                "modal_colour": seen.modal_colour,
                "agreement": seen.agreement,
                "is_contradiction": seen.is_contradiction,
            },
        )


def main() -> int:
    done = compare_tables(Path(sys.argv[1]))
    print("\n".join(str(one) for one in done.disagreements))
    for table, rows in done.rows.items():
        print(f"{table}: {rows} rows, {done.cells[table]} cells compared")
    print(f"{len(done.disagreements)} disagreements")
    return 1 if done.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
