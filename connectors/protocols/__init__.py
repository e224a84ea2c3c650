"""Wire protocols, one module each, and the one list of them."""

from connectors.protocols import eurostat, unsd_sdg, world_bank
from connectors.protocols.base import ProtocolModule

PROTOCOLS: dict[str, ProtocolModule] = {"unsd_sdg": unsd_sdg, "eurostat": eurostat, "world_bank": world_bank}
