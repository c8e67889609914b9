"""Random streams of payments: few people, few places, and moments that crowd around the edges of windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

import orjson
import yaml

from engine.features import question
from engine.history import FeatureAnswer, FeatureForm, FeatureQuestion
from engine.ledger import EventKind, Ledger
from engine.packs.feature import Feature
from engine.packs.fields import Keys, Notes
from engine.packs.read_features import read_features
from engine.packs.yaml import read_yaml
from engine.replay import facts_from
from tests.history.oracle import Decided, Stream, Told
from tests.ledger.factories import stored

DECLARED = """
features:
  cash_today:
    of: sum
    unit: USD
    where: {instrument: [cash], direction: [in], kind: [sale, deposit]}
    key: payer.id
    window: {kind: business_day, cutoff: "17:00", zone: America/New_York}
  month: {of: sum, unit: USD, key: payer.id, window: {kind: calendar_month, zone: Asia/Kolkata}}
  same_method: {of: count, where: {method: same}, key: payer.id, window: {kind: rolling, hours: 24}}
  payees: {of: distinct, field: payee_id, key: payer.id, window: {kind: rolling, hours: 48}}
  ways: {of: distinct, field: method, where: {direction: same}, key: payee.id, window: {kind: linked, days: 30}}
  biggest: {of: max, unit: USD, key: payee.id, window: {kind: calendar_day, zone: America/New_York}}
  smallest:
    of: min
    unit: USD
    where: {instrument: same, direction: same}
    key: [payer.id, payee.id]
    window: {kind: linked, days: 365}
  year: {of: count, where: {currency: [EUR, USD]}, key: payer.id, window: {kind: calendar_year, zone: Europe/Lisbon}}
  late:
    of: sum
    unit: USD
    key: payee.id
    window: {kind: business_day, cutoff: "01:30", weekend: [fri, sat], zone: America/New_York}
  one_day: {of: sum, unit: USD, where: {kind: [sale]}, key: payer.id, window: {kind: calendar_day, zone: Europe/Lisbon}}
"""
TEXTS: dict[str, dict[str, Any]] = yaml.safe_load(DECLARED)["features"]
AMOUNTS = {
    "EUR": ["0.01", "0.10", "24.90", "999999999999999999.99"],
    "USD": ["0", "1", "1.00", "3000.00", "9999.99"],
    "JPY": ["1", "10000"],
    "BHD": ["0.001", "1.234"],
}
# Clocks change in New York on 8 March and 1 November 2026, in Lisbon on 29 March and 25 October.
EDGES = [
    datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 19, 22, tzinfo=UTC), datetime(2026, 11, 20, 22, tzinfo=UTC), datetime(2026, 11, 23, 22, tzinfo=UTC),
    datetime(2026, 11, 30, 18, 30, tzinfo=UTC), datetime(2026, 12, 31, 18, 30, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, 6, 30, tzinfo=UTC), datetime(2026, 11, 20, 5, tzinfo=UTC),
]  # fmt: skip
STEPS = [
    *[timedelta(0)] * 6,
    timedelta(microseconds=1),
    timedelta(minutes=40),
    timedelta(hours=1),
    timedelta(hours=24),
    timedelta(days=2),
    timedelta(days=30),
    timedelta(days=365),
]
KINDS = [
    EventKind.AUTHORISED,
    EventKind.AUTHORISED,
    EventKind.CAPTURED,
    EventKind.FAILED,
    EventKind.REFUNDED,
    EventKind.AUTHENTICATED,
]


def declared() -> dict[str, Feature]:
    """The features of the text above, as packs are read."""
    notes = Notes()
    found = read_features(Keys(read_yaml(DECLARED, "features.yaml"), notes, "The file"), notes, "UTC", (), set())
    assert not notes.problems
    return found


FEATURES = declared()
FORMS: list[FeatureForm] = [feature.form for feature in FEATURES.values()]


class Life:
    """One stream, told to a ledger and to the oracle alike."""

    def __init__(self, ledger: Ledger, rnd: Random, name: str):
        self.ledger, self.rnd, self.name = ledger, rnd, name
        self.edge = rnd.choice(EDGES)
        self.stream = Stream()
        self.ids: dict[int, str] = {}

    def moment(self) -> datetime:
        """Somewhere around the edge that this stream is about."""
        rnd = self.rnd
        at = self.edge + rnd.choice((-1, 0, 1)) * rnd.choice(STEPS) + rnd.choice((-1, 0, 0, 1)) * rnd.choice(STEPS)
        at += timedelta(microseconds=rnd.choice((0, 0, -1, 1)))
        return at.astimezone(timezone(timedelta(hours=rnd.choice((0, 0, -8, 5)))))

    def body(self) -> dict[str, Any]:
        """A request."""
        rnd = self.rnd
        currency = rnd.choice(["USD", "USD", "EUR", "JPY", "BHD"])
        made: dict[str, Any] = {
            "amount": rnd.choice(AMOUNTS[currency]),
            "currency": currency,
            "occurred_at": self.moment().isoformat(),
            "kind": rnd.choice(["sale", "sale", "deposit", "payout"]),
            "payment": {"instrument": rnd.choice(["cash", "cash", "cash", "card"]), "issuer_country": "US"},
        }
        self.maybe(made["payment"], "method", ["visa", "visa", "pix", None])
        self.maybe(made, "direction", ["in", "in", "in", "out", None])
        self.maybe(made, "reference", ["r1", "r2", None, None, None])
        for party, people in (("payer", ["p", "p", "p", "p", "p", "q", None]), ("payee", ["x", "x", "x", "y", None])):
            person = rnd.choice(people)
            if person:
                made[party] = {"id": f"{self.name}-{person}"}
        return made

    def maybe(self, made: dict[str, Any], key: str, values: list[Any]) -> None:
        """State a fact, or do not."""
        value = self.rnd.choice(values)
        if value is not None:
            made[key] = f"{self.name}-{value}" if key == "reference" else value

    def step(self) -> None:
        """Something is decided, or something is told."""
        if not self.stream.decided or self.rnd.random() < 0.4:
            made = self.decide(self.body())
            if self.rnd.random() < 0.7:
                self.tell(made, EventKind.AUTHORISED, self.moment())
        else:
            self.tell(self.rnd.choice(self.stream.decided), self.rnd.choice(KINDS), self.moment())

    def decide(self, body: dict[str, Any]) -> Decided:
        """Store a decision on a request."""
        made = Decided(body, len(self.stream.decided))
        facts = facts_from(_json(body))
        entry = stored(
            self.ledger,
            reference=body.get("reference"),
            payer_id=facts.get("payer.id"),
            facts=_json(body),
            counted=None,
        )
        self.ids[made.number] = entry.id
        self.stream.decided.append(made)
        return made

    def tell(self, about: Decided, kind: EventKind, at: datetime) -> None:
        """Tell what became of a decision; what was told before is not told again."""
        if self.ledger.history.record_event(self.ids[about.number], kind, at).fresh:  # type: ignore[union-attr]
            self.stream.told.append((about, Told(kind.value, at)))

    def ask(self) -> list[tuple[str, dict[str, Any], Any, Any]]:
        """Every feature of some request: what the oracle says, and what the ledger does."""
        present = self.body()
        facts = facts_from(_json(present))
        asked = {name: question(feature, facts) for name, feature in FEATURES.items()}
        put: list[FeatureQuestion] = [one for one in asked.values() if one is not None]
        answers = dict(zip([one.name for one in put], self.ledger.history.features(put), strict=True))
        return [
            (name, present, self.stream.answer(text, present), as_said(text, answers.get(name)))
            for name, text in TEXTS.items()
        ]


def as_said(text: dict[str, Any], answer: FeatureAnswer | None) -> Any:
    """An answer as the oracle gives it."""
    if answer is None:
        return None
    return (
        answer.number
        if text["of"] in ("count", "distinct")
        else {money.currency: money.amount for money in answer.amounts}
    )


def _json(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body)
