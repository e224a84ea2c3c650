"""Asking Eurostat for what is too big for one answer: pieces of years (T09, T11)."""

import gzip
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.protocols import eurostat
from tests.unit.connectors.conftest import Asked, Reply
from tests.unit.connectors.eurostat_service import (
    JSON_QUEUED,
    MARKER,
    answer,
    asked_for,
    fetch,
    flow,
    too_big,
)
from tests.unit.connectors.wireformats import (
    CIRCULAR,
    SNAPSHOT,
    eurostat_body,
    eurostat_row,
    with_changes,
)


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
        return Reply(gzip.compress(eurostat_body(*rows), mtime=0))

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
