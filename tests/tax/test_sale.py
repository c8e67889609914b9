"""From the facts of a Transaction to the sale: what counts as stated, and what stays unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.tax.model import Address
from engine.tax.profile import with_profile
from engine.tax.sale import address_of, decimal_fact, sale_of
from tests.tax.small_law import NOW, facts_told, line, sale_told


@pytest.mark.parametrize("kind", ["refund", "payout", "transfer", "deposit", "withdrawal"])
def test_only_a_sale_is_a_sale(kind: str) -> None:
    assert sale_of(facts_told(line(amount="1.00"), kind=kind), NOW) is None


@pytest.mark.parametrize(
    ("stated", "amount", "unpriced"),
    [
        ({"amount": "10.00"}, "10.00", None),
        ({"unit_amount": "2.50", "quantity": "4"}, "10.00", None),
        ({"unit_amount": "2.50"}, "2.50", None),
        ({"unit_amount": "0.05", "quantity": "0.5"}, "0.03", None),
        ({"unit_amount": "0.05", "quantity": "0.49"}, "0.02", None),
        ({"amount": "10.00", "discount": "1.00"}, "9.00", None),
        ({"amount": "10.00", "discount": "10.00"}, "0.00", None),
        ({"amount": "10.00", "discount": "10.01"}, "0", "lines.discount"),
        ({"amount": "10.00", "unit_amount": "9.00", "quantity": "7"}, "10.00", None),
        ({"quantity": "3"}, "0", "lines.amount"),
    ],
)
def test_what_a_line_costs(stated: dict[str, str], amount: str, unpriced: str | None) -> None:
    found = sale_told(line(**stated), line("2", amount="1.00")).lines[0]
    assert (found.amount, found.unpriced) == (Decimal(amount), unpriced)


@pytest.mark.parametrize(
    ("inclusive", "amount", "unpriced"),
    [(True, "1", None), (None, "1", None), (False, "0", "lines.amount")],
)
def test_the_only_line_costs_what_is_paid(inclusive: bool | None, amount: str, unpriced: str | None) -> None:
    """Of a price without tax the payment says nothing: it includes the tax."""
    found = sale_told(line(tax_inclusive=inclusive)).lines[0]
    assert (found.amount, found.unpriced) == (Decimal(amount), unpriced)


def test_without_lines_there_is_one_of_unknown_kind() -> None:
    (found,) = sale_told(lines=None, amount="12.30").lines
    assert (found.id, found.kind, found.category, found.inclusive) == ("1", None, "standard", None)
    assert found.amount == Decimal("12.30")


def test_lines_without_an_id_are_counted() -> None:
    told = line(amount="1.00")
    told.pop("id")
    assert [found.id for found in sale_told(told, told).lines] == ["1", "2"]


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("US", "US-TX", ("US", "US-TX")),
        ("US", "TX", ("US", "US-TX")),
        ("US", " tx ", ("US", "US-TX")),
        ("US-TX", None, ("US", "US-TX")),
        (None, "CA-QC", ("CA", "CA-QC")),
        ("US", "Texas", ("US", None)),
        ("US", "CA-QC", ("US", None)),
        ("XI", None, ("XI", None)),
        (None, None, (None, None)),
    ],
)
def test_a_region_is_a_code_or_unknown(country: str | None, region: str | None, expected: tuple[Any, Any]) -> None:
    found = address_of(country, region)
    assert (found.country, found.region) == expected


def test_a_postcode_alone_is_kept() -> None:
    assert address_of(None, None, "27498") == Address(None, None, "27498")


@pytest.mark.parametrize(("verified", "state"), [(True, "valid"), (False, "invalid"), (None, "unchecked")])
def test_a_number_is_what_a_register_says_of_it(verified: bool | None, state: str) -> None:
    number = {"country": "FR", "value": "FR12345678901", **({} if verified is None else {"verified": verified})}
    assert sale_told(line(amount="1.00"), payer={"tax_ids": [number]}).buyer.tax_ids[0].state == state


def test_a_number_no_register_was_asked_about_is_looked_at() -> None:
    facts = facts_told(line(amount="1.00"), payer={"tax_ids": [{"country": "FR", "value": "x"}]})
    sale = sale_of(facts, NOW, lambda country, value: f"{country} {value} seen")
    assert sale is not None
    assert sale.buyer.tax_ids[0].state == "FR x seen"


class TestEvidence:
    """Items of one source count once."""

    def test_what_is_stated(self) -> None:
        stated = {
            "billing_country": "FR",
            "ip_country": "DE",
            "sim_country": "IT",
            "other_country": "ES",
            "bank_country": "AT",
        }
        found = sale_told(line(amount="1.00"), payer={"evidence": stated}).buyer.evidence
        assert found == {"billing": "FR", "ip": "DE", "bank": "AT", "sim": "IT", "other": "ES"}

    def test_the_payment_knows_the_bank(self) -> None:
        payment = {"instrument": "card", "issuer_country": "BE"}
        assert sale_told(line(amount="1.00"), payment=payment).buyer.evidence == {"bank": "BE"}

    def test_and_so_does_an_account(self) -> None:
        payment = {"instrument": "direct_debit", "account": {"iban": "NL91ABNA0417164300"}}
        assert sale_told(line(amount="1.00"), payment=payment).buyer.evidence == {"bank": "NL"}

    def test_the_bank_is_not_counted_twice(self) -> None:
        payment = {"instrument": "card", "issuer_country": "BE"}
        found = sale_told(line(amount="1.00"), payment=payment, payer={"evidence": {"bank_country": "LU"}})
        assert found.buyer.evidence == {"bank": "LU"}


class TestSeller:
    """Registrations that are not stated are unknown; none stated are none."""

    @pytest.mark.parametrize(
        ("stated", "known"), [(None, None), ([], ()), ([{"jurisdiction": "FR", "scheme": "oss"}], ("oss",))]
    )
    def test_registrations(self, stated: Any, known: Any) -> None:
        payee = {"country": "FR", **({} if stated is None else {"registrations": stated})}
        found = sale_told(line(amount="1.00"), payee=payee).seller.registrations
        assert found == known if not known else found is not None and tuple(one.scheme for one in found) == known

    def test_a_registration_without_a_scheme_is_the_ordinary_one(self) -> None:
        found = sale_told(line(amount="1.00"), payee={"country": "FR", "registrations": [{"jurisdiction": "DE"}]})
        assert [(one.jurisdiction, one.scheme) for one in found.seller.registrations or ()] == [("DE", "standard")]

    def test_establishments_beside_the_seat(self) -> None:
        payee = {"country": "FR", "facts": {"established_in": ["FR", "DE"]}}
        assert sale_told(line(amount="1.00"), payee=payee).seller.establishments == ("DE",)

    def test_a_merchant_nobody_knows(self) -> None:
        seller = sale_told(line(amount="1.00"), payee={"merchant": "m-1"}).seller
        assert (seller.unknown_merchant, seller.address.country) == ("m-1", None)

    def test_a_merchant_whose_seat_is_stated_is_known_enough(self) -> None:
        assert (
            sale_told(line(amount="1.00"), payee={"merchant": "m-1", "country": "DE"}).seller.unknown_merchant is None
        )

    def test_the_stored_profile_fills_what_is_not_stated(self) -> None:
        profile = {"country": "DE", "registrations": [{"jurisdiction": "DE", "scheme": "oss", "since": "2021-07-01"}]}
        facts = with_profile(facts_told(line(amount="1.00"), payee={"merchant": "m-1"}), profile)
        sale = sale_of(facts, NOW)
        assert sale is not None
        assert (sale.seller.address.country, sale.seller.unknown_merchant) == ("DE", None)
        assert [(one.scheme, str(one.since)) for one in sale.seller.registrations or ()] == [("oss", "2021-07-01")]


@pytest.mark.parametrize(
    ("stated", "number"),
    [
        ("1.50", "1.50"), (3, "3"), ("0", "0"), ("-1", None), (True, None), ("x", None), ("NaN", None), ("1e5", None),
        ("1000000000000000000", None), (None, None), ([], None),
    ],
)  # fmt: skip
def test_an_open_fact_is_a_plain_number_or_nothing(stated: object, number: str | None) -> None:
    found = decimal_fact({"x": stated}, "x")
    assert found == (None if number is None else Decimal(number))
