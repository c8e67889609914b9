"""Rates, thresholds and returns over HTTP, from what was really sold and given back."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.api.taxes import Shop, book, lone_shop, shop, small_law

__all__ = ["lone_shop", "shop", "small_law"]


# -- rates -------------------------------------------------------------------------------------------------------------


def test_the_rates_of_a_place_with_their_articles(shop: Shop) -> None:
    found = shop.get("/v1/tax/rates?country=FR&date=2026-11-22")
    assert (found["place"], found["date"], found["has_consumption_tax"], found["tax_name"]) == (
        "FR", "2026-11-22", True, "TVA",
    )  # fmt: skip
    rates = {one["id"]: one for one in found["data"]}
    assert rates["FR/standard"] | {} == {
        "id": "FR/standard", "component": "vat", "name": "TVA", "category": "standard", "kind": "standard",
        "rate_percent": "20", "share": "1", "known": True, "from": "2019-01-01", "to": None, "supplies": [], "condition": None,
        "instrument": "Tax Act of FR", "provision": "section 2", "url": "https://example.org/act", "confidence": "A",
        "verified_on": "2026-11-01", "note": None,
    }  # fmt: skip


@pytest.mark.parametrize(("day", "rate"), [("2024-08-31", "24"), ("2024-09-01", "25.5")])
def test_the_rate_of_the_day_before_and_of_the_day(shop: Shop, day: str, rate: str) -> None:
    found = shop.get(f"/v1/tax/rates?country=FI&date={day}")
    assert [one["rate_percent"] for one in found["data"]] == [rate]


def test_without_a_date_it_is_today_there(shop: Shop) -> None:
    with shop.at("2024-08-31T20:59:00+00:00"):
        assert shop.get("/v1/tax/rates?country=FI")["date"] == "2024-08-31"
    with shop.at("2024-08-31T22:01:00+00:00"):
        assert shop.get("/v1/tax/rates?country=FI")["data"][0]["rate_percent"] == "25.5"


def test_one_category_and_a_region(shop: Shop) -> None:
    assert [one["id"] for one in shop.get("/v1/tax/rates?country=DE&category=books")["data"]] == ["DE/books"]
    found = shop.get("/v1/tax/rates?country=CA&region=CA-QC")
    assert [one["component"] for one in found["data"]] == ["gst", "qst"]
    assert shop.get("/v1/tax/rates?country=UK")["place"] == "GB"


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("country=ZZ", ("country", "unknown_place")),
        ("", ("country", "missing")),
        ("country=FR&date=tomorrow", ("date", "date_form")),
        ("country=FR&category=BOOKS", ("category", "form")),
        ("country=FR&region=US-TX", ("region", "other_country")),
        ("country=FR&region=nowhere", ("region", "unknown_place")),
    ],
)
def test_a_question_about_rates_that_cannot_be(shop: Shop, query: str, fault: tuple[str, str]) -> None:
    reply = shop.client.get(f"/v1/tax/rates?{query}")
    assert (reply.status, reply.codes()) == (422, {fault})


def test_a_place_without_tax_law_here_is_404_and_not_zero(shop: Shop) -> None:
    reply = shop.client.get("/v1/tax/rates?country=BR")
    assert (reply.status, reply.json()["detail"]) == (404, "There is no such tax law of that place here.")


# -- thresholds --------------------------------------------------------------------------------------------------------


def test_totals_come_from_transactions_and_reversals(shop: Shop) -> None:
    merchant = shop.merchant()
    sold = shop.sell(book(merchant, amount="1055.00"))
    shop.sell(book(merchant, amount="527.50", to="IT"))
    shop.calculate(book(merchant, amount="9999.00"))
    found = shop.get(f"/v1/tax/thresholds?merchant={merchant}")
    (union,) = found["data"]
    assert (found["merchant"], found["home"], union["jurisdiction"]) == (merchant, "DE", "EU")
    assert union["total"] == {"amount": "1432.38", "currency": "EUR"}
    shop.back(sold["id"])(mode="full")
    (union,) = shop.get(f"/v1/tax/thresholds?merchant={merchant}")["data"]
    assert union["total"]["amount"] == "432.38"


def test_totals_in_another_currency_name_the_rate_of_the_limit(shop: Shop) -> None:
    merchant = shop.merchant()
    shop.sell(book(merchant, amount="105.50"))
    assert "fx" not in shop.get(f"/v1/tax/thresholds?merchant={merchant}")
    question = book(merchant, amount="105.50", to="AU")
    question["lines"][0] |= {"kind": "digital", "category": "standard"}
    shop.sell(question)
    (rate,) = shop.get(f"/v1/tax/thresholds?merchant={merchant}")["fx"]
    assert (rate["from"], rate["to"], rate["rule"], rate["law"]) == ("EUR", "AUD", "threshold", None)


def test_the_sale_that_crossed_is_one_that_can_be_looked_up(shop: Shop) -> None:
    merchant = shop.merchant()
    shop.sell(book(merchant, amount="10000.00"))
    crossing = shop.sell(book(merchant, amount="1000.00"))
    (union,) = shop.get(f"/v1/tax/thresholds?merchant={merchant}")["data"]
    assert union["crossed_by"]["transaction"] == crossing["id"]
    assert shop.get(f"/v1/tax/transactions/{crossing['id']}")["merchant"] == merchant


def test_what_if_is_asked_beside_it(shop: Shop) -> None:
    merchant = shop.merchant()
    shop.sell(book(merchant, amount="1055.00"))
    (union,) = shop.get(f"/v1/tax/thresholds?merchant={merchant}&what_if=9000.01")["data"]
    assert (union["what_if"]["total"], union["what_if"]["crosses"]) == ("10000.01", True)
    assert union["crossed"] is False


def test_a_merchant_without_a_profile_has_totals_all_the_same(shop: Shop) -> None:
    question = book("nobody-stored", amount="100.00")
    question["payee"] |= {"country": "DE"}
    question["lines"][0] |= {"ship_to": {"country": "GB"}}
    shop.sell({**question, "payer": {"country": "GB"}, "currency": "GBP"})
    found = shop.get("/v1/tax/thresholds?merchant=nobody-stored")
    assert (found["home"], found["data"]) == (None, [])


@pytest.mark.parametrize(
    ("query", "status"),
    [("merchant=never-heard-of", 404), ("", 422), ("merchant=m&what_if=-1", 422), ("merchant=m&what_if=much", 422)],
)
def test_a_question_about_thresholds_that_cannot_be(shop: Shop, query: str, status: int) -> None:
    assert shop.client.get(f"/v1/tax/thresholds?{query}").status == status


# -- returns -----------------------------------------------------------------------------------------------------------


def quarter(shop: Shop, merchant: str, label: str = "2026-Q4", scheme: str = "oss") -> Any:
    return shop.get(f"/v1/tax/returns?merchant={merchant}&scheme={scheme}&period={label}")


def test_a_return_is_drawn_up_from_what_was_sold(shop: Shop) -> None:
    merchant = shop.merchant()
    shop.sell(book(merchant))
    shop.sell(book(merchant, currency="USD", amount="105.50"))
    shop.sell(book(merchant, to="DE", amount="107.00"))
    found = quarter(shop, merchant)
    (row,) = found["rows"]
    assert (row["country"], row["from"], row["rate_percent"]) == ("FR", "DE", "5.5")
    assert (row["taxable_amount"], row["vat_amount"], found["total"]) == (
        "106.93",
        "5.88",
        "5.88",
    )  # 1.30 + 5.50 / 1.20
    assert found["registration"] == {"jurisdiction": "DE", "number": "DE123"}
    by_currency = {one["currency"]: one for one in found["reconciliation"]}
    assert by_currency["EUR"]["declared_elsewhere"] == "7.00"
    assert {one["difference"] for one in found["reconciliation"]} == {"0.00"}


def test_a_late_refund_corrects_the_period_of_the_sale(lone_shop: Shop) -> None:
    merchant = lone_shop.merchant()
    sold = lone_shop.sell(book(merchant))
    with lone_shop.at("2027-02-15T12:00:00+00:00"):
        lone_shop.back(sold["id"])(mode="full")
        assert quarter(lone_shop, merchant)["total"] == "1.30"
        found = quarter(lone_shop, merchant, "2027-Q1")
    assert [(one["original_period"], one["vat_amount"]) for one in found["corrections"]] == [("2026-Q4", "-1.30")]
    assert (found["total"], found["reconciliation"][0]["difference"]) == ("-1.30", "0.00")


def test_a_sale_told_after_its_return_was_due_is_in_the_next(lone_shop: Shop) -> None:
    merchant = lone_shop.merchant()
    with lone_shop.at("2027-02-01T00:00:00+00:00"):
        lone_shop.sell(book(merchant))
        assert quarter(lone_shop, merchant)["total"] == "0.00"
        found = quarter(lone_shop, merchant, "2027-Q1")
    assert [(one["original_period"], one["vat_amount"]) for one in found["corrections"]] == [("2026-Q4", "1.30")]
    assert found["reconciliation"][0]["transactions"] == "1.30"


def test_a_missing_rate_names_the_lines(shop: Shop) -> None:
    merchant = shop.merchant()
    sold = shop.sell(book(merchant, currency="DKK"))
    found = quarter(shop, merchant)
    assert (found["verdict"], found["total"]) == ("undecided", None)
    assert found["undecided"] == [{"transaction": sold["id"], "line": "1", "missing": "fx.DKK.EUR.2026-12-31"}]


def test_the_import_scheme_by_month(shop: Shop) -> None:
    merchant = shop.merchant(country="AU")
    question = book(merchant, to="FI", amount="125.50")
    question["lines"][0] |= {"category": "standard", "ship_from": {"country": "AU"}}
    shop.sell(question)
    found = quarter(shop, merchant, "2026-11", "ioss")
    assert (found["total"], found["rows"][0]["from"]) == ("25.50", "AU")


def test_the_boxes_of_a_british_return(shop: Shop) -> None:
    merchant = shop.merchant(country="GB", registrations=[{"jurisdiction": "GB", "number": "GB1"}])
    question = book(merchant, to="GB", currency="GBP", amount="120.00")
    question["lines"][0] |= {"category": "standard", "ship_from": {"country": "GB"}}
    shop.sell(question)
    found = quarter(shop, merchant, scheme="uk")
    assert (found["boxes"]["1"], found["boxes"]["6"], found["boxes"]["4"]) == ("20.00", "100", None)
    assert found["registration"] == {"jurisdiction": "GB", "number": "GB1"}


def test_a_return_as_a_table(shop: Shop) -> None:
    merchant = shop.merchant()
    shop.sell(book(merchant))
    reply = shop.client.get(f"/v1/tax/returns?merchant={merchant}&scheme=oss&period=2026-Q4&format=csv")
    assert reply.headers["content-type"].startswith("text/csv")
    assert reply.headers["content-disposition"] == 'attachment; filename="oss-2026-Q4.csv"'
    lines = list(csv.DictReader(io.StringIO(reply.body.decode())))
    assert (lines[0]["country"], lines[0]["vat_amount"]) == ("FR", "1.30")


def test_a_merchant_that_sold_nothing_has_a_nil_return(shop: Shop) -> None:
    assert quarter(shop, shop.merchant())["total"] == "0.00"


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("scheme=oss&period=2026-11", ("period", "period_form")),
        ("scheme=ioss&period=2026-Q4", ("period", "period_form")),
        ("scheme=oss&period=2026-Q5", ("period", "period_form")),
        ("scheme=uk&period=last", ("period", "period_form")),
        ("scheme=moss&period=2026-Q4", ("scheme", "not_allowed")),
        ("scheme=oss", ("period", "missing")),
        ("scheme=oss&period=2026-Q4&format=xml", ("format", "not_allowed")),
    ],
)
def test_a_return_that_cannot_be(shop: Shop, query: str, fault: tuple[str, str]) -> None:
    reply = shop.client.get(f"/v1/tax/returns?merchant=m&{query}")
    assert (reply.status, reply.codes()) == (422, {fault})


def test_the_return_of_nobody_is_404(shop: Shop) -> None:
    assert shop.client.get("/v1/tax/returns?merchant=never-heard-of&scheme=oss&period=2026-Q4").status == 404
