"""UN Comtrade: what is asked, in which order, when it stops, and that nothing is asked for twice."""

import json
from datetime import timedelta

import pytest

from connectors import budget, origins
from connectors.budget import Limit
from connectors.config import SourceSettings
from connectors.http import Client
from connectors.observations import content_sha256
from connectors.protocols import comtrade, comtrade_reference
from connectors.refresh import fetch_dataset, refresh_dataset
from connectors.store import Store
from tests.unit.connectors.comtrade_service import CODES, KEY, QUOTA, Comtrade, declaration, whole_trade
from tests.unit.connectors.conftest import Reply

SPEC = declaration()
PARTS = ["40-2020", "276-2020", "40-2019", "276-2019"]
TOTALS = {"partner2Code": "0", "motCode": "0", "customsCode": "C00", "breakdownMode": "classic"}


@pytest.fixture(autouse=True)
def two_reporters(monkeypatch):
    """The region of these tests: Austria and Germany."""
    monkeypatch.setattr("connectors.protocols.comtrade.region_reporters", lambda: {"40": "AUT", "276": "DEU"})


@pytest.fixture
def service(provider) -> Comtrade:
    provider.answer = made = Comtrade()
    for reporter in (40, 276, 380):
        for year in (2018, 2019, 2020):
            made.publish(reporter, year)
    return made


class Office:
    """One office: settings, a store, and a fresh client for each run, as each process has."""

    def __init__(self, provider, clock, home, key=KEY) -> None:
        env = {
            "CIRCULARITY_SOURCE": "live",
            "CIRCULARITY_HOME": str(home),
            "CIRCULARITY_COMTRADE_URL": f"{provider.url}/comtrade",
            "CIRCULARITY_COMTRADE_KEY": key,
        }
        self.settings, self.clock = SourceSettings.from_env(env), clock
        self.store = Store(self.settings.root, illustrative=False)

    def client(self) -> Client:
        return Client(self.settings, sleep=self.clock.sleep, monotonic=self.clock, now=self.clock.utc)

    def refresh(self, spec=SPEC, **options):
        with self.client() as client:
            return refresh_dataset(spec, client, self.store, self.clock.utc(), **options)

    def fetch(self, spec=SPEC, **options):
        with self.client() as client:
            return fetch_dataset(spec, client, self.store, self.clock.utc(), **options)

    def rows(self, spec=SPEC):
        return self.store.read_observations(spec.key, self.store.latest_vintage(spec.key).vintage)


@pytest.fixture
def office(provider, clock, tmp_path) -> Office:
    return Office(provider, clock, tmp_path / "home")


def sentences(result) -> set[str]:
    return {str(error) for error in result.errors.values()}


def test_each_reporter_year_is_one_part_asked_for_by_totals_newest_first(service, office, provider):
    result = office.refresh()
    assert (result.outcome, result.errors) == ("new", {})
    assert service.asked_parts() == PARTS
    assert set(result.vintage.parts) == set(PARTS)
    assert all(TOTALS.items() <= call.items() and "," not in call["period"] for call in service.data_calls)
    assert all("partnerCode" not in call for call in service.data_calls), "the World and every partner"
    assert result.vintage.rows == 4 * 2 * 2 * 6 * 2
    assert result.vintage.producer_date == "2024-05-10"
    assert {asked.headers["Ocp-Apim-Subscription-Key"] for asked in provider.asked} == {KEY}


def test_with_nothing_new_no_body_comes_and_a_changed_reporter_year_comes_alone(service, office):
    first = office.refresh()
    service.data_calls.clear()
    again = office.fetch()
    assert (service.data_calls, again.unchanged) == ([], tuple(sorted(PARTS)))
    service.publish(40, 2019, whole_trade(40, 2019)[:-2] + whole_trade(40, 2019)[-2:], "2024-06-01")
    assert office.refresh().vintage == first.vintage, "a new release date over an equal checksum"
    assert service.data_calls == []
    revised = [row | {"netWgt": 1.5} for row in whole_trade(40, 2019)]
    service.publish(40, 2019, revised, "2024-07-01")
    result = office.refresh()
    assert service.asked_parts() == ["40-2019"]
    assert (result.outcome, result.vintage.producer_date) == ("new", "2024-07-01")


def test_a_list_that_goes_back_does_not_replace_what_stands(service, office):
    office.refresh()
    before = office.rows()
    service.publish(40, 2019, whole_trade(40, 2019)[:6], "2023-01-01")
    service.data_calls.clear()
    result = office.refresh()
    assert service.data_calls == []
    assert result.errors["40-2019"].fault == "T21"
    assert "2024-05-10 to that of 2023-01-01; the newer stands" in str(result.errors["40-2019"])
    again = office.refresh()
    assert (again.read, service.data_calls) == (False, []), (
        "what stands is still known, the older is not asked"
    )
    whole = office.refresh(full=True)
    assert (whole.outcome, [e.fault for e in whole.errors.values()]) == ("unchanged", ["T21"])
    service.data_calls.clear()
    assert office.refresh().errors["40-2019"].fault == "T21"
    assert service.data_calls == []
    assert content_sha256(office.rows()) == content_sha256(before)


def unlist(service, *parts: tuple[int, int]) -> dict:
    """Take reporter-years off the list of what there is; returns them."""
    return {part: service.released.pop(part) for part in parts}


BETTER_WORDS = SPEC.model_copy(update={"citation": "better words", "owner": "somebody else"})


def test_a_reporter_year_listed_no_more_stands_and_is_told_whatever_words_change(service, office):
    office.refresh()
    unlist(service, (40, 2019))
    for spec in (SPEC, BETTER_WORDS):
        result = office.refresh(spec)
        assert (result.outcome, {p: e.fault for p, e in result.errors.items()}) == (
            "unchanged",
            {"40-2019": "S07"},
        )
    service.publish(276, 2020, [row | {"netWgt": 1.5} for row in whole_trade(276, 2020)], "2024-07-01")
    result = office.refresh(BETTER_WORDS)
    assert (result.outcome, list(result.errors)) == ("new", ["40-2019"])
    assert {name: part.status for name, part in result.vintage.parts.items()} == {
        **dict.fromkeys(PARTS, "fresh"),
        "40-2019": "kept",
    }
    assert result.vintage.rows == 4 * 2 * 2 * 6 * 2


def test_a_list_cut_short_once_costs_no_body_and_one_sentence(service, office):
    first = office.refresh()
    service.data_calls.clear()
    away = unlist(service, (40, 2019), (40, 2020), (276, 2019))
    short = office.refresh()
    assert (short.outcome, len(short.errors), len(short.sentences)) == ("unchanged", 3, 1)
    assert short.sentences[0].endswith("(And so in 2 other parts.)")
    again = office.refresh()
    assert (again.read, again.sentences) == (False, short.sentences)
    service.released |= away
    whole = office.refresh()
    assert (whole.outcome, whole.errors, whole.vintage) == ("unchanged", {}, first.vintage)
    assert service.data_calls == []


@pytest.mark.parametrize("spec", [SPEC, declaration(first_year=2018)], ids=["same question", "another"])
def test_a_fetch_that_breaks_off_unforeseen_drops_no_reporter_year(service, office, monkeypatch, spec):
    office.refresh()
    for part in ((40, 2020), (276, 2020)):
        service.publish(*part, [row | {"netWgt": 1.5} for row in whole_trade(*part)], "2024-07-01")
    bring, done = comtrade._bring, []

    def broken(*args, **options):
        if done:
            raise TypeError("not foreseen")
        done.append(args)
        return bring(*args, **options)

    monkeypatch.setattr(comtrade, "_bring", broken)
    result = office.refresh(spec)
    assert (result.outcome, list(result.errors)) == ("new", ["all"])
    assert set(result.vintage.parts) == set(PARTS)
    assert result.vintage.rows == 4 * 2 * 2 * 6 * 2
    kept = result.vintage.parts["276-2020"]
    assert (kept.status, kept.reason) == ("kept", "answered in a way this program was not made for")


def test_what_another_question_no_longer_asks_for_is_told(service, office):
    office.refresh()
    result = office.refresh(declaration(first_year=2020))
    assert (result.outcome, result.errors, sorted(result.vintage.parts)) == (
        "new",
        {},
        ["276-2020", "40-2020"],
    )
    (told,) = [warning for warning in result.vintage.warnings if warning.fault == "S07"]
    assert told.text.startswith("2 parts that stood are no longer asked for, because the declaration changed")
    assert told.facts == ("276-2019", "40-2019")
    assert str(told) in result.warnings
    assert office.refresh(declaration(first_year=2020)).outcome == "unchanged"


def test_a_warning_of_every_reporter_year_is_one(service, office):
    for part in service.rows:
        service.publish(*part, [row for row in whole_trade(*part) if row["partnerCode"] == 0])
    result = office.refresh()
    (told,) = [w for w in result.vintage.warnings if "only World totals came" in w.text]
    assert told.part == "276-2019 and 3 other parts"
    assert result.warnings.count(str(told)) == 1
    assert sum("only World totals came" in warning for warning in result.warnings) == 1


@pytest.mark.parametrize("cap", [24, 20, 12, 7, 6, 4, 2])
def test_totals_stay_complete_whatever_the_cap(service, office, provider, clock, tmp_path, cap):
    office.refresh()
    calls = len(service.data_calls)
    service.cap, service.data_calls = cap, []
    small = Office(provider, clock, tmp_path / f"cap{cap}")
    result = small.refresh(declaration(row_cap=cap))
    assert result.errors == {}
    assert content_sha256(small.rows()) == content_sha256(office.rows())
    assert len(service.data_calls) > calls
    assert {call["maxRecords"] for call in service.data_calls} == {str(cap)}


def test_a_partner_no_list_has_is_asked_for_by_name_and_told_where_the_answer_was_split(service, office):
    """Split by partner only listed ones are asked for; what is missing is too little for the sum to tell."""
    rows = [[row] for row in whole_trade(40, 2020)]
    for group in rows:
        if group[0]["partnerCode"] == 0:
            group.append(group[0] | {"partnerCode": 777, "primaryValue": 0.25, "netWgt": 2.5})
    service.publish(40, 2020, [row for group in rows for row in group])
    service.cap = 4
    error = office.refresh(declaration(row_cap=4)).errors["40-2020"]
    assert (error.fault, error.field, error.value) == ("S04", "partnerCode", "777")
    assert error.what.endswith("4 rows"), "its rows came: one for each flow and product"


def test_the_smallest_question_that_still_fills_the_cap_fails_with_its_query(service, office):
    service.cap = 1
    result = office.refresh(declaration(row_cap=1))
    error = result.errors["40-2019"]
    assert error.fault == "T11"
    assert "truncated at 1 rows" in str(error)
    assert '"flows":["M"],"codes":["3915"],"partners":["0"]' in error.value
    assert result.outcome == "absent"


def test_without_a_key_the_preview_brings_the_same_and_says_so(service, office, provider, clock, tmp_path):
    service.partners = (*range(300), 792, 842)
    service.publish(40, 2020, whole_trade(40, 2020, service.partners))
    with_key = office.refresh()
    service.data_calls.clear()
    without = Office(provider, clock, tmp_path / "no-key", key="")
    result = without.refresh()
    assert content_sha256(without.rows()) == content_sha256(office.rows())
    assert (result.errors, with_key.errors) == ({}, {})
    assert service.asked_parts() == PARTS
    assert len(service.data_calls) == 7 + 3, "1,208 rows: all, two flows, two codes of each"
    assert any("came through the preview, because no key is set" in warning for warning in result.warnings)
    assert not any("preview" in warning for warning in with_key.warnings)


def test_a_quota_that_ends_stops_the_source_and_the_next_day_brings_the_rest(
    service, office, clock, provider
):
    service.left = 1 + 2  # the list of data, and two reporter-years
    stopped = office.refresh()
    assert {name: error.fault for name, error in stopped.errors.items()} == dict.fromkeys(PARTS[2:], "T07")
    (sentence,) = sentences(stopped)
    assert "no calls left in its quota until 2026-03-01 09:14:17 UTC" in sentence
    assert "2 of 4 reporter-years wait" in sentence
    assert stopped.outcome == "new"
    assert [name for name, part in stopped.vintage.parts.items() if part.status == "absent"] == sorted(
        PARTS[2:]
    )
    service.left, asked = 1000, len(provider.asked)
    early = office.refresh()
    assert len(provider.asked) == asked, "nothing is asked before the provider's own time"
    assert "may be asked again from 2026-03-01 09:14:17 UTC" in str(early.errors["all"])
    assert early.vintage == stopped.vintage
    clock.now += timedelta(days=1).total_seconds()
    service.data_calls.clear()
    resumed = office.refresh()
    assert service.asked_parts() == PARTS[2:]
    assert (resumed.outcome, resumed.errors) == ("new", {})
    assert len(office.rows()) == 4 * 2 * 2 * 6 * 2


def test_our_own_count_of_the_day_stops_it_too_and_outlives_the_process(
    service, office, clock, provider, monkeypatch
):
    monkeypatch.setitem(budget.LIMITS, "comtrade", (Limit(1, 1.0), Limit(6, budget.DAY)))
    monkeypatch.setattr(origins, "on_this_machine", lambda settings, name: False)
    stopped = office.refresh()
    assert service.asked_parts() == PARTS[:2], "three lists, the availability and two reporter-years"
    (sentence,) = sentences(stopped)
    assert "may be asked again from 2026-03-02 06:00:00 UTC on (6 calls a day)" in sentence
    assert clock.slept == [1.0] * 5
    asked = len(provider.asked)
    assert office.refresh().errors["all"].fault == "T07"
    assert len(provider.asked) == asked
    clock.now = timedelta(days=1, hours=1).total_seconds()
    service.data_calls.clear()
    assert office.refresh().errors == {}
    assert service.asked_parts() == PARTS[2:]


def test_a_killed_fetch_goes_on_where_it_was(service, office, monkeypatch):
    class Killed(BaseException):
        pass

    def kill(question):
        if len(service.data_calls) > 2:
            raise Killed

    keep = Comtrade._select
    monkeypatch.setattr(Comtrade, "_select", lambda self, query: kill(query) or keep(self, query))
    with pytest.raises(Killed), pytest.MonkeyPatch.context() as patch:
        patch.setattr("connectors.protocols.comtrade._bring", killing_after(2, Killed))
        office.fetch()
    asked = service.asked_parts()
    assert asked == PARTS[:2]
    service.data_calls.clear()
    resumed = office.fetch()
    assert service.asked_parts() == PARTS[2:]
    assert resumed.resumed == 2


def killing_after(parts, kind):
    """`_bring`, in a process that ends after so many parts."""
    from connectors.protocols.comtrade import _bring as bring

    done = []

    def brings(*arguments):
        if len(done) == parts:
            raise kind
        done.append(arguments)
        return bring(*arguments)

    return brings


def test_a_refused_key_ends_at_once_names_its_variable_and_never_itself(provider, clock, tmp_path, service):
    office = Office(provider, clock, tmp_path / "home", key="canary-wrong")
    result = office.refresh()
    error = result.errors["all"]
    assert (error.fault, error.transient, result.outcome) == ("T22", False, "absent")
    assert "CIRCULARITY_COMTRADE_KEY" in error.next_step
    assert "comtradedeveloper.un.org" in error.next_step
    asked = [asked.path for asked in provider.asked if "/files/" not in asked.path]
    assert len(asked) == 1, "no retry"
    assert "canary" not in str(error) + json.dumps(error.as_record())


def test_the_key_is_in_no_file_and_no_address(service, office, provider, tmp_path):
    office.refresh()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not any(KEY.encode() in path.read_bytes() for path in written)
    assert not any(KEY in asked.path for asked in provider.asked)


@pytest.mark.parametrize(
    ("refusal", "wait"),
    [
        (Reply(b'{"message":"Rate limit is exceeded. Try again in 3 seconds."}', 429), 3),
        (Reply(status=429, headers={"Retry-After": "2"}), 2),
    ],
)
def test_a_request_to_slow_down_is_heeded_in_the_provider_s_words(
    service, office, provider, clock, refusal, wait
):
    script = [refusal]
    provider.answer = lambda asked: script.pop() if script and "/get/" in asked.path else service(asked)
    assert office.refresh().errors == {}
    assert clock.slept == [wait]


def test_a_refusal_without_a_time_is_no_quota_to_wait_for(service, office, provider):
    provider.answer = lambda asked: Reply(b"{}", 403) if "/get/" in asked.path else service(asked)
    (sentence,) = sentences(office.refresh())
    assert "does not say until when; 4 of 4 reporter-years wait" in sentence
    assert office.client().budget.ask_closed("comtrade") is None


def test_a_service_that_is_down_is_left_alone(service, office, provider):
    provider.answer = lambda asked: Reply(status=503) if "/get/" in asked.path else service(asked)
    result = office.refresh()
    assert len(result.errors) == 4
    assert len({asked.path for asked in provider.asked if "/get/" in asked.path}) == 3
    assert all(error.transient for error in result.errors.values())


def test_the_time_of_a_data_set_ends_between_two_parts_and_the_next_run_goes_on(
    service, office, provider, clock
):
    def slow(asked):
        clock.now += 400.0 if "/get/" in asked.path else 0.0
        return service(asked)

    provider.answer = slow
    result = office.refresh()
    assert service.asked_parts() == PARTS[:3]
    (error,) = result.errors.values()
    assert (error.fault, error.transient) == ("T18", True)
    assert "was not through after 15 minutes" in str(error)
    assert "1 of 4 reporter-years wait" in str(error)
    service.data_calls.clear()
    assert office.refresh().errors == {}
    assert service.asked_parts() == PARTS[3:]


def test_a_reporter_the_provider_does_not_list_is_refused_before_the_call(service, office, monkeypatch):
    region = {"40": "AUT", "381": "ITA", "97": "EUR"}
    monkeypatch.setattr("connectors.protocols.comtrade.region_reporters", lambda: region)
    result = office.refresh()
    assert set(result.errors) == {"381", "97"}
    assert {error.fault for error in result.errors.values()} == {"S03"}
    assert "380 (Italy)" in str(result.errors["381"])
    assert {call["reporterCode"] for call in service.data_calls} == {"40"}


def test_a_product_the_provider_does_not_list_stops_before_any_call_for_data(service, office, provider):
    result = office.refresh(declaration(query=SPEC.query | {"cmdCode": "3915,7240"}))
    assert (result.outcome, result.errors["all"].fault) == ("absent", "S03")
    assert "7204" in str(result.errors["all"])
    assert [asked.path for asked in provider.asked if "/files/" not in asked.path] == []


def test_the_region_has_no_group_and_the_codes_of_the_provider():
    region = comtrade_reference.region_reporters()
    assert {"251": "FRA", "757": "CHE", "579": "NOR", "842": "USA", "380": "ITA"}.items() <= region.items()
    assert {"97", "975", "0", ""}.isdisjoint(region)
    assert {"LIE", "MCO"}.isdisjoint(region.values())
    assert len(region) == 54


def test_the_lists_are_asked_for_again_after_a_month_and_may_be_old_when_they_cannot_be(
    service, office, provider, clock
):
    def lists():
        return [a.headers.get("If-None-Match") for a in provider.asked if "/files/" in a.path]

    office.fetch()
    assert lists() == [None] * 3
    clock.now += timedelta(days=29).total_seconds()
    office.fetch()
    assert len(lists()) == 3
    clock.now += timedelta(days=2).total_seconds()
    office.fetch()
    assert all(lists()[3:]), "conditional"
    office.fetch()
    assert len(lists()) == 6
    clock.now += timedelta(days=31).total_seconds()
    provider.answer = lambda asked: Reply(status=404) if "/files/" in asked.path else service(asked)
    assert office.fetch().errors == {}


def test_a_list_of_data_that_stops_at_the_cap_is_asked_for_by_reporter(service, office):
    result = office.refresh(declaration(row_cap=9))
    assert "cut short" not in " ".join(sentences(result))
    assert set(result.vintage.parts) == set(PARTS)


def test_no_data_listed_at_all_fails_and_keeps_what_stands(service, office):
    before = office.refresh().vintage
    service.released.clear()
    result = office.refresh()
    assert (result.outcome, result.vintage) == ("kept", before)
    assert result.errors["all"].fault == "T14"
    assert set(result.errors) == {"all"}


def test_a_reporter_year_that_is_listed_no_more_stands_and_is_named(service, office):
    office.refresh()
    before = office.rows()
    del service.released[40, 2019]
    for _ in range(2):
        result = office.refresh()
        assert {name: error.fault for name, error in result.errors.items()} == {"40-2019": "S07"}
        assert "lists it no more" in str(result.errors["40-2019"])
    assert content_sha256(office.rows()) == content_sha256(before)


def test_a_reporter_year_without_trade_is_a_part_without_rows(service, office):
    service.publish(40, 2020, [])
    result = office.refresh()
    assert result.errors == {}
    assert result.vintage.parts["40-2020"].status == "fresh"
    rows = office.rows()
    assert rows.filter((rows["ref_area"] == "40") & (rows["time_period"] == "2020")).is_empty()


def test_an_answer_that_was_full_and_is_empty_fails_and_what_stood_stands(service, office):
    office.refresh()
    before = office.rows()
    service.publish(40, 2020, [], "2024-09-01")
    result = office.refresh()
    assert result.errors["40-2020"].fault == "T14"
    assert "48 rows" in str(result.errors["40-2020"])
    assert content_sha256(office.rows()) == content_sha256(before)


def test_no_rows_in_any_reporter_year_is_no_vintage(service, office):
    for reporter, year in list(service.released):
        service.publish(reporter, year, [])
    result = office.refresh()
    assert (result.outcome, result.vintage) == ("absent", None)
    assert result.errors["all"].fault == "T14"


def test_an_unknown_quota_text_is_not_repeated(service, office, provider):
    provider.answer = lambda asked: (
        Reply(QUOTA + KEY.encode(), 403) if "/get/" in asked.path else service(asked)
    )
    assert KEY not in " ".join(sentences(office.refresh()))
    assert len(CODES) == 2
