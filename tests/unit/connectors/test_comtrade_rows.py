"""UN Comtrade's rows: totals, sums, missing weights, estimates, partners, and the container they come in."""

import json

import pytest

from connectors.errors import SourceError
from connectors.protocols import comtrade, comtrade_ask
from connectors.protocols.base import failer
from connectors.protocols.comtrade_plan import marker_date
from tests.unit.connectors.comtrade_service import CODES, declaration, envelope, trade_row, whole_trade

SPEC = declaration()
PART = "40-2020"
QUESTION = {"reporter": "40", "period": "2020", "flows": ["M", "X"], "codes": list(CODES), "partners": []}
END = {"route": "data/v1/get", "row_cap": 100_000, "unlisted_partners": []}


def container(*answers: bytes, questions=None, end=END) -> bytes:
    """Answers as the fetch writes them down."""
    questions = questions or [QUESTION] * len(answers)
    pieces = [
        b"\x1e" + json.dumps(question).encode() + b"\n\x1e" + answer
        for question, answer in zip(questions, answers, strict=True)
    ]
    return b"".join(pieces) + b"\x1e" + json.dumps(end).encode() + b"\n"


def parse(*rows, end=END, **changes):
    return comtrade.parse(container(envelope(list(rows), **changes), end=end), SPEC, PART, "0" * 64)


def refusal(*rows, **options) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse(*rows, **options)
    return caught.value


def only(parsed, series: str):
    """The one row of a series."""
    rows = parsed.table.filter(parsed.table["series"] == series)
    assert rows.height == 1
    return rows.row(0, named=True)


def test_a_row_becomes_weight_and_value_with_its_edition():
    parsed = parse(trade_row())
    weight, value = only(parsed, "netWgt"), only(parsed, "primaryValue")
    assert (weight["obs_value"], weight["obs_value_raw"], weight["unit_measure"]) == (1200.5, "1200.5", "KG")
    assert (value["obs_value"], value["unit_measure"], value["obs_status"]) == (900.25, "USD", "A")
    assert (weight["ref_area"], weight["time_period"]) == ("40", "2020")
    dimensions = '{"classificationCode":"H5","cmdCode":"3915","flowCode":"M","partnerCode":"0"}'
    assert (weight["dimensions"], value["dimensions"]) == (dimensions, dimensions)


@pytest.mark.parametrize(
    ("changes", "value", "status", "raw"),
    [
        ({"netWgt": 5.0}, 5.0, "A", "0"),
        ({"netWgt": 5.0, "legacyEstimationFlag": 2}, 5.0, "A", "2"),
        ({"netWgt": 5.0, "legacyEstimationFlag": 4}, 5.0, "E", "4"),
        ({"netWgt": 5.0, "legacyEstimationFlag": 6}, 5.0, "E", "6"),
        ({"netWgt": 5.0, "isNetWgtEstimated": True}, 5.0, "E", "0e"),
        ({"netWgt": 5.0, "legacyEstimationFlag": None}, 5.0, "A", ""),
        ({"netWgt": None}, None, "O", "0"),
        ({"netWgt": 0}, None, "O", "0z"),
        ({"netWgt": 0.0, "legacyEstimationFlag": 4}, None, "O", "4z"),
        ({"netWgt": 0, "primaryValue": None}, None, "O", "0z"),
        ({"netWgt": 0, "primaryValue": 0}, 0.0, "A", "0"),
        ({"netWgt": 0, "primaryValue": 0, "legacyEstimationFlag": 6}, None, "O", "6z"),
    ],
)
def test_a_weight_of_zero_is_missing_and_estimates_are_kept(changes, value, status, raw):
    row = only(parse(trade_row(**changes)), "netWgt")
    assert (row["obs_value"], row["obs_status"], row["obs_status_raw"]) == (value, status, raw)


def test_a_missing_value_is_missing_and_no_estimate_of_weight_is_one_of_value():
    row = only(parse(trade_row(primaryValue=None, legacyEstimationFlag=4)), "primaryValue")
    assert (row["obs_value"], row["obs_status"], row["obs_status_raw"]) == (None, "O", "")


def test_an_unknown_estimation_flag_fails():
    assert "unknown flag" in str(refusal(trade_row(legacyEstimationFlag=8)))


def test_the_estimation_field_is_found_in_either_spelling():
    row = trade_row()
    row["isnetWgtEstimated"] = row.pop("isNetWgtEstimated") or True
    assert only(parse(row), "netWgt")["obs_status"] == "E"


def test_nothing_is_filtered_on_the_flags_that_are_the_same_in_every_row():
    rows = [
        trade_row(flowCode=flow, isReported=flag, isAggregate=not flag)
        for flow, flag in zip("MX", (0, 1), strict=True)
    ]
    assert parse(*rows).table.height == 4


BREAKDOWNS = [{"motCode": 2100}, {"customsCode": "C04"}, {"partner2Code": 899}, {"mosCode": "1"}]


@pytest.mark.parametrize("changes", BREAKDOWNS, ids=lambda changes: next(iter(changes)))
def test_parts_of_totals_are_set_aside_by_their_codes_and_never_by_size(changes):
    larger = trade_row(netWgt=9e9, primaryValue=9e9) | changes
    parsed = parse(larger, trade_row())
    assert only(parsed, "netWgt")["obs_value"] == 1200.5
    assert [warning.fault for warning in parsed.warnings][0] == "V16"
    assert "1 rows were parts of totals" in str(parsed.warnings[0])


@pytest.mark.parametrize("changes", BREAKDOWNS, ids=lambda changes: next(iter(changes)))
def test_parts_without_their_total_fail(changes):
    error = refusal(trade_row(), trade_row(flowCode="X") | changes)
    assert error.fault == "V16"
    assert "parts without their total: 1 rows, the first in row 2" in str(error)


def partner(code: int, value: float) -> dict[str, object]:
    return trade_row(partnerCode=code, primaryValue=value)


def test_the_world_is_the_sum_of_its_partners():
    parsed = parse(*whole_trade(40, 2020))
    assert (parsed.table.height, parsed.warnings) == (48, ())


@pytest.mark.parametrize(
    "rows",
    [
        [trade_row(primaryValue=100.0), partner(792, 60.0), partner(842, 140.0)],
        [trade_row(primaryValue=100.0), partner(792, 60.0)],
        [trade_row(primaryValue=None), partner(792, 100.0)],
        [partner(792, 60.0), partner(842, 40.0)],
        [trade_row(primaryValue=100.0), trade_row(primaryValue=100.0, flowCode="X"), partner(792, 100.0)],
    ],
    ids=["parts added", "partner lost", "total lost", "no World row", "no partners of one flow"],
)
def test_a_total_that_is_not_the_sum_fails_with_both_numbers(rows):
    error = refusal(*rows)
    assert error.fault == "V16"
    assert "the sum of" in str(error)
    assert "World total" in str(error)


def test_sum_and_total_are_named():
    text = str(refusal(trade_row(primaryValue=1000.0), partner(792, 60.0), partner(842, 1140.0)))
    assert "the sum of 2 partners is 1,200.00 USD and the World total 1,000.00 USD (flow M, code 3915" in text


@pytest.mark.parametrize(
    ("total", "warnings"), [(100_000.0, 0), (100_000.9, 0), (100_499.0, 1), (99_502.5, 1)]
)
def test_rounding_passes_and_half_a_per_cent_is_told(total, warnings):
    parsed = parse(trade_row(primaryValue=total), partner(792, 60_000.0), partner(842, 40_000.0))
    assert [warning.fault for warning in parsed.warnings] == ["V16"] * warnings


def test_more_than_half_a_per_cent_fails():
    assert refusal(trade_row(primaryValue=100_510.0), partner(792, 100_000.0)).fault == "V16"


def test_groups_are_in_no_sum():
    rows = [trade_row(primaryValue=100.0), partner(792, 100.0), partner(97, 90.0), partner(975, 5.0)]
    assert parse(*rows).table.height == 8


def test_totals_alone_are_told_as_not_compared():
    (warning,) = parse(trade_row()).warnings
    assert (warning.fault, "no sum over partners could be compared" in str(warning)) == ("V16", True)


def test_most_weights_missing_is_told_with_the_share():
    flows = [trade_row(), trade_row(flowCode="X"), trade_row(cmdCode="7204")]
    assert [w.fault for w in parse(*flows[:2], flows[2] | {"netWgt": 0}).warnings] == ["V16"]
    found = parse(flows[0], flows[1] | {"netWgt": None}, flows[2] | {"netWgt": 0}).warnings
    assert [w.fault for w in found] == ["V16", "V06"]
    assert "2 of 3 weights (67%) are missing (written as 0 or null)" in str(found[1])


def test_a_partner_that_the_provider_does_not_list_fails_with_its_share():
    rows = [trade_row(primaryValue=100.0), partner(792, 61.0), partner(9999, 39.0)]
    error = refusal(*rows, end=END | {"unlisted_partners": ["9999"]})
    assert error.fault == "S04"
    assert "names 1 partners that its own list does not have: 39.0% of the value" in str(error)
    assert "'9999'" in str(error)


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"reporterCode": 9999}, "reporterCode", "S01"),
        ({"period": "2099"}, "period", "T04"),
        ({"flowCode": "RX"}, "flowCode", "T04"),
        ({"cmdCode": "7404"}, "cmdCode", "T04"),
        ({"typeCode": "S"}, "typeCode", "T04"),
        ({"freqCode": "M"}, "freqCode", "T04"),
        ({"reporterCode": None}, "reporterCode", "S01"),
        ({"partnerCode": None}, "partnerCode", "P07"),
        ({"classificationCode": None}, "classificationCode", "P07"),
        ({"classificationCode": 'H5","x":"'}, "classificationCode", "P07"),
        ({"classificationCode": "Н5"}, "classificationCode", "P07"),  # noqa: RUF001 - a Cyrillic letter
    ],
)
def test_a_row_that_was_not_asked_for_fails(changes, field, fault):
    error = refusal(trade_row(), trade_row() | changes)
    assert (error.field, error.fault) == (field, fault)


def test_a_partner_that_was_not_asked_for_fails():
    body = container(envelope([partner(842, 1.0)]), questions=[QUESTION | {"partners": ["0", "792"]}])
    with pytest.raises(SourceError, match="was not asked") as caught:
        comtrade.parse(body, SPEC, PART, "0" * 64)
    assert caught.value.field == "partnerCode"


def test_repeated_rows_are_told_and_conflicting_ones_fail():
    assert "V14" in [warning.fault for warning in parse(trade_row(), trade_row()).warnings]
    assert "different values" in str(refusal(trade_row(), trade_row(primaryValue=900.26)))


def test_no_rows_are_an_empty_table():
    parsed = parse()
    assert (parsed.table.height, parsed.quarantine, parsed.warnings) == (0, [], ())


def test_more_rows_than_one_answer_may_have_are_complete_when_they_came_in_several():
    rows = whole_trade(40, 2020)
    halves = [[row for row in rows if row["flowCode"] == flow] for flow in "MX"]
    questions = [QUESTION | {"flows": [flow]} for flow in "MX"]
    body = container(*map(envelope, halves), questions=questions)
    spec = declaration(row_cap=20)
    assert comtrade.parse(body, spec, PART, "0" * 64).table.equals(parse(*rows).table)


def test_the_error_of_an_answer_is_told_with_its_words():
    error = refusal(error="Invalid parameter")
    assert (error.fault, error.value) == ("T04", "Invalid parameter")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (envelope([trade_row()], count=2), "T05"),
        (envelope([trade_row() | {"tariffLine": 1}]), "P07"),
        (envelope([{k: v for k, v in trade_row().items() if k != "motCode"}]), ""),
        (envelope([trade_row()])[:-30], ""),
        (b'{"message":"x"}', ""),
        (b"[]", ""),
        (b"", ""),
    ],
    ids=["count", "new field", "lost field", "cut", "another object", "a list", "nothing"],
)
def test_an_answer_of_another_form_fails(answer, fault):
    with pytest.raises(SourceError) as caught:
        comtrade.parse(container(answer), SPEC, PART, "0" * 64)
    assert fault in ("", caught.value.fault)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x1e",
        container(),
        container(envelope([])).rpartition(b"\x1e")[0],
        container(envelope([]), questions=[{"reporter": "40"}]),
        container(envelope([]), end={"route": "x"}),
        container(envelope([]), end=[]),
        envelope([trade_row()]),
    ],
)
def test_a_damaged_container_fails(body):
    with pytest.raises(SourceError):
        comtrade.parse(body, SPEC, PART, "0" * 64)


def test_an_answer_with_a_separator_is_refused():
    with pytest.raises(SourceError, match="control character"):
        comtrade_ask.read_answer(b'{"data":[]}\x1e{}', failer(SPEC, PART))


@pytest.mark.parametrize(
    ("marker", "day"),
    [
        ("2024-05-10T08:00:00 -123", "2024-05-10"),
        ("2024-05-10T08:00:00.123 5; 2024-06-01T00:00:00 7", "2024-06-01"),
        ("", ""),
    ],
)
def test_the_date_of_a_part_is_the_day_of_its_newest_release(marker, day):
    assert comtrade.producer_date(marker) == marker_date(marker) == day
