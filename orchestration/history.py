"""Dagster's own history of runs, written without waiting for the disk.

Belongs here: how its SQLite files are opened. Does not belong here: anything a release relies on, which is
synced by its own rules (connectors.disk) and never read from this history.

One run writes thousands of events, each in a transaction of its own that waits for the disk: a minute
before the first step and more on the way. A process that is killed loses nothing by not waiting. After a
power cut the history may be lost; runs can then be recorded again once `dagster/history` below the state
root is removed (docs/decisions/0018).
"""

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def write_without_waiting() -> None:
    """Let every SQLite file that this process opens through SQLAlchemy, as Dagster does, not wait."""
    if not event.contains(Engine, "connect", _stop_waiting):
        event.listen(Engine, "connect", _stop_waiting)


def _stop_waiting(connection: Any, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")
