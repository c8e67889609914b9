"""Sales in other currencies in a return of the Kingdom: at the tax office's rate of the day of each sale, or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from engine.money import PublishedRate, PublisherTable, RateRow, RateTable
from engine.tax.exchange import tax_rates
from engine.tax.told import law_of
from tests.property.shipped import packs
from tests.tax.test_returns import STATED, SUMMER, back, boxes, british, filed

OFFICE = "GB.hmrc_period_or_market"
MONTHS = [
    PublishedRate(date(2026, month - 1, 22), "GBP", "USD", Decimal(rate), date(2026, month, 1), date(2026, month, last))
    for month, rate, last in ((10, "1.25", 31), (11, "1.6", 30))
]
SEPTEMBER = PublishedRate(date(2026, 8, 22), "GBP", "USD", Decimal("1.25"), date(2026, 9, 1), date(2026, 9, 30))


def rate_on(*published: PublishedRate) -> Any:
    euro = [RateRow(date(2026, 11, 20), code, Decimal(1)) for code in ("USD", "GBP")]
    table = RateTable(euro, publishers={OFFICE: PublisherTable(published, source=OFFICE)})
    return tax_rates(lambda day: law_of(packs()).at("GB", day), table, "GBP")


def test_dollars_are_pounds_at_the_rate_of_the_month_of_the_sale() -> None:
    found = boxes(british(), british(currency="USD"), rate_on=rate_on(*MONTHS))
    assert (found["verdict"], found["boxes"]["1"], found["boxes"]["6"]) == ("determined", "32.50", "162")
    (rate,) = found["fx"]
    assert (rate["source"], rate["rule"], rate["rate"], rate["date"]) == (OFFICE, "national", "0.625", "2026-10-22")


def test_what_went_back_goes_at_the_rate_of_its_sale() -> None:
    sold = british(currency="USD", day=date(2026, 10, 10))
    found = boxes(sold, back(sold, date(2026, 11, 10), tax=2000), rate_on=rate_on(*MONTHS))
    assert (found["boxes"]["1"], len(found["fx"])) == ("0.00", 1)


def test_a_month_without_its_rate_leaves_the_boxes_undecided() -> None:
    found = boxes(british(currency="USD"), rate_on=rate_on(MONTHS[0]))
    assert (found["verdict"], found["boxes"]["1"]) == ("undecided", None)
    assert found["undecided"][0]["missing"] == "fx.USD.GBP.2026-11-22"
    assert "fx" not in found


def test_all_nine_boxes_hold_sales_in_other_currencies_in_pounds() -> None:
    """Each amount is converted before it is added, and box 1 rounded once: boxes 3 and 5 follow from it as it stands."""
    sold = british(tax=1001, net=10_000, currency="USD")
    dispatched = british(tax=0, treatment="zero", rate="0", origin="XI", currency="USD", net=999)
    found = boxes(british(), sold, dispatched, rate_on=rate_on(*MONTHS), **STATED)
    assert found["boxes"] == {
        "1": "26.26", "2": "2.00", "3": "28.26", "4": "12.34", "5": "15.92", "6": "168", "7": "61", "8": "6", "9": "10",
    }  # fmt: skip


def test_one_sale_without_a_rate_leaves_every_box_of_sales_open() -> None:
    wanting = british(currency="CHF")
    found = boxes(british(), british(currency="USD"), wanting, rate_on=rate_on(*MONTHS), **STATED)
    assert found["verdict"] == "undecided"
    assert {box for box, amount in found["boxes"].items() if amount is None} == {"1", "3", "5", "6", "8"}
    assert [one["transaction"] for one in found["undecided"]] == [wanting.transaction_id]


def test_an_error_of_an_earlier_return_counts_in_pounds_against_the_limit() -> None:
    """GBP 10,000 of tax (reg. 34(3)): 12,500 dollars at the rate of the month of the sale, not one cent more."""
    known = rate_on(SEPTEMBER, *MONTHS)
    for tax, included, due in ((1_250_000, True, "10020.00"), (1_250_001, False, "20.00")):
        late = british(day=SUMMER, seq=9, tax=tax, net=1, currency="USD")
        found = boxes(late, british(seq=10), filed=(filed(6),), rate_on=known)
        assert (found["errors"]["included"], found["boxes"]["1"]) == (included, due)
    late = british(day=SUMMER, seq=9, currency="USD")
    found = boxes(late, british(seq=10), filed=(filed(6),), rate_on=rate_on(*MONTHS))
    assert (found["verdict"], found["errors"], found["boxes"]["1"]) == ("undecided", None, None)
    assert found["undecided"][0]["missing"] == "fx.USD.GBP.2026-09-01"
