"""What every request passes before anything is decided, on the hot route and on the others alike."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
from dataclasses import dataclass
from typing import Final

from starlette.types import Receive

from api.bodies import require_json
from api.guard import is_card_number
from api.problems import Fault, Problem
from api.rates import Pairs
from api.service import Service
from engine.ledger import ApiKey, Scope

Headers = dict[bytes, bytes]
"""Lower-case names; of a header that is there twice, the last."""

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:\-]{0,127}")
_IDEMPOTENCY_KEY: Final = re.compile(rb"[\x21-\x7e]{1,255}")
_LENGTH: Final = re.compile(rb"\d{1,18}")

_start: Final = f"req_{secrets.token_hex(4)}"
_number: Final = itertools.count(1)


class ClientGone(Exception):
    """Nobody is left to be answered."""


def request_id_of(headers: Headers) -> str:
    """The caller's own id of this request, if it can be repeated safely, or a new one."""
    given = headers.get(b"x-request-id")
    if given is not None and _REQUEST_ID.fullmatch(given):
        text = given.decode("ascii")
        if not is_card_number(text):
            return text
    return f"{_start}{next(_number):08x}"


@dataclass(slots=True)
class Admitted:
    """A request that may be looked at."""

    key: ApiKey
    once: tuple[str, str] | None
    """Scope and key, where the caller promises that equal requests are one."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Wish:
    """What a route asks of its callers: either of two scopes, or none; and the name of the route."""

    wanted: Scope | None
    route: str
    otherwise: Scope | None = None


@dataclass(slots=True)
class Told:
    """What every answer says of the rate of its caller, once the caller is known."""

    rate: Pairs = ()


async def admit(service: Service, headers: Headers, receive: Receive, wish: Wish, source: str, told: Told) -> Admitted:
    """A request with a JSON body, which is not parsed yet. Raises Problem 401, 403, 408, 413, 415, 422 or 429."""
    key = await service.door.authenticate(headers.get(b"authorization"), wish.wanted, wish.otherwise, source)
    told.rate = service.rates_of_keys.charge(key)
    return await received(service, headers, receive, wish, key)


async def received(service: Service, headers: Headers, receive: Receive, wish: Wish, key: ApiKey) -> Admitted:
    """The body of somebody who was let in. Raises Problem 408, 413, 415 or 422."""
    require_json(headers.get(b"content-type"))
    once = once_of(headers, key, wish.route) if b"idempotency-key" in headers else None
    return Admitted(key, once, await read_body(service, headers, receive))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a body may be, in bytes, and how long it may take to come, in seconds."""

    most: int
    seconds: int


async def read_body(service: Service, headers: Headers, receive: Receive, bounds: Bounds | None = None) -> bytes:
    """The whole body, by default within the bounds of the settings. Raises 413 as soon as it is known to be too large, 408 where
    it is not here in time."""
    settings = service.settings
    limit, seconds = (
        (settings.max_body_bytes, settings.receive_seconds) if bounds is None else (bounds.most, bounds.seconds)
    )
    length = headers.get(b"content-length")
    if length is not None and _LENGTH.fullmatch(length) and int(length) > limit:
        raise _too_large(limit)
    begun = service.deadlines.begin(seconds)
    try:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body: bytes = message.get("body", b"")
        if message.get("more_body", False):
            return await _read_on(body, receive, limit)
    except asyncio.CancelledError:
        if service.deadlines.is_over(begun):
            # What is still to come would be read as the next request.
            raise Problem("body_too_slow", f"Not here within {seconds} s.", headers={"connection": "close"}) from None
        raise
    finally:
        service.deadlines.end(begun)
    if len(body) > limit:
        raise _too_large(limit)
    return body


async def _read_on(body: bytes, receive: Receive, limit: int) -> bytes:
    parts, size, more = [body], len(body), True
    while more:
        if size > limit:
            raise _too_large(limit)
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part: bytes = message.get("body", b"")
        parts.append(part)
        size += len(part)
        more = message.get("more_body", False)
    if size > limit:
        raise _too_large(limit)
    return b"".join(parts)


def _too_large(limit: int) -> Problem:
    # The rest of the body is not read: the connection cannot be used again.
    return Problem("body_too_large", f"At most {limit} bytes.", headers={"connection": "close"})


def once_of(headers: Headers, key: ApiKey, route: str) -> tuple[str, str] | None:
    """Scope and key of an idempotent request: a key belongs to the API key that sent it, and to one route."""
    given = headers.get(b"idempotency-key")
    if given is None:
        return None
    text = given.decode("latin-1")
    if not _IDEMPOTENCY_KEY.fullmatch(given) or is_card_number(text):
        message = "1 to 255 printable ASCII characters without blanks, and no card number"
        fault = Fault("", "idempotency_key_form", message, parameter="Idempotency-Key")
        raise Problem("parameters_refused", "1 fault.", faults=[fault])
    return f"{key.id} {route}", text
