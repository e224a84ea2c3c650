"""Whether a model's unit tests notice a change.

What belongs here: fixtures as tables of an in-memory database, running a mutant, comparing rows.
"""

import math
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from tests.mutation.cases import ACTUAL, Case, UnitTest
from tests.mutation.mutants import Mutant, mutate

SECONDS = 10
# In how many models a change is the same one: by its phrase, and by its named query.
SHARED_BY = {"phrase": 3, "query": 2}
Row = tuple[object, ...]
Identity = tuple[object, ...]


@dataclass(frozen=True)
class Verdict:
    """The mutants of a model, and those among them that no unit test of it noticed."""

    model: str
    mutants: tuple[Mutant, ...]
    survivors: tuple[Mutant, ...]


def judge(case: Case, parameters: Mapping[str, float]) -> Verdict:
    """Try every mutant of one model. Raises ValueError if the model as it is fails a unit test here."""
    bench = Bench(case)
    mutants = tuple(mutate(case.model, case.sql, parameters, case.raw))
    return Verdict(case.model, mutants, tuple(m for m in mutants if bench.failing(m.sql) is None))


def unnoticed(verdicts: Sequence[Verdict]) -> list[Mutant]:
    """The survivors of all models, without those of a macro that some model's unit test noticed.

    A phrase that at least three models share, and whose own text has it in none of them, comes from a macro;
    so does a named query that two models have word for word: there a change is one change, in one place.
    """
    models: dict[Identity, set[str]] = defaultdict(set)
    noticed: set[Identity] = set()
    for verdict in verdicts:
        lived = {mutant.key for mutant in verdict.survivors}
        for mutant in verdict.mutants:
            for identity in _identities(mutant):
                models[identity].add(verdict.model)
                if mutant.key not in lived:
                    noticed.add(identity)
    shared = {one for one in noticed if len(models[one]) >= SHARED_BY[str(one[0])]}
    return [m for verdict in verdicts for m in verdict.survivors if not shared & set(_identities(m))]


def _identities(mutant: Mutant) -> list[Identity]:
    """What a change is called in whatever model it stands: a macro's phrase, its place in a named query."""
    _, *place = mutant.key
    by_phrase = [("phrase", *mutant.phrase)] if mutant.phrase else []
    by_query = [("query", mutant.query, *place)] if mutant.query else []
    return [*by_phrase, *by_query]


class Bench:
    """The unit tests of one model, set up once in an in-memory database."""

    def __init__(self, case: Case) -> None:
        self.connection = duckdb.connect(config={"threads": "1"})
        self.tests = list(enumerate(case.tests))
        self.expected: dict[int, list[Row]] = {}
        for number, test in self.tests:
            self.connection.execute(f"create schema test_{number}")
            for name, sql in test.fixtures.items():
                self.connection.execute(f'create table test_{number}."{name}" as {sql}')
            # Where no row is expected, dbt writes the shape of the actual rows and takes none of them.
            self.expected[number] = [] if ACTUAL in test.expected else self._rows(number, test.expected, test)
        if failed := self.failing(case.sql):
            raise ValueError(f"{case.model} as it is fails {failed} here: no change of it can be judged")

    def failing(self, sql: str) -> str | None:
        """Name of a unit test which this expression fails, or cannot be run in; None if it passes all."""
        for place, (number, test) in enumerate(self.tests):
            try:
                passes = same_rows(self._rows(number, sql, test), self.expected[number])
            except duckdb.Error:
                passes = False
            if not passes:
                # What noticed one change often notices the next one.
                self.tests.insert(0, self.tests.pop(place))
                return test.name
        return None

    def _rows(self, number: int, sql: str, test: UnitTest) -> list[Row]:
        """The columns of a unit test, from its fixtures; interrupted when a change made a query endless."""
        self.connection.execute(f"set schema = 'test_{number}'")
        columns = ", ".join(f'"{column}"' for column in test.columns)
        timer = threading.Timer(SECONDS, self.connection.interrupt)
        timer.start()
        try:
            return self.connection.execute(f"select {columns} from ({sql}) as result").fetchall()
        finally:
            timer.cancel()


def same_rows(actual: Sequence[Row], expected: Sequence[Row]) -> bool:
    """The same rows in any order; doubles to nine digits, as a hand-worked figure gives them."""
    if len(actual) != len(expected):
        return False
    pairs = zip(sorted(actual, key=_order), sorted(expected, key=_order), strict=True)
    return all(_same(one, other) for left, right in pairs for one, other in zip(left, right, strict=True))


def _order(row: Row) -> list[tuple[bool, str]]:
    return [(value is None, f"{value:.9g}" if isinstance(value, float) else str(value)) for value in row]


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=1e-9) or (one != one and other != other)
    return one == other
