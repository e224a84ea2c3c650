"""No row of a data set whose terms forbid it is in a bundle: of UN Comtrade above all.

What belongs here: that check on the finished tables. What does not: the terms (connectors/datasets,
lock.json), deriving figures from such rows, and the same rule inside the warehouse (dbt_project/).
Every other format is compared with these tables cell by cell (number_check.py and the formats' own checks).
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.lock_model import read_lock

CHECK = "withheld rows"
_BY_ROW = frozenset(
    {"partner", "partner_code", "partner_area", "product", "product_code", "hs_code", "cmd_code", "commodity"}
)
"""Columns by which a table would state trade row by row, as its provider does."""
_PARTS, _LEAST_PARTS = "n_parts", 2
_SINGLE_FLOWS = ("X", "M")


def check_withheld(content: Content) -> Iterator[Finding]:
    """No cell of a table names a withheld source, no column splits trade, no sum has one part."""
    lock = read_lock(content.folder / names.LOCK)
    withheld = sorted(dataset.key for dataset in lock.datasets if not dataset.rows_may_appear)
    if not withheld:
        return
    for name, table in content.tables.items():
        file = content.files.parquet(name)
        yield from (Finding(CHECK, file, sentence) for sentence in _sources(table, withheld))
        for column in sorted(_BY_ROW & set(table.column_names)):
            yield Finding(CHECK, file, f"states figures by {column}, as rows of {', '.join(withheld)} do.")
        yield from (Finding(CHECK, file, sentence) for sentence in _single_parts(table))


def _sources(table: pa.Table, withheld: list[str]) -> Iterator[str]:
    """Cells which say that a row was taken over; "derived:" before a source says that none was."""
    for field in table.schema:
        if not pa.types.is_string(field.type):
            continue
        said = pc.unique(table.column(field.name)).drop_null().to_pylist()
        sources = {source.strip() for text in said if "/" in text for source in text.split(";")}
        for key in withheld:
            if any(source == key or source.startswith(f"{key}/") for source in sources):
                yield f"holds rows of {key} (column {field.name}), whose terms forbid it."


def _single_parts(table: pa.Table) -> Iterator[str]:
    """A sum over a single product or reporter is a row of the provider. NET stands beside both its parts."""
    if not {_PARTS, "flow", "obs_value"} <= set(table.column_names):
        return
    is_single = pc.less(pc.fill_null(table.column(_PARTS), 0), _LEAST_PARTS)
    is_amount = pc.fill_null(pc.not_equal(table.column("obs_value"), 0.0), False)
    is_flow = pc.is_in(table.column("flow"), pa.array(_SINGLE_FLOWS))
    count = pc.sum(pc.and_(pc.and_(is_single, is_amount), is_flow)).as_py()
    if count:
        yield f"shows {count} sums of a single part, which may be rows of the source."
