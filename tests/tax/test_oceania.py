"""Australia and New Zealand: remote services, goods of low value, who is a registered customer, and the platforms."""

from decimal import Decimal
from typing import Any

import pytest

from engine.tax.model import SaleLine, Treatment
from engine.tax.oceania import AUSTRALIA, NEW_ZEALAND
from tests.tax.world_laws import asked, cited, holds, no_rates, percents, said, sold

LAW = """
AU:
  zone: Australia/Sydney
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 75000 AUD
    low_value_import_threshold: 1000 AUD
    marketplace_deemed_supplier: true
    reverse_charge_b2b_digital: false
    b2b_digital_not_charged: true
    tax_number_name: ABN
    stdnum_module: stdnum.au.abn
  rates: [gst standard 10, gst food 0, gst medicine 0]
NZ:
  zone: Pacific/Auckland
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 60000 NZD
    low_value_import_threshold: 1000 NZD
    marketplace_deemed_supplier: true
    reverse_charge_b2b_digital: false
    b2b_digital_not_charged: true
    tax_number_name: IRD number
    stdnum_module: stdnum.nz.ird
  rates: [gst standard 15]
"""
NOT, UNDECIDED, STANDARD = Treatment.NO_OBLIGATION, Treatment.UNDECIDED, Treatment.STANDARD
CURRENCY = {"AU": "AUD", "NZ": "NZD"}
WAYS = {"AU": AUSTRALIA, "NZ": NEW_ZEALAND}


def inbound(place: str | None, **stated: Any) -> Any:
    stated = {"currency": CURRENCY.get(place or "", "EUR"), "registrations": (place or "AU",), **stated}
    return holds(WAYS[place or "AU"].inbound(asked(LAW, "US", place, **stated)))


def goods(place: str, amount: str, **stated: Any) -> Any:
    return inbound(place, kind="goods", amount=amount, **stated)


def past(place: str, amount: str) -> dict[str, Any]:
    return {"turnover": {place: sold(amount, CURRENCY[place])}}


# -- services


@pytest.mark.parametrize(
    ("place", "expected", "article"), [("AU", "GST 10", "Div. 84"), ("NZ", "GST 15", "s. 8(3)(c)")]
)
@pytest.mark.parametrize("kind", ["digital", "service"])
def test_a_remote_service_to_a_consumer_is_taxed(place: str, expected: str, article: str, kind: str) -> None:
    ruling = inbound(place, kind=kind)
    assert percents(ruling) == expected
    assert article in cited(ruling)


@pytest.mark.parametrize(
    ("place", "before", "expected"),
    [
        ("AU", "74899.99", NOT),
        ("AU", "74900", STANDARD),
        ("AU", "75000", STANDARD),
        ("NZ", "59900", NOT),
        ("NZ", "59900.01", STANDARD),
    ],
)
def test_australia_counts_at_the_threshold_and_new_zealand_above_it(
    place: str, before: str, expected: Treatment
) -> None:
    assert inbound(place, registrations=(), seller=past(place, before)).treatment is expected


@pytest.mark.parametrize("place", ["AU", "NZ"])
def test_an_unknown_turnover_decides_nothing(place: str) -> None:
    assert inbound(place, registrations=()).missing == ("payee.facts.turnover",)


def test_an_abn_needs_the_statement_of_registration() -> None:
    assert inbound("AU", ids=("AU:valid",)).missing == ("payer.facts.gst_registered_statement",)
    assert inbound("AU", ids=("AU:valid",), buyer={"gst_registered_statement": False}).treatment is STANDARD
    ruling = inbound("AU", ids=("AU:valid",), buyer={"gst_registered_statement": True})
    assert (ruling.treatment, ruling.reason) == (Treatment.OUT_OF_SCOPE, "b2b.not_charged")


def test_a_statement_without_an_abn_is_a_word() -> None:
    ruling = inbound("AU", type="organisation", buyer={"gst_registered_statement": True})
    assert percents(ruling) == "GST 10"


def test_an_unchecked_abn_decides_nothing() -> None:
    assert inbound("AU", ids=("AU:unchecked",), type="organisation").missing == ("payer.tax_ids",)


def test_a_registered_new_zealander_is_not_charged() -> None:
    assert inbound("NZ", ids=("NZ:format_valid",)).reason == "b2b.not_charged"


def test_a_seller_may_opt_to_zero_rate_registered_new_zealanders() -> None:
    ruling = inbound("NZ", ids=("NZ:valid",), seller={"zero_rates_registered": True})
    assert (ruling.treatment, ruling.reason) == (Treatment.ZERO, "b2b.zero_rated")
    assert "s. 11A(1)(x)" in cited(ruling)


@pytest.mark.parametrize("place", ["AU", "NZ"])
def test_evidence_that_contradicts_itself_decides_nothing(place: str) -> None:
    assert inbound(place, evidence={"ip": "DE"}).missing == ("payer.evidence",)
    assert inbound(place, evidence={"ip": place, "bank": "DE"}).treatment is STANDARD


def test_new_zealand_asks_for_two_items() -> None:
    assert "the law asks for two" in said(inbound("NZ"), "evidence")
    assert inbound("NZ", evidence={"bank": "NZ"}).evidence == ("bank=NZ", "billing=NZ")


def test_an_event_on_the_spot_needs_a_registration() -> None:
    assert percents(inbound("AU", kind="event")) == "GST 10"
    assert inbound("AU", kind="event", registrations=None).missing == ("payee.registrations",)
    assert inbound("AU", kind="event", registrations=()).missing == ("law.services_nonresident",)


# -- goods


@pytest.mark.parametrize("place", ["AU", "NZ"])
@pytest.mark.parametrize(
    ("amount", "quantity", "expected"),
    [("1000", 1, STANDARD), ("1000.01", 1, Treatment.IMPORT), ("999.99", None, STANDARD), ("1000.01", None, UNDECIDED)],
)
def test_an_item_of_up_to_a_thousand(place: str, amount: str, quantity: int | None, expected: Treatment) -> None:
    number = None if quantity is None else Decimal(quantity)
    ruling = goods(place, amount, quantity=number)
    assert ruling.treatment is expected
    assert ruling.missing == (("lines.quantity",) if expected is UNDECIDED else ())


@pytest.mark.parametrize(("price", "expected"), [("1100", STANDARD), ("1100.01", Treatment.IMPORT)])
def test_the_tax_in_the_price_does_not_count(price: str, expected: Treatment) -> None:
    assert goods("AU", price, inclusive=True, quantity=Decimal(1)).treatment is expected


def test_food_has_no_tax_in_its_price() -> None:
    assert goods("AU", "1050", inclusive=True, category="food", quantity=Decimal(1)).treatment is Treatment.IMPORT
    assert goods("AU", "1050", inclusive=True, quantity=Decimal(1)).treatment is STANDARD


def test_a_price_of_unknown_mode_decides_nothing_near_the_limit() -> None:
    assert goods("AU", "1050", inclusive=None, quantity=Decimal(1)).missing == ("lines.tax_inclusive",)
    assert goods("AU", "900", inclusive=None, quantity=Decimal(1)).treatment is STANDARD


def test_freight_in_the_price_does_not_count() -> None:
    assert goods("NZ", "1040", quantity=Decimal(1), line={"transport_included": "40"}).treatment is STANDARD


def test_two_items_are_two_in_new_zealand_and_one_parcel_in_australia() -> None:
    two = {"quantity": Decimal(2), "consignment_value": Decimal(1200)}
    assert goods("NZ", "1200", **two).treatment is STANDARD
    assert goods("AU", "1200", **two).treatment is Treatment.IMPORT


def test_a_basket_above_the_limit_asks_for_the_parcel() -> None:
    other = (SaleLine("2", "goods", "standard", Decimal(600), False),)
    assert goods("AU", "600", basket=other).missing == ("lines.consignment_value",)
    assert goods("AU", "600", basket=other, consignment_value=Decimal(600)).treatment is STANDARD


def test_without_an_exchange_rate_the_value_is_unknown() -> None:
    assert goods("AU", "100", currency="EUR", rates=no_rates).missing == ("fx.EUR.AUD",)


def test_a_foreign_price_is_converted() -> None:
    assert goods("AU", "600", currency="EUR").treatment is STANDARD
    assert goods("NZ", "600", currency="EUR", quantity=Decimal(1)).treatment is Treatment.IMPORT


@pytest.mark.parametrize("category", ["alcohol", "tobacco"])
def test_excise_goods_are_taxed_at_the_border(category: str) -> None:
    assert goods("AU", "50", category=category).treatment is Treatment.IMPORT


def test_food_stays_gst_free_on_import() -> None:
    ruling = goods("AU", "50", category="food")
    assert (ruling.treatment, percents(ruling)) == (Treatment.ZERO, "GST 0")


def test_an_unregistered_seller_below_the_threshold_charges_nothing_on_goods() -> None:
    assert goods("AU", "50", registrations=(), seller=past("AU", "100")).reason == "below_threshold"


# -- platforms, and the rest


@pytest.mark.parametrize(("place", "article"), [("AU", "Subdiv. 84-B"), ("NZ", "s. 60C")])
def test_the_platform_owes(place: str, article: str) -> None:
    ruling = inbound(place, line={"named_supplier": "platform"})
    assert ruling.reason == "platform_liable"
    assert article in cited(ruling)
    assert inbound(place, marketplace=True).treatment is STANDARD


@pytest.mark.parametrize("way", [AUSTRALIA, NEW_ZEALAND])
@pytest.mark.parametrize("kind", ["goods", "digital", "service"])
def test_exports_are_free(way: Any, kind: str) -> None:
    ruling = holds(way.outbound(asked(LAW, "AU", "DE", kind=kind)))
    assert (ruling.treatment, ruling.reason) == (Treatment.ZERO, "export")


def test_at_home_a_trader_charges() -> None:
    assert percents(holds(AUSTRALIA.domestic(asked(LAW, "AU", "AU", registrations=None)))) == "GST 10"


def test_what_is_missing_is_named() -> None:
    assert inbound("AU", kind=None).missing == ("lines.kind",)
    assert inbound(None).missing == ("payer.country",)
    for way in (AUSTRALIA, NEW_ZEALAND):
        assert way.domestic(asked(LAW, "AU", None)).treatment is UNDECIDED
        assert way.outbound(asked(LAW, None, "AU")).treatment is UNDECIDED


def test_a_limit_nobody_read_decides_nothing() -> None:
    text = LAW.replace("low_value_import_threshold: 1000 AUD", "low_value_import_threshold: unread")
    question = asked(text, "US", "AU", kind="goods", registrations=("AU",))
    assert holds(AUSTRALIA.inbound(question)).missing == ("law.low_value_import_threshold",)
