"""SHA256SUMS: its form, and every way in which a folder can differ from it."""

import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from orchestration.release.checksums import candidate_hash, data_hash, verify_sums, write_sums


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "b.parquet").write_bytes(b"two")
    (folder / "a.csv").write_bytes(b"one")
    write_sums(folder)
    return folder


def test_the_list_has_the_form_of_sha256sum(bundle: Path) -> None:
    lines = (bundle / "SHA256SUMS").read_text()
    assert lines == f"{sha256(b'one').hexdigest()}  a.csv\n{sha256(b'two').hexdigest()}  data/b.parquet\n"
    assert candidate_hash(bundle) == sha256(lines.encode()).hexdigest()
    assert verify_sums(bundle) == []
    assert shutil.which("sha256sum")
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=bundle, check=True, capture_output=True
    )


def _append(bundle: Path, line: str) -> None:
    sums = bundle / "SHA256SUMS"
    sums.write_text(sums.read_text() + line)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda b: (b / "a.csv").write_bytes(b"onE"), "a.csv has changed since SHA256SUMS was written."),
        (lambda b: (b / "a.csv").unlink(), "a.csv is listed in SHA256SUMS and missing."),
        (lambda b: (b / "extra").write_bytes(b""), "extra is not listed in SHA256SUMS."),
        (lambda b: (b / "SHA256SUMS").unlink(), "SHA256SUMS is missing."),
        (lambda b: (b / "link").symlink_to("a.csv"), "link is a link; a bundle holds plain files only."),
        (lambda b: _append(b, "nonsense\n"), "line 3 is not a hash"),
        (lambda b: _append(b, f"{'0' * 64}  ../a.csv\n"), "line 3 is not a hash"),
        (lambda b: _append(b, f"{'0' * 64}  a.csv\n"), "lists a.csv twice"),
    ],
)
def test_every_difference_is_named(bundle: Path, change: Callable[[Path], object], problem: str) -> None:
    change(bundle)
    assert any(problem in found for found in verify_sums(bundle)), verify_sums(bundle)


def test_the_data_hash_depends_on_content_and_not_on_names(tmp_path: Path) -> None:
    for folder, names in (("x", ("a", "b")), ("y", ("c", "d"))):
        (tmp_path / folder).mkdir()
        for name, content in zip(names, (b"1", b"2"), strict=True):
            (tmp_path / folder / f"{name}.parquet").write_bytes(content)
    assert data_hash(tmp_path / "x") == data_hash(tmp_path / "y")
    (tmp_path / "x" / "a.parquet").write_bytes(b"3")
    assert data_hash(tmp_path / "x") != data_hash(tmp_path / "y")
