"""Services within the Union: the table of section 2.1 row by row, reverse charge of 2.2, the customer's capacity of 2.3."""

import pytest

from engine.tax.model import Buyer, Customer, SaleLine, Seller
from tests.tax.asking import (
    ask,
    business,
    cites,
    consumer,
    home,
    nameless,
    percent,
    seller,
    service,
    told,
    without_number,
)
from tests.tax.laws import country, europe_with, setting, union_text

Expected = tuple[str, str | None, str, str | None]
RC = "reverse_charge.art_196"
AWAY = "service.outside_the_union"

TABLE: list[tuple[str, SaleLine, Seller, Buyer, Expected, str]] = [
    # -- general rule ----------------------------------------------------------------------------------------------------------
    ("general, to a business in another State", service("service", "consulting"), home(), business("IT"),
     ("reverse_charge", "IT", RC, None), "Art. 44"),
    ("general, to a business at home", service("service", "consulting"), home(), business("DE"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 44, 196"),
    ("general, to a business outside the Union", service("service", "consulting"), home(), business("US"),
     ("out_of_scope", "US", "service.business.outside_the_union", None), "Art. 44"),
    ("general, from outside to a business", service("service", "consulting"), seller("US"), business("IT"),
     ("reverse_charge", "IT", RC, None), "Art. 196"),
    ("general, to the establishment that receives it", service("service", "consulting"), home(),
     business("US", "FR:valid", receiving_establishment="FR"), ("reverse_charge", "FR", RC, None), "Art. 44"),
    ("general, to a consumer at home", service("service", "hairdressing"), home(), consumer("DE"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 45"),
    ("general, to a consumer in another State", service("service", "hairdressing"), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 45"),
    ("general, to a consumer outside the Union, not listed", service("service", "hairdressing"), home(), consumer("US"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 45"),
    ("general, from outside to a consumer", service("service", "hairdressing"), seller("US"), consumer("FR"),
     ("out_of_scope", "US", AWAY, None), "Art. 45"),
    ("general, from an establishment in another State", service("service", "hairdressing", supplying_establishment="FR"),
     home("DE", "standard:FR", establishments=["FR"]), consumer("DE"), ("standard", "FR", "rate.standard", "domestic"),
     "Art. 45"),
    ("general, from an establishment outside", service("service", "hairdressing", supplying_establishment="CH"),
     home("DE", establishments=["CH"]), consumer("DE"), ("out_of_scope", "CH", AWAY, None), "Art. 45"),
    # -- digital -----------------------------------------------------------------------------------------------------------------
    ("digital, to a business in another State", service("digital", "saas"), home(), business("IT"),
     ("reverse_charge", "IT", RC, None), "Art. 44"),
    ("digital, to a business outside the Union", service("digital", "saas"), home(), business("US", "US:valid"),
     ("out_of_scope", "US", "service.business.outside_the_union", None), "Art. 44"),
    ("digital, to a consumer in another State", service("digital", "saas"), home("DE", "oss:DE"), consumer("FR"),
     ("standard", "FR", "oss.digital", "oss"), "Art. 58"),
    ("digital, to a consumer at home", service("digital", "saas"), home(), consumer("DE"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 58"),
    ("digital, to a consumer outside the Union", service("digital", "saas"), home(), consumer("US"),
     ("out_of_scope", "US", "digital.outside_the_union", None), "Art. 58"),
    ("digital, to a consumer in the Canary Islands", service("digital", "saas"), home("ES"), consumer("ES 35001"),
     ("out_of_scope", "ES", "digital.outside_the_union", None), "Art. 58"),
    ("digital, to a consumer in Northern Ireland: the Kingdom's", service("digital", "saas"), home(), consumer("XI"),
     ("out_of_scope", "XI", "digital.outside_the_union", None), "Art. 58"),
    ("digital, from outside to a consumer", service("digital", "streaming"), seller("US", "non_union_oss:IE"),
     consumer("FR"), ("standard", "FR", "non_union_oss.digital", "non_union_oss"), "Art. 58"),
    # -- intermediary ----------------------------------------------------------------------------------------------------------
    ("intermediary, for a business", service("service", "brokerage", intermediary=True, where="ES"), home(),
     business("IT"), ("reverse_charge", "IT", RC, None), "Art. 44"),
    ("intermediary, for a consumer: where the supply is", service("service", "brokerage", intermediary=True, where="DE"),
     home(), consumer("FR"), ("standard", "DE", "rate.standard", "domestic"), "Art. 46"),
    ("intermediary, for a consumer: the supply is abroad", service("service", "brokerage", intermediary=True, where="ES"),
     home("DE", "oss:DE"), consumer("FR"), ("standard", "ES", "oss.service", "oss"), "Art. 46"),
    # -- immovable property ----------------------------------------------------------------------------------------------------
    ("property, of a consumer, at home", service("immovable_property", where="DE"), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 47"),
    ("property, of a consumer, abroad", service("immovable_property", where="FR"), home("DE", "oss:DE"), consumer("DE"),
     ("standard", "FR", "oss.service", "oss"), "Art. 47"),
    ("property, of a business, where the State shifts the tax", service("immovable_property", where="FR"), home(),
     business("DE"), ("reverse_charge", "FR", "reverse_charge.art_194", None), "Art. 194"),
    ("property, of a business, where the State does not", service("immovable_property", where="DE"),
     seller("FR", "standard:DE"), business("FR"), ("standard", "DE", "service.local", "domestic"), "Art. 47"),
    ("property, of a business, where nobody read what the State does", service("immovable_property", where="IT"), home(),
     business("DE"), ("undecided", "IT", "reverse_charge.art_194", None), "Art. 194"),
    ("property outside the Union", service("immovable_property", where="CH"), home(), consumer("DE"),
     ("out_of_scope", "CH", AWAY, None), "Art. 47"),
    ("accommodation, of a consumer", service("accommodation", "hotel", where="FR"), home("DE", "oss:DE"), consumer("DE"),
     ("standard", "FR", "oss.service", "oss"), "Art. 47"),
    ("accommodation, of a business, at home", service("accommodation", "hotel", where="DE"), home(), business("US"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 47"),
    ("accommodation, from outside the Union", service("accommodation", "hotel", where="FR"),
     seller("US", "non_union_oss:IE"), consumer("US"), ("standard", "FR", "non_union_oss.service", "non_union_oss"),
     "Art. 47"),
    ("accommodation in the Canary Islands", service("accommodation", "hotel", where="ES-CN"), home("ES"), consumer("DE"),
     ("out_of_scope", "ES", AWAY, None), "Art. 47"),
    # -- transport -------------------------------------------------------------------------------------------------------------
    ("passengers within one State", service("transport", "passenger_transport", where="DE"), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 48"),
    ("passengers, by a distance in one State", service("transport", "passenger_transport", distances={"DE": "500"}),
     home(), business("FR"), ("standard", "DE", "rate.standard", "domestic"), "Art. 48"),
    ("passengers through two States", service("transport", "passenger_transport", distances={"DE": "500", "FR": "300"}),
     home(), consumer("FR"), ("undecided", None, "place.unknown", None), "Art. 48"),
    ("passengers, nobody says where", service("transport", "passenger_transport"), home(), consumer("FR"),
     ("undecided", None, "place.unknown", None), "Art. 48"),
    ("passengers outside the Union", service("transport", "passenger_transport", where="CH"), home(), consumer("DE"),
     ("out_of_scope", "CH", AWAY, None), "Art. 48"),
    ("goods carried, for a business", service("transport", "freight", ship_from="FR", ship_to="ES"), home(),
     business("IT"), ("reverse_charge", "IT", RC, None), "Art. 44"),
    ("goods carried within one State, for a consumer", service("transport", "freight", ship_from="DE", ship_to="DE"),
     home(), consumer("FR"), ("standard", "DE", "rate.standard", "domestic"), "Art. 49"),
    ("goods carried between States, for a consumer", service("transport", "freight", ship_from="DE", ship_to="FR"),
     home(), consumer("FR"), ("standard", "DE", "rate.standard", "domestic"), "Art. 50"),
    ("goods carried between States, departing abroad", service("transport", "freight", ship_from="FR", ship_to="DE"),
     home("DE", "oss:DE"), consumer("DE"), ("standard", "FR", "oss.service", "oss"), "Art. 50"),
    ("goods carried out of the Union", service("transport", "freight", ship_from="DE", ship_to="CH"), home(),
     consumer("DE"), ("undecided", None, "place.unknown", None), "Art. 49"),
    ("goods carried, nobody says where", service("transport", "freight"), home(), consumer("DE"),
     ("undecided", None, "place.unknown", None), "Art. 49, 50"),
    ("transport of what is not stated", service("transport", None, where="DE"), home(), consumer("DE"),
     ("undecided", None, "place.unknown", None), "Art. 48 to 50"),
    # -- events ------------------------------------------------------------------------------------------------------------------
    ("admission, for a consumer, at home", service("event", "admission", where="DE"), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 54(1)"),
    ("admission, for a consumer, abroad", service("event", "admission", where="FR"), home("DE", "oss:DE"), consumer("DE"),
     ("standard", "FR", "oss.service", "oss"), "Art. 54(1)"),
    ("admission, for a business, at home", service("event", "admission", where="DE"), home(), business("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 53"),
    ("admission, for a business, abroad", service("event", "admission", where="FR"), home(), business("DE"),
     ("reverse_charge", "FR", "reverse_charge.art_194", None), "Art. 53"),
    ("admission outside the Union", service("event", "admission", where="US"), home(), consumer("DE"),
     ("out_of_scope", "US", AWAY, None), "Art. 54(1)"),
    ("virtual attendance, for a consumer", service("event", "admission", virtual_attendance=True, where="DE"),
     home("DE", "oss:DE"), consumer("FR"), ("standard", "FR", "oss.service", "oss"), "Art. 54(1), second subparagraph"),
    ("virtual attendance, for a consumer at home", service("event", "admission", virtual_attendance=True), home(),
     consumer("DE"), ("standard", "DE", "rate.standard", "domestic"), "Art. 54(1), second subparagraph"),
    ("virtual attendance, for a business", service("event", "admission", virtual_attendance=True, where="DE"), home(),
     business("FR"), ("reverse_charge", "FR", RC, None), "Art. 44"),
    ("virtual attendance, for a consumer outside the Union", service("event", "admission", virtual_attendance=True),
     home(), consumer("US"), ("out_of_scope", "US", AWAY, None), "Art. 54(1), second subparagraph"),
    ("virtual attendance, from outside the Union", service("event", "admission", virtual_attendance=True),
     seller("US", "non_union_oss:IE"), consumer("FR"), ("standard", "FR", "non_union_oss.service", "non_union_oss"),
     "Art. 54(1), second subparagraph"),
    # -- restaurant --------------------------------------------------------------------------------------------------------------
    ("restaurant, at home", service("service", "restaurant", where="DE"), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 55"),
    ("restaurant, for a business, abroad", service("service", "restaurant", where="FR"),
     home("DE", "standard:FR", establishments=["FR"]), business("DE"), ("reduced", "FR", "rate.reduced", "domestic"),
     "Art. 55"),
    ("catering in another State", service("service", "catering", where="FR"), home("DE", "oss:DE"), consumer("FR"),
     ("standard", "FR", "oss.service", "oss"), "Art. 55"),
    ("meals on board, within the Union", service("service", "restaurant", where="FR", on_board=True),
     home("DE", "oss:DE"), consumer("DE"), ("reduced", "FR", "oss.service", "oss"), "Art. 57"),
    # -- hire of means of transport --------------------------------------------------------------------------------------------
    ("a car for 30 days", service("service", "vehicle_hire", where="DE", hire_days=30), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 56(1), (3)"),
    ("a car for 30 days, for a business", service("service", "vehicle_hire", where="DE", hire_days=30), home(),
     business("FR"), ("standard", "DE", "rate.standard", "domestic"), "Art. 56(1), (3)"),
    ("a car for 31 days", service("service", "vehicle_hire", where="DE", hire_days=31), home("DE", "oss:DE"),
     consumer("FR"), ("standard", "FR", "oss.service", "oss"), "Art. 56(2)"),
    ("a car for 31 days, for a business", service("service", "vehicle_hire", where="DE", hire_days=31), home(),
     business("FR"), ("reverse_charge", "FR", RC, None), "Art. 44"),
    ("a vessel for 90 days", service("service", "vessel_hire", where="DE", hire_days=90), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 56(1), (3)"),
    ("a vessel for 91 days", service("service", "vessel_hire", where="DE", hire_days=91), home("DE", "oss:DE"),
     consumer("FR"), ("standard", "FR", "oss.service", "oss"), "Art. 56(2)"),
    ("a pleasure boat for 91 days, handed over where the seller is",
     service("service", "pleasure_boat_hire", where="DE", hire_days=91), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 56(2), second subparagraph"),
    ("a pleasure boat for 91 days, handed over elsewhere",
     service("service", "pleasure_boat_hire", where="ES", hire_days=91), home("DE", "oss:DE"), consumer("FR"),
     ("standard", "FR", "oss.service", "oss"), "Art. 56(2)"),
    ("a long hire to a consumer outside the Union", service("service", "vehicle_hire", where="DE", hire_days=365), home(),
     consumer("CH"), ("out_of_scope", "CH", AWAY, None), "Art. 56(2)"),
    # -- Art. 59 -----------------------------------------------------------------------------------------------------------------
    *((f"{category}, to a consumer outside the Union", service("service", category), home(), consumer("US"),
       ("out_of_scope", "US", AWAY, None), "Art. 59")
      for category in ("advertising", "consulting", "legal", "accounting", "engineering", "data_processing", "licences",
                       "staff", "financial", "insurance", "professional_services", "online_advertising")),
    ("consulting, to a consumer within the Union", service("service", "consulting"), home(), consumer("FR"),
     ("standard", "DE", "rate.standard", "domestic"), "Art. 45"),
    ("consulting, to a consumer in Heligoland, outside", service("service", "consulting"), home(), consumer("DE 27498"),
     ("out_of_scope", "DE", AWAY, None), "Art. 59"),
    ("an unnamed service to a consumer outside the Union", service("service"), home(), consumer("US"),
     ("undecided", None, "place.unknown", None), "Art. 59"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "article"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_place_of_a_service(line: SaleLine, who: Seller, buyer: Buyer, expected: Expected, article: str) -> None:
    found = ask(line, who, buyer)
    assert told(found) == expected
    assert cites(found, article)


@pytest.mark.parametrize("way", ["domestic", "inbound", "outbound"])
def test_whichever_question_is_asked_the_answer_is_the_same(way: str) -> None:
    found = ask(service("service", "consulting"), home(), business("IT"), way=way)
    assert found.reason == RC


# -- missing facts -----------------------------------------------------------------------------------------------------

MISSING = [
    ("where the business is", service("service", "consulting"), home(),
     Buyer(consumer(None).address, None, business("IT").tax_ids), "payer.country"),
    ("where the seller is, of a consumer's service", service("service", "hairdressing"), seller(None), consumer("FR"),
     "payee.country"),
    ("where the seller is, of a business's service", service("service", "consulting"), seller(None), business("FR"),
     "payee.country"),
    ("where the property is", service("immovable_property"), home(), consumer("FR"), "lines.supplied_at.country"),
    ("where the bed is", service("accommodation", "hotel"), home(), consumer("FR"), "lines.supplied_at.country"),
    ("where the event is", service("event", "admission"), home(), consumer("FR"), "lines.supplied_at.country"),
    ("where the table is", service("service", "restaurant"), home(), consumer("FR"), "lines.supplied_at.country"),
    ("where the car is handed over", service("service", "vehicle_hire", hire_days=3), home(), consumer("FR"),
     "lines.supplied_at.country"),
    ("for how long the car is hired", service("service", "vehicle_hire", where="DE"), home(), consumer("FR"),
     "lines.facts.hire_days"),
    ("where the pleasure boat is handed over", service("service", "pleasure_boat_hire", hire_days=100), home(),
     consumer("FR"), "lines.supplied_at.country"),
    ("what an intermediary arranges", service("service", "brokerage", intermediary=True), home(), consumer("FR"),
     "lines.supplied_at.country"),
    ("how far passengers go", service("transport", "passenger_transport"), home(), consumer("FR"), "lines.facts.distances"),
    ("whether passengers or goods are carried", service("transport"), home(), consumer("FR"), "lines.category"),
    ("where a listed service goes", service("service", "consulting"), home(), consumer(None), "payer.country"),
    ("which service goes abroad", service("service", None), home(), consumer("US"), "lines.category"),
    ("where a long hire's consumer lives", service("service", "vehicle_hire", where="DE", hire_days=60), home(),
     consumer(None), "payer.country"),
    ("where a virtual visitor lives", service("event", "admission", virtual_attendance=True), home(), consumer(None),
     "payer.country"),
    ("whether a small enterprise is exempt abroad as well", service("immovable_property", where="FR"),
     seller("DE", unknown=True, small_business=True), consumer("DE"), "payee.registrations"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "missing"), [row[1:] for row in MISSING], ids=[row[0] for row in MISSING]
)
def test_what_is_missing_of_a_service_is_named(line: SaleLine, who: Seller, buyer: Buyer, missing: str) -> None:
    found = ask(line, who, buyer)
    assert found.treatment == "undecided"
    assert missing in found.missing


@pytest.mark.parametrize("name", ["vehicle_hire_days", "vessel_hire_days"])
def test_a_limit_that_the_pack_does_not_have_is_not_invented(name: str) -> None:
    category = "vessel_hire" if name.startswith("vessel") else "vehicle_hire"
    law = europe_with(EU=union_text(name))
    found = ask(service("service", category, where="DE", hire_days=3), home(), consumer("FR"), law=law)
    assert found.missing == (f"law.EU.{name}",)


# -- the days of the law -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state"), [("2024-12-31", "DE"), ("2025-01-01", "FR")], ids=["the day before", "the first day"]
)
def test_virtual_attendance_follows_the_consumer_since_2025(day: str, state: str) -> None:
    line = service("event", "admission", virtual_attendance=True, where="DE")
    assert ask(line, home("DE", "oss:DE"), consumer("FR"), on=day).country == state


def test_virtual_attendance_before_2025_needs_the_place_of_the_event() -> None:
    found = ask(service("event", "admission", virtual_attendance=True), home(), consumer("FR"), on="2024-12-31")
    assert found.missing == ("lines.supplied_at.country",)


@pytest.mark.parametrize(("day", "reason"), [("2021-06-30", "law.not_read"), ("2021-07-01", "oss.service")])
def test_the_schemes_of_before_july_2021_are_not_built(day: str, reason: str) -> None:
    line = service("immovable_property", where="FR")
    assert ask(line, home("DE", "oss:DE"), consumer("DE"), on=day).reason == reason


# -- reverse charge ----------------------------------------------------------------------------------------------------


def test_the_invoice_of_a_reverse_charge() -> None:
    found = ask(service("service", "consulting"), home(), business("IT"))
    assert found.invoice_note == "Reverse charge"
    assert found.customer is Customer.BUSINESS
    assert cites(found, "Art. 226(11a), 262(1)(c)")


def test_outside_the_union_it_is_no_reverse_charge() -> None:
    found = ask(service("service", "consulting"), home(), business("US"))
    assert found.invoice_note == "Not subject to EU VAT: place of supply outside the European Union"


ESTABLISHED = [
    ("no establishment there", {}, {}, ("reverse_charge", "FR", RC, None)),
    ("an establishment there that takes part", {"establishments": ["FR"]}, {"supplying_establishment": "FR"},
     ("standard", "FR", "rate.standard", "domestic")),
    ("an establishment there that takes no part", {"establishments": ["FR"]}, {"supplying_establishment": "DE"},
     ("reverse_charge", "FR", RC, None)),
    ("an establishment there, and nobody says", {"establishments": ["FR"]}, {},
     ("undecided", "FR", "establishment.unknown", None)),
    ("an establishment elsewhere", {"establishments": ["IT"]}, {}, ("reverse_charge", "FR", RC, None)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("seat", "facts", "expected"), [row[1:] for row in ESTABLISHED], ids=[row[0] for row in ESTABLISHED]
)
def test_an_establishment_that_takes_part_makes_the_seller_liable(
    seat: dict[str, list[str]], facts: dict[str, str], expected: Expected
) -> None:
    who = home("DE", "standard:FR", **seat)
    found = ask(service("service", "consulting", **facts), who, business("FR"))
    assert told(found) == expected
    if seat.get("establishments") == ["FR"]:
        assert cites(found, "Art. 192a")


# -- the customer's capacity -------------------------------------------------------------------------------------------

CAPACITY = [
    ("a confirmed number", business("IT", "IT:valid"), ("reverse_charge", "IT", RC, None)),
    ("a confirmed number of another State, customer in Italy", business("IT", "FR:valid"),
     ("reverse_charge", "IT", RC, None)),
    ("number and place in the seller's own State", business("DE", "DE:valid"),
     ("standard", "DE", "rate.standard", "domestic")),
    ("a number of the right form", business("IT", "IT:format_valid"), ("undecided", None, "customer.unknown", None)),
    ("a number nobody looked at", business("IT", "IT:unchecked"), ("undecided", None, "customer.unknown", None)),
    ("a company whose number the register denies", business("IT", "IT:invalid"),
     ("standard", "DE", "rate.standard", "domestic")),
    ("a company of which no number is stated", nameless("IT"), ("undecided", None, "customer.unknown", None)),
    ("a company that gave none", without_number("IT"), ("standard", "DE", "rate.standard", "domestic")),
    ("a company that gave none and says that it buys for a business", without_number("IT", business=True),
     ("undecided", None, "customer.unknown", None)),
    ("the same, waiting for its number, with other proof", without_number("IT", business=True, business_proof=True),
     ("reverse_charge", "IT", RC, None)),
    ("a person who says to buy for a business", Buyer(consumer("IT").address, "individual", (), {}, {"business": True}),
     ("undecided", None, "customer.unknown", None)),
    ("a person", consumer("IT"), ("standard", "DE", "rate.standard", "domestic")),
    ("somebody without a number", Buyer(consumer("IT").address), ("standard", "DE", "rate.standard", "domestic")),
    ("a number for a purely private purpose", business("IT", "IT:valid", business=False),
     ("standard", "DE", "rate.standard", "domestic")),
    ("an unknown capacity at home changes nothing", nameless("DE"), ("standard", "DE", "rate.standard", "domestic")),
]  # fmt: skip


@pytest.mark.parametrize(("buyer", "expected"), [row[1:] for row in CAPACITY], ids=[row[0] for row in CAPACITY])
def test_who_the_customer_is_decides_a_general_service(buyer: Buyer, expected: Expected) -> None:
    assert told(ask(service("service", "translation"), home(), buyer)) == expected


def test_to_a_company_outside_the_union_the_number_does_not_matter_for_a_listed_service() -> None:
    found = ask(service("service", "consulting"), home(), nameless("US"))
    assert told(found) in (
        ("out_of_scope", "US", "service.outside_the_union", None),
        ("out_of_scope", "US", "service.business.outside_the_union", None),
    )


def test_what_would_settle_an_unconfirmed_number_is_its_confirmation() -> None:
    found = ask(service("service", "translation"), home(), business("IT", "IT:format_valid"))
    assert found.missing == ("payer.tax_ids.verified",)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("undecided", ("undecided", None, "customer.unknown", None)),
        ("charge", ("standard", "DE", "rate.standard", "domestic")),
        ("reverse_charge_and_recheck", ("reverse_charge", "IT", RC, None)),
    ],
)
def test_while_the_register_is_silent_the_policy_holds(word: str, expected: Expected) -> None:
    law = europe_with(EU=union_text(more=setting("vies_down_policy", "token", (None, word))))
    found = ask(service("service", "translation"), home(), business("IT", "IT:format_valid"), law=law)
    assert told(found) == expected
    assert any("policy" in step.answer.lower() for step in found.steps)


# -- use and enjoyment: only where a pack says so ----------------------------------------------------------------------

ITALY = country("IVA", "22", settings=setting("use_and_enjoyment", "tokens", (None, "[telecom, vehicle_hire_long]")))
GERMANY = country("USt", "19", settings=setting("use_and_enjoyment", "tokens", (None, "[consulting]"))
                  + setting("reverse_charge_nonestablished", "bool", (None, "false")))  # fmt: skip
USED = [
    ("no pack says so", "FR", "consulting", "US", "FR", ("out_of_scope", "US")),
    ("listed, used at home by a consumer outside", "DE", "consulting", "US", "DE", ("standard", "DE")),
    ("listed, used outside", "DE", "consulting", "US", "US", ("out_of_scope", "US")),
    ("listed, and nobody says where it is used", "DE", "consulting", "US", None, ("undecided", None)),
    ("another category", "DE", "advertising", "US", "DE", ("out_of_scope", "US")),
    ("used in a State whose pack says nothing", "DE", "consulting", "US", "FR", ("out_of_scope", "US")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("seat", "category", "lives", "used", "expected"), [row[1:] for row in USED], ids=[row[0] for row in USED]
)
def test_use_and_enjoyment_moves_a_place_only_where_a_pack_lists_it(
    seat: str, category: str, lives: str, used: str | None, expected: tuple[str, str | None]
) -> None:
    law = europe_with(DE=GERMANY, IT=ITALY)
    facts = {"used_in": used} if used else {}
    found = ask(service("service", category, **facts), home(seat), consumer(lives), law=law)
    assert (found.treatment, found.country) == expected
    if used == "DE" and category == "consulting":
        assert cites(found, "Art. 59a")
    if expected[0] == "undecided":
        assert found.missing == ("lines.facts.used_in",)


def test_what_is_used_outside_the_union_may_leave_it() -> None:
    law = europe_with(IT=ITALY)
    inside = ask(service("digital", "telecom", used_in="IT"), home("DE", "oss:DE"), consumer("IT"), law=law)
    outside = ask(service("digital", "telecom", used_in="US"), home("DE", "oss:DE"), consumer("IT"), law=law)
    assert (inside.treatment, inside.country) == ("standard", "IT")
    assert (outside.treatment, outside.country) == ("out_of_scope", "US")
    assert cites(outside, "Art. 59a")


def test_a_rate_of_the_place_is_charged() -> None:
    found = ask(service("service", "restaurant", where="FR"), home("FR"), consumer("DE"))
    assert percent(found) == "10"
