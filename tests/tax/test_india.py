"""India: two halves within a state, the whole between states and from abroad, the slabs of 2025, and who owes for a platform."""

from typing import Any

import pytest

from engine.tax.india import INDIA
from engine.tax.model import Treatment
from tests.tax.world_laws import asked, at, cited, holds, percents, said

SETTINGS = """
  zone: Asia/Kolkata
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: registration
    digital_nonresident_threshold: 0 INR
    reverse_charge_b2b_digital: true
    tax_number_name: GSTIN
    stdnum_module: stdnum.in_.gstin
"""
WHOLE = f"""
IN:{SETTINGS}
  rates:
    - gst standard 18
    - gst appliances 28 to=2025-09-22
    - gst appliances 18 from=2025-09-22
    - gst processed_food 12 to=2025-09-22
    - gst processed_food 5 from=2025-09-22
    - gst aerated_drinks 28 to=2025-09-22
    - gst aerated_drinks 40 from=2025-09-22
    - gst insurance 18 to=2025-09-22
    - gst insurance 0 from=2025-09-22
"""
PARTS = f"""
IN:{SETTINGS}
  rates:
    - igst standard 18
    - cgst standard 9
    - sgst standard 9
    - utgst standard 9
    - igst food 5
    - cgst food 2.5
    - sgst food 2.5
    - utgst food 2.5
"""
UNDECIDED = Treatment.UNDECIDED


def home(origin: str | None, destination: str | None, text: str = PARTS, **stated: Any) -> Any:
    return holds(
        INDIA.domestic(
            asked(
                text, origin, destination, **{"kind": "goods", "currency": "INR", "registrations": ("IN-MH",), **stated}
            )
        )
    )


def abroad(**stated: Any) -> Any:
    return holds(INDIA.inbound(asked(PARTS, "US", stated.pop("to", "IN-KA"), **{"currency": "INR", **stated})))


@pytest.mark.parametrize("text", [WHOLE, PARTS], ids=["halved", "written in halves"])
@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        ("IN-MH", "IN-MH", "CGST 9 + SGST 9"),
        ("IN-MH", "IN-KA", "IGST 18"),
        ("IN-DL", "IN-DL", "CGST 9 + SGST 9"),
        ("IN-CH", "IN-CH", "CGST 9 + UTGST 9"),
        ("IN-LD", "IN-LD", "CGST 9 + UTGST 9"),
        ("IN-CH", "IN-PB", "IGST 18"),
    ],
)
def test_the_same_state_halves_it_and_two_states_do_not(
    origin: str, destination: str, expected: str, text: str
) -> None:
    ruling = home(origin, destination, text)
    assert percents(ruling) == expected
    assert ruling.treatment is Treatment.STANDARD


@pytest.mark.parametrize(
    ("category", "on", "expected"),
    [
        ("appliances", "2025-09-21", "IGST 28"),
        ("appliances", "2025-09-22", "IGST 18"),
        ("processed_food", "2025-09-21", "IGST 12"),
        ("processed_food", "2025-09-22", "IGST 5"),
        ("aerated_drinks", "2025-09-21", "IGST 28"),
        ("aerated_drinks", "2025-09-22", "IGST 40"),
        ("insurance", "2025-09-21", "IGST 18"),
        ("insurance", "2025-09-22", "IGST 0"),
        ("standard", "2025-09-21", "IGST 18"),
    ],
)
def test_the_slabs_of_22_september_2025(category: str, on: str, expected: str) -> None:
    assert percents(home("IN-MH", "IN-KA", WHOLE, category=category, on=on)) == expected


def test_an_odd_half_stays_exact() -> None:
    assert percents(home("IN-MH", "IN-MH", category="food")) == "CGST 2.5 + SGST 2.5"


def test_goods_are_supplied_where_their_movement_ends() -> None:
    assert "s. 10(1)(a)" in cited(home("IN-MH", "IN-KA"))


def test_goods_for_a_third_person_are_supplied_where_the_buyer_is() -> None:
    from dataclasses import replace

    question = asked(PARTS, "IN-MH", "IN-KA", kind="goods", registrations=("IN-MH",), line={"bill_to_ship_to": True})
    buyer = replace(question.sale.buyer, address=at("IN-MH"))
    ruling = holds(INDIA.domestic(replace(question, sale=replace(question.sale, buyer=buyer))))
    assert percents(ruling) == "CGST 9 + SGST 9"
    assert "s. 10(1)(b)" in cited(ruling)


@pytest.mark.parametrize(
    ("stated", "expected", "article"),
    [
        ({"ids": ("IN:valid",)}, "IGST 18", "s. 12(2)(a)"),
        ({"type": "individual"}, "IGST 18", "s. 12(2)(b)"),
    ],
)
def test_a_service_is_supplied_where_the_recipient_is(stated: dict[str, Any], expected: str, article: str) -> None:
    ruling = home("IN-MH", "IN-KA", kind="service", **stated)
    assert percents(ruling) == expected
    assert article in cited(ruling)


def test_without_an_address_on_record_it_is_where_the_supplier_is() -> None:
    ruling = home("IN-MH", "IN", kind="service", type="individual")
    assert percents(ruling) == "CGST 9 + SGST 9"
    assert "no address on record" in said(ruling, "place")


def test_a_registered_recipient_without_a_state_is_asked_for_it() -> None:
    assert home("IN-MH", "IN", kind="service", ids=("IN:valid",)).missing == ("payer.region",)


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"destination": "IN"}, "lines.ship_to.region"),
        ({"origin": "IN", "registrations": ("IN",)}, "payee.region"),
        ({"kind": None}, "lines.kind"),
        ({"destination": None}, "lines.ship_to.country"),
        ({"kind": "event", "destination": "IN"}, "lines.supplied_at.region"),
    ],
)
def test_what_is_missing_is_named(stated: dict[str, Any], missing: str) -> None:
    places = {
        "origin": "IN-MH",
        "destination": "IN-KA",
        **{k: v for k, v in stated.items() if k in ("origin", "destination")},
    }
    rest = {key: value for key, value in stated.items() if key not in places}
    assert home(places["origin"], places["destination"], **rest).missing == (missing,)


def test_a_hotel_is_taxed_in_its_own_state() -> None:
    ruling = home("IN-MH", "IN-GA", kind="accommodation", category="standard")
    assert percents(ruling) == "IGST 18"
    assert "s. 12(3)" in cited(ruling)


def test_an_unregistered_trader_charges_nothing() -> None:
    assert home("IN-MH", "IN-KA", registrations=()).reason == "not_registered"


# -- from abroad


def test_a_digital_service_to_a_consumer_bears_igst_from_the_first_sale() -> None:
    ruling = abroad(type="individual")
    assert (percents(ruling), ruling.scheme) == ("IGST 18", "oidar")
    assert "must register" in said(ruling, "obligation")
    assert "s. 2(16), 2(17), 14" in cited(ruling)


def test_it_needs_no_state() -> None:
    assert percents(abroad(to="IN")) == "IGST 18"


def test_a_registered_customer_pays_itself() -> None:
    ruling = abroad(ids=("IN:valid",))
    assert (ruling.treatment, ruling.invoice_note) == (Treatment.REVERSE_CHARGE, "Reverse charge")
    assert "s. 5(3)" in cited(ruling)


def test_a_business_without_a_gstin_is_asked_for_it() -> None:
    assert abroad(type="organisation").missing == ("payer.tax_ids",)


def test_a_business_s_private_purchase_is_a_consumer_s() -> None:
    assert percents(abroad(ids=("IN:valid",), buyer={"business": False})) == "IGST 18"


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"ip": "IN", "bank": "IN"}, Treatment.STANDARD),
        ({"ip": "US", "bank": "IN"}, Treatment.STANDARD),
        ({"ip": "US"}, UNDECIDED),
        ({"billing": "US", "ip": "US"}, UNDECIDED),
    ],
)
def test_two_of_seven_indicators_that_do_not_contradict(evidence: dict[str, str], expected: Treatment) -> None:
    ruling = abroad(evidence=evidence)
    assert ruling.treatment is expected
    assert ruling.missing == (("payer.evidence",) if expected is UNDECIDED else ())


def test_the_evidence_relied_on_is_kept() -> None:
    assert abroad(evidence={"ip": "IN", "bank": "US"}).evidence == ("billing=IN", "ip=IN")


def test_a_live_lesson_to_a_private_person_is_exempt() -> None:
    ruling = abroad(kind="digital", line={"live": True}, type="individual")
    assert (ruling.treatment, ruling.reason) == (Treatment.EXEMPT, "exempt.private_import_of_service")


def test_a_live_lesson_to_whoever_says_nothing_is_open() -> None:
    assert abroad(kind="service").missing == ("payer.facts.business",)


def test_goods_are_taxed_at_the_border() -> None:
    assert abroad(kind="goods").treatment is Treatment.IMPORT
    assert (
        percents(abroad(kind="goods", buyer={"recipient_importer": False}, registrations=("IN-MH",), to="IN-KA")) != ""
    )


def test_an_intermediary_owes_for_a_foreign_supplier() -> None:
    assert abroad(line={"named_supplier": "platform"}).reason == "platform_liable"


def test_what_is_performed_in_india_needs_a_registration() -> None:
    assert abroad(kind="event").missing == ("payee.registrations",)


def test_without_a_kind_or_a_place_nothing_is_said() -> None:
    assert abroad(kind=None).missing == ("lines.kind",)
    assert abroad(to=None).treatment is UNDECIDED


# -- operators


@pytest.mark.parametrize("category", ["passenger_transport", "restaurant", "takeaway", "hotel"])
def test_an_operator_owes_for_rides_meals_and_rooms(category: str) -> None:
    ruling = home("IN-MH", "IN-MH", kind="service", category=category, line={"named_supplier": "platform"})
    assert (ruling.treatment, ruling.reason) == (Treatment.NO_OBLIGATION, "platform_liable")
    assert "s. 9(5)" in cited(ruling)


def test_an_operator_charges_for_them_itself() -> None:
    assert (
        percents(home("IN-MH", "IN-MH", kind="service", category="restaurant", marketplace=True)) == "CGST 9 + SGST 9"
    )


def test_on_goods_the_seller_stays_liable() -> None:
    ruling = home("IN-MH", "IN-MH", line={"named_supplier": "platform"})
    assert percents(ruling) == "CGST 9 + SGST 9"
    assert "The seller stays liable" in said(ruling, "supplier")


def test_an_operator_with_goods_is_not_their_supplier() -> None:
    assert home("IN-MH", "IN-MH", marketplace=True).missing == ("lines.facts.named_supplier",)


def test_an_operator_s_service_without_a_category_is_open() -> None:
    assert home("IN-MH", "IN-MH", kind="service", category=None, marketplace=True).missing == ("lines.category",)


@pytest.mark.parametrize("kind", ["goods", "service", "digital"])
def test_exports_are_zero_rated(kind: str) -> None:
    ruling = holds(INDIA.outbound(asked(PARTS, "IN-MH", "DE", kind=kind)))
    assert (ruling.treatment, ruling.reason) == (Treatment.ZERO, "export")
