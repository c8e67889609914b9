"""Estimates: recent payments asked again with the change and without it, under the law of its day."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from engine.backtest import Stored
from engine.decide import decide
from engine.history import NullHistory
from engine.packs import PackSet
from engine.replay import facts_from
from ingest.impact.edit import edit_all
from ingest.impact.estimate import Estimate, estimate
from tests.backtest.past import law, rates
from tests.ingest.impact.helpers import proposals
from tests.ingest.link.examples import contactless, germany

DAY = date(2027, 3, 1)
NEW_YEAR = date(2027, 1, 1)


def stored(name: str, body: dict[str, Any], domain: str) -> Stored:
    """A payment as the ledger keeps it."""
    request = json.dumps(body).encode()
    facts = facts_from(request)
    decision = decide(
        facts, law(), NullHistory(), rates=rates(), decision_id=name, now=facts["occurred_at"], domains=(domain,)
    )
    return Stored(name, request, json.dumps(decision.inputs).encode())


def tap(number: int, amount: str) -> Stored:
    return stored(
        f"dec_{number}",
        {
            "occurred_at": "2026-11-01T12:00:00+01:00", "amount": amount, "currency": "EUR", "payee": {"country": "FR"},
            "payment": {
                "instrument": "card", "channel": "contactless", "initiator": "payer", "issuer_country": "DE",
                "acquirer_country": "FR",
                "since_authenticated": {"amount": "0", "currency": "EUR", "count": 0, "policy": "amount"},
            },
        },
        "sca",
    )  # fmt: skip


def sale(number: int) -> Stored:
    line = {
        "id": "1", "kind": "goods", "category": "medicine", "amount": "119.00", "tax_inclusive": True,
        "ship_from": {"country": "DE"}, "ship_to": {"country": "DE"},
    }  # fmt: skip
    return stored(
        f"dec_s{number}",
        {
            "occurred_at": "2026-11-01T12:00:00+01:00", "amount": "119.00", "currency": "EUR", "payment": {"instrument": "card"},
            "payer": {"type": "individual", "country": "DE"},
            "payee": {"country": "DE", "registrations": [{"jurisdiction": "DE", "scheme": "standard"}]},
            "lines": [line],
        },
        "tax",
    )  # fmt: skip


@cache
def raised() -> PackSet:
    made = edit_all(proposals(contactless()), law().files, release=law())
    return PackSet.of({**law().files, **made.files}, near=law())


@cache
def dearer() -> PackSet:
    made = edit_all(proposals(germany()), law().files, release=law())
    return PackSet.of({**law().files, **made.files}, near=law())


def test_payments_between_the_old_limit_and_the_new_one_are_turned() -> None:
    past = [tap(number, amount) for number, amount in enumerate(["40.00", "50.00", "55.00", "60.00", "60.01"] * 8)]
    found = estimate(past, law(), raised(), domains=("sca",), day=DAY)
    assert (found.asked, found.changed, found.left_out) == (40, 16, 0)
    assert [(one.was, one.now, one.payments) for one in found.outcomes] == [("challenge", "allow", 16)]
    assert found.money == {"EUR": {"milder": Decimal("920")}}
    assert found.enough
    assert found.words == "16 of 40 recent payments would be answered otherwise under the law of 2027-03-01."


def test_on_the_day_before_nothing_is_turned() -> None:
    found = estimate([tap(1, "55.00")] * 30, law(), raised(), domains=("sca",), day=date(2027, 2, 28))
    assert (found.asked, found.changed, found.outcomes) == (30, 0, ())


def test_more_tax_is_told_by_country_and_currency() -> None:
    found = estimate([sale(number) for number in range(3)], law(), dearer(), domains=("tax",), day=NEW_YEAR)
    assert found.tax == {"DE EUR": Decimal("2.49")}
    assert not found.enough
    assert found.words.startswith("Not enough payments to tell:")


def test_without_payments_it_is_said_that_nothing_can_be_told() -> None:
    found = estimate([], law(), raised(), domains=("sca",), day=DAY)
    assert found == Estimate(0, 0, 0, (), day=DAY)
    assert found.words == "Not enough payments: none is kept that could be asked."


def test_no_more_than_wanted_are_asked() -> None:
    def endless() -> Any:
        number = 0
        while True:
            number += 1
            yield tap(number, "55.00")

    assert estimate(endless(), law(), raised(), domains=("sca",), day=DAY, most=7).asked == 7


def test_a_payment_that_cannot_be_read_any_more_is_left_out_and_counted() -> None:
    broken = Stored("dec_x", b'{"amount": 1}', b"{}")
    found = estimate([broken, tap(1, "55.00")], law(), raised(), domains=("sca",), day=DAY)
    assert (found.asked, found.left_out) == (1, 1)


def test_as_data_it_is_plain_json() -> None:
    found = estimate([tap(1, "55.00")], law(), raised(), domains=("sca",), day=DAY)
    told = json.loads(json.dumps(found.as_data()))
    assert told["money"] == {"EUR": {"milder": "55"}}
    assert told["outcomes"] == [{"was": "challenge", "now": "allow", "payments": 1}]
    assert told["day"] == "2027-03-01"
