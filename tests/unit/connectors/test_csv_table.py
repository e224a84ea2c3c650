"""Strict CSV and TSV: polars reads only what is proved to be regular; everything else is read exactly."""

import random

import polars as pl
import pytest

from connectors.errors import SourceError
from connectors.protocols import csv_table, tsv
from connectors.protocols.base import failer
from connectors.protocols.csv_table import MAX_CELL, is_regular, read_csv
from tests.unit.connectors.wireformats import HAZARDOUS

FAIL = failer(HAZARDOUS, "all")
CELLS = ["", "1", '"x"', '"a,b"', '"q""q"', '""', '"l\nm"', "\u00e9", ' "x"', 'x"y', '"', '"l\r\nm"', 'a""b']


def refused(body: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_csv(body, FAIL)
    return caught.value


def outcome(read) -> object:
    try:
        return read()
    except SourceError as error:
        return str(error)


def exact(body: bytes) -> object:
    def read():
        frame, head = csv_table._exact(body, ",", FAIL)
        frame.columns = head
        return frame.with_row_index("_line", offset=1)

    return outcome(read)


def test_the_quick_and_the_exact_reader_never_differ():
    rng = random.Random(7)
    quick = 0
    for _ in range(3000):
        columns = rng.choice([2, 3])
        lines = [",".join("abc"[:columns])]
        for _ in range(rng.randint(0, 4)):
            count = columns if rng.random() < 0.9 else rng.randint(1, 4)
            lines.append(",".join(rng.choice(CELLS) for _ in range(count)))
        body = "".join(line + rng.choice(["\n", "\n", "\r\n"]) for line in lines).encode()
        quick += is_regular(body, ord(","), columns, quoted=True)
        found, wanted = outcome(lambda body=body: read_csv(body, FAIL)), exact(body)
        assert found.equals(wanted) if isinstance(found, pl.DataFrame) else found == wanted, body
        name = rng.choice("abc"[:columns])
        fewer = outcome(lambda body=body, name=name: read_csv(body, FAIL, unread=(name,)))
        if isinstance(wanted, pl.DataFrame):
            assert fewer.equals(wanted.with_columns(pl.lit(None).alias(name))), body
        else:
            assert fewer == wanted, body
    assert quick > 500


@pytest.mark.parametrize("line", ["1,2,3,4", "1,2", "1"])
@pytest.mark.parametrize("unread", ["a", "b", "c", "ab", "bc", "ac"])
def test_a_ragged_line_is_refused_whatever_columns_are_left_out(line, unread):
    body = f"a,b,c\n1,2,3\n{line}\n1,2,3\n".encode()
    with pytest.raises(SourceError) as caught:
        read_csv(body, FAIL, unread=tuple(unread))
    assert "fields instead of 3 in data row 2" in caught.value.what


def test_a_large_table_with_quoted_line_ends_is_read_quickly_and_whole(monkeypatch):
    lines = "".join(f'{n},"two\nlines, {n}",\r\n' for n in range(40_000))
    body = f"n,text,last\r\n{lines}".encode()
    wanted = exact(body)
    monkeypatch.setattr(csv_table, "_exact", None)
    assert read_csv(body, FAIL).equals(wanted)


def test_categories_say_the_same_as_text():
    body = b"a,b,c\n1,x,\n2,,y\n,x,y\n"
    plain, coded = read_csv(body, FAIL), read_csv(body, FAIL, text=("c", "z"))
    assert coded.schema["a"] == coded.schema["b"] == pl.Categorical
    assert coded.schema["c"] == pl.String
    assert coded.cast({"a": pl.String, "b": pl.String}).equals(plain)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"a,b,c\n1,2\n1,2,3,4\n", "has 2 fields instead of 3 in data row 1"),
        (b"a,b\n1,2\n\n", "has 0 fields instead of 2 in data row 2"),
        (b"a,b\n1,2\n1,2,\n", "has 3 fields instead of 2 in data row 2"),
        (b"a,a\n1,2\n", "names a column twice"),
        (b"a,_line\n1,2\n", "names a column _line"),
        (b'a,b\n"1"2,3\n', "is not a CSV table (line 2"),
        (b"a,b\n1," + b"x" * (MAX_CELL + 1) + b"\n", "field larger than field limit"),
        (b"a,b\n1,2", "is cut short"),
        (b"a,b\n1,\xff\n", "not UTF-8 text at byte 6"),
    ],
)
def test_what_is_no_regular_table_is_refused_with_its_place(body, words):
    assert words in refused(body).what


def test_utf8_is_followed_across_pieces(monkeypatch):
    monkeypatch.setattr("connectors.protocols.base.PIECE", 3)
    assert read_csv("a,b\n\u20ac\u20ac,\u20ac\n".encode(), FAIL)["b"].to_list() == ["\u20ac"]
    body = "a,b\n\u20ac\u20ac,".encode() + b"\xe2\x82\n"
    assert f"not UTF-8 text at byte {body.index(b',', 5) + 1}" in refused(body).what


TSV = b"freq,geo\\TIME_PERIOD\t2010 \t2011 \r\nA,AT\t1.5 be@C\t: \r\nA,BE\t: z\t1 234 \r\nA,CZ\t: @C\t2\r\n"


def test_every_cell_of_a_wide_table_becomes_a_row_but_a_hole():
    rows = tsv.read_tsv(TSV, FAIL).sort("_line", "TIME_PERIOD").rows()
    assert rows == [
        (1, "A", "AT", "2010", "1.5", "be", "C"),
        (2, "A", "BE", "2010", ":", "z", ""),
        (2, "A", "BE", "2011", "1 234", "", ""),
        (3, "A", "CZ", "2010", ":", "", "C"),
        (3, "A", "CZ", "2011", "2", "", ""),
    ]


def test_the_older_corner_and_a_header_alone():
    frame = tsv.read_tsv(b"geo\\time\t2010\n", FAIL)
    assert frame.columns == ["_line", "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS"]
    assert frame.is_empty()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"A,BE\t", b"A,BE\t1\t", "has 4 fields instead of 3 in data row 2"),
        (b"A,BE\t: z\t", b"A,BE\t", "has 2 fields instead of 3 in data row 2"),
        (b"A,BE\t", b"BE\t", "names other dimensions than its header in data row 2"),
        (b"2011", b"2010", "names a column twice"),
        (b"\\TIME_PERIOD", b"", "has no header"),
        (b"2\r\n", b"2", "is cut short"),
        (b"2\r\n", b"2\r\r\n", "more than one way"),
    ],
)
def test_a_wide_table_out_of_shape_is_refused(old, new, words):
    with pytest.raises(SourceError, match=words):
        tsv.read_tsv(TSV.replace(old, new), FAIL)
