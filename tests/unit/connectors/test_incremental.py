"""A refresh asks for as little as it can, reads nothing twice, and never trusts what it could not read."""

from collections.abc import Callable

import pytest

from connectors.ingest import ingest_dataset
from connectors.refresh import fetch_dataset, refresh_dataset
from connectors.store import Store
from tests.unit.connectors.conftest import Reply
from tests.unit.connectors.refresh_scene import LATER, NOW, TWO, good
from tests.unit.connectors.wireformats import (
    POPULATION,
    unsd_row,
    with_changes,
    world_bank_body,
    world_bank_row,
)


def bodies(provider) -> list[str]:
    """The questions for data, without those for a version marker."""
    return [asked.path for asked in provider.asked if "Series/List" not in asked.path]


def test_with_nothing_new_no_body_is_asked_for_and_nothing_is_read(client, provider, store, monkeypatch):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW)
    provider.asked.clear()
    monkeypatch.setattr("connectors.protocols.unsd_sdg.parse", None)
    fetched = fetch_dataset(TWO, client, store, LATER)
    again = ingest_dataset(TWO, store, LATER)
    assert (bodies(provider), fetched.unchanged, fetched.manifests) == ([], tuple(sorted(TWO.parts)), {})
    assert (again.outcome, again.vintage, again.read) == ("unchanged", first.vintage, False)
    assert store.last_fetched(TWO.key).at == "2026-03-31T06:00:00Z", "the verification itself is recorded"


def test_only_what_moved_its_marker_is_asked_for(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("8")])
    provider.asked.clear()
    assert refresh_dataset(TWO, client, store, LATER).outcome == "new"
    assert len(bodies(provider)) == 2, "one release tag stands for all series of UNSD"


def test_a_marker_that_moves_over_equal_bytes_is_no_vintage_and_is_remembered(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW)
    provider.answer.publish()
    assert refresh_dataset(TWO, client, store, LATER).vintage == first.vintage
    provider.asked.clear()
    refresh_dataset(TWO, client, store, LATER)
    assert bodies(provider) == []


def spoil_object(store: Store) -> None:
    sha256 = store.latest_vintage(TWO.key).parts["EN_HAZ_EXP"].sha256
    store.object_path(sha256).write_bytes(b"spoilt")


def lose_record(store: Store) -> None:
    (store.root / "snapshots" / TWO.key / "ingested.json").write_text("{")


@pytest.mark.parametrize(("harm", "asked"), [(spoil_object, 1), (lose_record, 2)])
def test_what_is_damaged_here_is_asked_for_again(
    client, provider, store, harm: Callable[[Store], None], asked: int
):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW)
    harm(store)
    provider.asked.clear()
    result = refresh_dataset(TWO, client, store, LATER)
    assert len(bodies(provider)) == asked
    assert (result.errors, result.vintage) == ({}, first.vintage)
    store.read_object(first.vintage.parts["EN_HAZ_EXP"].sha256)


def test_bytes_that_could_not_be_read_are_asked_for_again(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("8", unit="KG")])
    assert "undeclared unit" in str(refresh_dataset(TWO, client, store, LATER).errors["EN_HAZ_GENV"])
    provider.answer.series["EN_HAZ_GENV"] = [unsd_row("8")]
    provider.asked.clear()
    assert refresh_dataset(TWO, client, store, LATER).outcome == "new"
    assert len(bodies(provider)) == 1


def test_a_failed_fetch_does_not_forget_what_was_known(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    healthy, provider.answer = provider.answer, lambda asked: Reply(status=503)
    assert refresh_dataset(TWO, client, store, LATER).outcome == "kept"
    provider.answer = healthy
    provider.asked.clear()
    refresh_dataset(TWO, client, store, LATER)
    assert bodies(provider) == []


def test_an_error_that_stays_the_same_is_told_again_and_nothing_is_read(client, provider, store, monkeypatch):
    provider.answer = good()
    del provider.answer.series["EN_HAZ_EXP"]
    first = refresh_dataset(TWO, client, store, NOW)
    assert (first.outcome, first.errors["EN_HAZ_EXP"].fault) == ("new", "S07")
    monkeypatch.setattr("connectors.protocols.unsd_sdg.parse", None)
    again = refresh_dataset(TWO, client, store, LATER)
    assert (again.outcome, again.read) == ("unchanged", False)
    assert {part: error.as_record() for part, error in again.errors.items()} == {
        part: error.as_record() for part, error in first.errors.items()
    }


def test_another_error_is_read_anew(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    provider.answer.publish()
    for broken in ({"EN_HAZ_EXP"}, {"EN_HAZ_GENV"}):
        provider.answer.broken = broken
        result = refresh_dataset(TWO, client, store, LATER, full=True)
        assert (result.read, set(result.errors)) == (True, broken)


@pytest.mark.parametrize("errors", ['{"a": {}}', '{"a": {"provider": "x", "dataset": "y", "what": 1}}', "[]"])
def test_damaged_errors_in_the_record_are_as_no_record(client, provider, store, errors):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    path = store.root / "snapshots" / TWO.key / "ingested.json"
    path.write_text(path.read_text().replace('"errors": {}', f'"errors": {errors}'))
    assert store.last_ingested(TWO.key) is None
    assert refresh_dataset(TWO, client, store, LATER).outcome == "unchanged"


def test_another_declaration_asks_for_everything(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    provider.asked.clear()
    refresh_dataset(with_changes(TWO, negative_values="keep"), client, store, LATER)
    assert len(bodies(provider)) == 2


def test_better_words_about_a_data_set_cost_no_body(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    provider.asked.clear()
    refresh_dataset(with_changes(TWO, owner="somebody else", citation="Better."), client, store, LATER)
    assert bodies(provider) == []


def test_full_asks_for_everything_although_the_marker_stands(client, provider, store):
    provider.answer = good()
    refresh_dataset(TWO, client, store, NOW)
    provider.answer.series["EN_HAZ_GENV"] = [unsd_row("8")]
    assert refresh_dataset(TWO, client, store, LATER).outcome == "unchanged"
    assert refresh_dataset(TWO, client, store, LATER, full=True).outcome == "new"


def test_a_provider_that_compares_for_us_answers_without_a_body(client, provider, store):
    page = world_bank_body(world_bank_row())
    provider.answer = lambda asked: (
        Reply(status=304) if "If-None-Match" in asked.headers else Reply(page, headers={"ETag": '"one"'})
    )
    first = refresh_dataset(POPULATION, client, store, NOW)
    again = refresh_dataset(POPULATION, client, store, LATER)
    assert (first.outcome, again.outcome, again.read) == ("new", "unchanged", False)
