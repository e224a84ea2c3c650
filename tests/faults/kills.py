"""Stop an operation at each of its writes in turn: kill it, cut the power, or fill the disk.

What belongs here: finding the writes, stopping there, comparing with a run nobody stopped. What does not: the
operations and what must hold of their state (kill_operations.py lists them).

`python -m tests.faults.kills HOW FOLDER [OPERATION ...]` prints one JSON document. It is a process of its own
because it forks for every point: forking is quick, and safe only before polars has started its threads.

A write is every event of the interpreter that changes the disk below the root (open for writing, mkdir,
rename, remove, link, chmod), every fsync, and the moments just before and just after polars or pyarrow write
a file. Each is killed by SIGKILL. A cut of the power is harder: what had not been brought to the disk by then
is torn in the middle as well; so each killed state is judged twice, as it is and torn.
"""

from __future__ import annotations

import errno
import gc
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from connectors.errors import CircularityError

KILL, FULL = "kill", "full"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# Event -> where its arguments hold the path that changes, and the folder this is relative to.
_EVENTS = {
    "os.mkdir": (0, 2),
    "os.remove": (0, 1),
    "os.rmdir": (0, 1),
    "os.chmod": (0, 2),
    "os.rename": (1, 3),
    "os.symlink": (1, 2),
    "os.link": (1, 3),
}
# A full disk shows when a file is made, or when what was written to it is brought to the disk.
_NEEDS_ROOM = frozenset({"open", "os.mkdir", "os.symlink", "foreign", "fsync"})


@dataclass(frozen=True)
class Operation:
    """One operation on a folder. `run` is repeatable; `describe` gives what an unstopped run reaches.

    `find_faults(folder, before)` names everything visible in `folder` that is not whole, or was lost since
    `before`.
    """

    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    describe: Callable[[Path], Any]
    find_faults: Callable[[Path, Path], list[str]]


@dataclass
class Stopper:
    """Counts the writes below `root`, and stops at number `at` (never, if that is 0)."""

    root: Path
    at: int
    how: str
    seen: list[str] = field(default_factory=list)
    _is_silent: bool = False
    _is_writing: bool = False
    _on_disk: dict[int, tuple[int, int]] = field(default_factory=dict)

    def install(self) -> None:
        """Watch this process from now on; there is no way back."""
        self._on_disk = {s.st_ino: (s.st_size, s.st_mtime_ns) for s in (p.stat() for p in _files(self.root))}
        sys.addaudithook(self._hear)
        fsync = os.fsync

        def counted(handle: Any) -> None:
            number = handle if isinstance(handle, int) else handle.fileno()
            self._reach("fsync", str(Path(f"/proc/self/fd/{number}").readlink()))
            fsync(number)
            found = os.fstat(number)
            self._on_disk[found.st_ino] = (found.st_size, found.st_mtime_ns)

        os.fsync = counted
        for owner, name in (
            (pl.DataFrame, "write_parquet"),
            (pl.LazyFrame, "sink_parquet"),
            (pq, "write_table"),
        ):
            setattr(owner, name, self._around(getattr(owner, name), owner is pq))

    def leave(self) -> None:
        """Count nothing more."""
        self._is_silent = True

    def _around(self, write: Callable[..., Any], raises_system_errors: bool) -> Callable[..., Any]:
        def around(table: Any, path: Any, *rest: Any, **named: Any) -> Any:
            if self._is_writing:  # polars writes some files through another of its own writers
                return write(table, path, *rest, **named)
            try:
                self._reach("foreign", str(path))
            except OSError as error:
                if raises_system_errors:
                    raise
                raise pl.exceptions.ComputeError(f"{error.strerror} (os error {error.errno})") from None
            self._is_writing = True
            done = write(table, path, *rest, **named)
            self._is_writing = False
            self._reach("written", str(path))
            return done

        return around

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self._is_silent:
            return
        if event == "open":
            path, _, flags = args
            if isinstance(path, (str, bytes, os.PathLike)) and flags & _WRITING:
                self._reach(event, os.fsdecode(path))
        elif event in _EVENTS:
            path, folder = (args[place] for place in _EVENTS[event])
            base = str(Path(f"/proc/self/fd/{folder}").readlink()) if folder >= 0 else ""
            self._reach(event, str(Path(base, os.fsdecode(path))))

    def _reach(self, event: str, path: str) -> None:
        if self._is_silent or not path.startswith(f"{self.root}{os.sep}"):
            return
        self.seen.append(f"{event} {path.removeprefix(str(self.root))}")
        if self.at == 0 or len(self.seen) < self.at:
            return
        if self.how == KILL:
            self._is_silent = True
            _notes(self.root).write_text(json.dumps(self._find_unsynced()))
            os.kill(os.getpid(), signal.SIGKILL)
        if event in _NEEDS_ROOM and not (event == "fsync" and Path(path).is_dir()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    def _find_unsynced(self) -> list[str]:
        found = ((path, path.stat()) for path in _files(self.root))
        return [
            str(path.relative_to(self.root))
            for path, s in found
            if self._on_disk.get(s.st_ino) != (s.st_size, s.st_mtime_ns)
        ]


def _files(root: Path) -> list[Path]:
    return [p for p in root.rglob("*") if p.is_file() and not p.is_symlink()]


def _notes(folder: Path) -> Path:
    """Beside the folder: what a child returned, or which files were not on the disk when it died."""
    return folder.with_name(f"{folder.name}.json")


def in_child(work: Callable[[], Any], folder: Path) -> tuple[int, Any]:
    """Do `work` in a forked process; its wait status, and what it noted (a traceback if it failed)."""
    notes = _notes(folder)
    notes.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        code = 0
        try:
            said = work()
        except BaseException:  # noqa: BLE001 - the parent reports it
            said, code = traceback.format_exc(), 1
        notes.write_text(json.dumps(said))
        os._exit(code)
    status = os.waitpid(pid, 0)[1]
    return status, json.loads(notes.read_text()) if notes.exists() else None


@dataclass
class Trial:
    """One operation, its state before, and what was found so far."""

    operation: Operation
    how: str
    scratch: Path
    seen: list[str] = field(default_factory=list)
    expected: Any = None
    points: int = 0
    messages: set[str] = field(default_factory=set)
    torn: dict[str, list[str]] = field(default_factory=dict)
    judged: dict[str, list[str]] = field(default_factory=dict)

    @property
    def base(self) -> Path:
        """The state before the operation."""
        return self.scratch / "base"

    def begin(self) -> None:
        """Prepare the state, and run the operation once with nobody stopping it."""
        self.base.mkdir(parents=True)
        _must(in_child(lambda: self.operation.prepare(self.base), self.base))
        whole = self._copy(self.base, "whole")
        self.seen, self.expected = _must(in_child(lambda: _run_whole(self.operation, whole), whole))

    def stop_at(self, point: int) -> None:
        """Stop a fresh run at this point and judge what it leaves."""
        self.points += 1
        folder = self._copy(self.base, f"point-{point}")
        status, said = in_child(lambda: _run_stopped(self.operation, self.how, point, folder), folder)
        where = f"{point} {self.seen[point - 1]}"
        if self.how == KILL:
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            if not killed:
                self.torn[where] = [f"was not killed: {status}, {said}"]
                return
            torn = self._copy(folder, f"torn-{point}")
            for name in said:
                os.truncate(torn / name, (torn / name).stat().st_size // 2)
            self._judge(where, folder)
            self._judge(f"{where}, power cut", torn)
        elif status != 0 or said["code"] not in (0, 5):
            self.torn[where] = [f"ended otherwise: {said}"]
        else:
            self.messages.add(re.sub(r"\b[\d,]{5,}\b", "N", said["message"].replace(str(folder), "")))
            self._judge(where, folder)

    def _judge(self, where: str, folder: Path) -> None:
        state = _digest_state(folder)  # two points that leave the very same disk need one judgement
        if state not in self.judged:
            self.judged[state] = _must(in_child(lambda: self._find_faults(folder), folder))
        if self.judged[state]:
            self.torn[where] = self.judged[state]
        else:
            _remove(folder)

    def _find_faults(self, folder: Path) -> list[str]:
        faults = self.operation.find_faults(folder, self.base)
        if faults:
            return faults
        self.operation.run(folder)
        reached = self.operation.describe(folder)
        again = [] if reached == self.expected else [f"the next run reached {reached}, not {self.expected}"]
        return again + self.operation.find_faults(folder, self.base)

    def _copy(self, folder: Path, name: str) -> Path:
        return Path(shutil.copytree(folder, self.scratch / name, symlinks=True))


def try_all(operation: Operation, how: str, scratch: Path) -> dict[str, Any]:
    """Stop `operation` at each point in turn. Gives points, states, torn (faults by point), and messages."""
    trial = Trial(operation, how, scratch)
    trial.begin()
    for point, event in enumerate(trial.seen, start=1):
        # A disk that gets full at an event that needs no room is full at the next one that does.
        if how == KILL or event.split()[0] in _NEEDS_ROOM:
            trial.stop_at(point)
    return {
        "points": trial.points,
        "states": len(trial.judged),
        "torn": trial.torn,
        "messages": sorted(trial.messages),
    }


def _digest_state(folder: Path) -> str:
    """Names, rights and contents of everything below; names by chance and process ids left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = re.sub(r"(?<=/tmp/)tmp\w+|(?<=[.-])\d+(?=\.tmp|$|/)", "N", str(path.relative_to(folder)))
        digest.update(f"{name} {path.lstat().st_mode}\0".encode())
        if path.is_symlink():
            digest.update(os.fsencode(path.readlink()))
        elif path.is_file():
            digest.update(re.sub(rb'"(pid|process_start)": ?"?[^,]*', b"", path.read_bytes()) + b"\0")
    return digest.hexdigest()


def _threads() -> list[str]:
    return [task.joinpath("comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]


def _must(ended: tuple[int, Any]) -> Any:
    if ended[0] != 0:
        raise RuntimeError(ended[1] or f"a child ended with status {ended[0]}")
    return ended[1]


def _run_whole(operation: Operation, folder: Path) -> tuple[list[str], Any]:
    stopper = Stopper(folder, 0, KILL)
    stopper.install()
    operation.run(folder)
    stopper.leave()
    return stopper.seen, operation.describe(folder)


def _run_stopped(operation: Operation, how: str, point: int, folder: Path) -> dict[str, Any]:
    Stopper(folder, point, how).install()
    try:
        operation.run(folder)
    except CircularityError as error:
        return {"code": error.exit_code, "message": str(error)}
    return {"code": 0, "message": ""}


def _remove(folder: Path) -> None:
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir() and not p.is_symlink())]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def main(how: str, folder: str, names: list[str]) -> None:
    """Try these operations, or all, and print what was found."""
    from tests.faults.kill_operations import OPERATIONS

    if busy := [name for name in _threads() if name.startswith("polars-") and name[7:].isdigit()]:
        sys.exit(f"an import started the threads {busy}, and a fork of them hangs: compute nothing while importing")
    gc.freeze()  # what the parent has is not copied by each child's garbage collector
    found = {name: try_all(OPERATIONS[name], how, Path(folder) / name) for name in names or OPERATIONS}
    print(json.dumps(found), flush=True)
    os._exit(0)  # DuckDB has much to say about an interpreter that ends with its types still there


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
