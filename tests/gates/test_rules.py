"""Bounds and variants of single rules: broken by hand, each has to find exactly that.

One defect a check, run through the whole gate, stands in test_defects.py.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.matrix import fault
from tests.gates import pick
from tests.gates.conftest import RunCheck
from tests.gates.progress_fixture import progress
from tests.gates.release_fixture import PLANNED, RELEASE, Tables, clean, find, observation

Break = Callable[[Tables], Any]


DEU_2016 = {"indicator": "A02", "ref_area": "DEU", "time_period": "2016"}
HEADLINE_KEYS = {"indicator": "A02", "region": "UNECE", "time_period": "2016", "panel": "all"}
DATASET = {"provider": "unsd", "dataset": "sdg_12_2"}
DEU_M1 = {"indicator": "A02", "area": "DEU", "method": "M1"}
UNECE_M1 = {"indicator": "A02", "area": "UNECE", "method": "M1"}
FLAT_ITALY = {"perspective": "production", "area_kind": "country", "area": "ITA", "span_years": 5}

BREAKS: list[tuple[str, Break, dict[str, Any]]] = [
    ("G19.cap", lambda t: pick.dataset(t).update(rows_observed=1000), DATASET),
    (
        "G19.planned",
        lambda t: pick.dataset(t, "sdg_12_c").update(absence_reason=" "),
        {"provider": "unsd", "dataset": "sdg_12_c"},
    ),
    ("G19.planned", lambda t: pick.dataset(t).update(rows_observed=0), DATASET),
    ("G19.planned", lambda t: pick.dataset(t).update(rows_staged=0), DATASET),
    ("G19.complete", lambda t: pick.dataset(t).update(missing_parts="EN_MAT_DOMCMPC"), DATASET),
    ("G19.complete", lambda t: pick.dataset(t).update(is_absent=True, absence_reason="no vintage"), DATASET),
    ("G19.planned", lambda t: t["rpt_dataset"].remove(pick.dataset(t)), DATASET),
    ("G20.unmapped", lambda t: pick.dataset(t).update(rows_unmapped=1), DATASET),
    ("G20.unmapped", lambda t: pick.dataset(t).update(rows_unmapped=None), DATASET),
    ("G20.unmapped", lambda t: pick.dataset(t).update(rows_without_unit=3), DATASET),
    (
        "G20.areas",
        lambda t: t["rpt_target"][0].update(area="XXX"),
        {"in_table": "rpt_target", "area": "XXX", "kind": "region"},
    ),
    ("G20.codes", lambda t: find(t["rpt_area"], ref_area="GRC").update(m49="001"), {"ref_area": "AUT"}),
    ("G23.named", lambda t: pick.cell(t, **DEU_2016).update(source=""), DEU_2016),
    ("G23.named", lambda t: pick.cell(t, **DEU_2016).update(vintage=None), DEU_2016),
    ("G23.named", lambda t: pick.cell(t, **DEU_2016).update(snapshot_sha256=None), DEU_2016),
    (
        "G23.resolvable",
        lambda t: pick.cell(t, indicator="POP", ref_area="DEU", time_period="2016").update(
            snapshot_sha256="0" * 64
        ),
        {"source": "world_bank/sp_pop_totl/POP", "snapshot_sha256": "0" * 64},
    ),
    (
        "G23.resolvable",
        lambda t: pick.cell(t, indicator="POP", ref_area="DEU", time_period="2016").update(
            vintage="2019-01-01.0"
        ),
        {"source": "world_bank/sp_pop_totl/POP", "vintage": "2019-01-01.0"},
    ),
    # Two sources and one fingerprint: the second source has none.
    (
        "G23.resolvable",
        lambda t: pick.cell(t, **DEU_2016).update(snapshot_sha256="a" * 64),
        {"source": "world_bank/sp_pop_totl/A02", "snapshot_sha256": ""},
    ),
    (
        "G23.resolvable",
        lambda t: t["rpt_source"][1].update(retrieved_at=None),
        {"source": "world_bank/sp_pop_totl/A02"},
    ),
    ("G23.resolvable", lambda t: pick.dataset(t).update(licence=None), {"source": "unsd/sdg_12_2/A01"}),
    ("G23.listed", lambda t: pick.dataset(t).update(citation=None), DATASET),
    ("G3.matched", lambda t: pick.headline(t).update(n_denominator=17), HEADLINE_KEYS),
    ("G3.matched", lambda t: pick.headline(t).update(n_countries=15), HEADLINE_KEYS),
    (
        "G3.headline",
        lambda t: find(t["rpt_aggregate"], time_period="2016", agg_rule="RSUM_FULL").update(is_headline=True),
        HEADLINE_KEYS,
    ),
    ("G6.rule", lambda t: find(t["rpt_indicator"], indicator="A02").update(agg_rule="MEAN"), HEADLINE_KEYS),
    (
        "G6.rule",
        lambda t: t["rpt_indicator"].remove(find(t["rpt_indicator"], indicator="A02")),
        HEADLINE_KEYS,
    ),
    (
        "G6.one",
        lambda t: find(t["rpt_aggregate"], time_period="2016", agg_rule="MEAN").update(is_headline=True),
        HEADLINE_KEYS,
    ),
    ("G15.country", lambda t: pick.country(t).update(n_points=1), DEU_M1),
    ("G15.country", lambda t: pick.country(t).update(status="achieved", n_points=0), DEU_M1),
    ("G15.country", lambda t: pick.country(t).update(target_value=None), DEU_M1),
    ("G15.region", lambda t: pick.region(t).update(n_countries=14), UNECE_M1),
    ("G15.region", lambda t: pick.region(t).update(target_value=None), UNECE_M1),
    ("G21.score", lambda t: pick.country(t).update(p=24.9, ap=7.51), DEU_M1),
    ("G21.score", lambda t: pick.country(t).update(ap=2.5), DEU_M1),
    ("G21.status", lambda t: pick.country(t).update(status="maintain", colour="green"), DEU_M1),
    ("G21.status", lambda t: pick.country(t).update(icr=8.0), DEU_M1),
    ("G21.band", lambda t: pick.scored(t, "AUT").update(score=2.4), {"area": "AUT", "method": "M4"}),
    ("G21.band", lambda t: pick.scored(t, "AUT").update(status="achieved", score=2.4), {"area": "AUT"}),
    ("G21.band", lambda t: pick.scored(t, "BEL").update(score=-0.1), {"area": "BEL", "method": "M4"}),
    ("G21.band", lambda t: pick.scored(t, "BGR").update(score=-2.6), {"area": "BGR", "method": "M4"}),
    ("G21.colour", lambda t: pick.country(t).update(colour="green"), DEU_M1),
    ("G21.colour", lambda t: pick.scored(t, "AUT").update(colour="yellow"), {"area": "AUT", "method": "M4"}),
    ("G15.country", lambda t: pick.scored(t, "AUT").update(n_points=1), {"area": "AUT", "method": "M4"}),
    ("G21.colour", lambda t: pick.country(t).update(colour=None), DEU_M1),
    ("G21.headline", lambda t: pick.country(t).update(break_in_fit=True), DEU_M1),
    (
        "G21.table",
        lambda t: t["rpt_regional_progress"][0].update(colour="green"),
        {"region": "UNECE", "indicator": "A02"},
    ),
    ("G21.table", lambda t: t["rpt_regional_progress"][0].update(status="maintain"), {"indicator": "A02"}),
    ("G22.free", lambda t: pick.cell(t, **DEU_2016).update(conf_status="C"), DEU_2016),
    ("G22.free", lambda t: pick.cell(t, **DEU_2016).update(conf_status=None), DEU_2016),
    (
        "G22.empty",
        lambda t: pick.cell(t, indicator="W05", ref_area="CYP", time_period="2016").update(obs_value=1.0),
        {"indicator": "W05", "ref_area": "CYP", "time_period": "2016"},
    ),
    (
        "G22.recoverable",
        lambda t: find(t["rpt_aggregate"], indicator="W05", time_period="2016").update(n_countries=16),
        {
            "indicator": "W05",
            "region": "UNECE",
            "time_period": "2016",
            "agg_rule": "RSUM_MATCHED",
            "panel": "all",
        },
    ),
    (
        "G1.listed",
        lambda t: t["rpt_magnitude"].clear(),
        {"indicator": "A01", "ref_area": "EST", "time_period": "2016"},
    ),
    ("G1.listed", lambda t: t["rpt_magnitude"][0].update(bound=None), {"ref_area": "EST"}),
    (
        "G1.listed",
        lambda t: pick.cell(t, indicator="A01", ref_area="EST", time_period="2016").update(
            obs_value=1.0, null_reason=None
        ),
        {"ref_area": "EST"},
    ),
    (
        "G22.recoverable",
        lambda t: find(t["rpt_aggregate"], indicator="W05", time_period="2016").update(
            agg_rule="MEAN", n_countries=16
        ),
        {"indicator": "W05", "agg_rule": "MEAN"},
    ),
    (
        "G22.publisher_total",
        lambda t: pick.cell(t, indicator="W05", ref_area="EU27", time_period="2016").update(obs_value=410.0),
        {"indicator": "W05", "ref_area": "EU27", "time_period": "2016"},
    ),
    (
        "G5.source",
        lambda t: pick.dataset(t).update(source_warnings="S08 lost many of its countries"),
        DATASET,
    ),
    ("G11.elasticity", lambda t: pick.decoupling(t, "ITA").update(elasticity=3.3), FLAT_ITALY),
    ("G11.elasticity", lambda t: pick.decoupling(t, "FRA").update(gdp_change=0.999), {"area": "FRA"}),
    ("G11.elasticity", lambda t: pick.decoupling(t, "DEU").update(gdp_change=None), {"area": "DEU"}),
    (
        "G11.class",
        lambda t: pick.decoupling(t, "ITA").update(decoupling_class="recessive_coupling"),
        FLAT_ITALY,
    ),
    ("G11.class", lambda t: pick.decoupling(t, "FRA").update(gdp_change=-0.999), {"area": "FRA"}),
    ("G11.class", lambda t: pick.decoupling(t, "DEU").update(gdp_change=None), {"area": "DEU"}),
    (
        "G11.class",
        lambda t: pick.decoupling(t, "UNECE").update(decoupling_class="weak_decoupling"),
        {"area": "UNECE"},
    ),
    ("G11.strict", lambda t: pick.decoupling(t, "DEU").update(gdp_change=-1.999), {"area": "DEU"}),
    (
        "G11.strict",
        lambda t: pick.decoupling(t, "FRA").update(decoupling_class_strict="weak_decoupling"),
        {"area": "FRA"},
    ),
    ("G11.strict", lambda t: pick.decoupling(t, "DEU").update(gdp_change=None), {"area": "DEU"}),
    # Tonnes in a column of tonnes per person: four million times too large.
    ("G1.anchor", lambda t: pick.cell(t, **DEU_2016).update(obs_value=15.0 * 6e6), DEU_2016),
]


@pytest.mark.parametrize(
    ("check_id", "break_it", "keys"), BREAKS, ids=[f"{b[0]}-{n}" for n, b in enumerate(BREAKS)]
)
def test_a_broken_release_is_caught(
    run_check: RunCheck, tables: Tables, check_id: str, break_it: Break, keys: dict
) -> None:
    break_it(tables)
    result = run_check(check_id, tables)
    assert result.failing >= 1
    assert any(keys.items() <= example.keys.items() for example in result.examples), result.examples
    assert result.problem is None


def test_a_planned_data_set_that_never_came_is_missing(run_check: RunCheck, tables: Tables) -> None:
    result = run_check("G19.planned", tables, planned=(*PLANNED, "eurostat/env_wasmun"))
    assert [e.says for e in result.examples] == ["eurostat/env_wasmun: missing."]


def test_a_year_that_lost_its_countries_is_caught(run_check: RunCheck, tables: Tables) -> None:
    before = clean()
    for row in tables["rpt_observation"]:
        if row["indicator"] == "A02" and row["time_period"] == "2017" and row["ref_area"] > "ESP":
            row.update(obs_value=None, null_reason="NOT_REPORTED")
    result = run_check("G19.country_loss", tables, before)
    assert [e.says for e in result.examples] == [
        "A02 _T in 2017: 8 of 16 countries are gone (EST FIN FRA GRC HRV HUN IRL ITA)."
    ]


def test_a_component_that_lost_its_countries_is_caught_beside_one_that_kept_them(
    run_check: RunCheck, tables: Tables
) -> None:
    before = clean()
    cells = [r for r in before["rpt_observation"] if r["indicator"] == "A02" and r["time_period"] == "2017"]
    before["rpt_observation"] += [{**row, "breakdown": "PART"} for row in cells[:3]]
    result = run_check("G19.country_loss", tables, before)
    assert [(e.keys["breakdown"], e.values["countries_lost"]) for e in result.examples] == [("PART", 3)]


def test_a_loss_below_the_limit_and_a_withheld_cell_are_no_loss(run_check: RunCheck, tables: Tables) -> None:
    before = clean()
    for area in ("AUT", "BEL", "BGR", "CYP"):  # 4 of 16 are 25 percent
        pick.cell(tables, indicator="A02", ref_area=area, time_period="2017").update(
            obs_value=None, null_reason="NO_DATA"
        )
    for area in ("CZE", "DEU"):
        pick.cell(tables, indicator="A02", ref_area=area, time_period="2017").update(
            obs_value=None, null_reason="GATE_BLOCKED"
        )
    assert run_check("G19.country_loss", tables, before).failing == 0


def test_too_many_withheld_cells_turn_the_rule_red(run_check: RunCheck, tables: Tables) -> None:
    for area in ("AUT", "BEL"):  # with Estonia 3 of 48 cells, 6.25 percent; the limit is 5
        pick.cell(tables, indicator="A01", ref_area=area, time_period="2016").update(
            obs_value=None, null_reason="GATE_BLOCKED"
        )
    result = run_check("G1.share", tables)
    assert [(e.keys["indicator"], e.values["withheld"], e.values["cells"]) for e in result.examples] == [
        ("A01", 3, 48)
    ]


@pytest.mark.parametrize(("factor", "failing"), [(7.9, 0), (8.0, 1), (1 / 7.9, 0), (1 / 8.0, 1)])
def test_a_jump_from_the_last_release_is_caught_at_eight(
    run_check: RunCheck, tables: Tables, factor: float, failing: int
) -> None:
    cell = pick.cell(tables, **DEU_2016)
    cell["obs_value"] *= factor
    assert run_check("G1.release", tables, clean()).failing == failing


@pytest.mark.parametrize(
    ("before", "now", "failing"),
    [(-10.0, -79.0, 0), (-10.0, -80.0, 1), (10.0, -80.0, 1), (0.0, 80.0, 0), (10.0, 0.0, 0)],
)
def test_the_size_of_a_negative_figure_counts(
    run_check: RunCheck, tables: Tables, before: float, now: float, failing: int
) -> None:
    earlier = clean()
    pick.cell(earlier, **DEU_2016)["obs_value"] = before
    pick.cell(tables, **DEU_2016)["obs_value"] = now
    assert run_check("G1.release", tables, earlier).failing == failing


@pytest.mark.parametrize("is_correction", [False, True])
def test_a_correction_publishes_nothing_that_its_own_edition_withheld(
    run_check: RunCheck, tables: Tables, is_correction: bool
) -> None:
    """Only a new edition may: there a figure that stayed is no longer an accident."""
    keys = {"indicator": "A01", "ref_area": "EST", "time_period": "2016"}
    pick.cell(tables, **keys).update(obs_value=1.0, null_reason=None)
    tables["rpt_magnitude"].clear()
    result = run_check("G1.release", tables, clean(), is_correction=is_correction)
    found = [(e.keys["ref_area"], e.values["before"]) for e in result.examples]
    assert found == ([("EST", 9e7)] if is_correction else [])


def test_a_large_revision_needs_acceptance(run_check: RunCheck, tables: Tables) -> None:
    pick.cell(tables, **DEU_2016)["obs_value"] *= 1.25
    result = run_check("G5.revision", tables, clean())
    assert [e.keys for e in result.examples] == [{"indicator": "A02", "area": "DEU"}]
    assert result.examples[0].values["size"] == 0.25


def test_a_small_revision_needs_none(run_check: RunCheck, tables: Tables) -> None:
    pick.cell(tables, **DEU_2016)["obs_value"] *= 1.19
    assert run_check("G5.revision", tables, clean()).failing == 0


@fault("S11", "maintain in the last release, accelerate in this one")
def test_a_changed_status_needs_acceptance(run_check: RunCheck, tables: Tables) -> None:
    before = clean()
    pick.country(before).update(status="maintain", colour="green")
    result = run_check("G5.status", tables, before)
    assert [e.says for e in result.examples] == [
        "Material use per person, DEU (A02 DEU, country, method M1 all): "
        "maintain in the last release, accelerate in this one."
    ]


@fault("S12", "A02 UNECE 2016: 16 countries above the line, 17 below")
def test_a_ratio_of_sums_over_different_countries_blocks(run_check: RunCheck, tables: Tables) -> None:
    pick.headline(tables).update(n_denominator=17)
    result = run_check("G3.matched", tables)
    assert [e.says for e in result.examples] == [
        "A02 UNECE 2016: 16 countries above the line, 17 below, 16 counted."
    ]


def test_a_fall_of_gdp_counts_as_change_and_a_bound_met_exactly_is_met(
    run_check: RunCheck, tables: Tables
) -> None:
    """Germany fell by 2 per cent, France grew by 1; Italy, by 0.9, has no class and is not asked."""
    for check_id, examined in (("G11.elasticity", 2), ("G11.class", 2), ("G11.strict", 1)):
        result = run_check(check_id, tables)
        assert (result.examined, result.failing) == (examined, 0)


@fault("S14", "the target is 13.5, frozen in sample-2026.1; it was 14 in the last release")
@pytest.mark.parametrize(
    "changes", [{"target_value": 13.5, "frozen_vintage": RELEASE}, {"frozen_vintage": None}]
)
def test_a_target_that_moved_with_its_base_blocks(run_check: RunCheck, tables: Tables, changes: dict) -> None:
    tables["rpt_target"][0].update(changes, target_value_current=13.5)
    result = run_check("G17.frozen", tables, clean())
    assert [e.keys for e in result.examples] == [
        {"indicator": "A02", "breakdown": "_T", "area": "UNECE", "area_kind": "region"}
    ]
    if "target_value" in changes:
        assert "it was 14 in the last release, and would be 13.5" in result.examples[0].says


def test_a_frozen_target_whose_base_was_revised_stands(run_check: RunCheck, tables: Tables) -> None:
    tables["rpt_target"][0].update(target_value_current=13.5)
    assert run_check("G17.frozen", tables, clean()).failing == 0


@pytest.mark.parametrize(
    ("it", "p", "status", "colour"),
    [
        (0.82, 10.0, "maintain", "green"),
        (0.83, 15.0, "accelerate", "yellow"),
        (1.0, 100.0, "reverse", "red"),
    ],
)
def test_the_bands_hold_at_their_edges(
    run_check: RunCheck, tables: Tables, it: float, p: float, status: str, colour: str
) -> None:
    """P = 100*(0.8 - it)/(0.8 - 1); up to 10 is green, from 100 on red."""
    row = progress("DEU", "country", 1.0, 1, it=it, p=p, ap=(100 - p) / 10, status=status, colour=colour)
    tables["rpt_progress"] = [row]
    for check_id in ("G21.score", "G21.status", "G21.colour"):
        assert run_check(check_id, tables).failing == 0


def test_hidden_cells_may_count_nowhere_else(run_check: RunCheck, tables: Tables) -> None:
    """Without a suppressed member there is nothing to recover, whatever a total counts."""
    tables["rpt_observation"] = [observation("W05", "CYP", "2016", 1.0, "eurostat/cei_pc031")]
    assert run_check("G22.recoverable", tables).examined == 0


def test_a_target_already_met_is_told_from_one_point(run_check: RunCheck, tables: Tables) -> None:
    """Methodology 3.4, rule 3."""
    pick.country(tables).update(status="achieved", colour="green", n_points=1)
    assert run_check("G15.country", tables).failing == 0
