"""Every number that a page prints is the one in the release's tables, and none that matters is left out.

What belongs here: comparing `<data>` elements with the Parquet tables and with what the reader sees. What
does not: how a number is shaped (site/numbers.py), the other formats (number_check.py).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.site.values import KEYS
from orchestration.release.site_check.expected import wanted_cells
from orchestration.release.site_check.reading import PrintedNumber, SitePage
from orchestration.release.tables import text_column
from orchestration.release.wording import ENGLISH, LANGUAGES

CHECK = "site numbers"
_MARKS = {"en": (",", ".", ""), "fr": ("\u202f", ",", "\u202f"), "ru": ("\u00a0", ",", "\u00a0")}
"""What parts thousands and decimals, and what stands before a percent sign."""
_PRINTED = {
    language: re.compile(rf"(\u2212?)(\d{{1,3}}(?:{group}\d{{3}})*)(?:{re.escape(point)}(\d+))?({space}%)?")
    for language, (group, point, space) in _MARKS.items()
}
_MILLION = 1e6
_HALF = 0.5000001
"""Half a unit of the last printed place, and a little for the binary number."""

Cells = Mapping[str, str]
"""The text of each cell as the tables state it, by its name."""


def check_site_numbers(content: Content) -> Iterator[Finding]:
    """One finding for each printed number that is not its cell's, or reads otherwise, or is missing."""
    pages = content.site.by_language
    stated = _stated(content)
    for path, numbers in _printed(content):
        for number in numbers:
            if fault := _fault(path.partition("/")[0], number, stated):
                yield Finding(CHECK, f"{names.SITE}/{path}", fault)
    if not pages[ENGLISH]:
        return
    wanted = wanted_cells(content.tables)
    for language in LANGUAGES:
        for slug, page in pages[language].items():
            yield from _missing(page, wanted.get(slug, set()), pages[ENGLISH].get(slug))


def _printed(content: Content) -> Iterator[tuple[str, tuple[PrintedNumber, ...]]]:
    """The numbers of every page and of every figure's file."""
    yield from ((path, page.numbers) for path, page in content.site.pages.items())
    yield from content.site.figures.items()


def _fault(language: str, number: PrintedNumber, stated: Cells) -> str | None:
    if number.cell and number.cell not in stated:
        return f"prints a number of the cell {number.cell}, which no table has."
    if number.cell and number.value != stated[number.cell]:
        return f"states {number.value} for {number.cell}, where the table has {stated[number.cell]}."
    if not _reads_as(number, language):
        return f"prints {number.text!r} for {number.value}{f' ({number.cell})' if number.cell else ''}."
    return None


def _reads_as(number: PrintedNumber, language: str) -> bool:
    """Whether the printed text, read by the rules of the language, is the value rounded to its places."""
    found = _PRINTED[language].fullmatch(number.text) if language in _PRINTED else None
    if found is None:
        return False
    sign, whole, fraction, percent = found.groups(default="")
    printed = float("".join(filter(str.isdigit, whole)) + "." + (fraction or "0"))
    try:
        value = float(number.value)
    except ValueError:
        return False
    if sign != ("\u2212" if value < 0 else ""):
        return False
    scales = (0.01,) if percent else (1.0, _MILLION)
    tolerance = _HALF * 10.0 ** -len(fraction)
    return any(abs(printed - abs(value) / scale) <= tolerance for scale in scales) and (printed != 0) == (
        value != 0
    )


def _missing(page: SitePage, wanted: set[str], english: SitePage | None) -> Iterator[Finding]:
    file = f"{names.SITE}/{page.path}"
    printed = [number.cell for number in page.numbers]
    lacking = sorted(wanted - set(printed))
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        yield Finding(CHECK, file, f"does not print {lacking[0]}{more}.")
    if english is not None and sorted(_pairs(page)) != sorted(_pairs(english)):
        yield Finding(CHECK, file, "does not print the numbers of the English page.")


def _pairs(page: SitePage) -> list[tuple[str, str]]:
    return [(number.cell, number.value) for number in page.numbers]


def _stated(content: Content) -> Cells:
    """Every cell that some page names and a table has, as CSV states it."""
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for cell in {number.cell for _, numbers in _printed(content) for number in numbers}:
        table, _, rest = cell.partition("|")
        key, _, column = rest.rpartition("|")
        if table in KEYS and table in content.tables and column in content.tables[table].column_names:
            wanted[table, column].add(key)
    found: dict[str, str] = {}
    keys: dict[str, pa.ChunkedArray] = {}
    for (table, column), some in sorted(wanted.items()):
        if table not in keys:
            keys[table] = _keys(table, content.tables[table])
        chosen = pc.is_in(keys[table], pa.array(sorted(some), pa.string()))
        texts = text_column(content.tables[table][column].filter(chosen))
        for key, text in zip(keys[table].filter(chosen).to_pylist(), texts.to_pylist(), strict=True):
            if text is not None:
                found[f"{table}|{key}|{column}"] = text
    return found


def _keys(name: str, table: pa.Table) -> pa.ChunkedArray:
    """The key of every row as a page names it."""
    return pc.binary_join_element_wise(*(table[column].cast(pa.string()) for column in KEYS[name]), ",")
