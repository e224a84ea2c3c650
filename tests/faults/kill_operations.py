"""The operations that are stopped at each of their writes, and what must hold of the state they leave.

What belongs here: preparing a small world for each, running it, judging what is visible. What does not:
stopping it (kills.py). All figures are invented.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from connectors.config import SourceSettings
from connectors.errors import CircularityError, StoreError
from connectors.http import Client
from connectors.ingest import ingest_dataset
from connectors.inspection import find_leftovers
from connectors.refresh import fetch_dataset, refresh_dataset
from connectors.store import Store
from orchestration.release.build import collect_build, export_current, mark_exported, prepare_build
from orchestration.release.checksums import candidate_hash, verify_sums
from orchestration.release.files import hash_folder
from orchestration.release.lock import lock_release
from orchestration.release.lock_model import load_lock
from orchestration.release.publish import publish_release
from orchestration.release.signoff_chain import read_chain
from orchestration.release.state import State, load_state
from tests.faults.kills import Operation
from tests.release.conftest import T0, Person, World, fake_gate, make_person, open_world, put_vintage
from tests.release.invented import export_tables, write_dbt_project
from tests.unit.connectors.wireformats import HAZARDOUS, many_unsd_rows, unsd_body, unsd_row, with_changes

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
SERIES = ("EN_HAZ_GENV", "EN_HAZ_EXP", "EN_HAZ_IMP")
SPEC = with_changes(HAZARDOUS, units=dict.fromkeys(SERIES, ("TONNES",)))
BASE_URL = "http://127.0.0.1:9/unsd"


# ---- sources


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


def _store(folder: Path) -> Store:
    return Store(folder / "home" / "real", illustrative=False)


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
    refresh_dataset(SPEC, _client(folder, 1), _store(folder), NOW)


def _fetch(folder: Path) -> None:
    fetch_dataset(SPEC, _client(folder, 2), _store(folder), LATER)


def _fetched(folder: Path) -> None:
    _first_release(folder)
    _fetch(folder)


def _ingest(folder: Path) -> None:
    ingest_dataset(SPEC, _store(folder), LATER)


def _describe_store(folder: Path) -> Any:
    store = _store(folder)
    record, ingested = store.last_fetched(SPEC.key), store.last_ingested(SPEC.key)
    assert record is not None and ingested is not None
    return {
        "files": {str(p.relative_to(folder)): _digest(p) for p in _lasting(store.root)},
        "fetched": {name: part.model_dump() for name, part in record.parts.items()},
        "ingested": ingested.model_dump(mode="json", exclude={"code_sha256"}),
    }


def _lasting(root: Path) -> Iterator[Path]:
    """Objects, manifests, vintages: what never changes once it is there. Records of the last run are compared
    by content.
    """
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") or part == "tmp" for part in path.relative_to(root).parts)
        if path.is_file() and not hidden and path.name not in ("fetched.json", "ingested.json"):
            yield path


def find_store_faults(folder: Path, before: Path) -> list[str]:
    """What is torn or lost in the store."""
    store, faults = _store(folder), []
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
    faults += [f"torn object {p.name}" for p in store.root.glob("objects/sha256/*/*") if _digest(p) != p.name]
    faults += _torn_json(store.root) + _lost(before, folder) + _unlisted(store.root, before / "home" / "real")
    return faults


def _torn_json(root: Path) -> list[str]:
    """Every record under its own name is whole, whatever a reader would forgive."""
    faults = []
    for path in root.rglob("*.json"):
        inside_unfinished = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not inside_unfinished:
            try:
                json.loads(path.read_bytes())
            except ValueError:
                faults.append(f"torn record {path.relative_to(root)}")
    return faults


def _lost(before: Path, folder: Path) -> list[str]:
    """What stood before and does not stand byte for byte."""
    lasting = {p.relative_to(before): p for p in _lasting(_store(before).root)}
    kept = {
        name: p for name, p in lasting.items() if name.parts[2] in ("objects", "snapshots", "observations")
    }
    return [
        f"lost {name}"
        for name, path in kept.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != path.read_bytes()
    ]


def _unlisted(root: Path, before: Path) -> list[str]:
    """Temporary files a stopped process left, which `doctor` would not name."""
    listed = find_leftovers(root)
    temporary = [p for p in root.rglob("*") if p.name.endswith(".tmp") or (p.parent.name == "tmp")]
    return [
        f"not listed by doctor: {p.relative_to(root)}"
        for p in temporary
        if not any(p == found or found in p.parents for found in listed)
        and not (before / p.relative_to(root)).exists()
    ]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---- releases


def _world(folder: Path) -> World:
    patch = pytest.MonkeyPatch()
    fake_gate(patch)
    return open_world(folder, patch)


def _people(folder: Path) -> dict[str, Person]:
    roles = {"Ana": "statistician", "Boris": "secretariat"}
    return {name: Person(name, role, folder / f"key_{name.lower()}") for name, role in roles.items()}


def _new_world(folder: Path) -> World:
    write_dbt_project(folder / "dbt_project")
    for person in _people(folder).values():
        make_person(folder, person.name, person.role)
    world = _world(folder)
    put_vintage(world.store, 1.5, "2026-01-01")
    world.approve_licences()
    return world


def _planned(folder: Path) -> World:
    world, people = _new_world(folder), _people(folder)
    world.plan(
        signatories=[people["Ana"].entry(), people["Boris"].entry()],
        embargo={"local": datetime(2026, 1, 12, 10, 0), "zone": "Europe/Zurich"},
    )
    return world


def _lock(folder: Path) -> None:
    world = _world(folder)
    world.tick(hours=1)
    lock_release(world.ctx, now=world.tick())


def _relocked(folder: Path) -> None:
    """A release built from an older vintage, which a new lock replaces."""
    world = _planned(folder)
    world.lock()
    world.build()
    put_vintage(world.store, 2.5, "2026-01-05", sequence=2)


def _relocked_again(folder: Path) -> None:
    """What was built from the older vintage stands: warehouse, staging and current tables."""
    _relocked(folder)
    _build(folder, value=1.25)
    _lock(folder)


def _prepare(folder: Path) -> None:
    prepare_build(_world(folder).ctx)


def _exported(folder: Path) -> None:
    _relocked_again(folder)
    _prepare(folder)
    _export(folder, 2.5)


def _export(folder: Path, value: float) -> None:
    """What a finished dbt leaves."""
    world = _world(folder)
    export = world.paths.warehouse_dir / "export"
    export_tables(export, value, "on track", world.ctx.illustrative)
    for name in ("dim_area", "fct_observation"):
        pl.DataFrame({"v": [value]}).write_parquet(export / f"{name}.parquet")
    mark_exported(world.ctx)


def _collect(folder: Path) -> None:
    world = _world(folder)
    collect_build(world.ctx, now=world.tick(hours=2))


def _show(folder: Path) -> None:
    export_current(_world(folder).ctx)


def _build(folder: Path, value: float = 2.5) -> None:
    _prepare(folder)
    _export(folder, value)
    _collect(folder)
    _show(folder)


def _built(folder: Path) -> None:
    _planned(folder).lock()
    _build(folder)


def _judge_and_finish(folder: Path) -> None:
    world = _world(folder)
    world.tick(hours=3)
    world.check()
    world.candidate()


def _finished(folder: Path) -> None:
    _built(folder)
    _judge_and_finish(folder)


def _sign(folder: Path) -> None:
    """Both sign, each at a time of their own; who finds the own signature recorded does not sign again."""
    world, people = _world(folder), _people(folder)
    for hours, name in ((4, "Ana"), (5, "Boris")):
        state = load_state(world.paths)
        assert state is not None
        if not any(e.verb == "sign-off" and e.note.startswith(name) for e in state.history):
            world.now = T0 + timedelta(hours=hours)
            world.sign(people[name])


def _signed(folder: Path) -> None:
    _finished(folder)
    _sign(folder)


def _publish(folder: Path) -> None:
    world = _world(folder)
    world.now = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    report = publish_release(world.ctx, now=world.now, execute=True)
    if report.refusals:
        assert report.exit_code == StoreError.exit_code, report.lines()
        raise StoreError(" ".join(report.lines()))


def _describe_release(folder: Path) -> Any:
    paths = _world(folder).paths
    state = load_state(paths)
    assert state is not None
    # The DuckDB file is other bytes each time; so are signatures' times nowhere, because the clock is given.
    described: dict[str, Any] = {"state": state.state, "hashes": state.hashes}
    for name, place in (("staging", paths.staging_dir), ("bundle", paths.bundle_dir)):
        described[name] = hash_folder(place) if place.exists() else None
    mark = paths.warehouse_dir / "input" / "prepared.json"
    described["prepared"] = hash_folder(mark.parent) if mark.exists() else None
    described["published"] = hash_folder(paths.published_dir) if paths.published_dir.exists() else None
    described["current"] = hash_folder(paths.current_dir) if paths.current_dir.exists() else None
    described["latest"] = json.loads(paths.latest_file.read_bytes()) if paths.latest_file.exists() else None
    described["lock"] = load_lock(paths, state).sha256 if paths.lock_file.exists() else None
    return json.loads(json.dumps(described))


def find_release_faults(folder: Path, before: Path) -> list[str]:
    """What is torn or lost of a release and of the store below it."""
    world, faults = _world(folder), []
    paths = world.paths
    try:
        state = load_state(paths)
        if state is not None and state.state not in (State.PLANNED,) and paths.lock_file.exists():
            # A lock that is not the recorded one is refused by every verb; a torn one is a fault.
            json.loads(paths.lock_file.read_bytes())
        chain = read_chain(paths.signoff_file, "2026.1")
        if chain.fault:
            faults.append(chain.fault)
        for vintage in world.store.list_vintages("unsd/alpha"):
            world.store.read_observations("unsd/alpha", vintage.vintage)
    except CircularityError as error:
        faults.append(str(error))
    faults += _published_faults(world) + _current_faults(world)
    faults += _torn_json(world.ctx.root) + _lost(before, folder)
    return faults + _unlisted(world.ctx.root, before / "home" / "real")


def _published_faults(world: World) -> list[str]:
    """A published folder is whole or is not there."""
    folder = world.paths.published_dir
    if not folder.exists():
        return []
    faults = list(verify_sums(folder / "bundle"))
    publication = json.loads((folder / "publication.json").read_bytes())
    if candidate_hash(folder / "bundle") != publication["candidate_sha256"]:
        faults.append("another bundle than the one published")
    missing = {"bundle", "lock.json", "signoff.jsonl", "publication.json"} - {
        p.name for p in folder.iterdir()
    }
    return faults + [f"published without {name}" for name in sorted(missing)]


def _current_faults(world: World) -> list[str]:
    """`current` shows one whole generation or nothing."""
    current = world.paths.current_dir
    if not current.is_symlink():
        return []
    generation = current.resolve()
    if hash_folder(generation)[:16] != generation.name:
        return [f"current shows a torn generation {generation.name}"]
    values = {pl.read_parquet(path)["v"].item() for path in generation.glob("*.parquet")}
    return [] if len(values) == 1 else [f"current mixes {values}"]


def _release(prepare: Any, run: Any) -> Operation:
    return Operation(prepare, run, _describe_release, find_release_faults)


OPERATIONS: dict[str, Operation] = {
    "fetch": Operation(_first_release, _fetch, _describe_store, find_store_faults),
    "ingest": Operation(_fetched, _ingest, _describe_store, find_store_faults),
    "lock": _release(_relocked, _lock),
    "prepare": _release(_relocked_again, _prepare),
    "collect": _release(_exported, _collect),
    "current": _release(_exported, _show),
    "candidate": _release(_built, _judge_and_finish),
    "sign-off": _release(_finished, _sign),
    "publish": _release(_signed, _publish),
}
