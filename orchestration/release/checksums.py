"""SHA256SUMS of a bundle: write it, check a folder against it.

What belongs here: the checksum list and the candidate hash taken from it.
What does not: the hash of the data tables (expectations/hashes.py, offered here too), signatures.
"""

import re
from pathlib import Path, PurePosixPath

from expectations.hashes import data_hash, hash_file

__all__ = ["SUMS_NAME", "candidate_hash", "data_hash", "hash_file", "read_sums", "verify_sums", "write_sums"]

SUMS_NAME = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def write_sums(bundle_dir: Path) -> str:
    """Write SHA256SUMS over every file below `bundle_dir` but itself; return the candidate hash.

    Format of `sha256sum`: 64 hex digits, two spaces, relative POSIX path; sorted by path, LF.
    """
    names = [name for name in _files_below(bundle_dir) if name != SUMS_NAME]
    lines = [f"{hash_file(bundle_dir / name)}  {name}\n" for name in names]
    (bundle_dir / SUMS_NAME).write_bytes("".join(lines).encode())
    return candidate_hash(bundle_dir)


def candidate_hash(bundle_dir: Path) -> str:
    """SHA-256 of SHA256SUMS: the one value which sign-offs and the publication name."""
    return hash_file(bundle_dir / SUMS_NAME)


def read_sums(bundle_dir: Path) -> tuple[dict[str, str], list[str]]:
    """The listed hashes by relative path, and what is wrong with the list itself."""
    path = bundle_dir / SUMS_NAME
    if not path.is_file():
        return {}, [f"{SUMS_NAME} is missing."]
    listed: dict[str, str] = {}
    problems: list[str] = []
    for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None or not _is_safe(match[2]):
            problems.append(f"{SUMS_NAME} line {number} is not a hash, two spaces and a relative path.")
        elif match[2] in listed:
            problems.append(f"{SUMS_NAME} lists {match[2]} twice.")
        else:
            listed[match[2]] = match[1]
    return listed, problems


def verify_sums(bundle_dir: Path) -> list[str]:
    """Compare the folder with its SHA256SUMS; one sentence a problem, none if all is as signed."""
    listed, problems = read_sums(bundle_dir)
    present = set(_files_below(bundle_dir)) - {SUMS_NAME}
    for name in sorted(listed.keys() | present):
        path = bundle_dir / name
        if path.is_symlink():
            problems.append(f"{name} is a link; a bundle holds plain files only.")
        elif name not in present:
            problems.append(f"{name} is listed in {SUMS_NAME} and missing.")
        elif name not in listed:
            problems.append(f"{name} is not listed in {SUMS_NAME}.")
        elif hash_file(path) != listed[name]:
            problems.append(f"{name} has changed since {SUMS_NAME} was written.")
    return problems


def _files_below(folder: Path) -> list[str]:
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())
    return sorted(names)


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name
