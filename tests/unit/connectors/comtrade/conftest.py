"""The fixtures of the tests of UN Comtrade: a service, an office that asks it, a small region."""

import pytest

from tests.unit.connectors.comtrade.office import Office
from tests.unit.connectors.comtrade_service import Comtrade


@pytest.fixture(autouse=True)
def two_reporters(monkeypatch):
    """The region of these tests: Austria and Germany."""
    monkeypatch.setattr("connectors.protocols.comtrade.region_reporters", lambda: {"40": "AUT", "276": "DEU"})


@pytest.fixture
def service(provider) -> Comtrade:
    provider.answer = made = Comtrade()
    for reporter in (40, 276, 380):
        for year in (2018, 2019, 2020):
            made.publish(reporter, year)
    return made


@pytest.fixture
def office(provider, clock, tmp_path) -> Office:
    return Office(provider, clock, tmp_path / "home")
