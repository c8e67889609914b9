"""Is a message from this Lexgate? Standard Webhooks 1.0: id, time and body, signed by HMAC-SHA256."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from pydantic import AwareDatetime, ValidationError

from lexgate_client._model import Part
from lexgate_client.errors import WebhookRefused

TOLERANCE: Final = timedelta(minutes=5)
_PREFIX: Final = "whsec_"
_LONGEST: Final = 64
"""Signatures that are looked at: a sender has as many as it has live secrets."""


class WebhookEvent(Part):
    """A message that is genuine."""

    id: str
    """The same at every attempt: whoever has seen it does nothing, and answers 200."""
    type: str
    timestamp: AwareDatetime
    """When it happened."""
    data: dict[str, Any]


class Webhooks:
    """Verifies messages. `secrets`: every one that is live, `whsec_...`; one of them must have signed."""

    def __init__(
        self,
        secrets: str | Sequence[str],
        *,
        tolerance: timedelta = TOLERANCE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._keys = [_key(one) for one in ([secrets] if isinstance(secrets, str) else secrets)]
        if not self._keys:
            raise ValueError("At least one secret is needed")
        self._tolerance, self._now = tolerance.total_seconds(), now

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Webhooks({len(self._keys)} secrets)"

    def verify(self, headers: Mapping[str, str], body: bytes) -> WebhookEvent:
        """The message, from the very bytes that came. Raises WebhookRefused."""
        named = {name.lower(): value for name, value in headers.items()}
        try:
            identity, said, given = (named[f"webhook-{one}"] for one in ("id", "timestamp", "signature"))
        except KeyError as error:
            raise WebhookRefused(f"There is no header {error}") from None
        self._on_time(said)
        signed = b".".join((identity.encode(), said.encode(), body))
        wanted = [base64.b64encode(hmac.new(key, signed, sha256).digest()) for key in self._keys]
        offered = [one[3:].encode() for one in given.split(" ")[:_LONGEST] if one.startswith("v1,")]
        # Each is held against each, whatever was found before: how long it takes says nothing of a secret.
        if not sum(hmac.compare_digest(mine, theirs) for mine in wanted for theirs in offered):
            raise WebhookRefused("No signature by a secret that is known here")
        return _event(identity, body)

    def _on_time(self, said: str) -> None:
        if not (said.isascii() and said.isdecimal() and len(said) <= 12):
            raise WebhookRefused("The timestamp is not a number of seconds")
        if abs(self._now() - int(said)) > self._tolerance:
            raise WebhookRefused("Too old, or too far ahead")


def _event(identity: str, body: bytes) -> WebhookEvent:
    try:
        told = _Body.model_validate_json(body)
    except ValidationError:
        raise WebhookRefused("Signed, and not a message of Lexgate") from None
    return WebhookEvent(id=identity, type=told.type, timestamp=told.timestamp, data=told.data)


class _Body(Part):
    type: str
    timestamp: AwareDatetime
    data: dict[str, Any]


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        raise ValueError(f"A secret begins with {_PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("A secret is base64") from None
    if not key:
        raise ValueError("An empty secret signs nothing")
    return key
