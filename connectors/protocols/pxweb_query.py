"""Questions to a PxWeb table: what it has, what is wanted of it, and pieces below the limit of cells.

What belongs here: the table's description, the selection, cutting it. What does not: sending (pxweb.py),
reading cubes (jsonstat.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, TypeGuard

from connectors.protocols.base import Fail
from connectors.protocols.json_text import JsonNumber
from connectors.spec import DatasetSpec

CELL_LIMIT = 100_000
_STEP = "run `circularity probe unece`"
# A variable and its wanted values, in the table's own order.
Selection = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Variable:
    """One variable of a table: its values and what each means, in the same order."""

    code: str
    values: tuple[str, ...]
    texts: tuple[str, ...]


def read_table(found: Any, fail: Fail) -> tuple[Variable, ...]:
    """The variables of a table's description, already read as JSON."""
    listed = found.get("variables") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not isinstance(found.get("title"), str):
        step = f"{_STEP}; expected was an object with title and variables"
        fail("describes the table in an unknown form", step, field="variables", fault="P07")
    return tuple(_variable(item, fail) for item in listed)


def _variable(item: Any, fail: Fail) -> Variable:
    code, values, texts = (
        (item.get(name) for name in ("code", "values", "valueTexts"))
        if isinstance(item, dict)
        else (None, None, None)
    )
    if (
        not isinstance(code, str)
        or not _is_texts(values)
        or not _is_texts(texts)
        or len(values) != len(texts)
    ):
        step = f"{_STEP}; expected were code, values and as many valueTexts"
        fail("describes a variable in an unknown form", step, field="variables", fault="P07")
    if len(set(values)) != len(values):
        fail("lists a value of a variable twice", _STEP, field=code, fault="P09")
    return Variable(code, tuple(values), tuple(texts))


def _is_texts(found: Any) -> TypeGuard[list[str]]:
    return isinstance(found, list) and all(
        isinstance(text, str) and not isinstance(text, JsonNumber) for text in found
    )


def select(table: tuple[Variable, ...], spec: DatasetSpec, fail: Fail) -> Selection:
    """Every variable with its wanted values. Refuses, before anything is asked, what the table has not."""
    assert spec.table is not None
    declared = {spec.table.area, spec.table.time, *spec.dimensions}
    found = {variable.code for variable in table}
    if declared != found:
        lost, new = sorted(declared - found), sorted(found - declared)
        fail(
            f"changed its variables: lost {', '.join(lost) or 'none'}; new {', '.join(new) or 'none'}",
            "compare with the declaration; a new variable needs a decision which of its values to use",
            field="variables",
            value=", ".join(new or lost),
            fault="P08",
        )
    selection = []
    for variable in table:
        wanted = spec.table.select.get(variable.code, variable.values)
        unknown = sorted(set(wanted) - set(variable.values))
        if unknown:
            fail(
                f"has no value {', '.join(unknown)} of a variable; it was not asked for",
                f"choose among: {', '.join(variable.values[:20])}",
                field=variable.code,
                value=unknown[0],
                fault="S03",
            )
        selection.append((variable.code, tuple(value for value in variable.values if value in wanted)))
    return tuple(selection)


def count_cells(selection: Selection) -> int:
    """How many cells an answer to this selection holds."""
    return prod(len(values) for _, values in selection)


def halve(selection: Selection) -> tuple[Selection, Selection]:
    """Two selections that are the whole: the variable with most values is cut (the first of equals)."""
    sizes = [len(values) for _, values in selection]
    at = sizes.index(max(sizes))
    code, values = selection[at]
    middle = (len(values) + 1) // 2
    first, second = (
        (*selection[:at], (code, half), *selection[at + 1 :]) for half in (values[:middle], values[middle:])
    )
    return first, second


def cut(selection: Selection, limit: int = CELL_LIMIT) -> list[Selection]:
    """Pieces of at most `limit` cells that are the whole; the same ones for the same table."""
    if count_cells(selection) <= limit:
        return [selection]
    return [piece for half in halve(selection) for piece in cut(half, limit)]


def to_query(selection: Selection) -> dict[str, Any]:
    """The body of the request."""
    query = [
        {"code": code, "selection": {"filter": "item", "values": list(values)}} for code, values in selection
    ]
    return {"query": query, "response": {"format": "json-stat"}}


def show(selection: Selection) -> str:
    """A selection in words, without its values."""
    sizes = " x ".join(f"{code} {len(values)}" for code, values in selection)
    return f"{sizes} = {count_cells(selection)} cells"
