"""Every mutant of a model's expression.

What belongs here: walking a syntax tree, one change at a time, and a name for each change that holds as long
as the code around it does.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from tests.mutation.cases import DIALECT
from tests.mutation.operators import PARAMETERS, changes_of, parameter_name
from tests.mutation.sources import is_by_hand, plain_source

Key = tuple[str, str, str, str, int]


@dataclass(frozen=True)
class Mutant:
    """One change: where it is (a CTE or `final`), the fragment before and after, and the whole SQL.

    `occurrence` tells alike changes of one CTE apart, in the order of its syntax tree. `phrase` is the column
    or clause the change stands in, and the change, without the names of tables: a macro writes the same
    phrase into many models; None if a person wrote it, in the model itself. `query` is the whole text of
    the CTE without the names of tables, empty for `final`: a macro of whole queries writes it into several
    models.
    """

    model: str
    where: str
    original: str
    mutated: str
    occurrence: int
    phrase: tuple[str, str] | None
    query: str
    sql: str

    @property
    def key(self) -> Key:
        return (self.model, self.where, self.original, self.mutated, self.occurrence)

    def __str__(self) -> str:
        again = f" (occurrence {self.occurrence})" if self.occurrence > 1 else ""
        return f"{self.model} in {self.where}: {self.original}  ->  {self.mutated}{again}"


def mutate(model: str, sql: str, parameters: Mapping[str, float], raw: str = "") -> Iterator[Mutant]:
    """Every mutant, in the order of the syntax tree.

    `parameters` are the method's numbers by name, `raw` is the text of the model before Jinja.
    """
    tree, source = sqlglot.parse_one(sql, dialect=DIALECT), plain_source(raw)
    counts: Counter[tuple[str, str, str]] = Counter()
    queries = {cte.alias: _query(cte) for cte in tree.find_all(exp.CTE)}
    for index, node in enumerate(list(tree.walk())):
        if _is_inside_parameter(node):
            continue
        for change in changes_of(node, parameters):
            copy = tree.copy()
            target = list(copy.walk())[index]
            changed = change(target)
            if changed is None or changed == node:
                continue
            place = (_where(node), _text(node), _text(changed))
            counts[place] += 1
            clause = _clause(node)
            if target is copy:
                copy = changed
            else:
                target.replace(changed)
            by_hand = is_by_hand(_text(clause), source)
            phrase = None if by_hand else (_bare(clause), _bare(_clause(changed)))
            query = queries.get(place[0], "")
            yield Mutant(model, *place, counts[place], phrase, query, copy.sql(dialect=DIALECT))


def _is_inside_parameter(node: exp.Expression) -> bool:
    """Below a read of a parameter: that is changed as a whole."""
    above = node.find_ancestor(exp.Subquery)
    return above is not None and parameter_name(above) is not None


def _text(node: exp.Expression) -> str:
    """The fragment in one line; a parameter by its name."""

    def named(part: exp.Expression) -> exp.Expression:
        name = parameter_name(part)
        return exp.column(f"parameter:{name}") if name else part

    text = node.copy().transform(named).sql(dialect=DIALECT)
    return " ".join(text.split())


def _clause(node: exp.Expression) -> exp.Expression:
    """The column, condition or clause around a node."""
    while not isinstance(node.parent, exp.Select | exp.Join | None):
        node = node.parent
    return node


def _bare(node: exp.Expression) -> str:
    """The fragment in one line, without the names of tables."""
    bare = node.copy()
    for column in bare.find_all(exp.Column):
        column.set("table", None)
    return _text(bare)


def _query(cte: exp.CTE) -> str:
    """The text of a CTE, whatever tables it reads."""
    bare = cte.this.copy()
    for table in bare.find_all(exp.Table):
        if table.name != PARAMETERS:
            table.set("this", exp.to_identifier("_"))
    return _bare(bare)


def _where(node: exp.Expression) -> str:
    """The innermost named query the node stands in."""
    named = node.find_ancestor(exp.CTE)
    return named.alias if named else "final"
