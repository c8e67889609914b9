"""The parts of the comparison: one form of conditions, a past that is told, payments that nobody could send, tables, caps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.diffs import Kind, Verdict, Why, compare
from engine.diffs.body import markdown
from engine.diffs.earlier import pasts, twofold, witnesses_of
from engine.diffs.examples import varied
from engine.diffs.normal import apart, normal, spelled
from engine.diffs.past import ToldPast
from engine.diffs.sides import Side
from engine.diffs.tables import tables_differ
from engine.diffs.trial import Level, Payment, Trial
from engine.history import FeatureAnswer, FeatureForm, FeatureQuestion, Of
from engine.language.check import check
from engine.language.scope import Scope
from engine.language.types import BOOL, Type
from engine.money import Money
from engine.packs.lint.solve import Witness
from engine.words import Words
from tests.diffs.releases import base, edited, files, release
from tests.diffs.seeded import seeded

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCOPE = Scope(params={"most": Type("int"), "limit": Type("money", unit="EUR")})


def form(text: str) -> str:
    """The one form of a condition."""
    return spelled(normal(check(text, SCOPE, want=BOOL)))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("not (amount <= limit)", "amount > limit"),
        ('not (payment.channel == "remote" and amount <= limit)', 'amount > limit or payment.channel != "remote"'),
        ('payment.channel in ["chip", "remote", "chip"]', 'payment.channel in ["remote", "chip"]'),
        ("payment.installments < 2 * 3 + 1 - 2", "payment.installments < 5"),
        ('amount < eur("1.00") + eur("2.00")', 'amount < eur("3.00")'),
        ("true and payment.offline", "payment.offline"),
        ("false or payment.offline or payment.offline", "payment.offline"),
        ("payment.offline or true", "true"),
        ("payment.offline and false", "false"),
        ("amount < limit if true else amount > limit", "amount < limit"),
        ("not (payment.offline if payment.own_account else amount < limit)",
         "not payment.offline if payment.own_account else amount >= limit"),
        ('not (payment.channel in ["remote"])', 'not not not (payment.channel in ["remote"])'),
    ],
)  # fmt: skip
def test_what_says_the_same_has_one_form(one: str, two: str) -> None:
    assert form(one) == form(two)


def test_amounts_in_two_currencies_are_two_forms() -> None:
    assert form('amount <= eur("30.00")') != form('amount <= usd("30.00")')


def test_only_what_two_conditions_do_not_share_is_left() -> None:
    texts = (
        "payment.offline and (amount < limit or payment.own_account)",
        "(payment.own_account or amount > limit) and payment.offline",
    )
    left = apart(*(normal(check(text, SCOPE, want=BOOL)) for text in texts))
    assert [spelled(node).partition(" |")[0] for node in left] == ["amount < limit", "amount > limit"]


PAST = (
    {"occurred_at": "2026-03-01T10:00:00+00:00", "amount": "5.00", "currency": "EUR", "payer_id": "p", "instrument": "card"},
    {"occurred_at": "2026-03-01T11:00:00+00:00", "amount": "7.00", "currency": "EUR", "payer_id": "p", "instrument": "cash"},
    {"occurred_at": "2026-03-01T11:30:00+00:00", "amount": "9.00", "currency": "USD", "payer_id": "p"},
    {"occurred_at": "2026-03-01T11:30:00+00:00", "amount": "1.00", "currency": "EUR", "payer_id": "another"},
    {"occurred_at": "2026-02-01T11:30:00+00:00", "amount": "1.00", "currency": "EUR", "payer_id": "p"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("of", "column", "where", "answer"),
    [
        (Of.COUNT, None, (), FeatureAnswer(number=3)),
        (Of.COUNT, None, (("instrument", ("card",)),), FeatureAnswer(number=2)),
        (Of.DISTINCT, "instrument", (), FeatureAnswer(number=2)),
        (Of.SUM, None, (), FeatureAnswer((Money(Decimal("12.00"), "EUR"), Money(Decimal("9.00"), "USD")))),
        (Of.MIN, None, (), FeatureAnswer((Money(Decimal("5.00"), "EUR"), Money(Decimal("9.00"), "USD")))),
        (Of.MAX, None, (), FeatureAnswer((Money(Decimal("7.00"), "EUR"), Money(Decimal("9.00"), "USD")))),
    ],
)  # fmt: skip
def test_a_past_that_is_told_counts_as_history_does(
    of: Of, column: str | None, where: Any, answer: FeatureAnswer
) -> None:
    asked = FeatureQuestion(
        "f", FeatureForm(of, column, where, ("payer_id",), ()), ("p",), (), "w", NOON.replace(hour=0), NOON
    )
    assert ToldPast(PAST, {}).features([asked]) == [answer]


def test_a_past_that_is_taken_to_be_known() -> None:
    asked = FeatureQuestion(
        "f", FeatureForm(Of.COUNT, None, (), ("payer_id",), ()), ("p",), (), "w", NOON.replace(hour=0), NOON
    )
    assert ToldPast((), {"f": 4}).features([asked]) == [FeatureAnswer(number=4)]
    assert ToldPast((), {}).features([asked]) == [None]


def test_of_two_answers_to_one_question_the_larger_is_made_true() -> None:
    found = witnesses_of(
        [Witness({"was.f": 2, "f": 5, "kind": "sale"}, NOON.date(), 12)],
        [{"f": 1}, {"kind": "sale"}],
        ["f"],
        NOON.date(),
    )
    assert [dict(one.facts) for one in found] == [{"f": 1}, {"f": 5, "kind": "sale"}]


def test_a_payment_of_which_nothing_past_is_known_has_no_past() -> None:
    feature = base("shipped").packs["CN"].domains["aml"].features["past_cash_day_in"]
    assert list(pasts(Payment({"currency": "CNY"}, NOON, {}), feature, feature)) == []


def test_a_condition_with_its_questions_answered_otherwise() -> None:
    ruled = Side(base("shipped")).ruled("aml.cn.report.cash", "CN", "aml", date(2026, 3, 1))
    assert ruled is not None
    assert "was.past_cash_day_in" in spelled(twofold(ruled))


def test_what_nobody_could_send_differs_in_nothing() -> None:
    trial = Trial(base("small"), edited("small", seeded("a limit is raised").edits))
    facts = {"currency": "EUR", "payment.instrument": "card", "payment.issuer_country": "DE"}
    for amount in (Money(Decimal("55.00"), "USD"), Money(Decimal("-1.00"), "EUR")):
        assert trial.of(Payment({**facts, "amount": amount}, NOON, {}), ("sca",)).level is Level.SAME
    assert trial.tried == 0


def test_other_words_are_tried_where_two_lists_part() -> None:
    payment = Payment({"currency": "EUR", "amount": Money(Decimal(20), "EUR")}, NOON, {})
    details = [
        {"field": "currency", "words": {"parameter": "p", "value": [["EUR", "PLN"], "tokens", None]}},
        {"field": "currency", "words": ["EUR"]},
    ]
    assert [one.facts["currency"] for one in varied(payment, details)] == ["EUR", "PLN", "PLN"]


def test_a_table_says_nothing_new_where_a_line_is_named_for_each_kind_of_supply() -> None:
    (line,) = (text for text in files("small")["FR/tax.yaml"].splitlines() if "id: reduced.books" in text)
    line = line.partition("cite:")[0]
    each = (
        line.replace("[goods, digital]", "[goods]")
        + "confidence: A}\n"
        + line.replace("reduced.books", "books.digital").replace("[goods, digital]", "[digital]")
    )
    was, now = base("small"), edited("small", (("FR/tax.yaml", line, each),))
    assert list(tables_differ(was.packs["FR"].domains["tax"], now.packs["FR"].domains["tax"])) == []
    assert {one.why for one in compare(was, now).meanings} == {Why.SAME_TABLE}


def test_a_territory_outside_the_customs_area() -> None:
    now = edited(
        "small", (("FR/tax.yaml", "vat_area: false, customs_area: true", "vat_area: false, customs_area: false"),)
    )
    (found,) = compare(base("small"), now).meanings
    assert (found.kind, found.name, found.verdict) == (Kind.TERRITORY, "guiana", Verdict.NOT_DECIDED)


def test_more_questions_than_one_comparison_looks_at() -> None:
    found = compare(*seeded("a limit is raised").sides(), most=0)
    assert {(one.verdict, one.why) for one in found.meanings} == {(Verdict.NOT_DECIDED, Why.TOO_MANY)}
    assert "more differences than one comparison looks at" in markdown(found, Words("en", {}))


def test_a_question_to_the_past_that_nobody_asks_and_a_scenario() -> None:
    feature = "features:\n  idle: {label: idle, of: count, key: payer.id, window: {kind: rolling, hours: 24}}\nlets:\n"
    now = edited("small", (("AREA/sca.yaml", "lets:\n", feature),))
    assert [(one.verdict, one.why) for one in compare(base("small"), now).meanings] == [
        (Verdict.EQUIVALENT, Why.NOBODY_READS)
    ]


def test_a_setting_of_a_pack() -> None:
    was = base("small")
    zone = edited("small", (("AREA/pack.yaml", "time_zone: Europe/Brussels", "time_zone: Europe/Paris"),))
    (found,) = compare(was, zone).meanings
    assert (found.kind, found.name, found.verdict, found.why) == (
        Kind.SETTING,
        "time_zone",
        Verdict.NOT_DECIDED,
        Why.EXAMPLES_ONLY,
    )
    unknown = edited("small", (("AREA/pack.yaml", "on_unknown: {sca: challenge}", "on_unknown: {sca: review}"),))
    assert {one.kind for one in compare(was, unknown).meanings} == {Kind.SETTING}


def test_comments_alone_are_told_as_layout() -> None:
    texts = {**files("small"), "AREA/sca.yaml": "# a remark\n" + files("small")["AREA/sca.yaml"]}
    assert "Of other layout only: AREA/sca.yaml." in markdown(compare(base("small"), release(texts)), Words("en", {}))
