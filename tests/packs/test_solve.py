"""The search for payments: what it finds is real, and what it says is impossible never happens."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.check import check
from engine.language.interpret import Interpreter
from engine.language.law import Gap, Law, Moment
from engine.language.scope import Scope
from engine.language.tree import Expr
from engine.language.types import INT, RATE, STRING, Type
from engine.money import Money
from engine.packs.lint import solve
from engine.packs.lint.atoms import FALSE, TRUE, UNKNOWN, mask
from engine.packs.lint.solve import Answer, Question, Witness

PARAMS = {
    "limit": Type("money", unit="EUR"), "ceiling": Type("money", unit="EUR"), "top": INT, "rate": RATE, "word": STRING,
    "unread": Type("money", unit="EUR"), "methods": Type("list", item=STRING),
}  # fmt: skip
LAW = Law(
    {
        "limit": Decimal(30), "ceiling": Decimal(50), "top": 5, "rate": Decimal(13), "word": "on", "unread": Gap.UNREAD,
        "methods": ("visa", "pix"),
    },
    {"AREA": frozenset({"FR", "DE"})},
)  # fmt: skip
SCOPE = Scope(PARAMS, groups=frozenset({"AREA"}))
DAYS = (date(2026, 1, 1), date(2026, 12, 31))


def _question(text: str) -> tuple[Question, Expr]:
    tree = check(text, SCOPE)
    return Question([tree], LAW, DAYS, "EUR"), tree


def _answers(text: str) -> str:
    """T, F and U for the outcomes that some payment has."""
    question, tree = _question(text)
    found = {letter: question.find([(tree, wanted)]) for letter, wanted in (("T", TRUE), ("F", FALSE), ("U", UNKNOWN))}
    assert Answer.UNDECIDED not in found.values()
    return "".join(letter for letter, answer in found.items() if isinstance(answer, Witness))


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ('payment.channel == "remote"', "TFU"),
        ('payment.channel == "remote" and payment.channel == "chip"', "FU"),
        ('payment.channel == "remote" or payment.channel != "remote"', "TU"),
        ('payment.instrument in ["card", "cash"]', "TF"),
        ('kind == "sale" and kind == "refund"', "F"),
        ("amount <= limit and amount <= ceiling", "TF"),
        ("amount > ceiling and amount <= limit", "F"),
        ("amount <= limit or amount > limit", "T"),
        ('amount >= eur("0")', "T"),
        ("payment.since_authenticated.count < top and payment.since_authenticated.count > top", "FU"),
        ("payment.since_authenticated.count <= top and payment.since_authenticated.count >= top", "TFU"),
        ("payment.fraud_rate.bps < rate", "TFU"),
        ("amount <= unread", "U"),
        ("amount <= unread or payment.own_account", "TU"),
        ("amount + payment.limits.day_total <= limit", "TFU"),
        ('within(payment.issuer_country, "AREA") and payment.issuer_country == "DE"', "TFU"),
        ('within(payment.issuer_country, "AREA") and payment.issuer_country == "US"', "FU"),
        ('within(payment.issuer_country, "FR") and not within(payment.issuer_country, "AREA")', "FU"),
        ("payment.method in methods", "TFU"),
        ('payment.method in methods and payment.method == "visa"', "TFU"),
        ('payment.method in methods and payment.method == "mada"', "FU"),
        ('"malware" in payment.risk.signals and distinct(payment.risk.signals) > 1', "TF"),
        ("distinct(payment.risk.signals) > 6", "F"),
        ("is_known(payment.mandate)", "TF"),
        ("is_known(payment.mandate) or not payment.mandate.first", "TU"),
        ("is_known(amount)", "T"),
        ("payment.mandate.being_set_up", "TF"),
        ('(limit if payment.instrument == "card" else ceiling) < amount', "TF"),
        ('word == "on" and payment.own_account', "TFU"),
        ('word == "off" and payment.own_account', "F"),
        ('day_of(payment.mandate.created_at) < date("2019-09-14")', "TFU"),
        ('payment_date < date("2026-06-01")', "TF"),
        ('payment_date < date("2026-01-01")', "F"),
        ("local_hour >= top and local_hour < top", "F"),
        ("local_hour <= 23", "T"),
        ('any(line.kind == "digital" for line in lines)', "TFU"),
        ('count(line.kind == "digital" for line in lines) > 1', "TFU"),
        ("payment.issuer_country == payment.acquirer_country", "TFU"),
        ("payment_date - day_of(payment.mandate.created_at) > days(30)", "TFU"),
    ],
)
def test_outcomes(text: str, outcomes: str) -> None:
    assert _answers(text) == outcomes


def test_what_would_need_algebra_is_left_undecided() -> None:
    """A total is never below nought, so this cannot be; the search only knows that it has not found it."""
    question, tree = _question("amount + payment.limits.day_total <= limit and amount > limit")
    assert question.find([(tree, TRUE)]) is Answer.UNDECIDED


def test_several_goals_at_once() -> None:
    question, tree = _question("amount <= limit and payment.own_account")
    amount, own = tree.items  # type: ignore[attr-defined]
    found = question.find([(amount, TRUE), (own, UNKNOWN)])
    assert isinstance(found, Witness)
    assert "payment.own_account" not in found.facts
    assert found.facts["amount"].amount <= 30


def test_a_seed_is_tried_first() -> None:
    question, tree = _question("amount <= limit")
    seed = {"amount": Money(Decimal("12.34"), "EUR")}
    assert question.find([(tree, TRUE)], [seed]).facts is seed  # type: ignore[union-attr]


def test_a_cap_on_the_work_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "STEPS", 1)
    question, tree = _question('payment.own_account and payment.channel == "remote" and amount > limit')
    assert question.find([(tree, TRUE)]) is Answer.UNDECIDED


def test_what_is_not_found_is_not_called_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "TRIALS", 0)
    question, tree = _question("amount + payment.limits.day_total <= limit")
    assert question.find([(tree, TRUE)]) is Answer.UNDECIDED


# -- against payments at random ------------------------------------------------------------------------------------------

_ATOMS = st.sampled_from(
    [
        'payment.channel == "remote"', 'payment.channel != "chip"', 'payment.channel in ["chip", "contactless"]',
        "payment.own_account", "payment.mandate.being_set_up", "amount <= limit", "amount < ceiling", "amount == limit",
        "payment.since_authenticated.count < top", "payment.since_authenticated.count == top", 'word == "on"',
        "payment.fraud_rate.bps >= rate", "is_known(payment.channel)", "is_known(payment.mandate)", "amount <= unread",
        'within(payment.issuer_country, "AREA")', 'payment.issuer_country == "DE"', '"malware" in payment.risk.signals',
        "distinct(payment.risk.signals) > 0", "amount <= (limit if payment.own_account else ceiling)",
        "amount + payment.limits.day_total <= ceiling", 'kind == "refund"',
    ]
)  # fmt: skip
_CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} and {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} or {pair[1]})"),
        inner.map(lambda one: f"(not {one})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
    ),
    max_leaves=5,
)
_AMOUNTS = st.sampled_from(["0", "0.01", "29.99", "30", "30.01", "49.99", "50", "50.01", "200"]).map(
    lambda text: Money(Decimal(text), "EUR")
)
_PAYMENTS = st.fixed_dictionaries(
    {"amount": _AMOUNTS, "kind": st.sampled_from(["sale", "refund"])},
    optional={
        "payment.channel": st.sampled_from(["remote", "chip", "contactless", "mail_telephone"]),
        "payment.own_account": st.booleans(),
        "payment.mandate.being_set_up": st.booleans(),
        "payment.mandate.first": st.booleans(),
        "payment.since_authenticated.count": st.integers(0, 7),
        "payment.fraud_rate.bps": st.sampled_from(["12.9", "13", "13.1"]).map(Decimal),
        "payment.issuer_country": st.sampled_from(["DE", "FR", "US"]),
        "payment.risk.signals": st.sampled_from([(), ("malware",), ("malware", "unusual_device"), ("unusual_device",)]),
        "payment.limits.day_total": _AMOUNTS,
    },
)


def _found(tree: Expr, payment: Mapping[str, Any]) -> int:
    moment = Moment(DAYS[1], 12, lambda money, _: money.amount)
    return mask(Interpreter({"currency": "EUR", **payment}, LAW, moment, {}).see(tree).value)


@given(_CONDITIONS, st.lists(_PAYMENTS, min_size=5, max_size=20))
def test_no_payment_does_what_is_called_impossible(text: str, payments: list[dict[str, Any]]) -> None:
    question, tree = _question(text)
    seen = {_found(tree, payment) for payment in payments}
    for outcome in (TRUE, FALSE, UNKNOWN):
        answer = question.find([(tree, outcome)])
        assert answer is not Answer.NONE or outcome not in seen
        assert not isinstance(answer, Witness) or _found(tree, answer.facts) == outcome


@given(_CONDITIONS, _PAYMENTS)
def test_more_is_never_possible_than_is_thought(text: str, payment: dict[str, Any]) -> None:
    """What the search cuts off is only what cannot be."""
    question, tree = _question(text)
    assert question.possible(tree, question.space) & _found(tree, payment)
