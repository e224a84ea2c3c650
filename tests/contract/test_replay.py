"""The replay server's own faults, told and survived. What data sets bring: test_replay_<provider>.py."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.ingest import IngestResult
from connectors.refresh import refresh_dataset
from connectors.registry import get_dataset
from connectors.store import Store

pytestmark = pytest.mark.replay
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def control(base: str, what: str, content: object) -> None:
    body = json.dumps(content).encode()
    urlopen(Request(f"{base}/_control/{what}", data=body, method="POST")).close()


class Source:
    """A replay server, a client that asks it, and a store."""

    def __init__(self, base: str, home: Path) -> None:
        self.base = base
        settings = SourceSettings.from_env(
            {
                "CIRCULARITY_SOURCE": "live",
                "CIRCULARITY_HOME": str(home),
                "CIRCULARITY_UNSD_URL": f"{base}/unsd",
                "CIRCULARITY_EUROSTAT_URL": f"{base}/eurostat",
                "CIRCULARITY_WORLD_BANK_URL": f"{base}/worldbank",
            }
        )
        self.client = Client(settings, sleep=lambda seconds: None)
        self.store = Store(settings.root, illustrative=False)

    def refresh(self, key: str) -> IngestResult:
        return refresh_dataset(get_dataset(key), self.client, self.store, NOW)


@pytest.fixture
def source(replay_server: Callable[[str], str], tmp_path: Path) -> Source:
    return Source(replay_server("2022-07"), tmp_path)


@pytest.mark.parametrize(
    ("key", "fault", "words"),
    [
        ("eurostat/cei_srm030", {"kind": "html200"}, "web page"),
        ("eurostat/cei_srm030", {"kind": "truncate"}, "broke off: incomplete"),
        ("eurostat/cei_srm030", {"kind": "empty200"}, "empty body"),
        ("eurostat/cei_srm030", {"kind": "redirect"}, "another address"),
        ("eurostat/cei_srm030", {"kind": "redirect", "to": "loop"}, "circle"),
        ("eurostat/cei_srm030", {"kind": "too_big"}, "EXTRACTION_TOO_BIG"),
        ("eurostat/cei_srm030", {"kind": "async413"}, "queue"),
        ("eurostat/cei_srm030", {"kind": "async413", "mode": "warning"}, "queue"),
        ("eurostat/cei_srm030", {"kind": "gzip_garbage", "encoding": False}, "gzip body"),
        ("eurostat/cei_srm030", {"kind": "zip_bomb", "mb": 20}, "packed"),
        ("eurostat/cei_srm030", {"kind": "duplicate_conflict"}, "different values for the same key"),
        ("eurostat/cei_srm030", {"kind": "rename_column", "column": "unit", "to": "u"}, "lost unit; new u"),
        ("eurostat/cei_srm030", {"kind": "add_column", "column": "sex"}, "new sex"),
        ("eurostat/cei_srm030", {"kind": "dropped_series"}, "no rows"),
        ("eurostat/cei_srm030", {"kind": "negative_values"}, "unusable rows"),
        ("eurostat/cei_srm030", {"kind": "future_year"}, "unusable rows"),
        ("unsd/sdg_12_5", {"kind": "unit_switch", "label": "KG"}, "undeclared unit"),
        ("unsd/sdg_12_5", {"kind": "dropped_series", "match": "DataCSV"}, "no rows"),
        ("world_bank/sp_pop_totl", {"kind": "json_nan"}, "NaN"),
        ("world_bank/sp_pop_totl", {"kind": "duplicate_rows"}, "changed between its pages"),
        ("world_bank/sp_pop_totl", {"kind": "shuffled_rows", "seed": None}, "changed between its pages"),
        ("world_bank/sp_pop_totl", {"kind": "drop_column", "column": "date"}, "lost fields"),
    ],
)  # fmt: skip
def test_a_fault_is_told_and_the_last_good_vintage_stands(source, key, fault, words):
    first = source.refresh(key).vintage
    before = source.store.observations_path(key, first.vintage).read_bytes()
    control(source.base, "vintage", {"vintage": "2023-12"})
    control(source.base, "faults", [{"match": "(?i)/(data|datacsv|indicator)", **fault}])
    result = source.refresh(key)
    assert result.vintage == first
    assert result.outcome == "kept"
    assert any(words in str(error) for error in result.errors.values()), result.errors
    assert source.store.observations_path(key, first.vintage).read_bytes() == before
