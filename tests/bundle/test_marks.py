"""Each mark of illustrative data is deleted in turn, and each deletion is found."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from orchestration.release.bundle_check import check_bundle, read_content
from orchestration.release.mark_check import check_marks, is_illustrative
from orchestration.release.marks import MARK_BY_LANGUAGE
from tests.bundle.edits import change_json

Delete = Callable[[Path], object]
SDMX_STRUCTURE = "sdmx/ILLUSTRATIVE_structure.xml"
WORKBOOKS = [f"ILLUSTRATIVE_tables_{language}.xlsx" for language in ("en", "fr", "ru")]
JSON_STAT = "jsonstat/ILLUSTRATIVE_observations.json"
CSVW = "data/csv-metadata.json"
AREA_CSV = "data/ILLUSTRATIVE_rpt_area.csv"
AREA_PARQUET = "data/rpt_area.parquet"
COMPARED = "compared/rpt_target.parquet"
DUCKDB = "ILLUSTRATIVE_circularity.duckdb"


def _text(name: str, old: str, new: str) -> Delete:
    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def _without_field(name: str) -> Delete:
    def change(folder: Path) -> None:
        record = json.loads((folder / name).read_text(encoding="utf-8"))
        del record["illustrative"]
        (folder / name).write_text(json.dumps(record), encoding="utf-8")

    return change


def _parquet(name: str, *, metadata: bool) -> Delete:
    def change(folder: Path) -> None:
        table = pq.read_table(folder / name)
        if metadata:
            kept = {k: v for k, v in table.schema.metadata.items() if k != b"illustrative"}
            table = table.replace_schema_metadata(kept)
        else:
            position = table.column_names.index("illustrative")
            table = table.set_column(position, "illustrative", pc.invert(table.column(position)))
        pq.write_table(table, folder / name)

    return change


def _rename(name: str) -> Delete:
    return lambda folder: (folder / name).rename(
        (folder / name).with_name(Path(name).name.removeprefix("ILLUSTRATIVE_"))
    )


def _comment(kind: str, name: str) -> Delete:
    def change(folder: Path) -> None:
        with duckdb.connect(str(folder / DUCKDB)) as db:
            db.execute(f"comment on {kind} {name} is 'plain'")

    return change


def _workbook(name: str, sheet: str | int | None) -> Delete:
    def change(folder: Path) -> None:
        book = openpyxl.load_workbook(folder / name)
        if sheet is None:
            book.properties.title = "plain"
        else:
            (book.worksheets[sheet] if isinstance(sheet, int) else book[sheet])["A1"] = "plain"
        book.save(folder / name)

    return change


DELETIONS: list[tuple[str, str, Delete]] = [
    (
        AREA_CSV,
        "column illustrative",
        _text(AREA_CSV, "illustrative", "mark"),
    ),
    (
        AREA_CSV,
        "a row of column",
        _text(AREA_CSV, ",true\n", ",false\n"),
    ),
    (AREA_CSV, "missing under the name", _rename(AREA_CSV)),
    ("ILLUSTRATIVE_revisions.csv", "a row of column", _text("ILLUSTRATIVE_revisions.csv", ",true\n", ",\n")),
    ("ILLUSTRATIVE_revisions.csv", "missing under the name", _rename("ILLUSTRATIVE_revisions.csv")),
    ("ILLUSTRATIVE_codebook.csv", "a row of column", _text("ILLUSTRATIVE_codebook.csv", ",true\n", ",\n")),
    (AREA_PARQUET, "key-value metadata", _parquet(AREA_PARQUET, metadata=True)),
    (AREA_PARQUET, "a row of column", _parquet(AREA_PARQUET, metadata=False)),
    (
        COMPARED,
        "key-value metadata",
        _parquet(COMPARED, metadata=True),
    ),
    *(
        (name, "a row of column ILLUSTRATIVE", _text(name, ",true\n", ",#N/A\n"))
        for name in ("sdmx/ILLUSTRATIVE_observations.csv", "sdmx/ILLUSTRATIVE_aggregates.csv")
    ),
    (SDMX_STRUCTURE, "line at its head", _text(SDMX_STRUCTURE, "ILLUSTRATIVE DATA", "plain")),
    (DUCKDB, "comment of rpt_area", _comment("table", "rpt_area")),
    (DUCKDB, "comment of revisions", _comment("table", "revisions")),
    (DUCKDB, "comment of v_latest", _comment("view", "v_latest")),
    (DUCKDB, "missing under the name", _rename(DUCKDB)),
    *((name, "workbook title", _workbook(name, None)) for name in WORKBOOKS),
    *((name, "title of sheet", _workbook(name, 0)) for name in WORKBOOKS),
    *((name, "title of sheet observation", _workbook(name, "observation")) for name in WORKBOOKS),
    *((name, "missing under the name", _rename(name)) for name in WORKBOOKS),
    *(
        ("gate.html", f"banner in {code}", _text("gate.html", f">{words}<", ">plain<"))
        for code, words in MARK_BY_LANGUAGE.items()
    ),
    *(
        (f"method_{code}.html", "banner", _text(f"method_{code}.html", f"<p>{words}</p>", "<p>plain</p>"))
        for code, words in MARK_BY_LANGUAGE.items()
    ),
    ("LICENSES.md", "line at its head", _text("LICENSES.md", "ILLUSTRATIVE", "plain")),
    ("CITATION.cff", "line at its head", _text("CITATION.cff", "ILLUSTRATIVE", "plain")),
    *(
        ("CHANGES.md", f"line in {code}", _text("CHANGES.md", words, "plain"))
        for code, words in MARK_BY_LANGUAGE.items()
    ),
    (JSON_STAT, "field illustrative", change_json(JSON_STAT, lambda c: c["extension"].pop("illustrative"))),
    (JSON_STAT, "label", change_json(JSON_STAT, lambda c: c.update(label="plain"))),
    (JSON_STAT, "missing under the name", _rename(JSON_STAT)),
    ("catalog.jsonld", "field illustrative", _without_field("catalog.jsonld")),
    (CSVW, "field rdfs:comment", change_json(CSVW, lambda c: c.pop("rdfs:comment"))),
    ("datapackage.json", "field illustrative", _without_field("datapackage.json")),
    ("provenance.json", "field illustrative", _without_field("provenance.json")),
    ("lock.json", "field illustrative", _without_field("lock.json")),
    ("gate.json", "field illustrative", _without_field("gate.json")),
    ("bundle-check.json", "field illustrative", _without_field("bundle-check.json")),
]


@pytest.mark.parametrize(("file", "missing", "delete"), DELETIONS, ids=[f"{d[0]}-{d[1]}" for d in DELETIONS])
def test_a_deleted_mark_is_found(
    finished: Path, copy_of: Callable[[Path], Path], file: str, missing: str, delete: Delete
) -> None:
    bundle = copy_of(finished)
    delete(bundle)
    is_own_record = file == "bundle-check.json"
    found = check_bundle(bundle) if is_own_record else list(check_marks(read_content(bundle)))
    assert any(f.file == file and missing in f.sentence for f in found), [str(f) for f in found]


def test_one_trace_anywhere_makes_a_bundle_illustrative(finished: Path, tmp_path: Path) -> None:
    """All marks gone but one: the bundle still counts as illustrative, for each kind of trace."""
    kinds = ("LICENSES.md", "lock.json", "gate.html", "CITATION.cff", "CHANGES.md", "catalog.jsonld", CSVW)
    for kept in (*kinds, JSON_STAT, AREA_PARQUET, DUCKDB):
        folder = tmp_path / re.sub(r"\W", "_", kept)
        (folder / Path(kept).parent).mkdir(parents=True)
        (folder / kept).write_bytes((finished / kept).read_bytes())
        assert is_illustrative(folder), kept
    (tmp_path / "nothing").mkdir()
    assert not is_illustrative(tmp_path / "nothing")


def test_every_file_of_the_bundle_has_a_deletion_above(finished: Path) -> None:
    """Tables stand for each other: they are checked by one function for each format."""
    kinds = {re.sub(r"rpt_\w+", "rpt_*", d[0]) for d in DELETIONS}
    files = {p.relative_to(finished).as_posix() for p in finished.rglob("*") if p.is_file()}
    assert {re.sub(r"rpt_\w+", "rpt_*", file) for file in files} - kinds == {"SHA256SUMS"}


def test_a_finished_bundle_lacks_no_mark(finished: Path) -> None:
    assert list(check_marks(read_content(finished))) == []
