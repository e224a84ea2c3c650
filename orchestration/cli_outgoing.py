"""`circularity release …`: the verbs about people outside and about what is already out.

Belongs here: consult, access, correct, withdraw and announce. Does not belong here: the verbs that make and
publish a release (cli_release.py), any rule of a release (orchestration.release).
"""

from typing import Annotated

import typer

from orchestration.cli_output import show, write_json
from orchestration.cli_release import Id, Json, open_workplace, tell_state
from orchestration.release.access import grant_access, say_access
from orchestration.release.consult import consult_release
from orchestration.release.correct import correct_release
from orchestration.release.public.outlet import announce_releases
from orchestration.release.withdraw import withdraw_release


def consult(release: Id, json: Json = False) -> int:
    """Write a review sheet for each member State, and say which of their comments wait for an answer."""
    place = open_workplace()
    report = consult_release(place.open_release(release), now=place.now)
    if json:
        write_json(report.model_dump(mode="json"))
    else:
        for line in report.lines():
            show(line)
    return 0


def access(
    release: Id,
    to: Annotated[str, typer.Option(help="Who was given the candidate, as in the plan's list.")],
    json: Json = False,
) -> int:
    """Record that somebody of the plan's list was given the signed candidate before the embargo."""
    place = open_workplace()
    done = grant_access(place.open_release(release), to=to, now=place.now)
    return tell_state(done, json, say_access(done, to))


def correct(release: Id, json: Json = False) -> int:
    """Begin the correction ID (2026.1.1) of a published release, from its erratum in three languages."""
    place = open_workplace()
    return tell_state(correct_release(place.open_release(release), now=place.now), json)


def withdraw(
    release: Id,
    reason: Annotated[str, typer.Option(help="Why, for readers, in English.")] = "",
    reason_fr: Annotated[str, typer.Option(help="The same in French.")] = "",
    reason_ru: Annotated[str, typer.Option(help="The same in Russian.")] = "",
    execute: Annotated[
        bool, typer.Option("--execute", help="Really withdraw; without it nothing changes.")
    ] = False,
    json: Json = False,
) -> int:
    """Take a published release back; its addresses say so. A dry run unless --execute."""
    place = open_workplace()
    said = {"en": reason, "fr": reason_fr, "ru": reason_ru}
    report = withdraw_release(place.open_release(release), now=place.now, reason=said, execute=execute)
    if json:
        write_json(report.model_dump(mode="json"))
    else:
        for line in report.lines():
            show(line)
    return 0


def announce(json: Json = False) -> int:
    """Bring latest, feeds, calendar and notices up to date; publish and withdraw do it by themselves."""
    place = open_workplace()
    report = announce_releases(place.root, now=place.now)
    if json:
        write_json(report.model_dump(mode="json"))
    else:
        for line in report.lines():
            show(line)
    return 0


VERBS = (consult, access, correct, withdraw, announce)
"""To be registered beside those of cli_release.py, in this order."""
