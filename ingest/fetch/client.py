"""One fetch: conditional, guarded, bounded in bytes and in time, kept as it came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

import httpx

from ingest.fetch import robots
from ingest.fetch.faults import Fault
from ingest.fetch.manners import Manners, told_to_wait
from ingest.fetch.robots import Robots
from ingest.fetch.targets import PUBLIC, Forbidden, GuardedTransport, Targets
from ingest.fetch.unpacking import ACCEPTED, Broken, unpacking

AGENT: Final = "Lexgate-Ingester"
"""What robots.txt may call it."""
_HEADERS: Final = {
    "accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/html;q=0.8, application/json, */*;q=0.5",
    "accept-encoding": ACCEPTED,
}
_MOVED: Final = frozenset((301, 302, 303, 307, 308))
_LONGEST_HEADER: Final = 1_000
"""Characters of a validator that are sent back; a longer one is not kept."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to fetch, and what is known of it since the last time."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    manners: Manners = field(default_factory=Manners)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, byte by byte as the source has it (unpacked)."""

    url: str
    """Where it was in the end."""
    body: bytes
    digest: str
    """`sha256:` of the body."""
    content_type: str
    etag: str | None
    last_modified: str | None
    at: datetime
    moved: str | None = None
    """Where the source has moved for good (301, 308), if it says so all the way."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """304: nothing new since the last time."""

    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """Nothing came, and why."""

    url: str
    fault: Fault
    detail: str
    at: datetime
    retry_after: datetime | None = None


@dataclass(slots=True)
class Fetcher:
    """Fetches for all sources; one object, one event loop. To one host one request at a time, with pauses between them.

    `clock` tells the time, `sleep` waits: both can be put in the place of the real ones. `contact` is told to the sources.
    """

    contact: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    targets: Targets = PUBLIC
    at_once: int = 16
    sleep: Callable[[float], object] = asyncio.sleep
    _client: httpx.AsyncClient = field(init=False)
    _robots: dict[str, Robots] = field(default_factory=dict)
    _hosts: dict[str, asyncio.Lock] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)
    _gate: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Open nothing yet: connections are made as they are needed."""
        headers = {**_HEADERS, "user-agent": f"{AGENT}/1 (+{self.contact})"}
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(self.targets), headers=headers, follow_redirects=False, trust_env=False,
            timeout=httpx.Timeout(None),
        )  # fmt: skip
        self._gate = asyncio.Semaphore(self.at_once)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def fetch(self, asked: Asked) -> Fetched | Unchanged | Missed:
        """Ask once. Never raises for what a source does."""
        manners = asked.manners
        try:
            async with self._gate, asyncio.timeout(manners.seconds):
                return await self._follow(asked)
        except _Fault as error:
            return self._missed(asked, error.fault, error.detail, error.retry_after)
        except TimeoutError:
            return self._missed(asked, Fault.TOO_SLOW, f"not done in {manners.seconds:g} s")

    def _missed(self, asked: Asked, fault: Fault, detail: str, retry_after: datetime | None = None) -> Missed:
        return Missed(asked.url, fault, detail[:300], self.clock(), retry_after)

    async def _follow(self, asked: Asked) -> Fetched | Unchanged:
        url, for_good, conditions = _url(asked.url), True, _conditions(asked)
        for hop in range(asked.manners.redirects + 1):
            await self._wanted(url, asked.manners)
            async with self._answer(url, conditions if hop == 0 else {}, asked.manners) as answer:
                if answer.status_code not in _MOVED:
                    moved = str(url) if hop and for_good else None
                    return await self._taken(
                        answer, url, asked.manners, moved, conditional=hop == 0 and bool(conditions)
                    )
                for_good = for_good and answer.status_code in (301, 308)
                url = _next(url, answer)
        raise _Fault(Fault.REDIRECTS, f"more than {asked.manners.redirects} redirects")

    @asynccontextmanager
    async def _answer(self, url: httpx.URL, headers: dict[str, str], manners: Manners) -> AsyncIterator[httpx.Response]:
        host = url.netloc.decode("ascii")
        try:
            async with self._hosts.setdefault(host, asyncio.Lock()):
                await self._pause(host, manners)
                async with self._client.stream("GET", url, headers=headers) as answer:
                    yield answer
        except Forbidden as error:
            raise _Fault(error.fault, str(error)) from None
        except UnicodeError as error:
            # httpx reads where a redirect leads even if nobody goes there.
            raise _Fault(Fault.REDIRECTS, f"it leads to what is no address: {type(error).__name__}") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise _Fault(Fault.NETWORK, f"{type(error).__name__}: {error}") from None

    async def _pause(self, host: str, manners: Manners) -> None:
        """Some time after the last request to this host."""
        known = self._robots.get(host)
        wanted = max(manners.pause.total_seconds(), known.delay(AGENT) if known else 0.0)
        last = self._asked.get(host)
        if last is not None and (left := last + wanted - time.monotonic()) > 0:
            waited = self.sleep(left)
            if asyncio.iscoroutine(waited):
                await waited
        self._asked[host] = time.monotonic()

    async def _taken(
        self, answer: httpx.Response, url: httpx.URL, manners: Manners, moved: str | None, *, conditional: bool
    ) -> Fetched | Unchanged:
        status, now = answer.status_code, self.clock()
        if status == 304 and conditional:
            return Unchanged(str(url), now)
        if status != 200:
            raise _Fault(_meaning(status), f"HTTP {status}", told_to_wait(answer.headers.get("retry-after"), now))
        body = await _body(answer, manners.most_bytes)
        return Fetched(
            str(url), body, f"sha256:{sha256(body).hexdigest()}", answer.headers.get("content-type", "")[:200],
            _short(answer.headers.get("etag")), _short(answer.headers.get("last-modified")), self.clock(), moved,
        )  # fmt: skip

    # -- robots.txt ---------------------------------------------------------------------------------------------------------

    async def _wanted(self, url: httpx.URL, manners: Manners) -> None:
        """Raises _Fault where the host does not want this to be fetched."""
        if not manners.respect_robots:
            return
        host = url.netloc.decode("ascii")
        known = self._robots.get(host)
        if known is None or not known.is_fresh(self.clock()):
            known = self._robots[host] = await self._robots_of(url, manners)
        if not known.allows(AGENT, str(url)):
            why = "its robots.txt cannot be had" if known.rules is None else "its robots.txt does not want it"
            raise _Fault(Fault.ROBOTS if known.rules is not None else Fault.BUSY, why)

    async def _robots_of(self, url: httpx.URL, manners: Manners) -> Robots:
        at, now = url.copy_with(path="/robots.txt", query=None, fragment=None), self.clock()
        for _ in range(manners.redirects + 1):
            async with self._answer(at, {}, manners) as answer:
                status = answer.status_code
                if status in _MOVED:
                    at = _next(at, answer)
                elif status == 200:
                    return robots.read(await _body(answer, robots.MOST, cut=True), now)
                elif 400 <= status < 500 and status != 429:
                    return robots.everything(now)
                else:
                    return robots.nothing(now)
        return robots.everything(now)


class _Fault(Exception):
    def __init__(self, fault: Fault, detail: str, retry_after: datetime | None = None) -> None:
        self.fault, self.detail, self.retry_after = fault, detail, retry_after
        super().__init__(detail)


def _url(text: str) -> httpx.URL:
    try:
        return _readable(httpx.URL(text).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError) as error:
        raise _Fault(Fault.ADDRESS, f"{text[:100]}: {error}") from None


def _readable(url: httpx.URL) -> httpx.URL:
    """Raises ValueError where the host is none, or is none in the script that it claims: httpx finds out when it asks."""
    url.host.encode()
    return url


def _next(url: httpx.URL, answer: httpx.Response) -> httpx.URL:
    where = answer.headers.get("location")
    if not where:
        raise _Fault(Fault.REDIRECTS, f"HTTP {answer.status_code} without a place to go")
    try:
        return _readable(url.join(where).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError):
        raise _Fault(Fault.REDIRECTS, f"it leads to {where[:100]!r}, which is no address") from None


def _conditions(asked: Asked) -> dict[str, str]:
    """Only if it has changed (RFC 9110, 13.1)."""
    told = {"if-none-match": asked.etag, "if-modified-since": asked.last_modified}
    return {name: value for name, value in told.items() if value}


def _short(value: str | None) -> str | None:
    return value if value and len(value) <= _LONGEST_HEADER else None


def _meaning(status: int) -> Fault:
    match status:
        case 404 | 410:
            return Fault.GONE
        case 429 | 503:
            return Fault.BUSY
    if 400 <= status < 500:
        return Fault.REFUSED
    return Fault.SERVER if status >= 500 else Fault.ANSWER


async def _body(answer: httpx.Response, most: int, *, cut: bool = False) -> bytes:
    """The body, unpacked; never more of it in memory than it may be. `cut`: what is longer is cut off, not refused."""
    declared = answer.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most and not cut:
        raise _Fault(Fault.TOO_LARGE, f"{declared} bytes are announced, {most} may come")
    body = bytearray()
    sent = 0
    try:
        unpack = unpacking(answer.headers.get("content-encoding", ""))
        async for raw in answer.aiter_raw():
            sent += len(raw)
            for piece in unpack.pieces(raw):
                body += piece
                if len(body) > most or sent > most:
                    if cut:
                        return bytes(body[:most])
                    raise _Fault(Fault.TOO_LARGE, f"more than {most} bytes ({sent} as sent)")
    except Broken as error:
        raise _Fault(Fault.UNPACKING, str(error)) from None
    if not unpack.ended():
        raise _Fault(Fault.UNPACKING, "it ends in the middle")
    return bytes(body)
