"""The acts on one named release as jobs of one step: access, correction, withdrawal, announcement.

Belongs here: calling each verb's pure function with what a person typed into the launchpad. Does not belong
here: any rule of a release; the command line calls the same functions. What makes a release are assets
(assets/release.py); these know release years, so what follows the beginning of a correction is done on the
command line. None of these jobs has a schedule: each is a deliberate act.
"""

import dagster as dg

from orchestration.progress import plain_failures, say
from orchestration.release.access import grant_access, say_access
from orchestration.release.correct import correct_release
from orchestration.release.public.outlet import announce_releases
from orchestration.release.withdraw import withdraw_release
from orchestration.resources import StateResource


class AccessConfig(dg.Config):
    """Which release, and who of the plan's list was given it."""

    release: str
    to: str


class CorrectConfig(dg.Config):
    """The id of the correction, such as 2026.1.1."""

    release: str


class WithdrawConfig(dg.Config):
    """Which release and why; without `execute` nothing changes."""

    release: str
    reason: str
    reason_fr: str = ""
    reason_ru: str = ""
    execute: bool = False


@dg.op(description="Record that somebody of the plan's list was given the signed candidate.")
def access(context: dg.OpExecutionContext, config: AccessConfig, state: StateResource) -> None:
    """Record the access, or refuse."""
    place = state.workplace(context)
    with plain_failures():
        done = grant_access(place.open_release(config.release), to=config.to, now=place.now)
    say(context, f"access: {config.release}: {say_access(done, config.to)}")


@dg.op(
    description="Begin the correction of a published release, from its erratum in three languages. It is "
    "then made, signed and published on the command line: the assets know release years, not corrections."
)
def correct(context: dg.OpExecutionContext, config: CorrectConfig, state: StateResource) -> None:
    """Plan the correction, or refuse."""
    place = state.workplace(context)
    with plain_failures():
        done = correct_release(place.open_release(config.release), now=place.now)
    say(context, f"correct: {config.release}: {done.state}. {done.history[-1].note}")


@dg.op(description="Take a published release back; its addresses say so. A dry run unless `execute`.")
def withdraw(context: dg.OpExecutionContext, config: WithdrawConfig, state: StateResource) -> None:
    """Withdraw, or refuse."""
    place = state.workplace(context)
    reason = {"en": config.reason, "fr": config.reason_fr, "ru": config.reason_ru}
    with plain_failures():
        release = place.open_release(config.release)
        report = withdraw_release(release, now=place.now, reason=reason, execute=config.execute)
    say(context, f"withdraw: {' '.join(report.lines())}")


@dg.op(description="Bring latest, feeds, calendar and notices up to date.")
def announce(context: dg.OpExecutionContext, state: StateResource) -> None:
    """Write what is out of date."""
    place = state.workplace(context)
    with plain_failures():
        report = announce_releases(place.root, now=place.now)
    say(context, f"announce: {' '.join(report.lines())}")


@dg.job(description=access.description)
def record_access() -> None:
    """One step."""
    access()


@dg.job(description=correct.description)
def begin_correction() -> None:
    """One step."""
    correct()


@dg.job(description=withdraw.description)
def withdraw_published() -> None:
    """One step."""
    withdraw()


@dg.job(description=announce.description)
def announce_dates() -> None:
    """One step."""
    announce()


ACTS = [record_access, begin_correction, withdraw_published, announce_dates]
