"""Faults that only UN Comtrade has: its quota, its silent cap, its key, its codes, its totals and its zeros.

What belongs here: these faults, in a region of two reporters, so that each test reads few parts. What does
not: faults of the line (test_wire.py), the rules in detail (tests/unit/connectors/comtrade).
"""

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
import yaml

from connectors.corrections import register
from connectors.protocols.comtrade import producer_date
from tests.faults.matrix import fault
from tests.faults.router import edit, status
from tests.faults.scene import CANARY, assert_no_secret

KEY = "comtrade/hs_recyclables"
DATA, LIST = "data/v1/get/", "getDa"
QUOTA = b'{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 03:14:17."}'
SLOWLY = b'{"statusCode":429,"message":"Rate limit is exceeded. Try again in 3 seconds."}'
NEW = ["reporterCode=276&period=2024", "reporterCode=40&period=2024"]


@pytest.fixture(autouse=True)
def two_reporters(monkeypatch):
    region = {"40": "AUT", "276": "DEU"}
    monkeypatch.setattr("connectors.protocols.comtrade.region_reporters", lambda: region)


@pytest.fixture
def revised(scene):
    """Two reporter-years are new."""
    at = scene(KEY)
    at.router.vintage = 2
    return at


def asked_for(at) -> list[str]:
    """The reporter-years whose data were asked for, sorted."""
    found = (re.search(r"reporterCode=\d+&period=\d+", asked.path) for asked in at.router.asked(DATA))
    return sorted({match[0] for match in found if match})


@fault("T06")
def test_a_wait_told_in_words_is_kept(revised):
    revised.router.inject(DATA, status(429, SLOWLY), times=1)
    revised.assert_taken(revised.refresh())
    assert revised.clock.slept == [3.0]


@fault("T07")
def test_a_quota_that_ends_stops_the_source_and_the_next_day_resumes(revised):
    revised.router.inject(DATA, status(403, QUOTA), skip=1)
    stopped = revised.refresh()
    assert (stopped.outcome, len(stopped.errors)) == ("new", 1)
    (error,) = stopped.errors.values()
    assert "has no calls left in its quota until 2026-03-02 11:14:17 UTC (status 403); 1 of 2" in str(error)
    revised.remember()
    revised.router.heal()
    early = revised.refresh()
    assert (revised.router.log, early.outcome, early.errors["all"].fault) == ([], "kept", "T07")
    revised.clock.now += timedelta(days=1).total_seconds()
    resumed = revised.refresh()
    assert (resumed.outcome, resumed.errors) == ("new", {})
    assert len(asked_for(revised)) == 1, "what had come is not asked for twice"


@fault("T07", "has no calls left in its quota until {moment} UTC (status 403); 2 of 2 reporter-years wait")
def test_a_quota_that_ends_at_once_changes_nothing(revised):
    revised.router.inject(DATA, status(403, QUOTA))
    revised.assert_survived(revised.refresh(), outcome="unchanged")


@fault("T11", "is probably truncated at 1 rows, and its smallest question cannot be split")
def test_the_smallest_question_still_fills_the_cap(scene):
    at = scene(KEY)
    at.spec = at.spec.model_copy(update={"row_cap": 1})
    error = at.assert_survived(at.refresh())
    assert '"flows":["M"],"codes":["3915"],"partners":["0"]' in error.value


@fault("T22", "does not accept the key (status 401)")
def test_a_key_that_was_revoked_is_named_and_not_tried_again(revised):
    revised.router.inject(LIST, status(401, b'{"message":"Access denied: %s"}' % CANARY.encode()))
    error = revised.assert_survived(revised.refresh())
    assert "CIRCULARITY_COMTRADE_KEY" in error.next_step
    assert len(revised.router.asked(LIST)) == 1


@fault("O14")
def test_an_echo_of_the_key_is_written_nowhere(revised):
    echo = b'{"elapsedTime":"0","count":0,"data":[],"error":"no rows for %s"}' % CANARY.encode()
    revised.router.inject(DATA, status(200, echo))
    result = revised.refresh()
    assert len(result.errors) == 2
    assert CANARY not in " ".join(map(str, [*result.errors.values(), *result.warnings]))
    assert_no_secret(revised.store.root)
    for asked in revised.router.log:
        assert asked.headers["Ocp-Apim-Subscription-Key"] == CANARY
        assert CANARY not in asked.path + asked.body.decode()


@fault(
    "S03",
    "does not list these reporters, so nothing was asked for them; listed are, for example, 380 (Italy)",
)
def test_a_reporter_code_of_the_old_service_is_refused_before_the_call(scene, monkeypatch):
    region = {"40": "AUT", "276": "DEU", "381": "ITA"}
    monkeypatch.setattr("connectors.protocols.comtrade.region_reporters", lambda: region)
    at = scene(KEY)
    at.assert_survived(at.refresh(), outcome="unchanged")
    assert not at.router.asked("381")


@fault("S03", "does not list these product codes")
def test_a_product_code_that_does_not_exist_is_refused_before_the_call(scene):
    at = scene(KEY)
    at.spec = at.spec.model_copy(update={"query": at.spec.query | {"cmdCode": "3915,7240"}})
    at.assert_survived(at.refresh())
    assert not at.router.asked(f"{DATA}|{LIST}")


@fault("S04", "names 1 partners that its own list does not have: {share} of the value of all partners")
def test_a_partner_nobody_knows_is_not_dropped(revised):
    def rename(content: bytes) -> bytes:
        code = re.search(rb'"partnerCode":([1-9]\d*),', content)[1]
        return content.replace(b'"partnerCode":%s,' % code, b'"partnerCode":9999,')

    revised.router.inject(DATA, edit(rename))
    error = revised.assert_survived(revised.refresh(), outcome="unchanged", stored=True)
    assert error.value == "9999"


@fault("V06", "weights ({share}) are missing (written as 0 or null)")
def test_zeros_for_missing_weights_are_missing_and_told(revised):
    revised.router.inject(DATA, edit(lambda content: re.sub(rb'"netWgt":\d+', b'"netWgt":0', content)))
    revised.assert_taken(revised.refresh())
    rows = revised.store.read_observations(KEY, revised.store.latest_vintage(KEY).vintage)
    weights = rows.filter((rows["time_period"] == "2024") & (rows["series"] == "netWgt"))
    assert weights.height
    assert weights["obs_value"].null_count() == weights.height


def double_a_total(content: bytes) -> bytes:
    row = re.search(rb'"partnerCode":0,.*?"primaryValue":(\d+)', content)
    return content[: row.start(1)] + b"%d" % (2 * int(row[1])) + content[row.end(1) :]


def lose_a_partner(content: bytes) -> bytes:
    """Drops one of several partners of a total: without any partner, no sum could be said."""
    body = json.loads(content)
    partners = Counter((row["flowCode"], row["cmdCode"]) for row in body["data"] if row["partnerCode"])
    lost = next(
        row for row in body["data"] if row["partnerCode"] and partners[row["flowCode"], row["cmdCode"]] > 1
    )
    body["data"].remove(lost)
    return json.dumps(body | {"count": body["count"] - 1}).encode()


@fault("V16", "the sum of {n} partners is {sum} USD and the World total {total} USD")
@pytest.mark.parametrize("spoil", [double_a_total, lose_a_partner])
def test_a_total_that_is_not_the_sum_of_its_partners(revised, spoil):
    revised.router.inject(DATA, edit(spoil))
    revised.assert_survived(revised.refresh(), outcome="unchanged", stored=True)


@fault("V16", "sends parts without their total: {n} rows, the first in row 1 (motCode 2100")
def test_parts_by_mode_of_transport_are_never_added_up(revised):
    revised.router.inject(DATA, edit(lambda content: content.replace(b'"motCode":0', b'"motCode":2100')))
    revised.assert_survived(revised.refresh(), outcome="unchanged", stored=True)


@fault("T21", "went back from its release of {day} to that of 2001-01-01; the newer stands")
def test_a_list_that_goes_back_replaces_nothing(scene):
    at = scene(KEY)

    def older(content: bytes) -> bytes:
        content = re.sub(rb'"datasetChecksum":\d+', b'"datasetChecksum":1', content)
        return re.sub(rb'"lastReleased":"\d{4}-\d\d-\d\d', b'"lastReleased":"2001-01-01', content)

    at.router.inject(LIST, edit(older))
    at.assert_survived(at.refresh())
    assert not at.router.asked(DATA)


@fault("S07", "is withdrawn, as far as the provider tells: it lists it no more")
def test_a_reporter_year_that_is_listed_no_more_stands(scene):
    at = scene(KEY)
    at.router.inject(
        LIST, edit(lambda content: content.replace(b'"reporterCode":276,', b'"reporterCode":4,'))
    )
    at.assert_survived(at.refresh(), outcome="unchanged")
    at.assert_survived(at.refresh(), outcome="unchanged")


@fault("T14", "answered no rows where the last good vintage has {n} rows")
def test_a_reporter_year_that_empties_keeps_its_rows(scene):
    at = scene(KEY)
    raised = edit(lambda content: re.sub(rb'"datasetChecksum":\d+', b'"datasetChecksum":1', content))
    at.router.inject(LIST, raised)
    at.router.inject(DATA, status(200, b'{"elapsedTime":"0","count":0,"data":[],"error":""}'))
    at.assert_survived(at.refresh(), stored=True)


@fault("T14")
def test_a_reporter_year_that_emptied_and_that_a_person_accepted_is_taken(scene, tmp_path, monkeypatch):
    at = scene(KEY)
    part = max(name for name, state in at.good.parts.items() if _rows_of(at, name))
    area, _, year = part.partition("-")
    entry = {
        "id": "withdrawn", "fault": "T14", "series": "netWgt", "areas": [area],
        "version": producer_date(at.good.parts[part].version_marker), "wrong": "the year was withdrawn",
        "evidence": "a letter of the producer", "reviewed_by": "a person", "reviewed_on": "2026-03-01",
    }  # fmt: skip
    folder = tmp_path / "register"
    folder.mkdir()
    (folder / "comtrade__hs_recyclables.yaml").write_text(yaml.safe_dump({"acceptances": [entry]}))
    monkeypatch.setattr(register, "FOLDER", folder)
    at.router.inject(
        LIST, edit(lambda found: re.sub(rb'"datasetChecksum":\d+', b'"datasetChecksum":1', found))
    )
    at.router.inject(
        f"reporterCode={area}&period={year}",
        status(200, b'{"elapsedTime":"0","count":0,"data":[],"error":""}'),
    )
    result = at.refresh()
    at.assert_taken(result)
    assert _rows_of(at, part) == 0
    assert any("accepted by withdrawn: a letter of the producer" in warning for warning in result.warnings)


def _rows_of(at, part: str) -> int:
    area, _, year = part.partition("-")
    rows = at.store.read_observations(KEY, at.store.latest_vintage(KEY).vintage)
    return rows.filter((rows["ref_area"] == area) & (rows["time_period"] == year)).height
