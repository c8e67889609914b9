"""Which way the money goes, as the subject sees it."""

from typing import Any

import pytest

from engine.language.law import no_rates
from engine.scenarios import Event, Subject
from engine.scenarios.event import counterparty_of, flow_of, pays
from engine.scenarios.window import window_of
from tests.scenarios.telling import START

PAYER, PAYEE = Subject("payer", "P"), Subject("payee", "R")


def _event(kind: str, **stated: Any) -> Event:
    return Event("a", START, kind, 100, "EUR", **{"payer": "P", "payee": "R", **stated})


@pytest.mark.parametrize(
    ("kind", "subject", "flow"),
    [
        ("transfer", PAYER, "out"),
        ("transfer", PAYEE, "in"),
        ("sale", PAYER, "out"),
        ("sale", PAYEE, "in"),
        ("refund", PAYER, "in"),
        ("refund", PAYEE, "out"),
        ("deposit", PAYER, "in"),
        ("withdrawal", PAYER, "out"),
        ("sale", Subject("merchant", "M"), "in"),
        ("refund", Subject("merchant", "M"), "out"),
        ("payout", Subject("merchant", "M"), "out"),
        ("sale", Subject("card", "4"), "out"),
        ("refund", Subject("card", "4"), "in"),
    ],
)
def test_by_what_is_paid_and_who_looks(kind: str, subject: Subject, flow: str) -> None:
    assert flow_of(_event(kind, merchant="M", card="4"), subject) == flow


def test_an_account_sees_what_leaves_it_and_what_reaches_it() -> None:
    event = _event("transfer", account="A", payee_account="B")
    assert (flow_of(event, Subject("account", "A")), flow_of(event, Subject("account", "B"))) == ("out", "in")


def test_between_own_accounts_it_cannot_be_told() -> None:
    assert flow_of(_event("transfer", payee="P"), PAYER) is None


def test_a_stated_direction_decides_where_nobody_else_can() -> None:
    assert flow_of(_event("transfer", payee="P", direction="in"), PAYER) == "in"


@pytest.mark.parametrize("direction", ["in", "out", None])
def test_how_the_obliged_entity_sees_it_does_not_turn_the_money_round(direction: str | None) -> None:
    """A bank states `in` of the cash that its customer pays in; it comes to the customer's account all the same."""
    assert flow_of(_event("deposit", payee="bank", direction=direction), PAYER) == "in"
    assert flow_of(_event("refund", direction=direction), PAYER) == "in"
    assert flow_of(_event("payout", direction=direction), PAYEE) == "in"
    assert flow_of(_event("payout", direction=direction), PAYER) == "out"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [(PAYER, True), (PAYEE, False), (Subject("card", "4"), True), (Subject("merchant", "M"), False),
     (Subject("account", "A"), True), (Subject("account", "B"), False)],
)  # fmt: skip
def test_who_pays_is_who_is_stated_as_payer(subject: Subject, expected: bool) -> None:
    event = _event("deposit", account="A", payee_account="B", card="4", merchant="M", direction="in")
    assert pays(event, subject) is expected


def test_who_pays_is_not_known_where_nobody_is_stated() -> None:
    assert pays(_event("deposit", payer=None), PAYEE) is None
    assert "pays" not in window_of(PAYEE, [_event("deposit", payer=None)], no_rates).plain()[0]


def test_the_other_party_is_never_the_subject_itself() -> None:
    assert counterparty_of(_event("transfer"), PAYER) == "R"
    assert counterparty_of(_event("transfer"), PAYEE) == "P"
    assert counterparty_of(_event("deposit", payee="P"), PAYER) is None
    assert counterparty_of(_event("sale", merchant="M"), Subject("merchant", "M")) == "P"
