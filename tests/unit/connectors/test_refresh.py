"""From bytes to vintages: what is new, what is kept, what is absent.

Parts that fail: test_refresh_failures.py.
"""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.ingest import ingest_dataset
from connectors.refresh import fetch_dataset, refresh_dataset
from connectors.registry import get_dataset
from tests.unit.connectors.conftest import Reply
from tests.unit.connectors.refresh_scene import LATER, NOW, TWO, Unsd, good, statuses
from tests.unit.connectors.wireformats import (
    CIRCULAR,
    HAZARDOUS,
    POPULATION,
    eurostat_body,
    eurostat_row,
    many_unsd_rows,
    unsd_row,
    with_changes,
    world_bank_body,
    world_bank_row,
)


def test_a_first_refresh_makes_a_vintage_that_says_where_it_comes_from(client, provider, store):
    provider.answer = good()
    result = refresh_dataset(TWO, client, store, NOW)
    vintage = result.vintage
    assert (result.outcome, result.errors, vintage.sequence) == ("new", {}, 1)
    assert vintage.vintage == f"2026.Q1.G.01.{vintage.content_sha256[:8]}"
    assert (vintage.rows, vintage.areas, vintage.first_year, vintage.last_year) == (2, 1, 2020, 2020)
    part = vintage.parts["EN_HAZ_GENV"]
    assert (part.status, part.retrieved_at, part.version_marker) == (
        "fresh",
        "2026-03-01T06:00:00Z",
        "2026.Q1.G.01",
    )
    assert part.url == f"{provider.url}/unsd/SDGAPI/v1/sdg/Series/DataCSV"
    assert store.read_object(part.sha256).endswith(b"\0" * 7)
    assert store.read_observations(TWO.key, vintage.vintage)["obs_value"].to_list() == [3.0, 7.0]


def test_the_same_content_again_is_no_new_vintage_whatever_its_bytes(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("7.0")])
    again = refresh_dataset(TWO, client, store, LATER)
    assert again.outcome == "unchanged"
    assert again.vintage == first
    assert store.last_fetched(TWO.key).at == "2026-03-31T06:00:00Z"


def test_a_changed_value_makes_the_next_vintage_and_the_first_stays_as_it_was(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    before = store.observations_path(TWO.key, first.vintage).read_bytes()
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("8")])
    second = refresh_dataset(TWO, client, store, LATER).vintage
    assert [v.sequence for v in store.list_vintages(TWO.key)] == [1, 2]
    assert store.latest_vintage(TWO.key) == second
    assert store.observations_path(TWO.key, first.vintage).read_bytes() == before


def test_going_back_to_an_old_content_under_the_same_marker_is_a_vintage_of_its_own(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    provider.answer.series["EN_HAZ_GENV"] = [unsd_row("8")]
    refresh_dataset(TWO, client, store, NOW, full=True)
    provider.answer = good()
    third = refresh_dataset(TWO, client, store, NOW, full=True).vintage
    assert (third.vintage, third.content_sha256) == (f"{first.vintage}.3", first.content_sha256)


def test_a_marker_that_goes_backwards_does_not_replace_the_newer_vintage(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    provider.answer = Unsd(
        "2022.Q2.G.03", EN_HAZ_GENV=[unsd_row("9")], EN_HAZ_EXP=[unsd_row("1", series="EN_HAZ_EXP")]
    )
    result = refresh_dataset(TWO, client, store, LATER)
    assert (result.outcome, result.vintage) == ("kept", first)
    assert {part: error.fault for part, error in result.errors.items()} == dict.fromkeys(TWO.parts, "T21")
    (sentence,) = result.sentences
    assert "went back from its release of 2026.Q1.G.01 to that of 2022.Q2.G.03; the newer stands" in sentence
    assert sentence.endswith("(And so in 1 other part.)")


def test_one_part_that_goes_back_keeps_its_newer_state_and_the_others_go_on(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    provider.answer.publish(EN_HAZ_GENV=[unsd_row("8")], EN_HAZ_EXP=[unsd_row("2", series="EN_HAZ_EXP")])
    provider.answer.older["EN_HAZ_EXP"] = "2025.Q4.G.01"
    result = refresh_dataset(TWO, client, store, LATER)
    assert (result.outcome, statuses(result)) == ("new", {"EN_HAZ_GENV": "fresh", "EN_HAZ_EXP": "kept"})
    assert [error.fault for error in result.errors.values()] == ["T21"]
    assert result.vintage.parts["EN_HAZ_EXP"].sha256 == first.parts["EN_HAZ_EXP"].sha256
    assert result.vintage.producer_date == "2026.Q2.G.01"


def test_older_bytes_under_a_newer_marker_are_the_newest_state(client, provider, store):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    for release, value in (("2026.Q2.G.01", "8"), ("2026.Q3.G.01", "7")):
        provider.answer.publish(release, EN_HAZ_GENV=[unsd_row(value)])
        result = refresh_dataset(TWO, client, store, LATER)
        assert (result.outcome, result.errors) == ("new", {})
        assert {part.version_marker for part in result.vintage.parts.values()} == {release}
    assert (result.vintage.producer_date, result.vintage.content_sha256) == (
        "2026.Q3.G.01",
        first.content_sha256,
    )


def test_quarantined_rows_are_written_beside_the_vintage(client, provider, store):
    rows = [*many_unsd_rows(250), unsd_row("-1")]
    spec = with_changes(HAZARDOUS, units={"EN_HAZ_GENV": ("TONNES",)})
    provider.answer = Unsd(EN_HAZ_GENV=rows)
    vintage = refresh_dataset(spec, client, store, NOW).vintage
    assert (vintage.rows, vintage.quarantined) == (250, 1)
    path = store.observations_path(spec.key, vintage.vintage).with_name(f"{vintage.vintage}.quarantine.json")
    assert json.loads(path.read_text())[0] == {
        "part": "EN_HAZ_GENV",
        "line": 251,
        "reason": "the value is negative where only zero or more is possible",
        "ref_area": "40",
        "time_period": "2020",
        "value": "-1",
    }


def test_archive_mode_asks_nothing_and_reads_what_is_there(client, provider, store, live_settings):
    provider.answer = good()
    first = refresh_dataset(TWO, client, store, NOW).vintage
    asked = len(provider.asked)
    archive = Client(live_settings.model_copy(update={"mode": "archive"}))
    result = refresh_dataset(TWO, archive, store, LATER)
    assert (result.outcome, result.vintage, result.errors) == ("unchanged", first, {})
    assert len(provider.asked) == asked


def test_observations_can_be_made_from_the_store_alone(client, provider, store):
    provider.answer = good()
    fetch_dataset(TWO, client, store, NOW)
    assert store.latest_vintage(TWO.key) is None
    assert ingest_dataset(TWO, store, NOW).outcome == "new"


class Pages:
    """A World Bank of two pages; `updates` are the stamps of successive answers."""

    def __init__(self, *updates: str, total: int = 2) -> None:
        self.updates, self.total = list(updates), total

    def __call__(self, asked) -> Reply:
        page = int(parse_qs(urlsplit(asked.path).query)["page"][0])
        updated = self.updates.pop(0) if len(self.updates) > 1 else self.updates[0]
        row = world_bank_row(str(page), iso3=["AUT", "BEL"][page - 1])
        return Reply(world_bank_body(row, page=page, pages=2, total=self.total, updated=updated))


def test_world_bank_pages_become_one_snapshot(client, provider, store):
    provider.answer = Pages("2026-02-24")
    vintage = refresh_dataset(POPULATION, client, store, NOW).vintage
    assert (vintage.rows, vintage.producer_date) == (2, "2026-02-24")
    assert store.read_object(vintage.parts["all"].sha256).count(b"\x1e") == 2


def test_a_database_that_changes_between_pages_is_read_once_more(client, provider, store):
    provider.answer = Pages("2026-02-24", "2026-02-25", "2026-02-25")
    assert refresh_dataset(POPULATION, client, store, NOW).vintage.producer_date == "2026-02-25"
    assert len(provider.asked) == 4


@pytest.mark.parametrize(
    "pages", [Pages("2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"), Pages("2026-02-24", total=3)]
)
def test_a_database_that_will_not_hold_still_fails_as_passing_trouble(client, provider, store, pages):
    provider.answer = pages
    fetched = fetch_dataset(POPULATION, client, store, NOW)
    assert "changed between its pages, twice" in str(fetched.errors["all"])
    assert fetched.transient


def test_eurostat_is_asked_for_the_whole_table_and_dated_by_its_own_column(client, provider, store):
    provider.script = [Reply(eurostat_body(eurostat_row()))]
    vintage = refresh_dataset(CIRCULAR, client, store, NOW).vintage
    assert vintage.producer_date == "2023-08-21"
    path = "/eurostat/api/dissemination/sdmx/2.1/data/CEI_SRM030?format=SDMX-CSV&compressed=true"
    assert provider.asked[0].path == path


def test_an_unreadable_time_of_last_update_is_refused(client, provider, store):
    provider.script = [Reply(eurostat_body(eurostat_row()).replace(b"21/08/23", b"yesterday"))]
    assert "LAST UPDATE" in str(fetch_dataset(CIRCULAR, client, store, NOW).errors["all"])


def test_two_roots_keep_invented_and_real_figures_apart(tmp_path):
    roots = {
        mode: SourceSettings.from_env({"CIRCULARITY_SOURCE": mode, "CIRCULARITY_HOME": str(tmp_path)}).root
        for mode in ("live", "archive", "sample")
    }
    assert roots == {"live": tmp_path / "real", "archive": tmp_path / "real", "sample": tmp_path / "sample"}


def test_every_declared_data_set_reads_its_sample(sample_store):
    spec = get_dataset("unsd/sdg_12_2")
    assert [v.illustrative for v in sample_store.list_vintages(spec.key)] == [True, True]


def test_a_snapshot_of_pages_is_addressed_without_a_page(client, provider, store):
    provider.answer = Pages("2026-02-24")
    part = refresh_dataset(POPULATION, client, store, NOW).vintage.parts["all"]
    assert "page=" not in part.url.replace("per_page=", "")
    assert part.url.startswith(f"{provider.url}/worldbank/v2/country/all/indicator/SP.POP.TOTL?")
    assert "page" not in store.get_manifest(POPULATION.key, "all", part.sha256).params
