"""Reading the OECD's SDMX-CSV: columns by name, powers of ten, and what changed before what it says."""

import pytest

from connectors.errors import SourceError
from connectors.protocols import oecd_sdmx
from connectors.protocols.base import FailedPart, RawPart, UnchangedPart, failer
from connectors.records import FetchedPart
from connectors.registry import get_dataset
from tests.unit.connectors.conftest import Asked, Reply
from tests.unit.connectors.wireformats import SNAPSHOT

WASTE = get_dataset("oecd/munw")
HEAD = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,REF_AREA,Reference area,FREQ,Frequency,MEASURE,Measure,"
    "UNIT_MEASURE,Unit of measure,TIME_PERIOD,Time period,OBS_VALUE,Observation value,OBS_STATUS,"
    "Observation status,OBS_STATUS_2,Observation status 2,UNIT_MULT,Unit multiplier,BASE_PER,Base period"
)
ID = "OECD.ENV.EPI:DSD_MUNW@DF_MUNW(1.0)"
MARKER = "2026-01-20T09:00:00Z"


def row(
    value: str = "12.5",
    *,
    area: str = "AUT",
    unit: str = "T",
    power: str = "3",
    status: str = "A",
    second: str = "",
    action: str = "I",
    base: str = "",
    identity: str = ID,
) -> str:
    """One line."""
    start = f"DATAFLOW,{identity},Waste,{action},{area},Land,A,Annual,MUNICIPAL,Municipal,{unit},Unit,2020,"
    return f"{start},{value},,{status},Status,{second},,{power},Power,{base},"


def body(*rows: str, head: str = HEAD) -> bytes:
    """A whole answer."""
    return ("\n".join([head, *rows]) + "\n").encode()


def parse(*rows: str, head: str = HEAD):
    return oecd_sdmx.parse(body(*rows, head=head), WASTE, "all", SNAPSHOT)


def refused(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        oecd_sdmx.parse(data, WASTE, "all", SNAPSHOT)
    return caught.value


def test_a_row_keeps_its_value_and_its_power_of_ten_apart():
    found = parse(row("12.5")).table.row(0, named=True)
    assert (found["obs_value"], found["unit_mult"], found["unit_measure"]) == (12.5, 3, "T")
    assert (found["series"], found["ref_area"], found["time_period"]) == ("DSD_MUNW@DF_MUNW", "AUT", "2020")
    dimensions = '{"BASE_PER":"","FREQ":"A","MEASURE":"MUNICIPAL","UNIT_MEASURE":"T"}'
    assert found["dimensions"] == dimensions


def test_a_blank_multiplier_is_the_unit_itself_and_a_word_is_refused():
    assert parse(row(power="")).table["unit_mult"].to_list() == [0]
    assert "no power of ten" in str(refused(body(row(power="thousand"))))


def test_the_same_number_in_another_power_of_ten_is_a_conflict():
    assert "different values for the same key" in str(refused(body(row(power="3"), row(power="6"))))


def test_every_status_letter_is_kept_and_the_strongest_wins():
    found = parse(row(status="E", second="B")).table.row(0, named=True)
    assert (found["obs_status"], found["obs_status_raw"]) == ("B", "EB")
    assert "unknown flag 'Z'" in str(refused(body(row(status="Z"))))


def test_an_empty_value_is_missing_and_never_zero():
    found = parse(row("")).table.row(0, named=True)
    assert (found["obs_value"], found["obs_status"]) == (None, "O")


def test_index_rows_of_two_base_periods_stand_side_by_side():
    table = parse(row(unit="IX", power="0", base="1990"), row(unit="IX", power="0", base="2000")).table
    assert table.height == 2


def test_a_byte_order_mark_is_stripped():
    assert oecd_sdmx.parse(b"\xef\xbb\xbf" + body(row()), WASTE, "all", SNAPSHOT).table.height == 1


def test_labels_are_never_read():
    assert parse(row().replace("Land", '"=1+1, EUR <b>"')).table["ref_area"].to_list() == ["AUT"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row(action="D")], "rows whose ACTION is not I"),
        ([row(identity="OECD:DF_OTHER(1.0)")], "rows whose STRUCTURE_ID is not"),
        ([row(unit="KG")], "undeclared unit"),
        ([], "no rows"),
    ],
)
def test_rows_of_something_else_are_refused(rows, words):
    assert words in str(refused(body(*rows)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ACTION", "SEX", "lost ACTION; new SEX"),
        ("UNIT_MULT", "UNIT_MULTIPLIER", "lost UNIT_MULT; new UNIT_MULTIPLIER"),
        ("FREQ", "freq", "label that follows no code"),
    ],
)
def test_another_header_is_refused_with_the_difference(old, new, words):
    assert words in str(refused(body(row(), head=HEAD.replace(old, new))))


def test_a_label_may_be_renamed():
    assert parse(row(), head=HEAD.replace("Reference area", "Area")).table.height == 1


# ---- fetching


def constraint(moment: str = MARKER) -> bytes:
    inside = f'<s:ContentConstraint id="CR" validFrom="{moment}"/>' if moment else "<s:ContentConstraint/>"
    return f'<?xml version="1.0"?><s:Structures xmlns:s="urn:s">{inside}</s:Structures>'.encode()


def fetch(client, tmp_path, known=None):
    return next(iter(oecd_sdmx.fetch_parts(WASTE, client, tmp_path, known or {})))


def answering(provider, *, constraint_reply: Reply, data_reply: Reply) -> None:
    def answer(asked: Asked) -> Reply:
        return constraint_reply if "/contentconstraint/" in asked.path else data_reply

    provider.answer = answer


def test_the_moment_of_change_is_asked_first_and_the_body_only_if_it_moved(client, provider, tmp_path):
    answering(provider, constraint_reply=Reply(constraint()), data_reply=Reply(body(row())))
    fetched = fetch(client, tmp_path)
    assert isinstance(fetched, RawPart)
    assert fetched.version_marker == MARKER
    assert oecd_sdmx.producer_date(fetched.version_marker) == "2026-01-20"
    constraint_path, data_path = (asked.path for asked in provider.asked)
    assert constraint_path.endswith("/contentconstraint/OECD.ENV.EPI/CR_A_DSD_MUNW@DF_MUNW/")
    start = "/oecd/public/rest/data/OECD.ENV.EPI,DSD_MUNW@DF_MUNW,1.0/all?"
    assert data_path.startswith(start)
    assert "format=csvfilewithlabels" in data_path
    assert "dimensionAtObservation=AllDimensions" in data_path
    known = {"all": FetchedPart(sha256="0" * 64, version_marker=MARKER)}
    assert fetch(client, tmp_path, known) == UnchangedPart("all")
    assert len(provider.asked) == 3


def test_without_a_constraint_the_request_is_conditional_and_dated_by_its_header(client, provider, tmp_path):
    modified = {"Last-Modified": "Tue, 20 Jan 2026 09:00:00 GMT", "ETag": '"a"'}
    answering(
        provider,
        constraint_reply=Reply(b"no", status=404),
        data_reply=Reply(body(row()), headers=modified),
    )
    fetched = fetch(client, tmp_path)
    assert isinstance(fetched, RawPart)
    assert (fetched.version_marker, fetched.etag) == (MARKER, '"a"')
    answering(provider, constraint_reply=Reply(b"no", status=404), data_reply=Reply(status=304))
    known = {"all": FetchedPart(sha256="0" * 64, version_marker=MARKER, etag='"a"')}
    assert isinstance(fetch(client, tmp_path, known), UnchangedPart)
    assert provider.asked[-1].headers["If-None-Match"] == '"a"'


def test_without_any_date_the_part_fails_and_says_what_was_expected(client, provider, tmp_path):
    answering(provider, constraint_reply=Reply(constraint("")), data_reply=Reply(body(row())))
    fetched = fetch(client, tmp_path)
    assert isinstance(fetched, FailedPart)
    assert "neither in its content constraint nor in Last-Modified" in fetched.error.what


@pytest.mark.parametrize(
    ("reply", "words", "fault"),
    [
        (Reply(b"NoRecordsFound", status=404), "no records", "T14"),
        (Reply(b"Could not find Dataflow", status=404), "does not know this dataflow", "T15"),
        (Reply(b"Request Entity Too Large", status=413), "too large", "T09"),
        (Reply(b"bad", status=400), "status 400", ""),
        (Reply(b"<xml/>"), "expected to be SDMX-CSV", "T03"),
        (Reply(body(row())[:-4]), "cut short", "T05"),
        (Reply(b""), "empty body", ""),
    ],
)
def test_a_bad_answer_is_told_by_its_kind(client, provider, tmp_path, reply, words, fault):
    answering(provider, constraint_reply=Reply(constraint()), data_reply=reply)
    fetched = fetch(client, tmp_path)
    assert isinstance(fetched, FailedPart)
    assert words in str(fetched.error)
    assert fetched.error.fault == fault or not fault


def test_a_constraint_is_read_without_trusting_it():
    fail = failer(WASTE, "all")
    newest = constraint("2025-12-31T23:30:00-01:00").replace(
        b"</s:Structures>", b'<s:ContentConstraint validFrom="2019-01-01T00:00:00"/></s:Structures>'
    )
    assert oecd_sdmx.read_valid_from(newest, fail) == "2026-01-01T00:30:00Z"
    assert oecd_sdmx.read_valid_from(constraint(""), fail) == ""
    with pytest.raises(SourceError, match="no readable moment"):
        oecd_sdmx.read_valid_from(constraint("soon"), fail)
    with pytest.raises(SourceError, match="document type"):
        oecd_sdmx.read_valid_from(b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", fail)
