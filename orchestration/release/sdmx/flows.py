"""The data flows of a release: which table is a flow, and what each of its columns is in SDMX's terms.

What belongs here: dimensions, measure, attributes and code lists of a flow, read from the table's schema.
What does not: writing a format (structure.py, data.py), the tables (dbt_project/models/release).
"""

from collections.abc import Collection
from dataclasses import dataclass

from orchestration.release.schema import Column, TableSchema
from orchestration.release.workbook import FINGERPRINTS

AGENCY = "UNECE"
VERSION = "1.0"
TIME, MEASURE = "TIME_PERIOD", "OBS_VALUE"
MISSING_NUMBER, MISSING_TEXT = "NaN", "#N/A"
"""SDMX-CSV 2.0 leaves no cell empty where a value is missing."""

CODE_LISTS = {
    "freq": "CL_FREQ",
    "ref_area": "CL_AREA",
    "region": "CL_REGION",
    "indicator": "CL_INDICATOR",
    "breakdown": "CL_BREAKDOWN",
    "agg_rule": "CL_AGG_RULE",
    "panel": "CL_PANEL",
    "area_kind": "CL_AREA_KIND",
    "obs_status": "CL_OBS_STATUS",
    "conf_status": "CL_CONF_STATUS",
    "nature": "CL_NATURE",
    "null_reason": "CL_NULL_REASON",
}
"""Column: the list its codes stand in. A column that is not named here is free text or a number; units
hold signs (%, /) which SDMX allows in no code."""


@dataclass(frozen=True)
class Flow:
    """One data flow: `id` in the registry's sense, `file` below sdmx/, the table it states."""

    id: str
    file: str
    table: str

    @property
    def urn(self) -> str:
        """AGENCY:ID(VERSION), as STRUCTURE_ID writes it."""
        return f"{AGENCY}:{self.id}({VERSION})"

    @property
    def structure_id(self) -> str:
        """Id of its data structure definition."""
        return f"DSD_{self.id}"


STRUCTURE = "structure.xml"
"""The file beside the flows which describes them."""

FLOWS = (
    Flow("CIRCULARITY_OBS", "observations.csv", "rpt_observation"),
    Flow("CIRCULARITY_AGG", "aggregates.csv", "rpt_aggregate"),
)


def flows_of(tables: Collection[str]) -> tuple[Flow, ...]:
    """The flows of a release that publishes `tables`."""
    return tuple(flow for flow in FLOWS if flow.table in tables)


def dimensions(schema: TableSchema) -> tuple[Column, ...]:
    """The columns that identify an observation, time last; the frequency leads where the table has it."""
    names = [name for name in schema.primary_key if name != TIME.lower()]
    leading = ["freq"] if "freq" in schema.column_names else []
    return tuple(schema.column(name) for name in (*leading, *names, TIME.lower()))


def attributes(schema: TableSchema) -> tuple[Column, ...]:
    """Every other column but the measure and the fingerprints, which CSV and Parquet hold."""
    taken = {column.name for column in dimensions(schema)} | {MEASURE.lower()}
    return tuple(c for c in schema.columns if c.name not in taken and c.name not in FINGERPRINTS)


def stated_columns(schema: TableSchema) -> tuple[Column, ...]:
    """Dimensions, measure and attributes, in the order of the file."""
    return (*dimensions(schema), schema.column(MEASURE.lower()), *attributes(schema))
