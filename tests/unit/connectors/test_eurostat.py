"""Reading Eurostat's SDMX-CSV: flags of both vocabularies, missing and confidential cells, error bodies."""

import gzip

import pytest

from connectors.errors import SourceError
from connectors.protocols import eurostat
from connectors.protocols.base import failer, unpack
from connectors.protocols.eurostat_catalogue import read_time
from connectors.wire import MAX_RATIO
from tests.unit.connectors.wireformats import CIRCULAR, SNAPSHOT, eurostat_body, eurostat_row


def parse(body: bytes, spec=CIRCULAR):
    return eurostat.parse(body, spec, "all", SNAPSHOT)


def only(body: bytes) -> dict:
    table = parse(body).table
    assert table.height == 1
    return table.row(0, named=True)


@pytest.mark.parametrize(
    ("flag", "status"),
    [("", "A"), ("b", "B"), ("e", "E"), ("bep", "B"), ("ep", "E"), ("pe", "E"), ("p", "P"),
     ("u", "U"), ("d", "D"), ("s", "I"), ("i", "I"), ("r", "A"), ("rp", "P"), ("n", "N")],
)  # fmt: skip
def test_flags_of_both_vocabularies(flag, status):
    row = only(eurostat_body(eurostat_row(flag=flag)))
    assert (row["obs_status"], row["obs_status_raw"], row["obs_value"]) == (status, flag, 11.5)


@pytest.mark.parametrize(
    ("value", "flag", "status"),
    [(":", "", "O"), ("", "", "O"), (":", "z", "M"), (":", "m", "M"), (":", "b", "B")],
)
def test_a_missing_cell_is_null_and_says_why_if_the_provider_does(value, flag, status):
    row = only(eurostat_body(eurostat_row(value, flag)))
    assert (row["obs_value"], row["obs_status"]) == (None, status)


def test_an_unknown_letter_is_a_changed_vocabulary():
    with pytest.raises(SourceError, match="unknown flag") as caught:
        parse(eurostat_body(eurostat_row(flag="ex")))
    assert (caught.value.fault, caught.value.value, caught.value.transient) == ("V04", "x", False)
    assert "before 2025-01-27: b c d e f n p r s u z; since then: b d e f i m n p r u" in str(caught.value)


def test_less_than_half_the_unit_is_a_bound_and_not_a_zero():
    row = only(eurostat_body(eurostat_row("0", "n")))
    assert (row["obs_value"], row["obs_bound"], row["obs_status"]) == (None, "<", "N")
    assert only(eurostat_body(eurostat_row("0", "")))["obs_value"] == 0.0


@pytest.mark.parametrize(
    "body",
    [
        eurostat_body(eurostat_row("", "c")),
        eurostat_body(eurostat_row("") + ",C", conf=True),
    ],
)
def test_a_confidential_cell_of_either_vocabulary(body):
    row = only(body)
    assert (row["obs_value"], row["conf_status"]) == (None, "C")


@pytest.mark.parametrize("body", [
    eurostat_body(eurostat_row("41.7", "c")),
    eurostat_body(eurostat_row("41.7") + ",C", conf=True),
    eurostat_body(eurostat_row("41.7", "p") + ",N", conf=True),
])  # fmt: skip
def test_the_value_of_a_confidential_cell_goes_no_further(body):
    parsed = parse(body)
    assert "41.7" not in str(parsed.table.rows())
    assert parsed.table["obs_value"].to_list() == [None]
    assert [warning.fault for warning in parsed.warnings] == ["V17"]


def test_provisional_and_secrecy_are_told_apart_by_their_column():
    row = only(eurostat_body(eurostat_row(flag="p") + ",F", conf=True))
    assert (row["obs_status"], row["conf_status"]) == ("P", "F")
    row = only(eurostat_body(eurostat_row("") + ",P", conf=True))
    assert (row["obs_status"], row["conf_status"], row["obs_status_raw"]) == ("O", "P", "|P")


def test_dimensions_hold_everything_but_area_and_year():
    assert only(eurostat_body(eurostat_row()))["dimensions"] == '{"freq":"A","unit":"PC"}'


def test_gzip_without_saying_so_is_unpacked():
    assert only(gzip.compress(eurostat_body(eurostat_row())))["obs_value"] == 11.5


def test_gzip_cut_short_is_passing_trouble():
    with pytest.raises(SourceError, match="incomplete") as caught:
        parse(gzip.compress(eurostat_body(eurostat_row()))[:-6])
    assert caught.value.transient


def test_every_member_of_a_gzip_body_is_read_and_nothing_may_follow():
    first = eurostat_body(eurostat_row())
    second = (eurostat_row(geo="DE", year="2021") + "\r\n").encode()
    whole = gzip.compress(first) + gzip.compress(second)
    assert parse(whole).table.height == parse(first + second).table.height == 2
    assert parse(whole + b"\0" * 3).table.height == 2
    with pytest.raises(SourceError, match="bytes after its gzip body"):
        parse(whole + b"more")
    with pytest.raises(SourceError, match="incomplete"):
        parse(whole[:-6])


def test_rubbish_behind_a_gzip_header_is_refused():
    with pytest.raises(SourceError, match="cannot be unpacked"):
        parse(b"\x1f\x8b\x08\x00\0\0\0\0\0\x03" + b"\xff" * 64)


def test_a_gzip_bomb_is_refused_just_above_the_limit_and_read_just_below():
    fail, floor = failer(CIRCULAR, "all"), 1 << 16
    below = gzip.compress(b" " * (MAX_RATIO * floor))
    assert len(unpack(below, fail)) == MAX_RATIO * floor
    with pytest.raises(SourceError, match="packed its answer more than 100 times"):
        unpack(gzip.compress(b" " * (MAX_RATIO * floor + 1)), fail)


@pytest.mark.parametrize(
    ("body", "words", "transient"),
    [
        (b'<?xml version="1.0"?><S:Fault xmlns:S="x"><faultcode>100</faultcode><faultstring>ERR_NOT_FOUND_2: '
         b"DATA_SET:X is not available</faultstring></S:Fault>", "ERR_NOT_FOUND_2", False),
        (b'{"error":[{"status":413,"id":413,"label":"EXTRACTION_TOO_BIG: estimated 10305182 rows"}]}',
         "EXTRACTION_TOO_BIG", False),
        (b'{"warning":{"status":413,"id":413,"label":"ASYNCHRONOUS_RESPONSE. Please try again later."}}',
         "queue", True),
        (b'<e:Envelope xmlns:e="x"><syncResponse xmlns="y"><queued><id>1</id><status>SUBMITTED</status>'
         b"</queued></syncResponse></e:Envelope>", "queue instead of answering .job 1.", True),
        (b"", "empty body", True),
    ],
)  # fmt: skip
def test_an_error_body_is_told_in_the_providers_own_words(body, words, transient):
    with pytest.raises(SourceError, match=words) as caught:
        parse(body)
    assert caught.value.transient is transient


def test_another_data_set_is_refused():
    with pytest.raises(SourceError, match="answered another data set"):
        parse(eurostat_body(eurostat_row().replace("CEI_SRM030", "CEI_SRM020")))


def test_a_semicolon_separator_is_read_from_the_header():
    body = eurostat_body(eurostat_row()).replace(b",", b";")
    assert only(body)["obs_value"] == 11.5


@pytest.mark.parametrize(
    "text", ["21/08/23 23:00:00", "2023-08-21T23:00:00+0200", "2023-08-21T21:00:00Z", "2023-08-21T23:00:00"]
)
def test_a_time_of_update_is_the_same_in_every_writing(text):
    assert read_time(text) == "2023-08-21T23:00:00"
    assert eurostat.producer_date(read_time(text)) == "2023-08-21"


@pytest.mark.parametrize(
    ("text", "time"),
    [("21/01/24 11:00:00", "2024-01-21T11:00:00"), ("2024-01-21T11:00:00+0100", "2024-01-21T11:00:00"),
     ("", None), ("yesterday", None), ("2023-13-01T00:00:00Z", None)],
)  # fmt: skip
def test_times_of_update_in_winter_and_none(text, time):
    assert read_time(text) == time


# ---- the change of flags on 27 January 2025


def updated_on(day: str, *flags: str) -> bytes:
    rows = [eurostat_row(flag=flag, year=str(2020 + n)) for n, flag in enumerate(flags)]
    return eurostat_body(*rows).replace(b"21/08/23", day.encode())


@pytest.mark.parametrize(
    ("day", "flags"),
    [("21/08/23", ["s", "be"]), ("27/01/25", ["s"]), ("28/01/25", ["i", "m"]),
     ("21/08/23", ["i"])],  # Eurostat recoded tables it did not update
)  # fmt: skip
def test_flags_of_either_vocabulary_are_read_where_they_may_stand(day, flags):
    assert parse(updated_on(day, *flags)).table.height == len(flags)


@pytest.mark.parametrize(
    ("day", "flags", "value"),
    [("28/01/25", ["s"], "s"), ("10/06/25", ["b", "z"], "z"), ("21/08/23", ["s", "i"], "i s")],
)
def test_a_flag_that_its_table_cannot_have_is_refused(day, flags, value):
    with pytest.raises(SourceError, match="since then: b d e f i m n p r u") as caught:
        parse(updated_on(day, *flags))
    assert (caught.value.fault, caught.value.value) == ("V04", value)


def test_forecasts_are_set_aside_and_counted():
    parsed = parse(updated_on("21/08/23", "", "f", "fp"))
    assert parsed.table.height == 1
    assert [row["reason"] for row in parsed.quarantine] == ["forecast, not an observation"] * 2


def test_an_answer_of_two_updates_is_refused():
    body = eurostat_body(eurostat_row(), eurostat_row(year="2021").replace("21/08/23", "22/08/23"))
    with pytest.raises(SourceError, match="mixes 2 times") as caught:
        parse(body)
    assert caught.value.fault == "T13"


def test_a_body_with_a_header_alone_is_empty_and_never_zero():
    with pytest.raises(SourceError, match="no rows") as caught:
        parse(eurostat_body())
    assert caught.value.fault == "T14"
