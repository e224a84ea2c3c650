"""codebook.csv: what every published table, column and code means.

What belongs here: making the file, and checking a finished one against the tables it describes.
What does not: the words (dbt YAML, texts/codebook.yaml; translated in texts/tables.yaml and
texts/descriptions.yaml), the same descriptions in other formats.

Tables, columns and codes are described in three languages; titles of tables and units are English. The codes
are those of texts/codebook.yaml.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release.code_lists import codes_in, load_vocabulary
from orchestration.release.findings import Content, Finding
from orchestration.release.schema import REVISIONS, Column, TableSchema
from orchestration.release.tables import csv_text
from orchestration.release.wording import LANGUAGES, table_description, translated

CHECK = "codebook"
_COLUMNS = (
    Column("entry", "varchar", "What the row describes: table, column, or code (a member of a closed list)"),
    Column("table", "varchar", "The table; none for a code"),
    Column("column", "varchar", "The column; none for a table or a code"),
    Column("code_list", "varchar", "The closed list a column's texts are taken from, or a code belongs to"),
    Column("code", "varchar", "The code; several in one cell are joined by a semicolon"),
    Column("title", "varchar", "Title of the table, in English"),
    Column("type", "varchar", "Type of the column: varchar, integer, bigint, double or boolean"),
    Column("unit", "varchar", "Unit of a number, or which column says it, in English"),
    Column("is_key", "boolean", "Whether the column is part of the table's key"),
    Column("nullable", "boolean", "Whether a cell of the column is empty in this release"),
    Column("example", "varchar", "The first value in the table's order; none if it is empty"),
    Column("description_en", "varchar", "What the table, column or code means, in English"),
    Column("description_fr", "varchar", "The same in French"),
    Column("description_ru", "varchar", "The same in Russian"),
    Column("illustrative", "boolean", "True if the release rests on invented data"),
)
CODEBOOK = TableSchema(
    name="codebook",
    title="Codebook",
    description="One row for each published table, column and code of a closed list.",
    primary_key=("entry", "table", "column", "code_list", "code"),
    columns=_COLUMNS,
)
"""Its key columns may be empty, as those of the revisions."""

Row = dict[str, Any]


def build_codebook(
    tables: Mapping[str, pa.Table],
    schemas: Mapping[str, TableSchema],
    revisions: pa.Table,
    illustrative: bool,
) -> pa.Table:
    """The codebook of a release with these tables: tables by name with their columns, then the code lists."""
    described = [(schemas[name], tables[name]) for name in sorted(tables)] + [(REVISIONS, revisions)]
    rows: list[Row] = []
    for schema, table in described:
        rows.append(
            {
                "entry": "table",
                "table": schema.name,
                "title": schema.title,
                **{f"description_{one}": table_description(schema, one) for one in LANGUAGES},
            }
        )
        rows += [_column_row(schema, column, table.column(column.name)) for column in schema.columns]
    marked = [row | {"illustrative": illustrative} for row in [*rows, *_code_rows(rows)]]
    return pa.Table.from_pylist(marked, schema=CODEBOOK.arrow_schema())


def _column_row(schema: TableSchema, column: Column, values: pa.ChunkedArray) -> Row:
    vocabulary = load_vocabulary()
    codes = vocabulary.code_list(schema.name, column.name)
    return {
        "entry": "column",
        "table": schema.name,
        "column": column.name,
        "code_list": codes.name if codes else None,
        "type": column.data_type,
        "unit": vocabulary.unit(schema.name, column.name),
        "is_key": column.name in schema.primary_key,
        "nullable": values.null_count > 0,
        "example": csv_text(_first(values)) or None,
        **_descriptions_of(column.description),
    }


def _descriptions_of(text: str) -> Row:
    return {f"description_{language}": translated(text, language) for language in LANGUAGES}


def _first(values: pa.ChunkedArray) -> Any:
    index = pc.index(pc.is_valid(values), True).as_py()
    return values[index].as_py() if index >= 0 else None


def _code_rows(rows: list[Row]) -> Iterator[Row]:
    used = {row.get("code_list") for row in rows}
    lists = {codes.name: codes for codes in load_vocabulary().lists.values() if codes.name in used}
    for name, codes in sorted(lists.items()):
        for code, meaning in codes.codes.items():
            yield {"entry": "code", "code_list": name, "code": code, **_descriptions_of(meaning)}


def check_codebook(content: Content) -> Iterator[Finding]:
    """The codebook describes each table, column and code of the bundle, and nothing else."""
    file = content.files.codebook
    path = content.folder / file
    if not path.is_file():
        yield Finding(CHECK, file, "is missing.")
        return
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = {(row["table"], row["column"]): row for row in rows if row["entry"] == "column"}
    described = {key: row["description_en"] for key, row in columns.items()}
    described |= {(row["table"], ""): row["description_en"] for row in rows if row["entry"] == "table"}
    yield from (Finding(CHECK, file, sentence) for sentence in _untranslated(rows))
    expected = _descriptions(content)
    for table, column in sorted(expected.keys() ^ described.keys()):
        yield Finding(
            CHECK, file, f"and the data package differ in what they hold: {table} {column}".strip() + "."
        )
    for key in sorted(expected.keys() & described.keys()):
        if expected[key] != described[key]:
            yield Finding(
                CHECK, file, f"{' '.join(key).strip()}: describes it otherwise than the data package."
            )
    codes: dict[str, set[str]] = {}
    for row in rows:
        if row["entry"] == "code":
            codes.setdefault(row["code_list"], set()).add(row["code"])
    for (name, column), row in columns.items():
        if name in content.tables and column in content.tables[name].column_names:
            yield from _check_column(file, row, content.tables[name].column(column), codes)


def _untranslated(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for row in rows:
        name = ("code_list", "code") if row["entry"] == "code" else ("table", "column")
        for language in LANGUAGES:
            if not row[f"description_{language}"]:
                named = ".".join(row[key] for key in name if row[key])
                yield f"{named}: does not describe it in {language}."


def _descriptions(content: Content) -> dict[tuple[str, str], str]:
    """What the data package says of each table and, under (table, column), of each column."""
    found: dict[tuple[str, str], str] = {}
    for resource in content.descriptor.get("resources", []):
        if "schema" in resource and resource["name"] != CODEBOOK.name:
            table = resource["name"].replace("-", "_")
            found[(table, "")] = resource["description"]
            found |= {(table, f["name"]): f["description"] for f in resource["schema"]["fields"]}
    return found


def _check_column(
    file: str, row: dict[str, str], values: pa.ChunkedArray, codes: Mapping[str, set[str]]
) -> Iterator[Finding]:
    name = f"{row['table']}.{row['column']}"
    if (row["nullable"] == "true") != (values.null_count > 0):
        yield Finding(CHECK, file, f"{name}: is wrong about empty cells.")
    if row["example"] != csv_text(_first(values)):
        yield Finding(CHECK, file, f"{name}: gives an example that is not the first value.")
    if row["code_list"]:
        held = {code for value in pc.unique(values).to_pylist() for code in codes_in(value)}
        for code in sorted(held - codes.get(row["code_list"], set())):
            yield Finding(CHECK, file, f"{name}: the data hold {code}, which is not in {row['code_list']}.")
