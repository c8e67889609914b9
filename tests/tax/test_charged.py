"""What reports ask of a committed tax: where each line comes from, where it goes, and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from engine.tax.charged import Dimensions, dimensions_of

TAX: dict[str, Any] = {
    "customer": "consumer",
    "lines": [{"id": "1", "country": "FR", "region": None, "reason": "oss.distance_sale"}],
}


@pytest.mark.parametrize(
    ("facts", "origin", "destination"),
    [
        ({"lines": [{"kind": "goods", "ship_from.country": "DE", "ship_to.country": "IT"}]}, "DE", "IT"),
        ({"payee.country": "DE", "payer.country": "IT", "lines": [{"kind": "digital"}]}, "DE", "IT"),
        ({"payee.country": "DE", "payer.evidence.ip_country": "ES", "lines": [{}]}, "DE", "ES"),
        ({"payee.country": "DE", "lines": [{}]}, "DE", "FR"),
        ({"payer.country": "IT", "lines": [{"supplied_at.country": "AT"}]}, None, "AT"),
        ({"lines": [{"ship_to.country": "US", "ship_to.region": "US-TX"}]}, None, "US-TX"),
        ({"lines": [{"ship_to.country": "US", "ship_to.region": "TX"}]}, None, "US-TX"),
        ({"lines": [{"ship_to.country": "US", "ship_to.region": "Texas"}]}, None, "US"),
        ({"lines": [{"ship_to.country": "FR", "ship_to.region": "FR-IDF"}]}, None, "FR"),
        ({}, None, "FR"),
    ],
)
def test_a_line_goes_from_its_seller_or_store_to_its_buyer_or_place(
    facts: dict[str, Any], origin: str | None, destination: str
) -> None:
    (found,) = dimensions_of(facts, TAX)
    assert (found.origin, found.destination) == (origin, destination)


def test_below_a_threshold_the_place_of_the_buyer_is_kept_though_another_taxes() -> None:
    """A small German seller taxes a French buyer at home: the sale counts for the total all the same."""
    tax = {**TAX, "lines": [{"id": "1", "country": "DE", "region": None, "reason": "below_threshold"}]}
    facts = {"lines": [{"kind": "goods", "ship_from.country": "DE", "ship_to.country": "FR"}]}
    assert dimensions_of(facts, tax) == (Dimensions("DE", "FR", "goods", "consumer", False),)


@pytest.mark.parametrize(("reason", "platform"), [("platform_liable", True), ("oss.distance_sale", False)])
def test_a_sale_that_a_platform_taxes_is_marked(reason: str, platform: bool) -> None:
    (found,) = dimensions_of({"lines": [{}]}, {**TAX, "lines": [{**TAX["lines"][0], "reason": reason}]})
    assert found.platform is platform


def test_who_the_customer_is_may_be_unknown() -> None:
    (found,) = dimensions_of({}, {**TAX, "customer": None})
    assert (found.customer, found.kind) == ("unknown", None)
