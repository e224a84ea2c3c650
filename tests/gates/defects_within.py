"""One defect a check of level 1: figures, regional values, scores and counts that contradict each other."""

from typing import Any

from tests.gates import pick
from tests.gates.defects import DEU_2016, Defect, also
from tests.gates.release_fixture import Tables, find

POLICY = {"indicator": "P02", "ref_area": "AUT", "time_period": "2016"}


def _parts(tables: Tables, value: float) -> None:
    pick.cell(tables, indicator="P14", ref_area="DEU", time_period="2016", breakdown="ACCTSA").update(
        obs_value=value
    )


def _trade(tables: Tables, area: str, flow: str, **changes: Any) -> None:
    find(tables["rpt_trade_recyclables"], area=area, flow=flow).update(changes)


def _start_from_zero(tables: Tables) -> None:
    """Austria's policy indicator is assessed from the year whose zero may mean missing."""
    row = dict(pick.assessed(tables, "P02", "HRV"), area="AUT", n_points=3, start_year=2016, start_value=0.0)
    tables["rpt_progress"].append(row)


VALUES = [
    Defect(
        "G8.impossible",
        "a recycling rate of 160 percent is published",
        lambda t: pick.cell(t, indicator="W06", ref_area="DEU", time_period="2016").update(
            obs_value=160.0, numerator=None
        ),
        also=also("G4.region", "G5.revision", "G8.limits", "G10.ratio"),
    ),
    Defect(
        "G8.part",
        "one material of a country is more than all its materials",
        lambda t: pick.cell(t, indicator="A04", ref_area="DEU", time_period="2016", breakdown="NMM").update(
            obs_value=9e7
        ),
        also=also("G4.materials", "G5.revision"),
    ),
    Defect(
        "G8.limits",
        "a recycling rate lies a little above 100 percent",
        lambda t: pick.cell(t, indicator="W07", ref_area="ITA", time_period="2016").update(
            obs_value=101.0, numerator=None
        ),
        also=also("G5.revision"),
    ),
    Defect(
        "G8.amounts",
        "a recycling rate is five points above what its own tonnes give",
        lambda t: _shift(pick.cell(t, indicator="W07", ref_area="DEU", time_period="2016"), 5.0),
    ),
    Defect(
        "G8.counts",
        "199 of 479 is printed as 42.5 percent",
        lambda t: find(t["rpt_aggregate"], time_period="2016", agg_rule="MEAN").update(
            coverage_n=0.425, n_countries=199, n_members=479
        ),
        also=also("G18.counted"),
    ),
    Defect(
        "G14.marked",
        "a zero that may mean missing has lost its mark",
        lambda t: pick.cell(t, **POLICY).update(is_zero_ambiguous=False, comment_obs=None),
    ),
    Defect("G14.used", "an assessment starts from a zero that may mean missing", _start_from_zero),
    Defect(
        "G22.free",
        "a confidential figure is published",
        lambda t: pick.cell(t, **DEU_2016).update(conf_status="C"),
    ),
    Defect(
        "G22.empty",
        "a cell marked confidential holds its value",
        lambda t: pick.cell(t, indicator="W05", ref_area="CYP", time_period="2016").update(obs_value=403.0),
        also=also("G22.free"),
    ),
    Defect(
        "G22.recoverable",
        "a regional figure contains the country whose own figure is suppressed",
        lambda t: find(t["rpt_aggregate"], indicator="W05", time_period="2016").update(
            n_countries=16, n_numerator=16, n_denominator=16, coverage_n=16 / 56
        ),
    ),
    Defect(
        "G22.publisher_total",
        "the Union's figure stands beside all its members but the suppressed one",
        lambda t: pick.cell(t, indicator="W05", ref_area="EU27", time_period="2016").update(
            obs_value=410.0, conf_status="F", null_reason=None
        ),
    ),
]


def _shift(row: dict[str, Any], points: float) -> None:
    row["obs_value"] += points


REGIONS = [
    Defect(
        "G3.matched",
        "a ratio of sums has one country more below the line than above it",
        lambda t: pick.headline(t).update(n_denominator=17),
    ),
    Defect(
        "G3.headline",
        "the rate over the population of all members is the headline",
        lambda t: find(t["rpt_aggregate"], time_period="2016", agg_rule="RSUM_FULL").update(is_headline=True),
        also=also("G6.rule", "G6.one"),
    ),
    Defect(
        "G4.region",
        "a regional rate is a tenth larger than its members give",
        lambda t: pick.headline(t).update(obs_value=pick.headline(t)["obs_value"] * 1.1),
    ),
    Defect(
        "G4.parts",
        "two kinds of accounts add up to less than their total",
        lambda t: _parts(t, 1.0),
        also=also("G5.revision"),
    ),
    Defect(
        "G4.net", "net trade is not exports less imports", lambda t: _trade(t, "DEU", "NET", obs_value=13.0)
    ),
    Defect(
        "G4.materials",
        "the four materials of a country add up to a tenth too much",
        lambda t: _scale(t, 1.11),
    ),
    Defect(
        "G6.rule",
        "the registry asks for a mean where a ratio of sums is printed",
        lambda t: pick.indicator(t, "A02").update(agg_rule="MEAN"),
    ),
    Defect(
        "G6.one",
        "two figures of one region and year are the headline",
        lambda t: find(t["rpt_aggregate"], time_period="2016", agg_rule="MEAN").update(is_headline=True),
        also=also("G3.headline", "G6.rule"),
    ),
    Defect(
        "G18.members",
        "the European Union is listed as a member of the region",
        lambda t: t["rpt_region"].append(dict(t["rpt_region"][0], ref_area="EU27")),
    ),
    Defect(
        "G18.counted",
        "a regional figure counts seventeen countries of sixteen",
        lambda t: find(t["rpt_aggregate"], time_period="2016", agg_rule="MEAN").update(
            n_countries=17, coverage_n=17 / 56
        ),
    ),
    Defect(
        "G18.within",
        "Monaco, which reports inside France, has a figure of its own",
        lambda t: t["rpt_observation"].append(
            dict(
                pick.cell(t, indicator="W04", ref_area="MCO"),
                time_period="2015",
                obs_value=1.0,
                null_reason=None,
            )
        ),
    ),
    Defect(
        "G18.trade",
        "trade between members stands in the group's trade with others",
        lambda t: _trade(t, "UNECE", "X", obs_value=31.0),
        also=also("G4.net"),
    ),
]


def _scale(tables: Tables, factor: float) -> None:
    for row in tables["rpt_observation"]:
        if (row["indicator"], row["ref_area"], row["time_period"]) == ("A04", "DEU", "2016"):
            row["obs_value"] *= factor


PROGRESS = [
    Defect(
        "G9.sum",
        "21, 84 and 20 are printed for 126 countries",
        lambda t: t["rpt_regional_progress"][0].update(n_green=21, n_yellow=84, n_red=20, n_members=126),
        also=also("G9.recount"),
    ),
    Defect(
        "G9.recount",
        "a yellow country is counted as green",
        lambda t: t["rpt_regional_progress"][0].update(n_green=1, n_yellow=15),
    ),
    Defect(
        "G9.methods",
        "the colours of two methods are printed as those of three",
        lambda t: t["rpt_agreement"][0].update(n_methods=3, agreement=1 / 3),
    ),
    Defect(
        "G15.country",
        "a country has a colour from one point",
        lambda t: pick.country(t).update(n_points=1),
        also=also("G7.one_point"),
    ),
    Defect(
        "G15.region",
        "a region has a colour from fourteen countries",
        lambda t: pick.region(t).update(n_countries=14),
    ),
    Defect(
        "G21.score", "a score is not the one of its inputs", lambda t: pick.country(t).update(p=24.9, ap=7.51)
    ),
    Defect(
        "G21.status",
        "a country is called on course in spite of its score",
        lambda t: pick.country(t).update(status="maintain", colour="green"),
        also=also("G5.status", "G9.recount"),
    ),
    Defect(
        "G21.band",
        "a status is not the band of its score",
        lambda t: pick.scored(t, "AUT").update(score=2.4),
    ),
    Defect(
        "G21.colour",
        "a yellow status is shown green",
        lambda t: pick.country(t).update(colour="green"),
        also=also("G9.recount"),
    ),
    Defect(
        "G21.headline",
        "a headline rests on a fit across a break",
        lambda t: pick.country(t).update(break_in_fit=True),
    ),
    Defect(
        "G21.table",
        "the printed table shows another colour than was computed",
        lambda t: t["rpt_regional_progress"][0].update(colour="green"),
    ),
]
