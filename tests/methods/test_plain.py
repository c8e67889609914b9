"""Plain payments: what a card, a transfer with its method, and a transfer without one are asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.places import is_place
from engine.regimes.methods import homes_of, methods_in
from tests.law.telling import law
from tests.methods.asking import pay

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "methods.md"
PLACES = sorted(code for code, pack in law().packs.items() if "methods" in pack.domains and is_place(code))
CASH_IS_LIMITED = {"AL", "MK", "RS"}
"""Whose limits of cash stand among these rules, and hang on who the parties are."""
IBAN: dict[str, Any] = {"payment": {"account": {"iban": "DE89370400440532013000"}}}


def money(place: str) -> str:
    """A small sum in the place's currency."""
    return f"10 {law().packs[place].currency or 'EUR'}"


@pytest.mark.parametrize("place", PLACES)
def test_a_card_or_cash_sale_states_no_method(place: str) -> None:
    for instrument in ("card",) if place in CASH_IS_LIMITED else ("card", "cash"):
        told = pay(money(place), None, {"payment": {"instrument": instrument}}, place=place)
        assert told.verdict in ("ok", "not_applicable")
        assert (told.missing, told.fields) == (set(), [])


@pytest.mark.parametrize("place", PLACES)
def test_a_transfer_that_names_no_method_lacks_its_method_and_nothing_else(place: str) -> None:
    """Not the account, not the trade: which tool it is tells first whether they are asked for."""
    told = pay(money(place), None, place=place)
    assert told.missing <= {"payment.method"}
    assert (told.verdict, told.outcome) in (("undecided", "collect"), ("not_applicable", "allow"))


@pytest.mark.parametrize("place", PLACES)
def test_a_transfer_by_a_word_that_no_rule_knows_is_none_of_the_local_tools(place: str) -> None:
    told = pay(money(place), "bank_transfer", place=place)
    assert (told.outcome, told.missing, told.fields) == ("allow", set(), [])


@pytest.mark.parametrize("place", ["DE", "FR", "FI", "SK"])
@pytest.mark.parametrize("method", ["sepa_credit_transfer", "sepa_instant"])
def test_a_transfer_in_euro_with_its_account_is_in_order(place: str, method: str) -> None:
    told = pay("10 EUR", method, IBAN, place=place)
    assert (told.verdict, told.outcome, told.missing, told.fields) == ("ok", "allow", set(), [])


def test_the_trade_is_asked_for_once_the_payment_is_by_upi() -> None:
    assert pay("10 INR", None, place="IN").missing == {"payment.method"}
    assert "payee.industry" in pay("150000 INR", "upi", place="IN").missing


def test_the_page_names_every_method_that_rules_name() -> None:
    names, rows = set(), PAGE.read_text(encoding="utf-8")
    for pack in law().packs.values():
        for domain in pack.domains.values():
            names |= {name for rule in domain.rules for name in methods_in(rule.when)}
    assert names - set(re.findall(r"`(\w+)`", rows)) == set()
    for name, homes in homes_of(law()).items():
        for home in homes:
            assert re.search(rf"^\| {home} \| .*`{name}`", rows, re.MULTILINE), (home, name)
