"""dbt run in a warehouse that each test gets afresh, always at one place.

What belongs here: fixtures of this room. What does not: making a warehouse (preparing.py), what is asserted
about it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dbt.preparing import DbtRun
from tests.dbt.preparing import run_dbt as run


@pytest.fixture(scope="module")
def dbt_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one place: for a warehouse elsewhere dbt would read the whole project again."""
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture
def warehouse(prepared_warehouse: Path, dbt_folder: Path) -> Path:
    """dbt's inputs for sample-2025.1, the test's own until it ends."""
    place = dbt_folder / "warehouse"
    shutil.rmtree(place, ignore_errors=True)
    return Path(shutil.copytree(prepared_warehouse, place))


@pytest.fixture
def run_dbt(dbt_folder: Path) -> Callable[..., DbtRun]:
    """`run_dbt(warehouse, *arguments)` runs dbt there."""
    return lambda warehouse, *arguments: run(warehouse, dbt_folder / "target", *arguments)
