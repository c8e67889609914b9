"""What a pattern may read of an event: whole numbers, words of closed vocabularies, and identities that are only alike or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FieldKind(StrEnum):
    """What a field holds."""

    NUMBER = "number"
    WORD = "word"
    """Compared with a word, or with the same field of another event."""
    IDENTITY = "identity"
    """Compared with another identity only."""
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class PatternField:
    """One field. `words` is None where the vocabulary is open (currencies, countries, means of payment)."""

    kind: FieldKind
    words: frozenset[str] | None = None


def _words(*words: str) -> PatternField:
    return PatternField(FieldKind.WORD, frozenset(words) if words else None)


_NUMBER: Final = PatternField(FieldKind.NUMBER)
_IDENTITY: Final = PatternField(FieldKind.IDENTITY)

STATUSES: Final = ("executed", "failed", "refunded", "charged_back", "abandoned")
KINDS: Final = ("sale", "refund", "payout", "transfer", "deposit", "withdrawal")

FIELDS: Final[Mapping[str, PatternField]] = {
    "ts": _NUMBER,
    "seq": _NUMBER,
    "amount": _NUMBER,
    "zeros": _NUMBER,
    "kind": _words(*KINDS),
    "status": _words(*STATUSES),
    "flow": _words("in", "out"),
    "outcome": _words("allow", "challenge", "collect", "review", "block"),
    "name_check": _words("match", "close", "mismatch"),
    "instrument": _words("card", "credit_transfer", "direct_debit", "e_money", "cash", "crypto", "voucher"),
    "channel": _words("remote", "contactless", "chip", "unattended_terminal", "mail_telephone"),
    "method": _words(),
    "currency": _words(),
    "payer_country": _words(),
    "payee_country": _words(),
    "payer": _IDENTITY,
    "payee": _IDENTITY,
    "counterparty": _IDENTITY,
    "account": _IDENTITY,
    "payee_account": _IDENTITY,
    "card": _IDENTITY,
    "merchant": _IDENTITY,
    "location": _IDENTITY,
    "device": _IDENTITY,
    "cross_border": PatternField(FieldKind.FLAG),
    "done": PatternField(FieldKind.FLAG),
    "pays": PatternField(FieldKind.FLAG),
}
"""Name -> what it holds. `ts` is in epoch seconds, `amount` in minor units of the scenario's currency, `zeros` the decimal zeros
at the end of the amount in major units; `flow` and `counterparty` are as the subject of the window sees them; it `pays` where it
is stated as who pays, whichever way it sees the money go. Of what is `done` money moved, whatever became of it later."""

DONE: Final = frozenset({"executed", "refunded", "charged_back"})
"""Statuses of payments that were made."""

ALWAYS: Final = frozenset({"ts", "seq", "kind", "status", "done", "currency"})
"""Fields that every event has."""

LONGEST_WORD: Final = 40
"""Longer words are taken as not stated."""
