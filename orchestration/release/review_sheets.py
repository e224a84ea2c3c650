"""The review sheets of a consultation: one workbook a member State, with that country's own figures only.

What belongs here: which figures a country sees and the layout of the workbook.
What does not: when sheets are made (consult.py), the words (texts/consultation.yaml), the published workbook.

A cell without a value holds [x]; the column null_reason beside it says why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from expectations.report import GateReport
from orchestration.release import names
from orchestration.release.datapackage import PUBLISHER
from orchestration.release.lock_model import Lock
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.names import BundleNames
from orchestration.release.revisions import release_revisions
from orchestration.release.site.facts import LANGUAGES
from orchestration.release.site.texts import Entry, Texts, read_texts
from orchestration.release.workbook import NOT_AVAILABLE

_VALUE_KEY = ["indicator", "breakdown", "ref_area", "time_period"]
_STATUS_KEY = ["indicator", "breakdown", "ref_area", "method", "time_window"]
_FIGURES = (
    *("indicator", "breakdown", "time_period", "obs_value", "unit_measure", "obs_status", "obs_status_raw"),
    *("conf_status", "nature", "source", "vintage", "null_reason", "comment_obs"),
)
_PROGRESS = (
    *("indicator", "breakdown", "method", "time_window", "status", "colour", "reason"),
    *("start_year", "start_value", "end_year", "end_value", "target_value", "target_year"),
)
_CHANGES = ("change", "old_value", "old_status", "reason_code")
READ_ME, FIGURES, PROGRESS = "Read me", "Figures", "Progress"


@dataclass(frozen=True)
class CountryFigures:
    """What one member State is shown. `name` is the country's name by language, its code if there is none."""

    area: str
    name: Mapping[str, str]
    figures: pl.DataFrame
    progress: pl.DataFrame


def sheet_file(release: str, area: str, illustrative: bool) -> str:
    """The file name of a country's sheet."""
    return BundleNames(illustrative).named(f"unece-circularity_review_{release}_{area}.xlsx")


def country_figures(bundle: Path, gate: GateReport, illustrative: bool) -> Iterator[CountryFigures]:
    """What each member State is shown of the bundle, in the order of country codes."""
    data = bundle / names.DATA
    changes = pl.DataFrame(release_revisions(data, bundle / names.COMPARED, gate, illustrative))
    values = _with_changes(_countries(data, "rpt_observation"), changes, "rpt_observation", _VALUE_KEY)
    statuses = _with_changes(_countries(data, "rpt_progress"), changes, "rpt_progress", _STATUS_KEY)
    named = _names(data)
    for area in sorted(values["ref_area"].unique()):
        yield CountryFigures(
            area,
            named.get(area, dict.fromkeys(LANGUAGES, area)),
            _select(values, area, _FIGURES, _VALUE_KEY),
            _select(statuses, area, _PROGRESS, _STATUS_KEY),
        )


def write_sheet(dest: Path, shown: CountryFigures, lock: Lock) -> None:
    """Write the workbook of one member State. The same input gives the same bytes."""
    release, mark = lock.release, f" – {ILLUSTRATIVE_MARK}" if lock.illustrative else ""
    by_language = {language: Texts(language, load_texts()) for language in LANGUAGES}
    titles = {
        language: texts.plain("consultation.title").format(country=shown.name[language], release=release)
        + mark
        for language, texts in by_language.items()
    }
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(dest), options) as book:
        created = datetime.combine(lock.plan.date, time())
        book.set_properties(
            {"title": titles["en"], "author": PUBLISHER, "created": created, "comments": lock.release}
        )
        formats = _Formats(
            book.add_format({"bold": True, "font_size": 14, "valign": "top"}),
            book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        columns = [
            *shown.figures.columns,
            *(c for c in shown.progress.columns if c not in _FIGURES + _CHANGES),
        ]
        _write_read_me(book.add_worksheet(READ_ME), by_language, titles, columns, formats)
        title = f"{shown.area}, {lock.release}{mark}"
        _write_table(book.add_worksheet(FIGURES), title, shown.figures, formats)
        _write_table(book.add_worksheet(PROGRESS), title, shown.progress, formats)


@dataclass(frozen=True)
class _Formats:
    title: Format
    header: Format
    wrap: Format


@cache
def load_texts() -> Mapping[str, Entry]:
    """The words of the review sheets, keyed, in three languages."""
    path = resources.files("orchestration.release") / "texts" / "consultation.yaml"
    return read_texts("consultation", path.read_text(encoding="utf-8"))


def _countries(data: Path, table: str) -> pl.DataFrame:
    """The rows of a table that are a member State's own; none if the plan leaves the table out."""
    path = data / f"{table}.parquet"
    if not path.is_file():
        return pl.DataFrame(schema=dict.fromkeys([*_STATUS_KEY, "status"], pl.String))
    rows = pl.read_parquet(path).filter(pl.col("area_kind") == "country")
    return rows if "ref_area" in rows.columns else rows.rename({"area": "ref_area"})


def _with_changes(rows: pl.DataFrame, changes: pl.DataFrame, table: str, key: list[str]) -> pl.DataFrame:
    """The rows with what changed since the preceding release, and the rows which that release alone had."""
    own = changes.filter((pl.col("table") == table) & (pl.col("area_kind") == "country"))
    own = own.rename({"area": "ref_area"}).select(*key, *_CHANGES)
    return rows.join(own, on=key, how="full", coalesce=True)


def _select(rows: pl.DataFrame, area: str, wanted: tuple[str, ...], key: list[str]) -> pl.DataFrame:
    columns = [name for name in wanted if name in rows.columns]
    return rows.filter(pl.col("ref_area") == area).sort(key).select(*columns, *_CHANGES)


def _names(data: Path) -> dict[str, dict[str, str]]:
    path = data / "rpt_area.parquet"
    if not path.is_file():
        return {}
    rows = pl.read_parquet(path).to_dicts()
    return {r["ref_area"]: {lang: r[f"name_{lang}"] or r["ref_area"] for lang in LANGUAGES} for r in rows}


def _write_read_me(
    sheet: Worksheet,
    by_language: Mapping[str, Texts],
    titles: Mapping[str, str],
    columns: list[str],
    formats: _Formats,
) -> None:
    """Three columns of reading, one a language: title, what to do, then what each column means."""
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, len(LANGUAGES), 60)
    for position, (language, texts) in enumerate(by_language.items(), start=1):
        sheet.write_string(0, position, titles[language], formats.title)
        for row, key in enumerate(("what", "how", "empty"), start=1):
            sheet.write_string(row, position, texts.plain(f"consultation.{key}"), formats.wrap)
        for row, column in enumerate(columns, start=5):
            sheet.write_string(row, 0, column, formats.header)
            sheet.write_string(row, position, texts.plain(f"consultation.columns.{column}"), formats.wrap)


def _write_table(sheet: Worksheet, title: str, rows: pl.DataFrame, formats: _Formats) -> None:
    """Title in A1, the table from A2 with its header; a table of no rows keeps one that says so."""
    content: list[tuple[Any, ...]] = rows.rows() or [(None,) * rows.width]
    sheet.write_string(0, 0, title, formats.title)
    headers = [{"header": name, "header_format": formats.header} for name in rows.columns]
    sheet.add_table(
        1,
        0,
        1 + len(content),
        rows.width - 1,
        {
            "name": sheet.get_name(),
            "autofilter": False,
            "style": "Table Style Light 15",
            "columns": headers,
        },
    )
    sheet.set_column(0, rows.width - 1, 18)
    for row, values in enumerate(content, start=2):
        for position, value in enumerate(values):
            if isinstance(value, int | float):
                sheet.write_number(row, position, value, formats.wrap)
            else:
                sheet.write_string(row, position, NOT_AVAILABLE if value is None else value, formats.wrap)
