"""What a payer did before: the question the law asks of the past, and the one seam through which it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from engine.money import Money


class EventKind(StrEnum):
    """What became of a payment after it was decided. History counts events, never intentions."""

    AUTHENTICATED = "authenticated"
    """The payer passed strong customer authentication: the counters of the card and channel start again."""
    AUTHORISED = "authorised"
    """The issuer approved the payment: it counts as executed."""
    CAPTURED = "captured"
    """The money was taken: the payment counts as executed, whether or not its authorisation was told."""
    FAILED = "failed"
    """The payment or the authentication did not succeed: it does not count, and resets nothing."""
    REFUNDED = "refunded"
    """The money went back. The payment had been executed all the same and still counts."""


@dataclass(frozen=True, slots=True)
class PastPayments:
    """The executed, unauthenticated payments since the payer last passed strong customer authentication.

    `amounts` holds one exact total for each currency, in the order of the currency codes: nothing is converted here.
    """

    amounts: tuple[Money, ...]
    count: int


class History(Protocol):
    """What the rules may ask about the past of a payer."""

    def since_authenticated(
        self, *, payer_id: str, instrument: str, channel: str, card: str | None, before: datetime
    ) -> PastPayments | None:
        """Payments that began before `before`, the present one not included. None: this history does not know."""


class NullHistory:
    """No memory at all: it answers None, never zero, so that silence cannot make an answer more lenient."""

    def since_authenticated(
        self, *, payer_id: str, instrument: str, channel: str, card: str | None, before: datetime
    ) -> PastPayments | None:
        """Always None."""
        return None
