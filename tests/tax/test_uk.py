"""The United Kingdom: section 4 of the procedure. Consignments up to GBP 135, Northern Ireland both ways, services."""

from decimal import Decimal
from typing import Any

import pytest

from engine.tax.model import Buyer, Ruling, SaleLine, Seller
from engine.tax.procedure import rule
from engine.tax.uk import UK
from tests.tax.asking import (
    ask,
    asked,
    business,
    cites,
    consumer,
    goods,
    home,
    keeps_promises,
    nameless,
    percent,
    seller,
    service,
    told,
)
from tests.tax.laws import country, europe_with, setting

Expected = tuple[str, str | None, str, str | None]
LOW: Expected = ("standard", "GB", "import.low_value", "domestic")
HOME: Expected = ("standard", "GB", "rate.standard", "domestic")


def put(
    line: SaleLine, who: Seller | None = None, buyer: Buyer | None = None, way: str = "inbound", **more: Any
) -> Ruling:
    return ask(line, who or seller("CN", "standard:GB"), buyer or consumer("GB"), regime=UK, way=way, **more)


def parcel(value: str | None = "100.00", start: str = "CN", **more: Any) -> SaleLine:
    return goods(start, "GB SW1A 1AA", value=value, **more)


# -- consignments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "currency", "reason"),
    [
        ("134.99", "GBP", "import.low_value"),
        ("135.00", "GBP", "import.low_value"),
        ("135.01", "GBP", "import.above_threshold"),
        ("180.00", "USD", "import.low_value"),
        ("180.01", "USD", "import.above_threshold"),
        ("158.82", "EUR", "import.low_value"),
        ("158.83", "EUR", "import.above_threshold"),
    ],
)
def test_a_consignment_may_reach_135_pounds_and_not_exceed_them(value: str, currency: str, reason: str) -> None:
    found = put(parcel(value), currency=currency)
    assert found.reason == reason
    assert found.treatment == ("standard" if reason == "import.low_value" else "import")


IMPORTS: list[tuple[str, SaleLine, Seller, Buyer, Expected, str]] = [
    ("a registered seller charges at checkout", parcel(), seller("CN", "standard:GB"), consumer("GB"), LOW, "s. 7AA"),
    ("from the Union as from anywhere", parcel(start="DE"), seller("DE", "standard:GB"), consumer("GB"), LOW, "s. 7AA"),
    ("not registered: due and charged", parcel(), seller("CN"), consumer("GB"),
     ("standard", "GB", "registration_required", None), "Sch. 1A"),
    ("registrations not stated", parcel(), seller("CN", unknown=True), consumer("GB"),
     ("standard", "GB", "registrations.unknown", None), "Sch. 1A"),
    ("the Union's scheme is no help", parcel(), seller("CN", "ioss:IE:IM1"), consumer("GB"),
     ("standard", "GB", "registration_required", None), "Sch. 1A"),
    ("a British seller that ships from abroad", parcel(), home("GB"), consumer("GB"), LOW, "s. 7AA"),
    ("a business that gave a British number", parcel(), seller("CN"), business("GB", "GB:valid"),
     ("reverse_charge", "GB", "reverse_charge.import", None), "s. 7AA"),
    ("a business that gave a number of Northern Ireland", parcel(), seller("CN"), business("GB", "XI:valid"),
     ("reverse_charge", "GB", "reverse_charge.import", None), "s. 7AA"),
    ("a British number that nobody confirmed", parcel(), seller("CN", "standard:GB"), business("GB", "GB:format_valid"),
     ("undecided", "GB", "customer.unknown", None), "s. 7AA"),
    ("a British number that is denied is none", parcel(), seller("CN", "standard:GB"), business("GB", "GB:invalid"), LOW,
     "s. 7AA"),
    ("a business without a British number is charged", parcel(), seller("CN", "standard:GB"), nameless("GB"), LOW,
     "s. 7AA"),
    ("a number of another country does not help", parcel(), seller("CN", "standard:GB"), business("GB", "FR:valid"), LOW,
     "s. 7AA"),
    ("a platform is deemed to sell", parcel(marketplace=True), seller("US", "standard:GB"), consumer("GB"), LOW,
     "s. 77E to 77G"),
    ("the seller behind a platform owes nothing", parcel(named_supplier="platform"), seller("CN"), consumer("GB"),
     ("no_obligation", "GB", "platform_liable", None), "s. 77E to 77G"),
    ("the seller behind a platform, over the limit", parcel("136", named_supplier="platform"), seller("CN"),
     consumer("GB"), ("import", "GB", "import.above_threshold", None), "s. 1(1)(c), 15"),
    ("excise goods are excluded", parcel(category="alcohol"), seller("CN", "standard:GB"), consumer("GB"),
     ("import", "GB", "import.excluded", None), "s. 1(1)(c), 15"),
    ("excise by statement", parcel(excise=True), seller("CN", "standard:GB"), consumer("GB"),
     ("import", "GB", "import.excluded", None), "s. 1(1)(c), 15"),
    ("gifts are excluded", parcel(gift=True), seller("CN", "standard:GB"), consumer("GB"),
     ("import", "GB", "import.excluded", None), "s. 1(1)(c), 15"),
    ("neither excise nor category is stated", parcel(category=None), seller("CN", "standard:GB"), consumer("GB"),
     ("undecided", "GB", "excise.unknown", None), "s. 7AA"),
    ("the value is not stated", parcel(None), seller("CN", "standard:GB"), consumer("GB"),
     ("undecided", "GB", "consignment.unknown", None), ""),
    ("over the limit it is taxed at the border", parcel("500"), seller("CN"), consumer("GB"),
     ("import", "GB", "import.above_threshold", None), "s. 1(1)(c), 15"),
    ("the seller imports", parcel("500"), seller("CN", "standard:GB"),
     Buyer(consumer("GB").address, "individual", (), {}, {"recipient_importer": False}),
     ("standard", "GB", "import.seller", "domestic"), "s. 7(6)"),
    ("installed by the seller", parcel("500", installed_by_seller=True), seller("CN", "standard:GB"), consumer("GB"), HOME,
     "s. 7(3)"),
    ("a book is zero-rated at checkout too", parcel(category="books"), seller("CN", "standard:GB"), consumer("GB"),
     ("zero", "GB", "import.low_value", "domestic"), "s. 7AA"),
    ("to the Isle of Man, as to Great Britain", goods("CN", "IM", value="100"), seller("CN", "standard:GB"),
     consumer("IM"), LOW, "s. 7AA"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "article"), [row[1:] for row in IMPORTS], ids=[row[0] for row in IMPORTS]
)
def test_goods_into_great_britain(line: SaleLine, who: Seller, buyer: Buyer, expected: Expected, article: str) -> None:
    found = put(line, who, buyer, currency="GBP")
    assert told(found) == expected
    assert not article or cites(found, article)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("charge", LOW), ("reverse_charge_and_recheck", ("reverse_charge", "GB", "reverse_charge.import", None))],
)
def test_while_a_number_is_unconfirmed_the_policy_holds(word: str, expected: Expected) -> None:
    more = setting("low_value_import_threshold", "money", ("2021-01-01", '"135"'), unit="GBP")
    law = europe_with(GB=country("VAT", "20", settings=more + setting("vies_down_policy", "token", (None, word))))
    found = put(parcel(), buyer=business("GB", "GB:unchecked"), currency="GBP", law=law)
    assert told(found) == expected


def test_without_an_exchange_rate_the_limit_decides_nothing() -> None:
    assert put(parcel(), currency="CHF").missing == ("fx.CHF.GBP",)


def test_without_a_limit_in_the_pack_nothing_is_decided() -> None:
    found = put(parcel(), currency="GBP", law=europe_with(GB=country("VAT", "20")))
    assert found.missing == ("law.GB.low_value_import_threshold",)


# -- within the Kingdom ------------------------------------------------------------------------------------------------

WITHIN = [
    ("London to Leeds", goods("GB", "GB"), home("GB"), consumer("GB"), HOME),
    ("London to the Isle of Man", goods("GB", "IM"), home("GB"), consumer("IM"), HOME),
    ("London to Belfast", goods("GB", "XI"), home("GB"), consumer("XI"), HOME),
    ("Belfast to London", goods("XI", "GB"), home("XI"), consumer("GB"), HOME),
    ("within Belfast", goods("XI", "XI"), home("XI"), consumer("XI"), HOME),
    ("Belfast, registered under its own prefix", goods("GB BT1 1AA", "GB BT2 2BB"), seller("XI", "standard:XI"),
     consumer("XI"), HOME),
    ("a business pays as well", goods("GB", "GB"), home("GB"), business("GB", "GB:valid"), HOME),
    ("stock of a seller from abroad", goods("GB", "GB"), seller("US", "standard:GB"), consumer("GB"), HOME),
    ("stock of a seller from abroad, not registered", goods("GB", "GB"), seller("US"), consumer("GB"),
     ("standard", "GB", "registration_required", None)),
    ("stock of a seller from abroad, registrations not stated", goods("GB", "GB"), seller("US", unknown=True),
     consumer("GB"), ("standard", "GB", "registrations.unknown", None)),
    ("a small seller", goods("GB", "GB"), seller("GB", small_business=True), consumer("GB"),
     ("no_obligation", "GB", "below_threshold", None)),
    ("a seller that is not small", goods("GB", "GB"), seller("GB", small_business=False), consumer("GB"),
     ("standard", "GB", "registration_required", None)),
    ("whether it is small is not stated", goods("GB", "GB"), seller("GB"), consumer("GB"),
     ("undecided", "GB", "small_business.unknown", None)),
    ("an establishment there", goods("GB", "GB"), seller("US", "standard:GB", establishments=["GB"]), consumer("GB"), HOME),
    ("a platform for a seller from abroad", goods("GB", "GB", marketplace=True, underlying_seller_country="CN"),
     seller("US", "standard:GB"), consumer("GB"), HOME),
    ("a platform for a British seller", goods("GB", "GB", marketplace=True, underlying_seller_country="GB"),
     seller("US", "standard:GB"), consumer("GB"), ("no_obligation", None, "seller_liable", None)),
    ("a platform, to a business with a number", goods("GB", "GB", marketplace=True, underlying_seller_country="CN"),
     seller("US", "standard:GB"), business("GB", "GB:valid"), ("no_obligation", None, "seller_liable", None)),
    ("a platform, and nobody says for whom", goods("GB", "GB", marketplace=True), seller("US", "standard:GB"),
     consumer("GB"), ("undecided", None, "platform.unknown", None)),
    ("a seller from abroad through a platform", goods("GB", "GB", named_supplier="platform"), seller("CN", "standard:GB"),
     consumer("GB"), ("no_obligation", None, "platform_liable", None)),
    ("a British seller through a platform", goods("GB", "GB", named_supplier="platform"), home("GB"), consumer("GB"), HOME),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected"), [row[1:] for row in WITHIN], ids=[row[0] for row in WITHIN]
)
def test_goods_within_the_kingdom(line: SaleLine, who: Seller, buyer: Buyer, expected: Expected) -> None:
    assert told(put(line, who, buyer, way="domestic")) == expected


@pytest.mark.parametrize(("start", "end"), [("GB", "FR"), ("GB", "US"), ("XI", "US"), ("GB", "JE"), ("IM", "FR")])
def test_goods_that_leave_are_zero_rated(start: str, end: str) -> None:
    found = put(goods(start, end), home("GB"), consumer(end), way="outbound")
    assert (found.treatment, found.reason) == ("zero", "export")
    assert cites(found, "s. 30(6)")


@pytest.mark.parametrize(
    ("day", "reason"),
    [("2020-12-31", "oss"), ("2021-01-01", "export")],
    ids=["the last day within", "the first day outside"],
)
def test_until_2020_the_unions_law_held(day: str, reason: str) -> None:
    found = put(goods("GB", "FR"), home("GB"), business("FR"), way="outbound", on=day)
    assert found.reason == ("intra_community" if reason == "oss" else "export")


# -- Northern Ireland between two laws, through the whole procedure ----------------------------------------------------

BOTH = [
    ("Paris to Belfast, to a consumer", goods("FR", "XI"), home("FR", "oss:FR"), consumer("XI"),
     ("standard", "XI", "oss.distance_sale", "oss")),
    ("Paris to Belfast, to a business", goods("FR", "XI"), home("FR"), business("XI"),
     ("zero", "FR", "intra_community", None)),
    ("Belfast to Paris, to a consumer", goods("XI", "FR"), home("XI", "oss:XI"), consumer("FR"),
     ("standard", "FR", "oss.distance_sale", "oss")),
    ("Belfast to Paris, to a business", goods("XI", "FR"), home("XI"), business("FR"),
     ("zero", "XI", "intra_community", None)),
    ("London to Belfast", goods("GB", "XI"), home("GB"), consumer("XI"), HOME),
    ("Belfast to London", goods("XI", "GB"), home("XI"), consumer("GB"), HOME),
    ("London to Paris under the import scheme", goods("GB", "FR", value="100", tariff_headings=1),
     home("GB", "ioss:IE:IM1"), consumer("FR"), ("ioss", "FR", "ioss.import", "ioss")),
    ("Paris to London", goods("FR", "GB", value="100"), home("FR", "standard:GB"), consumer("GB"), LOW),
    ("a digital service from Paris to Belfast is the Kingdom's", service("digital", "saas"), home("FR", "standard:GB"),
     consumer("XI"), ("standard", "GB", "digital", "domestic")),
    ("a digital service from London to Belfast", service("digital", "saas"), home("GB"), consumer("XI"), HOME),
]  # fmt: skip


@pytest.mark.parametrize(("line", "who", "buyer", "expected"), [row[1:] for row in BOTH], ids=[row[0] for row in BOTH])
def test_where_two_laws_meet_one_answers(line: SaleLine, who: Seller, buyer: Buyer, expected: Expected) -> None:
    found = rule(asked(line, who, buyer))
    keeps_promises(found)
    assert told(found) == expected


@pytest.mark.parametrize(
    ("line", "way"),
    [
        (goods("FR", "XI"), "inbound"),
        (goods("XI", "FR"), "outbound"),
        (goods("GB", "XI"), "outbound"),
        (goods("XI", "GB"), "outbound"),
    ],
)
def test_asked_from_both_sides_one_side_is_silent(line: SaleLine, way: str) -> None:
    found = put(line, home("XI", "oss:XI"), consumer(line.ship_to.country), way=way)
    assert told(found) == ("out_of_scope", None, "answered_elsewhere", None)


def test_a_service_over_the_irish_sea_is_answered_once() -> None:
    line, who, buyer = service("digital", "saas"), home("GB"), consumer("XI")
    found = put(line, who, buyer, way="outbound", origin="GB", destination="XI")
    assert found.reason == "answered_elsewhere"
    assert told(put(line, who, buyer, origin="GB", destination="XI")) == HOME


def test_from_abroad_into_northern_ireland_the_import_scheme_holds() -> None:
    found = put(goods("CN", "XI", value="150.00", tariff_headings=2), seller("CN", "ioss:IE:IM1"), consumer("XI"))
    assert told(found) == ("ioss", "XI", "ioss.import", "ioss")
    assert found.duties == (("customs_duty", Decimal(6), "EUR"),)
    assert cites(found, "Art. 8 and Annex 3")
    over = put(goods("CN", "XI", value="150.01", tariff_headings=2), seller("CN", "ioss:IE:IM1"), consumer("XI"))
    assert over.reason == "import.above_threshold"


# -- services ----------------------------------------------------------------------------------------------------------

OUT: Expected = ("out_of_scope", "US", "service.outside_the_kingdom", None)
SERVICES: list[tuple[str, SaleLine, Seller, Buyer, Expected, str]] = [
    ("digital to a consumer, from abroad", service("digital", "saas"), seller("US", "standard:GB"), consumer("GB"),
     ("standard", "GB", "digital", "domestic"), "Sch. 4A para. 15"),
    ("digital to a consumer in Northern Ireland", service("digital", "saas"), seller("US", "standard:GB"), consumer("XI"),
     ("standard", "GB", "digital", "domestic"), "Sch. 4A para. 15"),
    ("digital to a consumer on the Isle of Man", service("digital", "saas"), seller("US", "standard:GB"), consumer("IM"),
     ("standard", "GB", "digital", "domestic"), "Sch. 4A para. 15"),
    ("digital, not registered: no threshold, due and charged", service("digital", "saas"), seller("US"), consumer("GB"),
     ("standard", "GB", "registration_required", None), "Sch. 1A"),
    ("digital, registrations not stated", service("digital", "saas"), seller("US", unknown=True), consumer("GB"),
     ("standard", "GB", "registrations.unknown", None), "Sch. 1A"),
    ("digital to a business, from abroad", service("digital", "saas"), seller("US"), business("GB", "GB:valid"),
     ("reverse_charge", "GB", "reverse_charge.s_8", None), "s. 8"),
    ("digital to a company without a number", service("digital", "saas"), seller("US", "standard:GB"),
     Buyer(nameless("GB").address, "organisation", (), {"bank": "GB"}), ("standard", "GB", "digital", "domestic"),
     "Sch. 4A para. 15"),
    ("digital with one item of evidence", service("digital", "saas"), seller("US", "standard:GB"),
     Buyer(consumer("GB").address, "individual"), ("undecided", None, "customer.place_unknown", None), "Sch. 4A para. 15"),
    ("digital to a consumer abroad", service("digital", "saas"), home("GB"), consumer("US"), OUT, "Sch. 4A para. 15"),
    ("digital at home", service("digital", "saas"), home("GB"), consumer("GB"), HOME, "Sch. 4A para. 15"),
    ("an e-book", service("digital", "ebooks"), home("GB"), consumer("GB"), ("zero", "GB", "rate.zero", "domestic"),
     "Sch. 4A para. 15"),
    ("digital through a platform that is the supplier", service("digital", "app", named_supplier="platform"),
     seller("US"), consumer("GB"), ("no_obligation", None, "platform_liable", None), "s. 47(4)"),
    ("general to a consumer, from abroad", service("service", "hairdressing"), seller("US"), consumer("GB"), OUT,
     "s. 7A(2)(b)"),
    ("general to a consumer, at home", service("service", "hairdressing"), home("GB"), consumer("GB"), HOME,
     "s. 7A(2)(b)"),
    ("general to a consumer abroad, not listed", service("service", "hairdressing"), home("GB"), consumer("US"), HOME,
     "s. 7A(2)(b)"),
    ("consulting to a consumer abroad", service("service", "consulting"), home("GB"), consumer("US"), OUT,
     "Sch. 4A para. 16"),
    ("an unnamed service to a consumer abroad", service("service"), home("GB"), consumer("US"),
     ("undecided", None, "place.unknown", None), "Sch. 4A para. 16"),
    ("general to a business, from abroad", service("service", "consulting"), seller("US"), business("GB", "GB:valid"),
     ("reverse_charge", "GB", "reverse_charge.s_8", None), "s. 8"),
    ("general to a business, at home", service("service", "consulting"), home("GB"), business("GB", "GB:valid"), HOME,
     "s. 7A(2)(a)"),
    ("general to a business abroad", service("service", "consulting"), home("GB"), business("US"), OUT, "s. 7A(2)(a)"),
    ("general, capacity unknown", service("service", "consulting"), seller("US"), nameless("GB"),
     ("undecided", None, "customer.unknown", None), "s. 8"),
    ("land in the Kingdom, of a seller from abroad", service("immovable_property", where="GB"),
     seller("US", "standard:GB"), consumer("US"), ("standard", "GB", "service.local", "domestic"), "Sch. 4A"),
    ("land in the Kingdom, for a British business", service("immovable_property", where="GB"), seller("US"),
     business("GB", "GB:valid"), ("reverse_charge", "GB", "reverse_charge.s_8", None), "s. 8"),
    ("a bed in Belfast", service("accommodation", "hotel", where="XI"), home("GB"), consumer("US"), HOME, "Sch. 4A"),
    ("a bed abroad", service("accommodation", "hotel", where="US"), home("GB"), consumer("GB"), OUT, "Sch. 4A"),
    ("a bed nobody says where", service("accommodation", "hotel"), home("GB"), consumer("GB"),
     ("undecided", None, "place.unknown", None), "Sch. 4A"),
    ("an event", service("event", "admission", where="GB"), home("GB"), consumer("US"), HOME, "Sch. 4A"),
    ("an event attended over a network was not read", service("event", "admission", virtual_attendance=True), home("GB"),
     consumer("GB"), ("undecided", None, "law.not_read", None), "Sch. 4A"),
    ("a journey within", service("transport", "passenger_transport", where="GB"), home("GB"), consumer("US"), HOME,
     "Sch. 4A"),
    ("a journey by distances", service("transport", "passenger_transport", distances={"GB": "10"}), home("GB"),
     consumer("US"), HOME, "Sch. 4A"),
    ("a journey through two countries", service("transport", "passenger_transport", distances={"GB": "1", "FR": "1"}),
     home("GB"), consumer("US"), ("undecided", None, "place.unknown", None), "Sch. 4A para. 2"),
    ("a journey nobody says where", service("transport", "passenger_transport"), home("GB"), consumer("US"),
     ("undecided", None, "place.unknown", None), "Sch. 4A"),
    ("a small seller's service", service("service", "hairdressing"), seller("GB", "small_business:GB"), consumer("GB"),
     ("no_obligation", "GB", "below_threshold", None), "Sch. 1 para. 1"),
    ("where the customer is is not stated", service("service", "consulting"), home("GB"),
     Buyer(consumer(None).address, None, business("GB").tax_ids), ("undecided", None, "place.unknown", None), "s. 7A(2)(a)"),
    ("where the seller is is not stated", service("service", "hairdressing"), seller(None), consumer("GB"),
     ("undecided", None, "place.unknown", None), "s. 7A(2)(b)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "article"), [row[1:] for row in SERVICES], ids=[row[0] for row in SERVICES]
)
def test_services_before_the_kingdoms_law(
    line: SaleLine, who: Seller, buyer: Buyer, expected: Expected, article: str
) -> None:
    found = put(line, who, buyer)
    assert told(found) == expected
    assert cites(found, article)


def test_recalled_articles_are_never_certain() -> None:
    found = put(service("service", "consulting"), seller("US"), business("GB", "GB:valid"))
    assert found.confidence == "R"
    assert found.invoice_note == "Reverse charge: customer to account for VAT to HMRC"


def test_what_the_guidance_says_was_read() -> None:
    found = put(parcel(), seller("CN"), business("GB", "GB:valid"), currency="GBP")
    assert all(step.confidence in (None, "A", "B") for step in found.steps)


def test_a_line_without_a_kind_is_undecided() -> None:
    bare = SaleLine("1", None, "standard", Decimal(1), False)
    assert put(bare).missing == ("lines.kind",)


@pytest.mark.parametrize(("start", "end"), [(None, "GB"), ("GB", None)])
def test_goods_without_an_end_are_undecided(start: str | None, end: str | None) -> None:
    assert put(goods(start, end)).treatment == "undecided"


def test_the_rate_is_the_kingdoms_in_northern_ireland_too() -> None:
    assert percent(put(goods("GB", "XI", category="books"), home("GB"), consumer("XI"), way="domestic")) == "0"
    assert percent(ask(goods("DE", "XI", category="books"), home("DE", "oss:DE"), consumer("XI"))) == "0"
