"""Asking Eurostat: catalogue first, then a conditional request, then a body; its queue; pieces of years."""

import gzip
import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.http import DATASET_SECONDS
from connectors.protocols import eurostat
from connectors.protocols.base import FailedPart, RawPart, UnchangedPart
from connectors.records import FetchedPart
from tests.unit.connectors.conftest import Asked, Reply
from tests.unit.connectors.wireformats import (
    CIRCULAR,
    SNAPSHOT,
    eurostat_body,
    eurostat_row,
    with_changes,
)

DATA = "/eurostat/api/dissemination/sdmx/2.1/data/CEI_SRM030"
JOB = "5c9e4a1e-0000-4000-8000-123456789abc"
MARKER = "2023-08-21T23:00:00"
STANDS = FetchedPart(sha256=SNAPSHOT, version_marker=MARKER, etag='"one"', last_modified=None)
BODY = eurostat_body(eurostat_row())


def flow(updated: str = "2023-08-21T23:00:00+0200", oldest: str = "2010", latest: str = "2013") -> Reply:
    """The catalogue's answer; a note is left out where its text is empty."""
    notes = {
        "UPDATE_DATA": updated,
        "OBS_PERIOD_OVERALL_OLDEST": oldest,
        "OBS_PERIOD_OVERALL_LATEST": latest,
    }
    told = "".join(
        f"<c:Annotation><c:AnnotationTitle>{text}</c:AnnotationTitle><c:AnnotationType>{name}"
        "</c:AnnotationType></c:Annotation>"
        for name, text in notes.items()
        if text
    )
    return Reply(
        f'<m:Structure xmlns:m="m" xmlns:s="s" xmlns:c="c"><s:Dataflows><s:Dataflow id="CEI_SRM030">'
        f"<c:Annotations>{told}</c:Annotations></s:Dataflow></s:Dataflows></m:Structure>".encode()
    )


def queued(state: str = "SUBMITTED", job: str = JOB) -> Reply:
    inner = f'<syncResponse xmlns="q"><queued><id>{job}</id><status>{state}</status></queued></syncResponse>'
    return Reply(f'<e:Envelope xmlns:e="e"><e:Body>{inner}</e:Body></e:Envelope>'.encode())


def job_state(state: str) -> Reply:
    inner = f"<status><key>{JOB}</key><status>{state}</status></status>"
    return Reply(
        f'<e:Envelope xmlns:e="e"><asyncResponse xmlns="q">{inner}</asyncResponse></e:Envelope>'.encode()
    )


def too_big(rows: int = 10305182) -> Reply:
    label = f"EXTRACTION_TOO_BIG: The requested extraction is too big, estimated {rows} rows, "
    label += "max authorised is 5000000"
    body = json.dumps({"error": [{"status": 413, "id": 413, "label": label}]}).encode()
    return Reply(body, 413, headers={"ETag": '"refused"', "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"})


LATER = "ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously. Please try again later."
JSON_QUEUED = Reply(json.dumps({"error": [{"status": 413, "id": 413, "label": LATER}]}).encode(), 413)
WARNED = Reply(json.dumps({"warning": {"status": 413, "id": 413, "label": "wait"}}).encode())


def answer(provider, data: Callable[[Asked], Reply], catalogue: Reply | None = None) -> None:
    def reply(asked: Asked) -> Reply:
        return (catalogue or flow()) if "/dataflow/" in asked.path else data(asked)

    provider.answer = reply


def fetch(client, tmp_path, known=None, spec=CIRCULAR):
    (item,) = eurostat.fetch_parts(spec, client, tmp_path, {"all": known} if known else {})
    return item


def asked_for(provider) -> list[str]:
    return ["dataflow" if "/dataflow/" in a.path else "data" for a in provider.asked]


# ---- what is asked, in which order


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


# ---- the queue (T10)


def scripted(provider, *replies: Reply) -> None:
    """These answers, one after the other, the last one for ever; the catalogue beside them."""
    waiting = list(replies)
    answer(provider, lambda asked: waiting.pop(0) if len(waiting) > 1 else waiting[0])


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


# ---- pieces of years (T09, T11)


def period_of(asked: Asked) -> tuple[str | None, str | None]:
    """First and last year asked for; None where the question has none."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
    return query.get("startPeriod"), query.get("endPeriod")


def service(
    limit: int, *, gap: int = 0, refuse: bool = True, years: range = range(2010, 2014)
) -> Callable[[Asked], Reply]:
    """Two rows a year for 2010 to 2013, but none in `gap`; refuses, or cuts, more than `limit` rows."""
    held = [year for year in years if year != gap]

    def reply(asked: Asked) -> Reply:
        first, last = period_of(asked)
        years = [year for year in held if int((first or "0")[:4]) <= year <= int((last or "9999")[:4])]
        rows = [
            eurostat_row(str(year - 2000), geo=geo, year=str(year)) for geo in ("AT", "EL") for year in years
        ]
        if len(rows) > limit:
            return too_big(len(rows)) if refuse else Reply(eurostat_body(*rows[:limit]))
        return Reply(gzip.compress(eurostat_body(*rows)))

    return reply


@pytest.mark.parametrize(("limit", "pieces"), [(8, 1), (4, 3), (2, 7)])
def test_what_is_too_big_comes_in_pieces_and_says_the_same(client, provider, tmp_path, limit, pieces):
    answer(provider, service(8))
    whole = eurostat.parse(fetch(client, tmp_path).path.read_bytes(), CIRCULAR, "all", SNAPSHOT).table
    provider.asked.clear()
    answer(provider, service(limit))
    part = fetch(client, tmp_path)
    found = eurostat.parse(part.path.read_bytes(), CIRCULAR, "all", SNAPSHOT).table
    assert found.equals(whole)
    assert found.height == 8
    assert (part.version_marker, part.status, part.etag, part.last_modified) == (MARKER, 200, None, None)
    assert part.params == CIRCULAR.query
    assert asked_for(provider).count("data") == pieces
    assert part.path.read_bytes() == fetch(client, tmp_path).path.read_bytes()


def test_a_year_without_rows_is_no_fault_of_a_piece(client, provider, tmp_path):
    answer(provider, service(2, gap=2011))
    table = eurostat.parse(fetch(client, tmp_path).path.read_bytes(), CIRCULAR, "all", SNAPSHOT).table
    assert sorted(table["time_period"].unique().to_list()) == ["2010", "2012", "2013"]


def test_a_year_that_is_still_too_big_is_told_with_estimate_and_limit(client, provider, tmp_path):
    answer(provider, service(1))
    failed = fetch(client, tmp_path)
    assert "even for the one year 2010" in str(failed.error)
    assert "estimated 2 rows, max authorised is 5000000" in failed.error.value
    assert (failed.error.fault, failed.error.transient) == ("T09", False)


def test_a_body_as_long_as_the_cap_is_asked_again_in_pieces(client, provider, tmp_path):
    capped = with_changes(CIRCULAR, row_cap=5)
    answer(provider, service(5, refuse=False))
    part = fetch(client, tmp_path, spec=capped)
    table = eurostat.parse(part.path.read_bytes(), capped, "all", SNAPSHOT).table
    assert table.height == 8, "the cap is that of one answer; the whole may be longer"
    answer(provider, service(1, refuse=False))
    failed = fetch(client, tmp_path, spec=with_changes(CIRCULAR, row_cap=1))
    assert "even for the one year 2010" in str(failed.error)
    assert (failed.error.fault, failed.error.value) == ("T11", "probably truncated at 1 rows")


def test_pieces_stay_within_the_declared_years(client, provider, tmp_path):
    spec = with_changes(CIRCULAR, query={**CIRCULAR.query, "startPeriod": "2012"})
    answer(provider, lambda asked: service(2)(asked))
    fetch(client, tmp_path, spec=spec)
    assert pieces_of(provider) == [("2012", "2012"), ("2013", None)]
    spec = with_changes(CIRCULAR, query={**CIRCULAR.query, "startPeriod": "2010-02", "endPeriod": "2012-11"})
    provider.asked.clear()
    fetch(client, tmp_path, spec=spec)
    assert pieces_of(provider)[0] == ("2010-02", "2011"), "the ends are as declared"
    assert pieces_of(provider)[-1] == ("2012", "2012-11")


def pieces_of(provider) -> list[tuple[str | None, str | None]]:
    return [period_of(asked) for asked in provider.asked if "/data/" in asked.path][1:]


@pytest.mark.parametrize(
    ("limit", "listed"),
    [(8, ("2010", "2010")), (4, ("2010", "2012")), (2, ("2010", "2012")), (2, ("2011", "2013")),
     (2, ("2011", "2012")), (4, ("2012", "2012"))],
)  # fmt: skip
def test_a_catalogue_that_lags_behind_loses_no_year(client, provider, tmp_path, limit, listed):
    answer(provider, service(limit), flow(oldest=listed[0], latest=listed[1]))
    table = eurostat.parse(fetch(client, tmp_path).path.read_bytes(), CIRCULAR, "all", SNAPSHOT).table
    assert sorted(table["time_period"]) == sorted([str(year) for year in range(2010, 2014)] * 2)


def test_declared_years_that_the_catalogue_does_not_list_yet_can_be_cut_too(client, provider, tmp_path):
    spec = with_changes(CIRCULAR, query={**CIRCULAR.query, "startPeriod": "2012"})
    answer(provider, service(2), flow(latest="2011"))
    table = eurostat.parse(fetch(client, tmp_path, spec=spec).path.read_bytes(), spec, "all", SNAPSHOT).table
    assert sorted(table["time_period"].unique()) == ["2012", "2013"]


def test_years_that_the_catalogue_does_not_list_and_that_are_too_big_are_told(client, provider, tmp_path):
    answer(provider, service(2, years=range(2010, 2016)), flow(latest="2013"))
    failed = fetch(client, tmp_path)
    assert "even for the years from 2014, which the catalogue does not list" in str(failed.error)
    assert failed.error.fault == "T09"
    answer(provider, service(2), flow(oldest="2012"))
    assert "the years up to 2011, which the catalogue does not list" in str(fetch(client, tmp_path).error)


@pytest.mark.parametrize("catalogue", [flow(oldest=""), flow(latest=""), flow(oldest="early")])
def test_without_the_years_nothing_can_be_split(client, provider, tmp_path, catalogue):
    answer(provider, service(4), catalogue)
    failed = fetch(client, tmp_path)
    assert "expected: OBS_PERIOD_OVERALL_OLDEST" in str(failed.error)
    assert "estimated 8 rows" in failed.error.value


@pytest.mark.parametrize("form", ["TSV", "JSON"])
def test_the_other_formats_name_the_one_that_can_be_split(client, provider, tmp_path, form):
    answer(provider, lambda asked: too_big())
    failed = fetch(client, tmp_path, spec=with_changes(CIRCULAR, query={"format": form}))
    assert "declare the format SDMX-CSV" in str(failed.error)
    assert failed.error.fault == "T09"


def updating(times: int) -> Callable[[Asked], Reply]:
    """A service whose last year carries another update, the first `times` that it is asked for."""
    left = [times]

    def reply(asked: Asked) -> Reply:
        found = service(4)(asked)
        if period_of(asked)[0] == "2012" and left[0]:
            left[0] -= 1
            return Reply(gzip.decompress(found.body).replace(b"21/08/23", b"22/08/23"))
        return found

    return reply


def test_an_update_between_two_pieces_starts_again_once(client, provider, tmp_path):
    answer(provider, updating(1))
    part = fetch(client, tmp_path)
    assert eurostat.parse(part.path.read_bytes(), CIRCULAR, "all", SNAPSHOT).table.height == 8
    answer(provider, updating(2))
    failed = fetch(client, tmp_path)
    assert (failed.error.fault, failed.error.transient) == ("T13", True)


def test_pieces_with_other_columns_are_not_put_together(client, provider, tmp_path):
    def reply(asked: Asked) -> Reply:
        found = service(4)(asked)
        if period_of(asked)[0] == "2012":
            return Reply(gzip.decompress(found.body).replace(b"freq,unit", b"freq,units"))
        return found

    answer(provider, reply)
    assert fetch(client, tmp_path).error.fault == "P07"


def test_a_piece_may_wait_in_the_queue_too(client, provider, tmp_path):
    waiting = [JSON_QUEUED]

    def reply(asked: Asked) -> Reply:
        return waiting.pop() if any(period_of(asked)) and waiting else service(4)(asked)

    answer(provider, reply)
    part = fetch(client, tmp_path)
    assert eurostat.parse(part.path.read_bytes(), CIRCULAR, "all", SNAPSHOT).table.height == 8
