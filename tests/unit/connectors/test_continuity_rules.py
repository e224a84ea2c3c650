"""What the rules between two vintages find in small series, and must not find: what every edition brings."""

import polars as pl
import pytest

from connectors.continuity_rules import Finding, find_lost_countries, find_renamed, prepare
from connectors.observations import to_table
from connectors.spec import Rhythm
from tests.unit.connectors.test_observations import ROW


def trade(**values: float) -> pl.DataFrame:
    """One reporter's trade by partner."""
    rows = [
        {**ROW, "dimensions": f'{{"cmdCode":"3915","partnerCode":"{code.strip("p")}"}}', "obs_value": value}
        for code, value in values.items()
    ]
    return prepare(to_table(rows))


def test_partners_that_come_and_go_are_no_renamed_codes():
    assert find_renamed(trade(p0=15.0, p40=5.0, p56=10.0), trade(p0=15.0, p40=5.0, p100=10.0)) == []


def test_the_same_change_of_a_product_code_is():
    before, after = trade(p0=15.0), trade(p0=15.0)
    after = after.with_columns(pl.col("dimensions").str.replace("3915", "391500"))
    (found,) = find_renamed(before, after)
    assert found.fault == "S06" and "3915 -> 391500" in found.text


def held(areas: int, years: range) -> pl.DataFrame:
    """A series of so many countries, each in all of these years."""
    rows = [
        {**ROW, "ref_area": str(100 + n), "time_period": str(year)} for n in range(areas) for year in years
    ]
    return prepare(to_table(rows))


def losses(before: pl.DataFrame, after: pl.DataFrame, rhythm: Rhythm | None = None) -> list[Finding]:
    return find_lost_countries(before, after, rhythm, lambda codes: codes)


@pytest.mark.parametrize("areas", [1, 9, 40])
@pytest.mark.parametrize("years", [range(2000, 2019), range(2000, 2010), range(2001, 2020)])
def test_a_year_that_is_gone_whole_is_found_however_few_countries_it_had(areas, years):
    (found,) = losses(held(areas, range(2000, 2020)), held(areas, years))
    assert (found.fault, found.refuses) == ("S08", True)
    assert found.text.startswith(f"lost many of its countries in {20 - len(years)} years, worst in")


@pytest.mark.parametrize(("areas", "left"), [(9, 1), (9, 6), (3, 2), (9, 0)])
def test_a_third_of_all_figures_gone_is_found_however_few_countries_there_are(areas, left):
    before = held(areas, range(2000, 2020))
    (found,) = losses(before, held(left, range(2000, 2020)) if left else before.clear())
    assert found.refuses and len(found.areas) == areas - left
    if left:
        assert f"lost {(areas - left) * 20} of its {areas * 20} figures of a country and year" in found.text


def test_two_of_nine_countries_gone_are_no_break():
    assert losses(held(9, range(2000, 2020)), held(7, range(2000, 2020))) == []
    assert losses(held(9, range(2000, 2020)), held(9, range(2000, 2020))) == []


def test_a_small_series_loses_nothing_in_years_off_its_rhythm():
    every_other = Rhythm(every_years=2, includes=2020)
    before, after = held(9, range(2000, 2020)), held(9, range(2000, 2020, 2))
    assert losses(before, after, every_other) == []
    assert losses(before, held(9, range(2001, 2020, 2)), every_other)
