"""Observations made anew from the stored bytes: those whose file is gone but whose vintage is pinned, and
those which a vintage left out because a whole series jumped.

What belongs here: parsing again and proving that the same rows came out. What does not: fetching, new
vintages.
"""

from pathlib import Path

import polars as pl

from connectors import observations
from connectors.assembly import assemble
from connectors.continuity import held_back_rows, without_held_back
from connectors.errors import StoreError
from connectors.protocols import PROTOCOLS
from connectors.protocols.base import Parsed
from connectors.reading import read_snapshot, register_of
from connectors.records import PartState
from connectors.registry import get_dataset
from connectors.spec import DatasetSpec
from connectors.store import Store
from orchestration.release.lock_model import LockedDataset


def restore_observations(store: Store, pinned: LockedDataset, target: Path) -> None:
    """Parse the pinned snapshots of a data set into `target`. Raises StoreError unless the pinned rows come
    out.
    """
    spec = get_dataset(pinned.key)
    tables = (
        (name, _read_table(store, spec, name, part))
        for name, part in sorted(pinned.parts.items())
        if part.sha256 is not None
    )
    with store.scratch() as folder:
        assembled = assemble(tables, folder, spec.provider, spec.dataset)
        if assembled.content_sha256 != pinned.content_sha256:
            raise StoreError(
                f"{pinned.key}, vintage {pinned.vintage}: its observation file is gone, and its snapshots "
                "read with this code give other rows than the lock pins. Check out the commit the lock "
                "names, or restore the file."
            )
        assembled.path.replace(target)


def read_held_back(store: Store, pinned: LockedDataset) -> pl.DataFrame:
    """The rows that were kept out of the pinned vintage (fault V07), as its snapshots have them.

    Columns of the canonical table, in the order of the parts. Raises StoreError if a snapshot is gone.
    """
    rows = [
        held_back_rows(_parse(store, get_dataset(pinned.key), name, part), part.held_back).cast(
            observations.SCHEMA
        )
        for name, part in sorted(pinned.parts.items())
        if part.held_back
    ]
    return pl.concat([observations.empty_table(), *rows])


def _read_table(store: Store, spec: DatasetSpec, name: str, part: PartState) -> pl.DataFrame:
    """The rows of one part, without the series that were held back when its vintage was made."""
    return without_held_back(_parse(store, spec, name, part), part.held_back).table


def _parse(store: Store, spec: DatasetSpec, name: str, part: PartState) -> Parsed:
    sha256 = part.sha256 or ""
    version = PROTOCOLS[spec.protocol].producer_date(part.version_marker or "")
    register = register_of(spec.key, store.illustrative)
    return read_snapshot(store.read_object(sha256), spec, name, sha256, version, register)
