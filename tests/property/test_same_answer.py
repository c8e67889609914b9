"""The same question gives the same bytes: whatever was asked before, in whatever order the rules stand, and years later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide import decide
from engine.decision import Decision
from engine.facts import Facts
from engine.history import History, NullHistory
from engine.money import Money
from engine.packs.model import Pack
from engine.packs.packset import PackSet, read_packs
from engine.replay import facts_from, replay
from tests.property.shipped import NOW, RATES, Memory, as_facts, grow_payment, packs, request_of


def told(facts: Facts, law: PackSet, history: History | None = None) -> Decision:
    """The answer of the shipped law, or of a copy of it."""
    return decide(facts, law, history or NullHistory(), rates=RATES, decision_id="dec_1", now=NOW, locale="en")


def answer(facts: dict[str, Any], law: PackSet) -> bytes:
    """The bytes of the answer."""
    return orjson.dumps(told(as_facts(facts), law).body)


@cache
def read_again(seed: int) -> tuple[dict[str, Pack], dict[str, str]]:
    """The packs of the same release, read in another order, and its files."""
    files = list(packs().files.items())
    Random(seed).shuffle(files)
    found, notes = read_packs(dict(files))
    assert not [problem for problem in notes.problems if problem.severity == "error"]
    return found, dict(files)


def shuffled(seed: int) -> PackSet:
    """The same release, read in another order, with its rules, lets' users and parameters in another order. Nothing was asked
    of it yet, however often it is made."""
    rnd, (found, files) = Random(seed), read_again(seed)
    mixed = {code: mixed_up(pack, rnd) for code, pack in rnd.sample(sorted(found.items()), len(found))}
    return PackSet(mixed, files, packs().release)


def mixed_up(pack: Any, rnd: Random) -> Any:
    """The pack with every list that has no order of its own in another order."""
    domains = {
        name: replace(
            domain,
            rules=tuple(rnd.sample(domain.rules, len(domain.rules))),
            parameters=dict(rnd.sample(sorted(domain.parameters.items()), len(domain.parameters))),
        )
        for name, domain in pack.domains.items()
    }
    return replace(pack, domains=domains, members=tuple(rnd.sample(pack.members, len(pack.members))))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rules_and_files_changes_nothing(seed: int) -> None:
    other, rnd = shuffled(seed), Random(seed)
    assert [code for code in other.packs if other.packs[code] == packs().packs[code]] != list(packs().packs)
    for _ in range(400):
        facts = grow_payment(rnd)
        assert answer(facts, other) == answer(facts, packs()), facts


def respelt(facts: dict[str, Any]) -> dict[str, Any]:
    """The same payment, written otherwise: other zeros, other offsets."""
    return {path: _respelt(value) for path, value in facts.items()}


def _respelt(value: Any) -> Any:
    if isinstance(value, Money):
        return Money(value.amount.normalize() + 0, value.currency)
    if hasattr(value, "astimezone"):
        return value.astimezone(timezone(timedelta(hours=3)))
    return value


def test_what_was_asked_before_changes_nothing() -> None:
    rnd = Random(7)
    payments = [facts for _ in range(200) for grown in (grow_payment(rnd),) for facts in (grown, respelt(grown), grown)]
    forwards = [answer(facts, packs()) for facts in payments]
    fresh = shuffled(99)
    backwards = [answer(facts, fresh) for facts in reversed(payments)]
    for facts, one, other in zip(payments, forwards, reversed(backwards), strict=True):
        assert one == other, facts


def test_many_alike_payments_get_what_one_gets() -> None:
    rnd = Random(11)
    regulars = [grow_payment(rnd) for _ in range(4)]
    first = [answer(facts, shuffled(1)) for facts in regulars]
    busy = shuffled(1)
    for _ in range(120):
        for facts in regulars:
            answer(facts, busy)
    assert [answer(facts, busy) for facts in regulars] == first


@settings(max_examples=1000)
@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_replay_gives_the_same_bytes(seed: int) -> None:
    rnd = Random(seed)
    body = request_of(grow_payment(rnd))
    history = rnd.choice([NullHistory(), Memory(2, Money(rnd.choice([20, 80]), "EUR")), Memory(1, Money(1, "XAF"))])
    stored = told(facts_from(body), packs(), history)
    inputs = orjson.loads(orjson.dumps(stored.inputs))
    again = replay(body, inputs, packs())
    assert orjson.dumps(again.body) == orjson.dumps(stored.body), body
    assert orjson.dumps(again.inputs) == orjson.dumps(stored.inputs)


@cache
def stored_release() -> PackSet:
    """The shipped law as it comes back from the ledger."""
    return PackSet.from_canonical(packs().release.canonical)


def test_a_stored_release_gives_the_same_bytes() -> None:
    rnd = Random(5)
    for _ in range(300):
        facts = grow_payment(rnd)
        assert answer(facts, stored_release()) == answer(facts, packs()), facts
    assert stored_release().release.digest == packs().release.digest


def test_a_payment_without_a_date_is_replayed_as_of_then() -> None:
    facts = grow_payment(Random(3))
    body = request_of({path: value for path, value in facts.items() if path != "occurred_at"})
    stored = told(facts_from(body), packs())
    again = replay(body, orjson.loads(orjson.dumps(stored.inputs)), packs())
    assert again.body["legal_time"] == NOW.astimezone(UTC).isoformat()
    assert orjson.dumps(again.body) == orjson.dumps(stored.body)


MANDATE = {
    "amount": Money(Decimal("90.00"), "EUR"),
    "currency": "EUR",
    "kind": "sale",
    "asked_by": "merchant",
    "occurred_at": NOW,
    "payment.instrument": "card",
    "payment.initiator": "payee",
    "payment.issuer_country": "DE",
    "payment.acquirer_country": "FR",
    "payment.mandate.authenticated": False,
    "payment.mandate.form": "remote",
}


def test_one_instant_in_two_offsets_keeps_its_own_day() -> None:
    written = [
        datetime(2018, 1, 1, 23, 30, tzinfo=UTC),
        datetime(2018, 1, 2, 2, 30, tzinfo=timezone(timedelta(hours=3))),
    ]
    assert written[0] == written[1]
    facts = [MANDATE | {"payment.mandate.created_at": instant} for instant in written]
    for _ in range(2):
        because = [
            str([found["because"] for found in told(as_facts(said), packs()).body["findings"]]) for said in facts
        ]
        assert "2018-01-01" in because[0]
        assert "2018-01-02" in because[1]


def test_one_number_in_two_spellings_is_told_alike() -> None:
    band = {
        **MANDATE,
        "payment.initiator": "payer",
        "payment.channel": "remote",
        "payment.fraud_rate.bps": Decimal("6"),
        "payment.risk.level": "low",
    }
    spelt = [{**band, "payment.fraud_rate.suspended_bands": (Decimal(text),)} for text in ("100", "100.00")]
    assert answer(spelt[0], packs()) == answer(spelt[1], packs())
    assert answer(spelt[0], shuffled(2)) == answer(spelt[1], packs())
