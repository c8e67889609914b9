"""Where a fetch may go. A feed, or a redirect in it, is words of strangers: it must never lead into the house's own network.

Names are looked up here, and the connection goes to the very address that was looked at: a name that is public at one moment and
private at the next (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

import httpx

from ingest.fetch.faults import Fault

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Awaitable[list[Address]]]
PORTS: Final = {"http": 80, "https": 443}
_NEVER: Final = tuple(
    map(
        ip_network,
        (
            "100.64.0.0/10",  # shared address space (RFC 6598)
            "192.0.0.0/24",  # protocol assignments
            "198.18.0.0/15",  # benchmarks
            "64:ff9b:1::/48",  # local translation (RFC 8215)
            "2002::/16",  # 6to4: holds an address of the old kind
            "2001::/32",  # Teredo: the same
            "fec0::/10",  # site-local, as it was
        ),
    )
)
_TRANSLATED: Final = ip_network("64:ff9b::/96")


class Forbidden(httpx.TransportError):
    """It may not be asked. `fault` says why."""

    def __init__(self, fault: Fault, why: str) -> None:
        self.fault = fault
        super().__init__(why)


async def look_up(host: str, port: int) -> list[Address]:
    """All addresses of a name. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))


def is_public(address: Address) -> bool:
    """Whether an address is of the public internet, and not one that only looks like it."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _NEVER if network.version == address.version)
    )


@dataclass(frozen=True, slots=True)
class Targets:
    """What may be asked. `allowed`: hosts with ports (`127.0.0.1:8123`) that may be asked although they are not public; for tests
    and for a mirror of one's own, never for a source of the directory."""

    allowed: frozenset[str] = frozenset()
    look_up: LookUp = look_up

    async def address(self, url: httpx.URL) -> Address:
        """The address to connect to. Raises Forbidden where the place may not be asked, or is nowhere."""
        port = url.port or PORTS.get(url.scheme)
        if port is None or not url.host or url.userinfo:
            raise Forbidden(Fault.ADDRESS, f"{_told(url)}: http or https, and no user, is wanted")
        named = f"{url.host}:{port}"
        if named not in self.allowed and port not in PORTS.values():
            raise Forbidden(Fault.ADDRESS, f"{_told(url)}: port {port} is not one that publications have")
        try:
            found = await self._all(url.host, port)
        except OSError:
            raise Forbidden(Fault.NO_SUCH_HOST, f"{url.host} is not known") from None
        if not found:
            raise Forbidden(Fault.NO_SUCH_HOST, f"{url.host} has no address")
        if named not in self.allowed:
            for address in found:
                if not is_public(address):
                    raise Forbidden(Fault.FORBIDDEN_TARGET, f"{url.host} is {address}, which is not public")
        return found[0]

    async def _all(self, host: str, port: int) -> list[Address]:
        try:
            return [ip_address(host.strip("[]"))]
        except ValueError:
            return await self.look_up(host, port)


PUBLIC: Final = Targets()


class GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to the address that was looked at, under the name that was asked for. Every redirect comes through here as well.

    No connection is kept: two names may share an address, and a connection made for one must not serve the other.
    """

    def __init__(self, targets: Targets, inner: httpx.AsyncBaseTransport | None = None) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        self._targets = targets
        self._inner = inner or httpx.AsyncHTTPTransport(limits=limits, retries=0, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises Forbidden, and what httpx raises."""
        address = await self._targets.address(request.url)
        extensions = {**request.extensions, "sni_hostname": request.url.host}
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions=extensions,
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._inner.aclose()


def _told(url: httpx.URL) -> str:
    return str(url.copy_with(userinfo=b"", query=None, fragment=None))[:200]
