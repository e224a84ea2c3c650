"""One defect a check of the levels 2 to 4: against the last release, between sources, between domains."""

from typing import Any

from tests.gates import pick
from tests.gates.defects import DEU_2016, Defect, also
from tests.gates.release_fixture import RELEASE, Tables, aggregate

EST_2016 = {"indicator": "A01", "ref_area": "EST", "time_period": "2016"}


def _withhold(tables: Tables) -> None:
    """With Estonia three of 48 figures are withheld, 6.25 percent; the limit is 5."""
    for area in ("AUT", "BEL"):
        gone = {"indicator": "A01", "ref_area": area, "time_period": "2016"}
        pick.cell(tables, **gone).update(obs_value=None, null_reason="GATE_BLOCKED")
        tables["rpt_magnitude"].append(dict(tables["rpt_magnitude"][0], **gone))


def _multiply(factor: float, **keys: Any) -> Any:
    def harm(tables: Tables) -> None:
        row = pick.cell(tables, **keys)
        for name in ("obs_value", "numerator"):
            row[name] = None if row.get(name) is None else row[name] * factor

    return harm


def _shift_rhythm(tables: Tables) -> None:
    for row in tables["rpt_observation"]:
        if row["indicator"] == "W18":
            asked = row["time_period"] != "2016"
            row.update(
                obs_value=30.0 if asked else None,
                numerator=None,
                denominator=None,
                null_reason=None if asked else "OFF_GRID",
            )
    tables["rpt_aggregate"] = [row for row in tables["rpt_aggregate"] if row["indicator"] != "W18"]


def _zeros(tables: Tables) -> None:
    for row in tables["rpt_observation"]:
        if (row["indicator"], row["time_period"]) == ("W04", "2017") and row["ref_area"] < "CZE":
            row["obs_value"] = 0.0


AGAINST_LAST = [
    Defect("G1.share", "more than five percent of an indicator is withheld", _withhold),
    Defect("G1.listed", "a withheld figure is in no list", lambda t: t["rpt_magnitude"].clear()),
    Defect(
        "G1.release",
        "a country's waste is a thousand times what it was in the last release",
        _multiply(1000.0, indicator="W04", ref_area="DEU", time_period="2016"),
        also=also("G5.revision", "G10.ratio"),
    ),
    Defect(
        "G5.revision",
        "a figure moved by a quarter",
        before=_multiply(0.8, indicator="W07", ref_area="DEU", time_period="2016"),
    ),
    Defect(
        "G5.status",
        "a country was on course in the last release and has to accelerate in this one",
        before=lambda t: pick.country(t).update(status="maintain", colour="green"),
    ),
    Defect(
        "G5.source",
        "a source lost many of its countries",
        lambda t: pick.dataset(t).update(source_warnings="S08 lost many of its countries"),
    ),
    Defect(
        "G12.marked",
        "a country that was not asked in a year is called missing",
        lambda t: pick.cell(t, indicator="W18", ref_area="DEU", time_period="2015").update(
            null_reason="NOT_REPORTED"
        ),
    ),
    Defect(
        "G12.regional",
        "a regional figure rests on the few countries of a year without a survey",
        lambda t: t["rpt_aggregate"].append(
            aggregate("W18", "2015", "MEDIAN", 30.0, 1) | {"illustrative": True}
        ),
        also=also("G4.region"),
    ),
    Defect(
        "G12.rhythm",
        "the years of the survey are the odd ones now",
        _shift_rhythm,
        also=also("G19.country_loss"),
    ),
    Defect(
        "G13.release",
        "the last release gave a series in another price base",
        before=lambda t: _unit(t, "W04", "t_2010"),
    ),
    Defect("G14.rate", "many figures turned into zeros", _zeros, also=also("G5.revision")),
    Defect(
        "G17.frozen",
        "a target moved with the figure it rests on",
        lambda t: t["rpt_target"][0].update(
            target_value=13.5, target_value_current=13.5, frozen_vintage=RELEASE
        ),
    ),
]


def _unit(tables: Tables, indicator: str, unit: str) -> None:
    for row in tables["rpt_observation"]:
        if row["indicator"] == indicator:
            row["unit_measure"] = unit


BETWEEN = [
    Defect(
        "G10.ratio",
        "two producers give a country three times as much waste as each other",
        _multiply(3.0, indicator="W04", ref_area="DEU", time_period="2016"),
        before=_multiply(3.0, indicator="W04", ref_area="DEU", time_period="2016"),
    ),
    Defect(
        "G1.anchor",
        "a figure per person is in tonnes of the whole country, in both releases",
        _multiply(6e6, **DEU_2016),
        before=_multiply(6e6, **DEU_2016),
        also=also("G4.region"),
    ),
    Defect(
        "G1.ratio",
        "a rate is three times its numerator over its denominator, in both releases",
        lambda t: pick.cell(t, indicator="W18", ref_area="DEU", time_period="2016").update(obs_value=90.0),
        before=lambda t: pick.cell(t, indicator="W18", ref_area="DEU", time_period="2016").update(
            obs_value=90.0
        ),
    ),
    Defect(
        "G11.elasticity",
        "an elasticity rests on a change of GDP below one percent",
        lambda t: pick.decoupling(t, "ITA").update(elasticity=3.3),
    ),
    Defect(
        "G11.class",
        "a class of decoupling rests on a change of GDP below one percent",
        lambda t: pick.decoupling(t, "ITA").update(decoupling_class="recessive_coupling"),
    ),
    Defect(
        "G11.strict",
        "a class by the stricter bound rests on a change of GDP below two percent",
        lambda t: pick.decoupling(t, "FRA").update(decoupling_class_strict="weak_decoupling"),
    ),
]
