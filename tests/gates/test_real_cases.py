"""The real cases of the release document, in invented numbers of the same shape, and bounds of their rules.

Belongs here: the gates G1, G2, G4, G8 to G10, G12 to G14 and G16. The other gates: test_rules.py.
"""

import pytest

from tests.faults.matrix import fault
from tests.gates import pick
from tests.gates.conftest import RunCheck
from tests.gates.release_fixture import Tables, clean, find


@fault("S13", "FRA 2016: W05 is {ours} by one source and {theirs} by another (W04).")
@pytest.mark.parametrize(("factor", "failing"), [(1.98, 0), (2.02, 1), (0.505, 0), (0.495, 1)])
def test_two_sources_that_differ_by_a_multiple_need_acceptance(
    run_check: RunCheck, tables: Tables, factor: float, failing: int
) -> None:
    """National and United Nations figures of one country, as those of Canada, in invented numbers."""
    pick.cell(tables, indicator="W04", ref_area="FRA", time_period="2016")["obs_value"] *= factor
    result = run_check("G10.ratio", tables)
    assert result.failing == failing
    assert all(example.keys == {"indicator": "W05", "ref_area": "FRA"} for example in result.examples)
    assert all(
        example.says.startswith("FRA 2016: W05 is 410 by one source and ") for example in result.examples
    )
    assert result.severity == "warning"


@fault("S15", 'the title of A02 reads in English "Material use per person", in French')
@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("rpt_indicator", "title_fr", " "),
        ("rpt_indicator", "title_ru", "Material use per person"),
        ("rpt_indicator", "definition_fr", "Material use per person, as published"),
        ("rpt_area", "name_ru", None),
        ("rpt_region", "region_name_fr", None),
        ("rpt_method", "description_ru", "Latin letters"),
    ],
)
def test_a_text_missing_or_left_in_english_blocks(
    run_check: RunCheck, tables: Tables, table: str, column: str, text: str | None
) -> None:
    row = pick.indicator(tables, "A02") if table == "rpt_indicator" else tables[table][0]
    row[column] = text
    result = run_check("G16.texts", tables)
    assert (result.failing, result.severity) == (1, "error")
    if column == "title_fr":
        assert 'the title of A02 reads in English "Material use per person", in French "none"' in (
            result.examples[0].says
        )


def test_a_title_spelt_alike_in_english_and_french_is_no_silent_english(
    run_check: RunCheck, tables: Tables
) -> None:
    pick.indicator(tables, "POP").update(title_fr="Population")
    assert run_check("G16.texts", tables).failing == 0


def test_printed_percentages_equal_their_counts(run_check: RunCheck, tables: Tables) -> None:
    """199 of 479 is 41.5 per cent, to the last digit that is printed."""
    row = find(tables["rpt_aggregate"], time_period="2016", agg_rule="MEAN")
    row.update(n_countries=199, n_members=479, coverage_n=199 / 479)
    assert run_check("G8.counts", tables).failing == 0
    row.update(coverage_n=0.415)
    assert run_check("G8.counts", tables).failing == 1


@pytest.mark.parametrize(
    ("value", "impossible", "outside"), [(100.0, 0, 0), (150.0, 0, 1), (150.1, 1, 1), (-0.1, 0, 1)]
)
def test_a_share_above_its_limit_is_a_warning_and_above_150_an_error(
    run_check: RunCheck, tables: Tables, value: float, impossible: int, outside: int
) -> None:
    pick.cell(tables, indicator="W07", ref_area="DEU", time_period="2016").update(
        obs_value=value, numerator=None
    )
    assert run_check("G8.impossible", tables).failing == impossible
    assert run_check("G8.limits", tables).failing == outside


@pytest.mark.parametrize(("factor", "failing"), [(1.04, 0), (1.06, 1), (0.94, 1)])
def test_materials_may_differ_from_their_total_by_five_per_cent(
    run_check: RunCheck, tables: Tables, factor: float, failing: int
) -> None:
    for row in tables["rpt_observation"]:
        if row["indicator"] == "A04" and row["ref_area"] == "DEU":
            row["obs_value"] *= factor
    result = run_check("G4.materials", tables)
    assert [example.keys for example in result.examples] == [
        {"indicator": "A04", "ref_area": "DEU"}
    ] * failing
    assert result.severity == "warning"


def test_a_renamed_total_is_named_beside_what_came_in_its_place(run_check: RunCheck, tables: Tables) -> None:
    """As RAW became ALP: all removed, all added."""
    before = clean()
    for row in before["rpt_observation"]:
        if row["breakdown"] == "BIM":
            row["breakdown"] = "RAW"
    result = run_check("G2.kept", tables, before)
    assert [example.says for example in result.examples] == [
        "A04 RAW had 48 figures in the last release and has 0 now; new components of the indicator: BIM."
    ]


def test_a_series_in_another_price_base_blocks(run_check: RunCheck, tables: Tables) -> None:
    before = clean()
    for released, base in ((before, "kg/USD_2010"), (tables, "kg/USD_2015")):
        for row in released["rpt_observation"]:
            if row["indicator"] == "W18":
                row["unit_measure"] = base
    result = run_check("G13.release", tables, before)
    assert [example.says for example in result.examples] == [
        "W18 _T is given in kg/USD_2015; the last release gave it in kg/USD_2010."
    ]


@pytest.mark.parametrize(("zeros", "failing"), [(2, 0), (3, 1)])
def test_zeros_that_come_in_numbers_block(
    run_check: RunCheck, tables: Tables, zeros: int, failing: int
) -> None:
    """2 of 48 figures are 4 per cent, 3 are 6."""
    for area in ("AUT", "BEL", "BGR")[:zeros]:
        pick.cell(tables, indicator="W04", ref_area=area, time_period="2016")["obs_value"] = 0.0
    assert run_check("G14.rate", tables, clean()).failing == failing


def test_a_year_between_two_surveys_is_no_loss(run_check: RunCheck, tables: Tables) -> None:
    """Few countries report for the odd year too; no regional figure rests on them, and nothing is missing."""
    for area in ("DEU", "FRA"):
        pick.cell(tables, indicator="W18", ref_area=area, time_period="2015").update(
            obs_value=30.0, null_reason=None
        )
    for check in ("G12.marked", "G12.regional", "G12.rhythm", "G19.country_loss"):
        assert run_check(check, tables, clean()).failing == 0


def test_a_figure_per_gdp_and_one_of_a_few_countries_are_held_to_their_anchor(
    run_check: RunCheck, tables: Tables
) -> None:
    """Two countries in another unit among sixteen, in invented numbers; the bound of two is met exactly."""
    for area, factor in (("DEU", 1e-6), ("FRA", 2.0), ("ITA", 1.99), ("ESP", 0.5)):
        pick.cell(tables, indicator="W18", ref_area=area, time_period="2016")["obs_value"] *= factor
    found = run_check("G1.ratio", tables)
    assert [example.keys["ref_area"] for example in found.examples] == ["DEU", "ESP", "FRA"]


def test_21_84_and_20_make_125(run_check: RunCheck, tables: Tables) -> None:
    row = tables["rpt_regional_progress"][0]
    row.update(n_green=21, n_yellow=84, n_red=20, n_grey=0, n_members=125)
    assert run_check("G9.sum", tables).failing == 0
    row.update(n_members=124)
    assert [example.says for example in run_check("G9.sum", tables).examples] == [
        "A02 _T UNECE: 21 green, 84 yellow, 20 red and 0 grey make 125, not 124."
    ]
