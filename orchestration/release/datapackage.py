"""datapackage.json: the bundle described by the Data Package standard, version 2.

What belongs here: the descriptor. What does not: validating it (datapackage_check.py), licences
in prose (provenance.py).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.release.checksums import hash_file
from orchestration.release.codebook import CODEBOOK
from orchestration.release.lock_model import Lock
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.names import BundleNames
from orchestration.release.schema import ILLUSTRATIVE_PREFIX, REVISIONS, TableSchema

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
PUBLISHER = "United Nations Economic Commission for Europe (UNECE)"

FIELD_TYPES = {
    "varchar": "string",
    "integer": "integer",
    "bigint": "integer",
    "double": "number",
    "boolean": "boolean",
}
"""The standard's name of each type of a column."""
_SDMX_TYPES = {
    ".csv": "application/vnd.sdmx.data+csv;version=2.0.0",
    ".xml": "application/vnd.sdmx.structure+xml;version=2.1",
}
_REFERENCES = {"indicator": "rpt_indicator", "ref_area": "rpt_area"}
"""Columns which name a row of another table by its whole key."""


def build_datapackage(
    bundle_dir: Path, lock: Lock, schemas: Mapping[str, TableSchema], licence: Mapping[str, str]
) -> dict[str, Any]:
    """The descriptor of the files in `bundle_dir`, with their sizes and hashes.

    `licence` is the `name`/`title`/`path` of the package as a whole. Dates come from the plan.
    """
    mark = f" – {ILLUSTRATIVE_MARK}" if lock.illustrative else ""
    descriptor: dict[str, Any] = {
        "$schema": PROFILE,
        "name": "unece-circularity",
        "id": f"unece-circularity-{lock.release}",
        "title": f"{lock.plan.title.en}{mark}",
        "version": lock.release,
        "created": f"{lock.plan.date.isoformat()}T00:00:00Z",
        "licenses": [dict(licence)],
        "sources": _sources(lock),
        "contributors": [{"title": PUBLISHER, "roles": ["publisher", "creator"]}],
        "resources": _resources(bundle_dir, lock, schemas),
    }
    return descriptor | {"illustrative": ILLUSTRATIVE_MARK} if lock.illustrative else descriptor


def _resources(bundle_dir: Path, lock: Lock, schemas: Mapping[str, TableSchema]) -> list[dict[str, Any]]:
    """Every file the descriptor names, tables first."""
    files = BundleNames(lock.illustrative)
    tabular = [(schemas[name], files.csv(name)) for name in sorted(schemas)]
    resources = [_table_resource(bundle_dir, schema, path, schemas) for schema, path in tabular]
    resources.append(_table_resource(bundle_dir, REVISIONS, files.revisions, {}))
    resources.append(_table_resource(bundle_dir, CODEBOOK, files.codebook, {}))
    resources += [
        _file_resource(bundle_dir, f"{name}-parquet", files.parquet(name), "application/vnd.apache.parquet")
        for name in sorted(schemas)
    ]
    resources += [
        _file_resource(
            bundle_dir,
            f"sdmx-{Path(path).stem.removeprefix(ILLUSTRATIVE_PREFIX)}",
            path,
            _SDMX_TYPES[Path(path).suffix],
        )
        for path in files.sdmx_files(schemas)
    ]
    resources += [
        _file_resource(bundle_dir, "json-stat", path, "application/json")
        for path in files.json_stat_files(schemas)
    ]
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    resources += [
        _file_resource(bundle_dir, f"workbook-{language}", path, sheet)
        for language, path in files.workbooks.items()
    ]
    resources.append(_file_resource(bundle_dir, "duckdb", files.duckdb, "application/vnd.duckdb"))
    return resources


def _sources(lock: Lock) -> Sequence[dict[str, str]]:
    return [
        {"title": f"{dataset.title} ({dataset.key}). {dataset.citation}", "path": dataset.licence_url}
        for dataset in lock.datasets
        if not dataset.is_absent
    ]


def _file_resource(bundle_dir: Path, name: str, path: str, media_type: str) -> dict[str, Any]:
    file = bundle_dir / path
    return {
        "name": name.replace("_", "-"),
        "path": path,
        "mediatype": media_type,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{hash_file(file)}",
    }


def _table_resource(
    bundle_dir: Path, schema: TableSchema, path: str, schemas: Mapping[str, TableSchema]
) -> dict[str, Any]:
    resource = _file_resource(bundle_dir, schema.name, path, "text/csv")
    table_schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, "type": FIELD_TYPES[column.data_type], "description": column.description}
            for column in schema.columns
        ],
        "missingValues": [""],
    }
    if schemas:
        table_schema["primaryKey"] = list(schema.primary_key)
        keys = [
            {"fields": [column], "reference": {"resource": table.replace("_", "-"), "fields": [column]}}
            for column, table in _REFERENCES.items()
            if column in schema.column_names and table in schemas and table != schema.name
        ]
        table_schema |= {"foreignKeys": keys} if keys else {}
    return resource | {
        "title": schema.title,
        "description": schema.description,
        "type": "table",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "schema": table_schema,
    }
