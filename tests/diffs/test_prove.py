"""The prover that may be installed: it decides what the search through ranges cannot, and never claims what does not hold."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from engine.diffs import Verdict, Why, compare, prove
from tests.diffs.test_promises import ATOMS, differs, law, payment

CEILING = "payment.mandate.max_amount"
SAME = (
    ("payment.since_authenticated.count + 1 <= count_max", "payment.since_authenticated.count <= count_max - 1"),
    (f"amount <= {CEILING}", f"not (amount > {CEILING})"),
    (f"amount + amount <= {CEILING} + amount", f"amount <= {CEILING}"),
    (f"amount - small_max <= {CEILING} and electronic", f"electronic and amount <= {CEILING} + small_max"),
    (f"amount <= {CEILING}", f"amount <= {CEILING} and amount - {CEILING} <= amount"),
)  # fmt: skip


@pytest.fixture
def installed() -> None:
    pytest.importorskip("z3", reason="the extra `prove` is not installed")


def verdicts(one: str, two: str) -> set[tuple[Verdict, Why]]:
    """What is said of two conditions of the small payment."""
    return {(found.verdict, found.why) for found in compare(law(one), law(two)).meanings if found.name == "sca.small"}


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("one", "two"), SAME)
def test_what_facts_say_of_one_another_is_proved(one: str, two: str) -> None:
    assert {verdict for verdict, _ in verdicts(one, two)} <= {Verdict.EQUIVALENT}


def test_without_a_prover_it_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prove, "import_module", _absent)
    prove.prover.cache_clear()
    try:
        assert verdicts(*SAME[0]) == {(Verdict.NOT_DECIDED, Why.SEVERAL_FACTS)}
    finally:
        prove.prover.cache_clear()


def _absent(_name: str) -> None:
    raise ImportError


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "unsaid",
    [
        'any(item.amount > eur("5.00") for item in linked)',
        "payment.mandate.created_at < payment.mandate.valid_until",
        'amount <= usd("20.00")',
    ],
)
def test_what_cannot_be_said_exactly_is_not_claimed(unsaid: str) -> None:
    one = f"amount <= {CEILING} and amount <= small_max and {unsaid}"
    two = f"amount + amount <= {CEILING} + {CEILING} and amount <= small_max and ({unsaid} or amount > {CEILING})"
    assert Verdict.EQUIVALENT not in {verdict for verdict, _ in verdicts(one, two)}


@pytest.mark.usefixtures("installed")
def test_what_is_proved_holds_of_payments() -> None:
    chance = Random(11)
    for _ in range(25):
        atom = chance.choice(ATOMS)
        one = f"({atom}) and payment.since_authenticated.count + {chance.randint(0, 2)} <= count_max"
        two = f"({atom}) and payment.since_authenticated.count <= count_max - {chance.randint(0, 2)}"
        was, now = law(one), law(two)
        meanings = [found for found in compare(was, now).meanings if found.name == "sca.small"]
        today = [found for found in meanings if found.start is None or found.start <= date(2026, 3, 1)]
        if {found.verdict for found in today} <= {Verdict.EQUIVALENT}:
            assert not any(differs(was, now, payment(chance)) for _ in range(40))
