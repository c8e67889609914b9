"""Business or consumer: evidence decides, not the customer's word (Art. 17 to 19 Implementing Regulation 282/2011)."""

from __future__ import annotations

import pytest

from engine.tax.customer import status
from engine.tax.model import Address, Buyer, Customer, TaxId

BUSINESS, CONSUMER, UNKNOWN = Customer.BUSINESS, Customer.CONSUMER, Customer.UNKNOWN


def buyer(*numbers: tuple[str, str], kind: str | None = None, business: bool | None = None) -> Buyer:
    ids = tuple(TaxId(country, f"{country}1", state) for country, state in numbers)
    return Buyer(Address("IT"), kind, ids, {}, {} if business is None else {"business": business})


def told(
    one: Buyer, place: str | None = "IT", *, digital: bool = False
) -> tuple[Customer, str | None, tuple[str, ...]]:
    found = status(one, place, digital=digital)
    return found.customer, found.step.provision, found.missing


NUMBER = ("payer.tax_ids",)
VERIFIED = ("payer.tax_ids.verified",)


@pytest.mark.parametrize(
    ("one", "digital", "expected"),
    [
        # A number that the register confirmed: Art. 18(1)(a).
        (buyer(("IT", "valid")), False, (BUSINESS, "Art. 18(1)(a)", ())),
        (buyer(("IT", "valid")), True, (BUSINESS, "Art. 18(1)(a)", ())),
        (buyer(("FR", "valid")), False, (BUSINESS, "Art. 18(1)(a)", ())),
        (buyer(("IT", "valid"), kind="individual"), False, (BUSINESS, "Art. 18(1)(a)", ())),
        # Private use makes a consumer even of one with a number: Art. 19.
        (buyer(("IT", "valid"), business=False), False, (CONSUMER, "Art. 19", ())),
        (buyer(("IT", "valid"), kind="organisation", business=False), True, (CONSUMER, "Art. 19", ())),
        # A number without a register's word settles nothing: Art. 18(1).
        (buyer(("IT", "format_valid")), False, (UNKNOWN, "Art. 18(1)", VERIFIED)),
        (buyer(("IT", "format_valid")), True, (UNKNOWN, "Art. 18(1)", VERIFIED)),
        (buyer(("IT", "unchecked")), False, (UNKNOWN, "Art. 18(1)", VERIFIED)),
        (buyer(("IT", "format_valid"), business=True), False, (UNKNOWN, "Art. 18(1)", VERIFIED)),
        (buyer(("IT", "invalid"), ("IT", "format_valid")), False, (UNKNOWN, "Art. 18(1)", VERIFIED)),
        # One that was denied is none.
        (buyer(("IT", "invalid")), True, (CONSUMER, "Art. 18(2), second subparagraph", ())),
        (buyer(("IT", "invalid")), False, (CONSUMER, "Art. 18(2), first subparagraph", ())),
        (buyer(("IT", "invalid"), kind="organisation"), False, (UNKNOWN, "Art. 18(1)(b)", NUMBER)),
        # No number, digital service: a consumer whatever else is known: Art. 18(2).
        (buyer(), True, (CONSUMER, "Art. 18(2), second subparagraph", ())),
        (buyer(kind="organisation", business=True), True, (CONSUMER, "Art. 18(2), second subparagraph", ())),
        # No number, anything else.
        (buyer(), False, (CONSUMER, "Art. 18(2), first subparagraph", ())),
        (buyer(kind="individual"), False, (CONSUMER, "Art. 18(2), first subparagraph", ())),
        (buyer(kind="organisation"), False, (UNKNOWN, "Art. 18(1)(b)", NUMBER)),
        (buyer(business=True), False, (UNKNOWN, "Art. 18(1)(b)", NUMBER)),
        (buyer(kind="individual", business=True), False, (UNKNOWN, "Art. 18(1)(b)", NUMBER)),
        (buyer(kind="organisation", business=False), False, (CONSUMER, "Art. 19", ())),
    ],
)
def test_in_the_union(one: Buyer, digital: bool, expected: tuple[Customer, str, tuple[str, ...]]) -> None:
    assert told(one, digital=digital) == expected


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (buyer(("AU", "valid")), (BUSINESS, None, ())),
        (buyer(("AU", "unchecked")), (UNKNOWN, None, VERIFIED)),
        (buyer(kind="individual"), (CONSUMER, None, ())),
        (buyer(kind="organisation"), (UNKNOWN, None, NUMBER)),
        (buyer(), (UNKNOWN, None, ("payer.type",))),
    ],
)
def test_elsewhere_the_regulation_is_not_cited(one: Buyer, expected: tuple[Customer, None, tuple[str, ...]]) -> None:
    assert told(one, "AU") == expected


@pytest.mark.parametrize("state", ["valid", "format_valid", "unchecked", "invalid"])
def test_no_word_of_the_customer_s_makes_it_a_business(state: str) -> None:
    """Only a register does."""
    found = status(buyer(("IT", state), kind="organisation", business=True), "IT", digital=False).customer
    assert (found is BUSINESS) == (state == "valid")


@pytest.mark.parametrize(("place", "country"), [("FR", "FR"), ("IT", "IT"), ("ES", "IT"), (None, "IT")])
def test_the_number_of_the_place_itself_comes_first(place: str | None, country: str) -> None:
    one = buyer(("IT", "valid"), ("FR", "valid"))
    assert status(one, place, digital=False).country_of_id == country


NONE_GIVEN = Buyer(Address("IT"), "organisation", (), {}, {}, without_number=True)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (buyer(kind="organisation"), (UNKNOWN, "Art. 18(1)(b)", NUMBER)),
        (NONE_GIVEN, (CONSUMER, "Art. 18(2), first subparagraph", ())),
        (buyer(("IT", "invalid"), kind="organisation"), (CONSUMER, "Art. 18(2), first subparagraph", ())),
        (buyer(("IT", "invalid"), business=True), (UNKNOWN, "Art. 18(1)(b)", ("payer.facts.business_proof",))),
        (buyer(kind="organisation", business=True), (UNKNOWN, "Art. 18(1)(b)", NUMBER)),
    ],
)
def test_of_a_service_who_communicated_no_number_may_be_taken_for_a_consumer(
    one: Buyer, expected: tuple[Customer, str, tuple[str, ...]]
) -> None:
    """Unless the supplier has information to the contrary; of goods the article says nothing."""
    found = status(one, "IT", digital=False, presumed=True)
    assert (found.customer, found.step.provision, found.missing) == expected
    assert status(one, "IT", digital=False).customer is UNKNOWN
