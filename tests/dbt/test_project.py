"""The dbt project keeps its own rules: described, keyed, generated files current."""

import re
from pathlib import Path

import pytest
import yaml

from orchestration.release.context import DBT_PROJECT
from orchestration.sync import render_files

MODELS = DBT_PROJECT / "models"
SOURCES = sorted(path for path in MODELS.rglob("*.sql"))
META = {
    "indicator", "title_en", "unit_measure", "direction", "entry_point", "building_block", "bellagio_group",
    "sdg_target", "source", "agg_rule", "numerator", "numerator_entry", "denominator", "denominator_entry",
    "count_at_least",
    "lower_limit", "upper_limit", "scope", "min_countries", "frequency", "trend_model", "target", "verified",
}  # fmt: skip


def _entry(sql: Path) -> dict:
    (entry,) = yaml.safe_load(sql.with_suffix(".yml").read_text())["models"]
    assert entry["name"] == sql.stem
    return entry


def test_generated_files_are_current() -> None:
    for path, text in render_files(DBT_PROJECT).items():
        assert path.read_text() == text, f"{path.name} is stale: run `circularity sync`"


@pytest.mark.parametrize("sql", SOURCES, ids=lambda path: path.stem)
def test_every_model_is_described_and_keyed(sql: Path) -> None:
    entry = _entry(sql)
    assert len(entry["description"]) > 20
    assert all(column["description"] for column in entry["columns"])
    assert any("unique_key" in test for test in entry["data_tests"]), "no tested primary key"


@pytest.mark.parametrize("sql", [path for path in SOURCES if path.stem.startswith("int_indicator__")])
def test_every_indicator_says_what_it_is(sql: Path) -> None:
    meta = _entry(sql)["config"]["meta"]
    assert set(meta) == META
    assert meta["indicator"] == sql.stem.removeprefix("int_indicator__").upper()
    assert set(meta["target"]) == {"expression", "scope", "deadline", "legal_source", "verified"}


@pytest.mark.parametrize("sql", [path for path in SOURCES if path.stem.startswith("rpt_")])
def test_published_columns_are_opted_in(sql: Path) -> None:
    entry = _entry(sql)
    published = re.findall(r" as (\w+)(?=,?$)", sql.read_text().split("\nfrom ")[0], flags=re.MULTILINE)
    assert published == [column["name"] for column in entry["columns"]]
    assert "illustrative" in published
