"""jsonstat/observations.json: the same observations as in the Parquet, and each defect is found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from orchestration.release.bundle_check import read_content
from orchestration.release.json_stat import check_json_stat
from tests.bundle.conftest import Staged
from tests.bundle.edits import Edit, change_json, remove

FILE = "jsonstat/ILLUSTRATIVE_observations.json"


def said(folder: Path) -> str:
    return " ".join(str(finding) for finding in check_json_stat(read_content(folder)))


def items(folder: Path) -> list[dict[str, Any]]:
    collection: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = collection["link"]["item"]
    return found


def cell(item: dict[str, Any], **codes: str) -> int:
    """Place of a cell in value and status, by the rule of JSON-stat (row-major)."""
    place = 0
    for name, size in zip(item["id"], item["size"], strict=True):
        place = place * size + item["dimension"][name]["category"]["index"].index(codes[name])
    return place


def test_a_data_set_an_indicator_with_value_and_status_of_every_observation(finished: Path) -> None:
    table = pq.read_table(finished / "data" / "rpt_observation.parquet").to_pylist()
    found = {item["dimension"]["indicator"]["category"]["index"][0]: item for item in items(finished)}
    assert set(found) == {row["indicator"] for row in table}
    for row in table:
        item = found[row["indicator"]]
        place = cell(item, **{name: row[name] for name in item["id"]})
        assert (item["value"][place], item["status"][place]) == (row["obs_value"], row["obs_status"])
    assert found["A02"]["label"] == "Material use per person"
    assert found["A02"]["dimension"]["indicator"]["category"]["unit"] == {"A02": {"label": "t/cap"}}
    assert said(finished) == ""


def test_a_cell_that_is_no_observation_has_neither_value_nor_status(finished: Path) -> None:
    """As many cells have a status as there are observations; then one of these is taken out of the table."""
    content = read_content(finished)
    observations = content.tables["rpt_observation"]
    cells = [cell for item in items(finished) for cell in zip(item["status"], item["value"], strict=True)]
    assert sum(status is not None for status, _ in cells) == observations.num_rows
    assert {value for status, value in cells if status is None} <= {None}
    content.tables["rpt_observation"] = observations.slice(1)
    (finding,) = check_json_stat(content)
    assert "is no observation of this release" in finding.sentence


def test_the_same_release_gives_the_same_bytes(finished: Path, staged: Staged, tmp_path: Path) -> None:
    staged.write(tmp_path / "again")
    assert (tmp_path / "again" / FILE).read_bytes() == (finished / FILE).read_bytes()


def _item(edit: Callable[[Any], object]) -> Edit:
    return change_json(FILE, lambda collection: edit(collection["link"]["item"][0]))


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        (remove(FILE), "is missing"),
        (change_json(FILE, lambda c: c.update(version="1.0")), "is no JSON-stat 2.0 collection"),
        (change_json(FILE, lambda c: c["link"]["item"].pop()), "is missing"),
        (_item(lambda i: i.update(version="1.0")), "is no JSON-stat 2.0 data set"),
        (_item(lambda i: i["id"].reverse()), "other dimensions"),
        (_item(lambda i: i.update(size=[1, 1, 1, 1])), "other sizes"),
        (_item(lambda i: i["value"].pop()), "not one value and one status for each cell"),
        (_item(lambda i: i["role"].pop("time")), "other roles"),
        (_item(lambda i: i["value"].__setitem__(0, 1.5)), "(1.5, 'A') instead of"),
        (_item(lambda i: i["value"].__setitem__(0, None)), "(None, 'A') instead of"),
        (_item(lambda i: i["status"].__setitem__(0, "P")), "'P') instead of"),
    ],
)
def test_each_defect_is_found(
    finished: Path, copy_of: Callable[[Path], Path], defect: Edit, sentence: str
) -> None:
    folder = copy_of(finished)
    defect(folder)
    assert sentence in said(folder)
