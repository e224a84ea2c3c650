"""Eurostat's three formats as one: SDMX-CSV, TSV and JSON-stat of the same data give the same cells.

What belongs here: columns, flags of both vocabularies, units bound to a measure. What does not: asking
(eurostat.py), reading the bytes of a format (csv_table.py, tsv.py, jsonstat.py), shared rules (rows.py).

To be equal, what only one format says is said the same way: ":" and an empty cell are both "no value", and
"F", free, is the confidentiality nobody needs to mention.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from connectors.coded import mapped
from connectors.errors import quote
from connectors.protocols.base import Fail, canonical_dimensions, compare_columns
from connectors.protocols.csv_table import read_csv
from connectors.protocols.eurostat_catalogue import read_time
from connectors.protocols.jsonstat import read_jsonstat
from connectors.protocols.rows import Rules
from connectors.protocols.tsv import read_tsv
from connectors.spec import DatasetSpec
from connectors.status import vocabularies

RULES = Rules(missing=frozenset({""}), flags="eurostat_flag", small_when_n=True)
# On 27 January 2025 one list of flags became two: s became i, z became m, c moved to CONF_STATUS.
CHANGED = "2025-01-27"
OLD_LETTERS, NEW_LETTERS = frozenset("scz"), frozenset("im")
# The quantities of Comext, which are confused most easily: 100 kg beside kg.
COMEXT_QUANTITIES = {"QUANTITY_IN_100KG": "100KG", "QUANTITY_KG": "KG"}
_OBSERVATION = ("TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS")
_JSON_STATUS = r"^([^|]*)\|?(.*)$"


def read_sdmx_csv(data: bytes, spec: DatasetSpec, fail: Fail) -> tuple[pl.DataFrame, str | None]:
    """SDMX-CSV 1.0 as `_line`, the dimensions and an observation's four columns; the time of its update."""
    frame = read_csv(data, fail, text=("OBS_VALUE",))
    columns = frame.columns[3:]
    if "TIME_PERIOD" in columns:
        _refuse_new_dimension(frame, columns[: columns.index("TIME_PERIOD")], spec, fail)
    required = ["DATAFLOW", "LAST UPDATE", *spec.dimensions, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG"]
    compare_columns(frame.columns[1:], required, ["CONF_STATUS"], fail)
    flows, updates = frame["DATAFLOW"].unique().sort(), frame["LAST UPDATE"].unique().sort()
    for flow in flows:
        _check_code(flow.removeprefix("ESTAT:").partition("(")[0], "DATAFLOW", spec, fail)
    if len(updates) > 1:
        what = f"mixes {len(updates)} times of last update in one answer"
        fail(what, "refresh again", field="LAST UPDATE", value=", ".join(updates[:2]), transient=True,
             fault="T13")  # fmt: skip
    if "CONF_STATUS" not in frame.columns:
        frame = frame.with_columns(CONF_STATUS=pl.lit(""))
    frame = frame.select("_line", *spec.dimensions, *_OBSERVATION)
    return frame, read_time(updates[0]) if len(updates) else None


def read_wide_tsv(data: bytes, spec: DatasetSpec, fail: Fail) -> tuple[pl.DataFrame, str | None]:
    """TSV as `read_sdmx_csv` gives it. TSV does not say when it was updated."""
    frame = read_tsv(data, fail)
    _refuse_new_dimension(frame, frame.columns[1:-4], spec, fail)
    compare_columns(frame.columns[1:], [*spec.dimensions, *_OBSERVATION], [], fail)
    return frame.select("_line", *spec.dimensions, *_OBSERVATION), None


def read_json_stat(data: bytes, spec: DatasetSpec, fail: Fail) -> tuple[pl.DataFrame, str | None]:
    """JSON-stat as `read_sdmx_csv` gives it. Codes asked for and dropped in silence are a fault."""
    cube = read_jsonstat(data, fail)
    _refuse_new_dimension(cube.cells, list(cube.dimensions[:-1]), spec, fail)
    compare_columns(list(cube.dimensions), [*spec.dimensions, "time"], [], fail)
    extension = cube.facts.get("extension")
    _check_code(
        str(extension.get("id", "")) if isinstance(extension, dict) else "", "extension.id", spec, fail
    )
    for name in set(spec.query) & set(spec.dimensions):
        if spec.query[name] not in cube.codes[name]:
            step = "check the code: Eurostat drops unknown codes without a word"
            fail("left out a code that was asked for", step, field=name, value=spec.query[name], fault="S03")
    frame = cube.cells.rename({"time": "TIME_PERIOD", "value": "OBS_VALUE"}).with_columns(
        OBS_FLAG=pl.col("status").str.extract(_JSON_STATUS, 1).fill_null(""),
        CONF_STATUS=pl.col("status").str.extract(_JSON_STATUS, 2).fill_null(""),
    )
    updated = read_time(str(cube.facts.get("updated", "")))
    return frame.select("_line", *spec.dimensions, *_OBSERVATION), updated


READERS: Mapping[str, Callable[[bytes, DatasetSpec, Fail], tuple[pl.DataFrame, str | None]]] = {
    "SDMX-CSV": read_sdmx_csv,
    "TSV": read_wide_tsv,
    "JSON": read_json_stat,
}


def to_cells(frame: pl.DataFrame, updated: str | None, spec: DatasetSpec, fail: Fail) -> pl.DataFrame:
    """The `Cells` of rows.py. `updated` decides which vocabulary of flags may occur. Raises SourceError."""
    if frame.is_empty():
        step = "check whether the code still exists; empty means unknown, never zero"
        fail("answered no rows", step, value="0 rows", fault="T14")
    area = "geo" if "geo" in spec.dimensions else "reporter"
    value = frame["OBS_VALUE"]
    colons = value.str.starts_with(":").arg_true()
    if len(colons):
        value = value.scatter(colons, value.gather(colons).str.replace(r"^:\s*$", ""))
    cells = frame.select(
        "_line",
        series=pl.lit(spec.code),
        ref_area=area,
        time_period="TIME_PERIOD",
        dimensions=canonical_dimensions(frame, {name: name for name in spec.dimensions if name != area}),
        value=value,
        unit_measure=_units(frame, spec, fail),
        flags=mapped(frame["OBS_FLAG"], str.strip),
        conf=mapped(frame["CONF_STATUS"], lambda text: "" if text.strip() == "F" else text.strip()),
        nature=pl.lit("UNKNOWN"),
        comment_obs=pl.lit(None, dtype=pl.String),
    )
    _check_flags(cells["flags"].unique().to_list(), updated, fail)
    return cells


def _refuse_new_dimension(frame: pl.DataFrame, found: list[str], spec: DatasetSpec, fail: Fail) -> None:
    """A table that gained a dimension needs a person's choice; columns lost or renamed are another fault."""
    new = [name for name in found if name not in spec.dimensions]
    if new and set(spec.dimensions) <= set(found):
        codes = sorted(map(str, frame[new[0]].unique().to_list()))
        what = f"has a new dimension {quote(new[0])} with {len(codes)} codes"
        step = "decide which of its codes to use, then declare the dimension"
        fail(what, step, field=new[0], value=", ".join(codes[:10]), fault="P08")


def _units(frame: pl.DataFrame, spec: DatasetSpec, fail: Fail) -> pl.Series:
    """The unit of each row: its column, or what the declaration binds to its measure. Never a default."""
    if spec.measures is None:
        return frame["unit"]
    name, units = spec.measures.dimension, spec.measures.units
    for measure in frame[name].unique().sort():
        unit, fixed = units.get(measure), COMEXT_QUANTITIES.get(measure)
        if unit is None:
            step = f"find out its unit, then declare it in measures (declared: {', '.join(units)})"
            fail("has a measure without a declared unit", step, field=name, value=measure, fault="V09")
        if fixed not in (None, unit):
            what, step = f"declares a measure in {unit} that is in {fixed}", "correct the declaration"
            fail(what, step, field=name, value=measure, fault="V09")
    return mapped(frame[name], units.__getitem__)


def _check_flags(found: list[str], updated: str | None, fail: Fail) -> None:
    """Refuse unknown letters, and letters that the date or their neighbours rule out.

    New letters may stand in tables last updated before the change: Eurostat recoded what it had. An old
    letter cannot stand in a table updated after it, nor beside a new one.
    """
    letters = {letter for flags in found for letter in flags if not letter.isspace()}
    shared = set(vocabularies()["eurostat_flag"]) - OLD_LETTERS - NEW_LETTERS
    old, new = letters & OLD_LETTERS, letters & NEW_LETTERS
    unknown = letters - shared - OLD_LETTERS - NEW_LETTERS
    if unknown:
        wrong, what = unknown, "uses an unknown flag"
    elif old and new:
        wrong, what = old | new, f"mixes flags from before and after {CHANGED}"
    elif old and updated is not None and updated[:10] > CHANGED:
        wrong, what = old, f"uses a flag abolished on {CHANGED} in a table updated on {updated[:10]}"
    else:
        return
    lists = [" ".join(sorted(shared | more)) for more in (OLD_LETTERS, NEW_LETTERS)]
    fail(
        f"{what} (before {CHANGED}: {lists[0]}; since then: {lists[1]})",
        "the code list has changed: review it, then change reference/obs_status.csv",
        field="OBS_FLAG",
        value=" ".join(sorted(wrong)),
        fault="V04",
    )


def _check_code(found: str, field: str, spec: DatasetSpec, fail: Fail) -> None:
    if found.upper() != str(spec.code).upper():
        fail("answered another data set", "report it to the provider", field=field, value=found, fault="T04")
