"""`circularity doctor`: is this installation, with its state, fit to work?

Belongs here: looking at releases, locks, quotas, disk, rights, clock, settings and packages. Does not belong
here: the store (connectors.inspection), changing anything, the command (cli_doctor.py).
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime

from connectors.budget import Budget
from connectors.config import KEY_VARIABLES
from connectors.disk import free_bytes, require_writable
from connectors.errors import CircularityError, StoreError
from connectors.inspection import Finding, find_running, inspect_store
from connectors.registry import list_datasets
from connectors.store import SPACE_WANTED, Store
from orchestration.alert_settings import AlertSettings
from orchestration.environment import find_changed_packages
from orchestration.freshness import judge_freshness
from orchestration.release.build import EXPORTED_MARK
from orchestration.release.checksums import verify_sums
from orchestration.release.files import folder_size
from orchestration.release.paths import ReleasePaths
from orchestration.release.process_lock import find_owner
from orchestration.workplace import Workplace

_MEGABYTE = 1 << 20
_LOCK_FILES = ("warehouse.lock", "releases/publish.lock", "releases/.*.lock")
_UNFINISHED = (".*.new", ".*.old-*", ".incoming-*")


def examine(place: Workplace) -> list[Finding]:
    """Everything, in the order an engineer asks; one broken part does not hide the others. Writes nothing but
    a probe file in each folder.
    """
    store = place.store()
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _check_rights(store),
        lambda: _check_disk(place),
        lambda: inspect_store(store),
        lambda: find_running(store, place.now),
        lambda: _check_release_locks(place),
        lambda: _check_releases(place),
        lambda: _check_clock(place),
        lambda: _check_freshness(place),
        lambda: _check_quotas(place),
        lambda: _check_settings(),
        lambda: _check_packages(),
    )
    return [finding for look in looks for finding in _look(look)]


def exit_code_of(findings: list[Finding]) -> int:
    """0: fit to work; 1: somebody should look; 5: something on this machine is damaged or in the way."""
    grades = {finding.severity for finding in findings}
    return StoreError.exit_code if "fault" in grades else 1 if "warning" in grades else 0


def _look(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except (CircularityError, OSError) as error:
        return [Finding("machine", "fault", str(error), "Do what the message says, then run doctor again.")]


def _check_rights(store: Store) -> Iterator[Finding]:
    roles = {"objects": "stored bytes", "snapshots": "records of fetches", "observations": "observations"}
    roles |= {"releases": "releases", "warehouse": "dbt's tables"}
    faults = []
    for name, role in roles.items():
        folder = store.root / name
        try:
            require_writable(folder if folder.exists() else store.root, role)
        except StoreError as error:
            faults.append(Finding("rights", "fault", str(error), "Correct the rights. Runbook: O11."))
    yield from faults or [Finding("rights", "ok", f"{store.root} may be written.")]


def _check_disk(place: Workplace) -> Iterator[Finding]:
    free = free_bytes(place.root)
    releases = [p for p in (place.root / "releases").glob("*/candidate") if p.is_dir()]
    needed = max([SPACE_WANTED, *(2 * folder_size(path) for path in releases)])
    said = f"{free // _MEGABYTE:,} MB free, about {needed // _MEGABYTE:,} MB wanted for the next run."
    if free < needed:
        yield Finding("disk", "fault", said, "Free space before the next run. Runbook: O05.")
    else:
        yield Finding("disk", "ok", said)


def _check_release_locks(place: Workplace) -> Iterator[Finding]:
    held = [path for pattern in _LOCK_FILES for path in sorted(place.root.glob(pattern))]
    for path in held:
        owner = find_owner(path)
        if owner is not None:
            yield Finding("locks", "note", owner.describe(place.now))
        else:
            said = f"{path.name} was left by a process that has ended."
            yield Finding("locks", "note", said, "Nothing to do: the next run takes it over. Runbook: O08.")


def _check_releases(place: Workplace) -> Iterator[Finding]:
    for folder in sorted((place.root / "releases" / "published").glob("[!.]*")):
        problems = verify_sums(folder / "bundle")
        if problems:
            said = f"The published release {folder.name} is damaged: {' '.join(problems[:3])}"
            yield Finding("releases", "fault", said, "Restore it from a copy. Runbook: O12.")
    warehouse = ReleasePaths(place.root, "none").warehouse_dir
    if (warehouse / "input").is_dir() and not (warehouse / EXPORTED_MARK).is_file():
        said = "The warehouse is incomplete: a build was killed, or is running."
        yield Finding("releases", "note", said, "Build again; nothing is taken from it. Runbook: O03.")
    folders = (place.root, place.root / ".current", *(place.root / "releases").glob("*"))
    unfinished = [p for folder in folders if folder.is_dir() for u in _UNFINISHED for p in folder.glob(u)]
    for path in sorted(unfinished):
        said = f"{path.relative_to(place.root)} was left half-made by a killed process."
        yield Finding("orphans", "note", said, "While nothing runs it may be deleted. Runbook: O03.")


def _check_clock(place: Workplace) -> Iterator[Finding]:
    store = place.store()
    records = [store.last_fetched(spec.key) for spec in list_datasets()]
    latest = max((record.at for record in records if record), default="")
    if latest and datetime.fromisoformat(latest) > max(place.now, place.source_time):
        said = f"The clock says {place.now:%Y-%m-%d %H:%M} UTC, before the last fetch at {latest}."
        yield Finding(
            "clock", "warning", said, "Set the clock right before anything is signed. Runbook: O09."
        )


def _check_freshness(place: Workplace) -> Iterator[Finding]:
    if place.settings.illustrative:
        return
    store = place.store()
    for spec in list_datasets():
        record = store.last_fetched(spec.key)
        found = judge_freshness(spec, record, store.latest_vintage(spec.key), place.now)
        if record is not None and found.verdict != "fresh":
            said = found.describe(spec)
            yield Finding("freshness", "warning", said, "See whether the schedule runs. Runbook: O15.")


def _check_quotas(place: Workplace) -> Iterator[Finding]:
    for usage in Budget(place.root, lambda: place.now).list_usage():
        said = f"{usage.provider}: {usage.used} used of {usage.limit}"
        if usage.closed_until is not None:
            said += f"; it asked to stay away until {usage.closed_until:%Y-%m-%d %H:%M} UTC"
        is_used_up = usage.closed_until is not None or usage.used >= usage.limit.calls > 1
        if is_used_up:
            yield Finding("quotas", "note", f"{said}.", "Wait; the next refresh goes on. Runbook: T07.")
        else:
            yield Finding("quotas", "ok", f"{said}.")


def _check_settings() -> Iterator[Finding]:
    for provider, name in KEY_VARIABLES.items():
        is_set = bool(os.environ.get(name, "").strip())
        said = f"{name} is {'set' if is_set else 'not set'}."
        step = "" if is_set else f"{provider} answers a few calls a day without a key."
        yield Finding("settings", "ok" if is_set else "note", said, step)
    settings = AlertSettings.from_env()
    if settings.is_empty:
        said = "No alert is sent: neither a webhook nor an address for e-mail is set."
        yield Finding("settings", "note", said, "See 'Be told' in docs/engineers.md.")
    else:
        yield Finding("settings", "ok", f"Alerts go by {' and '.join(settings.ways)}.")


def _check_packages() -> Iterator[Finding]:
    changed = find_changed_packages()
    if changed:
        said = f"{len(changed)} packages are not those of requirements.lock: {'; '.join(changed[:5])}."
        yield Finding("packages", "warning", said, "Run any `make` target. Runbook: O17.")
    else:
        yield Finding("packages", "ok", "The installed packages are those of requirements.lock.")
