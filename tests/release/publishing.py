"""What several tests of publishing share: how a refusal looks, the refusals seen, and a decision file.

What belongs here: those. What does not: fixtures (conftest.py), the table of refusals (refusals.py).
"""

import yaml

from orchestration.release.files import hash_folder
from orchestration.release.publish import publish_release
from orchestration.release.refusals import Refusal
from tests.release.conftest import World

SEEN: list[Refusal] = []
"""Every refusal that a test asked for in this process, in the order of the tests."""


def assert_refused(world: World, point: int, code: int, words: str) -> None:
    """Dry run and execution refuse alike, in plain words, and nothing at all changes.

    `point` is the number in section 5 of the release design under which `words` are said, `code` the exit
    code.
    """
    before = hash_folder(world.ctx.root)
    for execute in (False, True):
        report = publish_release(world.ctx, now=world.now, execute=execute)
        said = report.lines()
        assert report.exit_code == code, said
        told = [refusal for refusal in report.refusals if words in refusal.sentence]
        assert {refusal.check for refusal in told} == {point}, said
        was = "was published before" if report.was_published else "was not published"
        assert f"{was} and nothing was changed" in said[0]
        assert {f"  {refusal.sentence}" for refusal in told} <= set(said)
    assert hash_folder(world.ctx.root) == before
    SEEN.extend(told)


def write_decision(world: World, **fields: object) -> None:
    """An acceptance of G5 in the office's folder, with `fields` changed."""
    decision = {
        "kind": "acceptance",
        "gate": "G5",
        "keys": {"indicator": "A01"},
        "release": "2026.1",
        "reason": "r",
        "reason_code": "source_revision",
        "evidence": "e",
        "author": "Ana",
        "approver": "Boris",
        "date": "2026-01-05",
        "expires": "2026.1",
        "note": {"en": "a", "fr": "b", "ru": "c"},
        **fields,
    }
    folder = world.paths.decisions_dir / "decisions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "g5.yaml").write_text(yaml.safe_dump(decision))
