"""Which rule rounds a tax: the place's own, or the house's where none was read."""

from __future__ import annotations

from typing import Any

import pytest

from engine.packs.model import Confidence
from engine.tax.law import TaxLaw
from engine.tax.model import Customer
from engine.tax.rounding import Rounding, rounding_of
from tests.tax.small_law import DAY, line, place, release, sale_told


def of(rule: str | None, customer: Customer = Customer.CONSUMER, **facts: Any) -> Rounding:
    law = TaxLaw(release(FR=place(**({} if rule is None else {"rounding_rule": rule})))).at("FR", DAY)
    return rounding_of(law, sale_told(line(amount="1.00"), payee={"country": "FR", "facts": facts}), customer)


@pytest.mark.parametrize(
    ("rule", "method", "level", "source"),
    [
        ("half_cent_up", "half_up", "invoice", "FR/half_cent_up"),
        ("half_cent_up_total_or_taxable_supply", "half_up", "invoice", "FR/half_cent_up_total_or_taxable_supply"),
        ("nearest_rappen_per_rate", "half_up", "invoice_rate", "FR/nearest_rappen_per_rate"),
        ("invoice_total_down_or_line", "half_up", "line", "FR/invoice_total_down_or_line"),
        ("nearest_rupee", "half_up", "invoice", "FR/nearest_rupee"),
        ("once_per_invoice_per_rate", "half_up", "invoice_rate", "FR/once_per_invoice_per_rate"),
        ("nearest_cent", "half_up", "line", "FR/nearest_cent"),
        ("nearest_cent_on_total", "half_up", "invoice", "FR/nearest_cent_on_total"),
        ("third_decimal_half_up_item_or_invoice", "half_up", "line_total", "FR/third_decimal_half_up_item_or_invoice"),
        ("round_per_item_total_or_return", "half_up", "line", "house"),
        (None, "half_up", "line", "house"),
        ("never_heard_of", "half_up", "line", "house"),
    ],
)
def test_the_words_of_the_packs(rule: str | None, method: str, level: str, source: str) -> None:
    found = of(rule)
    assert (found.method, found.level, found.source) == (method, level, source)


@pytest.mark.parametrize("rule", [None, "never_heard_of", "round_per_item_total_or_return"])
def test_the_house_s_own_rule_is_not_sure(rule: str | None) -> None:
    found = of(rule)
    assert (found.confidence, found.source) == (Confidence.R, "house")
    assert "the house's own" in found.step.answer


def test_rupees_are_whole() -> None:
    assert of("nearest_rupee").whole == "INR"


@pytest.mark.parametrize(
    ("rule", "customer", "facts", "expected"),
    [
        # The seller may choose the line instead of the total, where the law says so.
        ("half_cent_up", Customer.CONSUMER, {"rounding_level": "line"}, ("half_up", "line")),
        (
            "third_decimal_half_up_item_or_invoice",
            Customer.CONSUMER,
            {"rounding_level": "invoice"},
            ("half_up", "invoice"),
        ),
        ("nearest_cent", Customer.CONSUMER, {"rounding_level": "invoice"}, ("half_up", "line")),
        ("nearest_cent_on_total", Customer.CONSUMER, {"rounding_level": "line"}, ("half_up", "invoice")),
        # Japan leaves the direction free, others do not.
        ("once_per_invoice_per_rate", Customer.CONSUMER, {"rounding_method": "down"}, ("down", "invoice_rate")),
        ("once_per_invoice_per_rate", Customer.CONSUMER, {"rounding_method": "sideways"}, ("half_up", "invoice_rate")),
        ("half_cent_up", Customer.CONSUMER, {"rounding_method": "down"}, ("half_up", "invoice")),
        # Notice 700 para 17.5: invoice traders may round the total down, retailers must not.
        ("invoice_total_down_or_line", Customer.BUSINESS, {"rounding_level": "invoice"}, ("down", "invoice")),
        ("invoice_total_down_or_line", Customer.CONSUMER, {"rounding_level": "invoice"}, ("half_up", "line")),
        ("invoice_total_down_or_line", Customer.UNKNOWN, {"rounding_level": "invoice"}, ("half_up", "line")),
        ("invoice_total_down_or_line", Customer.BUSINESS, {}, ("half_up", "line")),
        # A choice that is none is not heard.
        ("half_cent_up", Customer.CONSUMER, {"rounding_level": ["line"]}, ("half_up", "invoice")),
    ],
)
def test_what_the_seller_may_choose(
    rule: str, customer: Customer, facts: dict[str, Any], expected: tuple[str, str]
) -> None:
    found = of(rule, customer, **facts)
    assert (found.method, found.level) == expected
