"""The fixtures of the fault tests: a router, a scene. See scene.py for how a test is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.registry import get_dataset
from connectors.store import Store
from tests.faults.matrix import Found
from tests.faults.router import Router
from tests.faults.scene import CANARY, Clock, Scene


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


@pytest.fixture
def scene(router: Router, row: Found, tmp_path: Path) -> Iterator[Callable[..., Scene]]:
    """A factory: `scene("unsd/sdg_12_2")` gives a data set with a last good vintage.

    `settled=False` leaves the store empty; `real_time=True` uses the machine's clock.
    """
    with ExitStack() as stack:

        def make(key: str, *, settled: bool = True, real_time: bool = False, **env: str) -> Scene:
            settings = SourceSettings.from_env(
                {
                    "CIRCULARITY_SOURCE": "live",
                    "CIRCULARITY_HOME": str(tmp_path / "home"),
                    "CIRCULARITY_COMTRADE_KEY": CANARY,
                    **router.environment,
                    **env,
                }
            )
            clock = Clock()
            timing = {} if real_time else {"sleep": clock.sleep, "monotonic": clock}
            client = stack.enter_context(Client(settings, **timing))
            store = Store(settings.root, settings.illustrative)
            made = Scene(get_dataset(key), router, settings, client, store, clock, row)
            if settled:
                made.settle()
                router.heal()
            return made

        yield make
