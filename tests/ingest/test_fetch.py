"""Fetching what regulators publish, from servers that behave and from those that do not."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from ingest.fetch import Asked, Fault, Fetched, Fetcher, Manners, Missed, Targets, Unchanged
from tests.ingest.site import Heard, Site, dripping, said, site

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
QUICK = Manners(pause=timedelta(0), seconds=5, most_bytes=100_000)


def fetch(there: Site, path: str, **known: Any) -> Any:
    """One fetch of a page of the site, by a fetcher of its own."""

    async def once() -> Any:
        fetcher = Fetcher("mailto:tests@example.org", clock=lambda: NOW, targets=there.targets)
        try:
            return await fetcher.fetch(Asked(there.url + path, **{"manners": QUICK, **known}))
        finally:
            await fetcher.close()

    return once()


def ran(pages: dict[str, Any], path: str = "/feed", **known: Any) -> tuple[Any, Site]:
    """What came of one fetch, and the site with what it heard."""

    async def both() -> tuple[Any, Site]:
        async with site(pages) as there:
            return await fetch(there, path, **known), there

    return asyncio.run(both())


def test_what_came_is_kept_byte_by_byte_with_its_digest() -> None:
    body = "<rss>\u00e9\x00\x93</rss>".encode("latin-1")
    found, there = ran({"/feed": said(body, content_type="application/rss+xml", etag='"7"', last_modified="then")})
    assert isinstance(found, Fetched)
    assert (found.body, found.digest) == (body, f"sha256:{sha256(body).hexdigest()}")
    assert (found.content_type, found.etag, found.last_modified) == ("application/rss+xml", '"7"', "then")
    assert (found.at, found.moved) == (NOW, None)
    assert there.asked("/feed")[0].headers["user-agent"] == "Lexgate-Ingester/1 (+mailto:tests@example.org)"


def test_only_what_changed_is_asked_for_and_304_says_that_nothing_did() -> None:
    async def unless_known(heard: Heard) -> AsyncIterator[bytes]:
        same = heard.headers.get("if-none-match") == '"7"' and heard.headers.get("if-modified-since") == "then"
        async for piece in said(status=304 if same else 200)(heard):
            yield piece

    found, _ = ran({"/feed": unless_known}, etag='"7"', last_modified="then")
    assert isinstance(found, Unchanged)


def test_304_to_somebody_who_knows_nothing_is_no_answer() -> None:
    found, _ = ran({"/feed": said(status=304)})
    assert isinstance(found, Missed)
    assert found.fault is Fault.ANSWER


@pytest.mark.parametrize(("packed", "encoding"), [
    (gzip.compress(b"law" * 99, mtime=0), "gzip"),
    (gzip.compress(b"law" * 90, mtime=0) + gzip.compress(b"law" * 9, mtime=0), "x-gzip"),
    (zlib.compress(b"law" * 99), "deflate"),
    (zlib.compress(b"law" * 99)[2:-4], "deflate"),
    (b"law" * 99, "identity"),
])  # fmt: skip
def test_packed_bodies_are_unpacked(packed: bytes, encoding: str) -> None:
    found, _ = ran({"/feed": said(packed, content_encoding=encoding)})
    assert isinstance(found, Fetched)
    assert found.body == b"law" * 99


@pytest.mark.parametrize(("body", "encoding"), [
    (gzip.compress(b"law" * 99, mtime=0)[:-9], "gzip"), (b"not packed", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"x", "br"),
])  # fmt: skip
def test_what_cannot_be_unpacked_is_no_publication(body: bytes, encoding: str) -> None:
    found, _ = ran({"/feed": said(body, content_encoding=encoding)})
    assert (type(found), found.fault) == (Missed, Fault.UNPACKING)


def test_a_gzip_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(bytes(200_000_000), 9)
    assert len(bomb) < 200_000
    found, _ = ran(
        {"/feed": said(bomb, content_encoding="gzip")}, manners=Manners(pause=timedelta(0), most_bytes=300_000)
    )
    assert (type(found), found.fault) == (Missed, Fault.TOO_LARGE)
    assert "more than 300000 bytes" in found.detail


@pytest.mark.parametrize(("size", "fault"), [(100_000, None), (100_001, Fault.TOO_LARGE)])
def test_a_body_may_be_as_long_as_it_may_be_and_no_longer(size: int, fault: Fault | None) -> None:
    found, _ = ran({"/feed": said(b"x" * size)})
    assert getattr(found, "fault", None) is fault


def test_a_feed_of_fifty_megabytes_that_does_not_say_so_is_not_read_to_its_end() -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(800):
            sent += 1
            yield b"<item/>" * 9_000

    found, _ = ran({"/feed": dripping(pieces)})
    assert (type(found), found.fault) == (Missed, Fault.TOO_LARGE)
    assert sent < 200


def test_a_stream_without_an_end_is_left_after_its_time() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.01)

    found, _ = ran({"/feed": dripping(pieces)}, manners=Manners(pause=timedelta(0), seconds=0.5))
    assert (type(found), found.fault) == (Missed, Fault.TOO_SLOW)


def test_a_source_that_never_ends_delays_no_other() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.01)

    async def both() -> tuple[Any, Any]:
        async with site({"/feed": dripping(pieces)}) as slow, site({"/feed": said(b"law")}) as other:
            fetcher = Fetcher("x", targets=Targets(slow.targets.allowed | other.targets.allowed))
            waiting = asyncio.create_task(
                fetcher.fetch(Asked(slow.url + "/feed", manners=Manners(pause=timedelta(0), seconds=2)))
            )
            await asyncio.sleep(0.1)
            found = await fetcher.fetch(Asked(other.url + "/feed", manners=QUICK))
            assert not waiting.done()
            late = await waiting
            await fetcher.close()
            return found, late

    found, late = asyncio.run(both())
    assert (found.body, late.fault) == (b"law", Fault.TOO_SLOW)


# -- where it leads -----------------------------------------------------------------------------------------------------------


def test_redirects_are_followed_and_a_move_for_good_is_told() -> None:
    pages = {
        "/feed": said(status=301, location="/new"),
        "/new": said(status=308, location="/newer"),
        "/newer": said(b"law"),
    }
    found, there = ran(pages)
    assert (found.body, found.url, found.moved) == (b"law", f"{there.url}/newer", f"{there.url}/newer")
    found, _ = ran({**pages, "/new": said(status=302, location="/newer")})
    assert (found.body, found.moved) == (b"law", None)


@pytest.mark.parametrize("where", [
    "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://10.0.0.1/", "http://127.0.0.1/",
    "http://0.0.0.0/", "http://[::1]/", "http://2130706433/", "http://localhost/", "http://100.64.0.1/", "http://[fd00::1]/",
])  # fmt: skip
def test_no_redirect_leads_into_the_house(where: str) -> None:
    found, there = ran({"/feed": said(status=302, location=where)})
    assert isinstance(found, Missed)
    assert found.fault in (Fault.FORBIDDEN_TARGET, Fault.NO_SUCH_HOST)
    assert len(there.asked("/feed")) == 1


@pytest.mark.parametrize(("where", "fault"), [
    ("file:///etc/passwd", Fault.ADDRESS), ("ftp://example.org/", Fault.ADDRESS), ("http://example.org:22/", Fault.ADDRESS),
    ("http://u:p@example.org/", Fault.ADDRESS), ("gopher://x/", Fault.ADDRESS), ("http://", Fault.REDIRECTS),
])  # fmt: skip
def test_no_redirect_leads_out_of_the_web(where: str, fault: Fault) -> None:
    found, _ = ran({"/feed": said(status=302, location=where)})
    assert (type(found), found.fault) == (Missed, fault)


def test_redirects_in_a_circle_or_to_nowhere_end() -> None:
    found, there = ran({"/feed": said(status=302, location="/feed")})
    assert (found.fault, len(there.asked("/feed"))) == (Fault.REDIRECTS, 6)
    assert ran({"/feed": said(status=302)})[0].fault is Fault.REDIRECTS


def test_the_validators_of_one_address_are_not_told_to_another() -> None:
    found, there = ran({"/feed": said(status=302, location="/new"), "/new": said(b"law")}, etag='"7"')
    assert found.body == b"law"
    assert ("if-none-match" in there.asked("/feed")[0].headers, "if-none-match" in there.asked("/new")[0].headers) == (
        True,
        False,
    )


@pytest.mark.parametrize(("status", "fault"), [
    (404, Fault.GONE), (410, Fault.GONE), (403, Fault.REFUSED), (401, Fault.REFUSED), (429, Fault.BUSY), (503, Fault.BUSY),
    (500, Fault.SERVER), (502, Fault.SERVER), (204, Fault.ANSWER), (206, Fault.ANSWER),
])  # fmt: skip
def test_each_status_has_its_fault(status: int, fault: Fault) -> None:
    found, _ = ran({"/feed": said(status=status, retry_after="120")})
    assert (found.fault, found.retry_after) == (fault, NOW + timedelta(seconds=120))


def test_a_server_that_hangs_up_or_talks_nonsense_is_a_fault_of_the_network() -> None:
    async def nonsense(_heard: Heard) -> AsyncIterator[bytes]:
        yield b"SSH-2.0-OpenSSH_9.2\r\n\r\n"

    async def cut_off(_heard: Heard) -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nlaw"

    async def endless_head(_heard: Heard) -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        for number in range(200_000):
            yield f"x-{number}: {'y' * 100}\r\n".encode()

    for answer in (nonsense, cut_off, endless_head):
        found, _ = ran({"/feed": answer})
        assert (type(found), found.fault) == (Missed, Fault.NETWORK)


@pytest.mark.parametrize(
    "url", ["", "feed", "http://[::1", "http://exa mple.org/", "http://\u0000/", "javascript:alert(1)"]
)
def test_what_is_no_address_is_told_and_not_raised(url: str) -> None:
    async def once() -> Any:
        fetcher = Fetcher("x")
        found = await fetcher.fetch(Asked(url, manners=QUICK))
        await fetcher.close()
        return found

    found = asyncio.run(once())
    assert isinstance(found, Missed)
    assert found.fault in (Fault.ADDRESS, Fault.NO_SUCH_HOST)


# -- manners ------------------------------------------------------------------------------------------------------------------


def test_robots_are_asked_once_and_heard() -> None:
    async def many() -> tuple[list[Any], Site]:
        pages = {
            "/robots.txt": said(b"User-agent: *\nDisallow: /secret\n"),
            "/feed": said(b"law"),
            "/secret": said(b"no"),
        }
        async with site(pages) as there:
            fetcher = Fetcher("x", clock=lambda: NOW, targets=there.targets)
            found = [
                await fetcher.fetch(Asked(there.url + path, manners=QUICK)) for path in ("/feed", "/secret", "/feed")
            ]
            await fetcher.close()
            return found, there

    found, there = asyncio.run(many())
    assert [getattr(one, "fault", None) for one in found] == [None, Fault.ROBOTS, None]
    assert (len(there.asked("/robots.txt")), len(there.asked("/secret"))) == (1, 0)


@pytest.mark.parametrize(("robots", "fault"), [
    (said(status=404), None), (said(status=403), None), (said(status=500), Fault.BUSY), (said(status=429), Fault.BUSY),
    (said(b"User-agent: lexgate-ingester\nDisallow: /\n"), Fault.ROBOTS),
    (said(b"User-agent: lexgate-ingester\nAllow: /feed\nDisallow: /\n\nUser-agent: *\nDisallow: /\n"), None),
    (said(b"\xff\xfe\x00 nonsense"), None), (said(status=301, location="/elsewhere"), None),
])  # fmt: skip
def test_what_robots_that_are_not_there_or_not_readable_allow(robots: Any, fault: Fault | None) -> None:
    found, _ = ran({"/robots.txt": robots, "/feed": said(b"law")})
    assert getattr(found, "fault", None) is fault


def test_between_two_requests_to_a_host_there_is_the_pause_that_it_wants() -> None:
    waited: list[float] = []

    async def twice() -> None:
        async with site({"/robots.txt": said(b"User-agent: *\nCrawl-delay: 7\n"), "/feed": said(b"law")}) as there:
            fetcher = Fetcher("x", targets=there.targets, sleep=waited.append)
            manners = Manners(pause=timedelta(seconds=3))
            for _ in range(2):
                assert isinstance(await fetcher.fetch(Asked(there.url + "/feed", manners=manners)), Fetched)
            await fetcher.close()

    asyncio.run(twice())
    assert [round(one) for one in waited] == [7, 7]
