"""The same sale is told the same way, whoever asked before: what is kept for speed leaves no trace in an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from engine.decoding import decode_tree
from engine.money import RateTable
from engine.tax import told
from engine.tax.assess import assessed
from engine.tax.law import TaxLaw
from engine.tax.sale import sale_of
from tests.property.shipped import packs

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
REGISTERED = [{"jurisdiction": "DE", "scheme": "oss"}, {"jurisdiction": "DE", "scheme": "standard"}]


def sale(seller: str, buyer: str, kind: str, **line: Any) -> dict[str, Any]:
    return {
        "amount": "50.00",
        "currency": "EUR",
        "payment": {"instrument": "card"},
        "payer": {"type": "individual", "country": buyer},
        "payee": {"country": seller, "registrations": REGISTERED},
        "lines": [{"id": "1", "kind": kind, "category": "standard", "amount": "50.00", "tax_inclusive": True, **line}],
    }


SALES = {
    "a digital service from DE to IT": sale("DE", "IT", "digital"),
    "a digital service from DE to AU": sale("DE", "AU", "digital"),
    "goods from DE to Heligoland": sale(
        "DE", "DE", "goods", ship_from={"country": "DE"}, ship_to={"country": "DE", "postal_code": "27498"}
    ),
    "goods from ES to the Canaries": sale(
        "ES", "ES", "goods", ship_from={"country": "ES"}, ship_to={"country": "ES", "postal_code": "35001"}
    ),
    "goods from DE to FR": sale("DE", "FR", "goods", ship_from={"country": "DE"}, ship_to={"country": "FR"}),
    "goods from GB to XI": sale("GB", "GB", "goods", ship_from={"country": "GB"}, ship_to={"country": "XI"}),
    "a seat of software from US to US-TX": sale("US", "US", "digital"),
}


def answer(body: dict[str, Any], law: TaxLaw) -> bytes:
    told_sale = sale_of(decode_tree(body), NOW)
    assert told_sale is not None
    found = assessed(told_sale, law, RateTable(()))
    return orjson.dumps([found.answer, told.applied(found, law.packs)])


@pytest.mark.parametrize("name", SALES)
def test_asked_again_and_after_others(name: str) -> None:
    law = TaxLaw(packs())
    first = answer(SALES[name], law)
    assert answer(SALES[name], law) == first
    for other in SALES.values():
        answer(other, law)
    assert answer(SALES[name], law) == first
    used = TaxLaw(packs())
    for other in reversed(SALES.values()):
        answer(other, used)
    assert answer(SALES[name], used) == first
