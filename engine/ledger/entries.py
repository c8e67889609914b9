"""The values that go into the ledger and come out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from engine.history import EventKind
from engine.ledger.errors import BodyErased, LedgerError

T = TypeVar("T")


class IdempotencyKey(NamedTuple):
    """A caller's promise that two requests are one: the key, whose it is, and the SHA-256 of the body it came with."""

    scope: str
    key: str
    request_sha256: bytes


class KeyedAnswer(NamedTuple):
    """The answer to a request that makes no decision, and the key under which it is given again."""

    key: IdempotencyKey
    answer: bytes


class Piece(NamedTuple):
    """A part of an answer that is kept under an idempotency key, and the subject whom it is about, by pseudonym."""

    subject: str
    said: bytes


@dataclass(frozen=True, slots=True)
class Once:
    """The key of a request, and what makes its answer of what was written. Such an answer names no secret: it is kept."""

    key: IdempotencyKey
    tell: Callable[[Any], bytes]


@dataclass(frozen=True, slots=True)
class CountedPayment:
    """What history needs to count the payment, should it be executed. `authenticated`: the caller said it was."""

    payer_id: str
    instrument: str
    channel: str
    card: str | None
    occurred_at: datetime
    amount: Decimal
    currency: str
    authenticated: bool


class Owed(NamedTuple):
    """An obligation of a decision. `due` is as the answer says it; `due_at` is the instant from which it is overdue, if any."""

    code: str
    domain: str
    who: str
    due: str | None
    due_at: datetime | None
    message: str


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """One decision to be stored. `answer` holds the very bytes that will be sent; it does not hold the request."""

    id: str
    at: datetime
    key_id: str
    reference: str | None
    payer_id: str | None
    outcome: str
    country: str | None
    release: str
    facts: bytes
    inputs: bytes
    answer: bytes
    counted: CountedPayment | None = None
    idempotency: tuple[str, str, bytes] | None = None
    owed: tuple[Owed, ...] = ()
    told: Mapping[str, Any] | None = None
    """What `answer` says, where it is at hand as objects. None: it is read from the bytes."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer that was given under an idempotency key. `decision_id` is None if no decision was made."""

    decision_id: str | None
    request_sha256: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """The entry is on disk as row `seq` of the chain."""

    seq: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """The same key came with the same body before: nothing was stored, and `stored` is the answer to give again."""

    stored: StoredAnswer


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The same key came with another body before: nothing was stored."""

    scope: str
    key: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event is on disk as row `seq`. `fresh` is False if it had been told before."""

    seq: int
    fresh: bool


Written = Stored | Replayed | KeyReused
EventWritten = Recorded | Replayed | KeyReused
Done = Callable[[Written | LedgerError], None]
"""Called once, from the writer's thread, after the commit; with an error when nothing was stored."""


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it stands in the ledger. Of one whose payer was erased its envelope is left: asked for more, it raises
    BodyErased."""

    seq: int
    id: str
    at: datetime
    recorded_at: datetime
    key_id: str
    reference: str | None
    payer_id: str | None
    outcome: str
    country: str | None
    release: str
    counted: CountedPayment | None
    bodies: tuple[bytes, bytes, bytes] | None
    """Facts, inputs, answer. None: they were erased."""
    hash: bytes

    @property
    def erased(self) -> bool:
        """Whether whom it was about was erased, and with them what it was about."""
        return self.bodies is None

    @property
    def facts(self) -> bytes:
        """The request. Raises BodyErased."""
        return self._whole()[0]

    @property
    def inputs(self) -> bytes:
        """History, rates and whatever else it was decided by. Raises BodyErased."""
        return self._whole()[1]

    @property
    def answer(self) -> bytes:
        """The very bytes that were answered. Raises BodyErased."""
        return self._whole()[2]

    def _whole(self) -> tuple[bytes, bytes, bytes]:
        if self.bodies is None:
            raise BodyErased(f"the decision {self.id}")
        return self.bodies


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it stands in the ledger. `at` is when it happened, `recorded_at` when we were told."""

    seq: int
    decision_id: str
    kind: EventKind
    at: datetime
    recorded_at: datetime
    key_id: str | None
    details: bytes


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A slice of a listing. `next` is the cursor to ask for what follows, None at the end."""

    data: tuple[T, ...]
    next: str | None
