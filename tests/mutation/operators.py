"""The changes tried on one node of a syntax tree.

What belongs here: into what each operator, literal, branch and clause is changed. Left alone are an order
inside a sum (it fixes the last bits of a double), the order of the rows of the result, and sizes of types.
A join condition is changed by `<>` and `or`, not by leaving a key out; a nullif only as a whole.
"""

from collections.abc import Callable, Mapping

import sqlglot
from sqlglot import exp

from tests.mutation.cases import DIALECT, FIXTURE

Change = Callable[[exp.Expression], exp.Expression | None]

FRACTION = 0.05
PARAMETERS = f"{FIXTURE}method_config"
# Nodes with the same arguments, one of which can stand for the other.
TWINS: dict[type[exp.Expression], tuple[type[exp.Expression], ...]] = {
    exp.LT: (exp.LTE, exp.GTE),
    exp.LTE: (exp.LT, exp.GT),
    exp.GT: (exp.GTE, exp.LTE),
    exp.GTE: (exp.GT, exp.LT),
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.NullSafeEQ: (exp.NullSafeNEQ,),
    exp.NullSafeNEQ: (exp.NullSafeEQ,),
    exp.Add: (exp.Sub,),
    exp.Sub: (exp.Add,),
    exp.Mul: (exp.Div,),
    exp.Div: (exp.Mul,),
    exp.And: (exp.Or,),
    exp.Or: (exp.And,),
    exp.Min: (exp.Max,),
    exp.Max: (exp.Min,),
    exp.Sum: (exp.Avg,),
    exp.Avg: (exp.Sum,),
    exp.Median: (exp.Avg,),
    exp.LogicalOr: (exp.LogicalAnd,),
    exp.LogicalAnd: (exp.LogicalOr,),
    exp.ArgMax: (exp.ArgMin,),
    exp.ArgMin: (exp.ArgMax,),
    exp.Lag: (exp.Lead,),
    exp.Lead: (exp.Lag,),
    exp.Greatest: (exp.Least,),
    exp.Least: (exp.Greatest,),
    exp.Floor: (exp.Ceil,),
    exp.Ceil: (exp.Floor,),
}


def parameter_name(node: exp.Expression) -> str | None:
    """Name of the method parameter that a scalar subquery reads."""
    if not isinstance(node, exp.Subquery) or node.find(exp.Table) is None:
        return None
    if [table.name for table in node.find_all(exp.Table)] != [PARAMETERS]:
        return None
    named = [eq.expression.name for eq in node.find_all(exp.EQ) if eq.this.name == "parameter"]
    return named[0] if len(named) == 1 else None


def changes_of(node: exp.Expression, parameters: Mapping[str, float]) -> list[Change]:
    """The changes of one node; `parameters` are the method's numbers by name."""
    name = parameter_name(node)
    if name is not None:
        return [_number(value) for value in _nearby(parameters[name])] if name in parameters else []
    changes = [_as(kind) for kind in TWINS.get(type(node), ())]
    for kind, makers in MAKERS.items():
        if isinstance(node, kind):
            changes += makers(node)
    return changes


def _as(kind: type[exp.Expression]) -> Change:
    return lambda node: kind(**node.copy().args)


def _number(value: float) -> Change:
    text = str(int(value)) if value == int(value) else f"{value:.6g}"
    return lambda node: sqlglot.parse_one(text, dialect=DIALECT)


def _nearby(value: float) -> tuple[float, float]:
    """A whole number one up and down, a fraction 5 % up and down."""
    step = 1 if value == int(value) else abs(value) * FRACTION
    return value + step, value - step


def _literal(node: exp.Expression) -> list[Change]:
    if node.is_string or node.find_ancestor(exp.DataType) or isinstance(node.parent, exp.Nullif):
        return []
    return [_number(value) for value in _nearby(float(node.this))]


def _unwrapped(node: exp.Expression) -> list[Change]:
    return [lambda node: node.this.copy()]


def _negated(node: exp.Expression) -> list[Change]:
    return [] if isinstance(node.parent, exp.Not) else [lambda node: exp.not_(node.copy())]


def _either(node: exp.Expression) -> list[Change]:
    """coalesce(a, b): a alone, and the rest alone."""

    def rest(node: exp.Expression) -> exp.Expression:
        first, *others = [other.copy() for other in node.expressions]
        return exp.Coalesce(this=first, expressions=others) if others else first

    return [lambda node: node.this.copy(), rest]


def _side(node: exp.Expression) -> list[Change]:
    """Each side of an `and` or `or` left out."""
    if isinstance(node.find_ancestor(exp.Join, exp.Select), exp.Join):
        return []
    return [lambda node: node.this.copy(), lambda node: node.expression.copy()]


def _branches(node: exp.Expression) -> list[Change]:
    """The result of each branch of a case swapped with the next one's."""
    count = len(node.args["ifs"])
    ends = count if node.args.get("default") is not None else count - 1
    return [_swapped(at) for at in range(ends)]


def _swapped(at: int) -> Change:
    def change(node: exp.Expression) -> exp.Expression | None:
        made = node.copy()
        results = [branch.args["true"] for branch in made.args["ifs"]] + [made.args.get("default")]
        first, second = results[at], results[at + 1]
        if first == second:
            return None
        held = first.copy()
        first.replace(second.copy())
        second.replace(held)
        return made

    return change


def _joined(node: exp.Expression) -> list[Change]:
    """left becomes inner, inner becomes left; a join without a condition stays."""
    if not (node.args.get("on") or node.args.get("using")):
        return []

    def change(node: exp.Expression) -> exp.Expression:
        made = node.copy()
        made.set("side", None if node.side == "LEFT" else "LEFT")
        made.set("kind", "INNER" if node.side == "LEFT" else None)
        return made

    return [change]


def _ordered(node: exp.Expression) -> list[Change]:
    """asc and desc, unless only the last bits of a sum or the order of the result depend on it."""
    order = node.parent
    of = order.parent if order else None
    is_result = isinstance(of, exp.Select) and of.parent is None and not of.args.get("limit")
    if isinstance(of, exp.Sum | exp.Avg) or is_result:
        return []

    def change(node: exp.Expression) -> exp.Expression:
        made = node.copy()
        made.set("desc", not node.args.get("desc"))
        return made

    return [change]


def _clause(node: exp.Expression) -> list[Change]:
    """A where, having or qualify that lets everything through; a filter is unwrapped instead."""
    return [] if isinstance(node.parent, exp.Filter) else [lambda node: type(node)(this=exp.true())]


def _between(node: exp.Expression) -> list[Change]:
    """Each bound shut out."""

    def without(bound: str) -> Change:
        def change(node: exp.Expression) -> exp.Expression:
            outside = exp.NEQ(this=node.this.copy(), expression=node.args[bound].copy())
            return exp.paren(exp.and_(node.copy(), outside), copy=False)

        return change

    return [without("low"), without("high")]


def _distinct(node: exp.Expression) -> list[Change]:
    def change(node: exp.Expression) -> exp.Expression:
        made = node.copy()
        made.set("distinct", None)
        return made

    return [change] if node.args.get("distinct") else []


def _counted(node: exp.Expression) -> list[Change]:
    """count(distinct x): count(x)."""
    if not isinstance(node.this, exp.Distinct):
        return []
    return [lambda node: exp.Count(this=node.this.expressions[0].copy())]


def _flipped(node: exp.Expression) -> list[Change]:
    return [lambda node: exp.Boolean(this=not node.this)]


MAKERS: dict[type[exp.Expression], Callable[[exp.Expression], list[Change]]] = {
    exp.Literal: _literal,
    exp.Boolean: _flipped,
    exp.Neg: _unwrapped,
    exp.Not: _unwrapped,
    exp.Abs: _unwrapped,
    exp.Nullif: _unwrapped,
    exp.Filter: _unwrapped,
    exp.Coalesce: _either,
    exp.And: _side,
    exp.Or: _side,
    exp.Case: _branches,
    exp.Join: _joined,
    exp.Ordered: _ordered,
    exp.Where: _clause,
    exp.Having: _clause,
    exp.Qualify: _clause,
    exp.Between: _between,
    exp.Select: _distinct,
    exp.Count: _counted,
    exp.Is: _negated,
    exp.In: _negated,
    exp.Exists: _negated,
}
