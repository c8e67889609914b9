"""What the comparison promises of any two conditions: proved alike, no payment differs; told apart, one really does."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide import decide
from engine.diffs import Verdict, compare
from engine.diffs.trial import told_apart
from engine.facts import Facts
from engine.history import NullHistory
from engine.money import FixedRates, Money
from engine.packs.packset import PackSet
from tests.diffs.releases import files, release
from tests.diffs.test_seeded import decided

ATOMS = (
    'payment.channel == "remote"', 'payment.channel in ["remote", "chip"]', 'payment.channel != "contactless"',
    'amount <= eur("30.00")', 'amount < eur("30.01")', "amount > small_max", 'amount == eur("50.00")',
    "payment.since_authenticated.count < 5", "payment.since_authenticated.count <= 4", "payment.trusted_beneficiary",
    'payment.instrument == "card"', "electronic", 'within(payment.issuer_country, "AREA")',
    "is_known(payment.trusted_beneficiary)", 'payment.risk.level == "low"', "count_max == 5",
)  # fmt: skip
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds(lambda one, two, word: f"({one}) {word} ({two})", inner, inner, st.sampled_from(["and", "or"])),
        st.builds(lambda one: f"not ({one})", inner),
        st.builds(lambda one, two, test: f"(({one}) if ({test}) else ({two}))", inner, inner, inner),
    ),
    max_leaves=6,
)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONDITION = (
    'payment.channel == "remote" and amount <= small_max\n      and payment.since_authenticated.count < count_max\n'
)


def law(condition: str) -> PackSet:
    """The area with another condition of the small payment; without France, and without tests that would not pass."""
    text = files("small")["AREA/sca.yaml"].replace(CONDITION, f"{condition}\n")
    kept = {path: old for path, old in files("small").items() if path.startswith(("WORLD/", "AREA/"))}
    return release({**kept, "AREA/sca.yaml": text})


def payment(chance: Random) -> Facts:
    """Some payment within the area; every fact may be unstated."""
    facts: dict[str, Any] = {
        "kind": "sale", "currency": "EUR", "asked_by": chance.choice(["merchant", "issuer"]),
        "amount": Money(Decimal(chance.choice(["0.00", "29.99", "30.00", "30.01", "50.00", "50.01", "99.00"])), "EUR"),
        "payment.instrument": chance.choice(["card", "credit_transfer", "cash", "e_money"]),
        "payment.acquirer_country": "DE", "payment.initiator": "payer",
    }  # fmt: skip
    choices: dict[str, list[Any]] = {
        "payment.issuer_country": ["DE", "FR", "US"],
        "payment.channel": ["remote", "chip", "contactless"],
        "payment.since_authenticated.count": [0, 4, 5, 9],
        "payment.trusted_beneficiary": [True, False],
        "payment.risk.level": ["low", "high"],
    }
    for path, values in choices.items():
        if chance.random() < 0.75:
            facts[path] = chance.choice(values)
    return Facts(facts)


def differs(was: PackSet, now: PackSet, facts: Facts) -> bool:
    """Whether a payment is decided otherwise, in whatever part of the answer."""
    answers = [
        decide(facts, packs, NullHistory(), rates=FixedRates(()), decision_id="x", now=NOW, locale="en").body
        for packs in (was, now)
    ]
    return told_apart(answers[0], ("sca",)) != told_apart(answers[1], ("sca",))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONDITIONS, CONDITIONS, st.integers(0, 2**32))
def test_proved_alike_no_payment_differs_and_told_apart_one_does(one: str, two: str, seed: int) -> None:
    was, now = law(one), law(two)
    chance = Random(seed)
    meanings = [meaning for meaning in compare(was, now).meanings if meaning.name == "sca.small"]
    here = [one for one in meanings if one.start is None or one.start <= NOW.date()]
    verdicts = {one.verdict for one in here if one.end is None or NOW.date() < one.end}
    seen = any(differs(was, now, payment(chance)) for _ in range(60))
    if seen:
        assert verdicts & {Verdict.COUNTEREXAMPLE, Verdict.NOT_DECIDED}
    for meaning in meanings:
        if meaning.verdict is Verdict.COUNTEREXAMPLE:
            assert meaning.example is not None
            answers = [told_apart(decided(meaning.example, packs), ("sca",)) for packs in (was, now)]
            assert answers[0] != answers[1]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONDITIONS)
def test_the_same_said_otherwise_is_never_told_apart(one: str) -> None:
    verdicts = {meaning.verdict for meaning in compare(law(one), law(f"not (not ({one}))")).meanings}
    assert verdicts <= {Verdict.EQUIVALENT}
