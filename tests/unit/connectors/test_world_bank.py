"""Reading World Bank pages: numbers as sent, errors with status 200, totals that must hold."""

import pytest

from connectors.errors import SourceError
from connectors.protocols import world_bank
from connectors.protocols.base import RawPart, UnchangedPart
from connectors.records import FetchedPart
from connectors.registry import get_dataset
from tests.unit.connectors.conftest import Reply
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
        (world_bank_body(world_bank_row()).replace(b'"unit":""', b'"unit":["t"]'), "undeclared unit"),
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


# ---- asking whether anything is new


def fetch(client, tmp_path, **known):
    parts = {"all": FetchedPart(sha256="0" * 64, **known)} if known else {}
    return next(iter(world_bank.fetch_parts(POPULATION, client, tmp_path, parts)))


def test_without_validators_one_row_tells_whether_the_database_moved(client, provider, tmp_path):
    provider.script = [Reply(world_bank_body(world_bank_row()))]
    assert isinstance(fetch(client, tmp_path, version_marker="2026-02-24"), UnchangedPart)
    (asked,) = provider.asked
    assert "per_page=1&" in asked.path
    provider.asked.clear()
    assert isinstance(fetch(client, tmp_path, version_marker="2026-01-01"), RawPart)
    assert ["per_page=1&" in asked.path for asked in provider.asked] == [True, False]


def test_with_validators_the_first_page_is_asked_for_on_condition(client, provider, tmp_path):
    provider.script = [Reply(status=304)]
    assert isinstance(fetch(client, tmp_path, version_marker="2026-02-24", etag='"a"'), UnchangedPart)
    (asked,) = provider.asked
    assert asked.headers["If-None-Match"] == '"a"'
    assert "per_page=5000" in asked.path


def test_a_footnote_becomes_the_remark_of_its_row():
    noted = world_bank_row().replace('"decimal":0', '"decimal":0,"footnote":" Estimate. "')
    table = parse(world_bank_body(noted, world_bank_row(year="2021"))).table
    assert table["comment_obs"].to_list() == ["Estimate.", None]


def test_rows_without_their_key_are_told_as_that_and_not_as_repeated(client, provider, tmp_path):
    rows = [world_bank_row(year=year).replace('"date"', '"year"') for year in ("2020", "2020")]
    provider.script = [Reply(world_bank_body(*rows))]
    fetched = fetch(client, tmp_path)
    assert isinstance(fetched, RawPart)
    assert "lost fields in row 1" in str(refused(fetched.path.read_bytes()))
