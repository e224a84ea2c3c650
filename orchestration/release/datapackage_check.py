"""datapackage.json says what is in the bundle, and nothing else.

What belongs here: the descriptor against the files and tables it describes, and frictionless' own judgement.
What does not: making the descriptor (datapackage.py), the numbers in the files (number_check.py).

frictionless reads every cell in Python, which takes minutes for a release: it reads the head of each table.
Size and hash of each file, types and keys of each whole table, are compared here. The types hold for every
row, because number_check finds every text of a CSV equal to the typed value in the Parquet file.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import quote
from orchestration.release import names
from orchestration.release.checksums import hash_file
from orchestration.release.codebook import CODEBOOK
from orchestration.release.datapackage import FIELD_TYPES
from orchestration.release.findings import Content, Finding
from orchestration.release.number_check import schema_of
from orchestration.release.schema import REVISIONS, TableSchema

CHECK = "data package"
HEAD_ROWS = 500
"""Rows of each table which frictionless reads; most tables of a release are shorter."""

_PACKAGE_FIELDS = frozenset(
    {
        *("$schema", "name", "id", "title", "version", "created", "licenses", "sources", "contributors"),
        *("resources", "illustrative"),
    }
)
_RESOURCE_FIELDS = frozenset(
    {
        *("name", "path", "mediatype", "bytes", "hash", "title", "description", "type", "format"),
        *("encoding", "dialect", "schema"),
    }
)
_FIELD_FIELDS = frozenset({"name", "type", "description"})
_SCHEMA_FIELDS = frozenset({"fields", "missingValues", "primaryKey", "foreignKeys"})
_PLAIN_PATH = r"[A-Za-z0-9_-][A-Za-z0-9._/-]{0,200}"


def check_datapackage(content: Content) -> Iterator[Finding]:
    """The descriptor is valid and safe, and every file is as it says (bytes, hash, types, keys)."""
    unsafe = find_unsafe(content.descriptor)
    if unsafe:
        yield Finding(CHECK, names.DATAPACKAGE, unsafe)
        return
    resources = {resource["path"]: resource for resource in content.descriptor.get("resources", [])}
    for name in sorted(content.data_files() - set(resources)):
        yield Finding(CHECK, names.DATAPACKAGE, f"does not describe {name}.")
    for field in ("$schema", "name", "id", "version", "created", "licenses", "sources", "contributors"):
        if not content.descriptor.get(field):
            yield Finding(CHECK, names.DATAPACKAGE, f"states no {field}.")
    for resource in resources.values():
        yield from _check_file(content, resource)
    for schema, path in _described_tables(content):
        if path in resources:
            yield from _check_schema(content, schema, resources[path].get("schema", {}))
    yield from _run_frictionless(content)


def _described_tables(content: Content) -> Iterator[tuple[TableSchema, str]]:
    """Every table which is in the bundle as CSV, and its file."""
    for name, table in content.tables.items():
        yield schema_of(name, table), content.files.csv(name)
    yield REVISIONS, content.files.revisions
    yield CODEBOOK, content.files.codebook


def _check_file(content: Content, resource: Mapping[str, Any]) -> Iterator[Finding]:
    path = content.folder / resource["path"]
    if not path.is_file():
        yield Finding(CHECK, resource["path"], "is described and missing.")
        return
    size, digest = path.stat().st_size, f"sha256:{hash_file(path)}"
    if resource.get("bytes", size) != size:
        yield Finding(CHECK, resource["path"], f"has another byte count ({size}) than described.")
    if resource.get("hash", digest) != digest:
        yield Finding(CHECK, resource["path"], "has another hash than described.")


def _check_schema(content: Content, schema: TableSchema, described: Mapping[str, Any]) -> Iterator[Finding]:
    """Fields, keys and references of a table, over all its rows."""
    stated = [(field.get("name"), field.get("type")) for field in described.get("fields", [])]
    expected = [(column.name, FIELD_TYPES.get(column.data_type)) for column in schema.columns]
    if stated != expected:
        yield Finding(CHECK, names.DATAPACKAGE, f"describes other fields of {schema.name} than it has.")
    rules = {name for field in described.get("fields", []) for name in field} - _FIELD_FIELDS
    if rules or set(described) - _SCHEMA_FIELDS or described.get("missingValues") != [""]:
        yield Finding(
            CHECK, names.DATAPACKAGE, f"states a rule for {schema.name} this program does not write."
        )
    table = content.tables.get(schema.name)
    if table is None:
        return
    key = described.get("primaryKey") or []
    if not key or table.group_by(key).aggregate([]).num_rows != table.num_rows:
        yield Finding(
            CHECK, names.DATAPACKAGE, f"states a primary key of {schema.name} which it does not have."
        )
    for reference in described.get("foreignKeys", []):
        yield from _check_reference(content, schema.name, reference)


def _check_reference(content: Content, name: str, reference: Mapping[str, Any]) -> Iterator[Finding]:
    ((field,), (known,)) = reference["fields"], reference["reference"]["fields"]
    other = content.tables[reference["reference"]["resource"].replace("-", "_")]
    values: pa.Array = pc.unique(content.tables[name].column(field)).drop_null()
    strange = values.filter(pc.invert(pc.is_in(values, other.column(known))))
    if len(strange):
        sentence = f"says that {name}.{field} refers to another table, which has no {strange[0].as_py()}."
        yield Finding(CHECK, names.DATAPACKAGE, sentence)


def _run_frictionless(content: Content) -> Iterator[Finding]:
    from frictionless import Package
    from frictionless.exception import FrictionlessException

    try:
        package = Package.from_descriptor(_as_files(content.descriptor), basepath=str(content.folder))
        report = package.validate(limit_rows=HEAD_ROWS)
    except FrictionlessException as error:
        yield Finding(CHECK, names.DATAPACKAGE, f"is not valid: {error.error.message}")
        return
    for fault in report.errors:
        yield Finding(CHECK, names.DATAPACKAGE, fault.message)
    for task in report.tasks:
        for fault in task.errors[:3]:
            yield Finding(CHECK, str(task.place), fault.message)


def _as_files(descriptor: dict[str, Any]) -> dict[str, Any]:
    """The descriptor with binary files marked as such, or frictionless would guess types in them.

    Size and hash, which were compared, are left out: frictionless would read each file for them again.
    """
    resources = [
        {"type": "file"} | {name: value for name, value in resource.items() if name not in ("bytes", "hash")}
        for resource in descriptor.get("resources", [])
    ]
    return descriptor | {"resources": resources}


def find_unsafe(descriptor: dict[str, Any]) -> str | None:
    """What in a descriptor could make its reader open anything but the files beside it, or None.

    frictionless fetches what a text in place of a schema, a dialect or a profile names, so only what this
    program writes itself is taken from a download.
    """
    strange = sorted(set(descriptor) - _PACKAGE_FIELDS)
    if strange:
        return f"has a field this program does not write: {strange[0]}"
    for resource in descriptor.get("resources", []):
        if not isinstance(resource, dict):
            return "has a resource that is no object"
        strange = sorted(set(resource) - _RESOURCE_FIELDS)
        if strange:
            return f"has a resource with a field this program does not write: {strange[0]}"
        path = resource.get("path")
        if not isinstance(path, str) or not re.fullmatch(_PLAIN_PATH, path) or ".." in path:
            return f"names a path outside the bundle: {quote(str(path))}"
        for part in ("schema", "dialect"):
            if not isinstance(resource.get(part, {}), dict):
                return f"names a {part} outside the bundle: {quote(str(resource[part]))}"
    return None
