"""What several tests of publishing share: how a refusal looks, and a decision file.

What belongs here: those two. What does not: fixtures (conftest.py).
"""

import yaml

from orchestration.release.files import hash_folder
from orchestration.release.publish import publish_release
from tests.release.conftest import World


def assert_refused(world: World, code: int, words: str) -> None:
    """Dry run and execution refuse alike, in plain words, and nothing at all changes."""
    before = hash_folder(world.ctx.root)
    for execute in (False, True):
        report = publish_release(world.ctx, now=world.now, execute=execute)
        said = " ".join(report.lines())
        assert report.exit_code == code, said
        assert words in said
        assert "nothing was changed" in said
    assert hash_folder(world.ctx.root) == before
    assert not world.paths.published_dir.exists()


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
