"""A release made again elsewhere: copying the code, comparing two bundles.

What belongs here: those two. What does not: what is rebuilt from which lock (test_replay.py).
"""

import shutil
from pathlib import Path

from orchestration.release.checksums import candidate_hash


def copy_checkout(source: Path, target: Path) -> Path:
    """The same commit in another folder."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def assert_same_bundle(new: Path, old: Path) -> None:
    """The same files with the same bytes, and so the same candidate hash."""
    names = {path.relative_to(old).as_posix() for path in old.rglob("*") if path.is_file()}
    assert {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()} == names
    assert sorted(name for name in names if (new / name).read_bytes() != (old / name).read_bytes()) == []
    assert candidate_hash(new) == candidate_hash(old)
