"""The lock of the sample's first release, which pins the sample's first vintages.

Belongs here: this one difference between the sample and real data. Does not belong here: locking
(release/lock.py).

A real release locks what is newest when it is locked. The sample's two releases are often built one after the
other from a store that already holds both vintages; the first one still has to be the state before the
revision.
"""

from datetime import datetime

from connectors.disk import write_atomic
from connectors.store import Store
from orchestration.release.context import ReleaseContext
from orchestration.release.ids import parse_release_id
from orchestration.release.lock import lock_release, make_lock
from orchestration.release.lock_model import LockedDataset
from orchestration.release.plan import load_plan
from orchestration.release.state import ReleaseState, require_state
from orchestration.workplace import FIRST_SAMPLE_YEAR


def lock_newest(ctx: ReleaseContext, *, now: datetime) -> ReleaseState:
    """Lock a release: the newest vintages, or the first ones for the sample's first year."""
    if not ctx.illustrative or parse_release_id(ctx.release_id).year != int(FIRST_SAMPLE_YEAR):
        return lock_release(ctx, now=now)
    require_state(ctx, "lock")
    lock = make_lock(ctx, load_plan(ctx))
    store = Store(ctx.root, ctx.illustrative)
    first = lock.model_copy(update={"datasets": tuple(_pin_first(store, pinned) for pinned in lock.datasets)})
    chosen = ctx.paths.work_dir / "first-vintages.json"
    write_atomic(chosen, first.to_bytes())
    return lock_release(ctx, now=now, from_lock=chosen)


def _pin_first(store: Store, pinned: LockedDataset) -> LockedDataset:
    if pinned.vintage is None:
        return pinned
    vintage = store.list_vintages(pinned.key)[0].model_dump(mode="json")
    fields = {
        name: vintage[name] for name in LockedDataset.model_fields if name in vintage and name != "licence"
    }
    return LockedDataset.model_validate({**pinned.model_dump(mode="json"), **fields})
