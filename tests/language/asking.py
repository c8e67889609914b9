"""One way to ask an expression of some facts, that asks every executor and wants one answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.catalogue import FIELDS
from engine.language.check import check
from engine.language.compile import NamedRule, compile_rules
from engine.language.frame import NotColumnar, compile_frame, facts_to_frame
from engine.language.interpret import Interpreter, Seen
from engine.language.law import Gap, Law, Moment
from engine.language.scope import NamedLet, Scope
from engine.language.types import BOOL, DATE, DECIMAL, INT, RATE, STRING, Type
from engine.language.why import Explainer, Reason
from engine.money import Money, RateRow, RateTable, convert

DAY = date(2026, 11, 22)
GROUPS = {"EEA": frozenset({"DE", "FR", "NO"}), "NOBODY": frozenset[str]()}
QUOTES = RateTable(RateRow(DAY, currency, Decimal(quote)) for currency, quote in (("USD", "1.25"), ("JPY", "160")))

_TYPES: Mapping[type, Type] = {bool: BOOL, int: INT, Decimal: DECIMAL, date: DATE, str: STRING}


def eur(amount: str) -> Money:
    """So many euros."""
    return Money(Decimal(amount), "EUR")


def usd(amount: str) -> Money:
    """So many dollars; 1.25 of them make a euro."""
    return Money(Decimal(amount), "USD")


def xaf(amount: str) -> Money:
    """So many francs, for which nobody quotes a rate."""
    return Money(Decimal(amount), "XAF")


class Asked:
    """An expression, asked of facts by every executor."""

    def __init__(self, text: str, facts: Mapping[str, Any] | None = None, **more: Any):
        self.scope, self.law = scope_and_law(more.get("params", {}), more.get("lets", {}))
        self.tree = check(text, self.scope, want=BOOL)
        self.facts = stated(facts or {})
        self.moment = Moment(more.get("day", DAY), more.get("hour", 12), _exchange(more.get("day", DAY)))
        self.rule = NamedRule("asked", self.tree)
        self.explainer = Explainer({"asked": self.rule}, self.law)

    @property
    def seen(self) -> Seen:
        """What the interpreter sees."""
        return Interpreter(self.facts, self.law, self.moment, {}).see(self.tree)

    @property
    def value(self) -> bool | None:
        """True, False or None for unknown; the same from every executor."""
        value: bool | None = self.seen.value
        assert compile_rules([self.rule], self.law)(self.facts, self.moment) == (value,)
        framed = compile_frame([self.rule], self.law)
        if not framed.refused:
            try:
                frame = facts_to_frame([self.facts], [self.moment])
            except NotColumnar:
                return value
            assert framed.evaluate(frame, rates=QUOTES)["asked"].to_list() == [value]
        return value

    @property
    def missing(self) -> set[str]:
        """What would be needed to know; the same from the interpreter and from the quick explanation."""
        assert self.value is None
        missing = set(self.seen.missing)
        assert set(self.explainer.missing("asked")(self.facts, self.moment)) == missing
        return missing

    @property
    def reasons(self) -> list[Reason]:
        """Why it holds, or why not."""
        explain = self.explainer.held if self.value else self.explainer.failed
        return explain("asked")(self.facts, self.moment)

    @property
    def why(self) -> list[str]:
        """The same as `label: text`."""
        return [f"{reason.label}: {reason.text}" for reason in self.reasons]


def ask(text: str, facts: Mapping[str, Any] | None = None, **more: Any) -> bool | None:
    """The value of an expression. `more`: params, lets, day, hour."""
    return Asked(text, facts, **more).value


def scope_and_law(params: Mapping[str, Any], lets: Mapping[str, str]) -> tuple[Scope, Law]:
    """A scope with these parameters, typed by their values (a Type alone: unread), and lets of these texts."""
    types, values = {}, {}
    for name, value in params.items():
        if isinstance(value, Money):
            types[name], values[name] = Type("money", unit=value.currency), value.amount
        elif isinstance(value, tuple):
            types[name], values[name] = Type("list", item=STRING), value
        elif isinstance(value, Type):
            types[name], values[name] = value, Gap.UNREAD
        else:
            types[name], values[name] = _TYPES[type(value)], value
    named: dict[str, NamedLet] = {}
    for name, text in lets.items():
        named[name] = NamedLet(f"the {name}", check(text, Scope(types, dict(named), frozenset(GROUPS))))
    return Scope(types, named, frozenset(GROUPS)), Law(values, GROUPS)


def bps(value: str) -> tuple[Type, Decimal]:
    """A rate in basis points, as parameters hold it."""
    return RATE, Decimal(value)


def stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with the one that is never missing."""
    unknown = [path for path in facts if path not in FIELDS]
    assert not unknown, f"no such facts: {unknown}"
    amount = facts.get("amount")
    return {"currency": amount.currency if isinstance(amount, Money) else "EUR", **facts}


def _exchange(day: date) -> Any:
    def exchange(money: Money, unit: str) -> Decimal | None:
        rate = QUOTES.rate(money.currency, unit, day)
        return None if rate is None else convert(money, rate)

    return exchange
