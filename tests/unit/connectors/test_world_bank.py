"""Reading World Bank pages: numbers as sent, errors with status 200, totals that must hold."""

import pytest

from connectors.errors import SourceError
from connectors.protocols import world_bank
from connectors.registry import get_dataset
from tests.unit.connectors.wireformats import POPULATION, SNAPSHOT, world_bank_body, world_bank_row


def parse(body: bytes):
    return world_bank.parse(body, POPULATION, "all", SNAPSHOT)


def refused(body: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse(body)
    return caught.value


def test_rows_null_values_and_the_declared_unit():
    table = parse(world_bank_body(world_bank_row("8916864"), world_bank_row("null", year="2021"))).table
    assert table["obs_value"].to_list() == [8916864.0, None]
    assert table["obs_value_raw"].to_list() == ["8916864", ""]
    assert table["obs_status"].to_list() == ["A", "O"]
    assert set(table["unit_measure"]) == {"PERSONS"}
    assert set(table["series"]) == {"SP.POP.TOTL"}
    assert set(table["dimensions"]) == {"{}"}


def test_pages_of_one_snapshot_are_read_in_order():
    first = world_bank_body(world_bank_row(), page=1, pages=2, total=2)
    second = world_bank_body(world_bank_row(iso3="DEU"), page=2, pages=2, total=2)
    table = parse(b"\x1e" + first + b"\x1e" + second).table
    assert table["ref_area"].to_list() == ["AUT", "DEU"]


def test_an_area_without_three_letters_keeps_its_two():
    assert parse(world_bank_body(world_bank_row(iso3=""))).table["ref_area"].to_list() == ["ZZ"]


def test_an_error_with_status_200_is_told_in_the_providers_words():
    error = refused(b'[{"message":[{"id":"120","key":"Invalid value","value":"The value is not valid"}]}]')
    assert "error with status 200" in error.what
    assert "Invalid value" in error.value
    assert not error.transient


def test_a_total_that_lies_is_refused():
    error = refused(world_bank_body(world_bank_row(), total=2))
    assert "holds 1 rows where it declares 2" in error.what


def test_a_row_twice_means_that_pages_overlap_and_is_refused():
    error = refused(world_bank_body(world_bank_row(), world_bank_row()))
    assert "pages overlap" in error.what
    assert error.transient


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'<?xml version="1.0"?><wb:data/>', "expected to be JSON and is XML"),
        (world_bank_body(world_bank_row("NaN")), "holds NaN"),
        (world_bank_body(world_bank_row("1e400")), "too large"),
        (world_bank_body(world_bank_row('"7"')), "not a number in row 1"),
        (world_bank_body(world_bank_row()).replace(b'"date"', b'"year"'), "lost fields in row 1"),
        (world_bank_body(world_bank_row()).replace(b"SP.POP.TOTL", b"SP.POP.GROW"), "another indicator"),
        (world_bank_body(world_bank_row()).replace(b'"decimal":0', b'"unit":"x"'), "repeats a JSON key"),
        (b'[{"page":1},null]', "no rows"),
        (b'[{"page":null,"pages":1,"total":1,"lastupdated":"2026-01-01"},[{}]]', "unknown form"),
        (b'[{"page":1,"pages":1,"total":2,"lastupdated":"2026-01-01"},{"a":1,"b":2}]', "rows of a page"),
        (b'[{"page":1,"pages":1,"total":1,"lastupdated":"2026-01-01"},[7]]', "rows of a page"),
        (b"[" * 65 + b"]" * 65, "65 levels deep"),
    ],
)
def test_what_is_no_page_of_this_indicator_is_refused(body, words):
    assert words in str(refused(body))


def test_constant_prices_of_another_year_are_refused():
    constant = get_dataset("world_bank/ny_gdp_mktp_pp_kd")
    row = world_bank_row().replace("SP.POP.TOTL", "NY.GDP.MKTP.PP.KD")
    for year in ("2021", "2017"):
        body = world_bank_body(row.replace("Population", f"GDP, PPP (constant {year} international $)"))
        if year == "2021":
            assert (
                world_bank.parse(body, constant, "all", SNAPSHOT).table["unit_measure"][0] == "INTL_USD_2021"
            )
            continue
        with pytest.raises(SourceError, match="in prices of 2017, declared is 2021") as caught:
            world_bank.parse(body, constant, "all", SNAPSHOT)
        assert caught.value.fault == "V10"


def test_depth_64_is_read_as_json_and_refused_for_its_form_only():
    assert "unknown form" in str(refused(b"[" * 64 + b"]" * 64))


def test_brackets_inside_text_do_not_count_as_depth():
    body = world_bank_body(world_bank_row()).replace(b'"Name"', b'"' + b"[" * 90 + b'"')
    assert parse(body).table.height == 1
