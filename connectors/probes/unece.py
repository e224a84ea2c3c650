"""Questions to UNECE's PxWeb. Nothing of it was ever recorded: each step is asked of the first table found.

What belongs here: folders, a table's description, one cell, the refusal of too many cells. What does not:
asking (base.py).
"""

from __future__ import annotations

from connectors.probes.base import STEP, Asker, Question, Seen, ask_terms, cannot_ask, judge, show
from connectors.protocols.json_text import read_json
from connectors.protocols.pxweb import API, read_answer
from connectors.protocols.pxweb_query import (
    CELL_LIMIT,
    Selection,
    Variable,
    count_cells,
    read_table,
    to_query,
)

DEEPEST = 6  # folders below the root that are opened in search of a table


def _folder(asker: Asker) -> Seen:
    path = f"{API}/"
    for _ in range(DEEPEST):
        found = asker.ask_json(path)
        items = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
        known = [item for item in items if {"id", "type", "text"} <= set(item)]
        if not known or len(known) != len(items):
            return "changed", f"{path}: {show(found)}"
        table = next((item for item in known if item["type"] == "t"), None)
        if table is not None:
            asker.notes["table"] = f"{path}{table['id']}"
            dated = "dated" if table.get("updated") else "not dated"
            return "confirmed", f"a table at {show(asker.notes['table'])}, {dated} in the list"
        path += f"{known[0]['id']}/"
    return "changed", f"no table within {DEEPEST} folders, last {show(path)}"


def _table(asker: Asker) -> tuple[Variable, ...]:
    """The first table's description. Raises SourceError."""
    if "variables" not in asker.notes:
        if "table" not in asker.notes:
            _folder(asker)
        if "table" not in asker.notes:
            asker.fail("lists no table that could be asked for", STEP)
        asker.notes["variables"] = read_table(asker.ask_json(asker.notes["table"]), asker.fail)
    found: tuple[Variable, ...] = asker.notes["variables"]
    return found


def _description(asker: Asker) -> Seen:
    found = _table(asker)
    return judge(bool(found), "; ".join(f"{variable.code} {len(variable.values)}" for variable in found))


def _cell(asker: Asker) -> Seen:
    one: Selection = tuple((variable.code, variable.values[:1]) for variable in _table(asker))
    status, body = asker.ask(asker.notes["table"], body=to_query(one))
    if status != 200:
        return "changed", f"status {status}, {show(body[:80].decode('utf-8', 'replace'))}"
    cube, updated = read_answer(read_json(body, asker.fail), asker.fail)
    return judge(
        count_cells(tuple(cube.codes.items())) == 1, f"one cell of JSON-stat, updated {updated or 'never'}"
    )


def _too_many(asker: Asker) -> Seen:
    whole: Selection = tuple((variable.code, variable.values) for variable in _table(asker))
    if count_cells(whole) <= CELL_LIMIT:
        return "unasked", f"the first table has only {count_cells(whole)} cells"
    status, body = asker.ask(asker.notes["table"], body=to_query(whole))
    return judge(status == 403, f"status {status}, {show(body[:80].decode('utf-8', 'replace'))}")


QUESTIONS = (
    Question(
        "Does a folder list folders and tables?", "objects with id, type and text", _folder, in_sample=False
    ),
    Question("Does a table describe itself?", "title and variables", _description, in_sample=False),
    Question("Does a query bring JSON-stat?", "a cube of the cells asked for", _cell, in_sample=False),
    Question("Are too many cells refused?", "status 403", _too_many, in_sample=False),
    cannot_ask(
        "How does a refusal for too many calls read?",
        "status 429 with the time to wait",
        "eleven calls within ten seconds would tell; record it when one is met",
    ),
    ask_terms("unece"),
)
