"""Which code is at work: the git commit and whether the tree has uncommitted changes.

What belongs here: asking git. What does not: what follows from the answer (build.py, publish.py).
"""

import subprocess
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class CodeIdentity(BaseModel):
    """`commit` is None outside a git work tree; such a tree counts as dirty, for nobody can check it out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    commit: str | None
    dirty: bool

    @property
    def key(self) -> str:
        """One text for comparison and display. A dirty tree has no exact identity; it is never published."""
        return (self.commit or "no-commit") + ("+dirty" if self.dirty else "")


def read_code_identity(repository: Path) -> CodeIdentity:
    """Ask git about the work tree at `repository`. Untracked files count as changes; ignored ones do not."""
    commit = _ask_git(repository, "rev-parse", "HEAD")
    changes = _ask_git(repository, "status", "--porcelain", "--untracked-files=normal")
    if commit is None or changes is None:
        return CodeIdentity(commit=None, dirty=True)
    return CodeIdentity(commit=commit, dirty=bool(changes))


def _ask_git(repository: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
