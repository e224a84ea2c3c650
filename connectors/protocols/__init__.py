"""Wire protocols, one module each, and the one list of them."""

from connectors.protocols import (
    comtrade,
    eurostat,
    oecd_sdmx,
    pxweb,
    unsd_json,
    unsd_sdg,
    unsd_sdmx,
    world_bank,
)
from connectors.protocols.base import ProtocolModule

PROTOCOLS: dict[str, ProtocolModule] = {
    "unsd_sdg": unsd_sdg,
    "unsd_json": unsd_json,
    "unsd_sdmx": unsd_sdmx,
    "eurostat": eurostat,
    "world_bank": world_bank,
    "comtrade": comtrade,
    "oecd_sdmx": oecd_sdmx,
    "pxweb": pxweb,
}
