"""Which code is at work: git is asked about this folder and nothing else, and nothing is hidden from it."""

import subprocess
from pathlib import Path

import pytest

from orchestration.release.code_identity import CodeIdentity, read_code_identity


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    done = subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def make_tree(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "code.py").write_text("x = 1\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Tree")
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "tree")


def test_a_committed_tree_is_clean_and_an_edit_makes_it_dirty(tree: Path) -> None:
    commit = git(tree, "rev-parse", "HEAD")
    assert read_code_identity(tree) == CodeIdentity(commit=commit, dirty=False)
    (tree / "code.py").write_text("x = 2\n")
    assert read_code_identity(tree) == CodeIdentity(commit=commit, dirty=True)


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_an_edit_hidden_from_git_makes_it_dirty(tree: Path, flag: str) -> None:
    git(tree, "update-index", flag, "code.py")
    (tree / "code.py").write_text("x = 2\n")
    assert git(tree, "status", "--porcelain") == ""
    assert read_code_identity(tree).dirty


def test_another_repository_named_in_the_environment_does_not_answer(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "code.py").write_text("x = 2\n")
    other = make_tree(tmp_path / "other")
    (other / "code.py").write_text("x = 3\n")
    git(other, "commit", "-q", "-a", "-m", "Other")
    expected = git(tree, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert read_code_identity(tree) == CodeIdentity(commit=expected, dirty=True)


def test_a_folder_inside_another_tree_has_no_identity(tree: Path) -> None:
    inside = tree / "installed"
    inside.mkdir()
    assert read_code_identity(inside) == CodeIdentity(commit=None, dirty=True)


def test_a_folder_without_git_has_no_identity(tmp_path: Path) -> None:
    assert read_code_identity(tmp_path) == CodeIdentity(commit=None, dirty=True)
