"""South Africa: two of three links, a million rand, businesses as well."""

from typing import Any

import pytest

from engine.tax.africa import SOUTH_AFRICA
from engine.tax.model import Treatment
from tests.tax.world_laws import asked, cited, holds, percents, said, sold

LAW = """
ZA:
  zone: Africa/Johannesburg
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 1000000 ZAR
    digital_vendors_only_exempt: {2025-04-01: true}
    reverse_charge_b2b_digital: false
    import_vat_relief: 0 ZAR
    tax_number_name: VAT vendor number
  rates: [vat standard 14 to=2018-04-01, vat standard 15 from=2018-04-01, vat food 0]
"""
NOT, UNDECIDED, STANDARD = Treatment.NO_OBLIGATION, Treatment.UNDECIDED, Treatment.STANDARD


def inbound(**stated: Any) -> Any:
    return holds(
        SOUTH_AFRICA.inbound(
            asked(LAW, "US", stated.pop("to", "ZA"), **{"currency": "ZAR", "registrations": ("ZA",), **stated})
        )
    )


@pytest.mark.parametrize(("before", "expected"), [("999900", NOT), ("999900.01", STANDARD), ("2000000", STANDARD)])
def test_a_million_rand(before: str, expected: Treatment) -> None:
    ruling = inbound(registrations=(), seller={"turnover": {"ZA": sold(before, "ZAR")}})
    assert ruling.treatment is expected
    assert 's. 1 "enterprise" (b)(vi)' in cited(ruling)


@pytest.mark.parametrize(("on", "expected"), [("2018-03-31", "VAT 14"), ("2018-04-01", "VAT 15")])
def test_the_rate_rose_in_april_2018(on: str, expected: str) -> None:
    assert percents(inbound(on=on)) == expected


@pytest.mark.parametrize("stated", [{"ids": ("ZA:valid",)}, {"type": "organisation"}, {"type": "individual"}])
def test_businesses_are_charged_as_well(stated: dict[str, Any]) -> None:
    assert percents(inbound(**stated)) == "VAT 15"


@pytest.mark.parametrize(
    ("to", "evidence", "expected"),
    [
        ("ZA", {}, STANDARD),
        ("ZA", {"bank": "DE"}, STANDARD),
        ("ZA", {"bank": "ZA", "billing": "DE"}, STANDARD),
        ("ZA", {"ip": "DE", "bank": "ZA"}, STANDARD),
        ("ZA", {"ip": "DE", "bank": "DE"}, NOT),
        ("ZA", {"ip": "DE"}, UNDECIDED),
        ("ZA", {"ip": "DE", "sim": "US"}, UNDECIDED),
    ],
)
def test_two_of_three_links(to: str, evidence: dict[str, str], expected: Treatment) -> None:
    ruling = inbound(to=to, evidence=evidence)
    assert ruling.treatment is expected
    assert ruling.missing == (("payer.evidence",) if expected is UNDECIDED else ())


def test_the_links_are_named() -> None:
    assert "bank, address" in said(inbound(evidence={"ip": "DE", "bank": "ZA"}), "place")
    assert inbound(evidence={"ip": "DE", "bank": "DE"}).reason == "links_missing"


@pytest.mark.parametrize(
    ("on", "ids", "registrations", "expected"),
    [
        ("2025-04-01", ("ZA:valid",), (), "vendors_only"),
        ("2025-03-31", ("ZA:valid",), (), "turnover.unknown"),
        ("2025-04-01", (), (), "customer.unknown"),
        ("2025-04-01", ("ZA:valid",), ("ZA",), "rate.standard"),
    ],
)
def test_a_seller_to_vendors_only_need_not_register_since_april_2025(
    on: str, ids: tuple[str, ...], registrations: tuple[str, ...], expected: str
) -> None:
    assert inbound(on=on, ids=ids, registrations=registrations, seller={"vendors_only": True}).reason == expected


def test_other_services_are_the_recipient_s_to_declare() -> None:
    ruling = inbound(kind="service")
    assert (ruling.treatment, ruling.reason) == (Treatment.REVERSE_CHARGE, "imported_services")
    assert inbound(line={"live": True}).reason == "imported_services"


def test_goods_are_taxed_at_the_border() -> None:
    assert inbound(kind="goods").treatment is Treatment.IMPORT


def test_a_platform_owes() -> None:
    assert inbound(line={"named_supplier": "platform"}).reason == "platform_liable"


def test_the_rest() -> None:
    assert percents(inbound(kind="event")) == "VAT 15"
    assert inbound(kind=None).missing == ("lines.kind",)
    food = {"kind": "goods", "category": "food"}
    assert holds(SOUTH_AFRICA.domestic(asked(LAW, "ZA", "ZA", **food))).reason == "not_registered"
    assert holds(SOUTH_AFRICA.domestic(asked(LAW, "ZA", "ZA", registrations=None, **food))).treatment is Treatment.ZERO
    assert holds(SOUTH_AFRICA.outbound(asked(LAW, "ZA", "DE", kind="goods"))).treatment is Treatment.ZERO
