"""What each test and case of the packs states, left unsaid one by one: no payment is let through for want of a fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.cases import NO_RATES
from engine.decide import decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.money import Money
from engine.packs.cases import facts_in
from engine.packs.model import Pack
from engine.packs.testing import test_day as day_of
from tests.law.telling import law
from tests.property.test_never_milder import ADVERSE, RANK, SILENCE_MEANS, without

PLACES = sorted(code for code, pack in law().packs.items() if "sca" in pack.domains)
READ_SO = {
    ("IN", "payment.balance"): "UPI Lite: the wallet itself refuses a load beyond its total, which no shop can see"
}
"""Facts whose silence a pack reads as it says under `reading` of the rule."""


def stated(pack: Pack) -> Iterator[tuple[str, dict[str, Any], date]]:
    """Payments that the tests and cases of a pack tell, with what every payment has."""
    for rule in pack.domains["sca"].rules:
        for test in rule.tests:
            amount = test.given.get("amount", Money(100, pack.currency or "EUR"))
            least = {"amount": amount, "currency": amount.currency, "kind": "sale", "payment.instrument": "card"}
            yield f"{rule.id}: {test.name}", {**least, **test.given}, day_of(test, rule, pack)
    for case in pack.domains["sca"].cases:
        yield case.name, dict(facts_in(case, pack)), case.on or date(2026, 11, 22)


def outcome(facts: dict[str, Any], day: date) -> int:
    """How strict the answer is."""
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    asked = {**facts, "occurred_at": facts.get("occurred_at", now)}
    body = decide(Facts(asked), law(), NullHistory(), rates=NO_RATES, decision_id="d", now=now, locale="en").body
    return RANK[body["outcome"]]


@pytest.mark.parametrize("place", PLACES)
def test_what_a_pack_s_own_payments_state_is_not_better_left_unsaid(place: str) -> None:
    for name, facts, day in stated(law().packs[place]):
        full = outcome(facts, day)
        for path in facts:
            if path in SILENCE_MEANS or ADVERSE.get(path) == facts[path] or (place, path) in READ_SO:
                continue
            assert outcome(without(facts, path), day) >= full, f"{name}: milder without {path}: {facts}"
