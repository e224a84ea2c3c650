"""Faults of values and keys: V01, V02, V05 to V08, V11, V12, V14 to V17.

The others stand with their providers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
import yaml

from connectors import observations
from connectors.corrections import register
from connectors.records import Vintage
from orchestration.release.lock_model import LockedDataset
from orchestration.release.restore import read_held_back
from tests.faults.matrix import fault
from tests.faults.router import edit, status
from tests.faults.scene import Scene, assert_no_secret

HAZARDOUS, MATERIAL = "unsd/sdg_12_4", "unsd/sdg_12_2"
CIRCULAR, MUNICIPAL = "eurostat/cei_srm030", "eurostat/env_wasmun"
DATA = {
    HAZARDOUS: "seriesCodes=EN_HAZ_GENV",
    MATERIAL: "seriesCodes=EN_MAT_DOMCMPT",
    CIRCULAR: "sdmx/2.1/data/",
    MUNICIPAL: "sdmx/2.1/data/",
}
Row = dict[str, str]


def rewritten(change: Callable[[list[Row]], list[Row]]) -> Callable[[bytes], bytes]:
    """A CSV body whose rows went through `change`; padding and line ends stay."""

    def spoil(good: bytes) -> bytes:
        text, padding, _ = good.decode().partition("\0")
        reader = csv.DictReader(io.StringIO(text, newline=""))
        rows = change([dict(row) for row in reader])
        out = io.StringIO(newline="")
        end = "\r\n" if "\r\n" in text else "\n"
        names = list(dict.fromkeys([*(reader.fieldnames or ()), *rows[0]]))
        writer = csv.DictWriter(out, names, lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)
        return (out.getvalue() + padding).encode()

    return spoil


def each(change: Callable[[Row], Row | None]) -> Callable[[bytes], bytes]:
    """A CSV body with every row changed, or left out where `change` says None."""
    return rewritten(lambda rows: [new for row in rows if (new := change(dict(row))) is not None])


def only(number: int, **fields: str) -> Callable[[bytes], bytes]:
    """A CSV body with other fields in one row."""
    return rewritten(lambda rows: [row | fields if n == number else row for n, row in enumerate(rows)])


def spoilt(scene: Callable[..., Scene], key: str, change: Callable[[bytes], bytes]) -> Scene:
    """A scene whose provider published its second vintage, spoilt by `change`."""
    at = scene(key)
    at.router.vintage = 2
    at.router.inject(DATA[key], edit(change))
    return at


def newest(at: Scene) -> Vintage:
    """The vintage that stands."""
    vintage = at.store.latest_vintage(at.spec.key)
    assert vintage is not None
    return vintage


def told(at: Scene) -> list[str]:
    """The faults that the vintage that stands warns of."""
    return [warning.fault for warning in newest(at).warnings]


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


@fault("V07", "1 series of single countries moved by one factor of 8 or more")
def test_one_country_in_another_unit_is_kept_out_with_its_last_value(scene):
    at = spoilt(scene, HAZARDOUS, each(_in_thousands))
    before = at.store.read_observations(HAZARDOUS, newest(at).vintage)
    result = at.refresh()
    out = at.quarantine()
    at.assert_taken(result, quarantined=len(out))
    assert {(row["part"], row["ref_area"]) for row in out} == {("EN_HAZ_GENV", "276")}
    assert all("last value" in str(row["reason"]) for row in out)
    table = at.store.read_observations(HAZARDOUS, newest(at).vintage)
    assert table.filter(series="EN_HAZ_GENV", ref_area="276").is_empty()
    assert before.filter(series="EN_HAZ_GENV", ref_area="276").height >= 3
    assert "V07" in told(at)


def _in_thousands(row: Row) -> Row:
    return row | {"Value": f"{float(row['Value']) / 1000}"} if row["GeoAreaCode"] == "276" else row


def _germany(at: Scene) -> int:
    table = at.store.read_observations(HAZARDOUS, newest(at).vintage)
    return table.filter(series="EN_HAZ_GENV", ref_area="276").height


def _read_again(at: Scene) -> None:
    """Forget that the bytes were read, as new code of ours would."""
    (at.store.root / "snapshots" / HAZARDOUS / "ingested.json").unlink()


@fault("V07")
def test_a_series_kept_out_stays_out_until_it_comes_back_to_its_last_value(scene):
    at = spoilt(scene, HAZARDOUS, each(_in_thousands))
    years = _germany(at)
    assert at.refresh().outcome == "new" and _germany(at) == 0
    _read_again(at)
    assert at.refresh().outcome == "unchanged" and _germany(at) == 0
    # The next version has the same slip and one more row: compared is still what stood before the slip.
    at.router.heal()
    at.router.inject(DATA[HAZARDOUS], edit(lambda good: only(0, Value="1234")(each(_in_thousands)(good))))
    _read_again(at)
    assert at.refresh().outcome == "new" and _germany(at) == 0
    at.router.heal()
    _read_again(at)
    assert at.refresh().outcome == "new" and _germany(at) >= years
    assert newest(at).parts["EN_HAZ_GENV"].held_back == ()


@fault("V07")
def test_a_series_kept_out_is_listed_value_by_value_for_the_release(scene):
    at = spoilt(scene, HAZARDOUS, each(_in_thousands))
    good = at.store.read_observations(HAZARDOUS, newest(at).vintage)
    pinned = LockedDataset.model_construct(provider="unsd", dataset="sdg_12_4", parts=newest(at).parts)
    assert read_held_back(at.store, pinned).is_empty()
    at.refresh()
    held = read_held_back(at.store, pinned.model_copy(update={"parts": newest(at).parts}))
    assert held.schema == observations.SCHEMA
    assert set(held.select("series", "ref_area").rows()) == {("EN_HAZ_GENV", "276")}
    before = dict(good.filter(series="EN_HAZ_GENV", ref_area="276").select("time_period", "obs_value").rows())
    both = [
        (before[year], now) for year, now in held.select("time_period", "obs_value").rows() if year in before
    ]
    assert len(both) >= 3 and all(now == pytest.approx(then / 1000, rel=0.5) for then, now in both)


@fault("V07")
def test_a_series_kept_out_stays_out_however_many_versions_have_the_slip(scene):
    at = spoilt(scene, HAZARDOUS, each(_in_thousands))
    good = newest(at).parts["EN_HAZ_GENV"].sha256
    for value in ("1231", "1232", "1233", "1234"):
        at.router.heal()
        at.router.inject(
            DATA[HAZARDOUS], edit(lambda body, v=value: only(0, Value=v)(each(_in_thousands)(body)))
        )
        for outcome in ("new", "unchanged"):  # the second time the same bytes, read as by new code of ours
            if (at.store.root / "snapshots" / HAZARDOUS / "ingested.json").exists():
                _read_again(at)
            assert at.refresh().outcome == outcome and _germany(at) == 0
            (held,) = newest(at).parts["EN_HAZ_GENV"].held_back
            assert (held.ref_area, held.compared_sha256) == ("276", good)


@fault("V07")
def test_a_series_kept_out_does_not_return_by_being_left_out_of_one_version(scene):
    def without(row: Row) -> Row | None:
        return None if row["GeoAreaCode"] == "276" else row

    at = spoilt(scene, HAZARDOUS, each(_in_thousands))
    for change in (_in_thousands, without, _in_thousands):
        at.router.heal()
        at.router.inject(DATA[HAZARDOUS], edit(each(change)))
        if at.good != newest(at):
            _read_again(at)
        at.refresh()
        assert _germany(at) == 0
        assert [held.ref_area for held in newest(at).parts["EN_HAZ_GENV"].held_back] == ["276"]


@fault("V07")
def test_a_series_kept_out_stays_out_when_what_it_was_compared_with_is_damaged(scene):
    at = spoilt(scene, HAZARDOUS, each(_in_thousands))
    first = newest(at)
    at.refresh()
    at.store.observations_path(HAZARDOUS, first.vintage).write_bytes(b"spoilt")
    at.router.heal()
    at.router.inject(DATA[HAZARDOUS], edit(lambda good: only(0, Value="1234")(each(_in_thousands)(good))))
    _read_again(at)
    assert at.refresh().outcome == "new" and _germany(at) == 0
    assert "O12" in told(at)


@fault("V07")
def test_what_was_kept_out_is_still_told_when_its_part_cannot_be_had(scene):
    at = spoilt(scene, HAZARDOUS, each(_in_thousands))
    at.refresh()
    judged = newest(at)
    assert told(at).count("V07") == 1 and judged.quarantined
    at.router.heal()
    newer = edit(lambda listed: listed.replace(b"2026.Q1.G.01", b"2026.Q2.G.01"))
    other = edit(only(0, Value="77"))
    for reply, state in ((status(503), "kept"), (edit(each(_in_thousands)), "fresh")):
        at.router.heal()
        at.router.inject("Series/List", newer)
        at.router.inject("seriesCodes=EN_HAZ_PCAP", other)
        at.router.inject(DATA[HAZARDOUS], reply)
        result = at.refresh()
        assert result.outcome == "new"
        part = newest(at).parts["EN_HAZ_GENV"]
        assert ("moved by one factor" in " ".join(result.warnings)) == (state == "fresh"), (
            "told once, then kept"
        )
        assert (part.status, part.held_back) == (state, judged.parts["EN_HAZ_GENV"].held_back)
        assert told(at).count("V07") == 1 and newest(at).quarantined == judged.quarantined
        assert {(row["part"], row["ref_area"]) for row in at.quarantine()} == {("EN_HAZ_GENV", "276")}
        assert _germany(at) == 0
    assert at.refresh().outcome == "unchanged"


@fault("V07")
def test_a_jump_that_a_person_accepted_is_taken(scene, tmp_path, monkeypatch):
    entry = {
        "id": "germany",
        "fault": "V07",
        "series": "EN_HAZ_GENV",
        "areas": ["276"],
        "version": "2026.Q1.G.01",
        "wrong": "the unit is another one now",
        "evidence": "a letter of the producer",
        "reviewed_by": "a person",
        "reviewed_on": "2026-03-01",
    }
    folder = tmp_path / "register"
    folder.mkdir()
    (folder / "unsd__sdg_12_4.yaml").write_text(yaml.safe_dump({"acceptances": [entry]}))
    monkeypatch.setattr(register, "FOLDER", folder)
    at = spoilt(scene, HAZARDOUS, each(_in_thousands))
    years = _germany(at)
    at.assert_taken(at.refresh())
    assert _germany(at) >= years


@fault("V07", "has another unit than before: {n} of {m} series moved by a factor of about 0.001")
def test_every_country_in_another_unit_fails_the_data_set(scene):
    at = spoilt(scene, CIRCULAR, each(lambda row: row | {"OBS_VALUE": _thousandth(row["OBS_VALUE"])}))
    at.assert_survived(at.refresh(), stored=True)


def _thousandth(text: str) -> str:
    return f"{float(text) / 1000:.9f}" if text else text


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
