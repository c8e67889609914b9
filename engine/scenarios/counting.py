"""Asks a counting scenario of one event of a window, in the rule language: sums and counts of the window and of history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.facts import collapse
from engine.features import asked_alone, question
from engine.history import COLUMNS, History
from engine.language.interpret import Interpreter
from engine.language.law import Convert, Law, Moment
from engine.language.tree import Expr, Within, past_used, walk
from engine.money import DIGITS, Money
from engine.packs.feature import Feature
from engine.packs.scenario import ParameterType, Scenario
from engine.scenarios.event import Event
from engine.scenarios.measures import Taking, is_amount, takings
from engine.scenarios.plan import MOST_FACTS, Fact
from engine.scenarios.sequence import Found
from engine.scenarios.window import Window

Members = Mapping[str, frozenset[str]]
"""Group -> the places within it on a day."""

_SPANS: Final = (ParameterType.HOURS, ParameterType.DAYS)


class Counted:
    """One counting scenario for one segment, ready to be asked."""

    def __init__(self, scenario: Scenario, segment: str, features: Mapping[str, Feature]):
        assert scenario.counted is not None
        self.condition: Expr = scenario.counted
        used = past_used(self.condition)
        params = {name: parameter.value(segment) for name, parameter in scenario.parameters.items()}
        known = takings(scenario.measures, params)
        self._takings = {name: taking for name, taking in known.items() if name in used}
        self._features = {name: feature for name, feature in features.items() if name in used and name not in known}
        self._params = {name: _value(scenario, name, value) for name, value in params.items()}
        self._unit = scenario.unit
        self.by_place = any(isinstance(node, Within) for node in walk(self.condition))

    def look(self, window: Window, history: History, members: Members, at: int) -> Found:
        """Ask it of the event at a place of the window."""
        facts = stated(window, at)
        law, moment = Law(self._params, members), self._moment(facts, window.convert)
        # Kleene's logic never takes back what it could tell without the past: most events need no counting.
        seen = Interpreter(facts, law, moment, {}).see(self.condition)
        if seen.value is False:
            return Found(None, seen=seen)
        counted = self._measured(window.facts(self._unit), at)
        numbers = {name: value for name, (_, value) in counted.items() if value is not None}
        for name, value in numbers.items():
            measured = is_amount(self._takings[name].measure)
            facts[name] = Money(_major(value, self._unit), self._unit) if measured else value
        self._remember(facts, history, window.convert)
        seen = Interpreter(facts, law, moment, {}).see(self.condition)
        if seen.value is None:
            return Found(None, frozenset(collapse(seen.missing, facts)) or frozenset({"history"}), numbers, seen=seen)
        if not seen.value:
            return Found(None, numbers=numbers, seen=seen)
        found = {at, *(place for places, _ in counted.values() for place in places), *self._past(window, facts, at)}
        return Found(tuple(sorted(found)), numbers=numbers, truncated=len(found) > MOST_FACTS, seen=seen)

    def _measured(self, everything: Sequence[Fact], at: int) -> dict[str, tuple[list[int], int | None]]:
        times = [int(fact["ts"]) for fact in everything]
        found: dict[str, tuple[list[int], int | None]] = {}
        for name, taking in self._takings.items():
            members = taking.members(everything, times, at)
            found[name] = (members, taking.value(everything, members))
        return found

    def _remember(self, facts: dict[str, Any], history: History, convert: Convert) -> None:
        for name, feature in self._features.items():
            value, _ = asked_alone(feature, facts, history, convert)
            if value is not None:
                facts[name] = value

    def _past(self, window: Window, facts: Mapping[str, Any], at: int) -> Iterator[int]:
        """The events of the window that features of history counted, as far as the window holds them."""
        for feature in self._features.values():
            asked = question(feature, facts)
            if asked is None:
                continue
            wanted = dict(zip(feature.form.key, asked.key, strict=True))
            for place, event in enumerate(window.events[:at]):
                if event.at >= asked.start and _is_one(event, window, place, feature, wanted):
                    yield place

    def _moment(self, facts: Mapping[str, Any], convert: Convert) -> Moment:
        at: datetime = facts["occurred_at"]
        return Moment(at.astimezone(UTC).date(), at.astimezone(UTC).hour, convert)


def _is_one(event: Event, window: Window, place: int, feature: Feature, wanted: Mapping[str, str]) -> bool:
    """Whether an event is one of those that a feature is about. What it does not state leaves it in; but not its key."""
    facts = stated(window, place)
    if any(str(facts.get(COLUMNS[column])) != value for column, value in wanted.items() if column != "card"):
        return False
    return all(facts.get(COLUMNS[column], values[0]) in values for column, values in feature.form.where)


def _value(scenario: Scenario, name: str, value: int) -> int | Decimal | timedelta:
    """A parameter as the rule language has it."""
    kind = scenario.parameters[name].type
    if kind is ParameterType.MONEY:
        return _major(value, scenario.unit)
    return timedelta(seconds=value) if kind in _SPANS else value


def _major(amount: int, unit: str) -> Decimal:
    return Decimal(amount).scaleb(-DIGITS[unit])


def day_of(event: Event) -> date:
    """The day on which groups of places are asked who is in them."""
    return event.at.astimezone(UTC).date()


# -- an event as the rule language knows payments ---------------------------------------------------------------------------

_PATHS: Final = {
    "kind": "kind", "currency": "currency", "payer": "payer.id", "payee": "payee.id", "merchant": "payee.merchant",
    "account": "payment.account.iban", "instrument": "payment.instrument", "method": "payment.method",
    "channel": "payment.channel", "payer_country": "payer.country", "payee_country": "payee.country",
    "customer_since": "payer.opened_at",
}  # fmt: skip
"""Field of an event -> the fact that it is."""


def stated(window: Window, at: int) -> dict[str, Any]:
    """What an event states, under the names of facts. `direction` is as the subject sees it."""
    event, fact = window.events[at], window.plain()[at]
    found: dict[str, Any] = {
        path: value for name, path in _PATHS.items() if (value := getattr(event, name)) is not None
    }
    found["amount"] = Money(Decimal(event.amount).scaleb(-DIGITS.get(event.currency, 2)), event.currency)
    found["occurred_at"] = event.at
    if "flow" in fact:
        found["direction"] = fact["flow"]
    if event.card is not None:
        found["payment.card.bin"], _, found["payment.card.last4"] = event.card.partition("-")
    return found


__all__ = ["Counted", "Members", "Taking", "day_of", "stated"]
