"""jsonstat/observations.json: the observations as JSON-stat 2.0, and the check of it.

What belongs here: that file and its check. What does not: the observations (rpt_observation).

One collection holds a data set for each indicator: breakdown by area by year, with the status of each value.
A cell of that grid which is no observation has neither value nor status. JSON-stat has one language: English.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from orchestration.release.findings import Content, Finding
from orchestration.release.marks import ILLUSTRATIVE_MARK

CHECK = "JSON-stat"
TABLE = "rpt_observation"
DIMENSIONS = ("indicator", "breakdown", "ref_area", "time_period")
_ROLES = {"metric": ["indicator"], "geo": ["ref_area"], "time": ["time_period"]}
_VERSION = "2.0"
Node = dict[str, Any]
Key = tuple[str, ...]


def render_json_stat(
    tables: Mapping[str, pa.Table], *, title: str, release_id: str, issued: str, illustrative: bool
) -> bytes:
    """The collection as JSON. `issued` is the plan's date, ISO 8601."""
    titles = _labels(tables, "rpt_indicator", "indicator", "title_en")
    areas = _labels(tables, "rpt_area", "ref_area", "name_en")
    by_indicator: dict[str, list[Node]] = {}
    columns = [*DIMENSIONS, "obs_value", "obs_status", "unit_measure"]
    for row in tables[TABLE].select(columns).to_pylist():
        by_indicator.setdefault(row["indicator"], []).append(row)
    collection: Node = {
        "version": _VERSION,
        "class": "collection",
        "label": f"{title} – {ILLUSTRATIVE_MARK}" if illustrative else title,
        "updated": issued,
        "extension": {"release": release_id} | ({"illustrative": ILLUSTRATIVE_MARK} if illustrative else {}),
        "link": {
            "item": [
                _dataset(rows, titles.get(code, code), areas, issued)
                for code, rows in sorted(by_indicator.items())
            ]
        },
    }
    return (
        json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
    ).encode()


def _dataset(rows: Sequence[Node], title: str, areas: Mapping[str, str], issued: str) -> Node:
    codes = [sorted({row[name] for row in rows}) for name in DIMENSIONS]
    cells = {tuple(row[name] for name in DIMENSIONS): row for row in rows}
    grid = [cells.get(key, {}) for key in _keys(codes)]
    units = sorted({row["unit_measure"] for row in rows if row["unit_measure"]})
    dimension: dict[str, Node] = {
        name: {"label": name, "category": {"index": listed}}
        for name, listed in zip(DIMENSIONS, codes, strict=True)
    }
    metric: Node = dimension["indicator"]["category"]
    metric |= {"label": {codes[0][0]: title}, "unit": {codes[0][0]: {"label": "; ".join(units)}}}
    dimension["ref_area"]["category"] |= {"label": {code: areas.get(code, code) for code in codes[2]}}
    return {
        "version": _VERSION,
        "class": "dataset",
        "label": title,
        "updated": issued,
        "id": list(DIMENSIONS),
        "size": [len(listed) for listed in codes],
        "role": _ROLES,
        "dimension": dimension,
        "value": [row.get("obs_value") for row in grid],
        "status": [row.get("obs_status") for row in grid],
    }


def _keys(codes: Sequence[Sequence[str]]) -> Iterator[Key]:
    """Every cell of the grid, the last dimension fastest."""
    if not codes:
        yield ()
        return
    for code in codes[0]:
        for rest in _keys(codes[1:]):
            yield (code, *rest)


def _labels(tables: Mapping[str, pa.Table], table: str, code: str, name: str) -> dict[str, str]:
    if table not in tables:
        return {}
    return {row[code]: row[name] for row in tables[table].select([code, name]).to_pylist() if row[name]}


def check_json_stat(content: Content) -> Iterator[Finding]:
    """The collection is sound JSON-stat, and states every observation with its value and status, no other."""
    if TABLE not in content.tables:
        return
    file = content.files.json_stat
    path = content.folder / file
    if not path.is_file():
        yield Finding(CHECK, file, "is missing.")
        return
    collection = json.loads(path.read_bytes())
    if (collection.get("version"), collection.get("class")) != (_VERSION, "collection"):
        yield Finding(CHECK, file, "is no JSON-stat 2.0 collection.")
        return
    found: dict[Key, tuple[float | None, str]] = {}
    for item in collection["link"]["item"]:
        fault = _structure_fault(item)
        if fault:
            yield Finding(CHECK, file, f"{item.get('label')}: {fault}.")
            return
        found |= _stated(item)
    yield from _compare(file, content.tables[TABLE], found)


def _structure_fault(item: Mapping[str, Any]) -> str | None:
    """What is wrong with the structure of a data set, or None."""
    if (item.get("version"), item.get("class")) != (_VERSION, "dataset"):
        return "is no JSON-stat 2.0 data set"
    if tuple(item.get("id", ())) != DIMENSIONS or set(item.get("dimension", {})) != set(DIMENSIONS):
        return "has other dimensions than observations have"
    listed = [item["dimension"][name]["category"]["index"] for name in DIMENSIONS]
    if item.get("size") != [len(codes) for codes in listed] or any(len(set(c)) != len(c) for c in listed):
        return "states other sizes than its dimensions have"
    cells = 1
    for codes in listed:
        cells *= len(codes)
    if (len(item.get("value", [])), len(item.get("status", []))) != (cells, cells):
        return "has not one value and one status for each cell"
    return None if item.get("role") == _ROLES else "gives its dimensions other roles"


def _stated(item: Mapping[str, Any]) -> dict[Key, tuple[float | None, str]]:
    listed = [item["dimension"][name]["category"]["index"] for name in DIMENSIONS]
    cells = zip(_keys(listed), item["value"], item["status"], strict=True)
    return {key: (value, status) for key, value, status in cells if value is not None or status is not None}


def _compare(file: str, table: pa.Table, found: Mapping[Key, tuple[float | None, str]]) -> Iterator[Finding]:
    columns = [table.column(name).to_pylist() for name in (*DIMENSIONS, "obs_value", "obs_status")]
    wanted = {key[:4]: (key[4], key[5]) for key in zip(*columns, strict=True)}
    for key in sorted(wanted.keys() ^ found.keys())[:3]:
        held = "is missing" if key in wanted else "is no observation of this release"
        yield Finding(CHECK, file, f"{' '.join(key)}: {held}.")
    for key in sorted(wanted.keys() & found.keys()):
        if found[key] != wanted[key]:
            yield Finding(CHECK, file, f"{' '.join(key)}: {found[key]} instead of {wanted[key]}.")
            return
