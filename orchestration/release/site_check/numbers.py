"""Every number of a page that names its cell is that of the release's tables; none that matters is left out.

What belongs here: comparing `<data>` elements with the Parquet tables and with what the reader sees. What
does not: how a number is shaped (site/numbers.py), the other formats (number_check.py).

A `<data>` without a cell counts something. On the pages that recount.py names it is counted anew; elsewhere
only its text is held against its own value. Numbers outside `<data>` are not judged: years, how many
countries a figure's description counts, what a formula or a target's words state, and the letters inside a
drawing; but the ends which the title of a trend prints are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.site.model import has_site
from orchestration.release.site.values import KEYS
from orchestration.release.site_check.expected import wanted_cells
from orchestration.release.site_check.reading import PrintedNumber, SitePage
from orchestration.release.site_check.recount import read_scales, wanted_counts
from orchestration.release.tables import text_column
from orchestration.release.wording import ENGLISH, LANGUAGES

CHECK = "site numbers"
_MARKS = {"en": (",", ".", ""), "fr": ("\u202f", ",", "\u202f"), "ru": ("\u00a0", ",", "\u00a0")}
"""What parts thousands and decimals, and what stands before a percent sign."""
_PRINTED = {
    language: re.compile(rf"(\u2212?)(\d{{1,3}}(?:{group}\d{{3}})*)(?:{re.escape(point)}(\d+))?({space}%)?")
    for language, (group, point, space) in _MARKS.items()
}
_HALF = 0.5000001
"""Half a unit of the last printed place, and a little for the binary number."""

Cells = Mapping[str, str]
"""The text of each cell as the tables state it, by its name."""


def check_site_numbers(content: Content) -> Iterator[Finding]:
    """One finding for each printed number that is not its cell's, or reads otherwise, or is missing."""
    pages = content.site.by_language
    if not has_site(content.tables):
        return
    stated, scales = _stated(content), read_scales(content.tables)
    trends = ((path, _with_values(page.trends, stated)) for path, page in content.site.pages.items())
    for path, numbers in (*_printed(content), *trends):
        for number in numbers:
            if fault := _fault(path.partition("/")[0], number, stated, scales.of(number.cell)):
                yield Finding(CHECK, f"{names.SITE}/{path}", fault)
    if not pages[ENGLISH]:
        return
    wanted, counts = wanted_cells(content.tables), wanted_counts(content.tables)
    for language in LANGUAGES:
        for slug, page in pages[language].items():
            yield from _missing(page, wanted.get(slug, set()), pages[ENGLISH].get(slug))
            if slug in counts:
                yield from _miscounted(page, counts[slug])


def _printed(content: Content) -> Iterator[tuple[str, tuple[PrintedNumber, ...]]]:
    """The numbers of every page and of every figure's file."""
    yield from ((path, page.numbers) for path, page in content.site.pages.items())
    yield from content.site.figures.items()


def _with_values(ends: tuple[PrintedNumber, ...], stated: Cells) -> tuple[PrintedNumber, ...]:
    """What a title prints beside the values of its cells: a title can hold no `<data>`."""
    return tuple(replace(end, value=stated.get(end.cell, "")) for end in ends)


def _fault(language: str, number: PrintedNumber, stated: Cells, scale: float) -> str | None:
    if number.cell and number.cell not in stated:
        return f"prints a number of the cell {number.cell}, which no table has."
    if number.cell and number.value != stated[number.cell]:
        return f"states {number.value} for {number.cell}, where the table has {stated[number.cell]}."
    if not _reads_as(number, language, scale):
        return f"prints {number.text!r} for {number.value}{f' ({number.cell})' if number.cell else ''}."
    return None


def _reads_as(number: PrintedNumber, language: str, scale: float) -> bool:
    """Whether the printed text, read by the rules of the language, is the value rounded to its places.

    A share of one may be printed as a percentage; all else is the value divided by `scale`.
    """
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
    tolerance = _HALF * 10.0 ** -len(fraction)
    is_near = abs(printed - abs(value) / (0.01 if percent else scale)) <= tolerance
    return is_near and (printed != 0) == (value != 0)


def _missing(page: SitePage, wanted: set[str], english: SitePage | None) -> Iterator[Finding]:
    file = f"{names.SITE}/{page.path}"
    printed = [number.cell for number in page.numbers]
    lacking = sorted(wanted - set(printed))
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        yield Finding(CHECK, file, f"does not print {lacking[0]}{more}.")
    if english is not None and sorted(_pairs(page)) != sorted(_pairs(english)):
        yield Finding(CHECK, file, "does not print the numbers of the English page.")


def _miscounted(page: SitePage, wanted: Counter[int]) -> Iterator[Finding]:
    printed = Counter(number.value for number in page.numbers if not number.cell)
    expected = Counter({str(number): count for number, count in wanted.items()})
    if printed != expected:
        lacking, other = (
            sorted((one - two).elements()) for one, two in ((expected, printed), (printed, expected))
        )
        sentence = (
            f"counts {', '.join(other) or 'nothing'} where the tables give {', '.join(lacking) or 'nothing'}."
        )
        yield Finding(CHECK, f"{names.SITE}/{page.path}", sentence)


def _pairs(page: SitePage) -> list[tuple[str, str]]:
    return [(number.cell, number.value) for number in page.numbers]


def _stated(content: Content) -> Cells:
    """Every cell that some page names and a table has, as CSV states it."""
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    ends = ((path, page.trends) for path, page in content.site.pages.items())
    for cell in {number.cell for _, numbers in (*_printed(content), *ends) for number in numbers}:
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
