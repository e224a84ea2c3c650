"""One number changed in one format is found; so is a tool that is missing."""

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from orchestration.release import number_check
from orchestration.release.bundle_check import read_content
from orchestration.release.number_check import check_numbers
from orchestration.release.oldest_duckdb import OldestAnswer, OldestClientError, read_with_oldest

CSV = "data/ILLUSTRATIVE_rpt_target.csv"
DUCKDB = "ILLUSTRATIVE_circularity.duckdb"
WORKBOOK = "ILLUSTRATIVE_tables_en.xlsx"


def _findings(bundle: Path, check: str = "equal numbers") -> list[str]:
    return [str(finding) for finding in check_numbers(read_content(bundle)) if finding.check == check]


def test_a_number_changed_in_the_csv_is_found(finished: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(finished)
    text = (bundle / CSV).read_text()
    assert ",14," in text
    (bundle / CSV).write_text(text.replace(",14,", ",15,"))
    assert _findings(bundle)[0] == f"{CSV}: the table row 1, target_value: '15' instead of '14'."


@pytest.mark.parametrize("written", ["14.0", "1.4e1", "14.000000000000001"])
def test_a_number_written_otherwise_is_found(
    finished: Path, copy_of: Callable[[Path], Path], written: str
) -> None:
    bundle = copy_of(finished)
    (bundle / CSV).write_text((bundle / CSV).read_text().replace(",14,", f",{written},"))
    assert len(_findings(bundle)) == 1 + (float(written) != 14)


def test_carriage_returns_and_byte_order_marks_are_found(
    finished: Path, copy_of: Callable[[Path], Path]
) -> None:
    bundle = copy_of(finished)
    (bundle / CSV).write_bytes(b"\xef\xbb\xbf" + (bundle / CSV).read_bytes())
    assert f"{CSV}: has a byte-order mark or a carriage return." in _findings(bundle)


def test_a_row_of_another_length_is_found(finished: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(finished)
    (bundle / CSV).write_text((bundle / CSV).read_text() + "one,two\n")
    (found,) = _findings(bundle)
    assert found.startswith(f"{CSV}: cannot be read: CSV parse error")


def test_the_first_differing_row_is_named_in_whatever_column(
    finished: Path, copy_of: Callable[[Path], Path]
) -> None:
    bundle = copy_of(finished)
    path = bundle / "data/ILLUSTRATIVE_rpt_area.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    rows[5][0], rows[2][-1] = "XXX", "false"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    found = [sentence for sentence in _findings(bundle) if "rpt_area.csv" in sentence]
    assert found == [f"data/{path.name}: the table row 3, illustrative: 'false' instead of 'true'."]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update rpt_target set target_value = null", "row 1, target_value: None instead of 14.0."),
        ("update rpt_target set target_year = 2030", "row 1, target_year: 2030 instead of None."),
        (
            "alter table rpt_target alter target_value type float",
            ", target_value: is float instead of double.",
        ),
    ],
)
def test_a_null_or_a_type_changed_in_the_duckdb_file_is_found(
    finished: Path, copy_of: Callable[[Path], Path], change: str, said: str
) -> None:
    bundle = copy_of(finished)
    with duckdb.connect(str(bundle / DUCKDB)) as db:
        db.execute(change)
    (found,) = _findings(bundle)
    assert found.startswith(f"{DUCKDB}: rpt_target") and found.endswith(said)


def test_a_number_changed_in_the_duckdb_file_is_found(
    finished: Path, copy_of: Callable[[Path], Path]
) -> None:
    bundle = copy_of(finished)
    with duckdb.connect(str(bundle / DUCKDB)) as db:
        db.execute("update rpt_target set target_value = 14.000000001")
    assert _findings(bundle) == [f"{DUCKDB}: rpt_target row 1, target_value: 14.000000001 instead of 14.0."]


def test_a_view_that_is_lost_added_or_unexplained_is_found(
    finished: Path, copy_of: Callable[[Path], Path]
) -> None:
    bundle = copy_of(finished)
    with duckdb.connect(str(bundle / DUCKDB)) as db:
        db.execute("drop view v_gaps")
        db.execute("create view v_more as select 1 as one")
        db.execute("comment on view v_latest is 'ILLUSTRATIVE DATA – NOT FOR PUBLICATION. Figures.'")
    assert _findings(bundle) == [
        f"{DUCKDB}: has no view v_gaps.",
        f"{DUCKDB}: has the unknown view v_more.",
        f"{DUCKDB}: the view v_latest does not say what it shows.",
    ]


def test_a_row_lost_from_the_duckdb_file_is_found(finished: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(finished)
    with duckdb.connect(str(bundle / DUCKDB)) as db:
        db.execute("delete from rpt_target")
    assert _findings(bundle) == [f"{DUCKDB}: rpt_target holds 0 rows instead of 1."]


def test_a_number_changed_in_the_workbook_is_found(finished: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(finished)
    book = openpyxl.load_workbook(bundle / WORKBOOK)
    header = [cell.value for cell in book["target"][3]]
    cell = book["target"].cell(4, header.index("target_value") + 1)
    assert cell.value == 14
    cell.value = "14"  # a number kept as text is another value
    book.save(bundle / WORKBOOK)
    assert _findings(bundle) == [f"{WORKBOOK}: sheet target row 1, target_value: '14' instead of 14.0."]


def _change(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda book: book.remove(book["target"]), "has no sheet target."),
        (lambda book: book.copy_worksheet(book["target"]), "has a sheet target Copy, which no table"),
        (_change("target", "A3", "other"), "sheet target has other columns than the Parquet file."),
        (_change("target", "A5", "more"), "sheet target holds 2 rows instead of 1."),
        (_change("target", "B4", None), "sheet target has an empty cell B4."),
        (_change("Contents", "A4", "[z]"), "row 1, Sheet: '[z]' instead of 'regional_progress'."),
        (_change("Contents", "D4", 7), "row 1, Rows: 7.0 instead of 1.0."),
        (_change("target", "B4", 1), "row 1, breakdown: 1.0 instead of '_T'."),
        (_change("dataset", "T4", "true"), "row 1, illustrative: 'true' instead of True."),
    ],
)
def test_a_sheet_changed_in_the_workbook_is_found(
    finished: Path, copy_of: Callable[[Path], Path], change: Callable[[Any], object], said: str
) -> None:
    bundle = copy_of(finished)
    book = openpyxl.load_workbook(bundle / WORKBOOK)
    change(book)
    book.save(bundle / WORKBOOK)
    found = _findings(bundle)
    assert any(said in sentence for sentence in found), found


def test_a_number_changed_in_the_revisions_is_found(finished: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(finished)
    path = bundle / "ILLUSTRATIVE_revisions.csv"
    path.write_text(path.read_text().replace(",18,", ",18.5,"))
    found = _findings(bundle)
    assert len(found) == 2  # DuckDB and workbook
    assert all("old_value" in sentence for sentence in found)


def test_the_duckdb_file_does_not_open_in_the_default_format(
    finished: Path, copy_of: Callable[[Path], Path]
) -> None:
    bundle = copy_of(finished)
    (bundle / DUCKDB).unlink()
    with duckdb.connect(str(bundle / DUCKDB), config={"storage_compatibility_version": "latest"}) as db:
        db.execute("create table t (a integer)")
    (finding,) = _findings(bundle, "oldest DuckDB")
    assert finding.startswith(f"{DUCKDB}: DuckDB 1.1.3 cannot read it")


def test_a_missing_client_is_a_failure(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(file: Path) -> OldestAnswer:
        return read_with_oldest(file, client_dir=tmp_path)

    monkeypatch.setattr(number_check, "read_with_oldest", read)
    assert _findings(finished, "oldest DuckDB") == [
        f"{DUCKDB}: DuckDB 1.1.3 is not installed beside this installation; set it up again."
    ]
    with pytest.raises(OldestClientError):
        read(finished / DUCKDB)


def test_numbers_in_all_formats_by_independent_readers(finished: Path) -> None:
    """The value worked out by hand: Germany 2016, 15 tonnes less two percent."""
    with (finished / "data/ILLUSTRATIVE_rpt_observation.csv").open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if (r["indicator"], r["ref_area"]) == ("A02", "DEU")]
    assert [r["obs_value"] for r in rows] == ["15", "14.7", "14.4"]
    table = read_with_oldest(finished / DUCKDB).tables["rpt_observation"].rows
    found = [
        row["obs_value"] for row in table.to_pylist() if (row["indicator"], row["ref_area"]) == ("A02", "DEU")
    ]
    assert found == [15.0, 14.7, 14.4]
    with zipfile.ZipFile(finished / WORKBOOK) as archive:
        sheets = "".join(archive.read(n).decode() for n in archive.namelist() if "worksheets/sheet" in n)
    assert "<v>14.7</v>" in sheets
