"""Which code reads the bytes: one hash over this package, so that new code reads old snapshots again.

What belongs here: that hash. What does not: the commit of a release (orchestration.release.code_identity).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).parent
_KINDS = ("*.py", "reference/*.csv", "corrections/*.yaml")


@lru_cache(maxsize=1)
def code_sha256() -> str:
    """Hash of the names and contents of the modules, reference tables and corrections of this package."""
    digest = hashlib.sha256()
    for path in sorted(path for kind in _KINDS for path in _PACKAGE.rglob(kind)):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\x00")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
