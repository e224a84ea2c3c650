"""UN Comtrade: what is asked, in which order, and what its lists say.

Cap, quota and key: test_comtrade_limits.py.
"""

from datetime import timedelta

import pytest

from connectors.observations import content_sha256
from connectors.protocols import comtrade, comtrade_reference
from tests.unit.connectors.comtrade.office import PARTS, SPEC, sentences
from tests.unit.connectors.comtrade_service import KEY, declaration, whole_trade
from tests.unit.connectors.conftest import Reply

TOTALS = {"partner2Code": "0", "motCode": "0", "customsCode": "C00", "breakdownMode": "classic"}


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
