"""One office that asks UN Comtrade, and what it asks for.

What belongs here: the side that asks. What does not: how the service answers (comtrade_service.py).
"""

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.refresh import fetch_dataset, refresh_dataset
from connectors.store import Store
from tests.unit.connectors.comtrade_service import KEY, declaration

SPEC = declaration()


PARTS = ["40-2020", "276-2020", "40-2019", "276-2019"]


class Office:
    """One office: settings, a store, and a fresh client for each run, as each process has."""

    def __init__(self, provider, clock, home, key=KEY) -> None:
        env = {
            "CIRCULARITY_SOURCE": "live",
            "CIRCULARITY_HOME": str(home),
            "CIRCULARITY_COMTRADE_URL": f"{provider.url}/comtrade",
            "CIRCULARITY_COMTRADE_KEY": key,
        }
        self.settings, self.clock = SourceSettings.from_env(env), clock
        self.store = Store(self.settings.root, illustrative=False)

    def client(self) -> Client:
        return Client(self.settings, sleep=self.clock.sleep, monotonic=self.clock, now=self.clock.utc)

    def refresh(self, spec=SPEC, **options):
        with self.client() as client:
            return refresh_dataset(spec, client, self.store, self.clock.utc(), **options)

    def fetch(self, spec=SPEC, **options):
        with self.client() as client:
            return fetch_dataset(spec, client, self.store, self.clock.utc(), **options)

    def rows(self, spec=SPEC):
        return self.store.read_observations(spec.key, self.store.latest_vintage(spec.key).vintage)


def sentences(result) -> set[str]:
    return {str(error) for error in result.errors.values()}
