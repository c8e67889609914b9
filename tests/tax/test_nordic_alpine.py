"""Norway's remote services and VOEC, Switzerland's worldwide turnover and mail order."""

from decimal import Decimal
from typing import Any

import pytest

from engine.tax.model import Treatment
from engine.tax.nordic_alpine import NORWAY, SWITZERLAND
from tests.tax.world_laws import asked, cited, holds, no_rates, percents, said, sold

LAW = """
"NO":
  zone: Europe/Oslo
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 50000 NOK
    low_value_import_threshold: {2020-04-01: 3000 NOK}
    nonresident_services_scope: {2011-07-01: digital, 2023-01-01: remote}
    reverse_charge_b2b_digital: true
    import_vat_relief: {0001-01-01: 350 NOK, 2024-01-01: 0 NOK}
  rates: [vat standard 25, vat food 15, vat books 0]
CH:
  zone: Europe/Zurich
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 100000 CHF
    mail_order_turnover_threshold: {2019-01-01: 100000 CHF}
    import_vat_relief: 5 CHF
    platform_deemed_supplier: {2025-01-01: true}
    reverse_charge_b2b_digital: true
  rates:
    - vat standard 8 to=2018-01-01
    - vat standard 7.7 from=2018-01-01 to=2024-01-01
    - vat standard 8.1 from=2024-01-01
    - vat books 2.6
LI:
  zone: Europe/Vaduz
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 100000 CHF
    reverse_charge_b2b_digital: true
  rates: [vat standard 8.1]
"""
NOT, UNDECIDED, STANDARD = Treatment.NO_OBLIGATION, Treatment.UNDECIDED, Treatment.STANDARD
REVERSE, IMPORT = Treatment.REVERSE_CHARGE, Treatment.IMPORT


def norway(**stated: Any) -> Any:
    return holds(NORWAY.inbound(asked(LAW, "US", "NO", **{"currency": "NOK", "registrations": ("NO:voec",), **stated})))


def parcel(amount: str, quantity: int | None = 1, **stated: Any) -> Any:
    number = None if quantity is None else Decimal(quantity)
    return norway(kind="goods", amount=amount, quantity=number, **stated)


def swiss(place: str = "CH", **stated: Any) -> Any:
    return holds(SWITZERLAND.inbound(asked(LAW, "US", place, **{"currency": "CHF", **stated})))


# -- Norway: services


@pytest.mark.parametrize(("before", "expected"), [("49900", NOT), ("49900.01", STANDARD)])
def test_norway_registers_above_fifty_thousand(before: str, expected: Treatment) -> None:
    ruling = norway(registrations=(), seller={"turnover": {"NO": sold(before, "NOK")}})
    assert ruling.treatment is expected


def test_a_digital_service_to_a_norwegian_consumer() -> None:
    ruling = norway()
    assert (percents(ruling), ruling.scheme) == ("VAT 25", "voec")
    assert "s. 3-30" in cited(ruling)


@pytest.mark.parametrize(("on", "expected"), [("2022-12-31", "not_digital"), ("2023-01-01", "rate.standard")])
def test_all_remote_services_since_2023(on: str, expected: str) -> None:
    assert norway(kind="service", on=on).reason == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [({"ids": ("NO:valid",)}, REVERSE), ({"type": "organisation"}, UNDECIDED), ({"type": "individual"}, STANDARD)],
)
def test_norwegian_businesses_account_themselves(stated: dict[str, Any], expected: Treatment) -> None:
    assert norway(**stated).treatment is expected


# -- Norway: goods


@pytest.mark.parametrize(
    ("amount", "quantity", "expected"),
    [
        ("2999.99", 1, STANDARD),
        ("3000", 1, IMPORT),
        ("3200", 2, STANDARD),
        ("6000", 2, IMPORT),
        ("3200", None, UNDECIDED),
        ("2999", None, STANDARD),
    ],
)
def test_voec_is_for_items_below_three_thousand(amount: str, quantity: int | None, expected: Treatment) -> None:
    assert parcel(amount, quantity).treatment is expected


@pytest.mark.parametrize(("price", "expected"), [("3749.99", STANDARD), ("3750", IMPORT)])
def test_the_tax_in_the_price_does_not_count(price: str, expected: Treatment) -> None:
    assert parcel(price, inclusive=True).treatment is expected


def test_shipping_in_the_price_does_not_count_and_is_taxed() -> None:
    ruling = parcel("3100", line={"transport_included": "150"})
    assert percents(ruling) == "VAT 25"
    assert ruling.components[0].share == 1


@pytest.mark.parametrize("category", ["food", "alcohol", "tobacco"])
def test_food_and_excise_goods_stay_outside_voec(category: str) -> None:
    ruling = parcel("100", category=category)
    assert ruling.treatment is IMPORT
    assert "stay outside VOEC" in said(ruling, "treatment")


def test_excise_goods_may_be_said_to_be_such() -> None:
    assert parcel("100", line={"excise": True}).treatment is IMPORT


def test_books_are_zero_rated_under_voec() -> None:
    assert (parcel("200", category="books").treatment, parcel("200", category="books").scheme) == (
        Treatment.ZERO,
        "voec",
    )


@pytest.mark.parametrize("stated", [{"type": "organisation"}, {"ids": ("NO:valid",)}])
def test_voec_is_for_consumers_only(stated: dict[str, Any]) -> None:
    assert parcel("100", **stated).treatment is IMPORT


def test_a_seller_outside_voec_leaves_it_to_the_border() -> None:
    assert parcel("100", registrations=()).treatment is IMPORT
    assert parcel("100", registrations=None).missing == ("payee.registrations",)


@pytest.mark.parametrize(("on", "words"), [("2023-12-31", "350 NOK"), ("2024-01-01", "0 NOK")])
def test_the_relief_ended_with_2023(on: str, words: str) -> None:
    assert words in said(parcel("3000", on=on), "relief")


def test_before_voec_everything_was_taxed_at_the_border() -> None:
    assert parcel("100", on="2020-03-31").treatment is IMPORT


def test_without_an_exchange_rate_an_item_s_value_is_unknown() -> None:
    assert parcel("100", currency="EUR", rates=no_rates).missing == ("fx.EUR.NOK",)


def test_a_platform_in_voec_owes() -> None:
    assert parcel("100", line={"named_supplier": "platform"}).reason == "platform_liable"
    assert percents(parcel("100", marketplace=True)) == "VAT 25"


# -- Switzerland and Liechtenstein


def worldwide(amount: str) -> dict[str, Any]:
    return {"worldwide_turnover": sold(amount, "CHF")}


@pytest.mark.parametrize("place", ["CH", "LI"])
@pytest.mark.parametrize(("before", "expected"), [("99899.99", NOT), ("99900", STANDARD), ("5000000", STANDARD)])
def test_worldwide_turnover_that_reaches_a_hundred_thousand(place: str, before: str, expected: Treatment) -> None:
    ruling = swiss(place, seller=worldwide(before))
    assert ruling.treatment is expected
    assert "Art. 8(1)" in cited(ruling)


@pytest.mark.parametrize(("here", "expected"), [("5", UNDECIDED), ("100000", STANDARD)])
def test_swiss_sales_alone_are_never_below_a_limit_of_all_sales(here: str, expected: Treatment) -> None:
    ruling = swiss(seller={"turnover": {"CH": sold(here, "CHF")}})
    assert ruling.treatment is expected
    assert ruling.missing == (("payee.facts.worldwide_turnover",) if expected is UNDECIDED else ())


def test_a_registration_in_one_is_one_in_the_other() -> None:
    assert percents(swiss("LI", registrations=("CH",))) == "VAT 8.1"
    assert percents(swiss("CH", registrations=("LI",))) == "VAT 8.1"


@pytest.mark.parametrize(("on", "expected"), [("2023-12-31", "VAT 7.7"), ("2024-01-01", "VAT 8.1")])
def test_switzerland_raised_its_rate_in_2024(on: str, expected: str) -> None:
    assert percents(swiss(registrations=("CH",), on=on)) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"ids": ("CH:valid",)}, REVERSE),
        ({"ids": ("CH:valid",), "kind": "service"}, REVERSE),
        ({"ids": ("CH:valid",), "registrations": ("CH",)}, STANDARD),
        ({"type": "organisation"}, UNDECIDED),
    ],
)
def test_acquisition_tax_where_the_supplier_is_not_registered(stated: dict[str, Any], expected: Treatment) -> None:
    assert swiss(**stated).treatment is expected


def test_other_services_to_a_consumer_are_the_recipient_s_to_declare() -> None:
    ruling = swiss(kind="service", type="individual")
    assert (ruling.treatment, ruling.reason) == (NOT, "acquisition_tax")


def test_goods_of_a_liable_mail_order_seller_are_supplied_in_the_country() -> None:
    ruling = swiss(kind="goods", amount="500", registrations=("CH",))
    assert (percents(ruling), ruling.scheme) == ("VAT 8.1", "mail_order")


@pytest.mark.parametrize(("before", "expected"), [("99939", IMPORT), ("99940", STANDARD)])
def test_small_consignments_count_towards_mail_order(before: str, expected: Treatment) -> None:
    seller = {"turnover": {"CH": sold(before, "CHF")}}
    assert swiss(kind="goods", amount="60", seller=seller).treatment is expected


def test_swiss_mail_order_holds_in_liechtenstein() -> None:
    seller = {"turnover": {"LI": sold("99940", "CHF")}}
    assert percents(swiss("LI", kind="goods", amount="60", seller=seller)) == "VAT 8.1"
    stated = {"kind": "goods", "amount": "60", "line": {"named_supplier": "platform"}}
    assert swiss("LI", **stated).reason == "platform_liable"


@pytest.mark.parametrize(("amount", "small"), [("61.72", True), ("61.73", False)])
def test_a_consignment_is_small_up_to_five_francs_of_tax(amount: str, small: bool) -> None:
    seller = {"turnover": {"CH": sold("0", "CHF")}}
    ruling = swiss(kind="goods", amount=amount, seller=seller)
    assert ruling.treatment is IMPORT
    assert ("not collected at the border" in said(ruling, "relief")) is small


@pytest.mark.parametrize(("amount", "small"), [("62.50", True), ("62.51", False)])
def test_five_francs_of_tax_exactly_are_still_small(amount: str, small: bool) -> None:
    ruling = swiss(kind="goods", amount=amount, on="2017-12-31")
    assert ("not collected at the border" in said(ruling, "relief")) is small


def test_before_the_mail_order_rule_was_read_a_small_consignment_is_open() -> None:
    assert swiss(kind="goods", amount="62.50", on="2017-12-31").missing == ("law.mail_order_turnover_threshold",)


def test_goods_of_a_seller_who_does_not_say_are_open() -> None:
    assert swiss(kind="goods", amount="500", registrations=None).missing == ("payee.registrations",)
    assert swiss(kind="goods", amount="500").treatment is IMPORT


@pytest.mark.parametrize(("on", "expected"), [("2024-12-31", "import"), ("2025-01-01", "platform_liable")])
def test_platforms_are_suppliers_since_2025(on: str, expected: str) -> None:
    assert swiss(kind="goods", amount="500", line={"named_supplier": "platform"}, on=on).reason == expected


# -- both


@pytest.mark.parametrize(("way", "place"), [(NORWAY, "NO"), (SWITZERLAND, "CH"), (SWITZERLAND, "LI")])
def test_at_home(way: Any, place: str) -> None:
    assert holds(way.domestic(asked(LAW, place, place, registrations=None))).treatment is STANDARD
    assert holds(way.outbound(asked(LAW, place, "DE", kind="goods"))).treatment is Treatment.ZERO
    assert way.inbound(asked(LAW, "US", place, kind=None)).missing == ("lines.kind",)
    assert percents(holds(way.inbound(asked(LAW, "US", place, kind="event", registrations=(place,))))) != ""


def test_exported_services_are_zero_in_norway_and_abroad_in_switzerland() -> None:
    assert NORWAY.outbound(asked(LAW, "NO", "DE")).treatment is Treatment.ZERO
    assert SWITZERLAND.outbound(asked(LAW, "CH", "DE")).treatment is Treatment.OUT_OF_SCOPE


def test_without_a_place_nothing_is_said() -> None:
    for ruling in (SWITZERLAND.domestic(asked(LAW, "CH", None)), SWITZERLAND.inbound(asked(LAW, "US", None))):
        assert ruling.treatment is UNDECIDED
    assert SWITZERLAND.outbound(asked(LAW, None, "DE")).treatment is UNDECIDED
