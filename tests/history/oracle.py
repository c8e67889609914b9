"""What `docs/reference/history.md` says, as plainly as possible: all payments, one after the other, for every question.

Nothing of the engine is used here. A feature is what the pack's YAML says, a payment is the body of its request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

PATHS = {
    "payer_id": "payer.id",
    "payee_id": "payee.id",
    "instrument": "payment.instrument",
    "method": "payment.method",
    "direction": "direction",
    "kind": "kind",
    "currency": "currency",
}
_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass
class Told:
    """An event, in the order in which it was told."""

    kind: str
    at: datetime


@dataclass
class Decided:
    """A decision: the request it was about, and the events told of it."""

    body: dict[str, Any]
    number: int


@dataclass
class Stream:
    """Everything that was decided and told."""

    decided: list[Decided] = field(default_factory=list)
    told: list[tuple[Decided, Told]] = field(default_factory=list)

    def executed(self) -> list[dict[str, Any]]:
        """The requests of the payments that count, each payment once."""
        payments: dict[Any, list[tuple[Decided, Told]]] = {}
        for about, event in self.told:
            if event.kind in ("authorised", "captured", "failed"):
                reference = about.body.get("reference")
                name = ("reference", reference) if reference is not None else ("decision", about.number)
                payments.setdefault((stated(about.body, "payer.id"), name), []).append((about, event))
        found = []
        for words in payments.values():
            about, last = sorted(words, key=lambda word: word[1].at)[-1]  # stable: of one instant, the last one told
            if last.kind != "failed":
                found.append(about.body)
        return found

    def answer(self, feature: dict[str, Any], present: dict[str, Any]) -> Any:
        """Currency -> exact amount, or a number; None where the present payment does not say whose past is meant."""
        keys = feature["key"] if isinstance(feature["key"], list) else [feature["key"]]
        where = feature.get("where", {})
        same = [PATHS[column] for column, wanted in where.items() if wanted == "same"]
        if any(stated(present, path) is None for path in [*keys, *same]):
            return None
        found = [
            past
            for past in self.executed()
            if all(stated(past, path) == stated(present, path) for path in keys)
            and all(_fits(past, column, wanted, present) for column, wanted in where.items())
            and moment(past) < moment(present)
            and _within(feature["window"], moment(past), moment(present))
        ]
        return _made(feature, found)


def stated(body: dict[str, Any], path: str) -> Any:
    """What a request states at a path."""
    for step in path.split("."):
        body = body.get(step, {})  # type: ignore[assignment]
    return body if body != {} else None


def moment(body: dict[str, Any]) -> datetime:
    """When the payment happened."""
    return datetime.fromisoformat(body["occurred_at"]).astimezone(UTC)


def _fits(past: dict[str, Any], column: str, wanted: Any, present: dict[str, Any]) -> bool:
    value = stated(past, PATHS[column])
    if value is None:
        return True
    return bool(value == stated(present, PATHS[column])) if wanted == "same" else value in wanted


def _made(feature: dict[str, Any], found: list[dict[str, Any]]) -> Any:
    if feature["of"] == "count":
        return len(found)
    if feature["of"] == "distinct":
        return len({stated(past, PATHS[feature["field"]]) for past in found} - {None})
    amounts: dict[str, list[Fraction]] = {}
    for past in found:
        amounts.setdefault(past["currency"], []).append(Fraction(past["amount"]))
    return {currency: {"sum": sum, "min": min, "max": max}[feature["of"]](many) for currency, many in amounts.items()}  # type: ignore[operator]


def _within(window: dict[str, Any], past: datetime, present: datetime) -> bool:
    kind = window["kind"]
    if kind == "rolling":
        return present - past <= timedelta(hours=int(window["hours"]))
    if kind == "linked":
        return present - past <= timedelta(days=int(window["days"]))
    zone = ZoneInfo(window["zone"])
    if kind == "business_day":
        return _business_day(window, past, zone) == _business_day(window, present, zone)
    here, there = present.astimezone(zone).date(), past.astimezone(zone).date()
    if kind == "calendar_day":
        return here == there
    if kind == "calendar_month":
        return (here.year, here.month) == (there.year, there.month)
    return here.year == there.year


def _business_day(window: dict[str, Any], at: datetime, zone: ZoneInfo) -> date:
    """The first working day whose cutoff is still to come."""
    day = at.astimezone(zone).date() - timedelta(days=3)
    cutoff = time.fromisoformat(window["cutoff"])
    while True:
        works = _WEEK[day.weekday()] not in window.get("weekend", ["sat", "sun"])
        if works and at < datetime.combine(day, cutoff, zone).astimezone(UTC):
            return day
        day += timedelta(days=1)
