"""dbt run in a warehouse of one test's own.

What belongs here: fixtures of this room. What does not: making a warehouse (preparing.py), what is asserted
about it.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dbt.preparing import DbtRun
from tests.dbt.preparing import run_dbt as run


@pytest.fixture
def run_dbt(tmp_path: Path) -> Callable[..., DbtRun]:
    """`run_dbt(warehouse, *arguments)` runs dbt there."""
    return lambda warehouse, *arguments: run(warehouse, tmp_path / "target", *arguments)
