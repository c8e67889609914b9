"""Why a rule fired, stayed silent or could not tell: the conditions that decided, each with its values."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from engine.language.compile import NamedRule
from engine.language.law import Law, Moment, no_rates
from engine.language.tree import Expr, Not, RuleRef, conjunction
from engine.language.types import BOOL
from engine.language.why import Explainer, Reason
from engine.money import Money
from tests.language.asking import DAY, Asked, eur, stated, usd

REMOTE = {"payment.channel": "remote"}
LIMIT = {"params": {"limit": eur("30")}}


def test_what_fired_names_every_condition() -> None:
    asked = Asked('payment.channel == "remote" and amount <= limit', {**REMOTE, "amount": eur("24.9")}, **LIMIT)
    assert asked.why == ["payment.channel: remote", "amount: 24.90 EUR <= 30.00 EUR"]


def test_what_stayed_silent_names_the_first_condition_that_failed() -> None:
    asked = Asked('payment.channel == "remote" and amount <= limit', {**REMOTE, "amount": eur("30.01")}, **LIMIT)
    assert asked.why == ["amount: 30.01 EUR > 30.00 EUR"]
    asked = Asked('payment.channel == "remote" and amount <= limit', {"payment.channel": "chip"}, **LIMIT)
    assert asked.reasons == [Reason("is_not", "payment.channel", "chip", "remote")]


def test_alternatives_that_all_failed_are_all_named() -> None:
    asked = Asked("payment.own_account or payment.offline", {"payment.own_account": False, "payment.offline": False})
    assert asked.why == ["payment.own_account: false", "payment.offline: false"]


def test_the_first_alternative_that_holds_explains_alone() -> None:
    facts = {"payment.own_account": False, "payment.offline": True, "payment.trusted_beneficiary": True}
    asked = Asked("payment.own_account or payment.offline or payment.trusted_beneficiary", facts)
    assert asked.why == ["payment.offline: true"]


@pytest.mark.parametrize(
    ("text", "facts", "why"),
    [
        ("not payment.own_account", {"payment.own_account": False}, ["payment.own_account: false"]),
        ("not not payment.own_account", {"payment.own_account": True}, ["payment.own_account: true"]),
        ('payment.channel in ["remote", "chip"]', REMOTE, ["payment.channel: remote"]),
        ('payment.channel not in ["remote"]', REMOTE, ["payment.channel: remote"]),
        ('payment.channel != "chip"', REMOTE, ["payment.channel: remote"]),
        ('within(payer.country, "EEA")', {"payer.country": "US"}, ["payer.country: US"]),
        (
            '"malware" in payment.risk.signals',
            {"payment.risk.signals": ("malware",)},
            ["payment.risk.signals: malware"],
        ),
        ('"malware" in payment.risk.signals', {}, ["payment.risk.signals: none"]),
        ("is_known(payment.mandate)", {}, ["is_known(payment.mandate): false"]),
        ("coalesce(payment.own_account, true)", {}, ["coalesce(payment.own_account, true): true"]),
        ("any(x.marketplace for x in lines)", {"lines": ()}, ["any(x.marketplace for x in lines): false"]),
        ("count(true for x in lines) > 0", {"lines": ({},)}, ["count(true for x in lines): 1 > 0"]),
        ("local_hour >= 20", {}, ["local_hour: 12 < 20"]),
        ("payment_date == payer.last_review", {"payer.last_review": date(2026, 1, 1)}, ["payment_date: 2026-11-22"]),
        ("payment.installments + 1 < 3", {"payment.installments": 5}, ["(payment.installments + 1): 6 >= 3"]),
        ("true", {}, ["true: true"]),
        ("1 < payment.installments <= 5", {"payment.installments": 3}, ["1: 1 < 3", "payment.installments: 3 <= 5"]),
    ],
)
def test_each_kind_of_condition(text: str, facts: dict[str, Any], why: list[str]) -> None:
    assert Asked(text, facts).why == why


def test_a_choice_tells_the_test_and_the_branch() -> None:
    text = 'amount <= limit if payment.channel == "remote" else payment.own_account'
    assert Asked(text, {**REMOTE, "amount": eur("5")}, **LIMIT).why == [
        "payment.channel: remote",
        "amount: 5.00 EUR <= 30.00 EUR",
    ]
    assert Asked(text, {"payment.channel": "chip", "payment.own_account": False}, **LIMIT).why == [
        "payment.channel: chip",
        "payment.own_account: false",
    ]
    both = Asked(text, {"amount": eur("5"), "payment.own_account": True}, **LIMIT)
    assert both.why == ["amount: 5.00 EUR <= 30.00 EUR"], "the test is unknown and does not matter"


def test_a_setting_that_decides_is_not_told() -> None:
    asked = Asked(
        "payment.own_account if strict else payment.offline", {"payment.offline": True}, params={"strict": False}
    )
    assert asked.why == ["payment.offline: true"]


def test_lets_are_told_in_their_own_words() -> None:
    lets = {"total": "amount + payment.since_authenticated.amount", "small": "total <= limit"}
    facts = {"amount": eur("5"), "payment.since_authenticated.amount": eur("20")}
    assert Asked("small", facts, lets=lets, **LIMIT).why == ["the total: 25.00 EUR <= 30.00 EUR"]


def test_converted_amounts_are_told_in_the_unit_they_were_compared_in() -> None:
    assert Asked("amount <= limit", {"amount": usd("26")}, **LIMIT).why == ["amount: 20.80 EUR <= 30.00 EUR"]
    assert Asked("amount <= limit", {"amount": usd("37.51")}, **LIMIT).why == ["amount: 30.0080 EUR > 30.00 EUR"]
    facts = {"amount": usd("10"), "payment.since_authenticated.amount": eur("10")}
    assert Asked("payment.since_authenticated.amount > amount", facts).why == [
        "payment.since_authenticated.amount: 12.50 USD > 10.00 USD"
    ]


def test_one_moment_in_two_offsets_is_told_as_it_was_written() -> None:
    asked = Asked("occurred_at < payment.mandate.valid_until")
    explain = asked.explainer.failed("asked")
    for zone in (UTC, timezone(timedelta(hours=2))):
        moment = datetime(2026, 11, 22, 12, 0, tzinfo=UTC).astimezone(zone)
        facts = stated({"occurred_at": moment, "payment.mandate.valid_until": datetime(2026, 1, 1, tzinfo=UTC)})
        assert explain(facts, asked.moment)[0].text.startswith(moment.isoformat())


def test_an_exception_is_told_by_its_name() -> None:
    barred = Asked("payment.offline").tree
    free: list[Expr] = [Asked("payment.own_account").tree, Not(BOOL, 1, RuleRef(BOOL, 1, "barred"))]
    rules = {"barred": NamedRule("barred", barred), "free": NamedRule("free", conjunction(free))}
    explainer, moment = Explainer(rules, Law()), Moment(DAY, 12, no_rates)
    fires = stated({"payment.own_account": True, "payment.offline": False})
    assert explainer.held("free")(fires, moment)[-1] == Reason("not_rule", "barred", "false")
    excepted = stated({"payment.own_account": True, "payment.offline": True})
    assert explainer.failed("free")(excepted, moment) == [Reason("rule", "barred", "true")]
    assert explainer.missing("free")(stated({"payment.own_account": True}), moment) == ["payment.offline"]


def test_what_is_missing_is_named_in_full_or_by_its_object() -> None:
    asked = Asked('payment.risk.level == "low" and payment.fraud_rate.bps < bps("13")', {})
    facts = stated({"payment.fraud_rate.reference_date": date(2026, 1, 1)})
    assert set(asked.explainer.missing("asked")(facts, asked.moment)) == {
        "payment.risk.level",
        "payment.fraud_rate.bps",
    }
    assert set(asked.explainer.wanting("asked")(facts, asked.moment)) == {"payment.risk", "payment.fraud_rate.bps"}


def test_rates_that_are_missing_are_named_by_their_pair() -> None:
    francs = Asked('sum(x.amount for x in linked) <= eur("5") and payment.offline', {})
    facts = stated({"linked": ({"amount": Money(Decimal(1), "XAF")}, {}), "payment.offline": True})
    assert set(francs.explainer.missing("asked")(facts, francs.moment)) == {"rates.XAF.EUR", "linked.amount"}


def test_the_same_function_is_made_once() -> None:
    explainer = Asked("payment.offline").explainer
    assert explainer.held("asked") is explainer.held("asked")
    assert explainer.held("asked") is not explainer.failed("asked")
