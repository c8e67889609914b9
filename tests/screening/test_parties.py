"""Whom a payment names, and as what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.facts import facts_of
from engine.screening.model import Born, EntityKind, Identifier
from engine.screening.parties import Parties, is_named, parties_of
from engine.transaction import Transaction


def transaction(**more: Any) -> Transaction:
    body = {
        "amount": "10.00",
        "currency": "EUR",
        "payment": {"instrument": "credit_transfer", "issuer_country": "DE"},
        **more,
    }
    return Transaction.model_validate(body)


def of(**more: Any) -> Parties:
    return parties_of(transaction(**more))


def test_a_person_is_asked_for_with_all_that_is_known() -> None:
    payer = {
        "id": "c-7", "type": "individual", "name": "Vladimir Tsiregov", "country": "DE", "nationality": "RU",
        "date_of_birth": "1961-03-12", "email": "v@example.org", "phone": {"number": "+49 30 1234567"},
        "national_ids": [{"country": "RU", "type": "passport", "value": "71 4455667"}],
        "tax_ids": [{"country": "DE", "value": "12345678903"}],
    }  # fmt: skip
    (asked,) = of(payer=payer).asked
    assert (asked.role, asked.pointer) == ("payer", "/payer")
    query = asked.query
    assert (query.name, query.kind, query.customer) == ("Vladimir Tsiregov", EntityKind.PERSON, "c-7")
    assert query.births == (Born(date(1961, 3, 12), date(1961, 3, 12)),)
    assert query.countries == ("DE", "RU")
    assert {one.kind for one in query.identifiers} == {"passport", "tax_id", "email", "phone"}


def test_owners_banks_accounts_and_wallets_are_asked_for_too() -> None:
    parties = of(
        payment={
            "instrument": "crypto", "issuer_country": "DE",
            "account": {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX"},
        },
        payer={"name": "A"},
        payee={"type": "organisation", "name": "B Ltd", "lei": "529900T8BM49AURSDO55",
            "owners": [{"name": "C"}, {"share": "40"}]},
        crypto={"asset": "XBT", "beneficiary_wallet": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
    )  # fmt: skip
    by_role = {asked.role: asked.query for asked in parties.asked}
    assert set(by_role) == {"payer", "payee", "payee_owner", "payee_wallet", "payer_bank"}
    assert by_role["payer"].identifiers == (Identifier("account", "DE89370400440532013000"),)
    assert by_role["payee_wallet"].identifiers[0].kind == "crypto"
    assert by_role["payee"].kind is EntityKind.ORGANISATION
    assert parties.unnamed == ("/payee/owners/1",)


def test_a_party_that_says_nothing_is_told_apart() -> None:
    parties = of(payer={"id": "c-1", "country": "DE"})
    assert (parties.asked, parties.unnamed) == ((), ("/payer",))


@pytest.mark.parametrize("value", ["-", "1", "00000000", "\u200b"])
def test_a_number_that_tells_nobody_apart_names_nobody(value: str) -> None:
    facts = facts_of(transaction(payee={"id": "c-1", "national_ids": [{"type": "passport", "value": value}]}))
    assert not is_named(facts, "payee")


def test_a_name_or_a_document_names_somebody_and_an_empty_name_does_not() -> None:
    named = facts_of(
        transaction(payer={"name": "Anna"}, payee={"tax_ids": [{"country": "DE", "value": "12345678903"}]})
    )
    assert (is_named(named, "payer"), is_named(named, "payee")) == (True, True)
    empty = facts_of(transaction(payer={"name": ""}, payee={"email": "a@example.org", "account": {"number": "123456"}}))
    assert (is_named(empty, "payer"), is_named(empty, "payee")) == (False, False)


def test_whoever_says_nothing_that_can_be_compared_was_not_looked_for() -> None:
    parties = of(payee={"national_ids": [{"type": "passport", "value": "-"}]})
    assert (parties.asked, parties.unnamed) == ((), ("/payee",))
