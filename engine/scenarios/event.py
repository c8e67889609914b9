"""What scenarios look at: events, the subject in whose window they lie, and which way the money goes as the subject sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.packs.scenario import SEGMENT


@dataclass(frozen=True, slots=True)
class Event:
    """One payment as it was told of, or one attempt. Whatever is None was not stated, and is never taken for something else."""

    id: str
    """The decision's id: what alerts name as evidence."""
    at: datetime
    """When the payment happened (aware)."""
    kind: str
    """sale | refund | payout | transfer | deposit | withdrawal"""
    amount: int
    """In minor units of `currency`."""
    currency: str
    status: str = "executed"
    """executed | failed | refunded | charged_back | abandoned: the last word that was told."""
    outcome: str | None = None
    """What was decided before it: allow | challenge | collect | review | block."""
    direction: str | None = None
    """in | out, as the caller stated it."""
    payer: str | None = None
    payee: str | None = None
    account: str | None = None
    """The payer's account."""
    payee_account: str | None = None
    card: str | None = None
    """BIN and last digits, `412345-1234`."""
    merchant: str | None = None
    instrument: str | None = None
    method: str | None = None
    channel: str | None = None
    location: str | None = None
    """Branch, agent, terminal, or wherever else it was done."""
    device: str | None = None
    payer_country: str | None = None
    payee_country: str | None = None
    name_check: str | None = None
    """match | close | mismatch: whether the payee's name is the account's."""
    customer_since: datetime | None = None
    """When the payer's account was opened."""
    reference: str | None = None
    """The caller's own id of the payment: of several attempts under one, the one that was told of last is the payment."""
    captured: bool = False
    """The money was taken, also where it was given back since: no other attempt under the reference takes its place."""
    told: tuple[int, int] | None = None
    """When its last word was told of it, in microseconds, and that word's number in the chain."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose window it is."""

    kind: str
    """payer | payee | account | card | merchant"""
    key: str
    segment: str = SEGMENT
    """Which values of parameters hold: `standard` where nothing is known."""


PARTIES: Final = ("payer", "payee")
_BY_KIND: Final = {"deposit": "in", "withdrawal": "out"}
"""An account fills or empties, whoever stands on the other side: a person, the bank, or the account's own holder."""


def subjects_of(event: Event) -> Iterator[Subject]:
    """Everybody in whose window an event belongs, each once."""
    found = (
        ("payer", event.payer), ("payee", event.payee), ("account", event.account), ("account", event.payee_account),
        ("card", event.card), ("merchant", event.merchant),
    )  # fmt: skip
    for kind, key in dict.fromkeys(found):
        if key is not None:
            yield Subject(kind, key)


def concerns(event: Event, subject: Subject) -> bool:
    """Whether an event belongs in a subject's window. A party's window holds what it pays and what it is paid."""
    if subject.kind in PARTIES:
        return subject.key in (event.payer, event.payee)
    if subject.kind == "account":
        return subject.key in (event.account, event.payee_account)
    return subject.key == (event.card if subject.kind == "card" else event.merchant)


def flow_of(event: Event, subject: Subject) -> str | None:
    """`in` where money comes to the subject, `out` where it leaves; None where that cannot be told.

    What the caller stated as `direction` is how the obliged entity sees it, and counts only where the parties do not tell.
    """
    if subject.kind == "merchant":
        return "out" if event.kind in ("refund", "payout") else "in"
    if event.kind in _BY_KIND:
        return _BY_KIND[event.kind]
    if subject.kind == "card":
        return "in" if event.kind == "refund" else "out"
    pays, paid = _sides(event, subject)
    if pays == paid:
        return event.direction
    back = event.kind == "refund"
    return "out" if pays is not back else "in"


def pays(event: Event, subject: Subject) -> bool | None:
    """Whether the subject is stated as who pays, whatever is paid; None where nobody is."""
    if subject.kind in ("card", "merchant"):
        return subject.kind == "card"
    payer = event.account if subject.kind == "account" else event.payer
    return None if payer is None else payer == subject.key


def _sides(event: Event, subject: Subject) -> tuple[bool, bool]:
    """Whether the subject pays, and whether it is paid."""
    if subject.kind == "account":
        return event.account == subject.key, event.payee_account == subject.key
    return event.payer == subject.key, event.payee == subject.key


def counterparty_of(event: Event, subject: Subject) -> str | None:
    """The other party; None where there is none, or it was not stated."""
    pays, paid = _sides(event, subject)
    if subject.kind == "merchant":
        return event.payer
    if subject.kind == "card" or pays:
        return event.payee if event.payee != event.payer else None
    return event.payer if paid and event.payee != event.payer else None
