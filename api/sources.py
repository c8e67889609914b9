"""Where a call comes from: the address of the line, or what a proxy that is trusted says of it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, Final

CONSOLE: Final = "console"
"""Stands for the address of the console in this process. No line from outside can have it: there it is always an address."""
_LONGEST: Final = 200

Networks = tuple[IPv4Network | IPv6Network, ...]


def source_of(scope: Mapping[str, Any], headers: Mapping[bytes, bytes], trusted: Networks) -> str:
    """The address of whoever calls; empty: it is not known.

    `X-Forwarded-For` is believed from the right as far as proxies are trusted; the first address that is none of them is the
    caller's. Whatever stands further left anybody can write.
    """
    client = scope.get("client")
    at: str = client[0] if client else ""
    said = headers.get(b"x-forwarded-for")
    if said is None or not (at == CONSOLE or _in(at, trusted)):
        return at
    hops = said[-_LONGEST:].decode("latin-1").split(",")
    for hop in reversed([one.strip() for one in hops]):
        if not _is_address(hop):
            return at
        at = hop
        if not _in(hop, trusted):
            return hop
    return at


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _in(text: str, networks: Networks) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in networks)
