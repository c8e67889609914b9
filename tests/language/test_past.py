"""Features of the past in conditions: unknown is asked for by whose past it is, and nothing stands in for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.facts import Facts
from engine.language.check import check
from engine.language.compile import NamedRule, compile_rules
from engine.language.errors import LanguageError
from engine.language.frame import compile_frame
from engine.language.interpret import Interpreter
from engine.language.law import Law, Moment
from engine.language.scope import NamedFeature, Scope
from engine.language.specialise import ShapeWriter
from engine.language.types import BOOL, INT, Type
from engine.language.why import Explainer
from engine.money import Money, RateRow, RateTable, convert

USD = Type("money", unit="USD")
FEATURES = {
    "cash_today": NamedFeature("cash of today", USD, ("payer.id",)),
    "payees": NamedFeature("payees of today", INT, ("payer.id", "payment.method")),
}
SCOPE = Scope({"limit": USD, "many": INT}, features=FEATURES)
LAW = Law({"limit": Decimal("10000"), "many": 3})
DAY = date(2026, 11, 20)
RATES = RateTable([RateRow(DAY, "USD", Decimal("1.25"))])


def exchange(money: Money, unit: str) -> Decimal | None:
    rate = RATES.rate(money.currency, unit, DAY)
    return None if rate is None else convert(money, rate)


MOMENT = Moment(DAY, 12, exchange)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def asked(text: str, **stated: Any) -> tuple[bool | None, set[str], list[str]]:
    """The value, what is missing, and why; the same from every executor."""
    tree = check(text, SCOPE, want=BOOL)
    facts = Facts({"amount": usd("1"), "currency": "USD", **{key.replace("__", "."): it for key, it in stated.items()}})
    rule = NamedRule("asked", tree)
    seen = Interpreter(facts, LAW, MOMENT, {}).see(tree)
    assert compile_rules([rule], LAW)(facts, MOMENT) == (seen.value,)
    assert compile_rules([rule], LAW, ShapeWriter(LAW, facts.shape))(facts, MOMENT) == (seen.value,)
    why: list[str] = []
    for explainer in (Explainer({"asked": rule}, LAW), Explainer({"asked": rule}, LAW).of_shape(facts.shape)):
        if seen.value is None:
            assert set(explainer.missing("asked")(facts, MOMENT)) == seen.missing
            assert set(explainer.wanting("asked")(facts, MOMENT)) == seen.missing
        else:
            tell = explainer.held if seen.value else explainer.failed
            why = [f"{reason.label}: {reason.text}" for reason in tell("asked")(facts, MOMENT)]
    return seen.value, set(seen.missing), why


@pytest.mark.parametrize(
    ("amount", "past", "value"),
    [
        ("6000.00", "4000.00", False),
        ("6000.00", "4000.01", True),
        ("6000.01", "4000.00", True),
        ("10000.01", "0", True),
    ],
)
def test_a_sum_of_the_past_is_added_exactly(amount: str, past: str, value: bool) -> None:
    assert asked("amount + cash_today > limit", amount=usd(amount), cash_today=usd(past))[0] is value


def test_the_present_amount_is_converted_into_the_unit_of_the_feature() -> None:
    eur = {"amount": Money(Decimal("4800.00"), "EUR"), "currency": "EUR"}
    assert asked("amount + cash_today > limit", **eur, cash_today=usd("4000.00"))[0] is False
    assert asked("amount + cash_today > limit", **eur, cash_today=usd("4000.01"))[0] is True


def test_the_past_of_nobody_is_asked_for_by_the_payer() -> None:
    assert asked("amount + cash_today > limit")[:2] == (None, {"payer.id"})


def test_what_only_the_feature_lacks_is_named_whole_where_no_history_knows() -> None:
    assert asked("payees > many", payer__id="c")[:2] == (None, {"payment.method"})
    assert asked("payees > many", payer__id="c", payment__method="pix")[:2] == (None, {"payer.id", "payment.method"})


def test_what_decides_without_the_past_needs_none() -> None:
    assert (
        asked('amount > limit or payment.instrument == "cash" and payees > many', payment__instrument="card")[0]
        is False
    )
    assert asked("amount > limit or cash_today > limit", amount=usd("10000.01"))[0] is True


def test_a_past_in_a_currency_without_a_rate_lacks_the_rate() -> None:
    found = asked("amount + cash_today > limit", cash_today=Money(Decimal(5), "XAF"), payer__id="c")
    assert found[:2] == (None, {"rates.XAF.USD"})


def test_the_reason_calls_the_feature_by_its_label() -> None:
    assert asked("cash_today > limit", cash_today=usd("10000.01"))[2] == ["cash of today: 10000.01 USD > 10000.00 USD"]
    assert asked("payees > many", payees=3)[2] == ["payees of today: 3 <= 3"]


def test_the_past_is_no_column() -> None:
    rule = NamedRule("asked", check("cash_today > limit", SCOPE))
    assert compile_frame([rule], LAW).refused == {"asked": "cash_today is known of past payments, which are no column"}


@pytest.mark.parametrize("text", ["is_known(payees)", "coalesce(payees, 0) > many"])
def test_nothing_stands_in_for_a_past_that_is_not_known(text: str) -> None:
    with pytest.raises(LanguageError) as refused:
        check(text, SCOPE)
    assert refused.value.code == "feature-use"
