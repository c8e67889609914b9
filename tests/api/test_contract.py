"""The contract's own names: a body that states every one of them is read, and its days as well as its instants."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client
from tests.api.conftest import sample

PATH = "/v1/preflight"
DAY, MOMENT = "2026-01-01", "2026-01-01T09:00:00+01:00"

PARTY: dict[str, Any] = {
    "id": "c-1", "merchant": "m-1", "type": "individual", "name": "A", "country": "FR", "region": "FR-IDF",
    "postal_code": "75001", "address": "1, rue A", "date_of_birth": "1980-01-01", "nationality": "FR", "email": "a@b.example",
    "phone": {"number": "+33612345678", "verified": True},
    "tax_ids": [{"country": "FR", "value": "FR123", "verified": True}],
    "national_ids": [{"country": "FR", "type": "cni", "value": "A1"}],
    "identity": {"level": "verified", "verified_at": MOMENT, "documents": ["passport"]},
    "politically_exposed": "none", "risk": "low", "opened_at": DAY, "monthly_income": "1000.00", "expected_daily_cash": "10.00",
    "owners": [{"share": "25", "name": "B", "country": "FR", "listed": False}], "last_review": DAY, "edd": False,
    "balance": "1.00", "totals": {"balance": "1.00", "spent_today": "1.00", "received_month": "1.00", "loaded_month": "1.00"},
    "wallet_tier": "tier_1", "industry": "5411",
    "evidence": {
        "billing_country": "FR", "ip_country": "FR", "bank_country": "FR", "sim_country": "FR", "other_country": "FR",
    },
    "registrations": [{"jurisdiction": "FR", "scheme": "oss", "number": "FR1", "since": DAY}], "facts": {"turnover": "5"},
}  # fmt: skip

EVERYTHING: dict[str, Any] = {
    "reference": "r", "occurred_at": MOMENT, "kind": "sale", "amount": "24.90", "currency": "EUR", "locale": "fr",
    "asked_by": "issuer",
    "payment": {
        "instrument": "card", "method": "visa", "channel": "remote", "initiator": "payer", "issuer_country": "FR",
        "acquirer_country": "DE",
        "mandate": {
            "id": "m", "authenticated": True, "form": "remote", "first": False, "same_amount": True, "same_payee": True,
            "max_amount": "100.00", "category": "insurance", "created_at": DAY, "valid_until": "2027-01-01",
            "notice_sent_at": MOMENT, "being_set_up": False,
        },
        "since_authenticated": {"amount": "40.00", "currency": "EUR", "count": 2, "policy": "amount"},
        "fraud_rate": {"bps": "13", "reference_date": "2025-12-31", "suspended_bands": ["500"]},
        "risk": {"level": "low", "signals": []}, "terminal": {"attended": False, "purpose": "transport_fare"},
        "anonymous_prepaid": False, "corporate_process": False, "trusted_beneficiary": False, "own_account": False,
        "offline": False,
        "authentication": {
            "done": True, "method": "app", "factors": ["knowledge", "possession"], "dynamic_linking": True, "at": MOMENT,
        },
        "device": {"registered": True, "verified": "pin", "kind": "phone"},
        "limits": {"issuer_contactless": "50.00", "user_threshold": "100.00", "day_total": "0.00", "night_total": "0.00"},
        "card": {
            "bin": "411111", "last4": "1111", "brand": "visa", "funding": "credit", "product": "classic", "expiry": "2028-11",
        },
        "account": {"iban": "DE89370400440532013000", "bic": "DEUTDEFF", "alias": "a@b.example", "alias_type": "email"},
        "installments": 3,
    },
    "obliged_entity": {"role": "bank", "country": "DE"}, "relationship": "established", "customer": "payee",
    "suspicion": False, "unusual": False,
    "linked": [
        {"at": MOMENT, "amount": "5.00", "currency": "EUR", "instrument": "card", "direction": "in", "conductor": "a",
         "beneficiary": "b"},
    ],
    "direction": "in", "payer": PARTY, "payee": PARTY,
    "lines": [
        {"id": "1", "kind": "goods", "category": "books", "quantity": "2", "unit_amount": "12.45", "amount": "24.90",
         "discount": "0.00", "tax_inclusive": True, "ship_from": {"country": "DE", "region": "DE-BY", "postal_code": "8"},
         "ship_to": {"country": "FR"}, "supplied_at": {"country": "FR", "region": "FR-IDF"}, "origin": {"country": "CN"},
         "consignment_value": "10.00", "marketplace": False, "facts": {"a": 1}},
    ],
    "data": [
        {"data_class": "transaction_record", "data_form": "pseudonymised", "action": "store", "region_country": "DE",
         "region_subdivision": "DE-BY", "actor_role": "merchant", "mechanism": {"kind": "scc"}, "subject_country": "FR"},
    ],
    "crypto": {"asset": "BTC", "originator_wallet_hosted": True, "beneficiary_wallet_hosted": False},
}  # fmt: skip


def test_every_field_of_the_contract_is_read(client: Client) -> None:
    reply = client.post(PATH, EVERYTHING)
    assert (reply.status, reply.json().get("errors")) == (200, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("2026-02-30", "date_range"),
        ("1799-01-01", "instant_range"),
        ("1 January", "instant_form"),
        (20260101, "instant_form"),
    ],
)
@pytest.mark.parametrize("field", ["created_at", "valid_until"])
def test_a_day_of_a_mandate_that_cannot_be(client: Client, field: str, said: object, code: str) -> None:
    body = sample("in-e-mandate")
    body["payment"]["mandate"][field] = said
    (fault,) = client.post(PATH, body).json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/payment/mandate/{field}", code)


@pytest.mark.parametrize(("last", "outcome"), [("2026-11-22", "allow"), ("2026-11-21", "challenge")])
def test_a_mandate_is_valid_through_the_day_that_is_told(client: Client, last: str, outcome: str) -> None:
    body = sample("in-e-mandate")
    body["occurred_at"] = "2026-11-22T23:30:00+05:30"
    body["payment"]["mandate"] |= {"valid_until": last, "notice_sent_at": "2026-11-20T12:00:00+05:30"}
    assert client.post(PATH, body).json()["outcome"] == outcome
