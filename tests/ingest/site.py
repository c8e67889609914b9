"""A regulator's web site on this machine: it answers what a test wants, byte by byte, also what no server should."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ingest.fetch import Targets


@dataclass(slots=True)
class Heard:
    """A request as it came."""

    path: str
    headers: dict[str, str]


Answer = Callable[[Heard], AsyncIterator[bytes]]


def said(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
    """An answer that is whole."""
    told = {
        "content-length": str(len(body)),
        "connection": "close",
        **{_dashed(name): value for name, value in headers.items()},
    }

    async def answer(_heard: Heard) -> AsyncIterator[bytes]:
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        yield f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body

    return answer


def dripping(pieces: Callable[[], AsyncIterator[bytes]], **headers: str) -> Answer:
    """An answer without an end that was told before: until it closes."""
    told = {"connection": "close", **{_dashed(name): value for name, value in headers.items()}}

    async def answer(_heard: Heard) -> AsyncIterator[bytes]:
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        yield f"HTTP/1.1 200 Said\r\n{head}\r\n".encode()
        async for piece in pieces():
            yield piece

    return answer


def _dashed(name: str) -> str:
    return name.replace("_", "-")


@dataclass(slots=True)
class Site:
    """Pages by path, and what was asked of them."""

    pages: dict[str, Answer] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def targets(self) -> Targets:
        """Only this site may be asked although it is not public."""
        return Targets(frozenset({f"127.0.0.1:{self.port}"}))

    def asked(self, path: str) -> list[Heard]:
        """The requests for one path."""
        return [one for one in self.heard if one.path == path]


@asynccontextmanager
async def site(pages: dict[str, Answer] | None = None) -> AsyncIterator[Site]:
    """Serves until the block ends."""
    found = Site(dict(pages or {}))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            heard = Heard(head[0].split()[1], headers)
            found.heard.append(heard)
            async for piece in found.pages.get(heard.path, said(status=404))(heard):
                writer.write(piece)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
