"""Where a request of ours may go, to a feed or to a webhook. An address, or a redirect, is words of strangers: it must never
lead into the house's own network.

Names are looked up here, and the connection goes to the very address that was looked at: a name that is public at one moment and
private at the next (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

import httpx

from ingest.fetch.addresses import Address, is_name, is_public, literal, name_fault
from ingest.fetch.faults import Fault

LookUp = Callable[[str, int], Awaitable[list[Address]]]
PORTS: Final = {"http": 80, "https": 443}


class Forbidden(httpx.TransportError):
    """It may not be asked. `fault` says why."""

    def __init__(self, fault: Fault, why: str) -> None:
        self.fault = fault
        super().__init__(why)


async def look_up(host: str, port: int) -> list[Address]:
    """All addresses of a name. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))


def host_of(url: httpx.URL) -> str:
    """The host as it is looked up: in ASCII, whatever script it was written in."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int | None:
    """The port, by default its scheme's; None: of a scheme that is not asked. Port 0 is a port, and no default."""
    return PORTS.get(url.scheme) if url.port is None else url.port


def fault_of(url: httpx.URL) -> Forbidden | None:
    """Why an address may not be asked, as far as that can be told before its name is looked up; None: it may."""
    port, host = port_of(url), host_of(url)
    if port is None or not host or url.userinfo:
        return Forbidden(Fault.ADDRESS, f"{_told(url)}: http or https, and no user, is wanted")
    if port not in PORTS.values():
        return Forbidden(Fault.ADDRESS, f"{_told(url)}: port {port} is not one that publications have")
    address = literal(host)
    if address is None and not is_name(host):
        return Forbidden(Fault.ADDRESS, f"{_told(url)}: no name of a host")
    if address is None:
        why = name_fault(host)
        return None if why is None else Forbidden(Fault.FORBIDDEN_TARGET, f"{host} {why}")
    if not is_public(address):
        return Forbidden(Fault.FORBIDDEN_TARGET, f"{host} is {address}, which is not public")
    return None


@dataclass(frozen=True, slots=True)
class Targets:
    """What may be asked. `allowed`: hosts with ports (`127.0.0.1:8123`) that may be asked although they are not public; for tests
    and for a mirror of one's own, never for a source of the directory."""

    allowed: frozenset[str] = frozenset()
    look_up: LookUp = look_up

    async def address(self, url: httpx.URL) -> Address:
        """The address to connect to. Raises Forbidden where the place may not be asked, or is nowhere."""
        host, port = host_of(url), port_of(url)
        is_allowed = not url.userinfo and port is not None and f"{host}:{port}" in self.allowed
        if not is_allowed and (fault := fault_of(url)) is not None:
            raise fault
        assert port is not None, "what has no port was refused"
        try:
            found = await self._all(host, port)
        except (OSError, ValueError):
            raise Forbidden(Fault.NO_SUCH_HOST, f"{host} is not known") from None
        if not found:
            raise Forbidden(Fault.NO_SUCH_HOST, f"{host} has no address")
        if not is_allowed:
            for address in found:
                if not is_public(address):
                    raise Forbidden(Fault.FORBIDDEN_TARGET, f"{host} is {address}, which is not public")
        return found[0]

    async def _all(self, host: str, port: int) -> list[Address]:
        address = literal(host)
        return await self.look_up(host, port) if address is None else [address]


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
        extensions = {**request.extensions, "sni_hostname": host_of(request.url)}
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
