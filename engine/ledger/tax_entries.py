"""What goes into the ledger of a tax and comes out of it: calculations, transactions, reversals, merchants' profiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from engine.ledger.errors import BodyErased
from engine.postings import Posting


@dataclass(frozen=True, slots=True)
class CalculationEntry:
    """One calculation to be stored. `answer` holds the very bytes that will be sent."""

    id: str
    at: datetime
    key_id: str
    reference: str | None
    payer_id: str | None
    """Whom it is about, as the caller calls them; None: the request names no payer."""
    merchant: str | None
    profile_version: int | None
    verdict: str
    valid_until: datetime
    release: str
    facts: bytes
    """The request as it came."""
    inputs: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class TransactionEntry:
    """A calculation to be committed. Amounts are whole minor units of `currency`; the postings add up to them."""

    id: str
    calculation_id: str
    at: datetime
    key_id: str
    reference: str | None
    merchant: str | None
    day: date
    """The date of the supply, as the law of its place has it: chooses the period of returns."""
    currency: str
    digits: int
    release: str
    postings: tuple[Posting, ...]
    answer: bytes


@dataclass(frozen=True, slots=True)
class ReversalEntry:
    """What is to be given back of a transaction."""

    id: str
    transaction_id: str
    at: datetime
    key_id: str
    reference: str | None
    mode: str
    """full | lines | amount."""
    day: date
    """When the price was reduced or the supply cancelled."""
    request: bytes
    postings: tuple[Posting, ...]
    answer: bytes


class Refusal(NamedTuple):
    """Why a reversal cannot be: nothing was stored. `pointer` is a JSON Pointer into the request."""

    code: str
    message: str
    pointer: str


@dataclass(frozen=True, slots=True)
class AlreadyCommitted:
    """The calculation stands for a transaction already: nothing was stored."""

    transaction_id: str


@dataclass(frozen=True, slots=True)
class StoredCalculation:
    """A calculation as it stands in the ledger. Of one whose payer was erased its envelope is left: asked for more, it raises
    BodyErased."""

    seq: int
    id: str
    at: datetime
    key_id: str
    reference: str | None
    merchant: str | None
    profile_version: int | None
    verdict: str
    valid_until: datetime
    release: str
    bodies: tuple[bytes, ...] | None
    """Facts, inputs, answer. None: they were erased."""

    @property
    def erased(self) -> bool:
        """Whether whom it was about was erased, and with them what it was about."""
        return self.bodies is None

    @property
    def facts(self) -> bytes:
        """The request. Raises BodyErased."""
        return self._body(0)

    @property
    def inputs(self) -> bytes:
        """Profile, rates and whatever else it was worked out by. Raises BodyErased."""
        return self._body(1)

    @property
    def answer(self) -> bytes:
        """The very bytes that were answered. Raises BodyErased."""
        return self._body(2)

    def _body(self, at: int) -> bytes:
        if self.bodies is None:
            raise BodyErased(f"the calculation {self.id}")
        return self.bodies[at]


@dataclass(frozen=True, slots=True)
class StoredTransaction:
    """A transaction as it stands in the ledger. Of one whose payer was erased its amounts are left: asked for its answer, it
    raises BodyErased."""

    seq: int
    id: str
    calculation_id: str
    at: datetime
    recorded_at: datetime
    key_id: str
    reference: str | None
    merchant: str | None
    day: date
    currency: str
    digits: int
    net: int
    tax: int
    gross: int
    release: str
    postings: tuple[Posting, ...]
    body: bytes | None
    """The answer; None: it was erased."""

    @property
    def erased(self) -> bool:
        """Whether whom it was about was erased."""
        return self.body is None

    @property
    def answer(self) -> bytes:
        """The very bytes that were answered. Raises BodyErased."""
        if self.body is None:
            raise BodyErased(f"the transaction {self.id}")
        return self.body


@dataclass(frozen=True, slots=True)
class StoredReversal:
    """A reversal as it stands in the ledger. Of one whose payer was erased its amounts are left: asked for its answer, it raises
    BodyErased."""

    seq: int
    id: str
    transaction_id: str
    at: datetime
    recorded_at: datetime
    mode: str
    day: date
    net: int
    tax: int
    gross: int
    postings: tuple[Posting, ...]
    body: bytes | None
    """The answer; None: it was erased."""

    @property
    def answer(self) -> bytes:
        """The very bytes that were answered. Raises BodyErased."""
        if self.body is None:
            raise BodyErased(f"the reversal {self.id}")
        return self.body


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """One version of a merchant's profile. `profile` is what was put, as JSON."""

    merchant: str
    version: int
    at: datetime
    key_id: str
    profile: bytes
