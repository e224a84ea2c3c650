"""data/csv-metadata.json: the CSV tables described after CSV on the Web, and the check of it.

What belongs here: that file and its check. What does not: the tables, and what their columns mean (the data
package's descriptor, which this is made from), so that no format describes a column differently.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.tables import read_csv_header

CHECK = "CSVW"
CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
_TYPES = {"string": "string", "integer": "integer", "number": "double", "boolean": "boolean"}
_ARROW_TYPES = {
    pa.string(): "string",
    pa.int32(): "integer",
    pa.int64(): "integer",
    pa.float64(): "double",
    pa.bool_(): "boolean",
}
Node = dict[str, Any]


def build_csvw(descriptor: Mapping[str, Any]) -> Node:
    """A group of the tables of data/, from the descriptor of the bundle."""
    resources = [one for one in descriptor["resources"] if _is_table(one)]
    files = {one["name"]: PurePosixPath(one["path"]).name for one in resources}
    group: Node = {
        "@context": CONTEXT,
        "dc:title": descriptor["title"],
        "dc:identifier": descriptor["id"],
        "dc:license": {"@id": f"../{names.LICENCES}"},
        "tables": [_table(one, files) for one in resources],
    }
    return group | ({"rdfs:comment": ILLUSTRATIVE_MARK} if "illustrative" in descriptor else {})


def _is_table(resource: Mapping[str, Any]) -> bool:
    return "schema" in resource and PurePosixPath(resource["path"]).parent.name == names.DATA


def _table(resource: Mapping[str, Any], files: Mapping[str, str]) -> Node:
    schema = resource["schema"]
    described: Node = {
        "columns": [
            {
                "name": field["name"],
                "titles": field["name"],
                "datatype": _TYPES[field["type"]],
                "dc:description": field["description"],
                "null": "",
            }
            for field in schema["fields"]
        ],
        "primaryKey": schema["primaryKey"],
    }
    keys = [_foreign_key(key, files) for key in schema.get("foreignKeys", [])]
    return {
        "url": files[resource["name"]],
        "dc:title": resource["title"],
        "dc:description": resource["description"],
        "tableSchema": described | ({"foreignKeys": keys} if keys else {}),
    }


def _foreign_key(key: Mapping[str, Any], files: Mapping[str, str]) -> Node:
    reference = key["reference"]
    return {
        "columnReference": key["fields"],
        "reference": {"resource": files[reference["resource"]], "columnReference": reference["fields"]},
    }


def check_csvw(content: Content) -> Iterator[Finding]:
    """Every table of data/ is described once, with the columns, types and keys which it has."""
    path = content.folder / names.CSVW
    if not path.is_file():
        yield Finding(CHECK, names.CSVW, "is missing.")
        return
    group = json.loads(path.read_bytes())
    if group.get("@context") != CONTEXT:
        yield Finding(CHECK, names.CSVW, "has another context than CSV on the Web.")
    described = {table.get("url"): table for table in group.get("tables", [])}
    tables = {PurePosixPath(content.files.csv(name)).name: name for name in content.tables}
    if len(described) != len(group.get("tables", [])):
        yield Finding(CHECK, names.CSVW, "describes a table twice.")
    for file in sorted(tables.keys() ^ described.keys()):
        yield Finding(CHECK, names.CSVW, f"and data/ differ in what they hold: {file}.")
    for file in sorted(tables.keys() & described.keys()):
        for fault in _table_faults(content, tables[file], described[file]["tableSchema"], set(tables)):
            yield Finding(CHECK, names.CSVW, f"{file}: {fault}.")


def _table_faults(content: Content, name: str, schema: Mapping[str, Any], files: set[str]) -> Iterator[str]:
    table = content.tables[name]
    stated = [(column.get("name"), column.get("datatype")) for column in schema["columns"]]
    if stated != [(field.name, _ARROW_TYPES.get(field.type)) for field in table.schema]:
        yield "describes other columns or types than the Parquet file has"
    path = content.folder / content.files.csv(name)
    header = read_csv_header(path.read_bytes()) if path.is_file() else []
    if [column.get("titles") for column in schema["columns"]] != header:
        yield "describes other headings than the CSV file has"
    key = schema.get("primaryKey") or []
    if not key or not set(key) <= set(table.column_names):
        yield "states a primary key of columns it does not have"
    elif table.group_by(key).aggregate([]).num_rows != table.num_rows:
        yield "states a primary key which it does not have"
    for reference in schema.get("foreignKeys", []):
        if reference["reference"]["resource"] not in files:
            yield "refers to a table that is not there"
