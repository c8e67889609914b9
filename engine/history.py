"""What happened before: the questions that the law asks of the past, and the one seam through which they are answered.

The contract that every history keeps is written down in `docs/reference/history.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

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


# -- features ----------------------------------------------------------------------------------------------------------


COLUMNS: Final[Mapping[str, str]] = {
    "payer_id": "payer.id",
    "payee_id": "payee.id",
    "merchant": "payee.merchant",
    "account": "payment.account.iban",
    "card": "payment.card.last4",
    "instrument": "payment.instrument",
    "method": "payment.method",
    "channel": "payment.channel",
    "initiator": "payment.initiator",
    "direction": "direction",
    "kind": "kind",
    "currency": "currency",
    "payer_country": "payer.country",
    "payee_country": "payee.country",
    "issuer_country": "payment.issuer_country",
    "acquirer_country": "payment.acquirer_country",
    "entity_role": "obliged_entity.role",
    "entity_country": "obliged_entity.country",
}
"""What is kept of each past payment, beside its amount and its moment: column -> the fact that it was stated as. Of a card
it is the BIN and the last digits together (`column_of`)."""


class Of(StrEnum):
    """What a feature makes of the past payments that it finds."""

    SUM = "sum"
    """Their amounts together."""
    COUNT = "count"
    """How many there were."""
    DISTINCT = "distinct"
    """How many different values a column had; payments that did not state it add none."""
    MIN = "min"
    """The smallest amount; nought where there was no payment."""
    MAX = "max"
    """The largest amount; nought where there was no payment."""


@dataclass(frozen=True, slots=True)
class FeatureForm:
    """Which past payments a feature looks at, but for the values of the present payment and the window."""

    of: Of
    column: str | None
    """Of `distinct`: the column whose values are told apart."""
    where: tuple[tuple[str, tuple[str, ...]], ...]
    """Column and the values it may have, by column. A past payment that did not state the column is not left out."""
    key: tuple[str, ...]
    """Columns that must be stated, and equal to the present payment's."""
    same: tuple[str, ...]
    """Columns that must be equal to the present payment's where the past payment stated them."""


class PastQuestion(NamedTuple):
    """What was paid since the payer was last authenticated: asked of payments that began before `before` or at the same instant,
    but for the present one, which `reference` names. Of two that state one instant, whichever is known already came before."""

    payer_id: str
    instrument: str
    channel: str
    card: str | None
    before: datetime
    reference: str | None = None


class FeatureQuestion(NamedTuple):
    """One feature asked for one payment: executed payments with `start <= occurred_at < end`."""

    name: str
    form: FeatureForm
    key: tuple[str, ...]
    """The present payment's values of `form.key`."""
    same: tuple[str, ...]
    window: str
    """The window as it is declared: what was asked, whatever calendars and time zones are known to say of it later."""
    start: datetime
    end: datetime


class FeatureAnswer(NamedTuple):
    """What a history found. Of sum, min and max: exact amounts, one a currency, by its code; of count and distinct a number."""

    amounts: tuple[Money, ...] = ()
    number: int = 0


class History(Protocol):
    """What the rules may ask about the past."""

    def since_authenticated(self, asked: PastQuestion) -> PastPayments | None:
        """What was paid since. None: this history does not know."""

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """The answers in the order of the questions. None: this history does not know."""


class NullHistory:
    """No memory at all: it answers None, never zero, so that silence cannot make an answer more lenient."""

    def since_authenticated(self, asked: PastQuestion) -> PastPayments | None:
        """Always None."""
        return None

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """None for each."""
        return [None] * len(asked)


def column_of(column: str, facts: Mapping[str, object]) -> str | None:
    """What a payment states of a column; None where it states nothing."""
    if column == "card":
        digits, last = facts.get("payment.card.bin"), facts.get("payment.card.last4")
        return f"{digits or ''}-{last or ''}" if digits or last else None
    found = facts.get(COLUMNS[column])
    return None if found is None else str(found)
