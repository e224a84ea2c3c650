"""No row of a data set whose terms forbid it: every way in which one could be in the tables is found."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pyarrow as pa
import pytest

from orchestration.release.bundle_check import read_content
from orchestration.release.findings import Content
from orchestration.release.withheld_check import check_withheld
from tests.bundle.conftest import make_lock
from tests.gates.release_fixture import SCHEMAS, as_arrow

KEY = "comtrade/hs_recyclables"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def withholding(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose lock pins a data set of which no row may appear, and which has none."""
    folder = Path(copytree(finished, tmp_path_factory.mktemp("withheld") / "bundle"))
    lock = make_lock()
    provider, dataset = KEY.split("/")
    pinned = lock.datasets[0].model_copy(
        update={"provider": provider, "dataset": dataset, "rows_may_appear": False}
    )
    lock = lock.model_copy(update={"datasets": (*lock.datasets, pinned)})
    (folder / "lock.json").write_bytes(lock.to_bytes())
    return folder


def said(folder: Path, change: Callable[[Content], object] = lambda content: None) -> str:
    content = read_content(folder)
    change(content)
    return " ".join(str(finding) for finding in check_withheld(content))


def _source(text: str) -> Callable[[Content], object]:
    def change(content: Content) -> None:
        table = content.tables["rpt_observation"]
        sources = [text, *table.column("source").to_pylist()[1:]]
        position = table.column_names.index("source")
        content.tables["rpt_observation"] = table.set_column(position, "source", pa.array(sources))

    return change


def _trade(**row: object) -> Callable[[Content], object]:
    base = {"area_kind": "country", "area": "FRA", "year": 2020, "unit_measure": "t", "illustrative": True}

    def change(content: Content) -> None:
        schema = SCHEMAS["rpt_trade_recyclables"]
        content.tables[schema.name] = as_arrow([base | row], schema)

    return change


def _column(name: str) -> Callable[[Content], object]:
    def change(content: Content) -> None:
        table = content.tables["rpt_target"]
        content.tables["rpt_target"] = table.append_column(name, pa.array(["x"] * table.num_rows))

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_source(f"{KEY}/netWgt"), f"holds rows of {KEY} (column source)"),
        (_source(f"world_bank/x/Y;{KEY}/netWgt"), f"holds rows of {KEY} (column source)"),
        (_source(KEY), f"holds rows of {KEY} (column source)"),
        (_column("hs_code"), "states figures by hs_code"),
        (_column("partner"), "states figures by partner"),
        (_trade(flow="X", n_parts=1, obs_value=5.0), "shows 1 sums of a single part"),
        (_trade(flow="M", n_parts=None, obs_value=5.0), "shows 1 sums of a single part"),
    ],
)
def test_a_row_of_a_withheld_data_set_is_found(
    withholding: Path, change: Callable[[Content], object], sentence: str
) -> None:
    assert sentence in said(withholding, change)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: None,
        _source(f"derived:{KEY}/netWgt"),
        _source("comtrade/hs_recyclables_other/x"),
        _trade(flow="X", n_parts=2, obs_value=5.0),
        _trade(flow="X", n_parts=0, obs_value=0.0),
        _trade(flow="X", n_parts=1, obs_value=None),
        _trade(flow="NET", n_parts=1, obs_value=5.0),
    ],
)
def test_what_is_derived_is_no_row(withholding: Path, change: Callable[[Content], object]) -> None:
    assert said(withholding, change) == ""


def test_a_release_whose_data_sets_may_all_appear_has_nothing_to_withhold(finished: Path) -> None:
    assert said(finished, _source("unsd/sdg_12_2/X")) == ""
