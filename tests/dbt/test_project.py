"""The dbt project keeps its own rules: described, keyed, generated files current."""

import re
from pathlib import Path

import pytest
import yaml

from connectors.registry import list_datasets
from orchestration.release.context import DBT_PROJECT
from orchestration.sync import render_files

MODELS = DBT_PROJECT / "models"
SOURCES = sorted(path for path in MODELS.rglob("*.sql"))
STAGING = [path for path in SOURCES if path.stem.startswith("stg_")]
META = {
    "indicator", "title_en", "title_fr", "title_ru", "definition", "definition_fr", "definition_ru",
    "unit_measure", "direction", "entry_point", "building_block", "bellagio_group", "sdg_target", "source",
    "agg_rule", "numerator", "numerator_entry", "denominator", "denominator_entry", "count_at_least",
    "lower_limit", "upper_limit", "scope", "min_countries", "frequency", "trend_model", "components",
    "is_binary", "is_growth_rate", "slot_reason", "target", "verified",
}  # fmt: skip
# How many indicators the methodology lists in each block of its registry, 70 in all.
LAST = {"A": 12, "W": 25, "P": 14, "T": 10, "S": 6, "B": 3}


def _entry(sql: Path) -> dict:
    (entry,) = yaml.safe_load(sql.with_suffix(".yml").read_text())["models"]
    assert entry["name"] == sql.stem
    return entry


def test_generated_files_are_current() -> None:
    for path, text in render_files(DBT_PROJECT).items():
        assert path.read_text() == text, f"{path.name} is stale: run `circularity sync`"


def test_every_declared_data_set_has_its_staging_model_and_no_other_has_one() -> None:
    named = {f"{spec.provider}/stg_{spec.provider}__{spec.dataset}.sql" for spec in list_datasets()}
    assert {f"{path.parent.name}/{path.name}" for path in STAGING} == named


def test_staging_models_are_described_once_and_keyed_where_they_meet() -> None:
    entries = yaml.safe_load((MODELS / "staging" / "staging.yml").read_text())["models"]
    assert {entry["name"] for entry in entries} == {path.stem for path in STAGING}
    key = next(
        test["unique_key"]["arguments"]["columns"]
        for test in _entry(MODELS / "intermediate" / "int_observation.sql")["data_tests"]
        if "unique_key" in test
    )
    for entry in entries:
        assert len(entry["description"]) > 20
        assert key == ["provider", "dataset", *entry["config"]["meta"]["primary_key"]]
    macro = (DBT_PROJECT / "macros" / "stage.sql").read_text()
    selected = re.findall(r"^    (?:\w+ as )?(\w+),?$", macro, flags=re.MULTILINE)
    assert selected == [column["name"] for column in entries[0]["columns"]]
    assert all(column["description"] for column in entries[0]["columns"])


@pytest.mark.parametrize("sql", [path for path in SOURCES if path not in STAGING], ids=lambda path: path.stem)
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
    texts = [meta[f"{kind}_{language}"] for kind in ("title", "definition") for language in ("fr", "ru")]
    assert all([meta["title_en"], meta["definition"], *texts])
    assert all(re.search("[а-я]", meta[name]) for name in ("title_ru", "definition_ru"))
    assert meta["agg_rule"] in {"SUM", "RSUM", "MEAN", "MEDIAN", "COUNT", "PUBLISHED", "NONE"}
    assert meta["scope"] in {"W", "E", "R", "S", "N"}
    # Both parts of a ratio or neither: a rate without them has no weighted aggregate.
    assert meta["agg_rule"] != "RSUM" or (meta["numerator"] is None) == (meta["denominator"] is None)
    # A slot without a source, and no other, says why it is one.
    assert ("empty_indicator(" in sql.read_text()) == (meta["slot_reason"] is not None)
    assert meta["scope"] != "N" or meta["slot_reason"] is not None


def test_the_registry_is_whole() -> None:
    codes = {path.stem.removeprefix("int_indicator__").upper() for path in SOURCES if "__" in path.stem}
    listed = {f"{block}{number:02d}" for block, last in LAST.items() for number in range(1, last + 1)}
    assert listed <= codes


@pytest.mark.parametrize("sql", [path for path in SOURCES if path.stem.startswith("rpt_")])
def test_published_columns_are_opted_in(sql: Path) -> None:
    entry = _entry(sql)
    published = re.findall(r' as "?(\w+)"?(?=,?$)', sql.read_text().split("\nfrom ")[0], flags=re.MULTILINE)
    assert published == [column["name"] for column in entry["columns"]]
    assert "illustrative" in published
