"""Long JSON answers: quick where it is proved to be the same, exact elsewhere, and never silent."""

import json
import re

import pytest

from connectors.errors import SourceError
from connectors.protocols import json_rows
from connectors.protocols.base import failer
from connectors.protocols.json_rows import read_json_rows
from tests.unit.connectors.wireformats import HAZARDOUS

FAIL = failer(HAZARDOUS, "all")
FIELDS = ("code", "value", "flag")
ROW = '{"code":"a","value":1.50,"flag":true,"other":"x"}'


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Pieces of a few rows, so that every test crosses their borders."""
    monkeypatch.setattr(json_rows, "_PIECE", 100)
    monkeypatch.setattr(json_rows, "_ROWS", 3)


@pytest.fixture
def slow(monkeypatch):
    """How often the exact reader was needed."""
    calls, exact = [], json_rows._Reader._exact

    def counted(self):
        calls.append(self.at)
        return exact(self)

    monkeypatch.setattr(json_rows._Reader, "_exact", counted)
    return calls


def answer(*rows: str) -> bytes:
    return f'{{"count":{len(rows)},"data":[{",".join(rows)}],"error":""}}'.encode()


def read(body: bytes, fields=FIELDS):
    return read_json_rows(body, FAIL, rows_field="data", fields=fields)


def refused(body: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(body)
    return caught.value


def test_values_come_as_text_exactly_as_written(slow):
    values = ["1.50", "-0.0", "2880", "null", "1e3", "123456789012345678901234567890"]
    rows = [ROW.replace("1.50", value) for value in values]
    head, seen, frame = read(answer(*rows))
    assert head == {"count": "6", "error": ""}
    assert seen == ("code", "value", "flag", "other")
    assert frame["value"].to_list() == [None if value == "null" else value for value in values]
    assert frame["_line"].to_list() == [1, 2, 3, 4, 5, 6]
    assert set(frame["flag"]) == {"true"}
    assert slow == []


@pytest.mark.parametrize("value", ["-0", "7", "18446744073709551615", "99999999999999999999"])
def test_whole_numbers_come_as_written(value):
    assert read(answer(*[ROW.replace("1.50", value)] * 9))[2]["value"].to_list() == [value] * 9


@pytest.mark.parametrize(
    "odd",
    [
        ROW.replace('"code":', '"code" :'),
        ROW.replace('"x"', '":x"'),
        ROW.replace('"x"', r'"\"code\":"'),
        ROW.replace('"x"', '"},{"'),
        ROW.replace('"x"', '{"a":[1,{"b":2}]}'),
        json.dumps(json.loads(ROW), indent=2),
    ],
)
def test_an_odd_row_among_plain_ones_reads_the_same(odd):
    plain = read(answer(*[ROW] * 12))[2]
    frame = read(answer(*[ROW] * 6, odd, *[ROW] * 5))[2]
    texts = [text if row != 7 else frame["value"][6] for row, text in enumerate(plain["value"], start=1)]
    assert frame.drop("value").equals(plain.drop("value"))
    assert frame["value"].to_list() == texts
    assert float(frame["value"][6]) == 1.5


def test_a_single_field_and_no_rows():
    assert read(answer(ROW), ("code",))[2].rows() == [(1, "a")]
    assert read(answer())[2].shape == (0, 4)


@pytest.mark.parametrize("place", [0, 5, 11])
@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ROW.replace('"flag":true', '"code":"b","flag":true'), "repeats a JSON key"),
        (ROW.replace('"other":"x"', '"other":"x","other":"y"'), "repeats a JSON key"),
        (ROW.replace("1.50", "NaN"), "NaN"),
        (ROW.replace("1.50", "Infinity"), "Infinity"),
        (ROW.replace('"x"', "[" * 70 + "]" * 70), "levels deep"),
        (ROW.replace('"flag":true,', ""), r"lost fields in row \d+"),
        (ROW.replace("1.50", "[1]"), r"sends a nested value where .* was expected, in row \d+"),
        (ROW.replace("1.50", "01"), r"no JSON, in row \d+"),
        ("[1]", r"no JSON, in row \d+"),
    ],
)
def test_what_json_should_not_hold_is_refused_wherever_it_stands(row, words, place):
    rows = [ROW] * 12
    rows[place] = row
    error = refused(answer(*rows))
    assert re.search(words, error.what), error.what


@pytest.mark.parametrize("value", ['"text"', "true"])
def test_a_column_does_not_change_its_type(value):
    error = refused(answer(*[ROW] * 7, ROW.replace("1.50", value)))
    assert "where a number was expected, in row 8" in error.what
    assert error.field == "value"


@pytest.mark.parametrize("keep", [20, 60, 200, -1, -14])
def test_a_body_cut_short_is_passing_trouble(keep):
    body = answer(*[ROW] * 12)[:keep]
    with pytest.raises(SourceError):
        read(body)


def test_the_array_must_stand_where_it_should():
    assert "unknown form" in refused(b'{"x":{"data":[' + ROW.encode() + b']},"data":null}').what
    assert "unknown form" in refused(b'{"data":null}').what
    assert "unknown form" in refused(b"[1]").what
    assert "is a web page" in refused(b"<html></html>").what


def test_bytes_that_are_no_utf8_are_refused_with_their_place():
    body = answer(ROW).replace(b'"x"', b'"\xff"')
    assert f"not UTF-8 text at byte {body.index(255)}" in refused(body).what
