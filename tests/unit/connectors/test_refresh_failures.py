"""What a refresh does with parts that fail, are damaged or are hostile: nothing good is ever lost."""

import pytest

from connectors.errors import SourceError, StoreError
from connectors.ingest import ingest_dataset
from connectors.refresh import fetch_dataset, refresh_dataset
from tests.unit.connectors.conftest import Reply
from tests.unit.connectors.refresh_scene import LATER, NOW, TWO, Unsd, good, statuses
from tests.unit.connectors.wireformats import (
    POPULATION,
    unsd_row,
    with_changes,
)


def test_a_part_that_fails_keeps_its_last_good_snapshot_and_the_others_go_on(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("8")])
    provider.answer.broken = {"EN_HAZ_EXP"}
    result = refresh_dataset(TWO, client, store, LATER)
    assert result.outcome == "new"
    assert statuses(result) == {"EN_HAZ_GENV": "fresh", "EN_HAZ_EXP": "kept"}
    kept = result.vintage.parts["EN_HAZ_EXP"]
    assert (kept.sha256, kept.retrieved_at) == (first.parts["EN_HAZ_EXP"].sha256, "2026-03-01T06:00:00Z")
    message = str(result.errors["EN_HAZ_EXP"])
    assert "answered status 503" in message
    assert f"Kept: the last good vintage {first.vintage}, snapshot of 2026-03-01T06:00:00Z" in message


def test_a_part_never_seen_is_absent_and_is_not_asked_for(client, provider, store):
    provider.answer = Unsd(EN_HAZ_GENV=[unsd_row("7")])
    result = refresh_dataset(TWO, client, store, NOW)
    assert statuses(result) == {"EN_HAZ_GENV": "fresh", "EN_HAZ_EXP": "absent"}
    error = result.errors["EN_HAZ_EXP"]
    assert "not listed in release 2026.Q1.G.01" in str(error)
    assert "the release plan names it as missing" in str(error)
    assert not error.transient
    assert all("EN_HAZ_EXP" not in asked.body for asked in provider.asked)


def test_when_everything_fails_the_last_good_vintage_stands_untouched(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    provider.answer, provider.script = None, [Reply(status=503)]
    result = refresh_dataset(TWO, client, store, LATER)
    assert (result.outcome, result.vintage) == ("kept", first)
    assert set(result.errors) == {"EN_HAZ_GENV", "EN_HAZ_EXP"}
    assert store.list_vintages(TWO.key) == (first,)


def test_when_everything_fails_and_there_was_nothing_the_data_set_is_absent(client, provider, store):
    provider.script = [Reply(status=503)]
    fetched = fetch_dataset(TWO, client, store, NOW)
    assert fetched.transient
    result = ingest_dataset(TWO, store, NOW)
    assert (result.outcome, result.vintage) == ("absent", None)
    assert isinstance(result.errors["EN_HAZ_GENV"], SourceError)


def test_a_failure_for_good_is_no_reason_to_try_again(client, provider, store):
    provider.answer = Unsd(EN_HAZ_GENV=[unsd_row("7")])
    provider.answer.broken = {"EN_HAZ_GENV"}
    fetched = fetch_dataset(TWO, client, store, NOW)
    assert {part: error.transient for part, error in fetched.errors.items()} == {
        "EN_HAZ_GENV": True,
        "EN_HAZ_EXP": False,
    }
    assert not fetched.transient


def test_rows_that_vanish_fail_the_part_and_the_last_rows_stand(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    provider.answer.publish(EN_HAZ_EXP=[])
    result = refresh_dataset(TWO, client, store, LATER)
    assert result.outcome == "unchanged"
    assert "answered no rows" in str(result.errors["EN_HAZ_EXP"])


def test_a_part_that_comes_back_with_the_same_rows_is_fresh_again(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("8")])
    provider.answer.broken = {"EN_HAZ_EXP"}
    second = refresh_dataset(TWO, client, store, LATER)
    assert statuses(second)["EN_HAZ_EXP"] == "kept"
    provider.answer.broken = set()
    third = refresh_dataset(TWO, client, store, LATER)
    assert (third.outcome, third.errors) == ("new", {})
    assert third.vintage.parts["EN_HAZ_EXP"].reason is None
    assert set(statuses(third).values()) == {"fresh"}
    assert third.vintage.content_sha256 == second.vintage.content_sha256
    again = [refresh_dataset(TWO, client, store, LATER, full=True) for _ in range(2)]
    assert [result.outcome for result in again] == ["unchanged", "unchanged"]


def test_a_part_that_fails_over_the_same_rows_makes_no_vintage(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    provider.answer.publish()
    provider.answer.broken = {"EN_HAZ_EXP"}
    result = refresh_dataset(TWO, client, store, LATER)
    assert (result.outcome, result.vintage, list(result.errors)) == ("unchanged", first, ["EN_HAZ_EXP"])


def test_a_corrupt_kept_snapshot_stops_the_data_set_and_nothing_is_written(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    store.object_path(first.parts["EN_HAZ_EXP"].sha256).write_bytes(b"spoilt")
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("8")])
    provider.answer.broken = {"EN_HAZ_EXP"}
    with pytest.raises(StoreError, match="no longer has the bytes"):
        refresh_dataset(TWO, client, store, LATER)
    assert store.list_vintages(TWO.key) == (first,)


def test_a_kept_snapshot_that_todays_declaration_refuses_leaves_the_vintage_standing(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    stricter = with_changes(TWO, units={"EN_HAZ_GENV": ("TONNES",), "EN_HAZ_EXP": ("KG",)})
    result = refresh_dataset(stricter, client, store, LATER)
    assert (result.outcome, result.vintage) == ("kept", first)
    assert "undeclared unit" in str(result.errors["EN_HAZ_EXP"])


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b'[{"page":1,"pages":1,"total":2,"lastupdated":"2026-01-01"},{"a":1,"b":2}]'),
        Reply(status=302, headers={"Location": "http://[::1"}),
        Reply(status=302, headers={"Location": "//[oops]/x"}),
    ],
    ids=["rows that are no list", "address that ends in a bracket", "host that is no address"],
)
def test_a_hostile_answer_is_an_error_of_its_part(client, provider, store, reply):
    provider.script = [reply]
    fetched = fetch_dataset(POPULATION, client, store, NOW)
    assert list(fetched.errors) == ["all"] and fetched.errors["all"].provider == "world_bank"
    assert ingest_dataset(POPULATION, store, NOW).outcome == "absent"


def test_a_fault_nobody_foresaw_is_an_error_of_its_part(client, provider, store, monkeypatch):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW)
    provider.answer.publish()

    def fail(*_: object) -> None:
        raise TypeError("not foreseen")

    monkeypatch.setattr("connectors.protocols.unsd_sdg.csv_bytes", fail)
    fetched = fetch_dataset(TWO, client, store, LATER)
    assert set(fetched.errors) == set(TWO.parts)
    assert "TypeError, value 'not foreseen'" in str(fetched.errors["EN_HAZ_GENV"])
    assert ingest_dataset(TWO, store, LATER).vintage == first.vintage


def test_bytes_that_break_the_parser_leave_the_last_vintage(client, provider, store, monkeypatch):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW)
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("8")], EN_HAZ_EXP=[unsd_row("4", series="EN_HAZ_EXP")])
    fetch_dataset(TWO, client, store, LATER)

    def fail(*_: object) -> None:
        raise TypeError("not foreseen")

    monkeypatch.setattr("connectors.protocols.unsd_series.to_parsed", fail)
    result = ingest_dataset(TWO, store, LATER)
    assert (result.outcome, result.vintage) == ("kept", first.vintage)
    assert "was not made for" in str(next(iter(result.errors.values())))


@pytest.mark.parametrize(
    "content", [b"{", b"{}", b'{"dataset":"x","at":"y","question_sha256":"","parts":{},"errors":{"a":{}}}']
)
def test_a_damaged_record_of_the_last_fetch_is_a_fault_of_the_store(client, provider, store, content):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    (store.root / "snapshots" / TWO.key / "fetched.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"fetched\.json is damaged"):
        ingest_dataset(TWO, store, LATER)
    assert refresh_dataset(TWO, client, store, LATER).outcome == "unchanged"
