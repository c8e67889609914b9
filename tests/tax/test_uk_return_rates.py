"""Sales in other currencies in a return of the Kingdom: at the tax office's rate of the day of each sale, or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from engine.money import PublishedRate, PublisherTable, RateRow, RateTable
from engine.tax.exchange import tax_rates
from engine.tax.told import law_of
from tests.property.shipped import packs
from tests.tax.test_returns import back, boxes, british

OFFICE = "GB.hmrc_period_or_market"
MONTHS = [
    PublishedRate(date(2026, month - 1, 22), "GBP", "USD", Decimal(rate), date(2026, month, 1), date(2026, month, last))
    for month, rate, last in ((10, "1.25", 31), (11, "1.6", 30))
]


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
