"""A few rows of a table for the asset's page.

Belongs here: rendering. Does not belong here: choosing what is worth showing.
"""

import polars as pl

ROWS = 5
LONGEST_CELL = 40


def render_preview(table: pl.DataFrame) -> str:
    """The first rows of `table` as a Markdown table; long cells are cut, bars escaped."""
    lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * table.width]
    for row in table.head(ROWS).iter_rows():
        lines.append("| " + " | ".join(_cell(value) for value in row) + " |")
    return "\n".join(lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    cut = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
    return cut.replace("|", "\\|").replace("\n", " ")
