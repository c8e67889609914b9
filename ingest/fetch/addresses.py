"""Which addresses are of the public internet, and which names may be looked up at all.

From IANA's registries of special-purpose addresses (RFC 6890) as of 2026 and of special-use names (RFC 6761). Of IPv6 only what
is handed out as global unicast counts: a range that IANA gives a meaning tomorrow is not public today.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address

_NEVER_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared address space of providers (RFC 6598)
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local, where clouds keep their metadata
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # automatic multicast tunnels
            "192.88.99.0/24",  # relays of 6to4, as they were
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_UNICAST: Final = IPv6Network("2000::/3")
_NEVER_6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: holds an address of the old kind
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""NAT64 (RFC 6052): what the last 32 bits are decides. Its local kind, 64:ff9b:1::/48, lies outside of what is handed out."""
_ISATAP: Final = frozenset((0x00005EFE, 0x02005EFE))
"""Interface identifiers that carry an address of the old kind (RFC 5214)."""

_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII | re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII | re.IGNORECASE)
_LONGEST_NAME: Final = 253
_OF_A_HOUSE: Final = frozenset((
    "alt", "arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost", "onion", "private",
))  # fmt: skip
"""Last labels of names that belong to a house, or to no DNS."""


def is_public(address: Address) -> bool:
    """Whether an address is of the public internet, and not one that only looks like it."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NEVER_4)
    if address.scope_id is not None:
        return False
    if address in _TRANSLATED:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return False
    return address.is_global and address in _UNICAST and not any(address in network for network in _NEVER_6)


def literal(host: str) -> Address | None:
    """The address that a host is, written in the one way that everybody reads alike; None: it is no such address."""
    try:
        return ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def is_name(host: str) -> bool:
    """Whether a host is written as names are."""
    return len(host) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, host.split(".")))


def name_fault(host: str) -> str | None:
    """Why a name is not looked up; None: it is. What a resolver might read as a number (`2130706433`, `0x7f.1`, `127.1`,
    `0177.0.0.1`), a name without a point, and names of a house are not."""
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return "is an address in disguise"
    if len(labels) < 2 or labels[-1].lower() in _OF_A_HOUSE:
        return "is no public name"
    return None
