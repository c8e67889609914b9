"""A receiver of webhooks and a mail server on this machine: they keep what came, and answer what a test wants."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import orjson


@dataclass(slots=True)
class Posted:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)["data"]
        return found


@dataclass(slots=True)
class Hook:
    """Answers by the path: `/410` is gone, `/hang` never answers, `/away` leads elsewhere; else as `status` says."""

    posted: list[Posted] = field(default_factory=list)
    status: Callable[[Posted], int] = lambda _posted: 204
    more: str = ""
    """Further headers of an answer."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def hook() -> AsyncIterator[Hook]:
    """Serves until the block ends."""
    found = Hook()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (one.partition(":") for one in head[1:] if one)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            posted = Posted(head[0].split()[1], headers, body)
            found.posted.append(posted)
            if posted.path == "/hang":
                await asyncio.sleep(3600)
            status = {"/410": 410, "/away": 307}.get(posted.path) or found.status(posted)
            more = f"location: {found.url}/elsewhere\r\n" if status == 307 else found.more
            writer.write(f"HTTP/1.1 {status} Said\r\ncontent-length: 0\r\nconnection: close\r\n{more}\r\n".encode())
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


@dataclass(slots=True)
class Post:
    """A mail server. `refused`: mailboxes that it does not take; `tls`: what it offers after STARTTLS."""

    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Every command, its word in capitals, with `tls ` before those that came encrypted."""
    refused: frozenset[str] = frozenset()
    tls: ssl.SSLContext | None = None
    port: int = 0


@asynccontextmanager
async def post_office(tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> AsyncIterator[Post]:
    """Serves until the block ends. `at_once`: encrypted from the begin."""
    found = Post(tls=tls)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _talk(found, reader, writer, encrypted=at_once)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls if at_once else None)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


async def _talk(post: Post, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, encrypted: bool) -> None:
    async def say(text: str) -> None:
        writer.write(f"{text}\r\n".encode())
        await writer.drain()

    sender, to = "", list[str]()
    await say("220 post.example ESMTP")
    while line := (await reader.readline()).decode("latin-1").strip():
        word = line.split()[0].upper()
        post.heard.append(("tls " if encrypted else "") + word + line[len(word) :])
        if word in ("EHLO", "HELO"):
            sender, to = "", []
            if post.tls is not None and not encrypted:
                await say("250-post.example\r\n250 STARTTLS")
            else:
                await say("250-post.example\r\n250 AUTH PLAIN")
        elif word == "STARTTLS" and post.tls is not None:
            await say("220 go on")
            await writer.start_tls(post.tls)
            encrypted = True
        elif word == "AUTH":
            await say("235 you are known")
        elif word == "MAIL":
            sender = line.partition("<")[2].partition(">")[0]
            await say("250 ok")
        elif word == "RCPT":
            box = line.partition("<")[2].partition(">")[0]
            if box in post.refused:
                await say("550 nobody here is called so")
            else:
                to.append(box)
                await say("250 ok")
        elif word == "DATA":
            await say("354 go on")
            lines = []
            while (part := await reader.readline()) != b".\r\n":
                lines.append(part[1:] if part.startswith(b"..") else part)
            post.letters.append(message_from_bytes(b"".join(lines), policy=default))  # type: ignore[arg-type]
            post.envelopes.append((sender, to))
            await say("250 taken")
        elif word == "QUIT":
            await say("221 bye")
            return
        else:
            await say("250 ok" if word in ("RSET", "NOOP") else "502 not here")
