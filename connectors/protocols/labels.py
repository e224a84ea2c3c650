"""What codes and remarks of a source may be made of; each offence is told by its own name and place.

What belongs here: letters that do harm somewhere behind us: in a spreadsheet, a path, a query, on a screen.
What does not: what a code means (rows.py, dbt), how many rows a table may have.

A distinct text is looked at once. All patterns are linear in the length of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import polars as pl

from connectors.coded import texts_of
from connectors.errors import quote
from connectors.protocols.base import Fail
from connectors.spec import CODE_PATTERN

# C0 controls but blanks, DEL, and what turns the direction of writing around.
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
# What a spreadsheet takes for a formula, behind blanks too, and in the full-width forms; a number is none.
FORMULA = r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]"
# A remark may begin with a dash, a plus or an @, and stays as it is (docs/decisions/0010). Refused is what no
# honest remark begins with, and what a spreadsheet takes for a call of another program: +cmd|'...'!A1.
HARMFUL_REMARK = r"^[\t\r]|^\s*[=\uff1d]|^\s*[+\-@\uff0b\uff0d\uff20][^|]*\|[^!]*!"
_NUMBER = r"^\s*[+-]?[0-9][0-9.,eE]*(\s*%)?\s*$"
# Dimensions whose codes need no closer look.
_HARMLESS = r'^\{("[^"\\]*":"([A-Za-z0-9_][A-Za-z0-9_. -]*)?",?)*\}$'
_STEP = "ask the provider"


def check_texts(cells: pl.DataFrame, fail: Fail) -> None:
    """Refuse codes outside the allowed alphabet, and codes or remarks that could do harm elsewhere.

    `cells` as rows.py describes them, codes in their coded form. Raises SourceError naming the first row.
    """
    for name in ("series", "ref_area"):
        bad = rows_where(cells, name, lambda texts: ~texts.str.contains(CODE_PATTERN) | _holds_dots(texts))
        if bad.height:
            what, fault = judge_code(str(bad[name][0]))
            fail_at(bad, name, what, _STEP, fail, fault)
    texts = texts_of(cells["dimensions"])
    for text in texts.filter(~texts.str.contains(_HARMLESS)):
        for name, code in json.loads(text).items():
            offence = _offence(code) if not _is_plain(code) else None
            if offence is not None:
                bad = cells.filter(pl.col("dimensions") == text)
                fail_at(bad, "dimensions", f"{offence[0]}, {name}", _STEP, fail, offence[1])
    noted = cells.filter(pl.col("comment_obs").is_not_null())
    remark = pl.col("comment_obs").cast(pl.String)
    bad = noted.filter(remark.str.contains(CONTROLS))
    if bad.height:
        fail_at(bad, "comment_obs", "holds a comment with control characters", _STEP, fail, "H14")
    bad = noted.filter(remark.str.contains(HARMFUL_REMARK))
    if bad.height:
        fail_at(bad, "comment_obs", "holds a comment that is a formula", _STEP, fail, "H08")


def judge_code(text: str) -> tuple[str, str]:
    """What is wrong with a code outside the allowed alphabet, and the fault's id."""
    offence = _offence(text)
    if offence is not None:
        return offence
    if ".." in text or "/" in text or "\\" in text:
        return "holds a path in place of a code", "H09"
    return "holds a code outside the allowed alphabet", "H11"


def rows_where(cells: pl.DataFrame, name: str, wrong: Callable[[pl.Series], pl.Series]) -> pl.DataFrame:
    """The rows whose text in the coded column `name` is wrong; each distinct text is looked at once."""
    texts = texts_of(cells[name])
    found = texts.filter(wrong(texts))
    return cells.filter(pl.col(name).is_in(found.to_list())) if len(found) else cells.clear()


def fail_at(rows: pl.DataFrame, name: str, what: str, next_step: str, fail: Fail, fault: str = "") -> None:
    """Refuse, naming the first of the rows and its text in the column `name`."""
    row = rows.row(0, named=True)
    where = f"first: data row {row['_line']}, area {quote(row['ref_area'])}, {quote(row['time_period'])}"
    fail(f"{what} ({where})", next_step, field=name, value=row[name], fault=fault)


def _offence(text: str) -> tuple[str, str] | None:
    if re.search(CONTROLS, text):
        return "holds a control character in a code", "H14"
    if re.search(FORMULA, text) and not re.search(_NUMBER, text):
        return "holds a formula in place of a code", "H08"
    if not text.isascii():
        points = " ".join(f"U+{ord(letter):04X}" for letter in text[:20] if not letter.isascii())
        return f"holds a code that is not plain ASCII ({points})", "H15"
    return None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _holds_dots(texts: pl.Series) -> pl.Series:
    return texts.str.contains("..", literal=True)
