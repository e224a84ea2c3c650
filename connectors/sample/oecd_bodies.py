"""The sample's bodies as the OECD would write them: the content constraint, the CSV with labels.

What belongs here: from a declaration and invented cells to bytes. What does not: figures (invented.py), HTTP
(adapter.py).
"""

from __future__ import annotations

import csv
import io
from functools import lru_cache

from connectors.registry import list_datasets
from connectors.sample import world
from connectors.sample.invented import draw_declared
from connectors.sample.world import as_text
from connectors.spec import DatasetSpec

VALID_FROM = {1: "2024-11-20T10:00:00+00:00", 2: "2025-11-19T10:00:00+00:00"}
# Tonnes come in thousands: UNIT_MULT is never nothing but zeros in the real answers either.
_POWERS = {"T": 3}


@lru_cache(maxsize=1)
def oecd_specs() -> dict[str, DatasetSpec]:
    """`<dsd>@<flow>` -> declaration."""
    return {str(spec.code): spec for spec in list_datasets() if spec.protocol == "oecd_sdmx"}


def oecd_constraint(code: str, vintage: int) -> bytes | None:
    """The content constraint of a declared dataflow; None where there is none."""
    if code not in oecd_specs():
        return None
    base = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><message:Structure xmlns:message="{base}message" '
        f'xmlns:structure="{base}structure"><message:Structures><structure:Constraints>'
        f'<structure:ContentConstraint id="CR_A_{code}" validFrom="{VALID_FROM[vintage]}" type="Actual"/>'
        "</structure:Constraints></message:Structures></message:Structure>"
    )
    return text.encode()


@lru_cache(maxsize=8)
def oecd_csv(code: str, vintage: int) -> bytes | None:
    """The whole dataflow as CSV; each code is followed by its label. None where there is none."""
    spec = oecd_specs().get(code)
    if spec is None or spec.dataflow is None:
        return None
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = ["REF_AREA", *spec.dimensions, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MULT"]
    labelled = [text for name in columns for text in (name, name.replace("_", " ").capitalize())]
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", *labelled])
    start = ["DATAFLOW", f"{spec.dataflow.agency}:{code}({spec.dataflow.version})", world.MARK, "I"]
    for row in _rows(spec, vintage):
        writer.writerow(start + [text for name in columns for text in (row[name], world.MARK)])
    return out.getvalue().encode()


def _rows(spec: DatasetSpec, vintage: int) -> list[dict[str, str]]:
    others = tuple(name for name in spec.dimensions if name != "UNIT_MEASURE")
    rows = []
    for cell in draw_declared(spec, "all", others, spec.units["all"], vintage, "all"):
        if cell.country is None:
            continue
        power = _POWERS.get(cell.unit, 0)
        rows.append(
            {
                **dict(zip(others, cell.codes, strict=True)),
                "REF_AREA": cell.country.iso3,
                "UNIT_MEASURE": cell.unit,
                "TIME_PERIOD": str(cell.year),
                "OBS_VALUE": as_text(cell.value / 10**power),
                "OBS_STATUS": "P" if cell.is_provisional else "E" if cell.is_estimated else "A",
                "UNIT_MULT": str(power),
            }
        )
    return rows
