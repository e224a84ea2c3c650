"""Faults of the line and the server: T01 to T06, T14 to T21."""

from __future__ import annotations

import gzip
import re
import time
from dataclasses import replace

import pytest

from connectors.circuit import COOL_SECONDS, OPEN_AFTER
from connectors.http import Client
from connectors.wire import Limits
from tests.faults.matrix import fault
from tests.faults.router import (
    Asked,
    Reply,
    body,
    changed,
    edit,
    headers,
    raw,
    redirect,
    status,
    web_page,
    wire,
)
from tests.faults.scene import at_most

ATTEMPTS = Limits().attempts
UNSD, EUROSTAT, WORLD_BANK = "unsd/sdg_12_5", "eurostat/cei_srm030", "world_bank/sp_pop_totl"
# The request that brings the figures, of each of the three.
UNSD_DATA, EUROSTAT_DATA, WORLD_BANK_DATA = "Series/DataCSV", "sdmx/2.1/data/", "indicator/SP.POP.TOTL"
DATA = [(UNSD, UNSD_DATA), (EUROSTAT, EUROSTAT_DATA), (WORLD_BANK, WORLD_BANK_DATA)]
every_provider = pytest.mark.parametrize(("key", "where"), DATA)


def revised(scene, key: str):
    """A scene whose provider has published its second vintage: the next refresh asks for bodies."""
    at = scene(key)
    at.router.vintage = 2
    return at


@fault("T01", "answered a web page instead of data, after 4 attempts")
@every_provider
def test_a_maintenance_page_is_no_data_whatever_its_content_type(scene, key, where):
    at = revised(scene, key)
    at.router.inject(where, web_page())
    at.assert_survived(at.refresh())


@fault("T01")
def test_a_maintenance_page_that_passes_does_no_harm(scene):
    at = revised(scene, EUROSTAT)
    at.router.inject(EUROSTAT_DATA, web_page(), times=ATTEMPTS - 1)
    at.assert_taken(at.refresh())
    assert len(at.router.asked(EUROSTAT_DATA)) == ATTEMPTS


@fault(
    "T02", "was sent to another address ({address} is not the listed address of this provider); nothing was"
)
@every_provider
def test_a_redirect_to_a_portal_is_not_followed(scene, key, where):
    at = revised(scene, key)
    at.router.inject(where, redirect("https://portal.example/login"))
    error = at.assert_survived(at.refresh())
    assert not error.transient
    assert len(at.router.asked(where)) == len(at.spec.parts)


@fault("T03", "was expected to be CSV and is XML")
def test_xml_in_place_of_csv(scene):
    at = revised(scene, UNSD)
    at.router.inject(UNSD_DATA, body(b'<?xml version="1.0"?><data/>\n'))
    at.assert_survived(at.refresh(), stored=True)


@fault("T03", "was expected to be JSON and is XML (line 1)")
def test_xml_in_place_of_json(scene):
    at = revised(scene, WORLD_BANK)
    at.router.inject(WORLD_BANK_DATA, body(b'\xef\xbb\xbf<?xml version="1.0"?><wb:data/>\n'))
    at.assert_survived(at.refresh())


@fault("T03", "packed its answer as 'br', where only gzip is read")
def test_a_packing_nobody_asked_for(scene):
    at = revised(scene, WORLD_BANK)
    at.router.inject(WORLD_BANK_DATA, headers(Content_Encoding="br"))
    at.assert_survived(at.refresh())


@fault("T03")
def test_the_right_bytes_count_under_a_wrong_content_type(scene):
    at = revised(scene, WORLD_BANK)
    at.router.inject(WORLD_BANK_DATA, headers(Content_Type="text/html"))
    at.assert_taken(at.refresh())


@fault("T04", "answered an error with status 200 [field message, value '{text}Invalid value")
def test_an_error_object_of_the_world_bank(scene):
    at = revised(scene, WORLD_BANK)
    text = b'[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter is not valid"}]}]'
    at.router.inject(WORLD_BANK_DATA, body(text))
    at.assert_survived(at.refresh())


@fault("T04", "an error")
def test_an_error_object_of_eurostat(scene):
    at = revised(scene, EUROSTAT)
    text = b'{"error":[{"status":500,"id":500,"label":"ERR_INTERNAL: something broke"}]}'
    at.router.inject(EUROSTAT_DATA, body(text))
    error = at.assert_survived(at.refresh())
    assert "ERR_INTERNAL" in error.value


@fault("T05", "broke off: incomplete, {n} of {m} bytes, after 4 attempts")
@every_provider
@pytest.mark.parametrize("how", ["cut", "reset_mid"])
def test_a_body_cut_short_is_never_stored(scene, key, where, how):
    at = revised(scene, key)
    at.router.inject(where, wire(how))
    error = at.assert_survived(at.refresh())
    came, announced = map(int, re.findall(r"(\d+) of (\d+) bytes", error.what)[0])
    assert 0 <= came < announced


@fault("T05", "sent a gzip body that is incomplete, {n} bytes without an end, after 4 attempts")
def test_a_packed_body_whose_length_lies(scene):
    at = revised(scene, WORLD_BANK)
    at.router.inject(WORLD_BANK_DATA, raw(lambda good: gzip.compress(good)[:-9]))
    at.router.inject(WORLD_BANK_DATA, headers(Content_Encoding="gzip"))
    at.assert_survived(at.refresh())


@fault("T05", "broke off: incomplete, {n} of an unannounced number of bytes, after 4 attempts")
def test_a_chunked_body_that_ends_inside_a_chunk(scene):
    at = revised(scene, WORLD_BANK)
    at.router.inject(WORLD_BANK_DATA, raw(lambda good: b"FFFF\r\n" + good[:100]))
    at.router.inject(WORLD_BANK_DATA, wire("cut"))
    at.router.inject(WORLD_BANK_DATA, unannounced)
    at.assert_survived(at.refresh())


def unannounced(asked: Asked, good: Reply) -> Reply:
    """A chunked answer, without a length."""
    return replace(good, headers={**good.headers, "Transfer-Encoding": "chunked"}, announced=False)


@pytest.mark.parametrize(
    ("refusal", "wait"),
    [
        (status(429, Retry_After="7"), 7),
        (status(429, b"Rate limit is exceeded. Try again in 9 seconds."), 9),
        (status(429), 1),
        (status(429, Retry_After="soon"), 1),
    ],
    ids=["seconds", "text", "absent", "unreadable"],
)
@fault("T06")
def test_a_wait_asked_for_is_kept(scene, refusal, wait):
    at = revised(scene, WORLD_BANK)
    at.router.inject(WORLD_BANK_DATA, refusal, times=1)
    at.assert_taken(at.refresh())
    assert len(at.clock.slept) == 1
    assert wait - 1 <= at.clock.slept[0] <= wait


@fault("T06")
def test_a_wait_until_a_date_is_kept(scene):
    at = revised(scene, WORLD_BANK)
    soon = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 100))
    at.router.inject(WORLD_BANK_DATA, status(429, Retry_After=soon), times=1)
    at.assert_taken(at.refresh())
    assert 90 <= at.clock.slept[0] <= 100


@fault("T06", "and asks to wait 3600 s, past the deadline; it may be asked again from {moment} UTC on")
def test_a_wait_past_the_deadline_names_the_next_permitted_time_and_is_remembered(scene):
    at = revised(scene, WORLD_BANK)
    at.router.inject(WORLD_BANK_DATA, status(429, Retry_After="3600"))
    at.assert_survived(at.refresh())
    assert len(at.router.asked(WORLD_BANK_DATA)) == 1
    at.client = Client(at.settings, sleep=at.clock.sleep, monotonic=at.clock, now=at.clock.utc)
    result = at.refresh()
    assert "may be asked again from" in str(result.errors["all"])
    assert len(at.router.asked(WORLD_BANK_DATA)) == 1, "a second process keeps to it"


@fault("T14", "answered no rows")
@pytest.mark.parametrize(("key", "where"), DATA[1:])
def test_an_empty_answer_is_unknown_and_never_zero(scene, key, where):
    at = revised(scene, key)
    empty = b'[{"page":1,"pages":1,"per_page":50,"total":0,"lastupdated":"2026-02-24"},[]]'
    at.router.inject(
        where, body(empty) if key == WORLD_BANK else edit(lambda good: good.split(b"\n")[0] + b"\n")
    )
    at.assert_survived(at.refresh(), stored=key == EUROSTAT)


@fault("T14", "answered an empty body")
@pytest.mark.parametrize(("key", "where"), DATA[:2])
def test_no_bytes_at_all(scene, key, where):
    at = revised(scene, key)
    at.router.inject(where, body(b""))
    at.assert_survived(at.refresh())


@fault("T15", "is gone from this address (status 410)")
@every_provider
def test_an_address_that_is_gone(scene, key, where):
    at = revised(scene, key)
    at.router.inject(where, status(410))
    error = at.assert_survived(at.refresh())
    assert "docs/runbook.md" in error.next_step
    assert not error.transient


@fault("T15")
@every_provider
def test_an_address_that_is_not_found(scene, key, where):
    at = revised(scene, key)
    at.router.inject(where, status(404, b"no such thing here"))
    error = at.assert_survived(at.refresh())
    assert "404" in str(error)
    assert not error.transient


@fault("T17", "answered status 503, after 4 attempts")
@every_provider
def test_a_server_that_stays_down(scene, key, where):
    at = revised(scene, key)
    at.router.inject(where, status(503))
    at.assert_survived(at.refresh())


@fault("T17")
@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_a_server_that_fails_now_and_then(scene, code):
    at = revised(scene, WORLD_BANK)
    at.router.inject(WORLD_BANK_DATA, status(code), times=ATTEMPTS - 1)
    at.assert_taken(at.refresh())
    assert at.clock.slept == sorted(at.clock.slept), "each wait is longer than the one before"


@fault("T17", "failed 3 times in a row (answered status 503), so it is left alone for {n} s")
def test_a_provider_that_is_down_is_left_alone_for_a_while(scene):
    at = revised(scene, UNSD)
    at.router.inject("/unsd/", status(503))
    for _ in range(OPEN_AFTER):
        at.refresh()
    asked = len(at.router.asked())
    at.assert_survived(at.refresh())
    assert len(at.router.asked()) == asked, "nothing was asked"
    at.clock.sleep(COOL_SECONDS)
    at.router.heal()
    at.assert_taken(at.refresh(), says="")


@fault("T18", "gave no complete answer until the deadline, after {n} s")
@pytest.mark.parametrize("how", ["drip", "hang", "drip_head"])
def test_a_drip_or_a_hang_ends_exactly_at_the_deadline(scene, how):
    at = scene(WORLD_BANK, real_time=True, limits=Limits(dataset_seconds=1.0))
    at.router.vintage = 2
    at.router.inject(WORLD_BANK_DATA, wire(how))
    began = time.monotonic()
    with at_most(10):
        result = at.refresh()
    at.assert_survived(result)
    assert 0.9 <= time.monotonic() - began <= 3.0


@fault("T18", "did not answer in time, after 2 attempts")
def test_a_hang_is_tried_again_after_the_read_time_out(scene):
    at = scene(WORLD_BANK, real_time=True, limits=Limits(read_seconds=0.2, attempts=2))
    at.router.vintage = 2
    at.router.inject(WORLD_BANK_DATA, wire("hang"))
    at.assert_survived(at.refresh())
    assert len(at.router.asked(WORLD_BANK_DATA)) == 2


@fault("T19")
@pytest.mark.parametrize("key", [UNSD, WORLD_BANK])
@pytest.mark.parametrize(
    ("times", "declared"), [(1, "gzip"), (1, ""), (2, "gzip"), (2, "gzip, gzip"), (1, "identity")]
)
def test_gzip_undeclared_or_twice(scene, key, times, declared):
    at = revised(scene, key)
    for _ in range(times):
        at.router.inject(dict(DATA)[key], raw(lambda good: gzip.compress(good, mtime=0)))
    at.router.inject(dict(DATA)[key], headers(Content_Encoding=declared))
    at.assert_taken(at.refresh())


@fault("T19", "is packed with gzip twice without saying so")
def test_gzip_is_undone_once_by_its_own_bytes(scene):
    at = revised(scene, WORLD_BANK)
    for _ in range(2):
        at.router.inject(WORLD_BANK_DATA, raw(lambda good: gzip.compress(good, mtime=0)))
    at.assert_survived(at.refresh())


@fault("T20")
def test_not_modified_without_a_stored_body_is_asked_again(scene):
    at = scene(WORLD_BANK, settled=False)
    at.router.inject(WORLD_BANK_DATA, status(304), times=1)
    at.assert_taken(at.refresh())


@fault("T20", "answered that nothing changed to a question that compared nothing, after 4 attempts")
def test_not_modified_for_ever_without_a_stored_body(scene):
    at = scene(WORLD_BANK, settled=False)
    at.router.inject(WORLD_BANK_DATA, status(304))
    error = at.assert_survived(at.refresh(), outcome="absent")
    assert error.transient


@fault("T20")
def test_an_unstable_etag_makes_no_new_vintage(scene):
    at = scene(WORLD_BANK)
    numbers = iter(range(100))
    at.router.inject(WORLD_BANK_DATA, lambda asked, good: changed(good, good.body, etag=f'"{next(numbers)}"'))
    before = len(at.store.list_vintages(WORLD_BANK))
    for _ in range(2):
        at.assert_taken(at.refresh(), outcome="unchanged")
    assert len(at.store.list_vintages(WORLD_BANK)) == before
    assert [asked.status for asked in at.router.asked(WORLD_BANK_DATA)] == [200, 200]


@fault("T21", "went back from its release of {day} to that of 2020-01-01; the newer stands")
@pytest.mark.parametrize(
    ("key", "stamps", "figures"),
    [
        (EUROSTAT, (b"10/12/24 23:00:00", b"01/01/20 11:00:00"), (b",AT,2010,8.5,", b",AT,2010,8.6,")),
        (WORLD_BANK, (b"2025-01-28", b"2020-01-01"), (b":3245065,", b":3245066,")),
    ],
)
def test_a_marker_that_goes_backwards(scene, key, stamps, figures):
    at = scene(key)
    at.router.inject("sdmx/2.1/dataflow", status(404, b"not listed"))
    at.router.inject(dict(DATA)[key], edit(lambda good: good.replace(*stamps).replace(*figures)))
    at.assert_survived(at.refresh(), stored=True)
