"""The travel rule: what is wanted, what is enough, what is still missing."""

from __future__ import annotations

import pytest

from engine.regimes.travel import lacking, read_need
from tests.aml.telling import Told, ask, at, request

PSP = at("payment_institution", "DE")
FULL = {
    "name": "Ada",
    "address": "1 Main Street",
    "id": "c-1",
    "national_ids": [{"country": "DE", "type": "id", "value": "1"}],
}
ACCOUNT = {"account": {"iban": "DE89370400440532013000"}}


def test_a_need_is_read_as_alternatives_of_facts() -> None:
    assert read_need("a + b | c") == (("a", "b"), ("c",))


@pytest.mark.parametrize(
    ("needs", "stated", "missing"),
    [
        (["payer.name"], set(), ["payer.name"]),
        (["payer.name"], {"payer.name"}, []),
        (["a + b | c"], set(), ["c"]),
        (["a + b | c"], {"a"}, ["b"]),
        (["a + b | c + d"], set(), ["a", "b"]),
        (["a + b | c + d"], {"c"}, ["d"]),
        (["a + b | c"], {"a", "b"}, []),
        (["payer.account"], {"payer.account.iban"}, []),
        (["payer.account"], {"payer.accounts"}, ["payer.account"]),
        (["a", "a | b"], set(), ["a"]),
    ],
)
def test_what_lacks_least_is_asked_for(needs: list[str], stated: set[str], missing: list[str]) -> None:
    assert lacking(needs, stated) == missing


def transfer(amount: str, issuer: str, acquirer: str, entity: dict[str, str] | None = None, **more: object) -> Told:
    """Between customers of two providers, of whom the first asks, in an established relationship."""
    instrument = str(more.pop("instrument", "credit_transfer"))
    payment = {"issuer_country": issuer, "acquirer_country": acquirer, **more.pop("payment", {})}  # type: ignore[dict-item]
    payer = {"country": issuer, **more.pop("payer", {})}  # type: ignore[dict-item]
    payee = {"country": acquirer, **more.pop("payee", {})}  # type: ignore[dict-item]
    entity = entity or PSP
    body = request(
        amount,
        instrument,
        payment=payment,
        payer=payer,
        payee=payee,
        kind="transfer",
        obliged_entity=entity,
        relationship="established",
        **more,
    )
    return ask(body)


def test_inside_the_union_the_accounts_go_with_it_and_the_rest_is_handed_over_on_request() -> None:
    told = transfer("5000.00 EUR", "DE", "FR")
    assert told.aml["travel_rule"]["missing"] == ["payment.account.iban", "payee.account"]
    assert told.aml["travel_rule"]["on_request"] == [
        "payer.name",
        "payer.date_of_birth",
        "payer.place_of_birth",
        "payee.name",
    ]
    assert told.aml["travel_rule"]["on_request_within"] == "3 working days"
    assert told.outcome == "collect"


def test_up_to_the_threshold_names_and_accounts_leave_the_union() -> None:
    assert transfer("1000.00 EUR", "DE", "US").aml["travel_rule"]["missing"] == [
        "payer.name",
        "payment.account.iban",
        "payee.name",
        "payee.account",
    ]


def test_one_cent_more_wants_the_full_set() -> None:
    told = transfer(
        "1000.01 EUR",
        "DE",
        "US",
        payer={"name": "Ada", "address": "1 Main Street"},
        payment=ACCOUNT,
        payee={"name": "Bob", "id": "b-1"},
    )
    assert told.aml["travel_rule"]["missing"] == ["payer.national_ids", "payer.id"] or told.aml["travel_rule"][
        "missing"
    ] == ["payer.date_of_birth", "payer.place_of_birth"]


def test_linked_transfers_are_added() -> None:
    linked = [
        {"at": "2026-11-22T09:00:00+00:00", "amount": "600.00", "currency": "EUR", "instrument": "credit_transfer"}
    ]
    told = transfer("400.01 EUR", "DE", "US", linked=linked)
    assert "aml.eu.travel.outside_full" in told.rules


def test_with_everything_stated_nothing_is_collected() -> None:
    told = transfer("9000.00 EUR", "DE", "US", payer=FULL, payment=ACCOUNT, payee={"name": "Bob", "id": "b-1"})
    assert told.aml["travel_rule"] == {
        "applies": True,
        "missing": [],
        "rules": ["aml.eu.travel.outside", "aml.eu.travel.outside_full"],
    }
    assert told.outcome == "allow"


def test_before_the_regulation_the_standard_stands_in() -> None:
    told = transfer("1000.01 EUR", "DE", "US", on="2024-12-29")
    assert "aml.fatf.travel" in told.rules
    assert "aml.eu.travel.outside" not in told.rules
    assert "aml.eu.travel.outside" in transfer("1000.01 EUR", "DE", "US", on="2024-12-30").rules


def test_a_card_payment_for_goods_is_outside() -> None:
    told = ask(
        request(
            "5000.00 EUR",
            "card",
            payment={"issuer_country": "DE", "acquirer_country": "US"},
            payer={"country": "DE"},
            obliged_entity=PSP,
            relationship="established",
        )
    )
    assert told.aml["travel_rule"]["applies"] is False


def test_from_person_to_person_by_card_is_inside() -> None:
    assert transfer("5000.00 EUR", "DE", "US", instrument="card").aml["travel_rule"]["applies"] is True


def test_a_merchant_carries_no_transfers() -> None:
    assert transfer("5000.00 EUR", "DE", "US", entity=at("merchant", "DE")).aml["travel_rule"]["applies"] is False


@pytest.mark.parametrize(("amount", "applies"), [("2999.99 USD", False), ("3000.00 USD", True)])
def test_the_united_states_from_three_thousand_dollars(amount: str, applies: bool) -> None:
    told = transfer(amount, "US", "US", at("bank", "US"))
    assert told.aml["travel_rule"]["applies"] is applies


def test_what_the_united_states_want() -> None:
    told = transfer("3000.00 USD", "US", "US", at("bank", "US"))
    assert told.aml["travel_rule"]["missing"] == ["payer.name", "payment.account.iban", "payer.address"]


def test_canada_wants_both_addresses_with_every_transfer_abroad() -> None:
    told = transfer("1.00 CAD", "CA", "US", at("bank", "CA"))
    assert told.aml["travel_rule"]["missing"] == [
        "payer.name",
        "payment.account.iban",
        "payer.address",
        "payee.name",
        "payee.account",
        "payee.address",
    ]
    assert transfer("1.00 CAD", "CA", "CA", at("bank", "CA")).aml["travel_rule"]["applies"] is False


@pytest.mark.parametrize(
    ("place", "amount", "day", "rules"),
    [
        ("EU", "0.01 EUR", "2024-12-29", []),
        ("EU", "0.01 EUR", "2024-12-30", ["aml.eu.travel.crypto"]),
        ("KR", "999999 KRW", "2026-08-19", []),
        ("KR", "1000000 KRW", "2026-08-19", ["aml.kr.travel.crypto"]),
        ("KR", "1000000 KRW", "2022-03-24", []),
        ("KR", "1 KRW", "2026-08-20", ["aml.kr.travel.crypto"]),
        ("SG", "1500.00 SGD", "2026-11-20", ["aml.sg.travel.crypto_reduced"]),
        ("SG", "1500.01 SGD", "2026-11-20", ["aml.sg.travel.crypto", "aml.sg.travel.crypto_reduced"]),
        ("HK", "7999.99 HKD", "2026-11-20", ["aml.hk.travel.crypto_reduced"]),
        ("HK", "8000.00 HKD", "2026-11-20", ["aml.hk.travel.crypto", "aml.hk.travel.crypto_reduced"]),
        ("JP", "1 JPY", "2023-05-31", []),
        ("JP", "1 JPY", "2023-06-01", ["aml.jp.travel.crypto"]),
        ("CA", "999.99 CAD", "2026-11-20", []),
        ("CA", "1000.00 CAD", "2026-11-20", ["aml.ca.travel.crypto"]),
        ("TR", "15000.00 TRY", "2025-02-25", []),
        ("TR", "15000.01 TRY", "2025-02-25", ["aml.tr.travel.crypto"]),
        ("GB", "999.99 EUR", "2026-11-20", ["aml.gb.travel.crypto_reduced"]),
        ("GB", "1000.00 EUR", "2026-11-20", ["aml.gb.travel.crypto", "aml.gb.travel.crypto_reduced"]),
        ("KE", "999.99 EUR", "2026-11-20", []),
        ("KE", "1000.00 EUR", "2026-11-20", ["aml.fatf.travel_crypto"]),
    ],
)
def test_crypto_assets_place_by_place(place: str, amount: str, day: str, rules: list[str]) -> None:
    home = "DE" if place == "EU" else place
    told = transfer(amount, home, "CH", at("crypto_provider", home), instrument="crypto", on=day)
    assert [rule for rule in told.rules if ".travel" in rule] == rules


def test_a_self_hosted_wallet_above_the_threshold_is_proven() -> None:
    hosted = {"originator_wallet_hosted": True, "beneficiary_wallet_hosted": False}
    entity = at("crypto_provider", "DE")
    assert (
        "crypto.wallet_ownership_verified"
        in transfer("1000.01 EUR", "DE", "DE", entity, instrument="crypto", crypto=hosted).missing
    )
    assert (
        "crypto.wallet_ownership_verified"
        not in transfer("1000.00 EUR", "DE", "DE", entity, instrument="crypto", crypto=hosted).missing
    )
    proven = {**hosted, "wallet_ownership_verified": True}
    assert (
        "crypto.wallet_ownership_verified"
        not in transfer("1000.01 EUR", "DE", "DE", entity, instrument="crypto", crypto=proven).missing
    )


def test_cash_that_is_sent_has_a_reference_instead_of_an_account() -> None:
    entity = at("money_remitter", "DE")
    assert (
        "payment.account.iban" in transfer("50.00 EUR", "DE", "US", entity, instrument="cash", direction="in").missing
    )
    told = transfer("50.00 EUR", "DE", "US", entity, instrument="cash", direction="in", reference="mt-1")
    assert told.aml["travel_rule"]["missing"] == ["payer.name", "payee.name"]
    assert "payment.account.iban" in transfer("50.00 EUR", "DE", "US", entity, reference="mt-1").missing
