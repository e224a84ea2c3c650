"""JSON-stat cubes: sparse or listed, indexed by list or object, and every contradiction named."""

import json

import pytest

from connectors.errors import SourceError
from connectors.protocols.base import failer
from connectors.protocols.jsonstat import read_jsonstat
from tests.faults.matrix import fault
from tests.unit.connectors.wireformats import CIRCULAR

FAIL = failer(CIRCULAR, "all")
CUBE = {
    "version": "2.0",
    "class": "dataset",
    "value": {"0": 1, "5": 2.5},
    "status": {"1": "m", "5": "be"},
    "id": ["geo", "time"],
    "size": [2, 3],
    "dimension": {
        "geo": {"category": {"index": ["AT", "EL"]}},
        "time": {"category": {"index": {"2022": 2, "2020": 0, "2021": 1}}},
    },
    "extension": {"positions-with-no-data": {"geo": [], "time": [1]}},
}


def read(**changes: object):
    return read_jsonstat(json.dumps({**CUBE, **changes}).encode(), FAIL)


@fault("P10")
def test_a_cell_is_found_by_its_position():
    cube = read()
    assert cube.dimensions == ("geo", "time")
    assert cube.codes == {"geo": ("AT", "EL"), "time": ("2020", "2021", "2022")}
    assert cube.cells.rows() == [
        (0, "AT", "2020", "1", ""),
        (1, "AT", "2021", "", "m"),
        (5, "EL", "2022", "2.5", "be"),
    ]
    assert cube.facts["version"] == "2.0"


def test_lists_say_the_same_and_null_says_nothing():
    listed = read(value=[1, None, None, None, None, 2.5], status=[None, "m", None, None, None, "be"])
    assert listed.cells.equals(read().cells)


def test_statuses_and_the_extension_may_be_left_out():
    cube = read(status={}, extension={})
    assert cube.cells["status"].to_list() == ["", ""]
    body = {name: fact for name, fact in CUBE.items() if name not in ("status", "extension")}
    assert read_jsonstat(json.dumps(body).encode(), FAIL).cells.equals(cube.cells)


def test_an_empty_cube_has_its_columns():
    cube = read(value={}, status={}, size=[2, 0], dimension={
        "geo": {"category": {"index": {"AT": 0, "EL": 1}}}, "time": {"category": {"index": {}}},
    }, extension={})  # fmt: skip
    assert cube.cells.columns == ["_line", "geo", "time", "value", "status"]
    assert cube.cells.is_empty()


@pytest.mark.parametrize(
    ("changes", "fault", "words"),
    [
        ({"class": "collection"}, "T03", "expected to be a JSON-stat data set"),
        ({"id": ["geo", "geo"]}, "P09", "names a dimension twice"),
        ({"id": "geo"}, "P09", "does not name its dimensions"),
        ({"size": [2]}, "P09", "does not name its dimensions"),
        ({"size": [2, -3]}, "P10", "no whole number"),
        ({"size": [2, 4]}, "P09", "lists 3 codes of a dimension whose size is 4"),
        ({"size": [3, 3]}, "P09", "lists 2 codes of a dimension whose size is 3"),
        ({"dimension": {"geo": {}}}, "P09", "does not list the codes"),
        ({"dimension": {**CUBE["dimension"], "geo": {"category": {"index": ["AT", "AT"]}}}}, "P09",
         "lists 1 codes"),
        ({"dimension": {**CUBE["dimension"], "geo": {"category": {"index": {"AT": 0, "EL": 2}}}}}, "P09",
         "does not list the codes"),
        ({"value": {"6": 1}}, "P10", "outside its cube of 6"),
        ({"value": {"-1": 1}}, "P10", "no whole number"),
        ({"value": {"1.5": 1}}, "P10", "no whole number"),
        ({"value": {"٣": 1}}, "P10", "no whole number"),
        ({"value": [1, 2]}, "P09", "lists 2 cells of a cube of 6"),
        ({"value": {"0": True}}, "P09", "neither number nor text"),
        ({"value": 5}, "P09", "neither a list nor an object"),
        ({"status": {"9": "b"}}, "P10", "outside its cube"),
        ({"extension": {"positions-with-no-data": {"geo": [0]}}}, "P10", "gives data for it"),
        ({"extension": {"positions-with-no-data": {"geo": [2]}}}, "P10", "gives data for it"),
        ({"extension": {"positions-with-no-data": {"sex": []}}}, "P10", "unknown dimensions"),
        ({"extension": {"positions-with-no-data": {"geo": "0"}}}, "P10", "does not list positions"),
    ],
)  # fmt: skip
def test_a_contradiction_is_named(changes, fault, words):
    with pytest.raises(SourceError, match=words) as caught:
        read(**changes)
    assert caught.value.fault == fault


def test_a_cube_too_large_to_be_one_is_refused_before_it_is_built():
    names = [f"d{n}" for n in range(50)]
    huge = {name: {"category": {"index": ["a", "b"]}} for name in names}
    with pytest.raises(SourceError, match="too large to be one"):
        read(id=names, size=[2] * 50, dimension=huge, value={}, status={}, extension={})
