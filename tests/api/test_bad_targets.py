"""Where neither a webhook nor a feed may lead: every address of the list is refused, and not one connection is made.

Every connection that the event loop makes ends at a receiver on this machine, wherever it was meant to go: what is sent at all
arrives there. Names are looked up in a table, numbers in disguise by the system's own resolver.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from api.destinations import WebhookTo, url_fault
from api.posting import Answered, Poster
from ingest.fetch import Asked, Fault, Fetcher, Manners, Missed
from tests.api.sinks import Hook, hook

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
QUICK = Manners(pause=timedelta(0), seconds=5, respect_robots=False)
FAULTS = (Fault.ADDRESS, Fault.FORBIDDEN_TARGET, Fault.NO_SUCH_HOST)
PUBLIC = "93.184.215.14"
NAMES = {
    "public.example.org": [PUBLIC],
    "inside.example.org": ["10.0.0.7"],
    "loop.example.org": ["127.0.0.1"],
    "loop6.example.org": ["::1"],
    "metadata.example.org": ["169.254.169.254"],
    "both.example.org": [PUBLIC, "192.168.1.1"],
    "mapped.example.org": ["::ffff:127.0.0.1"],
    "compatible.example.org": ["::127.0.0.1"],
    "nat64.example.org": ["64:ff9b::7f00:1"],
    "teredo.example.org": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "sixtofour.example.org": ["2002:7f00:1::"],
    "linklocal.example.org": ["fe80::1%eth0"],
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "xn--fa-hia.example.org": ["10.0.0.7"],
    "nowhere.example.org": [],
}
REFUSED = [
    # IPv4: every special range, first and last of those that are easily cut one short
    *(f"http://{one}/" for one in (
        "0.0.0.0", "0.1.2.3", "0.255.255.255", "10.0.0.0", "10.0.0.7", "10.255.255.255", "100.64.0.0", "100.127.255.255",
        "127.0.0.1",
        "127.8.8.8", "127.255.255.254", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.0", "172.31.255.255",
        "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1",
        "192.168.255.255",
        "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
        "240.0.0.1",
        "255.255.255.254", "255.255.255.255",
    )),
    # IPv6, and IPv4 inside it
    *(f"http://[{one}]/" for one in (
        "::", "::1", "0:0:0:0:0:0:0:1", "::127.0.0.1", "::10.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:7f00:1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::", "2002:808:808::", "2620:4f:8000::1", "3fff::1", "5f00::1", "4000::1", "fc00::1", "fd00:ec2::254",
        "fe80::1",
        "fe80::1%25eth0", "::1%25lo", "2a00:1450::1%25eth0", "fec0::1", "ff02::1", "ff0e::1", "2a00:1450::5efe:7f00:1",
    )),
    # Numbers in disguise
    "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://0x7f.0.0.1/", "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://0177.1/", "http://127.1/", "http://127.0.1/", "http://127.0.0.1./", "http://127.0.0.01/", "http://00127.0.0.1/",
    "http://2852039166/", "http://0xa9fea9fe/", "http://134744072/", "http://0/", "http://1.1/", "http://0x/",
    "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.example.org/", "http://127.0.0.1%0d%0a.example.org/",
    # Names of a house, and names that lead into one
    "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://a.localhost/", "http://localhost.localdomain/",
    "http://router/", "http://printer.local/", "http://metadata.google.internal/", "http://wiki.corp/", "http://box.home.arpa/",
    "http://nas.lan/", "http://intranet/", "http://x.onion/", "http://inside.example.org/", "http://loop.example.org/",
    "http://loop6.example.org/", "http://metadata.example.org/latest/meta-data/", "http://both.example.org/",
    "http://mapped.example.org/", "http://compatible.example.org/", "http://nat64.example.org/", "http://teredo.example.org/",
    "http://sixtofour.example.org/", "http://linklocal.example.org/", "http://127.0.0.1.nip.io/", "http://faß.example.org/",
    "http://nowhere.example.org/", "http://unheard-of.example.org/", "http://public.example.org./",
    # Other scripts that are read as digits, points or letters
    "http://①②⑦.⓪.⓪.①/", "http://１２７.0.0.1/", "http://127。0。0。1/", "http://127．0．0．1/", "http://ⓛocalhost/",
    "http://local\u00adhost/", "http://local\u200bhost/", "http://ｌｏｃａｌｈｏｓｔ/", "http://xn--a/", "http://xn--/",
    # Users, ports, schemes, and what is no address at all
    "http://public.example.org@127.0.0.1/", "http://127.0.0.1@public.example.org/", "http://u:p@public.example.org/",
    "http://127.0.0.1:80\\@public.example.org/", "http://1.1.1.1 &@127.0.0.1# @3.3.3.3/", "http://public.example.org:22/",
    "http://public.example.org:8080/", "http://public.example.org:0/", "https://public.example.org:6379/",
    "http://127.0.0.1:443/",
    "ftp://public.example.org/", "gopher://127.0.0.1/", "file:///etc/passwd", "//127.0.0.1/", "http:127.0.0.1", "http:///x",
    "http://",
    "http://[127.0.0.1]/", "http://[2130706433]/", "http://[v1.a]/", "http://a..example.org/", "http://.example.org/",
    "http://exa mple.org/", "javascript:alert(1)", "data:text/plain,x", "127.0.0.1", "http://-/", "http://*/",
    "http://" + "a" * 64 + ".example.org/", "http://" + "a." * 130 + "org/", "",
]  # fmt: skip


class Loop(asyncio.SelectorEventLoop):
    """Has one place to go to, and keeps where it was meant to go."""

    port = 0

    def __init__(self) -> None:
        super().__init__()
        self.meant: list[tuple[str, int]] = []

    async def create_connection(self, protocol_factory: Any, host: Any = None, port: Any = None, **more: Any) -> Any:
        self.meant.append((host, port))
        more.pop("local_addr", None)
        return await super().create_connection(protocol_factory, "127.0.0.1", self.port, **more)

    async def getaddrinfo(self, host: Any, port: Any, **more: Any) -> Any:
        if host in NAMES:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in NAMES[host]]
        return await super().getaddrinfo(host, port, **more, flags=socket.AI_NUMERICHOST)


def at_the_receiver(work: Callable[[Hook, Loop], Awaitable[Any]]) -> Any:
    """What comes of some work in a world that is this machine alone."""

    async def beside() -> Any:
        async with hook() as there:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, Loop)
            loop.port = there.port
            return await work(there, loop)

    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(beside())


async def posted(url: str) -> Answered:
    return await Poster().post(WebhookTo("siem", url, (b"k" * 32,)), {"webhook-id": "dl_1"}, b"{}", NOW)


def test_there_are_many_and_each_is_there_once() -> None:
    assert len(REFUSED) == len(set(REFUSED)) >= 160


def test_no_webhook_is_sent_there() -> None:
    async def work(there: Hook, loop: Loop) -> dict[str, Any]:
        got_through = {}
        for url in REFUSED:
            found = await posted(url)
            if found.ok or found.status or there.posted or loop.meant:
                got_through[url] = found, loop.meant.copy()
        return got_through

    assert at_the_receiver(work) == {}


def test_no_feed_is_fetched_there() -> None:
    async def work(there: Hook, loop: Loop) -> dict[str, Any]:
        fetcher, got_through = Fetcher("x"), {}
        for url in REFUSED:
            found = await fetcher.fetch(Asked(url, manners=QUICK))
            refused = isinstance(found, Missed) and found.fault in FAULTS
            if not refused or there.posted or loop.meant:
                got_through[url] = found, loop.meant.copy()
        await fetcher.close()
        return got_through

    assert at_the_receiver(work) == {}


def test_no_feed_is_led_there() -> None:
    """A public source that redirects: the way on is looked at as the first one was."""

    async def work(there: Hook, loop: Loop) -> dict[str, Any]:
        fetcher, got_through = Fetcher("x"), {}
        there.status = lambda _posted: 302
        for url in REFUSED:
            if not url.startswith(("http://", "https://", "ftp://", "gopher://", "file://", "//")):
                continue  # relative: it leads to the source itself
            where = url.encode().decode("latin-1")
            there.more = f"location: {where}\r\n"
            loop.meant.clear()
            found = await fetcher.fetch(Asked("http://public.example.org/feed", manners=QUICK))
            if not isinstance(found, Missed) or {host for host, _ in loop.meant} != {PUBLIC}:
                got_through[url] = found, loop.meant.copy()
        await fetcher.close()
        return got_through

    assert at_the_receiver(work) == {}


def test_what_is_public_gets_through() -> None:
    """Else the tests above would prove nothing."""

    async def work(there: Hook, loop: Loop) -> None:
        for url, meant in (
            ("http://public.example.org/in", (PUBLIC, 80)),
            (f"http://{PUBLIC}/in", (PUBLIC, 80)),
            ("http://[2a00:1450:4001:82a::200e]/in", ("2a00:1450:4001:82a::200e", 80)),
            ("http://[64:ff9b::808:808]/in", ("64:ff9b::808:808", 80)),
        ):
            there.posted.clear()
            loop.meant.clear()
            assert (await posted(url)).ok
            assert ([one.path for one in there.posted], loop.meant) == (["/in"], [meant])
        there.posted.clear()
        fetcher = Fetcher("x")
        await fetcher.fetch(Asked("http://public.example.org/feed", manners=QUICK))
        await fetcher.close()
        assert [one.path for one in there.posted] == ["/feed"]

    at_the_receiver(work)


def test_what_names_no_public_place_is_refused_when_the_file_is_read() -> None:
    of_https = [url.replace("http://", "https://", 1) for url in REFUSED]
    by_their_names = [url for url in of_https if url_fault(url, private=False) is None]
    assert len(by_their_names) < 20
    assert {url.split("/")[2] for url in by_their_names} <= {*NAMES, "faß.example.org", "unheard-of.example.org"}
