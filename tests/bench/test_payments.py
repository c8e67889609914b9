"""Generated payments: the same every time, accepted by the service, around the thresholds, some incomplete."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest

from bench.payments import CALLERS, EDGES, bodies, flat, with_basket
from engine.facts import facts_of
from engine.layouts import decode
from engine.transaction import Transaction


@pytest.fixture(scope="module")
def payments() -> list[dict[str, object]]:
    return bodies(2000, callers=0)


def test_the_same_seed_gives_the_same_payments(payments: list[dict[str, object]]) -> None:
    assert bodies(50, callers=0) == payments[:50]
    assert bodies(50, seed=1, callers=0) != payments[:50]


def test_a_caller_always_sends_the_same_fields() -> None:
    layouts = {tuple(decode(orjson.dumps(payment))) for payment in bodies(500)}
    assert 1 < len(layouts) <= CALLERS


def test_the_model_and_the_decoder_accept_them(payments: list[dict[str, object]]) -> None:
    for payment in payments[:500]:
        raw = orjson.dumps(payment)
        assert facts_of(Transaction.model_validate_json(raw)) == decode(raw)


def test_a_basket_is_decoded_quickly_too(payments: list[dict[str, object]]) -> None:
    for number, payment in enumerate(payments[:200]):
        raw = orjson.dumps(with_basket(payment, number))
        facts = decode(raw)
        assert facts_of(Transaction.model_validate_json(raw)) == facts
        assert facts["lines"][0]["amount"] == facts["amount"]


def test_amounts_lie_around_every_threshold(payments: list[dict[str, object]]) -> None:
    found = Counter(flat(payment)["amount"] for payment in payments)
    assert all(found[edge] >= 10 for edge in EDGES)


def test_about_one_optional_field_in_ten_is_missing(payments: list[dict[str, object]]) -> None:
    stated = sum("asked_by" in payment for payment in payments)
    assert 0.87 < stated / len(payments) < 0.93
