"""Code made for one shape of payment: the same answers, and never for another shape."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.catalogue import FIELDS
from engine.facts import Facts
from engine.language.check import check
from engine.language.compile import NamedRule, compile_rules
from engine.language.law import Gap, Law, Moment
from engine.language.scope import Scope
from engine.language.specialise import BUDGET, WARM, WINDOW, Grown, ShapeWriter
from engine.language.types import BOOL, Type
from engine.money import Money
from tests.language.asking import eur, usd

SCOPE = Scope({"limit": Type("money", unit="EUR"), "strict": BOOL})
MOMENT = Moment(date(2026, 11, 22), 12, lambda money, _unit: money.amount * 2)
TEXTS = [
    "payment.since_authenticated.amount + amount <= limit",
    'payment.channel == "remote" and amount <= limit',
    "is_known(payment.mandate) or payment.offline",
    "amount <= limit if strict else payment.own_account",
    "any(x.marketplace for x in lines) or payment.own_account",
]


def rules(*texts: str) -> list[NamedRule]:
    """Rules of these conditions."""
    return [NamedRule(f"rule{at}", check(text, SCOPE)) for at, text in enumerate(texts)]


def limited(limit: Any = Decimal("100.00")) -> Law:
    """A law with a limit."""
    return Law({"limit": limit, "strict": True})


def payment(amount: Money, counted: Money | None = None, **words: Any) -> Facts:
    """As the decoder hands it over: amounts in the payment's currency, counters in their own."""
    facts: dict[str, Any] = {"amount": amount, "currency": amount.currency}
    if counted is not None:
        facts |= {
            "payment.since_authenticated.amount": counted,
            "payment.since_authenticated.currency": counted.currency,
        }
    return Facts({**facts, **{f"payment.{word}": value for word, value in words.items()}})


PAYMENTS = [
    payment(eur("10.00"), eur("90.00"), channel="remote"),
    payment(eur("10.01"), eur("90.00"), channel="remote"),
    payment(eur("10.00"), usd("45.00"), channel="remote"),
    payment(eur("10.00"), usd("45.01"), channel="remote"),
    payment(usd("5.00"), eur("90.00"), channel="chip"),
    payment(usd("5.00"), usd("45.00"), channel="chip", own_account=True),
    payment(usd("5.01"), usd("45.00"), offline=False),
    payment(Money(Decimal(50), "JPY"), None, offline=True),
    payment(eur("100.00")),
    payment(eur("100.01")),
]


@pytest.mark.parametrize("facts", PAYMENTS)
@pytest.mark.parametrize("limit", [Decimal("100.00"), Decimal("100.005"), Gap.UNREAD])
def test_the_code_of_a_shape_says_what_the_general_code_says(facts: Facts, limit: Any) -> None:
    """Also where a limit is finer than the currency's minor unit."""
    law = limited(limit)
    special = compile_rules(rules(*TEXTS), law, ShapeWriter(law, facts.shape))
    assert special(facts, MOMENT) == compile_rules(rules(*TEXTS), law)(facts, MOMENT)


def test_regulars_get_code_of_their_own_and_the_same_answers() -> None:
    law = limited()
    general, grown = compile_rules(rules(*TEXTS), law), Grown(rules(*TEXTS), law)
    run, at = grown.evaluate(), grown.at(MOMENT)
    expected = [general(facts, MOMENT) for facts in PAYMENTS]
    for _ in range(WARM + 2):
        assert [run(facts, MOMENT) for facts in PAYMENTS] == expected
    assert grown.made.keys() == {facts.shape for facts in PAYMENTS}
    assert [at(facts) for facts in PAYMENTS] == expected


def test_counters_in_another_currency_are_another_shape() -> None:
    """45 euros and 45 dollars look alike but for their currency; only one of them is under the limit."""
    law = limited()
    grown = Grown(rules(TEXTS[0]), law)
    run = grown.evaluate()
    euros, dollars = payment(eur("10.00"), eur("60.00")), payment(eur("10.00"), usd("60.00"))
    for _ in range(WARM + 2):
        assert (run(euros, MOMENT), run(dollars, MOMENT)) == ((True,), (False,))
    assert len(grown.made) == 2


def test_shapes_that_differ_in_what_no_rule_asks_share_their_code() -> None:
    law = limited()
    grown = Grown(rules('payment.channel == "remote"'), law)
    run = grown.evaluate()
    alike = [payment(eur("1.00"), channel="remote", method=method) for method in ("visa", "ideal")]
    for _ in range(WARM):
        for facts in alike:
            run(facts, MOMENT)
    assert len(set(map(id, grown.made.values()))) == 1


def test_a_mapping_that_is_no_payment_is_decided_all_the_same() -> None:
    run = Grown(rules("amount <= limit"), limited()).evaluate()
    assert run({"amount": eur("1"), "currency": "EUR"}, MOMENT) == (True,)


UNASKED = [path for path, field in FIELDS.items() if field.kind in ("text", "token") and path != "currency"]


def test_ever_new_shapes_cost_no_more_than_the_budget() -> None:
    grown = Grown(rules("amount <= limit or payment.own_account"), limited())
    run = grown.evaluate()
    assert BUDGET < len(UNASKED) < WINDOW // WARM
    for number in range(len(UNASKED)):
        odd = Facts(
            {**dict.fromkeys(UNASKED[:number], "x"), "payment.own_account": True, "amount": eur("1"), "currency": "EUR"}
        )
        for _ in range(WARM):
            assert run(odd, MOMENT) == (True,)
    assert len(set(map(id, grown.made.values()))) == BUDGET
