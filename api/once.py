"""Writes that are made once however often they are asked for: the key of a request, and the answer that it was given before."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from api.admission import Admitted
from api.problems import Problem
from engine.ledger import IdempotencyKey, KeyedAnswer, KeyReused, Ledger, Replayed


class Given(NamedTuple):
    """What to send."""

    body: bytes
    replayed: bool = False
    release: str | None = None


def once_of(admitted: Admitted, name: str = "") -> IdempotencyKey | None:
    """The idempotency key of a request; `name` is what its path names, which the key's digest then covers as well."""
    if admitted.once is None:
        return None
    return IdempotencyKey(*admitted.once, sha256(name.encode() + b"\0" + admitted.body).digest())


def keyed(once: IdempotencyKey | None, answer: bytes) -> KeyedAnswer | None:
    """The answer as it is kept with its write, under the key of the request if it has one."""
    return None if once is None else KeyedAnswer(once, answer)


def given_by(written: object, answer: bytes) -> Given:
    """What to send once it was written. Raises 422 for a key that came with another body."""
    if isinstance(written, KeyReused):
        raise _reused()
    return Given(written.stored.answer, replayed=True) if isinstance(written, Replayed) else Given(answer)


def given_before(ledger: Ledger, once: IdempotencyKey | None) -> Given | None:
    """The answer that was given under this key before. Raises 422 for a key that came with another body, BodyErased for an answer
    that was erased."""
    known = None if once is None else ledger.given(once)
    return None if known is None else given_by(known, b"")


def _reused() -> Problem:
    return Problem("key_reused", "It came with another body. Use a new key for a new request.")
