"""Due diligence: when it is due, when more, when less, and what silence makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.aml.telling import Told, ask, at, request


def level(amount: str, country: str, role: str = "bank", instrument: str = "credit_transfer", **more: Any) -> str:
    return told(amount, country, role, instrument, **more).diligence


def told(amount: str, country: str, role: str = "bank", instrument: str = "credit_transfer", **more: Any) -> Told:
    """An occasional operation at home, of a stated payer."""
    facts: dict[str, Any] = {
        "kind": "deposit" if instrument in ("cash", "crypto") else "sale",
        "relationship": "occasional",
        "linked": [],
    }
    payer = {"country": country, "id": "c-1", **more.pop("payer", {})}
    payment = {"issuer_country": country, "acquirer_country": country}
    facts |= more
    return ask(
        request(
            amount,
            instrument,
            payer=payer,
            payee={"country": country},
            payment=payment,
            obliged_entity=at(role, country),
            **facts,
        )
    )


EDGES = [
    ("DE", "bank", "cash", "2026-11-20", "14999.99 EUR", "15000.00 EUR"),
    ("DE", "bank", "cash", "2027-07-09", "14999.99 EUR", "15000.00 EUR"),
    ("AT", "bank", "cash", "2027-07-12", "2999.99 EUR", "3000.00 EUR"),
    ("AT", "bank", "card", "2027-07-12", "9999.99 EUR", "10000.00 EUR"),
    ("AT", "bank", "card", "2027-07-09", "14999.99 EUR", "15000.00 EUR"),
    ("AT", "payment_institution", "credit_transfer", "2027-07-09", "1000.00 EUR", "1000.01 EUR"),
    ("AT", "payment_institution", "credit_transfer", "2027-07-12", "999.99 EUR", "1000.00 EUR"),
    ("AT", "casino", "card", "2026-11-20", "1999.99 EUR", "2000.00 EUR"),
    ("AT", "casino", "card", "2027-07-12", "1999.99 EUR", "2000.00 EUR"),
    ("FI", "bank", "card", "2026-11-20", "9999.99 EUR", "10000.00 EUR"),
    ("FI", "payment_institution", "credit_transfer", "2026-11-20", "1000.00 EUR", "1000.01 EUR"),
    ("IE", "payment_institution", "credit_transfer", "2026-11-20", "999.99 EUR", "1000.00 EUR"),
    ("SE", "goods_trader", "cash", "2026-11-20", "4999.99 EUR", "5000.00 EUR"),
    ("DE", "precious_metals_dealer", "cash", "2026-11-20", "1999.99 EUR", "2000.00 EUR"),
    ("DE", "goods_trader", "cash", "2026-11-20", "9999.99 EUR", "10000.00 EUR"),
    ("DE", "art_dealer", "card", "2026-11-20", "9999.99 EUR", "10000.00 EUR"),
    ("CZ", "bank", "card", "2026-11-20", "1000.00 EUR", "1000.01 EUR"),
    ("GB", "bank", "card", "2026-06-29", "14999.99 EUR", "15000.00 EUR"),
    ("GB", "bank", "card", "2026-06-30", "11999.99 GBP", "12000.00 GBP"),
    ("GB", "payment_institution", "credit_transfer", "2026-06-29", "1000.00 EUR", "1000.01 EUR"),
    ("GB", "payment_institution", "credit_transfer", "2026-06-30", "800.00 GBP", "800.01 GBP"),
    ("GB", "goods_trader", "cash", "2026-06-29", "9999.99 EUR", "10000.00 EUR"),
    ("GB", "goods_trader", "cash", "2026-06-30", "9999.99 GBP", "10000.00 GBP"),
    ("CA", "bank", "credit_transfer", "2026-11-20", "999.99 CAD", "1000.00 CAD"),
    ("CA", "exchange_bureau", "cash", "2026-11-20", "2999.99 CAD", "3000.00 CAD"),
    ("NO", "bank", "card", "2026-11-20", "99999.99 NOK", "100000.00 NOK"),
    ("HK", "bank", "card", "2026-11-20", "119999.99 HKD", "120000.00 HKD"),
    ("HK", "payment_institution", "credit_transfer", "2026-11-20", "7999.99 HKD", "8000.00 HKD"),
    ("SG", "bank", "card", "2026-11-20", "20000.00 SGD", "20000.01 SGD"),
    ("JP", "bank", "cash", "2026-11-20", "2000000 JPY", "2000001 JPY"),
    ("CH", "goods_trader", "cash", "2026-11-20", "100000.00 CHF", "100000.01 CHF"),
    ("NZ", "bank", "cash", "2026-11-20", "9999.99 NZD", "10000.00 NZD"),
    ("ZA", "bank", "card", "2026-11-20", "4999.99 ZAR", "5000.00 ZAR"),
    ("AE", "bank", "card", "2026-11-20", "54999.99 AED", "55000.00 AED"),
    ("TW", "bank", "card", "2026-11-20", "500000.00 TWD", "500000.01 TWD"),
    ("TR", "bank", "card", "2026-11-20", "184999.99 TRY", "185000.00 TRY"),
    ("PE", "payment_institution", "credit_transfer", "2026-11-20", "999.99 USD", "1000.00 USD"),
    ("FJ", "bank", "card", "2026-11-20", "15000.00 EUR", "15000.01 EUR"),
    ("FJ", "casino", "card", "2026-11-20", "2999.99 EUR", "3000.00 EUR"),
]


@pytest.mark.parametrize(("country", "role", "instrument", "day", "nothing", "due"), EDGES)
def test_each_threshold_on_both_sides(
    country: str, role: str, instrument: str, day: str, nothing: str, due: str
) -> None:
    assert level(nothing, country, role, instrument, on=day) == "none"
    assert level(due, country, role, instrument, on=day) == "standard"


@pytest.mark.parametrize(("country", "role", "instrument", "day", "nothing", "due"), EDGES)
def test_suspicion_overrides_every_threshold(
    country: str, role: str, instrument: str, day: str, nothing: str, due: str
) -> None:
    del due
    found = told(nothing, country, role, instrument, on=day, suspicion=True)
    assert found.diligence == "standard"
    assert found.outcome == "review"


@pytest.mark.parametrize("amount", ["0.01 EUR", "14999.99 EUR"])
def test_a_new_relationship_always_begins_with_it(amount: str) -> None:
    assert level(amount, "DE", relationship="new") == "standard"
    assert level(amount, "DE", relationship="established") == "none"


def test_an_established_relationship_has_no_threshold() -> None:
    assert level("90000.00 EUR", "DE", relationship="established") == "none"


def test_silence_on_the_relationship_counts_as_a_new_one_and_is_asked_for() -> None:
    found = ask(
        request("10.00 EUR", "card", payer={"country": "DE"}, payee={"country": "DE"}, obliged_entity=at("bank", "DE"))
    )
    assert found.diligence == "standard"
    assert found.missing == ["relationship"]
    assert found.aml["due_diligence_reasons"][0]["told"] is False


@pytest.mark.parametrize(
    ("exposed", "expected"),
    [("none", "none"), ("domestic", "enhanced"), ("foreign", "enhanced"), ("family", "enhanced"), ("former", "none")],
)
def test_politically_exposed_persons(exposed: str, expected: str) -> None:
    assert level("10.00 EUR", "DE", relationship="established", payer={"politically_exposed": exposed}) == expected


def test_the_unusual_is_looked_at_more_closely() -> None:
    assert level("10.00 EUR", "DE", relationship="established", unusual=True) == "enhanced"


def test_lower_risk_lowers_what_is_due_and_nothing_else() -> None:
    low = {"payer": {"risk": "low"}}
    assert level("15000.00 EUR", "DE", "bank", "card", **low) == "simplified"
    assert level("14999.99 EUR", "DE", "bank", "card", **low) == "none"


@pytest.mark.parametrize(
    "more", [{"suspicion": True}, {"unusual": True}, {"payer": {"risk": "low", "politically_exposed": "foreign"}}]
)
def test_nothing_lowers_suspicion_or_what_asks_for_more(more: dict[str, Any]) -> None:
    assert level("15000.00 EUR", "DE", **{"payer": {"risk": "low"}, **more}) in ("standard", "enhanced")


def test_small_e_money_is_simplified_until_2027() -> None:
    body = request(
        "50.00 EUR",
        "e_money",
        payer={"country": "AT"},
        payee={"country": "AT"},
        obliged_entity=at("e_money_institution", "AT"),
        payment={"channel": "remote"},
        relationship="new",
    )
    assert ask(body).diligence == "simplified"
    assert ask({**body, "amount": "50.01"}).diligence == "standard"
    assert (
        ask({**body, "amount": "150.00", "payment": {"instrument": "e_money", "channel": "contactless"}}).diligence
        == "simplified"
    )
    assert ask({**body, "occurred_at": "2027-07-12T12:00:00+00:00"}).diligence == "standard"


def test_linked_operations_are_added() -> None:
    before = [{"amount": "10000.00", "currency": "EUR", "instrument": "credit_transfer"}]
    assert level("5000.00 EUR", "DE", "bank", "card", linked=before) == "standard"
    assert level("4999.99 EUR", "DE", "bank", "card", linked=before) == "none"


def test_reasons_name_the_rules() -> None:
    found = told("15000.00 EUR", "DE")
    assert {"aml.de.diligence.occasional", "aml.eu.diligence.occasional"} <= {
        entry["rule"] for entry in found.aml["due_diligence_reasons"]
    }
    assert "due_diligence_standard" in found.duties


def test_a_merchant_becomes_obliged_by_cash_from_the_threshold_on() -> None:
    assert level("9999.99 EUR", "DE", "merchant", "cash", kind="sale") == "none"
    assert level("10000.00 EUR", "DE", "merchant", "cash", kind="sale") == "standard"


# -- records -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "until"),
    [
        ("DE", "2031-11-20"),
        ("CZ", "2036-11-20"),
        ("CH", "2036-11-20"),
        ("AU", "2033-11-20"),
        ("JP", "2033-11-20"),
        ("KE", "2033-11-20"),
        ("TR", "2034-11-20"),
        ("US", "2031-11-20"),
        ("ES", "2036-11-20"),
        ("FJ", "2031-11-21"),
    ],  # noon in London is past midnight in Fiji
)
def test_how_long_records_are_kept(country: str, until: str) -> None:
    assert told("10.00 EUR", country, on="2026-11-20").aml["retain_until"] == until


def test_a_leap_day_ends_on_the_28th() -> None:
    assert told("10.00 EUR", "US", on="2028-02-29").aml["retain_until"] == "2033-02-28"


def test_records_have_an_end_as_well_as_a_term() -> None:
    duty = next(one for one in told("10.00 EUR", "DE").body["obligations"] if one["code"] == "retain_records")
    assert duty["years"] == 5
    assert duty["at_most_years"] == 10


def test_from_the_regulation_on_the_union_has_one_term() -> None:
    before = told("10.00 EUR", "AT", on="2027-07-09")
    after = told("10.00 EUR", "AT", on="2027-07-12")
    assert "aml.fatf.records" in before.rules
    assert "aml.eu.records" in after.rules


def test_a_merchant_keeps_nothing_by_this_law() -> None:
    assert level("10.00 EUR", "DE", "merchant") == "none"
    assert told("10.00 EUR", "DE", "merchant").aml["retain_until"] is None


@pytest.mark.parametrize(("on", "expected"), [("2027-07-09", "none"), ("2027-07-12", "standard")])
def test_customers_of_crypto_services_are_identified_from_the_first_euro(on: str, expected: str) -> None:
    small = told("10.00 EUR", "AT", "crypto_provider", "crypto", on=on)
    assert small.diligence == expected
    measures = [one["measures"] for one in small.aml["due_diligence_reasons"]]
    assert measures == ([] if expected == "none" else [["identify", "verify"]])
    below, whole = (
        told(amount, "AT", "crypto_provider", "crypto", on=on).rules for amount in ("999.99 EUR", "1000.00 EUR")
    )
    assert ("aml.eu.diligence.crypto" in whole) == (expected == "standard")
    assert "aml.eu.diligence.crypto" not in below


def test_cash_of_15000_francs_is_identified_in_switzerland() -> None:
    assert level("14999.99 CHF", "CH", instrument="cash") == "none"
    assert level("15000.00 CHF", "CH", instrument="cash") == "standard"


@pytest.mark.parametrize(("on", "verdict"), [("2027-07-09", "clear"), ("2027-07-12", "block")])
def test_a_payment_institution_takes_no_anonymous_card_from_outside_the_union(on: str, verdict: str) -> None:
    card = {"issuer_country": "US", "acquirer_country": "DE", "anonymous_prepaid": True}
    body = request(
        "10.00 EUR",
        "card",
        on=on,
        payment=card,
        obliged_entity=at("payment_institution", "DE"),
        relationship="established",
    )
    assert ask(body | {"payer": {"country": "DE"}, "payee": {"country": "DE"}}).verdict == verdict
