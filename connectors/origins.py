"""Where a connector may speak to, and what of an address may be written down.

What belongs here: the origin rule, the refusal of private addresses, redaction. What does not: sending
(http.py).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from connectors.config import OFFICIAL_URLS, SourceSettings, is_loopback

SECRET_NAMES = frozenset({"key", "apikey", "api_key", "api-key", "subscription-key", "token", "access_token"})
Resolver = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """Addresses of a host. Raises OSError."""
    return sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP)})


def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address, the default port filled in."""
    parts = urlsplit(url)
    return (
        parts.scheme,
        (parts.hostname or "").lower(),
        parts.port or (443 if parts.scheme == "https" else 80),
    )


def refusal(url: str, provider: str, settings: SourceSettings) -> str | None:
    """Why `url` may not be called for this provider, or None.

    Checked before each request and at each redirect.

    The official host over https, or the override's origin and nothing else.
    """
    try:
        parts, origin = urlsplit(url), origin_of(url)
    except ValueError:
        return "the address cannot be read, or has no valid port"
    if parts.username or parts.password:
        return "the address carries a user name"
    if origin != origin_of(settings.base_url(provider)):
        return f"{origin[0]}://{origin[1]}:{origin[2]} is not the listed address of this provider"
    return None


def address_refusal(url: str, settings: SourceSettings, provider: str, resolver: Resolver) -> str | None:
    """Why the addresses behind an official host may not be called, or None. Raises OSError if unresolvable.

    An override was chosen by the office itself, so it may point into its own network.
    """
    if settings.base_url(provider) != OFFICIAL_URLS[provider]:
        return None
    _, host, port = origin_of(url)
    private = [address for address in resolver(host, port) if not ip_address(address).is_global]
    return f"{host} resolves to the private address {private[0]}" if private else None


def is_official(url: str, provider: str) -> bool:
    """Whether bytes from `url` came from the provider's own address and not from an override of it."""
    return url.startswith(f"{OFFICIAL_URLS.get(provider)}/")


def is_forged(url: str) -> bool:
    """Whether no provider would ever move there: a user name, a bare or local address, no https, a port."""
    try:
        parts, (scheme, host, port) = urlsplit(url), origin_of(url)
    except ValueError:
        return True
    return "@" in parts.netloc or (scheme, port) != ("https", 443) or is_loopback(host) or _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def on_this_machine(settings: SourceSettings, provider: str) -> bool:
    """Whether the provider's base address is on loopback (a replay or a local mirror)."""
    return is_loopback(urlsplit(settings.base_url(provider)).hostname or "")


def redact(url: str) -> str:
    """The address without user information, and with the values of secret parameters replaced."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    shown = [(name, "REDACTED" if name.lower() in SECRET_NAMES else value) for name, value in pairs]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(shown), ""))
