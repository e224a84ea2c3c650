"""Fetching and reading one data set, stopped at each of its writes, and what must hold of the store then.

What belongs here: a small world, running it, judging what is visible. What does not: stopping it (kills.py).
All figures are invented.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from connectors.config import SourceSettings
from connectors.errors import CircularityError
from connectors.http import Client
from connectors.ingest import ingest_dataset
from connectors.refresh import fetch_dataset, refresh_dataset
from tests.faults.kill_state import digest, find_lasting, find_lost, find_torn_json, find_unlisted, store_at
from tests.faults.kills import Operation
from tests.unit.connectors.wireformats import HAZARDOUS, many_unsd_rows, unsd_body, unsd_row, with_changes

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


LATER = NOW + timedelta(days=30)


SERIES = ("EN_HAZ_GENV", "EN_HAZ_EXP", "EN_HAZ_IMP")


SPEC = with_changes(HAZARDOUS, units=dict.fromkeys(SERIES, ("TONNES",)))


BASE_URL = "http://127.0.0.1:9/unsd"


class _Answers(BaseAdapter):
    """A UNSD inside this process. The second release has other values, and one row that is quarantined."""

    def __init__(self, release: int) -> None:
        super().__init__()
        self.release = release

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        if "Series/List" in str(request.url):
            body = json.dumps([{"code": c, "release": f"2026.Q{self.release}.G.01"} for c in SERIES]).encode()
        else:
            series = parse_qs(str(request.body))["seriesCodes"][0]
            bad = [unsd_row("-1", series=series)] if self.release == 2 and series == SERIES[0] else []
            good = [row.replace(SERIES[0], series) for row in many_unsd_rows(250)]
            body = unsd_body(unsd_row(str(10 * self.release), series=series, area="8"), *good, *bad)
        response = requests.Response()
        response.status_code, response.url, response.request = 200, str(request.url), request
        response.headers["Content-Length"] = str(len(body))
        response.raw = _open_body(body)
        return response

    def close(self) -> None:
        pass


def _open_body(body: bytes) -> HTTPResponse:
    return HTTPResponse(io.BytesIO(body), headers={"Content-Length": str(len(body))}, preload_content=False)


def _client(folder: Path, release: int) -> Client:
    home = str(folder / "home")
    settings = SourceSettings.from_env(
        {"CIRCULARITY_SOURCE": "live", "CIRCULARITY_HOME": home, "CIRCULARITY_UNSD_URL": BASE_URL}
    )
    client = Client(settings, sleep=lambda seconds: None)
    session = requests.Session()
    session.mount("http://", _Answers(release))
    client._sessions["unsd"] = session
    return client


def _first_release(folder: Path) -> None:
    refresh_dataset(SPEC, _client(folder, 1), store_at(folder), NOW)


def _fetch(folder: Path) -> None:
    fetch_dataset(SPEC, _client(folder, 2), store_at(folder), LATER)


def _fetched(folder: Path) -> None:
    _first_release(folder)
    _fetch(folder)


def _ingest(folder: Path) -> None:
    ingest_dataset(SPEC, store_at(folder), LATER)


def _describe_store(folder: Path) -> Any:
    store = store_at(folder)
    record, ingested = store.last_fetched(SPEC.key), store.last_ingested(SPEC.key)
    assert record is not None and ingested is not None
    return {
        "files": {str(p.relative_to(folder)): digest(p) for p in find_lasting(store.root)},
        "fetched": {name: part.model_dump() for name, part in record.parts.items()},
        "ingested": ingested.model_dump(mode="json", exclude={"code_sha256"}),
    }


def find_store_faults(folder: Path, before: Path) -> list[str]:
    """What is torn or lost in the store."""
    store, faults = store_at(folder), []
    try:
        store.last_fetched(SPEC.key)
        for vintage in store.list_vintages(SPEC.key):
            table = store.read_observations(SPEC.key, vintage.vintage)
            if table.height != vintage.rows:
                faults.append(f"{vintage.vintage} has {table.height} rows, not {vintage.rows}")
            for name, part in vintage.parts.items():
                store.read_object(str(part.sha256))
                store.get_manifest(SPEC.key, name, str(part.sha256))
            quarantine = store.observations_path(SPEC.key, vintage.vintage).with_suffix(".quarantine.json")
            if vintage.quarantined and len(json.loads(quarantine.read_bytes())) != vintage.quarantined:
                faults.append(f"{vintage.vintage} has another quarantine")
    except CircularityError as error:
        faults.append(str(error))
    faults += [f"torn object {p.name}" for p in store.root.glob("objects/sha256/*/*") if digest(p) != p.name]
    faults += (
        find_torn_json(store.root)
        + find_lost(before, folder)
        + find_unlisted(store.root, before / "home" / "real")
    )
    return faults


SOURCE_OPERATIONS = {
    "fetch": Operation(_first_release, _fetch, _describe_store, find_store_faults),
    "ingest": Operation(_fetched, _ingest, _describe_store, find_store_faults),
}
