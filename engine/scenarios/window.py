"""A window: the events of one subject in the order of time, as facts that both matchers read.

Identities (who, which card, which device) become numbers of the window's own, so that two of them are the same only where the
texts are, never where their hashes are. Whatever is not stated is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from engine.language.law import Convert
from engine.money import DIGITS, Money
from engine.patterns.fields import DONE, FIELDS, LONGEST_WORD, FieldKind
from engine.scenarios.event import Event, Subject, counterparty_of, flow_of, pays
from engine.scenarios.made import made

IDENTITIES: Final = tuple(name for name, field in FIELDS.items() if field.kind is FieldKind.IDENTITY)
WORDS: Final = tuple(name for name, field in FIELDS.items() if field.kind is FieldKind.WORD and name != "flow")


@dataclass(slots=True)
class Window:
    """The events of a subject, oldest first, and what was worked out of them so far."""

    subject: Subject
    events: tuple[Event, ...]
    convert: Convert
    _facts: dict[str, list[dict[str, int | str]]]
    _base: list[dict[str, int | str]] | None = None
    _made: Window | None = None

    def made(self) -> Window:
        """The same window of what was really paid."""
        if self._made is None:
            events = made(self.events)
            self._made = self if len(events) == len(self.events) else Window(self.subject, events, self.convert, {})
        return self._made

    def facts(self, unit: str) -> list[dict[str, int | str]]:
        """The facts of every event, amounts in minor units of `unit`."""
        found = self._facts.get(unit)
        if found is None:
            found = self._facts[unit] = [
                _with_amount(fact, event, unit, self.convert)
                for fact, event in zip(self.plain(), self.events, strict=True)
            ]
        return found

    def plain(self) -> list[dict[str, int | str]]:
        """The facts of every event, but for the amount."""
        if self._base is None:
            numbers: dict[str, int] = {}
            self._base = [_stated(event, at, self.subject, numbers) for at, event in enumerate(self.events)]
        return self._base


def window_of(subject: Subject, events: Iterable[Event], convert: Convert) -> Window:
    """The window of a subject. Of one instant, the order is that of the ids: told in any order, it is the same window."""
    ordered = tuple(sorted(events, key=lambda event: (event.at, event.id)))
    return Window(
        subject, ordered, lambda money, unit: money.amount if money.currency == unit else convert(money, unit), {}
    )


def seconds_of(at: datetime) -> int:
    """Whole seconds since 1970."""
    return int(at.timestamp())


def minor(amount: int, currency: str, unit: str, convert: Convert) -> int | None:
    """An amount in minor units of another currency, halves away from nought; None where there is no rate."""
    if currency == unit:
        return amount
    found = convert(Money(Decimal(amount).scaleb(-DIGITS.get(currency, 2)), currency), unit)
    return None if found is None else int(found.scaleb(DIGITS[unit]).to_integral_value(ROUND_HALF_UP))


def _with_amount(fact: dict[str, int | str], event: Event, unit: str, convert: Convert) -> dict[str, int | str]:
    amount = minor(event.amount, event.currency, unit, convert)
    return fact if amount is None else {**fact, "amount": amount}


def _stated(event: Event, at: int, subject: Subject, numbers: dict[str, int]) -> dict[str, int | str]:
    """What an event states, but for its amount."""
    done = int(event.status in DONE)
    found: dict[str, int | str] = {"seq": at, "ts": seconds_of(event.at), "zeros": _zeros(event), "done": done}
    paying = pays(event, subject)
    if paying is not None:
        found["pays"] = int(paying)
    for name in WORDS:
        word = getattr(event, name)
        if word is not None and len(word) <= LONGEST_WORD:
            found[name] = word
    flow = flow_of(event, subject)
    if flow is not None:
        found["flow"] = flow
    for name, identity in _identities(event, subject).items():
        if identity is not None:
            found[name] = numbers.setdefault(identity, len(numbers))
    if event.payer_country is not None and event.payee_country is not None:
        found["cross_border"] = int(event.payer_country[:2] != event.payee_country[:2])
    return found


def _identities(event: Event, subject: Subject) -> Mapping[str, str | None]:
    return {
        name: counterparty_of(event, subject) if name == "counterparty" else getattr(event, name) for name in IDENTITIES
    }


def _zeros(event: Event) -> int:
    """Zeros at the end of the amount in major units: 3 of 12,000.00, none of 12,000.50."""
    whole, rest = divmod(abs(event.amount), 10 ** DIGITS.get(event.currency, 2))
    if rest or not whole:
        return 0
    text = str(whole)
    return len(text) - len(text.rstrip("0"))
