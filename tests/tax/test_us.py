"""United States: nexus, certificates, what each state taxes, and the localities' part."""

from typing import Any

import pytest

from engine.tax.model import Treatment
from engine.tax.us import US
from tests.tax.world_laws import asked, cited, holds, percents, said, sold

LAW = """
US:
  zone: America/New_York
  settings: {has_consumption_tax: false}
US-TX:
  zone: America/Chicago
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 500000 USD
    economic_nexus_transactions: null
    marketplace_facilitator_law: true
    intrastate_sourcing: origin
    remote_seller_sourcing: destination
    saas_taxable: taxable
    digital_goods_taxable: taxable
    average_local_rate: 1.95 %
  rates: [sales_tax standard 6.25, sales_tax saas 6.25 share=0.8]
US-MA:
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 100000 USD
    economic_nexus_transactions: null
    marketplace_facilitator_law: true
    intrastate_sourcing: destination
    saas_taxable: taxable
    digital_goods_taxable: not_taxable
    average_local_rate: 0 %
  rates: [sales_tax standard 6.25, sales_tax clothing 0]
US-NY:
  zone: America/New_York
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 500000 USD
    economic_nexus_transactions: 100
    economic_nexus_transactions_above: true
    economic_nexus_test: and
    marketplace_facilitator_law: true
    saas_taxable: taxable
    digital_goods_taxable: not_taxable
    average_local_rate: 4.54 %
  rates: [sales_tax standard 4]
US-CT:
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 100000 USD
    economic_nexus_transactions: 200
    economic_nexus_test: and
    marketplace_facilitator_law: true
    saas_taxable: taxable
    digital_goods_taxable: taxable
    average_local_rate: 0 %
  rates: [sales_tax standard 6.35, sales_tax saas_business 1]
US-MI:
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 100000 USD
    economic_nexus_transactions: 200
    marketplace_facilitator_law: true
    saas_taxable: not_taxable
    digital_goods_taxable: not_taxable
    average_local_rate: 0 %
  rates: [sales_tax standard 6, sales_tax food 0]
US-IL:
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 100000 USD
    economic_nexus_transactions: {0001-01-01: 200, 2026-01-01: null}
    marketplace_facilitator_law: true
    saas_taxable: not_taxable
    digital_goods_taxable: not_taxable
    average_local_rate: 2.67 %
  rates: [sales_tax standard 6.25, sales_tax food 1 to=2026-01-01, sales_tax food 0 from=2026-01-01]
US-CA:
  zone: America/Los_Angeles
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 500000 USD
    economic_nexus_transactions: {0001-01-01: 200, 2019-04-01: null}
    marketplace_facilitator_law: true
    intrastate_sourcing: mixed
    saas_taxable: {0001-01-01: not_taxable, 2027-01-01: taxable}
    digital_goods_taxable: not_taxable
    average_local_rate: 1.73 %
  rates: [sales_tax standard 7.25]
US-OH:
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 100000 USD
    economic_nexus_transactions: 200
    saas_taxable: taxable
    saas_taxable_consumer: not_taxable
    digital_goods_taxable: taxable
    average_local_rate: 0 %
  rates: [sales_tax standard 5.75]
US-WA:
  settings:
    has_consumption_tax: true
    economic_nexus_amount: 100000 USD
    economic_nexus_transactions: null
    it_services_taxable: {0001-01-01: not_taxable, 2025-10-01: taxable}
    saas_taxable: taxable
    digital_goods_taxable: taxable
    average_local_rate: 0 %
  rates: [sales_tax standard 6.5]
US-OR:
  settings: {has_consumption_tax: false}
US-AK:
  settings: {has_consumption_tax: false, economic_nexus_amount: 100000 USD}
US-ND:
  settings:
    has_consumption_tax: true
    economic_nexus_amount: unread
    average_local_rate: 0 %
  rates: [sales_tax standard 5]
"""

OUT, NOT, EXEMPT, STANDARD = Treatment.OUT_OF_SCOPE, Treatment.NO_OBLIGATION, Treatment.EXEMPT, Treatment.STANDARD
UNDECIDED = Treatment.UNDECIDED


def rule(destination: str | None, origin: str = "US-CA", **stated: Any) -> Any:
    stated = {"kind": "goods", "currency": "USD", **stated}
    return holds(US.domestic(asked(LAW, origin, destination, **stated)))


def past(place: str, amount: str, count: int | None = None, previous: str | None = None) -> dict[str, Any]:
    return {"turnover": {place: sold(amount, "USD", count, previous)}}


# -- where


@pytest.mark.parametrize("kind", ["goods", "digital", "service"])
def test_oregon_has_no_sales_tax(kind: str) -> None:
    ruling = rule("US-OR", kind=kind)
    assert (ruling.treatment, ruling.reason, ruling.region) == (OUT, "no_such_tax", "US-OR")


@pytest.mark.parametrize(("kind", "missing"), [("goods", "lines.ship_to.region"), ("digital", "payer.region")])
def test_without_a_state_nothing_is_said(kind: str, missing: str) -> None:
    ruling = rule("US", kind=kind)
    assert (ruling.treatment, ruling.missing) == (UNDECIDED, (missing,))


def test_without_a_country_nothing_is_said() -> None:
    assert rule(None).missing == ("lines.ship_to.country",)


def test_a_sale_abroad_is_no_state_s_business() -> None:
    ruling = holds(US.outbound(asked(LAW, "US-TX", "DE", kind="goods")))
    assert (ruling.treatment, ruling.reason) == (OUT, "customer_abroad")


def test_a_sale_from_nowhere_is_open() -> None:
    assert US.outbound(asked(LAW, None, "DE", kind="digital")).treatment is UNDECIDED


# -- nexus


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"registrations": ("US-MA",)}, "registered"),
        ({"seller": {"nexus": ["US-MA"]}}, "presence named by the seller"),
        ({"establishments": ("US-MA",)}, "an establishment"),
        ({"origin": "US-MA"}, "the seller's own state, where the goods are"),
        ({"seller": past("US-MA", "100000.01")}, "more than the amount"),
        ({"seller": past("US-MA", "0", previous="250000")}, "more than the amount in the year before"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_has_nexus_collects(stated: dict[str, Any], reason: str) -> None:
    ruling = rule("US-MA", **stated)
    assert (ruling.treatment, percents(ruling)) == (STANDARD, "SALES_TAX 6.25"), reason


@pytest.mark.parametrize("before", ["0", "99999.99", "100000"])
def test_up_to_the_amount_there_is_no_nexus(before: str) -> None:
    ruling = rule("US-MA", seller=past("US-MA", before))
    assert (ruling.treatment, ruling.reason) == (NOT, "below_threshold")


def test_the_sale_that_crosses_is_not_taxed_yet_and_says_so() -> None:
    ruling = rule("US-MA", seller=past("US-MA", "99950"), amount="100")
    assert ruling.treatment is NOT
    assert "This sale passes 100000 USD: register" in said(ruling, "obligation")


def test_a_state_may_tax_the_sale_that_crosses() -> None:
    text = LAW.replace("US-OH:\n  settings:", "US-OH:\n  settings:\n    economic_nexus_starts: crossing_sale")
    stated = {"kind": "goods", "currency": "USD", "amount": "100", "seller": past("US-OH", "99950", 3)}
    ruling = holds(US.domestic(asked(text, "US-CA", "US-OH", **stated)))
    assert percents(ruling) == "SALES_TAX 5.75"


@pytest.mark.parametrize(
    ("amount", "count", "expected"),
    [
        ("100001", 0, STANDARD),
        ("5", 200, STANDARD),
        ("100000", 199, NOT),
        ("100001", None, STANDARD),
        ("5", None, UNDECIDED),
    ],
)
def test_either_test_is_enough_in_most_states(amount: str, count: int | None, expected: Treatment) -> None:
    assert rule("US-MI", seller=past("US-MI", amount, count)).treatment is expected


@pytest.mark.parametrize(
    ("place", "amount", "count", "expected"),
    [
        ("US-CT", "100001", 200, STANDARD),
        ("US-CT", "100001", 199, NOT),
        ("US-CT", "100000", 200, NOT),
        ("US-CT", "9000000", None, UNDECIDED),
        ("US-CT", "5", None, NOT),
        ("US-NY", "500001", 101, STANDARD),
        ("US-NY", "500001", 100, NOT),
        ("US-NY", "500000", 101, NOT),
        ("US-NY", "500000", 5000, NOT),
    ],
)
def test_new_york_and_connecticut_want_both_tests(
    place: str, amount: str, count: int | None, expected: Treatment
) -> None:
    assert rule(place, seller=past(place, amount, count), line={"local_rate": "4"}).treatment is expected


@pytest.mark.parametrize(("on", "expected"), [("2025-12-31", STANDARD), ("2026-01-01", NOT)])
def test_illinois_dropped_the_count_in_2026(on: str, expected: Treatment) -> None:
    ruling = rule("US-IL", seller=past("US-IL", "50000", 300), on=on, line={"local_rate": "1"})
    assert ruling.treatment is expected


def test_another_state_s_sales_do_not_count() -> None:
    ruling = rule("US-MA", seller=past("US-TX", "9000000"))
    assert (ruling.treatment, ruling.missing) == (UNDECIDED, ("payee.facts.turnover",))


def test_neither_turnover_nor_registration_stated() -> None:
    ruling = rule("US-MA", registrations=None)
    assert ruling.missing == ("payee.facts.turnover", "payee.registrations")


def test_below_the_amount_a_registration_would_still_matter() -> None:
    ruling = rule("US-MA", registrations=None, seller=past("US-MA", "10"))
    assert (ruling.reason, ruling.missing) == ("registration.unknown", ("payee.registrations",))


def test_turnover_in_a_currency_without_a_rate_tells_nothing() -> None:
    ruling = rule("US-MA", seller={"turnover": {"US-MA": sold("10", "XAF")}})
    assert ruling.missing == ("payee.facts.turnover",)


def test_turnover_in_euros_is_converted() -> None:
    ruling = rule("US-MA", seller={"turnover": {"US-MA": sold("95000", "EUR")}})
    assert ruling.treatment is STANDARD


def test_a_seller_from_abroad_needs_nexus_too() -> None:
    ruling = holds(US.inbound(asked(LAW, "DE", "US-MA", kind="goods", currency="USD", seller=past("US-MA", "200000"))))
    assert percents(ruling) == "SALES_TAX 6.25"
    assert "Wayfair" in cited(holds(US.inbound(asked(LAW, "DE", "US-MA", registrations=("US-MA",), category="saas"))))


def test_a_threshold_that_nobody_read_is_not_a_threshold_not_reached() -> None:
    assert rule("US-ND", seller=past("US-ND", "5")).missing == ("law.economic_nexus_amount",)


def test_goods_kept_in_a_state_make_presence_there() -> None:
    assert "physical presence" in said(rule("US-MA", origin="US-MA", registrations=()), "liability")


# -- platforms


def test_a_marketplace_collects_for_its_sellers() -> None:
    ruling = rule("US-MA", line={"named_supplier": "platform"}, registrations=("US-MA",))
    assert (ruling.treatment, ruling.reason) == (NOT, "platform_liable")


def test_a_marketplace_that_is_the_payee_collects_itself() -> None:
    ruling = rule("US-MA", marketplace=True, registrations=("US-MA",))
    assert percents(ruling) == "SALES_TAX 6.25"
    assert "The payee is a platform" in said(ruling, "supplier")


def test_a_state_whose_marketplace_law_was_not_read_leaves_it_open() -> None:
    assert rule("US-OH", marketplace=True, registrations=("US-OH",)).missing == ("law.marketplace_facilitator_law",)


# -- certificates


def certified(**stated: Any) -> dict[str, Any]:
    return {"jurisdiction": "US-MA", "kind": "resale", "valid_until": "2027-01-31", **stated}


@pytest.mark.parametrize("kind", ["resale", "exemption"])
def test_a_certificate_of_the_state_exempts(kind: str) -> None:
    ruling = rule("US-MA", registrations=("US-MA",), buyer={"certificate": certified(kind=kind)})
    assert (ruling.treatment, ruling.reason) == (EXEMPT, f"certificate.{kind}")
    assert kind in (ruling.invoice_note or "")
    assert "s. 317" in cited(ruling)


@pytest.mark.parametrize(("on", "expected"), [("2027-01-31", EXEMPT), ("2027-02-01", STANDARD)])
def test_a_certificate_holds_to_its_last_day(on: str, expected: Treatment) -> None:
    assert rule("US-MA", registrations=("US-MA",), buyer={"certificate": certified()}, on=on).treatment is expected


def test_a_certificate_without_a_last_day_holds() -> None:
    assert (
        rule("US-MA", registrations=("US-MA",), buyer={"certificate": certified(valid_until=None)}).treatment is EXEMPT
    )


def test_a_certificate_of_another_state_does_not_count() -> None:
    ruling = rule("US-MA", registrations=("US-MA",), buyer={"certificate": certified(jurisdiction="US-TX")})
    assert ruling.treatment is STANDARD
    assert "for US-TX, not for US-MA" in said(ruling, "customer")


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"jurisdiction": None}, "payer.facts.certificate.jurisdiction"),
        ({"kind": "letter"}, "payer.facts.certificate.kind"),
        ({"valid_until": "soon"}, "payer.facts.certificate.valid_until"),
    ],
)
def test_a_certificate_that_cannot_be_read_decides_nothing(change: dict[str, Any], missing: str) -> None:
    ruling = rule("US-MA", registrations=("US-MA",), buyer={"certificate": certified(**change)})
    assert (ruling.treatment, ruling.missing) == (UNDECIDED, (missing,))


def test_a_business_without_a_certificate_pays() -> None:
    ruling = rule("US-MA", registrations=("US-MA",), type="organisation")
    assert ruling.treatment is STANDARD
    assert "no reverse charge" in said(ruling, "customer")


def test_an_exemption_holds_whether_there_is_nexus_or_not() -> None:
    assert rule("US-MA", registrations=None, buyer={"certificate": certified()}).treatment is EXEMPT


# -- what is taxable


@pytest.mark.parametrize(
    ("place", "category", "expected"),
    [
        ("US-MA", "saas", "SALES_TAX 6.25"),
        ("US-MA", "ebooks", None),
        ("US-MI", "saas", None),
        ("US-MI", "standard", None),
        ("US-CT", "ebooks", "SALES_TAX 6.35"),
    ],
)
def test_software_and_downloads_are_taxed_state_by_state(place: str, category: str, expected: str | None) -> None:
    ruling = rule(place, kind="digital", category=category, registrations=(place,), type="individual")
    assert (percents(ruling) or None) == expected
    assert ruling.reason == ("not_taxable" if expected is None else ruling.reason)
    assert ruling.treatment is (EXEMPT if expected is None else STANDARD)


def test_something_digital_is_open_where_software_and_downloads_differ() -> None:
    assert rule("US-MA", kind="digital", category=None, registrations=("US-MA",)).missing == ("lines.category",)


def test_streaming_is_no_download() -> None:
    assert rule("US-CT", kind="digital", category="streaming", registrations=("US-CT",)).missing == (
        "law.streaming_taxable",
    )


def test_a_service_is_taxed_only_where_listed() -> None:
    assert rule("US-MA", kind="service", category="standard", registrations=("US-MA",)).missing == (
        "law.services_taxable",
    )


@pytest.mark.parametrize(("on", "expected"), [("2025-09-30", EXEMPT), ("2025-10-02", STANDARD)])
def test_washington_taxes_it_services_since_october_2025(on: str, expected: Treatment) -> None:
    assert rule("US-WA", kind="service", category="it_services", registrations=("US-WA",), on=on).treatment is expected


@pytest.mark.parametrize(("on", "expected"), [("2026-12-31", EXEMPT), ("2027-01-01", STANDARD)])
def test_california_taxes_software_as_a_service_from_2027(on: str, expected: Treatment) -> None:
    ruling = rule(
        "US-CA", "US-NV", kind="digital", category="saas", registrations=("US-CA",), on=on, line={"local_rate": "1"}
    )
    assert ruling.treatment is expected


def test_texas_taxes_four_fifths_of_software_as_a_service() -> None:
    ruling = rule("US-TX", kind="digital", category="saas", registrations=("US-TX",), line={"local_rate": "2"})
    assert [(part.name, str(part.percent), str(part.share)) for part in ruling.components] == [
        ("SALES_TAX", "6.25", "0.8"),
        ("local", "2", "0.8"),
    ]


@pytest.mark.parametrize(("type", "expected"), [("organisation", "1"), ("individual", "6.35")])
def test_connecticut_asks_one_percent_of_a_business_for_software(type: str, expected: str) -> None:
    ruling = rule("US-CT", kind="digital", category="saas", registrations=("US-CT",), type=type)
    assert percents(ruling) == f"SALES_TAX {expected}"


def test_connecticut_asks_who_buys_the_software() -> None:
    assert rule("US-CT", kind="digital", category="saas", registrations=("US-CT",)).missing == ("payer.facts.business",)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"type": "organisation"}, STANDARD),
        ({"type": "individual"}, EXEMPT),
        ({}, UNDECIDED),
        ({"type": "individual", "buyer": {"business": True}}, STANDARD),
    ],
)
def test_ohio_taxes_software_for_business_use_only(stated: dict[str, Any], expected: Treatment) -> None:
    assert rule("US-OH", kind="digital", category="saas", registrations=("US-OH",), **stated).treatment is expected


def test_without_a_kind_nothing_is_said() -> None:
    assert rule("US-MA", kind=None, registrations=("US-MA",)).missing == ("lines.kind",)


# -- the localities


def test_a_postcode_does_not_tell_the_local_tax() -> None:
    ruling = rule("US-TX", registrations=("US-TX",))
    assert (ruling.treatment, ruling.missing) == (UNDECIDED, ("lines.facts.local_rate",))
    assert "follows the street address, not the postcode" in said(ruling, "undecided")


def test_a_local_rate_that_is_stated_is_a_component_of_its_own() -> None:
    ruling = rule("US-TX", registrations=("US-TX",), line={"local_rate": "2"})
    assert percents(ruling) == "SALES_TAX 6.25 + local 2"
    assert ruling.components[1].confidence.value == "C"


@pytest.mark.parametrize("stated", ["two", "-1", "101", "NaN", True])
def test_a_local_rate_that_makes_no_sense_is_none(stated: Any) -> None:
    assert rule("US-TX", registrations=("US-TX",), line={"local_rate": stated}).treatment is UNDECIDED


def test_where_no_locality_adds_anything_the_state_s_part_is_all() -> None:
    assert "No locality" in said(rule("US-MA", registrations=("US-MA",)), "local")


@pytest.mark.parametrize(
    ("on", "local", "treatment", "expected"),
    [
        ("2025-12-31", "0", Treatment.REDUCED, "SALES_TAX 1 + local 0"),
        ("2026-01-01", "0", Treatment.ZERO, "SALES_TAX 0 + local 0"),
        ("2026-01-01", "1", Treatment.REDUCED, "SALES_TAX 0 + local 1"),
    ],
)
def test_illinois_food_keeps_its_local_tax(on: str, local: str, treatment: Treatment, expected: str) -> None:
    ruling = rule("US-IL", category="food", registrations=("US-IL",), on=on, line={"local_rate": local})
    assert (ruling.treatment, percents(ruling)) == (treatment, expected)


def test_alaska_has_local_taxes_only() -> None:
    assert percents(rule("US-AK", registrations=("US-AK",), line={"local_rate": "5"})) == "local 5"
    assert rule("US-AK", registrations=("US-AK",), line={"local_rate": "0"}).treatment is OUT
    assert rule("US-AK", registrations=("US-AK",)).missing == ("lines.facts.local_rate",)
    assert rule("US-AK", seller=past("US-AK", "5")).treatment is NOT


@pytest.mark.parametrize(
    ("place", "words"), [("US-TX", "follows the seller's address"), ("US-CA", "county part follow")]
)
def test_within_some_states_the_seller_s_address_counts(place: str, words: str) -> None:
    assert words in said(rule(place, place, registrations=(place,), line={"local_rate": "1"}), "place")


def test_a_remote_sale_goes_by_destination() -> None:
    assert "destination" in said(rule("US-TX", registrations=("US-TX",), line={"local_rate": "1"}), "place")
