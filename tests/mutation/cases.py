"""Unit tests as dbt compiles them, taken apart into a model's expression, fixtures and expected rows.

What belongs here: reading dbt's target folder. What does not: changing an expression, running one.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

DIALECT = "duckdb"
FIXTURE = "__dbt__cte__"
ACTUAL, EXPECTED = "dbt_internal_unit_test_actual", "dbt_internal_unit_test_expected"
FORMULA_FOLDERS = ("models/intermediate/", "models/marts/")


@dataclass(frozen=True)
class UnitTest:
    """One unit test: SQL of each fixture by name, columns compared, SQL of the expected rows."""

    name: str
    fixtures: dict[str, str]
    columns: tuple[str, ...]
    expected: str


@dataclass(frozen=True)
class Case:
    """A model's own expression, which reads fixtures as tables, and the unit tests it must pass.

    `raw` is the model's text before Jinja.
    """

    model: str
    sql: str
    tests: tuple[UnitTest, ...]
    raw: str = ""


def read_cases(target: Path) -> list[Case]:
    """Every model with unit tests in the formula folders of a dbt target folder, by name.

    Raises ValueError if the tests of one model do not share one expression, or two tests share one file.
    """
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    tests: dict[str, list[UnitTest]] = defaultdict(list)
    expressions: dict[str, set[str]] = defaultdict(set)
    seen: set[Path] = set()
    for node in sorted(manifest["unit_tests"].values(), key=lambda node: node["unique_id"]):
        if not node["original_file_path"].startswith(FORMULA_FOLDERS):
            continue
        path = compiled_path(target, node)
        if path in seen:
            raise ValueError(f"{path} belongs to two unit tests: give them different names")
        seen.add(path)
        expression, test = take_apart(path.read_text(encoding="utf-8"), node["name"])
        expressions[node["model"]].add(expression)
        tests[node["model"]].append(test)
    for model, found in expressions.items():
        if len(found) > 1:
            raise ValueError(f"{model} compiles to {len(found)} expressions in its unit tests")
    raw = {
        node["name"]: node["raw_code"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    return [Case(model, expressions[model].pop(), tuple(tests[model]), raw[model]) for model in sorted(tests)]


def compiled_path(target: Path, node: dict) -> Path:
    """Where dbt writes the whole comparison of one unit test."""
    yaml = Path(node["original_file_path"])
    return target / "run" / node["package_name"] / yaml / yaml.parent / f"{node['name']}.sql"


def take_apart(sql: str, name: str) -> tuple[str, UnitTest]:
    """The model's own SQL, and the unit test around it."""
    tree = sqlglot.parse_one(sql, dialect=DIALECT)
    parts = {cte.alias: cte.this for cte in tree.args["with_"].expressions}
    expected = parts[EXPECTED]
    model = _inner(parts[ACTUAL])
    fixtures = {}
    clause = model.args.get("with_")
    for cte in list(clause.expressions) if clause else []:
        if cte.alias.startswith(FIXTURE):
            fixtures[cte.alias] = cte.this.sql(dialect=DIALECT, comments=False)
            cte.pop()
    if clause and not clause.expressions:
        model.set("with_", None)
    columns = tuple(column.alias_or_name for column in expected.expressions[:-1])
    rows = _inner(expected).sql(dialect=DIALECT, comments=False)
    return model.sql(dialect=DIALECT, comments=False), UnitTest(name, fixtures, columns, rows)


def _inner(select: exp.Expression) -> exp.Expression:
    """The query inside `select … from (…)`."""
    return select.args["from_"].this.this
