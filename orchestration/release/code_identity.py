"""Which code is at work: the git commit and whether the tree has uncommitted changes.

What belongs here: asking git. What does not: what follows from the answer (build.py, publish.py).
"""

import os
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
    """Ask git about the work tree at `repository`. Untracked files count as changes; ignored ones do not.

    The folder must itself be the top of the work tree: inside another project's tree, git would answer for
    that project. A file that git was told not to look at counts as a change, for nobody compared it.
    """
    top = _ask_git(repository, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != repository.resolve():
        return CodeIdentity(commit=None, dirty=True)
    commit = _ask_git(repository, "rev-parse", "HEAD")
    changes = _ask_git(repository, "status", "--porcelain", "--untracked-files=normal")
    flags = _ask_git(repository, "ls-files", "-v")
    if commit is None or changes is None or flags is None:
        return CodeIdentity(commit=None, dirty=True)
    # "h" is assume-unchanged, "S" skip-worktree, "s" both; "H" is a file that git does compare.
    is_hidden = any(line[:1].islower() or line[:1] == "S" for line in flags.splitlines())
    return CodeIdentity(commit=commit, dirty=bool(changes) or is_hidden)


def _ask_git(repository: Path, *arguments: str) -> str | None:
    # GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE and their like would let another repository answer for this one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
