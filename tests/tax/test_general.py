"""Everywhere else: what the packs' parameters say of sellers from abroad, and what they do not say."""

from decimal import Decimal
from typing import Any

import pytest

from engine.tax.general import GENERAL
from engine.tax.model import Treatment
from tests.tax.world_laws import asked, cited, holds, no_rates, percents, said, sold

LAW = """
TH:
  zone: Asia/Bangkok
  settings:
    has_consumption_tax: true
    tax_name_local: VAT
    digital_nonresident_regime: {2021-09-01: registration}
    digital_nonresident_threshold: {2021-09-01: 1800000 THB}
    reverse_charge_b2b_digital: true
    import_vat_relief: 0 THB
  rates: [vat standard 7]
KE:
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: registration
    digital_nonresident_threshold: 0 KES
    reverse_charge_b2b_digital: true
    stdnum_module: stdnum.ke.pin
  rates: [vat standard 16]
MX:
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: registration
    digital_nonresident_threshold: 0 MXN
    reverse_charge_b2b_digital: false
  rates: [vat standard 16]
CL:
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: registration
    digital_nonresident_threshold: 0 CLP
    low_value_import_threshold: {2025-10-25: 500 USD}
    platform_deemed_supplier: true
    reverse_charge_b2b_digital: true
  rates: [vat standard 19]
AR:
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: withholding
    digital_nonresident_threshold: 0 ARS
    reverse_charge_b2b_digital: true
  rates: [vat standard 21]
PY:
  settings: {has_consumption_tax: true, digital_nonresident_regime: withholding, digital_nonresident_threshold: 0 PYG}
  rates: [vat standard 10]
BO:
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: withholding
    reverse_charge_b2b_digital: false
    rate_on_inclusive_price: true
  rates: [vat standard 13]
EC:
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: registration_or_withholding
    digital_nonresident_threshold: 0 USD
    reverse_charge_b2b_digital: false
  rates: [vat standard 15]
ZW:
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: {2026-01-01: withholding}
    digital_services_withholding_tax: {2026-01-01: 15 %}
    reverse_charge_b2b_digital: true
  rates: [vat standard 15.5]
IL:
  settings: {has_consumption_tax: true, digital_nonresident_regime: none, reverse_charge_b2b_digital: true}
  rates: [vat standard 18]
ID:
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: registration
    digital_nonresident_threshold: 600000000 IDR
    reverse_charge_b2b_digital: false
  rates: [vat standard 12 share=11/12]
GE:
  settings: {has_consumption_tax: true, digital_nonresident_regime: registration, digital_nonresident_threshold: unread}
  rates: [vat standard 18]
TT:
  settings: {has_consumption_tax: true}
  rates: [vat standard 12.5]
HK:
  settings: {has_consumption_tax: false}
XK:
"""
NOT, UNDECIDED, STANDARD = Treatment.NO_OBLIGATION, Treatment.UNDECIDED, Treatment.STANDARD
REVERSE, OUT, IMPORT = Treatment.REVERSE_CHARGE, Treatment.OUT_OF_SCOPE, Treatment.IMPORT


def inbound(place: str | None, **stated: Any) -> Any:
    return holds(GENERAL.inbound(asked(LAW, "US", place, **stated)))


# -- whether there is such a tax at all


@pytest.mark.parametrize("kind", ["goods", "digital", "service", "event", None])
def test_hong_kong_has_no_such_tax_and_says_where_that_stands(kind: str | None) -> None:
    ruling = inbound("HK", kind=kind)
    assert (ruling.treatment, ruling.reason) == (OUT, "no_such_tax")
    assert "Tax Act of HK" in cited(ruling)


@pytest.mark.parametrize("way", ["inbound", "domestic", "outbound"])
def test_a_place_that_nobody_read_is_undecided(way: str) -> None:
    ruling = holds(getattr(GENERAL, way)(asked(LAW, "XK", "XK")))
    assert (ruling.treatment, ruling.missing) == (UNDECIDED, ("law.has_consumption_tax",))


# -- digital services


@pytest.mark.parametrize(("before", "expected"), [("1799900", NOT), ("1799900.01", STANDARD), ("9000000", STANDARD)])
def test_a_threshold_counts_the_sale_that_crosses_it(before: str, expected: Treatment) -> None:
    ruling = inbound("TH", currency="THB", seller={"turnover": {"TH": sold(before, "THB")}})
    assert ruling.treatment is expected
    assert ruling.reason == ("below_threshold" if expected is NOT else "rate.standard")


def test_a_year_before_above_the_threshold_counts() -> None:
    assert (
        inbound("TH", currency="THB", seller={"turnover": {"TH": sold("0", "THB", previous="2000000")}}).treatment
        is STANDARD
    )


def test_one_big_sale_crosses_it_whatever_was_before() -> None:
    assert inbound("TH", currency="THB", amount="1800001").treatment is STANDARD


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({}, ("payee.facts.turnover",)),
        ({"registrations": None}, ("payee.facts.turnover", "payee.registrations")),
        ({"registrations": None, "seller": {"turnover": {"TH": sold("5", "THB")}}}, ("payee.registrations",)),
        (
            {"rates": no_rates, "currency": "EUR", "seller": {"turnover": {"TH": sold("5", "EUR")}}},
            ("payee.facts.turnover",),
        ),
        ({"seller": {"turnover": {"TH": {"amount": "much"}}}}, ("payee.facts.turnover",)),
    ],
)
def test_what_the_threshold_needs_is_named(stated: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert inbound("TH", **{"currency": "THB", **stated}).missing == missing


def test_a_registered_seller_charges() -> None:
    assert percents(inbound("TH", registrations=("TH",))) == "VAT 7"


def test_without_a_threshold_the_first_sale_is_taxed() -> None:
    ruling = inbound("KE")
    assert percents(ruling) == "VAT 16"
    assert "liable from the first sale" in said(ruling, "liability")
    assert "must register" in said(ruling, "obligation")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"ids": ("KE:valid",)}, REVERSE),
        ({"ids": ("KE:format_valid",)}, REVERSE),
        ({"ids": ("KE:unchecked",)}, UNDECIDED),
        ({"ids": ("KE:invalid",)}, STANDARD),
        ({"ids": ("DE:valid",)}, STANDARD),
        ({"ids": ("KE:valid",), "buyer": {"business": False}}, STANDARD),
        ({"type": "organisation"}, UNDECIDED),
        ({"type": "individual"}, STANDARD),
        ({}, STANDARD),
    ],
)
def test_a_registered_business_accounts_itself_where_the_law_says_so(
    stated: dict[str, Any], expected: Treatment
) -> None:
    ruling = inbound("KE", **stated)
    assert ruling.treatment is expected
    assert ruling.missing == (("payer.tax_ids",) if expected is UNDECIDED else ())


def test_where_no_check_of_the_number_exists_it_is_taken_as_given() -> None:
    assert inbound("TH", ids=("TH:unchecked",)).treatment is REVERSE


@pytest.mark.parametrize("stated", [{"ids": ("MX:valid",)}, {"type": "organisation"}, {}])
def test_some_places_charge_businesses_too(stated: dict[str, Any]) -> None:
    assert percents(inbound("MX", **stated)) == "VAT 16"


def test_an_unread_rule_on_businesses_decides_nothing() -> None:
    assert inbound("PY", ids=("PY:valid",)).missing == ("law.reverse_charge_b2b_digital",)


def test_an_unread_regime_decides_nothing() -> None:
    assert inbound("TT").missing == ("law.digital_nonresident_regime",)
    assert inbound("TH", on="2021-08-31").missing == ("law.digital_nonresident_regime",)
    assert inbound("GE").missing == ("law.digital_nonresident_threshold",)


def test_a_registered_seller_charges_even_where_the_rule_was_not_read() -> None:
    assert percents(inbound("TT", registrations=("TT",))) == "VAT 12.5"
    assert percents(inbound("IL", registrations=("IL",))) == "VAT 18"


def test_israel_has_no_duty_of_non_residents() -> None:
    assert (inbound("IL").treatment, inbound("IL").reason) == (NOT, "no_nonresident_regime")
    assert inbound("IL", ids=("IL:valid",)).treatment is REVERSE


def test_indonesia_taxes_eleven_twelfths() -> None:
    ruling = inbound("ID", registrations=("ID",))
    part = ruling.components[0]
    assert (part.percent * part.share).quantize(Decimal("0.000001")) == Decimal(11)


def test_bolivia_takes_its_rate_of_the_price_with_the_tax() -> None:
    ruling = inbound("BO", registrations=("BO",))
    assert percents(ruling) == "VAT 13"
    home = holds(GENERAL.domestic(asked(LAW, "BO", "BO", registrations=("BO",))))
    part = home.components[0]
    assert (part.percent * part.share).quantize(Decimal("0.01")) == Decimal("14.94")


def test_a_live_lesson_is_not_a_digital_service() -> None:
    ruling = inbound("KE", line={"live": True})
    assert (ruling.treatment, ruling.missing) == (
        UNDECIDED,
        ("lines.facts.electronically_supplied", "law.services_nonresident"),
    )
    assert inbound("KE", kind="service", line={"electronically_supplied": True}).treatment is STANDARD


# -- withholding


@pytest.mark.parametrize("place", ["AR", "PY", "BO", "ZW"])
def test_the_payment_intermediary_withholds(place: str) -> None:
    ruling = inbound(place)
    assert (ruling.treatment, ruling.reason, ruling.scheme) == (NOT, "withheld_by_payment_intermediary", "withholding")
    assert "withholds" in said(ruling, "obligation")


def test_zimbabwe_says_how_much_and_since_when() -> None:
    assert "15 %" in said(inbound("ZW", on="2026-01-01"), "obligation")
    assert inbound("ZW", on="2025-12-31").treatment is UNDECIDED


@pytest.mark.parametrize(
    ("registrations", "expected"),
    [(("EC",), STANDARD), ((), NOT), (None, UNDECIDED)],
    ids=["registered", "not", "unsaid"],
)
def test_ecuador_withholds_unless_the_seller_is_registered(registrations: Any, expected: Treatment) -> None:
    assert inbound("EC", registrations=registrations).treatment is expected


def test_a_business_in_argentina_accounts_itself() -> None:
    assert inbound("AR", ids=("AR:valid",)).treatment is REVERSE


# -- platforms


def test_a_platform_without_a_rule_read_decides_nothing() -> None:
    assert inbound("KE", marketplace=True).missing == ("law.platform_deemed_supplier",)
    assert inbound("KE", line={"named_supplier": "platform"}).treatment is UNDECIDED


def test_a_platform_with_a_rule_owes() -> None:
    assert inbound("CL", line={"named_supplier": "platform"}).reason == "platform_liable"
    assert percents(inbound("CL", marketplace=True)) == "VAT 19"


# -- goods


def test_goods_are_taxed_at_the_border() -> None:
    ruling = inbound("TH", kind="goods", registrations=("TH",))
    assert (ruling.treatment, ruling.reason) == (IMPORT, "import")
    assert "0 THB" in said(ruling, "relief")


def test_a_seller_who_imports_itself_supplies_at_home() -> None:
    stated = {"kind": "goods", "buyer": {"recipient_importer": False}}
    assert percents(inbound("TH", registrations=("TH",), **stated)) == "VAT 7"
    assert inbound("TH", registrations=(), **stated).reason == "not_registered"
    assert inbound("TH", registrations=None, **stated).missing == ("payee.registrations",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("500", STANDARD), ("500.01", IMPORT), (None, UNDECIDED)],
    ids=["at the limit", "above", "unsaid"],
)
def test_chile_taxes_low_values_at_the_sale(value: str | None, expected: Treatment) -> None:
    worth = None if value is None else Decimal(value)
    ruling = inbound("CL", kind="goods", currency="USD", registrations=("CL",), consignment_value=worth)
    assert ruling.treatment is expected
    assert ruling.missing == (("lines.consignment_value",) if expected is UNDECIDED else ())


@pytest.mark.parametrize(("on", "expected"), [("2025-10-24", IMPORT), ("2025-10-26", STANDARD)])
def test_chile_s_scheme_began_in_october_2025(on: str, expected: Treatment) -> None:
    stated = {"kind": "goods", "currency": "USD", "registrations": ("CL",), "consignment_value": Decimal(100), "on": on}
    assert inbound("CL", **stated).treatment is expected


def test_the_low_value_scheme_needs_a_registration() -> None:
    stated = {"kind": "goods", "currency": "USD", "consignment_value": Decimal(100)}
    assert inbound("CL", **stated).treatment is IMPORT
    assert inbound("CL", registrations=None, **stated).missing == ("payee.registrations",)


# -- at home and out


@pytest.mark.parametrize(
    ("stated", "treatment", "reason"),
    [
        ({"registrations": ("TH",)}, STANDARD, "rate.standard"),
        ({"registrations": None}, STANDARD, "rate.standard"),
        ({"registrations": ()}, NOT, "not_registered"),
        ({"registrations": (), "seller": {"small_business": True}}, NOT, "small_business"),
        ({"registrations": ("TH:small_business",)}, NOT, "small_business"),
        ({"registrations": (), "seller": {"small_business": False}}, STANDARD, "rate.standard"),
    ],
)
def test_a_trader_at_home(stated: dict[str, Any], treatment: Treatment, reason: str) -> None:
    ruling = holds(GENERAL.domestic(asked(LAW, "TH", "TH", **stated)))
    assert (ruling.treatment, ruling.reason) == (treatment, reason)


def test_goods_within_the_country_of_a_seller_from_abroad() -> None:
    from dataclasses import replace

    from tests.tax.world_laws import at

    question = asked(LAW, "TH", "TH", kind="goods", registrations=None)
    seller = replace(question.sale.seller, address=at("US"))
    ruling = holds(GENERAL.domestic(replace(question, sale=replace(question.sale, seller=seller))))
    assert ruling.missing == ("payee.registrations",)


@pytest.mark.parametrize(
    ("origin", "kind", "treatment", "reason"),
    [
        ("TH", "goods", Treatment.ZERO, "export"),
        ("TH", "digital", OUT, "customer_abroad"),
        ("TH", "event", OUT, "performed_abroad"),
        ("TH", None, UNDECIDED, "kind.unknown"),
        ("HK", "goods", OUT, "no_such_tax"),
    ],
)
def test_out_of_the_country_by_the_destination_principle(
    origin: str, kind: str | None, treatment: Treatment, reason: str
) -> None:
    ruling = holds(GENERAL.outbound(asked(LAW, origin, "DE", kind=kind)))
    assert (ruling.treatment, ruling.reason) == (treatment, reason)


def test_the_destination_principle_is_recalled_and_says_so() -> None:
    ruling = GENERAL.outbound(asked(LAW, "TH", "DE", kind="goods"))
    assert (ruling.confidence or "").upper() == "R"


def test_what_is_performed_on_the_spot() -> None:
    assert percents(inbound("TH", kind="event", registrations=("TH",))) == "VAT 7"
    assert inbound("TH", kind="accommodation", registrations=None).missing == ("payee.registrations",)
    assert inbound("TH", kind="event", registrations=()).missing == ("law.services_nonresident",)


def test_what_is_missing_is_named() -> None:
    assert inbound("TH", kind=None).missing == ("lines.kind",)
    assert inbound(None).missing == ("payer.country",)
    assert inbound(None, kind="goods").missing == ("lines.ship_to.country",)
    assert GENERAL.domestic(asked(LAW, "TH", None)).treatment is UNDECIDED
    assert GENERAL.outbound(asked(LAW, None, "TH")).treatment is UNDECIDED
