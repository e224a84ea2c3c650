"""Observations made anew from the stored bytes, when their file is gone but its vintage is pinned.

What belongs here: parsing again and proving that the same rows came out. What does not: fetching, new
vintages.
"""

from pathlib import Path

from connectors.assembly import assemble
from connectors.errors import StoreError
from connectors.protocols import PROTOCOLS
from connectors.registry import get_dataset
from connectors.store import Store
from orchestration.release.lock_model import LockedDataset


def restore_observations(store: Store, pinned: LockedDataset, target: Path) -> None:
    """Parse the pinned snapshots of a data set into `target`. Raises StoreError unless the pinned rows come
    out.
    """
    spec = get_dataset(pinned.key)
    protocol = PROTOCOLS[spec.protocol]
    tables = (
        (name, protocol.parse(store.read_object(part.sha256), spec, name, part.sha256).table)
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
