"""How the connectors are set up: where data comes from and where state lives.

What belongs here: the environment variables of the connectors, typed and checked once.
What does not: anything a declaration of a data set says (spec.py), or how bytes are fetched (http.py).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from connectors import redaction
from connectors.errors import UsageError

Mode = Literal["live", "archive", "sample"]
MODES: tuple[Mode, ...] = ("live", "archive", "sample")

OFFICIAL_URLS: dict[str, str] = {
    "unsd": "https://unstats.un.org",
    "eurostat": "https://ec.europa.eu/eurostat",
    "world_bank": "https://api.worldbank.org",
    "comtrade": "https://comtradeapi.un.org",
    "oecd": "https://sdmx.oecd.org",
    "unece": "https://w3.unece.org/PXWeb2015",
    # UNSD's second address: its SDMX service answers from another host than its own.
    "un_data": "https://data.un.org",
}
# Providers that know their users by a key, and the variable it is read from. Keys stand nowhere else.
KEY_VARIABLES: dict[str, str] = {"comtrade": "CIRCULARITY_COMTRADE_KEY"}


class SourceSettings(BaseModel):
    """Settings of one process. `home` is absolute; `overrides` maps a provider to its replaced base URL.

    `keys` maps a provider to its key, wrapped so that no representation of the settings shows it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode = "sample"
    home: Path = Path(".circularity")
    overrides: dict[str, str] = {}
    keys: dict[str, SecretStr] = Field(default={}, exclude=True, repr=False)
    sample_vintage: Literal[1, 2] = 2

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> SourceSettings:
        """Read CIRCULARITY_SOURCE, _HOME, _SAMPLE_VINTAGE, base URLs and keys. Raises UsageError."""
        env = os.environ if env is None else env
        wanted = env.get("CIRCULARITY_SOURCE", "sample")
        mode = next((mode for mode in MODES if mode == wanted), None)
        if mode is None:
            raise UsageError(f"CIRCULARITY_SOURCE is '{wanted}'; choose one of: {', '.join(MODES)}.")
        vintage = env.get("CIRCULARITY_SAMPLE_VINTAGE", "2")
        if vintage not in ("1", "2"):
            raise UsageError(f"CIRCULARITY_SAMPLE_VINTAGE is '{vintage}'; the sample has vintages 1 and 2.")
        overrides = {}
        for provider in OFFICIAL_URLS:
            name = f"CIRCULARITY_{provider.upper()}_URL"
            if env.get(name):
                overrides[provider] = check_base_url(env[name], name)
        return cls(
            mode=mode,
            home=Path(env.get("CIRCULARITY_HOME") or ".circularity").absolute(),
            overrides=overrides,
            keys={
                provider: SecretStr(env[name].strip())
                for provider, name in KEY_VARIABLES.items()
                if env.get(name, "").strip()
            },
            sample_vintage=1 if vintage == "1" else 2,
        )

    def model_post_init(self, _: object) -> None:
        """From now on no error, record or log of this process shows a key."""
        for key in self.keys.values():
            redaction.learn(key.get_secret_value())

    @property
    def illustrative(self) -> bool:
        """Whether everything built from these settings is made of invented figures."""
        return self.mode == "sample"

    @property
    def root(self) -> Path:
        """One root for the sample, one for real data, so that invented figures never become 'last good'."""
        return self.home / ("sample" if self.illustrative else "real")

    def base_url(self, provider: str) -> str:
        """The prefix all calls to `provider` start with; the sample always answers the official one."""
        if provider not in OFFICIAL_URLS:
            raise UsageError(f"Unknown provider '{provider}'; known: {', '.join(sorted(OFFICIAL_URLS))}.")
        if self.illustrative:
            return OFFICIAL_URLS[provider]
        return self.overrides.get(provider, OFFICIAL_URLS[provider])


def is_loopback(host: str) -> bool:
    """Whether `host` can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_base_url(url: str, name: str) -> str:
    """A base prefix without trailing slash: https, or http on loopback only. Raises UsageError."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise UsageError(f"{name} must not carry a user name or a password; remove the part before '@'.")
    if parts.query or parts.fragment or not parts.hostname:
        raise UsageError(f"{name} must be a plain base address such as https://host/prefix.")
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)):
        return url.rstrip("/")
    raise UsageError(f"{name} must use https; plain http is accepted for this machine (127.0.0.1) only.")
