"""One number changed in one format is found; so is a tool that is missing."""

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.release import number_check
from orchestration.release.bundle_check import read_content
from orchestration.release.number_check import check_numbers
from orchestration.release.oldest_duckdb import OldestClientError, read_with_oldest

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


def test_a_number_changed_in_the_duckdb_file_is_found(
    finished: Path, copy_of: Callable[[Path], Path]
) -> None:
    bundle = copy_of(finished)
    with duckdb.connect(str(bundle / DUCKDB)) as db:
        db.execute("update rpt_target set target_value = 14.000000001")
    assert _findings(bundle) == [f"{DUCKDB}: rpt_target row 1, target_value: 14.000000001 instead of 14.0."]


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
    def read(file: Path) -> dict:
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
    table = read_with_oldest(finished / DUCKDB)["tables"]["rpt_observation"]
    names = [name for name, _ in table["columns"]]
    found = [
        row[names.index("obs_value")]
        for row in table["rows"]
        if (row[names.index("indicator")], row[names.index("ref_area")]) == ("A02", "DEU")
    ]
    assert found == [15.0, 14.7, 14.4]
    with zipfile.ZipFile(finished / WORKBOOK) as archive:
        sheets = "".join(archive.read(n).decode() for n in archive.namelist() if "worksheets/sheet" in n)
    assert "<v>14.7</v>" in sheets
