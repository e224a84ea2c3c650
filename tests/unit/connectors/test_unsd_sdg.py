"""Reading UNSD DataCSV: each rule with a body that breaks it."""

import pytest

from connectors.errors import SourceError
from connectors.protocols import unsd_sdg, unsd_series
from connectors.protocols.base import failer
from tests.unit.connectors.wireformats import (
    HAZARDOUS,
    MATERIAL,
    SNAPSHOT,
    UNSD_HEAD,
    many_unsd_rows,
    unsd_body,
    unsd_row,
)


def parse(*rows: str, head: str = UNSD_HEAD):
    return unsd_sdg.parse(unsd_body(*rows, head=head), HAZARDOUS, "EN_HAZ_GENV", SNAPSHOT)


def refused(*rows: str, head: str = UNSD_HEAD) -> str:
    with pytest.raises(SourceError) as caught:
        parse(*rows, head=head)
    message = str(caught.value)
    assert message.startswith("unsd/sdg_12_4 (EN_HAZ_GENV): ")
    assert "Next step: " in message
    assert "Owner: circular-economy-statistics" in message
    return message


def only(*rows: str) -> dict:
    table = parse(*rows).table
    assert table.height == 1
    return table.row(0, named=True)


def test_a_row_keeps_everything_the_provider_said():
    assert only(unsd_row("12.50", note=" two  parts ")) == {
        "provider": "unsd",
        "dataset": "sdg_12_4",
        "series": "EN_HAZ_GENV",
        "ref_area": "40",
        "time_period": "2020",
        "dimensions": '{"Reporting Type":"G"}',
        "obs_value": 12.5,
        "obs_value_raw": "12.50",
        "obs_bound": None,
        "unit_measure": "TONNES",
        "unit_mult": 0,
        "obs_status": "A",
        "obs_status_raw": "A",
        "conf_status": "F",
        "nature": "C",
        "comment_obs": "two parts",
        "snapshot_sha256": SNAPSHOT,
    }


def test_nul_padding_is_cut():
    body = unsd_body(unsd_row()) + b"\0" * 300
    assert unsd_sdg.parse(body, HAZARDOUS, "EN_HAZ_GENV", SNAPSHOT).table.height == 1


@pytest.mark.parametrize("padding", [b"", b"\0\0\0"])
def test_an_incomplete_last_line_is_refused_as_passing_trouble(padding):
    body = unsd_body(unsd_row(), unsd_row(area="8"))[:-3] + padding
    with pytest.raises(SourceError, match="cut short: its last line is not complete") as caught:
        unsd_sdg.parse(body, HAZARDOUS, "EN_HAZ_GENV", SNAPSHOT)
    assert caught.value.transient


def test_a_body_of_padding_only_is_empty_and_never_zero():
    with pytest.raises(SourceError, match="empty body"):
        unsd_sdg.parse(b"\0" * 64, HAZARDOUS, "EN_HAZ_GENV", SNAPSHOT)


def test_a_header_without_rows_is_unknown_and_never_zero():
    assert "answered no rows" in refused()


@pytest.mark.parametrize(("text", "bound"), [("<2.5", "<"), (">95", ">"), ("< 0.1", "<")])
def test_a_bound_is_no_value(text, bound):
    row = only(unsd_row(text))
    assert (row["obs_value"], row["obs_bound"], row["obs_value_raw"], row["obs_status"]) == (
        None,
        bound,
        text,
        "A",
    )


@pytest.mark.parametrize("text", ["", "N", "NaN"])
def test_a_missing_value_is_null_with_status_o(text):
    row = only(unsd_row(text))
    assert (row["obs_value"], row["obs_status"], row["obs_status_raw"]) == (None, "O", "A")


def test_zero_stays_a_value():
    assert only(unsd_row("0"))["obs_value"] == 0.0


def test_blank_status_and_nature():
    row = only(unsd_row(status="", nature=""))
    assert (row["obs_status"], row["nature"]) == ("A", "UNKNOWN")


def test_without_the_status_column_everything_is_normal():
    head = UNSD_HEAD.replace("[Observation Status],", "")
    assert parse(unsd_row().replace(",C,A,", ",C,"), head=head).table["obs_status"].to_list() == ["A"]


def test_an_unknown_symbol_is_refused():
    message = refused(unsd_row("x"))
    assert "unknown symbol" in message
    assert "[field value, value 'x']" in message


def test_an_unknown_status_letter_is_refused():
    assert "unknown flag 'Z'" in refused(unsd_row(status="Z"))


def test_an_unknown_nature_is_refused():
    assert "unknown nature [field Nature, value 'X']" in refused(unsd_row(nature="X"))


def test_an_undeclared_unit_is_refused_even_if_another_part_declares_it():
    message = refused(unsd_row(unit="KG"))
    assert "undeclared unit in 1 rows" in message
    assert "declared is TONNES" in message


@pytest.mark.parametrize(
    ("area", "words"),
    [
        ("=1+1", "holds a formula in place of a code"),
        ("../8", "holds a path in place of a code"),
        ("4С", "holds a code that is not plain ASCII (U+0421)"),
        ("", "holds a code outside the allowed alphabet"),
        ("-8", "holds a code outside the allowed alphabet"),
    ],
)
def test_an_area_outside_the_alphabet_is_refused(area, words):
    assert words in refused(unsd_row(area=area))


@pytest.mark.parametrize("number", ["1e400", "-1e400"])
def test_a_number_too_large_is_refused(number):
    assert "too large" in refused(unsd_row(number))


def test_a_lost_and_a_new_column_are_named():
    message = refused(head=UNSD_HEAD.replace("[Units]", "[Unit]"))
    assert "lost [Units]; new [Unit]" in message


def test_a_new_dimension_is_refused():
    assert "new [Sex]" in refused(unsd_row() + ",M", head=UNSD_HEAD + ",[Sex]")


def test_a_ragged_line_is_refused_with_its_number():
    assert "has 22 fields instead of 21 in data row 2" in refused(unsd_row(), unsd_row(area="8") + ",more")


def test_another_series_is_refused():
    assert "answered another series" in refused(unsd_row(series="EN_HAZ_EXP"))


def test_bytes_that_are_not_utf8_are_refused_with_their_place():
    body = unsd_body(unsd_row(note="caf\u00e9")).decode().encode("latin-1")
    with pytest.raises(SourceError, match=r"not UTF-8 text at byte \d+"):
        unsd_sdg.parse(body, HAZARDOUS, "EN_HAZ_GENV", SNAPSHOT)


def test_a_byte_order_mark_is_stripped():
    body = b"\xef\xbb\xbf" + unsd_body(unsd_row())
    assert unsd_sdg.parse(body, HAZARDOUS, "EN_HAZ_GENV", SNAPSHOT).table.height == 1


def test_a_comment_with_a_direction_override_is_refused():
    assert "control characters" in refused(unsd_row(note="\u202eevil"))


def test_equal_duplicates_are_read_once_and_told():
    parsed = parse(unsd_row(), unsd_row(), unsd_row(area="8"))
    assert parsed.table.height == 2
    told = "EN_HAZ_GENV: 1 repeated rows, equal in content, were read once"
    assert [(w.fault, str(w)) for w in parsed.warnings] == [("V14", told)]


def test_conflicting_duplicates_are_refused_with_their_key():
    message = refused(unsd_row("1"), unsd_row("2"))
    assert "different values for the same key, 1 times (first: EN_HAZ_GENV 40 2020)" in message


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (unsd_row(year="1900"), "the period is not a year from 1950 to 2049"),
        (unsd_row(year="2999"), "the period is not a year from 1950 to 2049"),
        (unsd_row(year="2019.5"), "the period is not a year from 1950 to 2049"),
        (unsd_row(year="2019-2021"), "the period is not a year from 1950 to 2049"),
        (unsd_row('"1,234"'), "the value is not a plain number"),
        (unsd_row("1 234"), "the value is not a plain number"),
        (unsd_row("-5"), "the value is negative where only zero or more is possible"),
    ],
)
def test_a_bad_row_among_many_is_set_aside_with_its_place(row, reason):
    parsed = parse(*many_unsd_rows(199), row)
    assert parsed.table.height == 199
    assert [(kept["line"], kept["reason"], kept["ref_area"]) for kept in parsed.quarantine] == [
        (200, reason, "40")
    ]


def test_more_bad_rows_than_half_a_per_cent_fail_the_part():
    assert "has 1 unusable rows of 199, more than 0.5%" in refused(*many_unsd_rows(198), unsd_row("-5"))


def test_a_forecast_is_left_out_and_is_no_fault():
    parsed = parse(unsd_row(), unsd_row(year="2030", status="F"))
    assert parsed.table["time_period"].to_list() == ["2020"]
    assert [kept["reason"] for kept in parsed.quarantine] == ["forecast, not an observation"]


def test_negative_material_consumption_is_possible():
    head = UNSD_HEAD + ",[Type of product]"
    row = unsd_row("-0.02169", nature="E", series="EN_MAT_DOMCMPC") + ",FEO"
    parsed = unsd_sdg.parse(unsd_body(row, head=head), MATERIAL, "EN_MAT_DOMCMPC", SNAPSHOT)
    found = parsed.table.row(0, named=True)
    assert found["obs_value"] == -0.02169
    assert found["dimensions"] == '{"Reporting Type":"G","Type of product":"FEO"}'


def test_releases_of_the_series_list():
    fail = failer(HAZARDOUS, "all")
    body = b'[{"code":"EN_HAZ_GENV","release":"2023.Q4.G.01","goal":["12"]}]'
    assert unsd_series.read_releases(body, fail) == {"EN_HAZ_GENV": "2023.Q4.G.01"}
    with pytest.raises(SourceError, match="unknown form"):
        unsd_series.read_releases(b'{"series":1}', fail)


def test_bytes_behind_the_padding_are_not_lost_in_silence():
    padded = unsd_body(unsd_row()) + b"\0" * 9
    assert unsd_sdg.parse(padded, HAZARDOUS, "EN_HAZ_GENV", SNAPSHOT).table.height == 1
    more = padded + unsd_row(area="2").encode() + b"\n"
    with pytest.raises(SourceError, match="more bytes behind its padding"):
        unsd_sdg.parse(more, HAZARDOUS, "EN_HAZ_GENV", SNAPSHOT)


def test_a_series_with_its_own_dimension_needs_it_and_the_others_may_not_have_it():
    head = UNSD_HEAD + ",[Type of waste treatment]"
    treated = unsd_row(series="EN_HAZ_TREATV")
    parsed = unsd_sdg.parse(unsd_body(treated + ",RECYCL", head=head), HAZARDOUS, "EN_HAZ_TREATV", SNAPSHOT)
    expected = '{"Reporting Type":"G","Type of waste treatment":"RECYCL"}'
    assert parsed.table["dimensions"].to_list() == [expected]
    with pytest.raises(SourceError, match=r"lost \[Type of waste treatment\]"):
        unsd_sdg.parse(unsd_body(treated), HAZARDOUS, "EN_HAZ_TREATV", SNAPSHOT)
    assert "new [Type of waste treatment]" in refused(unsd_row() + ",RECYCL", head=head)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Waste per unit of GDP (kilograms per constant 2010 United States dollars)", "in prices of 2010"),
        ("Waste per unit of GDP", "in prices of no named year"),
    ],
)
def test_another_base_year_behind_the_same_unit_code_is_refused(title, words):
    row = unsd_row(series="EN_HAZ_GENGDP", unit="KG_PER_CON_USD").replace("Hazardous", title)
    with pytest.raises(SourceError, match=words) as caught:
        unsd_sdg.parse(unsd_body(row), HAZARDOUS, "EN_HAZ_GENGDP", SNAPSHOT)
    assert caught.value.fault == "V10"
    good = row.replace(title, "Waste (kilograms per constant 2015 United States dollars)")
    assert unsd_sdg.parse(unsd_body(good), HAZARDOUS, "EN_HAZ_GENGDP", SNAPSHOT).table.height == 1
