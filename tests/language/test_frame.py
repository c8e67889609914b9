"""Rules over columns of past payments: what is in the fragment, what is refused and why, and that nothing is ever rounded."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.language.check import check
from engine.language.columns import (
    NotColumnar,
    columns_of,
    facts_of_row,
    facts_to_frame,
    prepared,
    rate_column,
    row_columns,
)
from engine.language.compile import NamedRule
from engine.language.frame import FrameRules, compile_frame
from engine.language.law import Gap, Law, Moment, no_rates
from engine.language.scope import Scope
from engine.language.tree import Expr, Not, RuleRef, conjunction
from engine.language.types import BOOL, INT, PLACE, Type
from engine.money import Money
from tests.language.asking import DAY, GROUPS, QUOTES, eur, usd, xaf

ROOT = Path(__file__).parents[2]
SCOPE = Scope({"limit": Type("money", unit="EUR"), "home": PLACE, "many": INT, "strict": BOOL}, {}, frozenset(GROUPS))
LAW = Law({"limit": Decimal("30.00"), "home": "FR", "many": Gap.UNREAD, "strict": True}, GROUPS)


def framed(*texts: str, law: Law = LAW) -> FrameRules:
    """Rules called a, b, c, ... for frames."""
    return compile_frame([NamedRule(chr(97 + at), check(text, SCOPE)) for at, text in enumerate(texts)], law)


def evaluated(text: str, frame: pl.DataFrame) -> list[bool | None]:
    """One rule over a frame."""
    return framed(text).evaluate(frame, rates=QUOTES)["a"].to_list()


def payments(*amounts: Money | None, **columns: list[Any]) -> pl.DataFrame:
    """Payments of these amounts, on the day the rates are quoted for."""
    facts = [
        {"currency": amount.currency if amount else "EUR"} | ({"amount": amount} if amount else {})
        for amount in amounts
    ]
    moments = [Moment(DAY, 12, no_rates)] * len(facts)
    return facts_to_frame(facts, moments).with_columns(pl.Series(name, values) for name, values in columns.items())


# -- values ----------------------------------------------------------------------------------------------------------


def test_amounts_at_the_limit() -> None:
    frame = payments(eur("29.99"), eur("30"), eur("30.01"), None)
    assert evaluated("amount <= limit", frame) == [True, True, False, None]


def test_amounts_in_other_currencies_are_converted_exactly() -> None:
    frame = payments(usd("37.50"), usd("37.51"), eur("30"), xaf("1"), Money(Decimal(4800), "JPY"))
    assert evaluated("amount <= limit", frame) == [True, False, True, None, True]
    assert evaluated('amount + eur("1") <= limit', frame) == [False, False, False, None, False]


def test_rates_may_come_as_columns() -> None:
    frame = payments(usd("37.50"), usd("60"), eur("30"))
    ready = frame.with_columns(pl.Series(rate_column("amount", "EUR"), ["0.5", None, None]))
    assert framed("amount <= limit").evaluate(ready)["a"].to_list() == [True, None, True]


def test_without_rates_nothing_is_converted() -> None:
    assert framed("amount <= limit").evaluate(payments(usd("1"), eur("1")))["a"].to_list() == [None, True]


def test_the_day_of_the_rate_may_be_another_than_that_of_the_law() -> None:
    frame = payments(usd("37.50"), usd("37.50")).with_columns(pl.lit(date(2019, 9, 14)).alias("payment_date"))
    assert evaluated("amount <= limit", frame) == [None, None]
    dated = frame.with_columns(pl.Series("rate_date", [DAY, date(2019, 9, 14)]))
    assert evaluated("amount <= limit", dated) == [True, None]


def test_rows_keep_their_order() -> None:
    amounts = [usd("37.51"), eur("30"), usd("37.50"), eur("30.01"), xaf("2"), usd("37.49")] * 50
    assert evaluated("amount <= limit", payments(*amounts)) == [False, True, True, False, None, True] * 50


def test_every_digit_counts() -> None:
    big = Decimal("999999999999999999.999999999999")
    frame = facts_to_frame([{"currency": "EUR", "payment.fraud_rate.bps": big}])
    assert evaluated('payment.fraud_rate.bps == bps("999999999999999999.999999999999")', frame) == [True]
    assert evaluated('payment.fraud_rate.bps * 2 > bps("999999999999999999.999999999999") * 2', frame) == [False]
    assert evaluated(
        'payment.fraud_rate.bps + bps("0.000000000001") > bps("999999999999999999.999999999999")', frame
    ) == [True]


def test_a_column_that_is_not_there_is_unknown_in_every_row() -> None:
    frame = payments(eur("1"), eur("2"))
    assert evaluated("payment.own_account", frame) == [None, None]
    assert evaluated("payment.own_account or amount <= limit", frame) == [True, True]
    assert evaluated("suspicion", frame) == [False, False], "the silence of a report is an answer"
    assert evaluated("is_known(payment.risk)", frame) == [False, False]


def test_lists() -> None:
    rows = [{"payment.risk.signals": ("malware", "malware")}, {"payment.risk.signals": ()}, {}]
    frame = facts_to_frame([{"currency": "EUR", **row} for row in rows])
    assert evaluated('"malware" in payment.risk.signals', frame) == [True, False, False]
    assert evaluated("distinct(payment.risk.signals) == 1", frame) == [True, False, False]
    bands = facts_to_frame(
        [{"currency": "EUR", "payment.fraud_rate.suspended_bands": (Decimal("100.00"),)}, {"currency": "EUR"}]
    )
    assert evaluated("100 in payment.fraud_rate.suspended_bands", bands) == [True, False]
    assert evaluated("250 in payment.fraud_rate.suspended_bands", bands) == [False, False]


def test_rules_without_any_fact_answer_every_row() -> None:
    frame = payments(eur("1"), eur("2"), eur("3"))
    assert evaluated("true", frame) == [True, True, True]
    assert evaluated('within(home, "EEA")', frame) == [True, True, True]
    assert evaluated("many > 1", frame) == [None, None, None]


def test_an_empty_frame_has_no_answers() -> None:
    assert framed("amount <= limit").evaluate(payments(eur("1")).clear(), rates=QUOTES)["a"].to_list() == []


def test_exceptions_are_read_from_the_rules_before() -> None:
    barred = NamedRule("barred", check("payment.offline", SCOPE))
    free: list[Expr] = [check("amount <= limit", SCOPE), Not(BOOL, 1, RuleRef(BOOL, 1, "barred"))]
    rules = compile_frame([barred, NamedRule("free", conjunction(free))], LAW)
    frame = payments(eur("1"), eur("1"), eur("1"), **{"payment.offline": [True, False, None]})
    assert rules.evaluate(frame).to_dict(as_series=False) == {
        "barred": [True, False, None],
        "free": [False, True, None],
    }


def test_only_rules_of_the_fragment_are_evaluated() -> None:
    rules = framed("amount <= limit", "any(x.marketplace for x in lines)", "payment.offline")
    assert rules.evaluate(payments(eur("1"))).columns == ["a", "c"]
    assert set(rules.refused) == {"b"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("any(x.marketplace for x in lines)", "any() looks into lines, a list of objects, which is no column"),
        ("sum(x.amount for x in linked) <= limit", "sum() looks into linked, a list of objects, which is no column"),
        ("ratio(payment.installments, 3) > 1", "ratio() is not written for columns"),
        ('months_add(payment_date, 1, "up") > payment_date', "months_add() is not written for columns"),
        ("floor_to(amount, 5) <= limit", "floor_to() is not written for columns"),
        ("amount / 3 <= limit", "a division by 3 does not come out even"),
        ("amount * 1000000 <= limit", "a number could have 37 digits, more than a column holds exactly"),
        (
            "amount * local_hour * local_hour <= limit",
            "a number could have 49 digits, more than a column holds exactly",
        ),
        (
            "distinct(payer.identity.documents if strict == true else payment.risk.signals) > 0",
            "a choice between lists is no column",
        ),
    ],
)
def test_what_is_refused_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert framed(text).refused == {"a": reason}


def test_an_exception_outside_the_fragment_takes_its_rule_along() -> None:
    barred = NamedRule("barred", check("any(x.marketplace for x in lines)", SCOPE))
    free = NamedRule("free", Not(BOOL, 1, RuleRef(BOOL, 1, "barred")))
    refused = compile_frame([barred, free], LAW).refused
    assert refused["free"] == f"its exception barred is not in the frame: {refused['barred']}"


def test_a_branch_that_the_law_never_takes_may_hold_anything() -> None:
    assert framed("amount <= limit if strict else any(x.marketplace for x in lines)").refused == {}


# -- columns ---------------------------------------------------------------------------------------------------------


def test_the_columns_of_each_kind_of_fact() -> None:
    assert columns_of("amount") == {"amount": pl.Decimal(30, 12), "amount.currency": pl.String}
    assert columns_of("occurred_at") == {"occurred_at": pl.Datetime("us", "UTC"), "occurred_at.offset": pl.Int64}
    assert columns_of("payment.risk.signals") == {"payment.risk.signals": pl.List(pl.String)}
    assert columns_of("lines") == {"lines": pl.Int64}
    assert columns_of("local_hour") == {"local_hour": pl.Int64}
    with pytest.raises(NotColumnar, match=r"There is no fact payment\.zzz"):
        columns_of("payment.zzz")


STATED: dict[str, Any] = {
    "currency": "EUR",
    "amount": usd("30.00"),
    "occurred_at": datetime(2026, 11, 22, 0, 30, tzinfo=timezone(timedelta(hours=2))),
    "payer.last_review": date(2026, 1, 2),
    "payment.installments": 3,
    "payment.own_account": False,
    "payment.fraud_rate.bps": Decimal("13.5"),
    "payment.fraud_rate.suspended_bands": (Decimal(100),),
    "payment.risk.signals": ("malware",),
    "payer.country": "US-CA",
    "payer.name": "A. N. Other",
    "lines": ({}, {}),
}


def test_facts_come_back_as_they_went() -> None:
    frame = prepared(facts_to_frame([STATED, {"currency": "EUR"}]), STATED)
    rows = frame.select(row_columns(STATED)).rows(named=True)
    assert facts_of_row(rows[0], STATED) == STATED
    assert facts_of_row(rows[0], STATED)["occurred_at"].isoformat() == "2026-11-22T00:30:00+02:00"
    assert facts_of_row(rows[1], STATED) == {"currency": "EUR"}


def test_the_ends_of_the_calendar_are_held() -> None:
    ends = [datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), datetime.max.replace(tzinfo=UTC)]
    frame = prepared(facts_to_frame([{"currency": "EUR", "occurred_at": moment} for moment in ends]), ["occurred_at"])
    rows = frame.select(row_columns(["occurred_at"])).rows(named=True)
    assert [facts_of_row(row, ["occurred_at"])["occurred_at"] for row in rows] == ends


@pytest.mark.parametrize("amount", ["0.0000000000001", "1000000000000000000", "1E+18"])
def test_what_does_not_fit_is_refused_and_never_rounded(amount: str) -> None:
    with pytest.raises(NotColumnar, match="18 digits before the point and 12 behind it"):
        facts_to_frame([{"currency": "EUR", "amount": eur(amount)}])


def test_trailing_zeros_and_exponents_fit() -> None:
    frame = facts_to_frame(
        [{"currency": "EUR", "amount": eur(text)} for text in ("1E+2", "100.0000000000000", "0E-20")]
    )
    assert frame["amount"].to_list() == [Decimal(100), Decimal(100), Decimal(0)]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pl.Series("amount", [1.5]), "a float has already lost digits"),
        (pl.Series("amount", [150]), "major or minor units"),
        (pl.Series("amount", ["a lot"]), "not Decimal"),
        (pl.Series("amount", [Decimal("1.0000000000001")], pl.Decimal(30, 13)), "more than 12 decimals"),
        (pl.Series("amount", [Decimal("1" * 19)], pl.Decimal(38, 0)), "not Decimal"),
        (pl.Series("amount", [None, None], pl.Float64)[:1], "a float has already lost digits"),
    ],
)
def test_columns_of_the_wrong_kind_are_refused(column: pl.Series, said: str) -> None:
    frame = pl.DataFrame([pl.Series("currency", ["EUR"]), column])
    with pytest.raises(NotColumnar, match=said):
        framed("amount <= limit").evaluate(frame)


def test_columns_of_a_narrower_kind_are_taken() -> None:
    frame = pl.DataFrame(
        [
            pl.Series("currency", ["EUR", "EUR"], pl.Categorical),
            pl.Series("amount", [Decimal("30.00"), Decimal("30.01")], pl.Decimal(10, 2)),
            pl.Series("payment.installments", [1, 2], pl.Int8),
            pl.Series("payment.channel", ["remote", "chip"], pl.Categorical),
        ]
    )
    assert evaluated("amount <= limit", frame) == [True, False], (
        "without a currency of its own the amount is in the payment's"
    )
    assert evaluated("payment.installments == 2", frame) == [False, True]
    assert evaluated('payment.channel == "remote"', frame) == [True, False]


def test_every_payment_has_a_currency() -> None:
    with pytest.raises(NotColumnar, match="Every transaction needs its currency"):
        framed("amount <= limit").evaluate(pl.DataFrame({"amount": [Decimal(1)]}))


def test_facts_nobody_declared_are_no_columns() -> None:
    with pytest.raises(NotColumnar, match="There is no fact colour"):
        facts_to_frame([{"colour": "red"}])


def test_deciding_does_not_load_the_frame() -> None:
    """Polars costs a tenth of a second to import; nothing that decides needs it."""
    code = "import sys, engine.decide, engine.explain, engine.replay; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
