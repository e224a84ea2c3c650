"""Small file helpers the release verbs share.

What belongs here: canonical JSON, atomic writes, the hash of a whole folder, read-only folders.
What does not: checksum lists of a bundle (checksums.py), the snapshot store (connectors).
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connectors.disk import LEFTOVER, disk_errors, sync_folder, sync_tree
from connectors.errors import StoreError
from orchestration.release.checksums import hash_file


def canonical_json(value: Any) -> bytes:
    """`value` as the one JSON text of it: sorted keys, two spaces, UTF-8, LF at the end.

    Raises ValueError on NaN or infinity, which JSON does not have.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)
    return (text + "\n").encode()


def sha256_bytes(content: bytes) -> str:
    """SHA-256 of `content`, as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def fresh_folder(target: Path) -> Iterator[Path]:
    """A new, not yet existing folder beside `target`, to be filled and then put in its place.

    A disk that is full or may not be written becomes a StoreError, and the half-made folder goes away. A
    finished folder is on the disk, with all it holds, before it is put in its place.
    """
    fresh = target.with_name(f".{target.name}.new")
    try:
        with disk_errors(target):
            remove_folder(fresh)
            yield fresh
            sync_tree(fresh)
    except StoreError:
        remove_folder(fresh)
        raise
    except OSError as error:
        remove_folder(fresh)
        raise StoreError(
            f"{target.name} could not be made: {error.strerror or error}. What stood before still stands. "
            "Repeat the command; if it fails again, check the disk."
        ) from error


def replace_folder(new: Path, target: Path) -> None:
    """Put the finished folder `new` at `target`; an older `target` is removed after it was moved aside.

    A crash between the two renames leaves no `target`, which the verbs report as incomplete, never a mixed
    one.
    """
    aside = target.with_name(f".{target.name}.old-{os.getpid()}")
    remove_folder(aside)
    with disk_errors(target):
        if target.exists():
            target.rename(aside)
        new.rename(target)
        sync_folder(target.parent)
    remove_folder(aside)


def remove_folder(folder: Path) -> None:
    """Remove a folder of ours, read-only or not; nothing happens if there is none."""
    if not folder.exists():
        return
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir() and not p.is_symlink())]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def switch_link(link: Path, generation: Path) -> None:
    """Let the symbolic link `link` point to the folder `generation` from one instant to the next."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}{LEFTOVER}")
    with disk_errors(link):
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(os.path.relpath(generation, link.parent))
        temporary.replace(link)
        sync_folder(link.parent)


def make_read_only(folder: Path) -> None:
    """Take the right to write away from every file and folder below `folder`, and from itself."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)


def is_read_only(folder: Path) -> bool:
    """Whether nobody may write to `folder` or anything below it."""
    return not any(path.stat().st_mode & 0o222 for path in [folder, *folder.rglob("*")])


def folder_size(folder: Path) -> int:
    """Bytes of all files below `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def hash_folder(folder: Path) -> str:
    """One digest over relative names and contents of every file below `folder` (order-independent)."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{hash_file(path)}  {path.relative_to(folder).as_posix()}\n".encode())
    return digest.hexdigest()
