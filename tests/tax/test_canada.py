"""Canada: the recipient's province, GST against HST, the provinces' own taxes and registrations."""

from typing import Any

import pytest

from engine.tax.canada import CANADA
from engine.tax.model import Treatment
from tests.tax.world_laws import asked, cited, holds, percents, said, sold

LAW = """
CA:
  zone: America/Toronto
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: registration
    digital_nonresident_threshold: 30000 CAD
    reverse_charge_b2b_digital: false
    b2b_digital_not_charged: true
    place_of_supply: destination_province
    tax_number_name: Business Number (BN)
    stdnum_module: stdnum.ca.bn
    gst_name: GST
    tax_name_local: Goods and Services Tax / Harmonized Sales Tax
    pst_name: PST
    qst_name: QST
    import_vat_relief: 20 CAD
  rates: [gst standard 5, gst food 0]
CA-ON:
  rates: [hst standard 13, hst food 0]
CA-NS:
  rates: [hst standard 15 to=2025-04-01, hst standard 14 from=2025-04-01]
CA-AB:
  settings: {provincial_tax: GST}
CA-BC:
  settings: {digital_nonresident_threshold: 10000 CAD, saas_taxable: taxable}
  rates: [pst standard 7, pst food 0]
CA-MB:
  settings: {digital_nonresident_threshold: 0 CAD, saas_taxable: {0001-01-01: not_taxable, 2026-01-01: taxable}}
  rates: [pst standard 7]
CA-SK:
  settings: {digital_nonresident_threshold: 0 CAD, saas_taxable: taxable}
  rates: [pst standard 6]
CA-QC:
  settings: {digital_nonresident_threshold: 30000 CAD}
  rates: [qst standard 9.975]
CA-PE:
  settings: {digital_nonresident_threshold: unread}
"""
NOT, UNDECIDED, STANDARD = Treatment.NO_OBLIGATION, Treatment.UNDECIDED, Treatment.STANDARD


def home(destination: str | None, origin: str = "CA-ON", **stated: Any) -> Any:
    return holds(CANADA.domestic(asked(LAW, origin, destination, **{"kind": "goods", "currency": "CAD", **stated})))


def abroad(destination: str | None, **stated: Any) -> Any:
    stated = {"kind": "digital", "category": "saas", "currency": "CAD", **stated}
    return holds(CANADA.inbound(asked(LAW, "US", destination, **stated)))


def past(**places: str) -> dict[str, Any]:
    return {"turnover": {place.replace("_", "-"): sold(amount, "CAD") for place, amount in places.items()}}


# -- within Canada


@pytest.mark.parametrize(
    ("province", "registrations", "expected"),
    [
        ("CA-ON", ("CA",), "HST 13"),
        ("CA-NS", ("CA",), "HST 14"),
        ("CA-AB", ("CA",), "GST 5"),
        ("CA-QC", ("CA", "CA-QC"), "GST 5 + QST 9.975"),
        ("CA-BC", ("CA", "CA-BC"), "GST 5 + PST 7"),
        ("CA-MB", ("CA", "CA-MB"), "GST 5 + PST 7"),
        ("CA-SK", ("CA", "CA-SK"), "GST 5 + PST 6"),
    ],
)
def test_the_province_of_delivery_gives_the_rate(province: str, registrations: tuple[str, ...], expected: str) -> None:
    ruling = home(province, registrations=registrations)
    assert percents(ruling) == expected
    assert ruling.treatment is STANDARD
    assert "the province where delivered" in said(ruling, "place")


@pytest.mark.parametrize(("on", "expected"), [("2025-03-31", "HST 15"), ("2025-04-01", "HST 14")])
def test_nova_scotia_lowered_its_part_in_april_2025(on: str, expected: str) -> None:
    assert percents(home("CA-NS", registrations=("CA",), on=on)) == expected


def test_the_taxes_are_not_compounded() -> None:
    ruling = home("CA-QC", registrations=("CA", "CA-QC"))
    assert {part.share for part in ruling.components} == {1}
    assert "not one on the other" in said(ruling, "rate")


@pytest.mark.parametrize("province", ["CA-ON", "CA-BC"])
def test_basic_groceries_are_zero_rated(province: str) -> None:
    ruling = home(province, category="food", registrations=("CA", province))
    assert ruling.treatment is Treatment.ZERO
    assert all(part.percent == 0 for part in ruling.components)


def test_goods_picked_up_bear_the_counter_s_rate() -> None:
    from dataclasses import replace

    from engine.tax.model import Address

    question = asked(LAW, "CA-AB", "CA-AB", kind="goods", currency="CAD", registrations=("CA",))
    ruling = holds(CANADA.domestic(replace(question, line=replace(question.line, ship_to=Address()))))
    assert percents(ruling) == "GST 5"
    assert "picked up" in said(ruling, "place")


def test_a_seller_at_home_in_the_province_is_in_its_tax_too() -> None:
    assert percents(home("CA-BC", "CA-BC", registrations=("CA",))) == "GST 5 + PST 7"


@pytest.mark.parametrize(
    ("seller", "expected"),
    [(past(CA_BC="10000.01"), "GST 5 + PST 7"), (past(CA_BC="9000"), "GST 5"), (past(CA_BC="9950"), "GST 5 + PST 7")],
)
def test_british_columbia_s_own_threshold_for_sellers_elsewhere(seller: dict[str, Any], expected: str) -> None:
    assert percents(home("CA-BC", registrations=("CA",), seller=seller)) == expected


def test_a_federal_registration_is_not_one_with_the_province() -> None:
    assert home("CA-BC", registrations=("CA",)).missing == ("payee.facts.turnover",)


def test_saskatchewan_has_no_threshold() -> None:
    ruling = home("CA-SK", registrations=("CA",))
    assert percents(ruling) == "GST 5 + PST 6"
    assert "must register" in said(ruling, "obligation")


@pytest.mark.parametrize(("stated", "missing"), [("goods", "lines.ship_to.region"), ("digital", "payer.region")])
def test_without_a_province_nothing_is_said(stated: str, missing: str) -> None:
    assert home("CA", kind=stated).missing == (missing,)


def test_without_a_place_nothing_is_said() -> None:
    assert home(None).treatment is UNDECIDED


def test_a_small_supplier_charges_nothing() -> None:
    ruling = home("CA-ON", registrations=(), seller={"small_business": True})
    assert (ruling.treatment, ruling.reason) == (NOT, "small_business")


def test_a_province_without_a_rate_read_falls_to_the_federal_part() -> None:
    assert percents(home("CA-AB", registrations=("CA",))) == "GST 5"


# -- software


@pytest.mark.parametrize(("on", "expected"), [("2025-12-31", "GST 5"), ("2026-01-02", "GST 5 + PST 7")])
def test_manitoba_taxes_cloud_software_since_2026(on: str, expected: str) -> None:
    ruling = home("CA-MB", kind="digital", category="saas", registrations=("CA", "CA-MB"), on=on)
    assert percents(ruling) == expected


def test_what_a_retail_tax_reaches_must_have_been_read() -> None:
    ruling = home("CA-SK", kind="digital", category="streaming", registrations=("CA", "CA-SK"))
    assert ruling.missing == ("law.streaming_taxable",)


def test_a_retail_tax_asks_what_the_service_is() -> None:
    assert home("CA-SK", kind="service", registrations=("CA", "CA-SK")).missing == ("lines.category",)


def test_quebec_s_tax_reaches_services_as_gst_does() -> None:
    assert percents(home("CA-QC", kind="service", registrations=("CA", "CA-QC"))) == "GST 5 + QST 9.975"


# -- from abroad


@pytest.mark.parametrize(
    ("before", "expected"), [("29899.99", NOT), ("29900", NOT), ("29900.01", STANDARD), ("30001", STANDARD)]
)
def test_thirty_thousand_dollars_of_sales_to_consumers(before: str, expected: Treatment) -> None:
    ruling = abroad("CA-ON", seller=past(CA=before))
    assert ruling.treatment is expected
    assert ruling.reason == ("below_threshold" if expected is NOT else "rate.standard")


def test_a_registered_seller_charges_from_the_first_sale() -> None:
    ruling = abroad("CA-ON", registrations=("CA:simplified",))
    assert percents(ruling) == "HST 13"
    assert "s. 211.1" in cited(ruling)


def test_the_threshold_needs_the_turnover() -> None:
    assert abroad("CA-ON", registrations=None).missing == ("payee.facts.turnover", "payee.registrations")


def test_turnover_in_euros_is_converted_to_dollars() -> None:
    seller = {"turnover": {"CA": sold("25000", "EUR")}}
    assert percents(abroad("CA-ON", seller=seller)) == "HST 13"


def test_a_business_with_its_number_is_not_charged() -> None:
    ruling = abroad("CA-ON", registrations=("CA",), ids=("CA:format_valid",))
    assert (ruling.treatment, ruling.reason) == (Treatment.OUT_OF_SCOPE, "b2b.not_charged")


def test_a_business_without_its_number_is_asked_for_it() -> None:
    assert abroad("CA-ON", registrations=("CA",), type="organisation").missing == ("payer.tax_ids",)


def test_a_number_that_nobody_checked_proves_nothing() -> None:
    assert abroad("CA-ON", registrations=("CA",), ids=("CA:unchecked",)).missing == ("payer.tax_ids",)


def test_a_refused_number_is_no_number() -> None:
    assert percents(abroad("CA-ON", registrations=("CA",), ids=("CA:invalid",))) == "HST 13"


def test_saskatchewan_charges_businesses_as_well() -> None:
    assert percents(abroad("CA-SK", registrations=("CA", "CA-SK"), ids=("CA:valid",))) == "PST 6"


def test_saskatchewan_s_tax_is_due_below_the_federal_threshold() -> None:
    assert percents(abroad("CA-SK", seller=past(CA="100"))) == "PST 6"


def test_quebec_has_its_own_threshold() -> None:
    assert percents(abroad("CA-QC", registrations=("CA",), seller=past(CA_QC="100"))) == "GST 5"
    assert percents(abroad("CA-QC", registrations=("CA", "CA-QC"))) == "GST 5 + QST 9.975"


def test_goods_from_abroad_are_taxed_at_the_border() -> None:
    ruling = abroad("CA-ON", kind="goods", registrations=("CA",))
    assert (ruling.treatment, ruling.reason) == (Treatment.IMPORT, "import")
    assert "20 CAD" in said(ruling, "relief")


def test_goods_the_seller_imports_itself_are_sold_in_canada() -> None:
    ruling = abroad(
        "CA-ON", kind="goods", category="standard", registrations=("CA",), buyer={"recipient_importer": False}
    )
    assert percents(ruling) == "HST 13"


def test_a_platform_owes_for_its_sellers() -> None:
    assert abroad("CA-ON", line={"named_supplier": "platform"}).reason == "platform_liable"
    assert percents(abroad("CA-ON", marketplace=True, registrations=("CA",))) == "HST 13"


def test_without_a_kind_nothing_is_said() -> None:
    assert abroad("CA-ON", kind=None).missing == ("lines.kind",)


@pytest.mark.parametrize("kind", ["goods", "digital"])
def test_exports_are_zero_rated(kind: str) -> None:
    ruling = holds(CANADA.outbound(asked(LAW, "CA-ON", "DE", kind=kind)))
    assert (ruling.treatment, ruling.reason) == (Treatment.ZERO, "export")
    assert "Sch. VI" in cited(ruling)
