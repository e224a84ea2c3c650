"""SHA-256 of files and of a set of release tables.

What belongs here: the two digests which the gate report and the bundle share.
What does not: the checksum list of a bundle (orchestration/release/checksums.py), signatures.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

_BLOCK = 1 << 20


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def hash_of_hashes(hashes: Iterable[str]) -> str:
    """SHA-256 over the sorted hex digests, one a line: independent of file names and of their order."""
    return hashlib.sha256("".join(f"{value}\n" for value in sorted(hashes)).encode()).hexdigest()


def data_hash(data_dir: Path) -> str:
    """The release's data hash: a digest over the sorted hashes of the Parquet files in `data_dir`."""
    return hash_of_hashes(hash_file(path) for path in data_dir.glob("*.parquet"))
