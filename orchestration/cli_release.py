"""`circularity release VERB ID`: the verbs of a release.

Belongs here: arguments, calling each verb's function, saying what it did and what comes next. Does not belong
here: any rule of a release (orchestration.release), which the Dagster assets call in the same way.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from connectors.config import SourceSettings
from orchestration.cli_output import leave, show, write_json
from orchestration.release.build import build_release
from orchestration.release.candidate import build_candidate
from orchestration.release.check import check_release
from orchestration.release.diff import diff_releases
from orchestration.release.listing import list_releases, show_release
from orchestration.release.lock import lock_release
from orchestration.release.plan import plan_release
from orchestration.release.publish import publish_release
from orchestration.release.signoff import sign_off as add_sign_off
from orchestration.release.state import ReleaseState
from orchestration.release.verify import verify_bundle
from orchestration.sample_lock import lock_newest
from orchestration.workplace import Workplace

release_app = typer.Typer(help="The verbs of a release.", no_args_is_help=True, result_callback=leave)

Id = Annotated[str, typer.Argument(metavar="ID", help="2026.1, or sample-2026.1 for the illustrative data.")]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON document instead of sentences.")]


def open_workplace() -> Workplace:
    """The workplace of a verb, at the time it was called."""
    return Workplace(SourceSettings.from_env(), now=datetime.now(UTC))


def tell_state(state: ReleaseState, json: bool, note: str | None = None) -> int:
    """Say where the release stands now, what was noted and which verb comes next.

    Noted is what the last event says, unless `note` does.
    """
    if json:
        write_json(state.model_dump(mode="json"))
        return 0
    if note is None:
        note = state.history[-1].note if state.history else ""
    show(f"{state.release}: {state.state}." + (f" {note}." if note else ""))
    if state.next_step:
        show(f"Next: circularity release {state.next_step} {state.release}")
    return 0


@release_app.command()
def plan(
    release: Id,
    reference_year: Annotated[
        int | None, typer.Option(help="The year progress is judged in; the id's if none.")
    ] = None,
    json: Json = False,
) -> int:
    """Write the first plan if there is none, and check it."""
    place = open_workplace()
    done = plan_release(place.open_release(release), now=place.now, reference_year=reference_year)
    return tell_state(done, json)


@release_app.command()
def lock(
    release: Id,
    from_lock: Annotated[
        Path | None, typer.Option("--from", help="The lock.json of a release to rebuild.")
    ] = None,
    json: Json = False,
) -> int:
    """Pin one vintage a data set, the predecessor, targets, method and code."""
    place = open_workplace()
    context = place.open_release(release)
    if from_lock is None:
        return tell_state(lock_newest(context, now=place.now), json)
    return tell_state(lock_release(context, now=place.now, from_lock=from_lock), json)


@release_app.command()
def build(release: Id, json: Json = False) -> int:
    """Build the data files from the lock alone, without network."""
    place = open_workplace()
    context = place.open_release(release)
    done = build_release(context, now=place.now, say=_silent if json else show)
    return tell_state(done, json)


def _silent(_: str) -> None:
    """Say nothing: standard output belongs to the JSON document."""


@release_app.command()
def check(release: Id, json: Json = False) -> int:
    """Judge the data by the publication rules; a red gate lists every reason and exits 1."""
    place = open_workplace()
    context = place.open_release(release)
    report = check_release(context, now=place.now)
    if json:
        write_json(report.model_dump(mode="json"))
    else:
        show(f"{release}: the gate is {report.verdict}. Report: {context.paths.gate_page}")
        for reason in report.reasons():
            show(f"  {reason}")
        for used in report.decisions:
            decision = used.decision
            show(f"  {decision.kind} {decision.file} ({used.findings} findings): {decision.reason}")
    return 0 if report.verdict == "green" else 1


@release_app.command()
def candidate(release: Id, json: Json = False) -> int:
    """Make every format of the bundle and check the finished files."""
    place = open_workplace()
    return tell_state(build_candidate(place.open_release(release), now=place.now), json)


@release_app.command(name="sign-off")
def sign_off(
    release: Id,
    role: Annotated[str, typer.Option(help="statistician or secretariat")],
    name: Annotated[str, typer.Option(help="Your name as in the plan.")],
    key: Annotated[Path, typer.Option(help="Your own private SSH key.")],
    refuse: Annotated[
        bool, typer.Option("--refuse", help="Record a refusal instead of an approval.")
    ] = False,
    note: Annotated[str, typer.Option(help="A sentence kept with the signature.")] = "",
    json: Json = False,
) -> int:
    """Sign the candidate with your own key; two different people have to."""
    place = open_workplace()
    done = add_sign_off(
        place.open_release(release),
        role=role,
        name=name,
        key=key,
        now=place.now,
        decision="refuse" if refuse else "approve",
        note=note,
    )
    return tell_state(done, json)


@release_app.command()
def publish(
    release: Id,
    execute: Annotated[
        bool, typer.Option("--execute", help="Really publish; without it nothing changes.")
    ] = False,
    json: Json = False,
) -> int:
    """Verify everything again and publish; a dry run unless --execute, with the same exit codes."""
    place = open_workplace()
    report = publish_release(place.open_release(release), now=place.now, execute=execute)
    if json:
        write_json(report.model_dump(mode="json"))
    else:
        for line in report.lines():
            show(line)
    return report.exit_code


@release_app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="A downloaded or published bundle.")],
    allowed_signers: Annotated[
        Path | None, typer.Option(help="The office's allowed-signers file, got from it by another way.")
    ] = None,
    json: Json = False,
) -> int:
    """Check a bundle offline, without our store."""
    report = verify_bundle(path, allowed_signers=allowed_signers)
    if json:
        write_json(report.model_dump(mode="json"))
    else:
        for line in report.lines():
            show(line)
    return report.exit_code


@release_app.command(name="list")
def list_all(json: Json = False) -> int:
    """Every release of this state root and how far it has come."""
    found = list_releases(open_workplace().root)
    if json:
        write_json([entry.model_dump(mode="json") for entry in found])
    else:
        show(
            "\n".join(entry.line() for entry in found)
            or "There is no release yet. Start with: circularity run --year 2026"
        )
    return 0


@release_app.command(name="show")
def show_one(release: Id, json: Json = False) -> int:
    """One release: state, hashes, history, decisions, files."""
    shown = show_release(open_workplace().open_release(release).paths)
    if json:
        write_json(shown.model_dump(mode="json"))
    else:
        for line in shown.lines():
            show(line)
    return 0


@release_app.command()
def diff(
    release: Id,
    previous: Annotated[str, typer.Argument(metavar="PREVIOUS", help="The older release.")],
    json: Json = False,
) -> int:
    """Compare two releases: values, flags and statuses; exits 1 if a large revision has no reason."""
    found = diff_releases(open_workplace().root, release, previous)
    if json:
        write_json(found.to_json())
    else:
        for line in found.lines():
            show(line)
    return found.exit_code
