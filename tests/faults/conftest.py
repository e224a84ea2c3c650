"""The fixtures of the fault tests: a router, a scene (scene.py says how to write a test), a release world."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.refresh import refresh_dataset
from connectors.registry import get_dataset
from connectors.store import Store
from connectors.wire import Limits
from orchestration.workplace import Workplace
from tests.faults import operation_scene
from tests.faults.matrix import Found
from tests.faults.router import Router
from tests.faults.scene import CANARY, NOW, Clock, Scene
from tests.release.conftest import World, fake_gate, open_world, put_vintage
from tests.release.invented import write_dbt_project


@pytest.fixture(autouse=True)
def without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the machine the tests run on must not decide their outcome."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def router() -> Iterator[Router]:
    """The misbehaving providers."""
    with Router() as running:
        yield running


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Found:
    """What the test's mark says."""
    mark = request.node.get_closest_marker("fault")
    assert mark is not None, "a test that sets a scene names its fault: @fault(...)"
    return Found(*mark.args, where=request.node.nodeid)


@pytest.fixture(scope="session")
def settled_homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A factory: the home in which a data set was refreshed once, made once a session; to be copied."""
    made: dict[str, Path] = {}

    def home(key: str) -> Path:
        if key not in made:
            made[key] = tmp_path_factory.mktemp("settled")
            with Router() as router:
                settings = SourceSettings.from_env(environment(made[key], router))
                with Client(settings) as client:
                    store = Store(settings.root, settings.illustrative)
                    result = refresh_dataset(get_dataset(key), client, store, NOW)
            assert result.outcome == "new", result
            assert not result.errors, result.errors
        return made[key]

    return home


def environment(home: Path, router: Router) -> dict[str, str]:
    """The variables of a process that asks the router, with a key nobody has."""
    return {
        "CIRCULARITY_SOURCE": "live",
        "CIRCULARITY_HOME": str(home),
        "CIRCULARITY_COMTRADE_KEY": CANARY,
        **router.environment,
    }


@pytest.fixture
def scene(
    router: Router, row: Found, tmp_path: Path, settled_homes: Callable[[str], Path]
) -> Iterator[Callable[..., Scene]]:
    """A factory: `scene("unsd/sdg_12_2")` gives a data set with a last good vintage.

    `settled=False` leaves the store empty; `real_time=True` uses the machine's clock; `limits` replaces those
    of the client; more keywords are environment variables.
    """
    with ExitStack() as stack:

        def make(
            key: str,
            *,
            settled: bool = True,
            real_time: bool = False,
            limits: Limits = Limits(),
            **env: str,
        ) -> Scene:
            home = tmp_path / "home"
            settings = SourceSettings.from_env({**environment(home, router), **env})
            clock = Clock()
            timing = {} if real_time else {"sleep": clock.sleep, "monotonic": clock, "now": clock.utc}
            client = stack.enter_context(Client(settings, limits=limits, **timing))
            store = Store(settings.root, settings.illustrative)
            made = Scene(get_dataset(key), router, settings, client, store, clock, row)
            if settled:
                shutil.copytree(settled_homes(key), home, dirs_exist_ok=True)
                made.remember()
            return made

        yield make


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "real", illustrative=False)


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(SourceSettings.from_env({"CIRCULARITY_HOME": str(tmp_path)}), now=operation_scene.NOW)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The invented world with a dbt project that dbt can run."""
    write_dbt_project(tmp_path / "dbt_project")
    operation_scene.make_runnable(tmp_path / "dbt_project")
    fake_gate(monkeypatch)
    made = open_world(tmp_path, monkeypatch)
    put_vintage(made.store, 1.5, "2026-01-01")
    made.plan()
    made.lock()
    return made
