"""Expressions and values as an officer reads them; what is written reads back as what it was."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from engine.language.check import check
from engine.language.law import Law
from engine.language.render import duration, label, show, source
from engine.language.scope import NamedLet, Scope
from engine.language.tree import Expr, RuleRef
from engine.language.types import BOOL, DATE, DECIMAL, DURATION, INSTANT, INT, RATE, STRING, Type

SCOPE = Scope(
    {"limit": Type("money", unit="EUR"), "many": INT, "strict": BOOL, "methods": Type("list", item=STRING)},
    {"small": NamedLet("a small payment", check('amount <= eur("30")', Scope()))},
    frozenset({"EEA"}),
)


def unplaced(node: Any) -> Any:
    """The tree without its positions."""
    if isinstance(node, Expr):
        slots = {slot for kind in type(node).__mro__ for slot in getattr(kind, "__slots__", ())}
        return type(node).__name__, {slot: unplaced(getattr(node, slot)) for slot in sorted(slots - {"at"})}
    return [unplaced(item) for item in node] if isinstance(node, tuple) else node


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("amount<=limit", "amount <= limit"),
        ("1<many<=5", "1 < many and many <= 5"),
        ("(strict and small) or not (strict or small)", "strict and small or not (strict or small)"),
        ("strict and (small or strict)", "strict and (small or strict)"),
        ("not not strict", "not not strict"),
        ("(not strict) == small", "(not strict) == small"),
        ("(many == 1) == strict", "(many == 1) == strict"),
        ("(many in [1, 2]) != strict", "(many in [1, 2]) != strict"),
        ("not payment.channel in ['remote', 'chip']", 'not payment.channel in ["remote", "chip"]'),
        ("payment.channel not in ['remote']", 'not payment.channel in ["remote"]'),
        ("payment.method in methods", "payment.method in methods"),
        ("(many+1)*2 - 3 > 4", "(((many + 1) * 2) - 3) > 4"),
        ("amount/4 < limit", "(amount / 4) < limit"),
        ("-3 < many", "-3 < many"),
        ("amount if strict else limit", "(amount if strict else limit)"),
        ("(1 if strict else (2 if small else 3)) == many", "(1 if strict else (2 if small else 3)) == many"),
        ("(strict or small) if (strict and small) else strict", "(strict or small if strict and small else strict)"),
        ("min(many, 5, coalesce(many, 1))", "min(many, 5, coalesce(many, 1))"),
        ('within(payer.country, "EEA")', 'within(payer.country, "EEA")'),
        ("is_known(payment.mandate)", "is_known(payment.mandate)"),
        ("any(x.marketplace for x in lines)", "any(x.marketplace for x in lines)"),
        (
            "sum(x.amount for x in lines if x.marketplace or strict) <= limit",
            "sum(x.amount for x in lines if x.marketplace or strict) <= limit",
        ),
        ('eur("30.00") == amount', 'eur("30.00") == amount'),
        ('TRY("30.00") == amount', 'TRY("30.00") == amount'),
        ('percent("0.13") == bps("13")', 'bps("13.00") == bps("13")'),
        ('decimal("-2.50") < many', 'decimal("-2.50") < many'),
        ("many in [1, -2]", "many in [1, -2]"),
        ('many in [decimal("1.5")]', 'many in [decimal("1.5")]'),
        ('payment_date in [date("2026-11-22")]', 'payment_date in [date("2026-11-22")]'),
        ('payment_date - date("2019-09-14") > days(3)', '(payment_date - date("2019-09-14")) > days(3)'),
        ("occurred_at - hours(36) < occurred_at", "(occurred_at - hours(36)) < occurred_at"),
        ("days(2) == hours(48)", "days(2) == days(2)"),
        ('months_add(payment_date, 1, "up") > payment_date', 'months_add(payment_date, 1, "up") > payment_date'),
        ("payment.method == 'say \"a\"'", "payment.method == 'say \"a\"'"),
        ("true or false", "true or false"),
    ],
)
def test_what_is_written_reads_back(text: str, written: str) -> None:
    tree = check(text, SCOPE)
    assert source(tree) == written
    assert unplaced(check(written, SCOPE)) == unplaced(tree)


def test_exceptions_are_written_by_name() -> None:
    assert source(RuleRef(BOOL, 1, "sca.mandate_set_up")) == "sca.mandate_set_up"


@pytest.mark.parametrize(
    ("value", "kind", "unit", "shown"),
    [
        (True, BOOL, None, "true"),
        (False, BOOL, None, "false"),
        (5, INT, None, "5"),
        (Decimal("2.500"), DECIMAL, None, "2.5"),
        (Decimal("1E+3"), DECIMAL, None, "1000"),
        (Decimal("-0"), DECIMAL, None, "0"),
        (7, DECIMAL, None, "7"),
        (Decimal("13.00"), RATE, None, "13 bps"),
        (Decimal("30"), Type("money"), "EUR", "30.00 EUR"),
        (Decimal("30.000"), Type("money"), "EUR", "30.00 EUR"),
        (Decimal("500"), Type("money"), "JPY", "500 JPY"),
        (Decimal("1.5"), Type("money"), "KWD", "1.500 KWD"),
        (Decimal("30.0041"), Type("money"), "EUR", "30.0041 EUR"),
        (Decimal("30.00000001"), Type("money"), "EUR", "30.00000001 EUR"),
        (Decimal("30.000000010"), Type("money"), "EUR", "30.00000001 EUR"),
        (date(2026, 11, 22), DATE, None, "2026-11-22"),
        (datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=1))), INSTANT, None, "2026-11-22T09:00:00+01:00"),
        (timedelta(days=3), DURATION, None, "P3D"),
        ((), Type("list", item=STRING), None, "none"),
        (("malware", "unusual_device"), Type("list", item=STRING), None, "malware, unusual_device"),
        ((Decimal("100"), Decimal("250.00")), Type("list", item=DECIMAL), None, "100, 250"),
        ("remote", STRING, None, "remote"),
    ],
)
def test_values_in_words(value: Any, kind: Type, unit: str | None, shown: str) -> None:
    assert show(value, kind, unit) == shown


def test_equal_numbers_are_shown_alike_and_in_full() -> None:
    """More digits than a thread's context holds are neither rounded nor refused."""
    long = Decimal("123456789012345678901234567890.1234567890")
    assert show(long, DECIMAL, None) == "123456789012345678901234567890.123456789"
    assert show(long * 10**10, Type("money"), "EUR").endswith(" EUR")
    assert show(Decimal("1E+30"), Type("money"), "EUR") == f"1{'0' * 30}.00 EUR"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (timedelta(0), "P0D"),
        (timedelta(hours=36), "PT36H"),
        (timedelta(hours=48), "P2D"),
        (timedelta(minutes=1), "PT60S"),
        (timedelta(days=-1), "P-1D"),
    ],
)
def test_lengths_of_time(value: timedelta, shown: str) -> None:
    assert duration(value) == shown


def test_a_let_is_called_by_its_own_words() -> None:
    assert label(check("small", SCOPE)) == "a small payment"
    assert label(check("amount", SCOPE)) == "amount"
    assert label(check("many + 1", SCOPE)) == "(many + 1)"


def test_kinds_in_words() -> None:
    kinds = [
        BOOL,
        INT,
        STRING,
        DECIMAL,
        Type("money"),
        Type("money", unit="EUR"),
        Type("list", item=STRING),
        Type("place"),
    ]
    assert [str(kind) for kind in kinds] == [
        "yes or no",
        "a whole number",
        "text",
        "a decimal",
        "money",
        "money in EUR",
        "list of text",
        "a place",
    ]


def test_an_empty_law_has_nothing() -> None:
    assert (dict(Law().params), dict(Law().members)) == ({}, {})
