"""Faults of bytes and structure: P01 to P10."""

from __future__ import annotations

import json
import re

import pytest

from connectors.protocols.base import failer
from connectors.protocols.eurostat_cells import read_json_stat
from connectors.registry import get_dataset
from tests.faults.matrix import fault
from tests.faults.router import edit, status

UNSD, EUROSTAT, WORLD_BANK = "unsd/sdg_12_5", "eurostat/cei_srm030", "world_bank/sp_pop_totl"
DATA = {UNSD: "Series/DataCSV", EUROSTAT: "sdmx/2.1/data/", WORLD_BANK: "indicator/SP.POP.TOTL"}
BOM = b"\xef\xbb\xbf"
every_provider = pytest.mark.parametrize("key", DATA)


def spoilt(scene, key: str, change):
    """A scene whose provider published its second vintage, in bytes changed by `change`."""
    at = scene(key)
    at.router.vintage = 2
    at.router.inject(DATA[key], edit(change))
    return at


@fault("P01")
@every_provider
def test_a_byte_order_mark_is_taken_off(scene, key):
    at = spoilt(scene, key, lambda good: BOM + good)
    at.assert_taken(at.refresh())
    marked = at.store.latest_vintage(key).content_sha256
    at.router.heal()
    at.assert_taken(at.refresh(), outcome="unchanged")
    assert at.store.latest_vintage(key).content_sha256 == marked


@fault("P02", "is not UTF-8 text at byte {n}")
@every_provider
def test_latin_1_in_utf_8_is_refused_with_its_place(scene, key):
    at = spoilt(scene, key, lambda good: good.replace(b"2015", b"201\xe9", 1))
    error = at.assert_survived(at.refresh(), stored=True)
    assert int(re.findall(r"at byte (\d+)", error.what)[0]) > 0


@fault("P03")
def test_nul_padding_is_taken_off(scene):
    at = spoilt(scene, UNSD, lambda good: good.rstrip(b"\0").ljust(1 << 20, b"\0"))
    at.assert_taken(at.refresh())


@fault("P03", "is cut short: its last line is not complete")
def test_an_incomplete_line_before_the_padding_is_refused(scene):
    at = spoilt(scene, UNSD, lambda good: good.rstrip(b"\0")[:-20] + b"\0" * 64)
    at.assert_survived(at.refresh())


@fault("P03", "holds more bytes behind its padding with NUL")
def test_bytes_behind_the_padding_are_refused(scene):
    at = spoilt(scene, UNSD, lambda good: good.rstrip(b"\0") + b"\0" * 64 + b"more\n")
    at.assert_survived(at.refresh())


@fault("P04", "holds {name}, which is no JSON number")
@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_json_number_is_refused(scene, number):
    at = spoilt(scene, WORLD_BANK, lambda good: re.sub(rb'"value":\d+', b'"value":' + number, good, count=1))
    at.assert_survived(at.refresh())


@fault("P04", "holds a number too large to be one")
@pytest.mark.parametrize("number", [b"1e400", b"-1e999"])
def test_a_number_that_would_be_read_as_infinity_is_refused(scene, number):
    at = spoilt(scene, WORLD_BANK, lambda good: re.sub(rb'"value":\d+', b'"value":' + number, good, count=1))
    at.assert_survived(at.refresh(), stored=True)


@fault("P05", "repeats a JSON key [field value]")
def test_a_json_key_twice_is_refused(scene):
    at = spoilt(scene, WORLD_BANK, lambda good: re.sub(rb'("value":\d+)', rb"\1,\1", good, count=1))
    at.assert_survived(at.refresh())


def lines(good: bytes) -> list[bytes]:
    return good.rstrip(b"\0").splitlines(keepends=True)


@fault("P06", "has {n} fields instead of {m} in data row {line}")
@pytest.mark.parametrize("key", [UNSD, EUROSTAT])
@pytest.mark.parametrize(
    "change",
    [
        lambda good: good.rstrip(b"\0") + b"Total,5\r\n",
        lambda good: b"".join([*lines(good)[:3], lines(good)[3].replace(b",", b",,", 1), *lines(good)[4:]]),
        lambda good: b"".join([*lines(good)[:3], b"\r\n", *lines(good)[3:]]),
    ],
    ids=["footer", "one field more", "empty line"],
)
def test_a_ragged_table_is_refused_with_its_line(scene, key, change):
    at = spoilt(scene, key, change)
    at.assert_survived(at.refresh(), stored=True)


@fault("P06", "names a column twice")
@pytest.mark.parametrize("key", [UNSD, EUROSTAT])
def test_a_column_named_twice_is_refused(scene, key):
    names = {UNSD: (b"Target", b"Goal"), EUROSTAT: (b"OBS_FLAG", b"OBS_VALUE")}[key]
    at = spoilt(scene, key, lambda good: good.replace(*names, 1))
    at.assert_survived(at.refresh(), stored=key == UNSD)


@fault("P06")
def test_the_header_says_which_separator_is_used(scene):
    def with_semicolons(good: bytes) -> bytes:
        assert b'"' not in good
        return good.replace(b",", b";")

    at = spoilt(scene, EUROSTAT, with_semicolons)
    at.assert_taken(at.refresh())


@fault("P06", "repeats its header in data row {n}")
@pytest.mark.parametrize("key", [UNSD, EUROSTAT])
def test_a_header_in_the_middle_is_no_row(scene, key):
    at = spoilt(scene, key, lambda good: b"".join([*lines(good)[:5], *lines(good)[:1], *lines(good)[5:]]))
    error = at.assert_survived(at.refresh(), stored=True)
    assert "data row 5" in error.what


@fault("P07", "changed its columns: lost {names}; new {names}")
@pytest.mark.parametrize("key", [UNSD, EUROSTAT])
@pytest.mark.parametrize("how", ["renamed", "removed", "added"])
def test_other_columns_are_refused_and_named(scene, key, how):
    column = {UNSD: b"[Units]", EUROSTAT: b"OBS_FLAG"}[key]

    def change(good: bytes) -> bytes:
        table = [line.rstrip(b"\r\n").split(b",") for line in lines(good)]
        place = table[0].index(column)
        if how == "renamed":
            table[0][place] += b"2"
        for number, row in enumerate(table):
            if how == "removed":
                del row[place]
            if how == "added":
                row.append(b"x" if number else b"EXTRA")
        return b"".join(b",".join(row) + b"\r\n" for row in table)

    at = spoilt(scene, EUROSTAT if key == EUROSTAT else UNSD, change)
    error = at.assert_survived(at.refresh(), stored=True)
    named = {"renamed": column.decode() + "2", "removed": column.decode(), "added": "EXTRA"}[how]
    assert named in error.what


@fault("P07", "lost fields in row 1")
def test_a_field_lost_from_json_is_named(scene):
    at = spoilt(scene, WORLD_BANK, lambda good: good.replace(b'"obs_status"', b'"status"', 1))
    error = at.assert_survived(at.refresh(), stored=True)
    assert error.field == "obs_status"


@fault("P08", "has a new dimension 's_adj' with {n} codes")
def test_a_new_dimension_is_refused_and_named(scene):
    def add(good: bytes) -> bytes:
        head, *rows = lines(good)
        rows = [row.replace(b",A,PC,", b",A,NSA,PC,", 1) for row in rows]
        return b"".join([head.replace(b"freq,unit", b"freq,s_adj,unit"), *rows])

    at = spoilt(scene, EUROSTAT, add)
    at.assert_survived(at.refresh(), stored=True)


CATALOGUE = "sdmx/2.1/dataflow"


@fault("P09", "has no readable time of last update")
def test_sdmx_without_a_time_of_update_is_refused(scene):
    at = spoilt(scene, EUROSTAT, lambda good: re.sub(rb"\d\d/\d\d/\d\d \d\d", b"sometime", good))
    at.router.inject(CATALOGUE, status(404, b"not listed"))
    at.assert_survived(at.refresh())


@fault("P10")
def test_cells_that_the_cube_leaves_out_are_no_observations():
    """JSON-stat is sparse: only what stands at an index is read, and a status beside no value is a gap."""
    spec = get_dataset(EUROSTAT)
    axes = {"freq": ["A"], "unit": ["PC"], "geo": ["AT", "DE"], "time": ["2020", "2021"]}
    cube = {
        "version": "2.0", "class": "dataset", "updated": "2026-01-10T23:00:00+0100",
        "extension": {"id": "CEI_SRM030", "positions-with-no-data": {"geo": [1]}},
        "id": ["freq", "unit", "geo", "time"], "size": [1, 1, 2, 2],
        "dimension": {
            name: {"category": {"index": {code: n for n, code in enumerate(codes)}}}
            for name, codes in axes.items()
        },
        "value": {"0": 11.5}, "status": {"1": ":"},
    }  # fmt: skip
    frame, _ = read_json_stat(json.dumps(cube).encode(), spec, failer(spec, "all"))
    assert frame.select("geo", "TIME_PERIOD", "OBS_VALUE").rows()[0] == ("AT", "2020", "11.5")
    assert set(frame["geo"]) == {"AT"}
