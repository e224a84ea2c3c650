"""The verb `lock`: pin everything a build may depend on, after hashing it anew.

What belongs here: choosing vintages, rehashing, writing lock.json. What does not: its fields (lock_model.py).
"""

import csv
import io
from datetime import datetime
from pathlib import Path

import yaml

from connectors.disk import write_atomic
from connectors.errors import CheckError, PolicyError, StoreError, UsageError
from connectors.records import SourceWarning
from connectors.registry import list_datasets
from connectors.spec import DatasetSpec
from connectors.store import Store
from orchestration.release.checksums import hash_file
from orchestration.release.context import REPOSITORY, ReleaseContext
from orchestration.release.correct import require_erratum
from orchestration.release.erratum import Erratum
from orchestration.release.files import remove_folder, sha256_bytes
from orchestration.release.ids import parse_release_id
from orchestration.release.lock_model import Lock, LockedDataset, LockedMethod, read_lock
from orchestration.release.plan import load_plan, plan_sha256
from orchestration.release.plan_model import Plan
from orchestration.release.predecessor import (
    find_bundle,
    list_earlier,
    pin_predecessor,
    read_targets,
    read_vintages,
    require_predecessor,
)
from orchestration.release.process_lock import one_at_a_time
from orchestration.release.signoff_chain import find_unnamed
from orchestration.release.standing import is_withdrawn
from orchestration.release.state import ReleaseState, State, load_state, record, require_state

METHOD_FILE = Path("seeds") / "method_config.csv"
ENVIRONMENT_FILE = REPOSITORY / "requirements.lock"


@one_at_a_time
def lock_release(ctx: ReleaseContext, *, now: datetime, from_lock: Path | None = None) -> ReleaseState:
    """Pin the newest vintages, or exactly what `from_lock` pins, and record the lock.

    The same lock again changes nothing. Another one replaces the unpublished candidate and voids its
    signatures. Raises StoreError (5) if anything pinned is missing or corrupt, PolicyError (3) for a
    published release.
    """
    if from_lock is None:
        current = require_state(ctx, "lock")
        lock = make_lock(ctx, load_plan(ctx))
    else:
        lock, current = _reuse_lock(ctx, from_lock, now)
    verify_pinned(ctx, lock, remake_observations=from_lock is not None)
    content = lock.to_bytes()
    is_written = ctx.paths.lock_file.is_file() and ctx.paths.lock_file.read_bytes() == content
    if is_written and current.hashes.get("lock") == lock.sha256 and not _is_named_at_last(ctx, lock, current):
        if current.state is State.LOCKED:
            _drop_unpublished(ctx)  # again, because a process that was killed may not have come so far
        return current
    write_atomic(ctx.paths.lock_file, content)
    state = record(
        ctx,
        "lock",
        State.LOCKED,
        now=now,
        hashes={"plan": plan_sha256(lock.plan), "lock": lock.sha256, "code": lock.code.key},
        note=_describe(lock),
        wants_consultation=lock.plan.consultation != "none",
    )
    _drop_unpublished(ctx)
    return state


def _is_named_at_last(ctx: ReleaseContext, lock: Lock, current: ReleaseState) -> bool:
    """Whether somebody of the plan now does what somebody unnamed did; the secretariat cannot sign that."""
    was_unnamed = find_unnamed(lock.plan, current.builders())
    return not ctx.illustrative and bool(was_unnamed) and not find_unnamed(lock.plan, [ctx.actor])


def make_lock(ctx: ReleaseContext, plan: Plan) -> Lock:
    """The lock of the newest vintages in the store. Reads hashes as recorded; `verify_pinned` recomputes
    them.
    """
    if plan.predecessor and is_withdrawn(ctx.paths.of(plan.predecessor)):
        raise PolicyError(
            f"The predecessor {plan.predecessor} of {ctx.release_id} was withdrawn. State the last standing "
            "release in the plan."
        )
    store = Store(ctx.root, ctx.illustrative)
    predecessor = pin_predecessor(ctx.paths, plan.predecessor) if plan.predecessor else None
    bundle = find_bundle(ctx.paths, plan.predecessor) if plan.predecessor else None
    targets = read_targets(bundle) if bundle else ()
    before = read_vintages(bundle) if bundle else {}
    datasets = tuple(
        _lock_dataset(store, spec, spec.key in plan.datasets, before.get(spec.key))
        for spec in list_datasets()
    )
    return Lock(
        release=ctx.release_id,
        reference_year=plan.reference_year,
        illustrative=ctx.illustrative or any(d.illustrative for d in datasets),
        plan=plan,
        datasets=datasets,
        predecessor=predecessor,
        erratum=_require_erratum(ctx, plan),
        earlier=tuple(list_earlier(ctx.paths)),
        targets=targets,
        method=read_method(ctx.dbt_project_dir),
        code=ctx.code,
        environment_sha256=hash_file(ENVIRONMENT_FILE),
    )


def _require_erratum(ctx: ReleaseContext, plan: Plan) -> Erratum | None:
    """The erratum of a correction, whose plan has to compare it with what it corrects; none of others.

    Compared with nothing, or with an older release, its gate would not see what it publishes anew.
    """
    if not parse_release_id(ctx.release_id).correction:
        return None
    corrected, erratum = require_erratum(ctx.paths)
    if plan.predecessor != corrected.release:
        raise UsageError(
            f"plan.yaml of {ctx.release_id} names {plan.predecessor or 'no release'} as predecessor, and a "
            f"correction is compared with what it corrects. Write predecessor: '{corrected.release}'."
        )
    return erratum


def read_method(dbt_project_dir: Path) -> LockedMethod:
    """The method configuration as it stands in the dbt project."""
    content = (dbt_project_dir / METHOD_FILE).read_bytes()
    rows = csv.DictReader(io.StringIO(content.decode()))
    versions = [row["value"] for row in rows if row["parameter"] == "method_version"]
    if len(versions) != 1:
        raise CheckError(
            f"{METHOD_FILE.name} must have exactly one row method_version; it has {len(versions)}."
        )
    return LockedMethod(version=versions[0], sha256=sha256_bytes(content), content=content.decode())


def _lock_dataset(store: Store, spec: DatasetSpec, is_planned: bool, before: str | None) -> LockedDataset:
    """The newest vintage of a data set, pinned; `before` is the one the predecessor pins."""
    vintage = store.latest_vintage(spec.key) if is_planned else None
    declared = LockedDataset(
        provider=spec.provider,
        dataset=spec.dataset,
        title=spec.title,
        spec_sha256=spec.spec_sha256,
        licence=spec.licence.name,
        licence_url=spec.licence.url,
        rows_may_appear=spec.licence.rows_may_appear,
        citation=spec.citation,
        row_cap=spec.row_cap,
        is_absent=vintage is None,
        illustrative=store.illustrative,
    )
    if vintage is None:
        reason = "no vintage has been fetched" if is_planned else "not in the plan of this release"
        return declared.model_copy(update={"absence_reason": reason})
    pinned = {name: getattr(vintage, name) for name in _PINNED}
    return declared.model_copy(update={**pinned, "warnings": find_warnings(store, spec.key, before)})


def find_warnings(store: Store, key: str, before: str | None) -> tuple[SourceWarning, ...]:
    """The warnings of every vintage after `before`, each once: none between two releases is passed over."""
    vintages = store.list_vintages(key)
    seen = max((v.sequence for v in vintages if v.vintage == before), default=0)
    told = (warning for v in vintages if v.sequence > seen for warning in v.warnings)
    return tuple(dict.fromkeys(told))


_PINNED = (
    "vintage",
    "producer_date",
    "raw_sha256",
    "content_sha256",
    "observations_sha256",
    "rows",
    "illustrative",
    "parts",
)


def verify_pinned(ctx: ReleaseContext, lock: Lock, *, remake_observations: bool) -> None:
    """Rehash every object and observation file the lock pins. Raises StoreError naming the first fault.

    With `remake_observations` a missing observation file is let through: `build` makes it anew from the
    objects.
    """
    if lock.illustrative != ctx.illustrative:
        raise PolicyError(
            f"The lock of {lock.release} is {'' if lock.illustrative else 'not '}illustrative and this root "
            f"is "
            f"{'' if ctx.illustrative else 'not '}: invented and real figures are never mixed."
        )
    store = Store(ctx.root, ctx.illustrative)
    for pinned in lock.datasets:
        for part in pinned.parts.values():
            if part.sha256 is not None:
                _verify_object(store, pinned, part.sha256)
        if pinned.vintage is not None:
            _verify_observations(store, pinned, remake_observations)
    if lock.predecessor is not None:
        require_predecessor(ctx.paths, lock.predecessor)


def _verify_object(store: Store, pinned: LockedDataset, sha256: str) -> None:
    try:
        store.read_object(sha256)
    except StoreError as error:
        raise StoreError(
            f"{pinned.key}, vintage {pinned.vintage}: {error} The release was not locked."
        ) from error


def _verify_observations(store: Store, pinned: LockedDataset, may_be_missing: bool) -> None:
    path = store.observations_path(pinned.key, pinned.vintage or "")
    if not path.is_file():
        if may_be_missing:
            return
        fault = "is missing"
    elif hash_file(path) != pinned.observations_sha256:
        fault = "is not the file that was recorded"
    else:
        return
    raise StoreError(
        f"{pinned.key}, vintage {pinned.vintage}: the observation file {path.name} {fault}. The release was "
        f"not "
        "locked. Restore the file, or ingest the data set again."
    )


def _reuse_lock(ctx: ReleaseContext, path: Path, now: datetime) -> tuple[Lock, ReleaseState]:
    """The given lock, once this installation can follow it; a plan that is not here is written from it."""
    lock = read_lock(path)
    if lock.release != ctx.release_id:
        raise UsageError(f"{path.name} locks release {lock.release}, not {ctx.release_id}.")
    require_code_of(lock, ctx)
    if read_method(ctx.dbt_project_dir) != lock.method:
        raise CheckError(
            "The method configuration here is not the one the lock holds. Check out the lock's commit."
        )
    if not ctx.paths.plan_file.is_file():
        content = yaml.safe_dump(lock.plan.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        write_atomic(ctx.paths.plan_file, content.encode())
    if load_plan(ctx) != lock.plan:
        raise UsageError(
            f"plan.yaml of {ctx.release_id} differs from the plan inside {path.name}. Correct one."
        )
    if load_state(ctx.paths) is None:
        record(ctx, "plan", State.PLANNED, now=now, hashes={}, note="plan taken from a given lock")
    return lock, require_state(ctx, "lock")


def require_code_of(lock: Lock, ctx: ReleaseContext) -> None:
    """Refuse to work for a lock with other code than it names.

    A lock made in a dirty tree names no exact code; it may be followed by any, and is never published.
    """
    if not lock.code.dirty and lock.code != ctx.code:
        raise PolicyError(
            f"The lock of {lock.release} names commit {lock.code.key[:12]} and this installation is "
            f"{ctx.code.key[:18]}. "
            "Check that commit out to rebuild, or lock again to use this code."
        )


def _describe(lock: Lock) -> str:
    absent = [f"{d.key}: {d.absence_reason}" for d in lock.datasets if d.is_absent]
    parts = [f"{d.key} {n}" for d in lock.datasets for n, p in d.parts.items() if p.status == "absent"]
    present = len(lock.datasets) - len(absent)
    text = f"{present} of {len(lock.datasets)} data sets pinned"
    if absent:
        text += f"; absent: {', '.join(absent)}"
    return text + (f"; parts without data: {', '.join(parts)}" if parts else "")


def _drop_unpublished(ctx: ReleaseContext) -> None:
    """What was built under an older lock is gone; signoff.jsonl stays, its signatures name another hash."""
    for folder in (ctx.paths.staging_dir, ctx.paths.bundle_dir):
        remove_folder(folder)
    for file in (ctx.paths.gate_file, ctx.paths.gate_page):
        file.unlink(missing_ok=True)
