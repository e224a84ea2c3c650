"""The verb `plan`: what the release will be, written down before anything is built.

What belongs here: writing the first plan, checking a plan against what is declared.
What does not: the plan's fields (plan_model.py).
"""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import yaml

import connectors
from connectors.disk import write_atomic
from connectors.errors import PolicyError, UsageError
from connectors.registry import list_datasets
from connectors.spec import DatasetSpec
from orchestration.release.context import ReleaseContext, require_utc
from orchestration.release.decisions import DecisionSet, load_decisions
from orchestration.release.files import canonical_json, sha256_bytes
from orchestration.release.ids import ReleaseId, parse_release_id
from orchestration.release.paths import ReleasePaths
from orchestration.release.plan_model import HOUSE, Plan, read_plan
from orchestration.release.process_lock import one_at_a_time
from orchestration.release.schema import load_schemas
from orchestration.release.standing import read_record
from orchestration.release.state import ReleaseState, State, load_state, record, refuse_if_published
from orchestration.release.wording import LANGUAGES, say

SAMPLE_DECISIONS = Path(connectors.__file__).parent / "sample" / "decisions"


@one_at_a_time
def plan_release(ctx: ReleaseContext, *, now: datetime, reference_year: int | None = None) -> ReleaseState:
    """Check the plan of a release, after writing a first one if there is none, and record it.

    A first plan of illustrative data is copied from the sample; of real data, it holds all that is declared,
    no embargo and no signatories, and the newest earlier published release as predecessor. A release that has
    come further keeps its state; the lock notices a changed plan. Raises PolicyError if the licence of a
    source was refused (one nobody has judged yet is noted; `publish` needs it), UsageError if the plan names
    what does not exist.
    """
    refuse_if_published(ctx.paths, "plan")
    if parse_release_id(ctx.release_id).correction and load_state(ctx.paths) is None:
        raise UsageError(
            f"{ctx.release_id} is a correction. Begin it with: circularity release correct {ctx.release_id}"
        )
    if not ctx.paths.plan_file.is_file():
        _write_first_plan(ctx, require_utc(now), reference_year)
    plan = load_plan(ctx)
    digest = plan_sha256(plan)
    current = load_state(ctx.paths)
    if current is not None and (current.state is not State.PLANNED or current.hashes.get("plan") == digest):
        return current
    missing = find_unapproved(plan, load_decisions(ctx.paths))
    note = f"licence approval still missing for {', '.join(missing)}: publish needs it" if missing else ""
    return record(ctx, "plan", State.PLANNED, now=now, hashes={"plan": digest}, note=note)


def load_plan(ctx: ReleaseContext) -> Plan:
    """The plan of a release, filled and checked as `fill_plan` says."""
    return fill_plan(ctx.paths, ctx.dbt_project_dir)


def fill_plan(paths: ReleasePaths, dbt_project_dir: Path) -> Plan:
    """The plan with its empty lists filled from the declarations, checked. Raises UsageError, PolicyError."""
    plan = read_plan(paths.plan_file)
    if plan.release != paths.release_id:
        raise UsageError(
            f"plan.yaml of {paths.release_id} says release: {plan.release}. Correct one of them."
        )
    specs = list_datasets()
    schemas = load_schemas(dbt_project_dir)
    _refuse_unknown("datasets", plan.datasets, [spec.key for spec in specs])
    _refuse_unknown("tables", plan.tables, list(schemas))
    full = plan.model_copy(
        update={
            "datasets": plan.datasets or tuple(spec.key for spec in specs),
            "tables": plan.tables or tuple(schemas),
        }
    )
    _refuse_unlicensed([s for s in specs if s.key in full.datasets], load_decisions(paths))
    return full


def plan_sha256(plan: Plan) -> str:
    """Hash of the plan's content, whatever its YAML looks like."""
    return sha256_bytes(canonical_json(plan.model_dump(mode="json")))


def _refuse_unknown(field: str, planned: Sequence[str], known: Sequence[str]) -> None:
    unknown = sorted(set(planned) - set(known))
    if unknown:
        raise UsageError(
            f"plan.yaml: {field} names {', '.join(unknown)}, which this installation does not declare. "
            f"Declared are: {', '.join(known)}."
        )


def _refuse_unlicensed(specs: Sequence[DatasetSpec], decided: DecisionSet) -> None:
    """Refuse a data set whose terms the office read and did not approve."""
    refused = [
        f"{s.key} ({s.owner})"
        for s in specs
        if s.key in decided.licences and not decided.licences[s.key].approved
    ]
    if refused:
        raise PolicyError(
            f"licences.yaml does not approve the licence of {', '.join(refused)}. Leave them out of the "
            f"plan, or "
            "record an approval."
        )


def find_unapproved(plan: Plan, decided: DecisionSet) -> list[str]:
    """Planned data sets whose licence nobody approved yet: they may be prepared, but not published."""
    return [key for key in plan.datasets if key not in decided.licences or not decided.licences[key].approved]


def _write_first_plan(ctx: ReleaseContext, now: datetime, reference_year: int | None) -> None:
    shipped = SAMPLE_DECISIONS / ctx.release_id
    if ctx.illustrative:
        if not (shipped / "plan.yaml").is_file():
            known = ", ".join(sorted(p.name for p in SAMPLE_DECISIONS.iterdir() if p.is_dir()))
            raise UsageError(f"The sample ships no plan for {ctx.release_id}; it has {known}.")
        shutil.copytree(shipped, ctx.paths.decisions_dir, dirs_exist_ok=True)
        return
    own = parse_release_id(ctx.release_id)
    before = newest_published_before(ctx, own)
    content = {
        "release": ctx.release_id,
        "reference_year": reference_year or own.year,
        "predecessor": before,
        "date": now.date(),
        "title": {language: say("workbook", "title", language) for language in LANGUAGES},
        "datasets": [],
        "indicators": [],
        "tables": [],
        "languages": list(LANGUAGES),
        "embargo": None,
        "calendar": None,
        "address": None,
        "contact": HOUSE,
        "signatories": [],
        "pre_release_access": [],
        "consultation": "member_states",
        "maps": "none",
    }
    text = _PLAN_HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    write_atomic(ctx.paths.plan_file, text.encode())


_PLAN_HEAD = """\
# Plan of a release. Empty datasets, indicators and tables mean: all that are declared.
# Before anyone can sign or publish, state the embargo and two signatories (consultation: none leaves out the
# review of their own figures by the member States):
#   embargo: {local: 2026-03-02T10:00:00, zone: Europe/Zurich}
#   signatories:
#   - {name: Their Name, role: statistician, principal: their@example.org, public_key: ssh-ed25519 AAAA}
#   - {name: Other Name, role: secretariat, principal: other@example.org, public_key: ssh-ed25519 AAAA}
# Every page states where it stands for good, and whom to ask:
#   address: https://example.org/circularity
#   contact: statistics@example.org
# Maps are drawn once the United Nations office for maps has cleared them; none leaves them out:
#   maps: {reference: its reference, date: 2026-02-01}
"""


def newest_published_before(ctx: ReleaseContext, own: ReleaseId) -> str | None:
    """The newest release with an earlier id that is published and stands."""
    releases = read_record(ctx.paths).releases
    earlier = [one.key for one in releases if one.withdrawal is None and one.key < own]
    return str(max(earlier)) if earlier else None
