"""The worked questions of docs/statisticians.md: taken from the page, run on a release, compared.

What belongs here: finding the code blocks, running SQL and Python as a reader would, telling answers apart.
What does not: which release they run on (tests/e2e), what the page must hold (test_statisticians.py).
"""

import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl

from orchestration.release.schema import ILLUSTRATIVE_PREFIX

PAGE = Path(__file__).resolve().parents[2] / "docs" / "statisticians.md"
BY_HAND = "_by_hand"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
_IMPORTS = {"import polars as pl\n": "polars", "import pandas as pd\n": "pandas"}

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Block:
    """One code block: the heading above it, and `way`, which is sql, polars, pandas or r."""

    question: str
    way: str
    code: str


@dataclass(frozen=True)
class Answer:
    """The columns and rows a block gives, in its own order; a missing value is None."""

    columns: list[str]
    rows: Rows


def blocks() -> list[Block]:
    """Every code block of the page, in its order."""
    pieces = re.split(r"^##+ ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [
        Block(piece.split("\n", 1)[0], _way(language, code), code)
        for piece in pieces
        for language, code in _FENCE.findall(piece)
    ]


def _way(language: str, code: str) -> str:
    if language != "python":
        return str(language)
    return next(way for line, way in _IMPORTS.items() if code.startswith(line))


def unpack(bundle: Path, folder: Path) -> Path:
    """The files of a sample's bundle under the names which the page uses, as links in the new `folder`."""
    for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
        plain = path.relative_to(bundle).with_name(path.name.removeprefix(ILLUSTRATIVE_PREFIX))
        (folder / plain).parent.mkdir(parents=True, exist_ok=True)
        (folder / plain).symlink_to(path)
    return folder


def run(block: Block, folder: Path) -> Answer:
    """What a block of SQL, polars or pandas answers in the folder of a release."""
    with _inside(folder):
        frame = _run_sql(block.code) if block.way == "sql" else _run_python(block.code)
    return Answer(frame.columns, [tuple(_plain(value) for value in row) for row in frame.iter_rows()])


def _run_sql(code: str) -> pl.DataFrame:
    with duckdb.connect("circularity.duckdb", read_only=True) as db:
        return db.sql(code).pl()


def _run_python(code: str) -> pl.DataFrame:
    names: dict[str, Any] = {}
    exec(compile(code, PAGE.name, "exec"), names)
    answer = names["answer"]
    return pl.from_pandas(answer) if isinstance(answer, pd.DataFrame) else answer


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _plain(value: Any) -> Any:
    """pandas has no null among its numbers."""
    return None if isinstance(value, float) and math.isnan(value) else value


def differences(one: Answer, other: Answer) -> list[str]:
    """What tells two answers apart: columns, number of rows, or cells; none if they are the same."""
    if one.columns != other.columns:
        return [f"columns {one.columns} and {other.columns}"]
    if len(one.rows) != len(other.rows):
        return [f"{len(one.rows)} and {len(other.rows)} rows"]
    return [
        f"row {number}, {column}: {a!r} and {b!r}"
        for number, (first, second) in enumerate(zip(one.rows, other.rows, strict=True), start=1)
        for column, a, b in zip(one.columns, first, second, strict=True)
        if not is_same(a, b)
    ]


def is_same(one: Any, other: Any) -> bool:
    """Whether two cells are the same; numbers to 1e-9, because each way adds in its own order."""
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other)]
    return (
        math.isclose(one, other, rel_tol=1e-9) if all(numbers) else type(one) is type(other) and one == other
    )


def wrong_by_hand(answer: Answer) -> list[str]:
    """Where a column `x_by_hand` is not what the published column `x` beside it says."""
    pairs = [(c.removesuffix(BY_HAND), c) for c in answer.columns if c.endswith(BY_HAND)]
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return [
        f"row {number}: {stated} {row[stated]!r}, by hand {row[made]!r}"
        for number, row in enumerate(rows, start=1)
        for stated, made in pairs
        if not is_same(row[stated], row[made])
    ]
