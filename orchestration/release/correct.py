"""The verb `correct`: begin the correction of a published release.

What belongs here: the conditions and the first plan of a correction. What does not: the erratum's fields
(erratum.py), building, signing and publishing it, which are the verbs of every release.
"""

from datetime import datetime

import yaml

from connectors.disk import write_atomic
from connectors.errors import PolicyError, UsageError
from orchestration.release.context import ReleaseContext, require_utc
from orchestration.release.erratum import Erratum, read_erratum, require_fitting
from orchestration.release.ids import parse_release_id
from orchestration.release.paths import ReleasePaths
from orchestration.release.plan import load_plan, plan_sha256
from orchestration.release.process_lock import one_at_a_time
from orchestration.release.standing import Published, find_corrected
from orchestration.release.state import ReleaseState, State, load_state, record, refuse_if_published


@one_at_a_time
def correct_release(ctx: ReleaseContext, *, now: datetime) -> ReleaseState:
    """Plan the correction `ctx` of the newest standing release of its year and number.

    Its first plan is that of the corrected release, with that release as predecessor and without an embargo,
    which a person has to state. A correction that has come further keeps its state; it is built, signed and
    published like any release. Raises UsageError for an id that is no correction or an erratum that names
    what is not there, PolicyError if nothing is published to be corrected or a language is missing.
    """
    if not parse_release_id(ctx.release_id).correction:
        raise UsageError(f"{ctx.release_id} is not the id of a correction. Write {ctx.release_id}.1.")
    refuse_if_published(ctx.paths, "correct")
    corrected, erratum = require_erratum(ctx.paths)
    if not ctx.paths.plan_file.is_file():
        _write_plan(ctx, corrected, require_utc(now))
    digest = plan_sha256(load_plan(ctx))
    current = load_state(ctx.paths)
    if current is not None and (current.state is not State.PLANNED or current.hashes.get("plan") == digest):
        return current
    note = f"corrects {corrected.release}, {erratum.reason_code}; state the embargo in the plan"
    return record(ctx, "correct", State.PLANNED, now=now, hashes={"plan": digest}, note=note)


def require_erratum(paths: ReleasePaths) -> tuple[Published, Erratum]:
    """What a correction corrects, and its erratum, once both fit. Raises PolicyError or UsageError."""
    corrected = find_corrected(paths)
    if corrected is None:
        own = parse_release_id(paths.release_id)
        raise PolicyError(
            f"No release {own.year}.{own.number} is published and stands: there is nothing to correct. "
            "Whoever replaces a withdrawn release plans a new one."
        )
    erratum = read_erratum(paths.erratum_file)
    require_fitting(erratum, paths.release_id, corrected.release, corrected.paths.published_dir / "bundle")
    return corrected, erratum


def _write_plan(ctx: ReleaseContext, corrected: Published, now: datetime) -> None:
    before = corrected.lock.plan
    plan = before.model_copy(
        update={
            "release": ctx.release_id,
            "predecessor": corrected.release,
            "date": now.date(),
            "embargo": None,
        }
    )
    text = yaml.safe_dump(plan.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    write_atomic(ctx.paths.plan_file, text.encode())
