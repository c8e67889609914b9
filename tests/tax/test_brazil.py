"""Brazil: ICMS within and between states, ISS on services and software, and the test year of CBS and IBS."""

from decimal import Decimal
from typing import Any

import pytest

from engine.tax.brazil import BRAZIL
from engine.tax.model import Treatment
from tests.tax.world_laws import asked, cited, holds, percents, said

LAW = """
BR:
  zone: America/Sao_Paulo
  settings:
    has_consumption_tax: true
    digital_nonresident_regime: {2027-01-01: registration}
    digital_nonresident_threshold: {2027-01-01: 0 BRL}
    cbs_full_start: {2027-01-01: true}
    icms_interstate_rate: 12 %
    icms_interstate_rate_imported: 4 %
    icms_interstate_rate_south_southeast: 7 %
    iss_rate_bound_minimum: 2 %
    iss_rate_bound_maximum: 5 %
    pis_rate_cumulative: 0.65 %
    cofins_rate_cumulative: 3 %
    pis_rate_non_cumulative: 1.65 %
    cofins_rate_non_cumulative: 7.6 %
    low_value_import_threshold: 50 USD
  rates: [cbs standard 0.9 from=2026-01-01 to=2027-01-01, ibs standard 0.1 from=2026-01-01 to=2027-01-01]
BR-SP:
  rates: [icms standard 18]
BR-RJ:
  rates: [icms standard 22]
BR-BA:
  rates: [icms standard 20.5]
BR-ES:
  rates: [icms standard 17]
BR-PA:
  rates: [icms standard unread]
"""
UNDECIDED, STANDARD = Treatment.UNDECIDED, Treatment.STANDARD


def home(origin: str | None, destination: str | None, **stated: Any) -> Any:
    stated = {"kind": "goods", "currency": "BRL", "registrations": (origin or "BR",), "on": "2026-11-22", **stated}
    return holds(BRAZIL.domestic(asked(LAW, origin, destination, **stated)))


def abroad(**stated: Any) -> Any:
    return holds(BRAZIL.inbound(asked(LAW, "US", "BR-SP", **{"currency": "BRL", **stated})))


# -- goods


def test_within_a_state_its_own_rate_is_part_of_the_price() -> None:
    ruling = home("BR-SP", "BR-SP")
    assert percents(ruling) == "ICMS 18"
    part = ruling.components[0]
    assert (part.percent * part.share).quantize(Decimal("0.0001")) == Decimal("21.9512")
    assert "Art. 13 § 1 I" in cited(ruling)


@pytest.mark.parametrize(
    ("origin", "destination", "made", "expected"),
    [
        ("BR-SP", "BR-BA", "BR", "ICMS 7 + DIFAL 13.5"),
        ("BR-SP", "BR-ES", "BR", "ICMS 7 + DIFAL 10"),
        ("BR-SP", "BR-RJ", "BR", "ICMS 12 + DIFAL 10"),
        ("BR-BA", "BR-SP", "BR", "ICMS 12 + DIFAL 6"),
        ("BR-ES", "BR-BA", "BR", "ICMS 12 + DIFAL 8.5"),
        ("BR-SP", "BR-BA", "CN", "ICMS 4 + DIFAL 16.5"),
        ("BR-SP", "BR-BA", None, "ICMS 7 + DIFAL 13.5"),
    ],
)
def test_between_states_a_consumer_bears_the_rate_of_its_own(
    origin: str, destination: str, made: str | None, expected: str
) -> None:
    ruling = home(origin, destination, origin_country=made)
    assert percents(ruling) == expected
    assert [part.jurisdiction for part in ruling.components] == [origin, destination]
    assert "EC 87/2015" in cited(ruling)


def test_both_parts_stand_on_one_base() -> None:
    ruling = home("BR-SP", "BR-BA", origin_country="BR")
    whole = sum((part.percent * part.share for part in ruling.components), Decimal(0))
    assert whole.quantize(Decimal("0.0001")) == (Decimal("20.5") * 100 / Decimal("79.5")).quantize(Decimal("0.0001"))


def test_a_customer_who_pays_icms_owes_the_difference_itself() -> None:
    ruling = home("BR-SP", "BR-BA", origin_country="BR", type="organisation", buyer={"icms_contributor": True})
    assert percents(ruling) == "ICMS 7"


def test_a_business_that_does_not_say_is_asked() -> None:
    assert home("BR-SP", "BR-BA", origin_country="BR", type="organisation").missing == ("payer.facts.icms_contributor",)


def test_the_inter_state_rate_of_a_contributor_needs_the_origin() -> None:
    assert home("BR-SP", "BR-BA", buyer={"icms_contributor": True}).missing == ("lines.origin.country",)


@pytest.mark.parametrize(
    ("origin", "destination", "missing"),
    [
        ("BR-SP", "BR", "lines.ship_to.region"),
        ("BR", "BR-SP", "payee.region"),
        ("BR-SP", None, "lines.ship_to.country"),
    ],
)
def test_both_states_must_be_known(origin: str, destination: str | None, missing: str) -> None:
    assert home(origin, destination).missing == (missing,)


def test_a_rate_that_nobody_read_is_not_guessed() -> None:
    assert home("BR-SP", "BR-PA", origin_country="BR").treatment is UNDECIDED
    assert home("BR-PA", "BR-PA").treatment is UNDECIDED


@pytest.mark.parametrize(
    ("regime", "expected"),
    [("cumulative", "ICMS 18 + PIS 0.65 + COFINS 3"), ("non_cumulative", "ICMS 18 + PIS 1.65 + COFINS 7.6")],
)
def test_contributions_follow_the_seller_s_regime(regime: str, expected: str) -> None:
    assert percents(home("BR-SP", "BR-SP", seller={"pis_cofins": regime})) == expected


def test_contributions_that_are_not_stated_are_mentioned() -> None:
    assert "PIS and COFINS fall on the seller's revenue" in said(home("BR-SP", "BR-SP"), "obligation")
    assert home("BR-SP", "BR-SP", seller={"pis_cofins": "simples"}).missing == ("payee.facts.pis_cofins",)


# -- the reform


def test_the_test_year_collects_nothing() -> None:
    ruling = home("BR-SP", "BR-SP", on="2026-12-31")
    assert percents(ruling) == "ICMS 18"
    assert "not collected" in said(ruling, "obligation")
    assert "not collected" not in said(home("BR-SP", "BR-SP", on="2025-12-31"), "obligation")


def test_from_2027_the_rate_of_cbs_is_wanted() -> None:
    assert home("BR-SP", "BR-SP", on="2027-01-02").missing == ("law.cbs_rate",)


# -- services


def test_software_bears_iss_as_the_municipality_sets_it() -> None:
    ruling = home("BR-SP", "BR-RJ", kind="digital", category="saas", line={"iss_rate": "2.9"})
    assert percents(ruling) == "ISS 2.9"
    assert "ADI 1945" in cited(ruling)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("1.99", UNDECIDED), ("2", STANDARD), ("5", STANDARD), ("5.01", UNDECIDED), (None, UNDECIDED)],
)
def test_iss_lies_between_two_and_five_percent(rate: str | None, expected: Treatment) -> None:
    ruling = home("BR-SP", "BR-SP", kind="service", line={"iss_rate": rate})
    assert ruling.treatment is expected
    assert ruling.missing == (("lines.facts.iss_rate",) if expected is UNDECIDED else ())


def test_telecom_bears_icms() -> None:
    assert percents(home("BR-SP", "BR-SP", kind="service", category="telecom")) == "ICMS 18"


def test_without_a_kind_nothing_is_said() -> None:
    assert home("BR-SP", "BR-SP", kind=None).missing == ("lines.kind",)
    assert home("BR-SP", "BR-SP", registrations=()).reason == "not_registered"


# -- abroad


@pytest.mark.parametrize(("on", "expected"), [("2026-12-31", Treatment.NO_OBLIGATION), ("2027-01-02", UNDECIDED)])
def test_non_residents_register_from_2027(on: str, expected: Treatment) -> None:
    ruling = abroad(on=on)
    assert ruling.treatment is expected
    assert ruling.reason == ("no_nonresident_regime" if expected is Treatment.NO_OBLIGATION else "law.unknown")


def test_goods_are_taxed_at_the_border() -> None:
    assert abroad(kind="goods").treatment is Treatment.IMPORT
    own = abroad(kind="goods", buyer={"recipient_importer": False}, registrations=("BR-SP",), on="2026-06-01")
    assert percents(own) == "ICMS 18"
    assert abroad(kind=None).missing == ("lines.kind",)


@pytest.mark.parametrize("kind", ["goods", "digital", "service"])
def test_exports_bear_none_of_it(kind: str) -> None:
    assert holds(BRAZIL.outbound(asked(LAW, "BR-SP", "DE", kind=kind))).treatment is Treatment.ZERO
    assert BRAZIL.outbound(asked(LAW, None, "DE", kind=kind)).treatment is UNDECIDED
    assert BRAZIL.inbound(asked(LAW, "US", None, kind=kind)).treatment is UNDECIDED
