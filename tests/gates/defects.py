"""One defect a check: what is done to a sound release, and which checks have to see it.

Belongs here: checks of level 0, and how a defect is described. Those of level 1 stand in defects_within.py
and defects_edges.py, those of the levels 2 to 4 in defects_compared.py. Does not: running the gate
(judge.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.gates import pick
from tests.gates.release_fixture import PLANNED, Tables, find

Harm = Callable[[Tables], Any]
DEU_2016: dict[str, Any] = {"indicator": "A02", "ref_area": "DEU", "time_period": "2016"}


def nothing(tables: Tables) -> None:
    """No harm."""


@dataclass(frozen=True)
class Defect:
    """`harm` is done to the release, `before` to the preceding one; `also` names other checks that see it."""

    check: str
    words: str
    harm: Harm = nothing
    before: Harm = nothing
    also: frozenset[str] = frozenset()
    planned: tuple[str, ...] = PLANNED


def also(*checks: str) -> frozenset[str]:
    """The other checks that see a defect."""
    return frozenset(checks)


def _rename_material(tables: Tables) -> None:
    for row in tables["rpt_observation"]:
        if row["breakdown"] == "BIM":
            row["breakdown"] = "BIO"


def _lose_countries(tables: Tables) -> None:
    for row in tables["rpt_observation"]:
        if (row["indicator"], row["time_period"]) == ("W07", "2017") and row["ref_area"] > "ESP":
            row.update(obs_value=None, numerator=None, denominator=None, null_reason="NOT_REPORTED")


LEVEL_0 = [
    Defect(
        "G2.kept",
        "the material BIM of the last release is called BIO in this one",
        _rename_material,
        also=also("G2.components", "G19.country_loss"),
    ),
    Defect(
        "G2.components",
        "the registry no longer names the component NMM",
        lambda t: pick.indicator(t, "A04").update(components="BIM;FOF;MEO"),
    ),
    Defect(
        "G2.codes",
        "a figure carries the unknown status X",
        lambda t: pick.cell(t, **DEU_2016).update(obs_status="X"),
    ),
    Defect(
        "G13.series",
        "one figure of material use per person is in kilograms by its unit",
        lambda t: pick.cell(t, **DEU_2016).update(unit_measure="kg/cap"),
        also=also("G13.release"),
    ),
    Defect(
        "G16.texts",
        "the French definition of an indicator is the English one",
        lambda t: pick.indicator(t, "A02").update(definition_fr="Material use per person, as published"),
    ),
    Defect(
        "G19.cap",
        "a data set has as many rows as its service hands out",
        lambda t: pick.dataset(t).update(rows_observed=1000),
    ),
    Defect(
        "G19.planned",
        "a planned data set never came",
        planned=(*PLANNED, "eurostat/env_wasmun"),
    ),
    Defect(
        "G19.complete",
        "a planned data set came without one of its series",
        lambda t: pick.dataset(t).update(missing_parts="EN_MAT_DOMCMPC"),
    ),
    Defect("G19.country_loss", "half of the countries are gone from a year", _lose_countries),
    Defect(
        "G20.unmapped",
        "a row of a data set has an area nobody knows",
        lambda t: pick.dataset(t).update(rows_unmapped=1),
    ),
    Defect(
        "G20.areas",
        "a target is printed for a region that is in no list",
        lambda t: t["rpt_target"][0].update(area="XXX"),
    ),
    Defect(
        "G20.codes",
        "Greece carries the numeric code of Austria",
        lambda t: find(t["rpt_area"], ref_area="GRC").update(m49="001"),
    ),
    Defect(
        "G23.named",
        "a figure names no fingerprint of its file",
        lambda t: pick.cell(t, **DEU_2016).update(snapshot_sha256=None),
        also=also("G23.resolvable"),
    ),
    Defect(
        "G23.resolvable",
        "a figure names a file which the release does not list",
        lambda t: pick.cell(t, **DEU_2016).update(snapshot_sha256="0" * 64),
    ),
    Defect(
        "G23.listed",
        "a data set names nobody to cite",
        lambda t: pick.dataset(t).update(citation=None),
        also=also("G23.resolvable"),
    ),
]
