"""Digital services to consumers: what is electronically supplied, where the consumer lives, schemes, platforms."""

from typing import Any

import pytest

from engine.tax.model import Buyer, Customer, Ruling, SaleLine, Seller
from tests.tax.asking import ask, business, cites, consumer, home, nameless, percent, seller, service, told
from tests.tax.laws import country, europe_with, setting, union_text

Expected = tuple[str, str | None, str, str | None]
TO_FRANCE: Expected = ("standard", "FR", "oss.digital", "oss")
AT_HOME: Expected = ("standard", "DE", "rate.standard", "domestic")


def stream(who: Seller | None = None, buyer: Buyer | None = None, **more: Any) -> Ruling:
    law, on = more.pop("law", None), more.pop("on", "2026-11-22")
    line = service("digital", more.pop("category", "streaming"), **more)
    return ask(line, who or home("DE", "oss:DE"), buyer or consumer("FR"), law=law, on=on)


# -- what is electronically supplied (Art. 7 of the Regulation) --------------------------------------------------------

KINDS = [
    ("streaming", service("digital", "streaming"), TO_FRANCE),
    ("software", service("digital", "saas"), TO_FRANCE),
    ("telecommunication", service("digital", "telecom"), TO_FRANCE),
    ("broadcasting", service("digital", "broadcasting"), TO_FRANCE),
    ("an e-book", service("digital", "ebooks"), TO_FRANCE),
    ("without a category", service("digital", "standard"), TO_FRANCE),
    ("a service that is stated to be", service("service", "consulting", electronically_supplied=True), TO_FRANCE),
    ("software built by people for one customer", service("digital", "saas", electronically_supplied=False), AT_HOME),
    ("advice of a person over video", service("digital", "consulting", live=True), AT_HOME),
    ("a service of people", service("service", "consulting"), AT_HOME),
    ("a recorded course", service("digital", "education", live=False), TO_FRANCE),
    ("a course taught live over video follows the consumer since 2025", service("digital", "education", live=True),
     ("standard", "FR", "oss.service", "oss")),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_what_is_electronically_supplied(line: SaleLine, expected: Expected) -> None:
    assert told(ask(line, home("DE", "oss:DE"), consumer("FR"))) == expected


def test_live_or_recorded_is_asked_where_it_decides() -> None:
    line = service("digital", "education", where="DE")
    before = ask(line, home("DE", "oss:DE"), consumer("FR"), on="2024-12-31")
    assert (before.reason, before.missing) == ("kind.unknown", ("lines.facts.live",))
    assert cites(before, "Art. 7")


def test_live_or_recorded_is_not_asked_where_it_does_not() -> None:
    assert told(stream(category="education")) == TO_FRANCE, "since 2025 both follow the consumer"
    assert told(stream(category="education", buyer=consumer("DE"))) == AT_HOME


def test_live_teaching_before_2025_is_taxed_where_it_happens() -> None:
    line = service("digital", "education", live=True, where="DE")
    assert told(ask(line, home("DE", "oss:DE"), consumer("FR"), on="2024-12-31")) == AT_HOME


# -- evidence ----------------------------------------------------------------------------------------------------------

EVIDENCE = [
    ("address and bank agree", consumer("FR", bank="FR"), "FR"),
    ("address and device agree", consumer("FR", ip="FR"), "FR"),
    ("two items of others agree, no address", consumer(None, ip="FR", sim="FR"), "FR"),
    ("bank and SIM card", consumer(None, bank="IT", sim="IT"), "IT"),
    ("one item only", Buyer(consumer("FR").address, "individual"), None),
    ("two items that contradict each other", consumer("FR", ip="DE"), None),
    ("nothing", consumer(None), None),
    ("two against two", consumer("FR", bank="FR", ip="DE", sim="DE"), None),
]


@pytest.mark.parametrize(("buyer", "country"), [row[1:] for row in EVIDENCE], ids=[row[0] for row in EVIDENCE])
def test_two_items_show_where_the_consumer_lives(buyer: Buyer, country: str | None) -> None:
    found = stream(buyer=buyer)
    assert found.country == country
    assert cites(found, "Art. 24b(d), 24f")
    if country is None:
        assert found.reason == "customer.place_unknown"
        assert any(name.startswith("payer.") for name in found.missing)
        assert found.evidence == ()
    else:
        assert len(found.evidence) >= 2
        assert all(item.endswith(country) for item in found.evidence)


def test_the_evidence_of_a_consumer_abroad_is_kept_as_well() -> None:
    found = stream(buyer=consumer("US", ip="US"))
    assert found.treatment == "out_of_scope"
    assert found.evidence


SMALL = {"eu_digital_total": "0", "eu_digital_total_previous_year": "0"}
ONE_ITEM = [
    ("a small seller needs one item of somebody else", {}, "FR"),
    ("it may reach 100,000 with this sale", {"eu_digital_total": "99900"}, "FR"),
    ("it may not exceed it", {"eu_digital_total": "99900.01"}, None),
    ("last year may reach it", {"eu_digital_total_previous_year": "100000"}, "FR"),
    ("last year may not exceed it", {"eu_digital_total_previous_year": "100000.01"}, None),
    ("this year's total is not stated", {"eu_digital_total": None}, None),
    ("last year's total is not stated", {"eu_digital_total_previous_year": None}, None),
    ("a total that is no number", {"eu_digital_total": "little"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "country"), [row[1:] for row in ONE_ITEM], ids=[row[0] for row in ONE_ITEM])
def test_up_to_100000_one_item_is_enough(facts: dict[str, Any], country: str | None) -> None:
    who = home("DE", "oss:DE", **{**SMALL, **facts})
    assert stream(who, consumer(None, bank="FR")).country == country


def test_where_a_pack_looks_at_use_it_is_asked_for() -> None:
    listed = setting("use_and_enjoyment", "tokens", (None, "[telecom]"))
    law = europe_with(IT=country("IVA", "22", settings=listed))
    found = stream(buyer=consumer("IT"), category="telecom", law=law)
    assert (found.reason, found.missing) == ("place.unknown", ("lines.facts.used_in",))


def test_one_item_must_come_from_somebody_else() -> None:
    assert stream(home("DE", "oss:DE", **SMALL), Buyer(consumer("FR").address, "individual")).country is None


def test_one_item_is_not_for_sellers_outside_the_union() -> None:
    assert stream(seller("US", "non_union_oss:IE", **SMALL), consumer(None, bank="FR")).country is None


def test_one_item_is_for_sellers_that_act_from_an_establishment_within() -> None:
    who = seller("US", "oss:DE", establishments=["DE"], **SMALL)
    assert stream(who, consumer(None, bank="FR")).country == "FR"


def test_one_item_does_not_help_where_the_limit_was_not_read() -> None:
    law = europe_with(EU=union_text("evidence_single_item_threshold"))
    assert stream(home("DE", "oss:DE", **SMALL), consumer(None, bank="FR"), law=law).country is None


# -- the customer: Art. 18(2) ------------------------------------------------------------------------------------------

CUSTOMERS = [
    ("a company that gave no number may be treated as a consumer", nameless("FR"), None),
    (
        "one that says to buy for a business as well",
        Buyer(nameless("FR").address, None, (), {}, {"business": True}),
        None,
    ),
    ("a number that the register denies is none", business("FR", "FR:invalid"), None),
]


@pytest.mark.parametrize("buyer", [row[1] for row in CUSTOMERS], ids=[row[0] for row in CUSTOMERS])
def test_without_a_number_the_customer_of_a_digital_service_is_a_consumer(buyer: Buyer) -> None:
    shown = Buyer(buyer.address, buyer.type, buyer.tax_ids, {"bank": "FR"}, buyer.facts)
    found = stream(buyer=shown)
    assert (told(found), found.customer) == (TO_FRANCE, Customer.CONSUMER)
    assert cites(found, "Art. 18(2), second subparagraph")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("valid", ("reverse_charge", "FR", "reverse_charge.art_196", None)),
        ("format_valid", ("undecided", None, "customer.unknown", None)),
        ("unchecked", ("undecided", None, "customer.unknown", None)),
    ],
)
def test_a_number_counts_when_it_is_confirmed(state: str, expected: Expected) -> None:
    assert told(stream(buyer=business("FR", f"FR:{state}"))) == expected


def test_an_unconfirmed_number_does_not_matter_where_both_are_taxed_alike() -> None:
    buyer = Buyer(consumer("DE").address, "organisation", business("DE", "DE:format_valid").tax_ids, {"bank": "DE"})
    assert told(stream(buyer=buyer)) == AT_HOME


@pytest.mark.parametrize(
    ("word", "expected"),
    [("charge", TO_FRANCE), ("reverse_charge_and_recheck", ("reverse_charge", "FR", "reverse_charge.art_196", None))],
)
def test_the_policy_holds_for_digital_services_too(word: str, expected: Expected) -> None:
    law = europe_with(EU=union_text(more=setting("vies_down_policy", "token", (None, word))))
    buyer = Buyer(consumer("FR").address, "organisation", business("FR", "FR:unchecked").tax_ids, {"bank": "FR"})
    assert told(stream(buyer=buyer, law=law)) == expected


# -- schemes -----------------------------------------------------------------------------------------------------------

SCHEMES = [
    ("the Union scheme", home("DE", "oss:DE"), TO_FRANCE),
    ("a registration in France", home("DE", "standard:FR"), ("standard", "FR", "digital", "domestic")),
    ("both: the scheme is all or nothing", home("DE", "oss:DE", "standard:FR"), TO_FRANCE),
    ("an establishment in France declares there", home("DE", "oss:DE", "standard:FR", establishments=["FR"]),
     ("standard", "FR", "rate.standard", "domestic")),
    ("neither: due and charged", home("DE"), ("standard", "FR", "registration_required", None)),
    ("outside the Union, the non-Union scheme", seller("US", "non_union_oss:IE"),
     ("standard", "FR", "non_union_oss.digital", "non_union_oss")),
    ("outside the Union, a registration in France", seller("US", "standard:FR"),
     ("standard", "FR", "digital", "domestic")),
    ("outside the Union, the Union scheme does not cover services", seller("US", "oss:DE"),
     ("standard", "FR", "registration_required", None)),
    ("outside the Union with an establishment within: the Union scheme", seller("US", "oss:DE", establishments=["DE"]),
     TO_FRANCE),
    ("within the Union, the non-Union scheme does not cover it", home("DE", "non_union_oss:IE"),
     ("standard", "FR", "registration_required", None)),
    ("outside the Union, not registered: no threshold, due and charged", seller("US"),
     ("standard", "FR", "registration_required", None)),
    ("outside the Union, however little it sells", seller("US", "non_union_oss:IE", eu_cross_border_total="0",
                                                          eu_cross_border_total_previous_year="0"),
     ("standard", "FR", "non_union_oss.digital", "non_union_oss")),
    ("registrations not stated", seller("US", unknown=True), ("standard", "FR", "registrations.unknown", None)),
]  # fmt: skip


@pytest.mark.parametrize(("who", "expected"), [row[1:] for row in SCHEMES], ids=[row[0] for row in SCHEMES])
def test_under_which_scheme_a_digital_service_is_declared(who: Seller, expected: Expected) -> None:
    found = stream(who)
    assert told(found) == expected
    if expected[0] == "standard":
        assert percent(found) == "20"


@pytest.mark.parametrize(("day", "reason"), [("2021-06-30", "law.not_read"), ("2021-07-01", "oss.digital")])
def test_what_held_before_july_2021_is_not_built(day: str, reason: str) -> None:
    assert stream(on=day).reason == reason


def test_at_home_the_day_does_not_matter() -> None:
    assert told(stream(buyer=consumer("DE"), on="2016-01-01")) == AT_HOME


# -- platforms: Art. 9a of the Regulation ------------------------------------------------------------------------------

PLATFORMS = [
    ("a platform is presumed to supply", service("digital", "app", marketplace=True), TO_FRANCE),
    ("it names itself", service("digital", "app", marketplace=True, named_supplier="platform"), TO_FRANCE),
    ("it names the seller and decides nothing",
     service("digital", "app", marketplace=True, named_supplier="seller", platform_decides=False),
     ("no_obligation", None, "seller_liable", None)),
    ("it names the seller and authorises the charge",
     service("digital", "app", marketplace=True, named_supplier="seller", platform_decides=True), TO_FRANCE),
    ("it names the seller, and nobody says who decides",
     service("digital", "app", marketplace=True, named_supplier="seller"), ("undecided", None, "platform.unknown", None)),
    ("a seller whose platform is the supplier", service("digital", "app", named_supplier="platform"),
     ("no_obligation", None, "platform_liable", None)),
    ("a seller that sells in its own name", service("digital", "app", named_supplier="seller"), TO_FRANCE),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), [row[1:] for row in PLATFORMS], ids=[row[0] for row in PLATFORMS])
def test_who_supplies_a_digital_service(line: SaleLine, expected: Expected) -> None:
    found = ask(line, home("DE", "oss:DE"), consumer("FR"))
    assert told(found) == expected
    if line.marketplace or expected[2].endswith("liable"):
        assert cites(found, "Art. 9a(1)")
    if expected[0] == "undecided":
        assert found.missing == ("lines.facts.platform_decides",)
