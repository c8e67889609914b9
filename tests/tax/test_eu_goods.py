"""Goods within the Union, row by row of section 1: Art. 31 to 36, 14a(2), 138, each with its boundary and its missing facts."""

import pytest

from engine.tax.model import Buyer, Customer, Ruling, SaleLine, Seller
from tests.tax.asking import (
    ask,
    business,
    cites,
    consumer,
    goods,
    home,
    nameless,
    percent,
    seller,
    told,
    without_number,
)
from tests.tax.laws import country, europe_with, rate, setting, union_text

OSS = "oss:DE"

# -- domestic ----------------------------------------------------------------------------------------------------------

DOMESTIC = [
    # name, line, seller, buyer, told, rate, articles
    ("Hamburg to Berlin, the Commission's own example", goods("DE 20095", "DE 10115"), home(), consumer("DE"),
     ("standard", "DE", "rate.standard", "domestic"), "19", "Art. 32"),
    ("the same to a German business", goods("DE", "DE"), home(), business("DE"),
     ("standard", "DE", "rate.standard", "domestic"), "19", "Art. 32"),
    ("the same to a business without a number", goods("DE", "DE"), home(), nameless("DE"),
     ("standard", "DE", "rate.standard", "domestic"), "19", "Art. 32"),
    ("a book within Germany", goods("DE", "DE", category="books"), home(), consumer("DE"),
     ("reduced", "DE", "rate.reduced", "domestic"), "7", "Art. 32"),
    ("a Slovak shop hands goods over in Bratislava to a Czech", goods(None, None, supplied_at="SK"), home("SK"),
     consumer("CZ"), ("standard", "SK", "rate.standard", "domestic"), "23", "Art. 31"),
    ("handed over where the stock is", goods("SK", None, supplied_at="SK"), home("SK"), consumer("CZ"),
     ("standard", "SK", "rate.standard", "domestic"), "23", "Art. 31"),
    ("to a French customer who lives in Germany", goods("FR", "FR"), home("FR"), consumer("DE"),
     ("standard", "FR", "rate.standard", "domestic"), "20", "Art. 32"),
    ("from the mainland to Madeira: where transport begins", goods("PT 1000", "PT 9000"), home("PT"), consumer("PT 9000"),
     ("standard", "PT", "rate.standard", "domestic"), "23", "Art. 32"),
    ("within the Azores", goods("PT 9500", "PT-20"), home("PT-20"), consumer("PT-20"),
     ("standard", "PT", "rate.standard", "domestic"), "16", "Art. 32"),
    ("Paris to Monaco", goods("FR", "MC"), home("FR"), consumer("MC"),
     ("standard", "FR", "rate.standard", "domestic"), "20", "Art. 32"),
    ("to Jungholz under its German postcode, from Austria", goods("AT", "DE 87491"), home("AT"), consumer("DE 87491"),
     ("standard", "AT", "rate.standard", "domestic"), "20", "Art. 32"),
    ("a new vehicle within one State", goods("DE", "DE", new_vehicle=True), home(), consumer("DE"),
     ("standard", "DE", "rate.standard", "domestic"), "19", "Art. 32"),
    ("stock of a seller from abroad, to a consumer", goods("PL", "PL"), seller("US", "standard:PL"), consumer("PL"),
     ("standard", "PL", "rate.standard", "domestic"), "23", "Art. 32"),
    ("stock of a German seller in Poland, to a consumer", goods("PL", "PL"), home("DE", "standard:PL"), consumer("PL"),
     ("standard", "PL", "rate.standard", "domestic"), "23", "Art. 32"),
    ("stock of a seller without a registration there", goods("PL", "PL"), home("DE", OSS), consumer("PL"),
     ("standard", "PL", "registration_required", None), "23", "Art. 32"),
    ("a fixed establishment sells from its stock", goods("PL", "PL"), home("DE", "standard:PL", establishments=["PL"]),
     business("PL"), ("standard", "PL", "rate.standard", "domestic"), "23", "Art. 32"),
    ("a small enterprise by its registration", goods("DE", "DE"), seller("DE", "small_business:DE"), consumer("DE"),
     ("exempt", "DE", "small_business", None), None, "Art. 284"),
    ("a small enterprise by its own word", goods("DE", "DE"), seller("DE", small_business=True), consumer("DE"),
     ("exempt", "DE", "small_business", None), None, "Art. 284"),
    ("not small, and not registered at home: due and charged", goods("DE", "DE"), seller("DE", small_business=False),
     consumer("DE"), ("standard", "DE", "registration_required", None), "19", "Art. 32"),
    ("whether it is small is not stated", goods("DE", "DE"), seller("DE"), consumer("DE"),
     ("undecided", "DE", "small_business.unknown", None), None, "Art. 284"),
    ("registrations not stated at all: established is liable", goods("DE", "DE"), seller("DE", unknown=True),
     consumer("DE"), ("standard", "DE", "rate.standard", "domestic"), "19", "Art. 32"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "rate_", "article"),
    [row[1:] for row in DOMESTIC],
    ids=[row[0] for row in DOMESTIC],
)
def test_goods_in_one_state(
    line: SaleLine, who: Seller, buyer: Buyer, expected: tuple[str, ...], rate_: str | None, article: str
) -> None:
    found = ask(line, who, buyer)
    assert (told(found), percent(found)) == (expected, rate_)
    assert cites(found, article)


# -- who is liable for a business customer where the seller is not established: Art. 194 -------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("FR", ("reverse_charge", "FR", "reverse_charge.art_194", None)),
        ("DE", ("standard", "DE", "rate.standard", "domestic")),
        ("PL", ("undecided", "PL", "reverse_charge.art_194", None)),
    ],
    ids=["the State shifts the tax", "the State does not", "nobody read what it does"],
)
def test_goods_of_a_foreign_seller_to_a_business_in_one_state(state: str, expected: tuple[str, ...]) -> None:
    found = ask(goods(state, state), seller("US", f"standard:{state}"), business(state))
    assert told(found) == expected
    assert cites(found, "Art. 194")
    if expected[0] == "undecided":
        assert found.missing == ("law.PL.reverse_charge_nonestablished",)
    if expected[0] == "reverse_charge":
        assert found.invoice_note == "Reverse charge"


def test_an_unknown_customer_does_not_matter_where_both_are_charged() -> None:
    found = ask(goods("DE", "DE"), seller("US", "standard:DE"), nameless("DE"))
    assert told(found) == ("standard", "DE", "rate.standard", "domestic")


def test_an_unknown_customer_matters_where_a_business_would_account_itself() -> None:
    found = ask(goods("FR", "FR"), seller("US", "standard:FR"), nameless("FR"))
    assert told(found) == ("undecided", None, "customer.unknown", None)
    assert found.missing == ("payer.tax_ids",)


# -- installed, margin, new vehicles -----------------------------------------------------------------------------------

SPECIAL = [
    ("installed in France by a German seller, for a consumer", goods("DE", "FR", installed_by_seller=True),
     home("DE", "standard:FR"), consumer("FR"), ("standard", "FR", "goods.installed", "domestic"), "Art. 36"),
    ("the Union scheme does not cover what is installed", goods("DE", "FR", installed_by_seller=True), home("DE", OSS),
     consumer("FR"), ("standard", "FR", "registration_required", None), "Art. 36"),
    ("installed for a French business: France shifts the tax", goods("DE", "FR", installed_by_seller=True), home(),
     business("FR"), ("reverse_charge", "FR", "reverse_charge.art_194", None), "Art. 36"),
    ("installed at home", goods("FR", "DE", installed_by_seller=True), home(), consumer("DE"),
     ("standard", "DE", "goods.installed", "domestic"), "Art. 36"),
    ("installed, from an unknown place", goods(None, "DE", installed_by_seller=True), home(), consumer("DE"),
     ("standard", "DE", "goods.installed", "domestic"), "Art. 36"),
    ("installed in the Union from outside", goods("US", "FR", installed_by_seller=True), seller("US", "standard:FR"),
     consumer("FR"), ("standard", "FR", "goods.installed", "domestic"), "Art. 36"),
    ("installed outside the Union", goods("DE", "CH", installed_by_seller=True), home(), consumer("CH"),
     ("out_of_scope", "CH", "installed_abroad", None), "Art. 36"),
    ("second-hand under the margin scheme, across a border", goods("DE", "FR", second_hand_margin=True), home("DE", OSS),
     consumer("FR"), ("undecided", "DE", "margin_scheme", None), "Art. 35"),
    ("second-hand under the margin scheme, at home", goods("DE", "DE", second_hand_margin=True), home(), consumer("DE"),
     ("undecided", "DE", "margin_scheme", None), "Art. 315"),
    ("second-hand outside the scheme", goods("DE", "FR", second_hand_margin=False), home("DE", OSS), consumer("FR"),
     ("standard", "FR", "oss.distance_sale", "oss"), "Art. 33(a)"),
    ("a new vehicle to a consumer in another State", goods("DE", "FR", new_vehicle=True), home("DE", OSS), consumer("FR"),
     ("zero", "DE", "intra_community.new_vehicle", None), "Art. 14(4)(1)(b)"),
    ("a new vehicle to a business in another State", goods("DE", "FR", new_vehicle=True), home(), business("FR"),
     ("zero", "DE", "intra_community.new_vehicle", None), "Art. 138(2)(a)"),
    ("a used vehicle to a consumer is a distance sale", goods("DE", "FR", new_vehicle=False), home("DE", OSS),
     consumer("FR"), ("standard", "FR", "oss.distance_sale", "oss"), "Art. 33(a)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "article"), [row[1:] for row in SPECIAL], ids=[row[0] for row in SPECIAL]
)
def test_goods_with_a_rule_of_their_own(
    line: SaleLine, who: Seller, buyer: Buyer, expected: tuple[str, ...], article: str
) -> None:
    found = ask(line, who, buyer)
    assert told(found) == expected
    assert cites(found, article)


# -- to a business in another State: Art. 138 --------------------------------------------------------------------------

BUSINESS = [
    ("a number of the State of arrival", goods("DE", "IT"), home(), business("IT", "IT:valid"),
     ("zero", "DE", "intra_community", None), "Art. 138(1)"),
    ("a number of a third State counts as well", goods("DE", "IT"), home(), business("IT", "FR:valid"),
     ("zero", "DE", "intra_community", None), "Art. 40, 41"),
    ("a number of the State of departure does not", goods("DE", "IT"), home(), business("IT", "DE:valid"),
     ("standard", "DE", "intra_community.own_number", "domestic"), "Art. 138(1)(b), 32"),
    ("a number of Northern Ireland counts for goods", goods("DE", "XI"), home(), business("XI", "XI:valid"),
     ("zero", "DE", "intra_community", None), "Art. 138(1)"),
    ("from Northern Ireland", goods("XI", "DE"), home("XI"), business("DE", "DE:valid"),
     ("zero", "XI", "intra_community", None), "Art. 138(1)"),
    ("a number of a country outside the Union does not", goods("DE", "IT"), home(), business("IT", "CH:valid"),
     ("undecided", None, "number.missing", None), "Art. 138(1)(b), 14(4)(1)(a)"),
    ("a private individual with a confirmed number buys as a business", goods("DE", "IT"), home(),
     Buyer(consumer("IT").address, "individual", business("IT").tax_ids), ("zero", "DE", "intra_community", None),
     "Art. 138(1)"),
    ("a business that buys for private use is a consumer", goods("DE", "IT"), home("DE", OSS),
     business("IT", "IT:valid", business=False), ("standard", "IT", "oss.distance_sale", "oss"), "Art. 19"),
    ("a number that nobody confirmed", goods("DE", "IT"), home("DE", OSS), business("IT", "IT:format_valid"),
     ("undecided", None, "customer.unknown", None), "Art. 18(1)"),
    ("a number that nobody looked at", goods("DE", "IT"), home("DE", OSS), business("IT", "IT:unchecked"),
     ("undecided", None, "customer.unknown", None), "Art. 18(1)"),
    ("a number that the register denies, of a company", goods("DE", "IT"), home("DE", OSS), business("IT", "IT:invalid"),
     ("undecided", None, "customer.unknown", None), "Art. 18(1)(b)"),
    ("no number, of a company", goods("DE", "IT"), home("DE", OSS), nameless("IT"),
     ("undecided", None, "customer.unknown", None), "Art. 18(1)(b)"),
    ("a company that gave none, whose acquisitions are taxed", goods("DE", "IT"), home("DE", OSS),
     without_number("IT", acquisitions_taxed=True), ("standard", "DE", "intra_community.no_number", "domestic"),
     "Art. 138(1)(b), 32"),
    ("a company that gave none, whose acquisitions are not taxed", goods("DE", "IT"), home("DE", OSS),
     without_number("IT", acquisitions_taxed=False), ("standard", "IT", "oss.distance_sale", "oss"), "Art. 3(1), 14(4)"),
    ("a number of a country outside the Union, of one whose acquisitions are taxed", goods("DE", "IT"), home("DE", OSS),
     business("IT", "CH:valid", acquisitions_taxed=True), ("standard", "DE", "intra_community.no_number", "domestic"),
     "Art. 138(1)(b), 32"),
    ("the same, whose acquisitions are not", goods("DE", "IT"), home("DE", OSS),
     business("IT", "CH:valid", acquisitions_taxed=False), ("standard", "IT", "oss.distance_sale", "oss"), "Art. 33(a)"),
    ("no number, of a company, below the threshold: both come to the same", goods("DE", "IT"),
     home(eu_cross_border_total="0", eu_cross_border_total_previous_year="0"), nameless("IT"),
     ("standard", "DE", "below_threshold", "domestic"), "Art. 59c"),
    ("the law of the departure State is asked where the number is its own", goods("FR", "DE"), seller("US", "standard:FR"),
     business("DE", "FR:valid"), ("reverse_charge", "FR", "reverse_charge.art_194", None), "Art. 194"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "article"), [row[1:] for row in BUSINESS], ids=[row[0] for row in BUSINESS]
)
def test_goods_to_a_business_in_another_state(
    line: SaleLine, who: Seller, buyer: Buyer, expected: tuple[str, ...], article: str
) -> None:
    found = ask(line, who, buyer)
    assert told(found) == expected
    assert cites(found, article)


def test_an_intra_community_supply_says_what_it_needs() -> None:
    found = ask(goods("DE", "IT"), home(), business("IT"))
    assert found.invoice_note == "Exempt intra-Community supply, Art. 138(1) Directive 2006/112/EC"
    assert found.customer is Customer.BUSINESS
    assert any("recapitulative statement" in step.answer for step in found.steps)


def _policy(word: str) -> str:
    return union_text(more=setting("vies_down_policy", "token", (None, word)))


@pytest.mark.parametrize("state", ["format_valid", "unchecked"])
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("undecided", ("undecided", None, "customer.unknown", None)),
        ("charge", ("standard", "IT", "oss.distance_sale", "oss")),
        ("reverse_charge_and_recheck", ("zero", "DE", "intra_community", None)),
    ],
)
def test_what_holds_while_no_register_answers_is_a_policy(word: str, state: str, expected: tuple[str, ...]) -> None:
    law = europe_with(EU=_policy(word))
    found = ask(goods("DE", "IT"), home("DE", OSS), business("IT", f"IT:{state}"), law=law)
    assert told(found) == expected
    assert any("policy" in step.answer.lower() for step in found.steps), "which policy decided is on record"


@pytest.mark.parametrize("word", ["charge", "reverse_charge_and_recheck"])
def test_a_policy_for_silence_does_not_overrule_a_register(word: str) -> None:
    law = europe_with(EU=_policy(word))
    assert ask(goods("DE", "IT"), home(), business("IT", "IT:valid"), law=law).reason == "intra_community"
    assert ask(goods("DE", "IT"), home(), business("IT", "IT:invalid"), law=law).reason == "customer.unknown"


# -- platforms: Art. 14a(2) --------------------------------------------------------------------------------------------

PLATFORM = [
    ("a seller outside the Union behind it, across a border",
     goods("DE", "FR", marketplace=True, underlying_seller_country="CN"), home("IE", "oss:IE"), consumer("FR"),
     ("standard", "FR", "oss.distance_sale", "oss"), "Art. 33(a)"),
    ("a seller outside the Union behind it, within one State, under the Union scheme",
     goods("FR", "FR", marketplace=True, underlying_seller_country="CN"), home("IE", "oss:IE"), consumer("FR"),
     ("standard", "FR", "rate.standard", "oss"), "Art. 369b"),
    ("the same with a registration in that State", goods("FR", "FR", marketplace=True, underlying_seller_country="US"),
     home("IE", "standard:FR"), consumer("FR"), ("standard", "FR", "rate.standard", "domestic"), "Art. 32"),
    ("a seller within the Union behind it", goods("DE", "FR", marketplace=True, underlying_seller_country="PL"),
     home("IE", "oss:IE"), consumer("FR"), ("no_obligation", "DE", "seller_liable", None), "Art. 14a(2)"),
    ("a seller in Monaco behind it is within", goods("DE", "FR", marketplace=True, underlying_seller_country="MC"),
     home("IE", "oss:IE"), consumer("FR"), ("no_obligation", "DE", "seller_liable", None), "Art. 14a(2)"),
    ("a seller in Great Britain behind it is not", goods("DE", "FR", marketplace=True, underlying_seller_country="GB"),
     home("IE", "oss:IE"), consumer("FR"), ("standard", "FR", "oss.distance_sale", "oss"), "Art. 33(a)"),
    ("to a business it is not the supplier", goods("DE", "FR", marketplace=True, underlying_seller_country="CN"),
     home("IE", "oss:IE"), business("FR"), ("no_obligation", "DE", "seller_liable", None), "Art. 14a(2)"),
    ("who stands behind it is not stated", goods("DE", "FR", marketplace=True), home("IE", "oss:IE"), consumer("FR"),
     ("undecided", None, "platform.unknown", None), "Art. 14a(2)"),
    ("a seller outside the Union sells through one", goods("DE", "FR", named_supplier="platform"),
     seller("CN", "standard:DE"), consumer("FR"), ("no_obligation", "DE", "platform_liable", None), "Art. 136a"),
    ("the same within one State", goods("DE", "DE", named_supplier="platform"), seller("CN", "standard:DE"),
     consumer("DE"), ("no_obligation", "DE", "platform_liable", None), "Art. 14a(2)"),
    ("a seller within the Union sells through one and stays liable", goods("DE", "FR", named_supplier="platform"),
     home("DE", OSS), consumer("FR"), ("standard", "FR", "oss.distance_sale", "oss"), "Art. 33(a)"),
    ("a seller outside with an establishment within stays liable", goods("DE", "FR", named_supplier="platform"),
     seller("CN", OSS, establishments=["DE"]), consumer("FR"), ("standard", "FR", "oss.distance_sale", "oss"),
     "Art. 33(a)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "article"), [row[1:] for row in PLATFORM], ids=[row[0] for row in PLATFORM]
)
def test_goods_sold_through_a_platform(
    line: SaleLine, who: Seller, buyer: Buyer, expected: tuple[str, ...], article: str
) -> None:
    found = ask(line, who, buyer)
    assert told(found) == expected
    assert cites(found, article)


# -- special territories and Northern Ireland --------------------------------------------------------------------------

BORDERS = [
    ("Berlin to Heligoland", goods("DE 10115", "DE 27498"), "export", "DE"),
    ("Berlin to Büsingen", goods("DE 10115", "DE 78266"), "export", "DE"),
    ("Berlin to Büsingen under its Swiss postcode", goods("DE 10115", "CH 8238"), "export", "DE"),
    ("Madrid to Tenerife", goods("ES 28001", "ES 38001"), "export", "ES"),
    ("Madrid to Ceuta", goods("ES 28001", "ES 51001"), "export", "ES"),
    ("Madrid to Melilla", goods("ES 28001", "ES-ML"), "export", "ES"),
    ("Helsinki to Mariehamn", goods("FI 00100", "FI 22100"), "export", "FI"),
    ("Milan to Livigno", goods("IT 20121", "IT 23041"), "export", "IT"),
    ("Milan to Campione", goods("IT 20121", "IT 22061"), "export", "IT"),
    ("Athens to Mount Athos", goods("GR 10431", "GR 63086"), "export", "GR"),
    ("Paris to Guadeloupe", goods("FR 75001", "FR 97110"), "export", "FR"),
    ("Paris to Réunion by its own code", goods("FR", "RE"), "export", "FR"),
    ("Paris to Saint-Barthélemy", goods("FR", "BL"), "export", "FR"),
    ("Copenhagen to the Faroes", goods("DK", "FO"), "export", "DK"),
    ("Amsterdam to Aruba", goods("NL", "AW"), "export", "NL"),
    ("Rome to San Marino", goods("IT", "SM"), "export", "IT"),
    ("Madrid to Andorra", goods("ES", "AD"), "export", "ES"),
    ("Berlin to Great Britain", goods("DE", "GB SW1A 1AA"), "export", "DE"),
    ("Berlin to Switzerland", goods("DE", "CH"), "export", "DE"),
    ("Berlin to the United States", goods("DE", "US-CA 94016"), "export", "DE"),
]


@pytest.mark.parametrize(("line", "reason", "state"), [row[1:] for row in BORDERS], ids=[row[0] for row in BORDERS])
@pytest.mark.parametrize("way", ["domestic", "outbound"])
def test_goods_that_leave_the_tax_area_are_exported(line: SaleLine, reason: str, state: str, way: str) -> None:
    found = ask(line, home(state), consumer("US"), way=way)
    assert told(found) == ("zero", state, reason, None)
    assert found.invoice_note == "Exempt export, Art. 146(1) Directive 2006/112/EC"
    assert cites(found, "Art. 146(1)(a), (b)")


def test_a_business_abroad_makes_no_difference_to_an_export() -> None:
    assert told(ask(goods("DE", "US"), home(), business("US", "US:unchecked"))) == ("zero", "DE", "export", None)


WITHIN = [
    ("Berlin to Madeira: its own rate", goods("DE", "PT 9000-001"), "PT", "22"),
    ("Berlin to the Azores: not 0 and not 18", goods("DE", "PT-20"), "PT", "16"),
    ("Berlin to Monaco: as France", goods("DE", "MC"), "FR", "20"),
    ("Berlin to Corsica", goods("DE", "FR 20000"), "FR", "20"),
    ("Berlin to Jungholz, written as Germany: Austria", goods("DE", "DE 87491"), "AT", "20"),
    ("Berlin to Mittelberg", goods("DE", "AT 6992"), "AT", "20"),
    ("Berlin to Belfast", goods("DE", "GB BT1 1AA"), "XI", "20"),
    ("Berlin to Belfast by the code of Northern Ireland", goods("DE", "XI"), "XI", "20"),
]


@pytest.mark.parametrize(("line", "state", "rate_"), [row[1:] for row in WITHIN], ids=[row[0] for row in WITHIN])
def test_distance_sales_into_special_places_within(line: SaleLine, state: str, rate_: str) -> None:
    found = ask(line, home("DE", OSS), consumer(state if state != "XI" else "GB BT1 1AA"))
    assert told(found) == ("standard", state, "oss.distance_sale", "oss")
    assert percent(found) == rate_


def test_a_distance_sale_from_northern_ireland() -> None:
    found = ask(goods("XI", "FR"), home("XI", "oss:XI"), consumer("FR"))
    assert told(found) == ("standard", "FR", "oss.distance_sale", "oss")


def test_the_region_of_the_answer_is_the_territory() -> None:
    found = ask(goods("DE", "PT-20"), home("DE", OSS), consumer("PT-20"))
    assert (found.country, found.region) == ("PT", "PT-20")


# -- missing facts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        (goods(None, "FR"), "lines.ship_from.country"),
        (goods("DE", None), "lines.ship_to.country"),
        (goods(None, None), "lines.ship_to.country"),
    ],
)
def test_without_an_end_of_the_transport_nothing_is_guessed(line: SaleLine, missing: str) -> None:
    found = ask(line, home("DE", OSS), consumer("FR"))
    assert found.missing == (missing,)
    assert found.components == ()


def test_the_sellers_address_is_not_its_warehouse() -> None:
    found = ask(goods(None, "DE"), home(), consumer("DE"), origin="DE", destination="DE")
    assert told(found) == ("undecided", None, "origin.unknown", None)


def test_what_the_dispatcher_knows_of_the_destination_helps() -> None:
    found = ask(goods("DE", None), home(), consumer("DE"), destination="DE")
    assert told(found) == ("standard", "DE", "rate.standard", "domestic")


def test_a_territory_may_be_known_by_our_own_code_only() -> None:
    found = ask(goods("DE", None), home(), consumer("DE"), destination="DE/heligoland")
    assert told(found) == ("zero", "DE", "export", None)


def test_a_line_without_a_kind_is_undecided() -> None:
    line = goods("DE", "DE")
    bare = SaleLine(line.id, None, line.category, line.amount, False)
    found = ask(bare, home(), consumer("DE"))
    assert (found.reason, found.missing) == ("kind.unknown", ("lines.kind",))


def test_goods_that_never_touch_the_union_are_none_of_its_business() -> None:
    assert told(ask(goods("US", "CH"), home(), consumer("CH"))) == ("out_of_scope", "CH", "outside_the_union", None)


def test_a_category_that_changes_the_rate_is_asked_for() -> None:
    found = ask(goods("DE", "FR", category=None), home("DE", OSS), consumer("FR"))
    assert (found.reason, found.missing) == ("category.unknown", ("lines.category",))
    assert found.country == "FR", "the place is known all the same"


def test_the_category_does_not_matter_where_there_is_one_rate() -> None:
    found = ask(goods("DE", "PL", category=None), home("DE", OSS), consumer("PL"))
    assert (found.reason, percent(found)) == ("oss.distance_sale", "23")


# -- rates on their days -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2020-06-30", "19"), ("2020-07-01", "16"), ("2020-12-31", "16"), ("2021-01-01", "19")],
    ids=["the day before", "the first day", "the last day", "the day after"],
)
def test_the_rate_of_the_day_holds(day: str, expected: str) -> None:
    cut = country("Umsatzsteuer", "19").replace("from: unread, basis", 'from: unread, to: "2020-07-01", basis')
    cut += rate("standard.cut", "16", start="2020-07-01", end="2021-01-01") + rate(
        "standard.back", "19", start="2021-01-01"
    )
    found: Ruling = ask(goods("DE", "DE"), home(), consumer("DE"), on=day, law=europe_with(DE=cut))
    assert percent(found) == expected


# -- who gave no number ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("buyer", "missing"),
    [
        (nameless("IT"), "payer.tax_ids"),
        (without_number("IT"), "payer.facts.acquisitions_taxed"),
        (business("IT", "IT:invalid"), "payer.facts.acquisitions_taxed"),
        (business("IT", "IT:format_valid"), "payer.tax_ids.verified"),
    ],
)
def test_of_a_company_without_a_confirmed_number_one_fact_is_asked(buyer: Buyer, missing: str) -> None:
    """Art. 138(1)(b): never exempt. Art. 14(4), 3(1): whether it is a distance sale turns on the customer's acquisitions."""
    found = ask(goods("DE", "IT"), home("DE", OSS), buyer)
    assert (found.treatment, found.missing) == ("undecided", (missing,))


@pytest.mark.parametrize("buyer", [without_number("FR"), business("FR", "FR:invalid")])
def test_who_gave_no_number_is_not_the_person_liable_for_a_local_supply(buyer: Buyer) -> None:
    """Art. 193, 194: the seller owes the tax where the customer is not shown to."""
    found = ask(goods("FR", "FR"), seller("US", "standard:FR"), buyer)
    assert told(found) == ("standard", "FR", "rate.standard", "domestic")
    assert cites(found, "Art. 193, 194")
