"""One call as it is sent and settled, without sending it: what both clients share."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from lexgate_client._model import Meta
from lexgate_client._retries import AGAIN, Retries, told_to_wait
from lexgate_client._version import __version__
from lexgate_client._wire import Query, encode, parameters
from lexgate_client.errors import AnswerLost, LexgateError, NotReached, UnexpectedAnswer, refusal

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
TEST_PREFIX: Final = "lx_test_"
"""How the secret of a test key begins."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a service is called."""

    base_url: str
    api_key: str = field(repr=False)
    timeout: float = 10.0
    """Seconds without a sign of the service, in each try."""
    retries: Retries = field(default_factory=Retries)
    language: str | None = None
    """Of sentences in answers."""
    allow_http: bool = False
    """Without it an address without TLS is only taken on this machine: the key goes with every request."""

    def __post_init__(self) -> None:
        address = urlsplit(self.base_url)
        if address.scheme not in ("https", "http") or not address.hostname:
            raise ValueError("The address begins with https://")
        if address.scheme == "http" and not self.allow_http and not _is_here(address.hostname):
            raise ValueError("Without TLS everybody in between reads the API key: https://, or allow_http=True")
        if not self.api_key or not self.api_key.isascii() or not self.api_key.isprintable() or " " in self.api_key:
            raise ValueError("An API key is printable ASCII without blanks")
        if self.timeout <= 0:
            raise ValueError("A time limit lies above nought")

    @property
    def is_test(self) -> bool:
        """Whether the key is one of test mode."""
        return self.api_key.startswith(TEST_PREFIX)

    def url(self, call: Call) -> str:
        """Where a call goes."""
        return self.base_url.rstrip("/") + call.path

    def headers(self, call: Call) -> dict[str, str]:
        """What goes with it."""
        language = call.language or self.language
        return {
            "authorization": f"Bearer {self.api_key}",
            "accept": f"{JSON}, {LINES}, application/problem+json",
            "user-agent": f"lexgate-client-python/{__version__}",
            **({"content-type": call.media} if call.body is not None else {}),
            **({"accept-language": language} if language else {}),
            **({"idempotency-key": call.idempotency_key} if call.idempotency_key else {}),
        }


@dataclass(frozen=True, slots=True)
class Call:
    """One call. Every POST has an idempotency key, which stays the same through all its tries."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None
    media: str = JSON
    language: str | None = None
    idempotency_key: str | None = None


def call_of(
    method: str,
    path: str,
    *,
    query: Query | None = None,
    body: object = None,
    idempotency_key: str | None = None,
    language: str | None = None,
) -> Call:
    """A call with JSON, or with bytes of lines. Raises TypeError and ValueError for what has no form on the wire."""
    method = method.upper()
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("A path begins with one /")
    key = idempotency_key or (new_key() if method == "POST" else None)
    is_lines = isinstance(body, bytes)
    sent = body if isinstance(body, bytes) else None if body is None else encode(body)
    if method in ("POST", "PUT") and sent is None:
        sent = b"{}"
    return Call(method, path, parameters(query or {}), sent, LINES if is_lines else JSON, language, key)


def new_key() -> str:
    """An idempotency key that nobody has used."""
    # With its dashes: in a mere run of hexadecimal digits a card number may seem to stand.
    return f"ik_{uuid.uuid4()}"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back with a status below 300."""

    body: bytes
    meta: Meta


def settle(call: Call, status: int, headers: Mapping[str, str], body: bytes, tries: int) -> Answered | LexgateError:
    """The answer, or the error that it is. `headers`: their names in whatever letters, found in small ones."""
    meta = Meta(
        status, headers.get("x-request-id"), headers.get("lexgate-release"),
        headers.get("idempotent-replayed") == "true", call.idempotency_key, tries,
    )  # fmt: skip
    if 200 <= status < 300:
        return Answered(body, meta)
    if status < 400:
        return UnexpectedAnswer(f"HTTP {status}: no redirect is followed", meta)
    return refusal(_problem(headers, body), meta, told_to_wait(headers))


def _problem(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The body of a problem; of anything else, as proxies send it, only that it is one."""
    unknown = {"title": "Refused by something in between, or in words that are not understood"}
    if "json" not in headers.get("content-type", ""):
        return unknown
    try:
        told = json.loads(body)
    except ValueError:
        return unknown
    is_one = isinstance(told, dict) and all(isinstance(told.get(one, ""), str) for one in ("type", "title", "detail"))
    return told if is_one else unknown


def not_reached(call: Call, error: Exception, tries: int) -> NotReached:
    """There was no connection."""
    return NotReached(f"No connection: {type(error).__name__}", _meta(call, tries))


def lost(call: Call, error: Exception, tries: int) -> AnswerLost:
    """There was one, and no whole answer came."""
    return AnswerLost(f"No whole answer came: {type(error).__name__}", _meta(call, tries))


def _meta(call: Call, tries: int) -> Meta:
    return Meta(0, None, idempotency_key=call.idempotency_key, tries=tries)


def pause_before_next(retries: Retries, error: LexgateError, tries: int, spent: float) -> float | None:
    """Seconds until the next try; None: there is none."""
    status, waits = getattr(error, "status", None), getattr(error, "retry_after", None)
    if not (isinstance(error, NotReached) or status in AGAIN) or tries >= retries.tries:
        return None
    pause = retries.pause(tries, waits)
    return pause if spent + pause < retries.budget else None


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
