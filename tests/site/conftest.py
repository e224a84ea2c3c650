"""The invented release as a site, built once."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.release.site.build import build_site
from tests.site import world


@pytest.fixture(scope="session")
def invented() -> Mapping[str, pa.Table]:
    """The tables of the invented release."""
    return world.tables()


@pytest.fixture(scope="session")
def built(invented: Mapping[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the invented release, in its folder of the bundle."""
    dest = tmp_path_factory.mktemp("bundle") / "site"
    world.write_bundle_files(dest.parent)
    build_site(dest, invented, world.facts())
    return dest
