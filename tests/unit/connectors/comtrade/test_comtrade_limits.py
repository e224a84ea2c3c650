"""UN Comtrade: its cap, its quota, its key and its refusals, and that nothing is asked for twice."""

import json
from datetime import timedelta

import pytest

from connectors import budget, origins
from connectors.budget import Limit
from connectors.observations import content_sha256
from tests.unit.connectors.comtrade.office import PARTS, Office, sentences
from tests.unit.connectors.comtrade_service import CODES, KEY, QUOTA, Comtrade, declaration, whole_trade
from tests.unit.connectors.conftest import Reply


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


def test_an_unknown_quota_text_is_not_repeated(service, office, provider):
    provider.answer = lambda asked: (
        Reply(QUOTA + KEY.encode(), 403) if "/get/" in asked.path else service(asked)
    )
    assert KEY not in " ".join(sentences(office.refresh()))
    assert len(CODES) == 2
