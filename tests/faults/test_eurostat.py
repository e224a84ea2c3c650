"""Faults that Eurostat alone has: its limits, its queue, its flags, measures without a unit column."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from connectors.errors import SourceError
from connectors.http import DATASET_SECONDS
from connectors.observations import read_parquet
from connectors.refresh import refresh_dataset
from connectors.sample.declared_bodies import eurostat_csv
from tests.faults.matrix import fault
from tests.faults.router import Asked, Reply, body, edit, status
from tests.faults.scene import NOW

RATE, BIRTHS = "eurostat/cei_srm030", "eurostat/demo_gind"
DATA, JOB = "sdmx/2.1/data/", "1.0/async"
LATER = "ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously. Please try again later."
TOO_BIG = (
    "EXTRACTION_TOO_BIG: The requested extraction is too big, estimated 10305182 rows, max authorised is "
)


def revised(scene, key: str):
    """A scene whose provider has published its second vintage: the next refresh asks for bodies."""
    at = scene(key)
    at.router.vintage = 2
    return at


def refusal(label: str, kind: str = "error") -> bytes:
    inner = {"status": 413, "id": 413, "label": label}
    return json.dumps({kind: [inner] if kind == "error" else inner}).encode()


def envelope(inner: str) -> bytes:
    return f'<e:Envelope xmlns:e="e"><e:Body>{inner}</e:Body></e:Envelope>'.encode()


QUEUED = envelope(
    '<syncResponse xmlns="q"><queued><id>5c9e-4a1e</id><status>SUBMITTED</status></queued></syncResponse>'
)


def job_state(state: str) -> bytes:
    return envelope(
        f'<asyncResponse xmlns="q"><status><key>5c9e-4a1e</key><status>{state}</status></status>'
        "</asyncResponse>"
    )


def only_years(asked: Asked, good: Reply) -> Reply:
    """What a service with too low a limit does: the whole is refused, a piece holds its years alone."""
    years = dict(re.findall(r"(startPeriod|endPeriod)=(\d{4})", asked.path))
    if not years:
        return status(413, refusal(TOO_BIG + "5000000"))(asked, good)
    first, last = int(years.get("startPeriod", 0)), int(years.get("endPeriod", 9999))

    def cut(whole: bytes) -> bytes:
        head, *rows = whole.splitlines(keepends=True)
        kept = [row for row in rows if first <= int(row.split(b",")[5]) <= last]
        return b"".join([head, *kept])

    return edit(cut)(asked, good)


@fault(
    "T09",
    "is above the provider's limit even for the one year {year} [field label, value 'EXTRACTION_TOO_BIG",
)
def test_a_limit_below_one_year(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, status(413, refusal(TOO_BIG + "5000000")))
    error = at.assert_survived(at.refresh())
    assert "estimated 10305182 rows, max authorised is 5000000" in error.value


@fault("T09")
def test_a_limit_that_whole_years_respect_costs_requests_and_no_row(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, only_years)
    at.assert_taken(at.refresh())
    assert len(at.router.asked(DATA)) > 2
    split = at.store.latest_vintage(RATE)
    at.router.heal()
    whole = refresh_dataset(at.spec, at.client, at.store, NOW, full=True)
    assert (whole.outcome, whole.vintage) == ("unchanged", split)


@fault("T10", "kept the request in its queue (job 5c9e-4a1e, waited {n} s) [field status, value 'PROCESSING'")
def test_a_job_that_never_ends(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, body(QUEUED))
    at.router.inject(JOB, body(job_state("PROCESSING")))
    at.assert_survived(at.refresh())
    assert at.clock.now <= DATASET_SECONDS


@fault("T10", "kept the request in its queue (no job id, waited {n} s)")
@pytest.mark.parametrize(
    "spoil", [status(413, refusal(LATER)), body(refusal("please wait", "warning"))], ids=["413", "warning"]
)
def test_later_for_ever(scene, spoil):
    at = revised(scene, RATE)
    at.router.inject(DATA, spoil)
    at.assert_survived(at.refresh())
    assert at.clock.now <= DATASET_SECONDS


@fault("T10")
def test_a_job_that_ends_and_an_answer_that_is_ready_later(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, status(413, refusal(LATER)), times=1)
    at.router.inject(DATA, body(QUEUED), skip=1, times=1)
    at.router.inject("async/status", body(job_state("PROCESSING")), times=1)
    at.router.inject("async/status", body(job_state("AVAILABLE")), skip=1)
    at.router.inject("async/data", body(gzip.compress(eurostat_csv("CEI_SRM030", 2) or b"")))
    at.assert_taken(at.refresh())


@fault(
    "T11",
    "is above the provider's limit even for the one year {year} [field label, value 'probably truncated",
)
def test_as_many_rows_as_the_cap_in_every_piece(scene):
    at = revised(scene, RATE)
    at.spec = at.spec.model_copy(update={"row_cap": 400})
    at.router.inject(DATA, edit(lambda good: b"".join((good.splitlines(keepends=True) * 9)[:401])))
    at.assert_survived(at.refresh())


@fault("T13", "changed between its pieces, twice")
def test_an_update_between_two_pieces_again_and_again(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, only_years)
    at.router.inject("startPeriod=", edit(lambda piece: piece.replace(b"10/12/25", b"11/12/25")))
    at.assert_survived(at.refresh())


@fault("P08", "has a new dimension 'sex' with 1 codes [field sex, value 'T']")
def test_a_dimension_more(scene):
    at = revised(scene, RATE)
    at.router.inject(
        DATA, edit(lambda good: good.replace(b",A,", b",A,T,").replace(b",freq,", b",freq,sex,"))
    )
    at.assert_survived(at.refresh(), stored=True)


def as_tsv(scene, cell: bytes):
    """A scene whose declaration asks for TSV; one country's cell is `cell`."""
    at = scene(RATE, settled=False)
    at.spec = at.spec.model_copy(update={"query": {"format": "TSV"}})
    at.router.inject(
        DATA, body(b"freq,unit,geo\\TIME_PERIOD\t2020 \t2021 \r\nA,PC,AT\t11.5 \t" + cell + b"\r\n")
    )
    return at


def refused(at) -> SourceError:
    """There is no vintage, and the message says why."""
    result = at.refresh()
    assert result.outcome == "absent"
    assert at.row.says in str(result.errors["all"])
    return result.errors["all"]


@fault("V03")
def test_every_letter_beside_a_value_is_read(scene):
    at = as_tsv(scene, b"12.5 bep@C")
    result = at.refresh()
    assert (result.outcome, result.errors) == ("new", {})
    table = read_parquet(at.store.observations_path(RATE, result.vintage.vintage))
    found = table.filter(table["time_period"] == "2021").row(0, named=True)
    assert (found["obs_status"], found["obs_status_raw"], found["conf_status"]) == ("B", "bep|C", "C")
    assert found["obs_value"] is None


@fault("V03", "uses an unknown flag")
def test_an_unknown_letter_beside_a_value(scene):
    at = as_tsv(scene, b"12.5 bq")
    assert refused(at).value == "q"


@fault("V03", "has 1 unusable rows of 2")
def test_a_cell_of_more_than_value_and_letters(scene):
    at = as_tsv(scene, b"12.5 b 13")
    assert refused(at).value == "12.5 b 13"


@fault(
    "V04",
    "uses an unknown flag (before 2025-01-27: {letters}; since then: {letters}) [field OBS_FLAG, value 'q'",
)
def test_a_letter_nobody_knows(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, edit(lambda good: flagged(good, b"q")))
    at.assert_survived(at.refresh(), stored=True)


@fault("V04", "uses a flag abolished on 2025-01-27 in a table updated on 2025-12-10")
def test_a_letter_of_the_old_list_in_a_new_table(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, edit(lambda good: flagged(good.replace(b",i,", b",,"), b"z")))
    at.assert_survived(at.refresh(), stored=True)


@fault("V04", "mixes flags from before and after 2025-01-27")
def test_letters_of_both_lists_in_one_table(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, edit(lambda good: flagged(flagged(good, b"i"), b"s")))
    at.assert_survived(at.refresh(), stored=True)


@fault("V09", "has a measure without a declared unit [field indic_de, value 'QUANTITY_KG']")
def test_a_measure_whose_unit_nobody_declared(scene):
    at = revised(scene, BIRTHS)
    at.router.inject(DATA, edit(lambda good: good.replace(b",JAN,", b",QUANTITY_KG,")))
    at.assert_survived(at.refresh(), stored=True)


@fault("V13")
def test_forecasts_are_set_aside_and_counted(scene):
    at = revised(scene, RATE)
    at.router.inject(DATA, edit(lambda good: flagged(flagged(good, b"f"), b"fp")))
    at.assert_taken(at.refresh(), quarantined=2)


def flagged(whole: bytes, letters: bytes) -> bytes:
    """The first row without a flag gets these."""
    return re.sub(rb"(,[0-9.]+,)(,\r?\n)", rb"\g<1>" + letters + rb"\g<2>", whole, count=1)
