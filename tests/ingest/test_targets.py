"""Which addresses a fetch may connect to, whatever name leads there."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address

import httpx
import pytest

from ingest.fetch.addresses import Address, is_public
from ingest.fetch.faults import Fault
from ingest.fetch.targets import Forbidden, GuardedTransport, Targets


@pytest.mark.parametrize("address", ["8.8.8.8", "193.99.144.80", "2a00:1450:4001:82a::200e", "64:ff9b::808:808"])
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", [
    "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3",
    "169.254.169.254",
    "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.1.2.3", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
    "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "100::1", "::ffff:8.8.8.8", "::10.0.0.1", "::8.8.8.8",
    "::ffff:0:a00:1",
    "2001:2::1", "2001:10::1", "2001:20::1", "3fff::1", "5f00::1", "4000::1", "fe00::1", "100:0:0:1::1", "2620:4f:8000::1",
    "192.31.196.1", "192.52.193.1", "192.175.48.1", "192.88.99.1", "192.0.0.9", "2a00:1450::5efe:a00:1",
    "2a00:1450::200:5efe:a00:1",
    "2a00:1450::1%eth0",
])  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


def leading_to(*addresses: str) -> Targets:
    """Every name is at these addresses."""

    async def look_up(_host: str, _port: int) -> list[Address]:
        return [ip_address(one) for one in addresses]

    return Targets(look_up=look_up)


def test_one_private_address_among_public_ones_is_enough_to_stay_away() -> None:
    with pytest.raises(Forbidden) as refused:
        asyncio.run(leading_to("8.8.8.8", "10.0.0.1").address(httpx.URL("https://example.org/")))
    assert refused.value.fault is Fault.FORBIDDEN_TARGET
    assert "10.0.0.1, which is not public" in str(refused.value)


def test_the_connection_goes_to_the_address_that_was_looked_at_under_the_name_that_was_asked() -> None:
    """Looked up once: who answers otherwise the second time is never asked."""
    asked: list[str] = []
    made: list[httpx.Request] = []

    async def look_up(host: str, _port: int) -> list[Address]:
        asked.append(host)
        return [ip_address("8.8.8.8" if len(asked) == 1 else "127.0.0.1")]

    class Inner(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            made.append(request)
            return httpx.Response(200)

    async def once() -> None:
        transport = GuardedTransport(Targets(look_up=look_up), Inner())
        await transport.handle_async_request(httpx.Request("GET", "https://law.example/feed?x=1"))

    asyncio.run(once())
    (request,) = made
    assert (str(request.url), request.headers["host"]) == ("https://8.8.8.8/feed?x=1", "law.example")
    assert request.extensions["sni_hostname"] == "law.example"
    assert asked == ["law.example"]


def test_a_name_without_an_address() -> None:
    with pytest.raises(Forbidden) as refused:
        asyncio.run(leading_to().address(httpx.URL("https://example.org/")))
    assert refused.value.fault is Fault.NO_SUCH_HOST
