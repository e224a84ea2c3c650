"""Every Eurostat data set against the replay server: what is asked, all three formats, the queue, pieces."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.ingest import IngestResult
from connectors.observations import content_sha256
from connectors.protocols import eurostat
from connectors.refresh import refresh_dataset
from connectors.registry import get_dataset, list_datasets
from connectors.spec import DatasetSpec
from connectors.store import Store

pytestmark = pytest.mark.replay
NOW = datetime(2026, 3, 1, tzinfo=UTC)
# Not on the server.
NOWHERE = {"env_ac_tax"}
DECLARED = [spec for spec in list_datasets() if spec.protocol == "eurostat"]
SPECS = [spec for spec in DECLARED if spec.dataset not in NOWHERE]
SMALL = "eurostat/cei_srm030"
ROWS = {
    "2022-07": {
        "cei_cie011": 984, "cei_cie012": 1968, "cei_cie020": 1235, "cei_gsr010": 17136, "cei_gsr011": 532,
        "cei_gsr020": 280, "cei_gsr030": 756, "cei_pc020": 438, "cei_pc030": 704, "cei_pc031": 764,
        "cei_pc032": 314, "cei_pc034": 320, "cei_pc035": 29, "cei_pc040": 561, "cei_pc050": 561,
        "cei_srm020": 532, "cei_srm030": 342, "cei_wm010": 153, "cei_wm011": 707, "cei_wm020": 3345,
        "cei_wm060": 430, "demo_gind": 5799, "env_wasgen": 16646, "env_wasmun": 15111, "env_waspac": 28558,
        "env_wastrt": 79580,
    },
    "2023-12": {
        "cei_cie011": 1098, "cei_cie012": 2196, "cei_cie020": 1365, "cei_gsr010": 19992, "cei_gsr011": 595,
        "cei_gsr020": 315, "cei_gsr030": 819, "cei_pc020": 496, "cei_pc030": 765, "cei_pc031": 824,
        "cei_pc032": 350, "cei_pc034": 356, "cei_pc035": 88, "cei_pc040": 622, "cei_pc050": 622,
        "cei_srm020": 588, "cei_srm030": 398, "cei_wm010": 154, "cei_wm011": 764, "cei_wm020": 3711,
        "cei_wm060": 488, "demo_gind": 6262, "env_wasgen": 18626, "env_wasmun": 16433, "env_waspac": 37094,
        "env_wastrt": 95324,
    },
}  # fmt: skip
# The server's SDMX-CSV has no CONF_STATUS, its TSV and JSON-stat mark one cell of each of these confidential.
CONFIDENTIAL = {"cei_pc032", "cei_wm010"}


class Source:
    """A replay server, a client that asks it without waiting, and a store."""

    def __init__(self, base: str, home: Path) -> None:
        self.base = base
        names = {
            "CIRCULARITY_SOURCE": "live",
            "CIRCULARITY_HOME": str(home),
            "CIRCULARITY_EUROSTAT_URL": f"{base}/eurostat",
        }
        settings = SourceSettings.from_env(names)
        self.slept: list[float] = []
        self.client = Client(settings, sleep=self.slept.append)
        self.store = Store(settings.root, illustrative=False)

    def control(self, what: str, content: object = None, method: str = "POST") -> bytes:
        body = json.dumps(content).encode() if method == "POST" else None
        with urlopen(Request(f"{self.base}/_control/{what}", data=body, method=method)) as answer:
            return answer.read()

    def asked(self, word: str) -> int:
        """How many requests since the last question had `word` in their path."""
        entries = json.loads(self.control("log", method="GET"))
        self.control("log", method="DELETE")
        return sum(word in entry["path"] for entry in entries)

    def refresh(self, spec: DatasetSpec) -> IngestResult:
        return refresh_dataset(spec, self.client, self.store, NOW)


@pytest.fixture
def source(replay_server: Callable[[str], str], tmp_path: Path) -> Source:
    return Source(replay_server("2022-07"), tmp_path)


def test_every_data_set_comes_once_and_again_only_when_it_changed(source):
    for vintage, rows in ROWS.items():
        source.control("vintage", {"vintage": vintage})
        source.asked("")
        results = {spec.dataset: source.refresh(spec) for spec in SPECS}
        assert {name: result.outcome for name, result in results.items()} == dict.fromkeys(rows, "new")
        assert {name: result.vintage.rows for name, result in results.items()} == rows
        assert {name: result.vintage.quarantined for name, result in results.items()} == dict.fromkeys(
            rows, 0
        )
        assert not any(result.errors for result in results.values())
        assert source.asked("/data/") == len(rows)
        again = [source.refresh(spec) for spec in SPECS]
        assert {(result.outcome, result.read) for result in again} == {("unchanged", False)}
        assert source.asked("/data/") == 0


def test_what_the_server_does_not_have_is_absent_and_told(source):
    missing = [spec for spec in DECLARED if spec.dataset in NOWHERE]
    results = {spec.dataset: source.refresh(spec) for spec in missing}
    assert {name: result.outcome for name, result in results.items()} == dict.fromkeys(NOWHERE, "absent")
    assert all(result.errors["all"].fault == "T15" for result in results.values())


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.dataset)
def test_all_formats_say_the_same(source, tmp_path, spec):
    source.control("vintage", {"vintage": "2023-12"})
    tables = {}
    for form in ("SDMX-CSV", "TSV", "JSON"):
        route = spec.model_copy(update={"query": {"format": form}})
        (part,) = eurostat.fetch_parts(route, source.client, tmp_path, {})
        tables[form] = eurostat.parse(part.path.read_bytes(), route, "all", "0" * 64).table
        if spec.dataset in CONFIDENTIAL:
            tables[form] = tables[form].drop_nulls("obs_value")
    assert tables["SDMX-CSV"].height == ROWS["2023-12"][spec.dataset] - (spec.dataset in CONFIDENTIAL)
    assert len({content_sha256(table) for table in tables.values()}) == 1


# Refuses all but one year at a time, and the years before and after those of the catalogue.
ONLY_YEARS = r"/data/(?!.*startPeriod=(....)&endPeriod=\1)(?!.*true&(endPeriod=2003|startPeriod=2022)$)"


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        ({"kind": "async413", "times": 1}, 3),
        ({"kind": "async413", "mode": "json", "times": 2}, 2),
        ({"kind": "async413", "mode": "warning", "times": 2}, 2),
        ({"kind": "too_big", "match": r"/data/.*compressed=true$"}, 0),
        ({"kind": "too_big", "match": ONLY_YEARS}, 0),
        ({"kind": "gzip_garbage", "times": 1}, 1),
        ({"kind": "html200", "times": 1}, 1),
    ],
)
def test_a_passing_fault_costs_time_and_changes_nothing(source, fault, waits):
    spec = get_dataset(SMALL)
    good = source.refresh(spec).vintage
    source.control("faults", [{"match": "/data/", **fault}])
    again = refresh_dataset(spec, source.client, source.store, NOW, full=True)
    assert (again.outcome, again.errors, again.vintage) == ("unchanged", {}, good)
    assert len(source.slept) == waits
    assert json.loads(source.control("faults", method="GET"))[0]["hits"] > 0, "the fault was met"


@pytest.mark.parametrize(
    ("fault", "fault_id", "words"),
    [
        ({"kind": "async413"}, "T10", "queue"),
        ({"kind": "async413", "polls": 99}, "T10", "waited 855 s"),
        ({"kind": "async413", "mode": "json"}, "T10", "no job id, waited 855 s"),
        ({"kind": "async413", "mode": "warning"}, "T10", "no job id, waited 855 s"),
        ({"kind": "too_big"}, "T09", "even for the one year 2004"),
        ({"kind": "html200"}, "T01", "web page"),
        ({"kind": "gzip_garbage"}, "T05", "gzip"),
        ({"kind": "gzip_garbage", "encoding": False}, "T05", "gzip"),
        ({"kind": "dropped_series"}, "T14", "no rows"),
        ({"kind": "rename_column", "column": "unit", "to": "u"}, "P07", "lost unit; new u"),
    ],
)
def test_a_lasting_fault_is_told_and_the_last_good_vintage_stands(source, fault, fault_id, words):
    spec = get_dataset(SMALL)
    good = source.refresh(spec).vintage
    before = source.store.observations_path(spec.key, good.vintage).read_bytes()
    source.control("vintage", {"vintage": "2023-12"})
    source.control("faults", [{"match": "/data/", **fault}])
    result = source.refresh(spec)
    assert (result.outcome, result.vintage) == ("kept", good)
    assert words in str(result.errors["all"])
    assert result.errors["all"].fault == fault_id
    assert source.store.observations_path(spec.key, good.vintage).read_bytes() == before


@pytest.mark.parametrize("form", ["SDMX-CSV", "TSV", "JSON"])
def test_a_byte_order_mark_changes_nothing(source, tmp_path, form):
    route = get_dataset(SMALL).model_copy(update={"query": {"format": form}})
    hashes = set()
    for faults in ([], [{"match": "/data/", "kind": "bom"}]):
        source.control("faults", faults)
        (part,) = eurostat.fetch_parts(route, source.client, tmp_path, {})
        hashes.add(content_sha256(eurostat.parse(part.path.read_bytes(), route, "all", "0" * 64).table))
        assert part.path.read_bytes().startswith(b"\xef\xbb\xbf") is bool(faults)
    assert len(hashes) == 1
