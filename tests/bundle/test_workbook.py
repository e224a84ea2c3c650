"""The workbook by the rules for spreadsheets; each rule is broken once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table

from orchestration.release.schema import REVISIONS, Column, TableSchema
from orchestration.release.workbook import WorkbookText, cell_values, render_workbook
from orchestration.release.workbook_check import audit_workbook
from orchestration.release.workbook_read import read_workbook
from tests.gates.release_fixture import clean

NAME = "ILLUSTRATIVE_tables_en.xlsx"


@pytest.mark.parametrize(
    ("data_type", "row", "shown"),
    [
        ("double", {"v": 1.5}, 1.5),
        ("double", {"v": 0.0}, 0.0),
        ("double", {"v": None}, "[x]"),
        ("double", {"v": None, "null_reason": "NOT_REPORTED"}, "[x]"),
        ("double", {"v": None, "null_reason": "CONFIDENTIAL"}, "[c]"),
        ("double", {"v": None, "null_reason": "CONF_SECONDARY"}, "[c]"),
        ("double", {"v": None, "null_reason": "CANNOT_EXIST"}, "[z]"),
        ("double", {"v": None, "null_reason": "OFF_GRID"}, "[z]"),
        ("varchar", {"v": None}, "[z]"),
        ("varchar", {"v": "=SUM(A1)"}, "=SUM(A1)"),
        ("boolean", {"v": False}, False),
    ],
)
def test_a_cell_holds_its_value_or_says_why_not(data_type: str, row: dict[str, Any], shown: object) -> None:
    kinds = {"double": pa.float64(), "varchar": pa.string(), "boolean": pa.bool_()}
    columns = {
        name: pa.array([v], pa.string() if name == "null_reason" else kinds[data_type])
        for name, v in row.items()
    }
    (found,) = cell_values(Column("v", data_type, ""), pa.table(columns))
    assert (found, type(found)) == (shown, type(shown))


def test_a_whole_number_a_spreadsheet_cannot_keep_is_a_text() -> None:
    table = pa.table({"v": [10**15, 10**15 + 1, None]})
    assert cell_values(Column("v", "bigint", ""), table) == [10**15, "1000000000000001", "[x]"]


@pytest.mark.parametrize(("status", "shown"), [("A", "A"), ("P", "P [p]"), ("I", "I [e]"), ("B", "B [b]")])
def test_the_status_column_carries_the_marks(status: str, shown: str) -> None:
    assert cell_values(Column("obs_status", "varchar", ""), pa.table({"obs_status": [status]})) == [shown]


def test_sheets_titles_and_properties(finished: Path) -> None:
    book = openpyxl.load_workbook(finished / NAME)
    first = ["regional_progress", "observation"]
    shown = {name.removeprefix("rpt_") for name in clean()} - {"aggregate", "progress"}
    others = sorted(shown - set(first))
    assert book.sheetnames == ["Cover", "Contents", "Notes", *first, *others, "revisions"]
    assert book.properties.created.isoformat() == "2026-03-01T00:00:00"
    assert book.properties.creator == "United Nations Economic Commission for Europe (UNECE)"
    sheet = book["dataset"]
    assert sheet["A1"].value.startswith("Data sets – ILLUSTRATIVE DATA")
    assert sheet.tables["rpt_dataset"].ref.startswith("A3:")
    header = [cell.value for cell in sheet[3]]
    assert header[:3] == ["provider", "dataset", "title"]
    assert "raw_sha256" not in header
    assert _audit(finished / NAME) == []


def test_contents_name_every_table_and_those_which_have_no_sheet(finished: Path) -> None:
    rows = list(openpyxl.load_workbook(finished / NAME)["Contents"].iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("Sheet", "Table", "Title", "Rows")
    assert [row[1] for row in rows[1:]] == [
        "rpt_regional_progress",
        "rpt_observation",
        *sorted(set(clean()) - {"rpt_regional_progress", "rpt_observation", "rpt_aggregate", "rpt_progress"}),
        "revisions",
        "rpt_aggregate",
        "rpt_progress",
    ]
    assert rows[1] == ("regional_progress", "rpt_regional_progress", "Regional progress", 1)
    assert rows[-1] == ("[z]", "rpt_progress", "Progress by area", len(clean()["rpt_progress"]))


@pytest.mark.parametrize(
    "remark", ["- Excludes waste", "@SUM(A1)", "+/- 5 %", "-2+3+x", "=1+1", "https://x.org"]
)
def test_a_remark_is_a_plain_text_whatever_it_begins_with(tmp_path: Path, remark: str) -> None:
    schemas = {
        "rpt_small": TableSchema("rpt_small", "Small", "x", ("note",), (Column("note", "varchar", "x"),))
    }
    table = pa.table({"note": [remark]})
    nothing = pa.table({c.name: pa.array([], pa.string()) for c in REVISIONS.columns})
    text = WorkbookText("t", "2026.1", date(2026, 3, 1), illustrative=False)
    (tmp_path / "x.xlsx").write_bytes(render_workbook({"rpt_small": table}, schemas, nothing, text))
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx")["small"]["A4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (remark, "s", None)


def _audit(path: Path) -> list[str]:
    return list(audit_workbook(read_workbook(path), "en"))


def _formula(book: Any) -> None:
    book["target"]["A4"] = "=1+1"


def _link(book: Any) -> None:
    book["target"]["A4"].hyperlink = "https://example.org"


def _comment(book: Any) -> None:
    book["target"]["A4"].comment = Comment("x", "y")


def _filter(book: Any) -> None:
    table = book["target"].tables["rpt_target"]
    table.autoFilter = AutoFilter(ref=table.ref)


def _second_table(book: Any) -> None:
    sheet = book["target"]
    sheet["A10"], sheet["A11"] = "h", "v"
    sheet.add_table(Table(displayName="second", ref="A10:A11"))


def _footer(book: Any) -> None:
    book["target"].oddFooter.center.text = "page"


def _cursor(book: Any) -> None:
    book["target"].sheet_view.selection[0].activeCell = "B7"


def _pane(book: Any) -> None:
    book["target"].freeze_panes = "A4"


def _set(cell: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book["target"][cell] = value

    return change


def _date(book: Any) -> None:
    book["target"].cell(4, 8).number_format = "yyyy-mm-dd"


BREAKS: list[tuple[Callable[[Any], object], str]] = [
    (_formula, "has a formula or link in A4"),
    (_link, "has a formula or link in A4"),
    (_comment, "no macros, images, charts, comments or outside links"),
    (_filter, "has a filter"),
    (_second_table, "holds 2 marked-up tables"),
    (_footer, "has a header or footer"),
    (_date, "shows numbers in the format yyyy-mm-dd"),
    (_cursor, "does not have its cursor in A1"),
    (_pane, "has frozen or split panes"),
    (_set("A1", None), "has no title in A1"),
    (_set("A4", None), "has an empty cell A4"),
    (_set("A9", "a footnote"), "has cells outside its table"),
    (lambda b: b["target"].merge_cells("A1:B1"), "has merged cells"),
    (lambda b: setattr(b["target"].row_dimensions[4], "hidden", True), "has hidden rows or columns"),
    (lambda b: setattr(b["target"].column_dimensions["A"], "hidden", True), "has hidden rows or columns"),
    (lambda b: setattr(b["target"], "sheet_state", "hidden"), "is hidden"),
    (lambda b: b.create_sheet("blank"), "sheet blank is blank"),
    (lambda b: b.move_sheet("Cover", 2), "does not begin with the sheets"),
    (lambda b: setattr(b, "active", 3), "does not open on its first sheet"),
    (lambda b: setattr(b.properties, "title", None), "states no title or no author"),
    (lambda b: b.custom_doc_props.props.clear(), "does not state its language"),
]


@pytest.mark.parametrize(("break_it", "fault"), BREAKS, ids=[f"{n}-{b[1]}" for n, b in enumerate(BREAKS)])
def test_a_broken_rule_is_found(
    finished: Path, tmp_path: Path, break_it: Callable[[Any], object], fault: str
) -> None:
    book = openpyxl.load_workbook(finished / NAME)
    break_it(book)
    book.save(tmp_path / "broken.xlsx")
    found = _audit(tmp_path / "broken.xlsx")
    assert any(fault in sentence for sentence in found), found
