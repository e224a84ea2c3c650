"""Dagster's history of runs does not wait for the disk."""

from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import create_engine

from orchestration.definitions import build_defs


@pytest.fixture
def waiting(tmp_path: Path) -> int:
    """What a SQLite file says that Dagster opened with our definitions loaded: 0 does not wait, 2 does."""
    build_defs()
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        instance.event_log_storage.index_connection() as connection,
    ):
        return connection.exec_driver_sql("PRAGMA synchronous").scalar_one()


def test_dagsters_files_are_written_without_waiting(waiting: int) -> None:
    assert waiting == 0


def test_loading_the_definitions_again_changes_nothing_more(waiting: int, tmp_path: Path) -> None:
    build_defs()
    engine = create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 0
    engine.dispose()
