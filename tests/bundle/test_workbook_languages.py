"""The workbooks in French and Russian: whole, in their language, with the figures of the English one."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from connectors.errors import CheckError
from orchestration.release.bundle_check import read_content
from orchestration.release.number_check import check_numbers
from orchestration.release.schema import REVISIONS
from orchestration.release.wording import LANGUAGES, say, table_description, table_title
from orchestration.release.workbook_check import check_workbook
from orchestration.release.workbook_names import localise, read_names
from orchestration.release.workbook_read import read_workbook
from tests.gates.release_fixture import DBT_PROJECT, SCHEMAS, as_arrow, clean

OTHERS = LANGUAGES[1:]
TEXTS = DBT_PROJECT.parent / "orchestration" / "release" / "texts"


def name(language: str) -> str:
    return f"ILLUSTRATIVE_tables_{language}.xlsx"


def findings(folder: Path) -> list[str]:
    content = read_content(folder)
    return [str(finding) for finding in (*check_numbers(content), *check_workbook(content))]


def _resave(folder: Path, language: str, change: Callable[[Any], object]) -> None:
    book = openpyxl.load_workbook(folder / name(language))
    change(book)
    book.save(folder / name(language))


@pytest.mark.parametrize(
    ("language", "front"),
    [("fr", ["Couverture", "Sommaire", "Remarques"]), ("ru", ["Обложка", "Содержание", "Примечания"])],
)
def test_words_and_names_are_in_the_language_and_figures_are_the_same(
    finished: Path, language: str, front: list[str]
) -> None:
    book, english = (openpyxl.load_workbook(finished / name(code)) for code in (language, "en"))
    assert book.sheetnames == [*front, *english.sheetnames[3:]]
    assert book["target"]["A1"].value.startswith(table_title(SCHEMAS["rpt_target"], language))
    assert book["target"]["A2"].value.startswith(table_description(SCHEMAS["rpt_target"], language))
    assert {p.name: p.value for p in book.custom_doc_props.props} == {"Language": language}
    header, row = list(book["regional_progress"].iter_rows(min_row=3, max_row=4, values_only=True))
    found = dict(zip(header, row, strict=True))
    assert found[f"region_name_{language}"] == {"fr": "UNECE (fr)", "ru": "Регион UNECE (ru)"}[language]
    title = {"fr": "Material use per person (fr)", "ru": "Показатель Material use per person (ru)"}
    assert found[f"title_{language}"] == title[language]
    assert "title_en" not in found
    for sheet in ("observation", "target", "revisions"):
        rows, wanted = (list(b[sheet].iter_rows(min_row=3, values_only=True)) for b in (book, english))
        assert rows == wanted
    assert findings(finished) == []


def test_every_published_table_has_title_and_description_in_every_language() -> None:
    for schema in (*SCHEMAS.values(), REVISIONS):
        for language in OTHERS:
            assert table_title(schema, language)
            assert table_description(schema, language) not in ("", schema.description)
    named = yaml.safe_load((TEXTS / "tables.yaml").read_text(encoding="utf-8"))
    assert set(named) == {*SCHEMAS, REVISIONS.name}


def test_a_missing_word_is_an_error_and_never_english() -> None:
    with pytest.raises(CheckError, match=r"workbook\.nothing is missing in fr"):
        say("workbook", "nothing", "fr")
    stranger = SCHEMAS["rpt_target"].__class__("rpt_new", "New", "x", ("a",), ())
    with pytest.raises(CheckError, match=r"tables\.rpt_new\.title is missing in ru"):
        table_title(stranger, "ru")


@pytest.mark.parametrize("file", ["workbook", "catalogue", "changes"])
def test_every_text_has_the_same_parameters_in_every_language(file: str) -> None:
    texts = yaml.safe_load((TEXTS / f"{file}.yaml").read_text(encoding="utf-8"))
    for key, by_language in texts.items():
        assert set(by_language) == set(LANGUAGES), key
        used = {language: set(_parameters(text)) for language, text in by_language.items()}
        assert used["fr"] == used["ru"] == used["en"], key


def _parameters(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]


def test_a_name_that_is_missing_in_a_language_is_an_error() -> None:
    schema = SCHEMAS["rpt_availability"]
    table = as_arrow([{"indicator": "A02", "ref_area": "XYZ", "ref_area_name_en": "Nowhere"}], schema)
    tables = {"rpt_area": as_arrow(clean()["rpt_area"], SCHEMAS["rpt_area"])}
    with pytest.raises(CheckError, match="XYZ has a name in English and none in fr"):
        localise(schema, table, read_names(tables, "fr"))
    nameless = as_arrow([{"indicator": "A02", "ref_area": "XYZ"}], schema)
    _, found = localise(schema, nameless, read_names(tables, "fr"))
    assert found.column("ref_area_name_fr").to_pylist() == [None]


def test_without_the_table_of_names_the_heading_says_that_names_are_english() -> None:
    schema = SCHEMAS["rpt_availability"]
    table = as_arrow([{"indicator": "A02", "ref_area": "FRA", "ref_area_name_en": "France"}], schema)
    assert localise(schema, table, read_names({}, "fr")) == (schema, table)


def test_a_table_with_all_its_languages_is_the_same_in_every_workbook() -> None:
    schema = SCHEMAS["rpt_indicator"]
    table = as_arrow(clean()["rpt_indicator"], schema)
    names = read_names({"rpt_indicator": table}, "ru")
    assert localise(schema, table, names) == (schema, table)


@pytest.mark.parametrize("language", OTHERS)
def test_sheets_of_the_same_bytes_are_read_once(finished: Path, language: str) -> None:
    english = read_workbook(finished / name("en"))
    other = read_workbook(finished / name(language), english)
    whole = read_workbook(finished / name(language))
    assert other.sheets == whole.sheets  # what is taken over is what would have been read
    shared = {sheet for sheet in other.sheets if _is_shared(other, english, sheet)}
    assert {"observation", "target", "revisions", "indicator"} <= shared
    assert "regional_progress" not in shared


def _is_shared(one: Any, other: Any, sheet: str) -> bool:
    return sheet in other.sheets and one.sheets[sheet].columns is other.sheets[sheet].columns


def _swap_text(folder: Path, language: str, old: str, new: str) -> None:
    """Change a shared string only: the sheets keep their bytes."""
    path = folder / name(language)
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    strings = parts["xl/sharedStrings.xml"].decode("utf-8")
    assert f">{old}<" in strings
    parts["xl/sharedStrings.xml"] = strings.replace(f">{old}<", f">{new}<", 1).encode("utf-8")
    with zipfile.ZipFile(path, "w") as archive:
        for part, raw in parts.items():
            archive.writestr(part, raw)


DEFECTS: list[tuple[Callable[[Path, str], object], str]] = [
    (lambda f, code: (f / name(code)).unlink(), "is missing"),
    (lambda f, code: _resave(f, code, lambda b: b["target"].__setitem__("F4", "x")), "sheet target row 1"),
    (
        lambda f, code: _resave(f, code, lambda b: b["target"].__setitem__("A3", "x")),
        "target has other columns",
    ),
    (lambda f, code: _resave(f, code, lambda b: b.remove(b["target"])), "has no sheet target"),
    (
        lambda f, code: _resave(f, code, lambda b: b["regional_progress"].__setitem__("B4", "UNECE region")),
        "'UNECE region' instead of '",
    ),
    (lambda f, code: _swap_text(f, code, "t/cap", "kg/cap"), "unit_measure: 'kg/cap' instead of 't/cap'"),
    (
        lambda f, code: _resave(f, code, lambda b: b.worksheets[1].__setitem__("C4", "Regional progress")),
        "'Regional progress' instead of",
    ),
    (
        lambda f, code: _resave(f, code, lambda b: b.custom_doc_props.props.clear()),
        "does not state its language",
    ),
    (lambda f, code: _resave(f, code, lambda b: b["target"].merge_cells("A1:B1")), "has merged cells"),
]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(("defect", "sentence"), DEFECTS, ids=[f"{n}-{d[1]}" for n, d in enumerate(DEFECTS)])
def test_each_defect_is_found(
    finished: Path,
    copy_of: Callable[[Path], Path],
    language: str,
    defect: Callable[[Path, str], object],
    sentence: str,
) -> None:
    folder = copy_of(finished)
    defect(folder, language)
    found = [text for text in findings(folder) if text.startswith(name(language))]
    assert any(sentence in text for text in found), found


def test_a_hidden_row_below_the_same_figures_is_found(
    finished: Path, copy_of: Callable[[Path], Path]
) -> None:
    folder = copy_of(finished)
    _resave(folder, "fr", lambda b: setattr(b["target"].row_dimensions[4], "hidden", True))
    assert any("sheet target has hidden rows" in text for text in findings(folder))


def test_rows_in_another_spelling_are_read_for_themselves(tmp_path: Path) -> None:
    """Two workbooks of the same sheet bytes, whose cells point to texts as XlsxWriter never writes it."""
    import xlsxwriter

    for file, text in (("en.xlsx", "one"), ("fr.xlsx", "two")):
        with xlsxwriter.Workbook(str(tmp_path / file)) as book:
            sheet = book.add_worksheet("s")
            sheet.write_string(0, 0, "title")
            sheet.write_row(2, 0, ["a"])
            sheet.write_string(3, 0, text)
        with zipfile.ZipFile(tmp_path / file) as archive:
            parts = {part: archive.read(part) for part in archive.namelist()}
        part = "xl/worksheets/sheet1.xml"
        assert b' t="s"' in parts[part]
        parts[part] = parts[part].replace(b' t="s"', b" t='s'")
        with zipfile.ZipFile(tmp_path / file, "w") as archive:
            for one, raw in parts.items():
                archive.writestr(one, raw)
    english = read_workbook(tmp_path / "en.xlsx")
    assert read_workbook(tmp_path / "fr.xlsx", english).sheets["s"].columns == [["two"]]
    assert english.sheets["s"].columns == [["one"]]
