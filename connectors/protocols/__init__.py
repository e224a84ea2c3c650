"""Wire protocols, one module each, and the one list of them."""

from connectors.protocols import comtrade, eurostat, oecd_sdmx, unsd_json, unsd_sdg, world_bank
from connectors.protocols.base import ProtocolModule

PROTOCOLS: dict[str, ProtocolModule] = {
    "unsd_sdg": unsd_sdg,
    "unsd_json": unsd_json,
    "eurostat": eurostat,
    "world_bank": world_bank,
    "comtrade": comtrade,
    "oecd_sdmx": oecd_sdmx,
}
