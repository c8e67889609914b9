"""The Gulf: tax in four states, none in two, and designated zones."""

from typing import Any

import pytest

from engine.tax.gulf import GULF
from engine.tax.model import Treatment
from tests.tax.world_laws import asked, cited, holds, percents, said


def _state(zone: str, rates: str, currency: str) -> str:
    return f"""
  zone: {zone}
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: registration
    digital_nonresident_threshold: 0 {currency}
    reverse_charge_b2b_digital: true
    tax_number_name: TRN
  rates: [{rates}]
"""


LAW = f"""
AE:{_state("Asia/Dubai", "vat standard 5", "AED")}
SA:{_state("Asia/Riyadh", "vat standard 5 to=2020-07-01, vat standard 15 from=2020-07-01", "SAR")}
BH:{_state("Asia/Bahrain", "vat standard 5 to=2022-01-01, vat standard 10 from=2022-01-01", "BHD")}
OM:{_state("Asia/Muscat", "vat standard 5", "OMR")}
KW:
  settings: {{has_consumption_tax: false}}
QA:
  settings: {{has_consumption_tax: false}}
"""


def inbound(place: str | None, **stated: Any) -> Any:
    return holds(GULF.inbound(asked(LAW, stated.pop("origin", "US"), place, **stated)))


@pytest.mark.parametrize(
    ("place", "on", "expected"),
    [
        ("AE", "2026-11-22", "VAT 5"),
        ("OM", "2026-11-22", "VAT 5"),
        ("SA", "2020-06-30", "VAT 5"),
        ("SA", "2020-07-01", "VAT 15"),
        ("BH", "2021-12-31", "VAT 5"),
        ("BH", "2022-01-01", "VAT 10"),
    ],
)
def test_an_electronic_service_is_taxed_where_it_is_used(place: str, on: str, expected: str) -> None:
    ruling = inbound(place, on=on)
    assert percents(ruling) == expected
    assert "Art. 20" in cited(ruling)
    assert "must register" in said(ruling, "obligation")


@pytest.mark.parametrize("place", ["KW", "QA"])
@pytest.mark.parametrize("kind", ["goods", "digital", "service", "event", None])
def test_kuwait_and_qatar_have_no_vat(place: str, kind: str | None) -> None:
    ruling = inbound(place, kind=kind)
    assert (ruling.treatment, ruling.reason) == (Treatment.OUT_OF_SCOPE, "no_such_tax")
    assert f"{place} levies no general consumption tax" in said(ruling, "place")


@pytest.mark.parametrize("place", ["AE", "SA", "BH", "OM"])
@pytest.mark.parametrize("kind", ["digital", "service"])
def test_a_registered_customer_accounts_itself(place: str, kind: str) -> None:
    ruling = inbound(place, kind=kind, ids=(f"{place}:valid",))
    assert (ruling.treatment, ruling.invoice_note) == (Treatment.REVERSE_CHARGE, "Reverse charge")


def test_a_business_without_a_number_is_asked_for_it() -> None:
    assert inbound("AE", type="organisation").missing == ("payer.tax_ids",)


def test_a_service_by_people_to_a_consumer_is_taxed_at_the_supplier() -> None:
    ruling = inbound("AE", kind="service", type="individual")
    assert (ruling.treatment, ruling.reason) == (Treatment.OUT_OF_SCOPE, "supplier_abroad")
    assert "Art. 15" in cited(ruling)


@pytest.mark.parametrize("origin", ["US", "SA"])
def test_goods_are_imported_even_from_another_member_state(origin: str) -> None:
    ruling = inbound("AE", kind="goods", origin=origin)
    assert ruling.treatment is Treatment.IMPORT
    assert "between member states" in cited(ruling)


@pytest.mark.parametrize("way", [GULF.inbound, GULF.domestic])
def test_goods_in_a_designated_zone_are_outside(way: Any) -> None:
    ruling = holds(way(asked(LAW, "AE", "AE", kind="goods", line={"designated_zone": True})))
    assert (ruling.treatment, ruling.reason) == (Treatment.OUT_OF_SCOPE, "designated_zone")


def test_only_the_emirates_have_such_zones() -> None:
    assert inbound("SA", kind="goods", line={"designated_zone": True}).treatment is Treatment.IMPORT


def test_what_is_performed_there_is_taxed_there() -> None:
    assert percents(inbound("AE", kind="event", registrations=("AE",))) == "VAT 5"
    assert inbound("AE", kind="event", registrations=None).missing == ("payee.registrations",)


def test_a_platform_may_owe() -> None:
    assert inbound("AE", line={"named_supplier": "platform"}).reason == "platform_liable"


@pytest.mark.parametrize(("place", "expected"), [("AE", Treatment.STANDARD), ("KW", Treatment.OUT_OF_SCOPE)])
def test_at_home(place: str, expected: Treatment) -> None:
    assert holds(GULF.domestic(asked(LAW, place, place, registrations=None))).treatment is expected


@pytest.mark.parametrize(("place", "expected"), [("AE", Treatment.ZERO), ("KW", Treatment.OUT_OF_SCOPE)])
def test_out_of_the_state(place: str, expected: Treatment) -> None:
    assert holds(GULF.outbound(asked(LAW, place, "US", kind="goods"))).treatment is expected


def test_what_is_missing_is_named() -> None:
    assert inbound("AE", kind=None).missing == ("lines.kind",)
    assert inbound(None).missing == ("payer.country",)
    assert GULF.domestic(asked(LAW, "AE", None)).treatment is Treatment.UNDECIDED
    assert GULF.outbound(asked(LAW, None, "AE")).treatment is Treatment.UNDECIDED
