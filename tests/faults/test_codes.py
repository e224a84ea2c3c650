"""Faults of codes, coverage and revisions: S01, S02, S06 to S10, S13, S15. The others stand with their gates
or providers.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import connectors
from connectors import continuity_rules as rules
from connectors.spec import Rhythm
from tests.faults.matrix import fault
from tests.faults.spoiling import (
    CIRCULAR,
    MUNICIPAL,
    Row,
    each,
    newest,
    only,
    rewritten,
    spoilt,
    told,
)


@fault("S01", "uses 1 unknown area codes: 'QX' in {n} rows")
def test_an_unknown_area_fails_the_data_set_and_drops_no_row(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: row | {"geo": "QX"} if row["geo"] == "AT" else row))
    at.assert_survived(at.refresh(), stored=True)


@fault("S02", "uses both {one} and {other} for one area")
@pytest.mark.parametrize("twins", [("EL", "GR"), ("UK", "GB"), ("XK", "XKX")])
def test_two_codes_for_one_area_fail_the_data_set(scene, twins):
    codes = {"BE": "GR"} if twins == ("EL", "GR") else dict(zip(("AT", "BE"), twins, strict=True))
    at = spoilt(scene, CIRCULAR, each(lambda row: row | {"geo": codes.get(row["geo"], row["geo"])}))
    error = at.assert_survived(at.refresh(), stored=True)
    assert error.value == " ".join(twins)


@fault("S06", "renamed codes of wst_oper: RCY went and RCYC came; suggested mapping: RCY -> RCYC")
def test_a_renamed_code_fails_with_a_suggested_mapping(scene):
    at = spoilt(scene, MUNICIPAL, each(_renamed))
    at.spec = at.spec.model_copy(update={"sums": ()})
    at.assert_survived(at.refresh(), stored=True)


def _renamed(row: Row) -> Row:
    return row | {"wst_oper": "RCYC"} if row["wst_oper"] == "RCY" else row


@fault("S06", "renamed codes of freq: A went and ANN came; suggested mapping: A -> ANN")
def test_a_dimension_whose_only_code_is_renamed_looks_like_all_removed_all_added(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: row | {"freq": "ANN"}))
    at.assert_survived(at.refresh(), stored=True)


@fault("S07", "no longer has the codes KG_HAB of unit ({n} rows)")
def test_a_code_that_only_went_is_told(scene):
    at = spoilt(scene, MUNICIPAL, each(lambda row: None if row["unit"] == "KG_HAB" else row))
    at.assert_taken(at.refresh())
    assert "S07" in told(at)


@fault("S08", "lost many of its countries in 1 years, worst in 2015: {n} of {n} countries lost (")
def test_a_missing_year_fails_and_names_the_countries(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: None if row["TIME_PERIOD"] == "2015" else row))
    error = at.assert_survived(at.refresh(), stored=True)
    assert "AUT" in error.what and "GRC" in error.what
    file = "connectors/corrections/eurostat__cei_srm030.yaml"
    for word in (file, "fault: S08", "series: CEI_SRM030", "version: "):
        assert word in error.next_step, "the file, and the entry a person would write there"


def _without(share: float):
    """A table whose year 2016 lost this share of its countries."""

    def change(rows: list[Row]) -> list[Row]:
        there = sorted({row["geo"] for row in rows if row["TIME_PERIOD"] == "2016" and row["OBS_VALUE"]})
        gone = set(there[: round(share * len(there))])
        return [row for row in rows if not (row["TIME_PERIOD"] == "2016" and row["geo"] in gone)]

    return rewritten(change)


@fault("S08", "worst in 2016: {n} of {m} countries lost (")
def test_a_third_of_the_countries_gone_fails(scene):
    at = spoilt(scene, CIRCULAR, _without(0.34))
    at.assert_survived(at.refresh(), stored=True)


@fault("S08")
def test_a_fifth_of_the_countries_gone_is_no_break(scene):
    at = spoilt(scene, CIRCULAR, _without(0.2))
    at.assert_taken(at.refresh())


@fault("S09")
def test_years_off_the_declared_rhythm_lose_nothing(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: None if int(row["TIME_PERIOD"]) % 2 else row))
    rhythm = Rhythm(every_years=2, includes=2020)
    at.spec = at.spec.model_copy(update={"rhythm": {"all": rhythm}})
    at.assert_taken(at.refresh())
    assert "S08" not in told(at)


@fault("S08", "lost many of its countries in {n} years")
def test_without_a_rhythm_the_same_gap_is_a_loss(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: None if int(row["TIME_PERIOD"]) % 2 else row))
    at.assert_survived(at.refresh(), stored=True)


@fault("S10", "values were revised by more than 20%; most: ")
def test_a_large_revision_is_told_with_its_count_and_the_twenty_largest_in_order(scene):
    def revised(rows: list[Row]) -> list[Row]:
        factors = {n: 1.3 + n / 50 for n in range(0, 60, 2)}
        return [
            row | {"OBS_VALUE": f"{float(row['OBS_VALUE']) * factors[n]:.6f}"}
            if n in factors and row["OBS_VALUE"]
            else row
            for n, row in enumerate(rows)
        ]

    at = spoilt(scene, CIRCULAR, rewritten(revised))
    at.assert_taken(at.refresh())
    (warning,) = [w for w in newest(at).warnings if w.fault == "S10"]
    assert len(warning.facts) == rules.SHOWN
    sizes = [_size(fact) for fact in warning.facts]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[-1] > rules.REVISION


def _size(fact: str) -> float:
    before, after = (float(number) for number in fact.rpartition(": ")[2].split(" -> "))
    return abs(after - before) / abs(before)


@fault("S13")
def test_two_sources_of_one_subject_stay_two_and_are_never_mixed(scene):
    """No second source of one figure is read today. What two providers say of a subject has a name for each
    of them: a figure names one source, and a difference between sources waits for gate G10.
    """
    at = spoilt(scene, CIRCULAR, only(3, OBS_VALUE="99.25"))
    at.assert_taken(at.refresh())
    table = at.store.read_observations(CIRCULAR, newest(at).vintage)
    assert table.select("provider", "dataset").unique().rows() == [("eurostat", "cei_srm030")]


@fault("S15")
@pytest.mark.parametrize("name", ["countries.csv", "country_groups.csv"])
def test_every_name_of_a_country_and_a_group_stands_in_three_languages(name):
    """The build refuses a missing name by dbt's own test, gate G20 every other missing text."""
    with (Path(connectors.__file__).parent / "reference" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert not [row for row in rows for language in ("en", "fr", "ru") if not row[f"name_{language}"].strip()]
