"""A release made again elsewhere: copying the code, comparing two bundles.

What belongs here: those two. What does not: what is rebuilt from which lock (test_replay.py).
"""

import shutil
from pathlib import Path

import duckdb

DATABASE = "circularity.duckdb"


def copy_checkout(source: Path, target: Path) -> Path:
    """The same commit in another folder."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def assert_same_bundle(new: Path, old: Path) -> None:
    """The same files with the same bytes; of the database file the same tables, of its checksum another
    line.
    """
    names = {path.relative_to(old).as_posix() for path in old.rglob("*") if path.is_file()}
    assert {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()} == names
    other = {name for name in names if (new / name).read_bytes() != (old / name).read_bytes()}
    assert other <= {DATABASE, "SHA256SUMS"}
    sums = [(folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines() for folder in (new, old)]
    assert {line.split("  ")[1] for line in set(sums[0]) ^ set(sums[1])} <= {DATABASE}
    assert read_tables(new / DATABASE) == read_tables(old / DATABASE)


def read_tables(database: Path) -> dict[str, list[tuple]]:
    """Every table and view of a database file, in an order of its own rows."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute("select table_name from information_schema.tables order by 1").fetchall()
        return {
            name: connection.execute(f'select * from "{name}" order by all').fetchall() for (name,) in names
        }
