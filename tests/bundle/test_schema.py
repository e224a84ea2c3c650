"""Schemas come from dbt's own declarations."""

from pathlib import Path

import polars as pl
import pytest

from connectors.errors import CheckError
from orchestration.release.revisions import REVISION_SCHEMA
from orchestration.release.schema import REVISIONS, load_schemas

MODEL = """
models:
  - name: rpt_small
    description: Small.
    config: {meta: {title: Small table, primary_key: [a]}}
    columns:
      - {name: a, data_type: varchar, description: The key}
      - {name: b, data_type: DOUBLE, description: "A number,\\n over two lines"}
  - name: mart_other
    columns: [{name: a}]
"""


def declare(folder: Path, text: str) -> Path:
    models = folder / "models" / "release"
    models.mkdir(parents=True)
    (models / "release.yml").write_text(text, encoding="utf-8")
    return folder


def test_only_release_models_are_read(tmp_path: Path) -> None:
    schemas = load_schemas(declare(tmp_path, MODEL))
    assert list(schemas) == ["rpt_small"]
    small = schemas["rpt_small"]
    assert small.column_names == ("a", "b")
    assert small.column("b").data_type == "double"
    assert small.column("b").description == "A number, over two lines"
    assert (small.csv_name(False), small.csv_name(True)) == ("rpt_small.csv", "ILLUSTRATIVE_rpt_small.csv")
    assert small.empty_table().num_rows == 0
    assert small.in_workbook


def test_a_table_made_for_programs_is_declared_to_have_no_sheet(tmp_path: Path) -> None:
    schemas = load_schemas(declare(tmp_path, MODEL.replace("[a]}}", "[a], in_workbook: false}}")))
    assert not schemas["rpt_small"].in_workbook


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title: Small table, ", ""), "no config.meta.title"),
        (("primary_key: [a]", "primary_key: [c]"), "key column c is not declared"),
        ((", primary_key: [a]", ""), "no config.meta.primary_key"),
        (("DOUBLE", "decimal"), "column b has type decimal"),
        (("primary_key: [a]", "primary_key: [a], in_workbook: maybe"), "neither true nor false"),
        (("rpt_small", "mart_small"), "No release table is declared"),
    ],
)
def test_an_incomplete_declaration_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(CheckError, match=message):
        load_schemas(declare(tmp_path, MODEL.replace(*change)))


def test_every_published_column_is_described() -> None:
    schemas = load_schemas(Path(__file__).parents[2] / "dbt_project")
    assert [f"{s.name}.{c.name}" for s in schemas.values() for c in s.columns if not c.description] == []
    assert [s.name for s in schemas.values() if "illustrative" not in s.column_names] == []


def test_revisions_have_the_columns_of_the_comparison() -> None:
    types = {"varchar": pl.String(), "double": pl.Float64(), "boolean": pl.Boolean()}
    declared = {column.name: types[column.data_type] for column in REVISIONS.columns}
    assert declared == {**REVISION_SCHEMA, "illustrative": pl.Boolean()}
