"""Wire protocols, one module each, and the one list of them."""

from connectors.protocols import sdmx_csv, unsd_sdg, world_bank
from connectors.protocols.base import ProtocolModule

PROTOCOLS: dict[str, ProtocolModule] = {"unsd_sdg": unsd_sdg, "sdmx_csv": sdmx_csv, "world_bank": world_bank}
