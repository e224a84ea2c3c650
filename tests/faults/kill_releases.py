"""The verbs of a release, stopped at each of their writes, and what must hold of the release then.

What belongs here: a small world, running them, judging what is visible. What does not: stopping them
(kills.py). All figures are invented.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.errors import CircularityError, StoreError
from orchestration.release.build import collect_build, export_current, mark_exported, prepare_build
from orchestration.release.checksums import candidate_hash, verify_sums
from orchestration.release.files import hash_folder
from orchestration.release.lock import lock_release
from orchestration.release.lock_model import load_lock
from orchestration.release.publish import publish_release
from orchestration.release.signoff_chain import read_chain
from orchestration.release.state import State, load_state
from tests.faults.kill_state import find_lost, find_torn_json, find_unlisted
from tests.faults.kills import Operation
from tests.release.conftest import T0, Person, World, fake_gate, make_person, open_world, put_vintage
from tests.release.invented import export_tables, write_dbt_project


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
    faults += find_torn_json(world.ctx.root) + find_lost(before, folder)
    return faults + find_unlisted(world.ctx.root, before / "home" / "real")


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


RELEASE_OPERATIONS = {
    "lock": _release(_relocked, _lock),
    "prepare": _release(_relocked_again, _prepare),
    "collect": _release(_exported, _collect),
    "current": _release(_exported, _show),
    "candidate": _release(_built, _judge_and_finish),
    "sign-off": _release(_finished, _sign),
    "publish": _release(_signed, _publish),
}
