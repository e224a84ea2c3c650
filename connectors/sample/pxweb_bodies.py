"""The sample's bodies as a PxWeb server would write them: a folder, a table's description, JSON-stat.

What belongs here: from a declaration and invented cells to bytes. What does not: figures (invented.py), HTTP
(adapter.py). The values of the year are places in the table, as on the real server.
"""

from __future__ import annotations

import itertools
import json

from connectors.registry import list_datasets
from connectors.sample import world
from connectors.sample.invented import draw_declared
from connectors.spec import DatasetSpec, PxTable

UPDATED = {1: "2025-01-20T09:00:00", 2: "2026-01-20T09:00:00"}
_Variables = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


def answer(path: str, query: bytes | None, vintage: int) -> bytes | None:
    """What stands at `<folder>/.../<table>`; None where there is nothing. `query` is the body of a POST."""
    specs = [spec for spec in list_datasets() if spec.protocol == "pxweb"]
    for spec, table in ((spec, spec.table) for spec in specs):
        folder = "/".join(table.folder) if table else ""
        if table and path == f"{folder}/{spec.code}":
            return _cube(spec, table, query, vintage) if query else _description(spec, table, vintage)
        if table and path.strip("/") == folder:
            return _dump([{"id": spec.code, "type": "t", "text": spec.title, "updated": UPDATED[vintage]}])
    return None


def _cells(spec: DatasetSpec, vintage: int) -> dict[tuple[str, ...], float]:
    """(area, codes of the dimensions, year) -> value."""
    drawn = draw_declared(spec, "all", spec.dimensions, spec.units["all"], vintage, "all")
    return {
        (cell.country.m49.zfill(3), *cell.codes, str(cell.year)): cell.value for cell in drawn if cell.country
    }


def _variables(spec: DatasetSpec, table: PxTable, vintage: int) -> _Variables:
    """Variable -> its values and their texts. Countries have codes, years have places."""
    cells = sorted(_cells(spec, vintage))
    years = sorted({key[-1] for key in cells})
    names = {c.m49.zfill(3): c.name for c in world.countries()}
    found: _Variables = {}
    areas = tuple(sorted({key[0] for key in cells}))
    found[table.area] = areas, tuple(names[area] for area in areas)
    for place, name in enumerate(spec.dimensions, start=1):
        codes = tuple(sorted({key[place] for key in cells}))
        found[name] = codes, codes
    found[table.time] = tuple(str(place) for place in range(len(years))), tuple(years)
    return found


def _description(spec: DatasetSpec, table: PxTable, vintage: int) -> bytes:
    variables = [
        {"code": code, "text": code, "values": values, "valueTexts": texts}
        for code, (values, texts) in _variables(spec, table, vintage).items()
    ]
    return _dump({"title": f"{spec.title}. {world.MARK}", "variables": variables})


def _cube(spec: DatasetSpec, table: PxTable, query: bytes, vintage: int) -> bytes:
    asked = {one["code"]: one["selection"]["values"] for one in json.loads(query)["query"]}
    variables, cells = _variables(spec, table, vintage), _cells(spec, vintage)
    years = dict(zip(*variables[table.time], strict=True))
    chosen = [asked.get(name, values) for name, (values, _) in variables.items()]
    return _dump(
        {
            "version": "2.0",
            "class": "dataset",
            "updated": UPDATED[vintage],
            "id": list(variables),
            "size": [len(values) for values in chosen],
            "dimension": {
                name: {"category": {"index": list(values)}}
                for name, values in zip(variables, chosen, strict=True)
            },
            "value": [cells.get((*key[:-1], years[key[-1]])) for key in itertools.product(*chosen)],
        }
    )


def _dump(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
