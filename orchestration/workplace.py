"""One process's view of the project: settings, state root, sources, releases and time.

Belongs here: what the command line and the Dagster assets both need before they call a pure function.
Does not belong here: Dagster, typer, or any rule about a release (orchestration.release).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.circuit import Circuit
from connectors.config import SourceSettings
from connectors.http import Client
from connectors.ingest import IngestResult, ingest_dataset
from connectors.refresh import FetchResult, fetch_dataset, refresh_dataset
from connectors.sample import SAMPLE_NOW
from connectors.spec import DatasetSpec
from connectors.store import Store
from orchestration.release.context import ReleaseContext, open_release
from orchestration.release.ids import ReleaseId
from orchestration.release.paths import ReleasePaths

# The sample has two vintages, so that its second release shows revisions: its first year is built from the
# first one.
FIRST_SAMPLE_YEAR = "2025"

# One process asks all data sets: what one of them learns of a provider that is down, the others need not.
_CIRCUIT = Circuit()


@dataclass(frozen=True)
class Workplace:
    """`settings` say where data comes from and where state lives; `now` is the time this process began
    (UTC).
    """

    settings: SourceSettings
    now: datetime

    def for_year(self, year: str | None) -> "Workplace":
        """The same workplace; the sample answers with its first vintage for 2025 and its second one
        otherwise.
        """
        if year is None or not self.settings.illustrative:
            return self
        return self._with_sample_vintage(1 if year == FIRST_SAMPLE_YEAR else 2)

    @property
    def source_time(self) -> datetime:
        """When sources are asked. A constant in the sample, so that what is built from it has the same
        bytes.
        """
        return SAMPLE_NOW if self.settings.illustrative else self.now

    @property
    def root(self) -> Path:
        """The state root, absolute."""
        return self.settings.root.resolve()

    def store(self) -> Store:
        """The store of this state root."""
        return Store(self.root, self.settings.illustrative)

    def client(self) -> Client:
        """The HTTP client of this mode."""
        return Client(self.settings, circuit=_CIRCUIT)

    def fetch(self, spec: DatasetSpec, *, full: bool = False) -> FetchResult:
        """Ask the source of one data set, for every body if `full`. Raises StoreError only."""
        self._publish_first_sample(spec)
        with self.client() as client:
            return fetch_dataset(spec, client, self.store(), self.source_time, full=full)

    def ingest(self, spec: DatasetSpec) -> IngestResult:
        """Read what was fetched. Raises StoreError only."""
        return ingest_dataset(spec, self.store(), self.source_time)

    def standing_snapshots(self, spec: DatasetSpec) -> dict[str, str]:
        """The snapshot that stands for each part: what the last fetch brought, else what the vintage has."""
        store = self.store()
        vintage, record = store.latest_vintage(spec.key), store.last_fetched(spec.key)
        kept = {
            part: state.sha256 for part, state in (vintage.parts if vintage else {}).items() if state.sha256
        }
        return kept | {part: state.sha256 for part, state in (record.parts if record else {}).items()}

    def open_release(self, release_id: str) -> ReleaseContext:
        """The context in which the verbs work on one release."""
        return open_release(self.settings, release_id)

    def open_year(self, year: str) -> ReleaseContext:
        """The open release of a year: the first id of that year which is not published."""
        number = 1
        while ReleasePaths(self.root, self._id(year, number)).published_dir.exists():
            number += 1
        return self.open_release(self._id(year, number))

    def _id(self, year: str, number: int) -> str:
        return str(ReleaseId(int(year), number, sample=self.settings.illustrative))

    def _publish_first_sample(self, spec: DatasetSpec) -> None:
        """The sample's producers publish their first vintage before their second, whichever is asked for
        first.
        """
        is_second = self.settings.illustrative and self.settings.sample_vintage == 2
        if is_second and self.store().latest_vintage(spec.key) is None:
            first = self._with_sample_vintage(1)
            with first.client() as client:
                refresh_dataset(spec, client, first.store(), first.source_time)

    def _with_sample_vintage(self, vintage: int) -> "Workplace":
        return Workplace(self.settings.model_copy(update={"sample_vintage": vintage}), self.now)


def hash_parts(parts: dict[str, str]) -> str:
    """One hash over named snapshots, in the order of their names."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
