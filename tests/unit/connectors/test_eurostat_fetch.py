"""Asking Eurostat: catalogue first, then a conditional request, then a body; its queue (T10).

Pieces of years: test_eurostat_pieces.py.
"""

import gzip
import json
from urllib.parse import urlsplit

import pytest

from connectors.http import DATASET_SECONDS
from connectors.protocols import eurostat
from connectors.protocols.base import FailedPart, RawPart, UnchangedPart
from tests.unit.connectors.conftest import Reply
from tests.unit.connectors.eurostat_service import (
    BODY,
    DATA,
    JOB,
    JSON_QUEUED,
    MARKER,
    STANDS,
    WARNED,
    answer,
    asked_for,
    fetch,
    flow,
    job_state,
    queued,
    scripted,
)
from tests.unit.connectors.wireformats import (
    CIRCULAR,
    SNAPSHOT,
    eurostat_body,
    with_changes,
)


def test_the_first_time_only_the_body_is_asked_for(client, provider, tmp_path):
    answer(provider, lambda asked: Reply(gzip.compress(BODY), headers={"ETag": '"one"'}))
    part = fetch(client, tmp_path)
    assert (part.version_marker, part.etag, part.url) == (
        MARKER,
        '"one"',
        f"{provider.url}{provider.asked[0].path}",
    )
    assert asked_for(provider) == ["data"]
    assert provider.asked[0].path == f"{DATA}?format=SDMX-CSV&compressed=true"


def test_the_same_marker_in_another_writing_asks_for_no_body(client, provider, tmp_path):
    answer(provider, lambda asked: Reply(BODY), flow("2023-08-21T21:00:00Z"))
    assert fetch(client, tmp_path, STANDS) == UnchangedPart("all")
    assert asked_for(provider) == ["dataflow"]
    assert provider.asked[0].path == "/eurostat/api/dissemination/sdmx/2.1/dataflow/ESTAT/CEI_SRM030"


def test_another_marker_asks_under_a_condition(client, provider, tmp_path):
    answer(provider, lambda asked: Reply(status=304), flow("2023-09-01T11:00:00+0200"))
    unchanged = fetch(client, tmp_path, STANDS)
    assert unchanged == UnchangedPart("all", None), "a marker that runs ahead of the body is not taken over"
    assert asked_for(provider) == ["dataflow", "data"]
    assert provider.asked[1].headers["If-None-Match"] == '"one"'
    answer(provider, lambda asked: Reply(BODY), flow("2023-09-01T11:00:00+0200"))
    assert fetch(client, tmp_path, STANDS).version_marker == MARKER, (
        "the body's own marker, not the catalogue's"
    )


@pytest.mark.parametrize(
    "catalogue",
    [flow(updated=""), flow(updated="soon"), Reply(b"<Structure/>"), Reply(b"no XML"), Reply(b"", 404),
     Reply(b'<!DOCTYPE a><a/>'), Reply(flow().body.replace(b"CEI_SRM030", b"CEI_SRM020"))],
)  # fmt: skip
def test_a_catalogue_that_does_not_say_leaves_it_to_the_condition(client, provider, tmp_path, catalogue):
    answer(provider, lambda asked: Reply(status=304), catalogue)
    assert fetch(client, tmp_path, STANDS) == UnchangedPart("all", None)
    assert asked_for(provider) == ["dataflow", "data"]


def test_tsv_has_its_marker_from_the_catalogue_alone(client, provider, tmp_path):
    spec = with_changes(CIRCULAR, query={"format": "TSV"})
    answer(provider, lambda asked: Reply(b"freq,unit,geo\\TIME_PERIOD\t2020 \r\nA,PC,AT\t11.5 e\r\n"))
    part = fetch(client, tmp_path, spec=spec)
    assert (part.version_marker, asked_for(provider)) == (MARKER, ["dataflow", "data"])
    answer(provider, lambda asked: Reply(BODY), flow(updated=""))
    assert "expected: UPDATE_DATA" in str(fetch(client, tmp_path, spec=spec).error)


def test_json_stat_has_an_address_of_its_own(client, provider, tmp_path):
    spec = with_changes(CIRCULAR, query={"format": "JSON", "lang": "EN"})
    cube = {"class": "dataset", "updated": "2023-08-21T23:00:00+0200", "value": {"0": 1}}
    answer(provider, lambda asked: Reply(json.dumps(cube).encode()))
    assert fetch(client, tmp_path, spec=spec).version_marker == MARKER
    assert provider.asked[0].path == (
        "/eurostat/api/dissemination/statistics/1.0/data/CEI_SRM030?format=JSON&lang=EN"
    )
    answer(provider, lambda asked: Reply(json.dumps({**cube, "value": {}}).encode()))
    assert fetch(client, tmp_path, spec=spec).error.fault == "T14"


@pytest.mark.parametrize(
    ("reply", "fault", "words"),
    [
        (Reply(eurostat_body()), "T14", "no rows"),
        (Reply(b'{"error":[{"status":200,"id":100,"label":"NO_RESULTS"}]}'), "T14", "no rows"),
        (Reply(b""), "T14", "empty body"),
        (Reply(b"<a/>"), "T03", "expected to be SDMX-CSV and is XML"),
        (Reply(b'{"class":"dataset"}'), "T03", "expected to be SDMX-CSV and is JSON"),
        (Reply(BODY[:-5]), "T05", "cut short"),
        (Reply(b"gone", 410), "T15", "status 410"),
        (Reply(b'<F><faultcode>100</faultcode><faultstring>ERR_NOT_FOUND_2: X</faultstring></F>', 404), "T15",
         "ERR_NOT_FOUND_2"),
        (Reply(b'<F><faultcode>150</faultcode><faultstring>INVALID_QUERY</faultstring></F>', 400), "T04",
         "INVALID_QUERY"),
        (Reply(b'<!DOCTYPE F><F><faultstring>x</faultstring></F>', 400), "H01", "document type"),
        (Reply(BODY.replace(b"21/08/23 23:00:00", b"yesterday")), "P09", "no readable time"),
    ],
)  # fmt: skip
def test_an_answer_without_good_data_fails_with_its_fault(client, provider, tmp_path, reply, fault, words):
    answer(provider, lambda asked: reply)
    failed = fetch(client, tmp_path)
    assert isinstance(failed, FailedPart)
    assert words in str(failed.error)
    assert failed.error.fault == fault


def test_a_job_is_polled_until_its_data_are_there(client, provider, tmp_path, clock):
    ready = Reply(
        gzip.compress(BODY), headers={"ETag": '"job"', "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"}
    )
    scripted(provider, queued(), job_state("PROCESSING"), job_state("AVAILABLE"), ready)
    part = fetch(client, tmp_path)
    assert eurostat.parse(part.path.read_bytes(), CIRCULAR, "all", SNAPSHOT).table.height == 1
    assert [urlsplit(a.path).path.removeprefix("/eurostat/api/dissemination/") for a in provider.asked] == [
        "sdmx/2.1/data/CEI_SRM030",
        f"1.0/async/status/{JOB}",
        f"1.0/async/status/{JOB}",
        f"1.0/async/data/{JOB}",
    ]
    assert clock.slept == [5, 10]
    assert (part.url, part.etag) == (f"{provider.url}{provider.asked[0].path}", None), (
        "the job is gone tomorrow"
    )


@pytest.mark.parametrize("first", [JSON_QUEUED, WARNED], ids=["status 413", "warning with 200"])
def test_later_means_asking_the_same_again(client, provider, tmp_path, clock, first):
    scripted(provider, first, first, Reply(BODY))
    assert isinstance(fetch(client, tmp_path), RawPart)
    assert len({a.path for a in provider.asked}) == 1
    assert clock.slept == [5, 10]


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ((queued(), job_state("PROCESSING")), f"in its queue (job {JOB}, waited 855 s)"),
        ((JSON_QUEUED,), "in its queue (no job id, waited 855 s)"),
        ((WARNED,), "in its queue (no job id, waited 855 s)"),
    ],
)
def test_waiting_ends_at_the_deadline_and_says_how_long_it_was(
    client, provider, tmp_path, clock, replies, words
):
    scripted(provider, *replies)
    failed = fetch(client, tmp_path)
    assert words in str(failed.error)
    assert (failed.error.fault, failed.error.transient) == ("T10", True)
    assert DATASET_SECONDS - 60 < clock.now <= DATASET_SECONDS


def test_waiting_ends_even_if_the_clock_stands_still(live_settings, provider, tmp_path):
    from connectors.http import Client

    slept: list[float] = []
    scripted(provider, WARNED)
    with Client(live_settings, sleep=slept.append, monotonic=lambda: 0.0) as client:
        assert fetch(client, tmp_path).error.fault == "T10"
    assert sum(slept) <= DATASET_SECONDS


@pytest.mark.parametrize(
    ("replies", "words", "transient"),
    [
        ((queued(), job_state("EXPIRED")), "lost the job", True),
        ((queued(), job_state("UNKNOWN_REQUEST")), "lost the job", True),
        ((queued(), job_state("DONE")), "expected: SUBMITTED, PROCESSING, AVAILABLE, EXPIRED", False),
        ((queued(), Reply(b"<other/>")), "unknown state", False),
        ((queued(), Reply(b"DONE")), "state of the job", False),
        ((queued(job="../../data"),), "whose id is no id", False),
        ((queued(), job_state("AVAILABLE"), queued()), "queue instead of answering", True),
    ],
)
def test_a_queue_that_behaves_as_nobody_described_is_refused(
    client, provider, tmp_path, replies, words, transient
):
    scripted(provider, *replies)
    failed = fetch(client, tmp_path)
    assert words in str(failed.error)
    assert (failed.error.fault, failed.error.transient) == ("T10", transient)
