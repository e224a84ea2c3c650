"""Faults of values and keys: V01, V02, V05, V06, V08, V11, V12, V14 to V17.

V07 is in test_values_units.py; the others stand with their providers.
"""

from __future__ import annotations

import pytest

from tests.faults.matrix import fault
from tests.faults.router import edit, status
from tests.faults.scene import assert_no_secret
from tests.faults.spoiling import (
    CIRCULAR,
    DATA,
    HAZARDOUS,
    MATERIAL,
    Row,
    each,
    newest,
    only,
    rewritten,
    spoilt,
    told,
)


@fault("V01")
@pytest.mark.parametrize("text", ["1,5", "1 234", "1.2.3", "0x1F"])
def test_one_number_in_another_notation_is_quarantined(scene, text):
    at = spoilt(scene, HAZARDOUS, only(7, Value=text))
    at.assert_taken(at.refresh(), quarantined=1)
    assert at.quarantine() == [
        {
            "part": "EN_HAZ_GENV",
            "line": 8,
            "reason": "the value is not a plain number",
            "ref_area": "8",
            "time_period": at.quarantine()[0]["time_period"],
            "value": text,
        }
    ]


@fault("V01", "has {n} unusable rows of {m}, more than 0.5% (first: row 1, the value is not a plain number)")
def test_numbers_in_another_notation_fail_the_data_set(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: row | {"OBS_VALUE": row["OBS_VALUE"].replace(".", ",")}))
    at.assert_survived(at.refresh(), stored=True)


@fault("V02", "uses an unknown symbol for a value")
@pytest.mark.parametrize("symbol", ["..", "x", "-", "n.a."])
def test_an_unknown_symbol_fails_the_data_set(scene, symbol):
    at = spoilt(scene, CIRCULAR, only(3, OBS_VALUE=symbol))
    error = at.assert_survived(at.refresh(), stored=True)
    assert error.value == symbol


@fault("V02")
def test_the_known_symbol_is_a_null_with_a_status(scene):
    at = spoilt(scene, CIRCULAR, only(3, OBS_VALUE=":"))
    at.assert_taken(at.refresh())
    table = at.store.read_observations(CIRCULAR, newest(at).vintage)
    missing = table.filter(ref_area="AT", time_period="2013")
    assert missing.select("obs_value", "obs_status").rows() == [(None, "O")]


@fault("V05")
@pytest.mark.parametrize("text", ["<2.5", ">95"])
def test_a_bound_is_kept_and_is_no_value(scene, text):
    at = spoilt(scene, HAZARDOUS, only(3, Value=text))
    at.assert_taken(at.refresh())
    rows = at.store.read_observations(HAZARDOUS, newest(at).vintage).filter(obs_value_raw=text)
    assert rows.select("obs_value", "obs_bound").rows() == [(None, text[0])]


@fault("V06", "has zeros in {share} of its values, {before} in the vintage before")
def test_zeros_that_come_in_numbers_are_told(scene):
    count = iter(range(10_000))
    at = spoilt(
        scene,
        CIRCULAR,
        each(lambda row: row | {"OBS_VALUE": "0"} if row["OBS_VALUE"] and next(count) % 5 == 0 else row),
    )
    at.assert_taken(at.refresh())
    assert "V06" in told(at)


@fault("V08", "has an undeclared unit in {n} rows")
def test_another_unit_label_over_the_same_values_fails_with_both_labels(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: row | {"unit": "THS_T"}))
    error = at.assert_survived(at.refresh(), stored=True)
    assert error.value == "THS_T" and "declared is PC" in error.next_step


@fault("V11")
def test_a_share_above_100_is_kept_and_never_clipped(scene):
    at = spoilt(scene, CIRCULAR, only(3, OBS_VALUE="117.5"))
    at.assert_taken(at.refresh())
    table = at.store.read_observations(CIRCULAR, newest(at).vintage)
    assert 117.5 in table["obs_value"].to_list()


@fault("V11")
def test_one_negative_mass_is_quarantined(scene):
    at = spoilt(scene, HAZARDOUS, only(3, Value="-4"))
    at.assert_taken(at.refresh(), quarantined=1)
    assert at.quarantine()[0]["reason"] == "the value is negative where only zero or more is possible"


@fault("V11", "more than 0.5% (first: row 1, the value is negative where only zero or more is possible)")
def test_negative_masses_fail_the_data_set(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: row | {"OBS_VALUE": f"-{row['OBS_VALUE'] or 1}"}))
    at.assert_survived(at.refresh(), stored=True)


@fault("V12")
@pytest.mark.parametrize("period", ["1900", "2999", "2019.5", "2019-2021"])
def test_one_period_that_is_no_year_is_quarantined(scene, period):
    at = spoilt(scene, HAZARDOUS, only(3, TimePeriod=period))
    at.assert_taken(at.refresh(), quarantined=1)
    assert at.quarantine()[0]["time_period"] == period


@fault("V12", "more than 0.5% (first: row 1, the period is not a year from 1950 to 2049)")
def test_periods_that_are_no_years_fail_the_data_set(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: row | {"TIME_PERIOD": "2999"}))
    at.assert_survived(at.refresh(), stored=True)


@fault("V14", "3 repeated rows, equal in content, were read once")
def test_a_row_that_comes_twice_is_read_once_and_told(scene):
    at = spoilt(scene, CIRCULAR, rewritten(lambda rows: rows[:3] + rows))
    at.assert_taken(at.refresh())
    assert "V14" in told(at)


@fault("V15", "gives different values for the same key, 7 times (first: {keys})")
def test_two_values_for_one_key_fail_with_the_first_five_keys(scene):
    at = spoilt(
        scene, CIRCULAR, rewritten(lambda rows: rows + [row | {"OBS_VALUE": "1.25"} for row in rows[:7]])
    )
    error = at.assert_survived(at.refresh(), stored=True)
    assert error.what.count(";") == 4


@fault("V16", "of {m} totals ALP are not the sum of BIM, FOF, MEO, NMM (first: ")
@pytest.mark.parametrize("how", ["fail", "warn"])
def test_totals_that_are_not_the_sum_of_their_parts_are_told_with_both_numbers(scene, how):
    def doubled(row: Row) -> Row:
        is_part = row["[Type of product]"] == "NMM" and row["Value"]
        return row | {"Value": f"{2 * float(row['Value']):g}"} if is_part else row

    at = spoilt(scene, MATERIAL, each(doubled))
    (declared,) = at.spec.sums
    at.spec = at.spec.model_copy(update={"sums": (declared.model_copy(update={"on_failure": how}),)})
    result = at.refresh()
    if how == "warn":
        at.assert_taken(result)
        assert "V16" in told(at)
    else:
        error = at.assert_survived(result, outcome="new")
        assert "sum " in error.what and "total " in error.what
        assert newest(at).parts["EN_MAT_DOMCMPT"].status == "kept"


@fault("V17", "1 confidential cells carried a value; it was not taken over")
def test_a_confidential_value_is_in_no_file_but_the_snapshot(scene):
    """The release is blocked by gate G22 if such a value ever came so far (tests/gates)."""
    value = "73.123457"
    at = spoilt(
        scene,
        CIRCULAR,
        rewritten(
            lambda rows: [
                row | ({"OBS_VALUE": value, "CONF_STATUS": "C"} if n == 5 else {"CONF_STATUS": "F"})
                for n, row in enumerate(rows)
            ]
        ),
    )
    at.assert_taken(at.refresh())
    table = at.store.read_observations(CIRCULAR, newest(at).vintage)
    secret = table.filter(conf_status="C")
    assert secret.select("obs_value", "obs_value_raw").rows() == [(None, "")]
    assert float(value) not in table["obs_value"].to_list()
    assert_no_secret(at.store.root / "observations", at.store.root / "snapshots", secret=value)
    assert "V17" in told(at)


@fault("T21", "went back from its release of {day} to that of 2020-01-01; the newer stands")
def test_an_older_edition_is_told_as_such_and_not_as_a_year_that_is_missing(scene):
    at = scene(CIRCULAR)
    without = each(lambda row: None if row["TIME_PERIOD"] == "2015" else row)
    at.router.inject("sdmx/2.1/dataflow", status(404, b"not listed"))
    at.router.inject(
        DATA[CIRCULAR],
        edit(lambda good: without(good.replace(b"10/12/24 23:00:00", b"01/01/20 11:00:00"))),
    )
    at.assert_survived(at.refresh(), stored=True)
