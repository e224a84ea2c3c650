"""data/csv-metadata.json: what it says of the tables, and that each defect is found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.release.bundle_check import read_content
from orchestration.release.csvw import check_csvw
from tests.bundle.edits import Edit, change_json, remove
from tests.gates.release_fixture import SCHEMAS, clean

FILE = "data/csv-metadata.json"


def said(folder: Path) -> str:
    return " ".join(str(finding) for finding in check_csvw(read_content(folder)))


def test_every_table_is_described_with_columns_types_and_keys(finished: Path) -> None:
    group = json.loads((finished / FILE).read_text(encoding="utf-8"))
    assert {table["url"] for table in group["tables"]} == {f"ILLUSTRATIVE_{name}.csv" for name in clean()}
    table = next(t for t in group["tables"] if t["url"] == "ILLUSTRATIVE_rpt_target.csv")
    columns = {column["name"]: column for column in table["tableSchema"]["columns"]}
    assert columns["target_value"]["datatype"] == "double"
    assert (
        columns["target_value"]["dc:description"] == SCHEMAS["rpt_target"].column("target_value").description
    )
    assert tuple(table["tableSchema"]["primaryKey"]) == SCHEMAS["rpt_target"].primary_key
    assert table["tableSchema"]["foreignKeys"] == [
        {
            "columnReference": ["indicator"],
            "reference": {"resource": "ILLUSTRATIVE_rpt_indicator.csv", "columnReference": ["indicator"]},
        }
    ]
    assert said(finished) == ""


def _table(edit: Callable[[Any], object]) -> Edit:
    return change_json(FILE, lambda group: edit(group["tables"][0]))


def _schema(edit: Callable[[Any], object]) -> Edit:
    return _table(lambda table: edit(table["tableSchema"]))


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        (remove(FILE), "is missing"),
        (change_json(FILE, lambda g: g.update({"@context": "https://example.org"})), "another context"),
        (_table(lambda t: t.update(url="other.csv")), "differ in what they hold: other.csv"),
        (change_json(FILE, lambda g: g["tables"].append(g["tables"][0])), "describes a table twice"),
        (_schema(lambda s: s["columns"].pop()), "other columns or types"),
        (_schema(lambda s: s["columns"][0].update(datatype="integer")), "other columns or types"),
        (_schema(lambda s: s["columns"][0].update(titles="x")), "other headings"),
        (_schema(lambda s: s.update(primaryKey=["region"])), "a primary key which it does not have"),
        (_schema(lambda s: s.update(primaryKey=["nothing"])), "columns it does not have"),
        (
            _schema(lambda s: s["foreignKeys"][0]["reference"].update(resource="x.csv")),
            "refers to a table that is not there",
        ),
    ],
)
def test_each_defect_is_found(
    finished: Path, copy_of: Callable[[Path], Path], defect: Edit, sentence: str
) -> None:
    folder = copy_of(finished)
    defect(folder)
    assert sentence in said(folder)
