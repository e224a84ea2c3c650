"""Writing to this machine's disk so that nothing half-made is ever seen, also after a power cut.

What belongs here: atomic files, durable folders, free space, disk trouble in plain words. What does not: what
is written, and where (store.py, orchestration.release).

A file appears under its name complete or not at all: temporary name, content to the disk, rename, folder to
the disk. A name lasts only once its folder is on the disk too.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.errors import StoreError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)
LEFTOVER = ".tmp"
"""How the name of every temporary file ends: `circularity doctor` can tell what a killed process left."""


def write_atomic(path: Path, content: bytes) -> None:
    """Write `content` so that a reader sees the old file or the whole new one. Raises StoreError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}{LEFTOVER}")
    with disk_errors(path, len(content)):
        make_folder(path.parent)
        try:
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def move_into_place(path: Path, target: Path) -> None:
    """Give the finished file `path` its name `target`, content first, name second. Raises StoreError."""
    with disk_errors(target):
        make_folder(target.parent)
        sync_file(path)
        path.replace(target)
        sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each of them lasting."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_file(path: Path) -> None:
    """Bring the content of a file to the disk, whoever wrote it."""
    with path.open("rb") as body:
        os.fsync(body.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, so that a rename survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Bring every file below `folder`, and all their names, to the disk before the folder is shown."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            sync_folder(path)
        elif path.is_file():
            sync_file(path)
    sync_folder(folder)


def free_bytes(folder: Path) -> int:
    """Bytes free where `folder` is or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def require_space(folder: Path, needed: int, what: str) -> None:
    """Raise StoreError, before anything is written, if `needed` bytes are not free."""
    free = free_bytes(folder)
    if free < needed:
        raise StoreError(
            f"The disk of {folder} has {free:,} bytes free and {what} needs about {needed:,}. "
            "Nothing was done; free space and try again. Runbook: O05."
        )


def require_writable(folder: Path, role: str) -> None:
    """Raise StoreError, before anything is done, if `folder`, the place of `role`, cannot be written.

    It is tried, not asked: permissions alone do not show a read-only disk.
    """
    probe = folder / f".probe.{os.getpid()}{LEFTOVER}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno in _FULL:
            raise StoreError(_full(folder, 0)) from None
        raise StoreError(
            f"The folder of {role}, {folder}, may not be written by user {os.geteuid()} "
            f"({_permission(folder)}; {error.strerror}). Nothing was done; give this user the right to write "
            "there, then try again. Runbook: O11."
        ) from None


@contextmanager
def disk_errors(where: Path, needed: int = 0) -> Iterator[None]:
    """Turn 'disk full' and 'read-only' into plain sentences; what was visible before stays as it was.

    `needed` is how many bytes were to be written, if that is known.
    """
    try:
        yield
    except Exception as error:
        number = _errno(error)
        if number in _FULL:
            raise StoreError(_full(where, needed)) from None
        if number in _FORBIDDEN:
            raise StoreError(
                f"{where} may not be written ({_permission(where)}). What stood before still stands; check "
                "the permissions of the folder, then try again. Runbook: O11."
            ) from None
        raise


def _errno(error: Exception) -> int | None:
    """The system's number of a fault. Whoever writes on our behalf may give it in words only."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    if type(error).__module__.split(".")[0] not in ("polars", "duckdb", "_duckdb", "shutil"):
        return None
    text = str(error)
    return next((number for number in (*_FULL, *_FORBIDDEN) if os.strerror(number) in text), None)


def _full(where: Path, needed: int) -> str:
    free = f"{free_bytes(where.parent):,}"
    room = (
        f"{needed:,} bytes were needed and {free} are free" if needed else f"{free} bytes are free, too few"
    )
    return (
        f"The disk is full: {where} was not written; {room}. "
        "What stood before still stands; free space, then try again. Runbook: O05."
    )


def _permission(path: Path) -> str:
    """The rights of the nearest thing that exists, as `ls` shows them."""
    while not path.exists():
        path = path.parent
    status = path.stat()
    return f"rights {oct(status.st_mode & 0o7777)[2:]}, owner {status.st_uid}"
