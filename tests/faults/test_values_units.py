"""V07: a unit that switched, for all countries or for one, and what is kept out because of it."""

from __future__ import annotations

import pytest
import yaml

from connectors import observations
from connectors.corrections import register
from orchestration.release.lock_model import LockedDataset
from orchestration.release.restore import read_held_back
from tests.faults.matrix import fault
from tests.faults.router import edit, status
from tests.faults.scene import Scene
from tests.faults.spoiling import (
    CIRCULAR,
    DATA,
    HAZARDOUS,
    Row,
    each,
    newest,
    only,
    spoilt,
    told,
)


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
