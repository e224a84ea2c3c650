"""What the tests of corrections and withdrawals share: published releases and an erratum.

What belongs here: those. What does not: fixtures (conftest.py), what a refusal of `publish` looks like
(publishing.py).
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import yaml

from connectors.errors import CircularityError
from orchestration.release.correct import correct_release
from orchestration.release.files import hash_folder
from orchestration.release.publish import publish_release
from tests.release.conftest import Person, World

TEXT = {"en": "A column was shifted.", "fr": "Une colonne était décalée.", "ru": "Столбец был сдвинут."}


def refused(world: World, act: Callable[[], object], kind: type[CircularityError], words: str) -> int:
    """The exit code of a refusal that said `words` and changed nothing at all."""
    before = hash_folder(world.ctx.root)
    with pytest.raises(kind, match=words) as caught:
        act()
    assert hash_folder(world.ctx.root) == before
    return caught.value.exit_code


def publish(world: World) -> World:
    """Publish a signed release at its own time."""
    report = publish_release(world.ctx, now=world.now, execute=True)
    assert report.exit_code == 0, report.lines()
    return world


def write_erratum(world: World, **fields: object) -> None:
    """The erratum of the correction `world`, with `fields` changed."""
    content = {
        "release": world.ctx.release_id,
        "corrects": "2026.1",
        "found": "2026-01-13",
        "reason_code": "our_error",
        "tables": ["rpt_observation"],
        "indicators": ["A01"],
        "pages": [],
        "text": TEXT,
        **fields,
    }
    world.paths.decisions_dir.mkdir(parents=True, exist_ok=True)
    world.paths.erratum_file.write_text(yaml.safe_dump(content, allow_unicode=True))


def complete_plan(world: World, day: int) -> None:
    """State the embargo in a correction's plan, as a person would; the clock goes to that morning."""
    plan = yaml.safe_load(world.paths.plan_file.read_text())
    plan["embargo"] = {"local": datetime(2026, 1, day, 10, 0), "zone": "UTC"}
    world.paths.plan_file.write_text(yaml.safe_dump(plan, sort_keys=False))


def publish_correction(world: World, people: dict[str, Person], day: int, **fields: object) -> World:
    """The correction `world`, from its erratum to its publication on a January day."""
    world.now = datetime(2026, 1, day, 8, 0, tzinfo=world.now.tzinfo)
    write_erratum(world, **fields)
    world.approve_licences()
    correct_release(world.ctx, now=world.tick())
    complete_plan(world, day)
    world.lock()
    world.build(value=1.75)
    world.check()
    world.candidate()
    world.sign(people["Ana"])
    world.sign(people["Boris"])
    world.now += timedelta(hours=3)
    return publish(world)
