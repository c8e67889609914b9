"""Prohibitions of cash: each limit on both sides, whom it binds, and what is added."""

from __future__ import annotations

from typing import Any

import pytest

from tests.aml.telling import Past, Told, ask, at, request


def buy(amount: str, country: str, **more: Any) -> Told:
    """A purchase in cash at a shop."""
    return ask(request(amount, "cash", payee={"country": country, **more.pop("payee", {})}, **more))


LIMITS = [
    ("FR", "2026-11-22", "1000.00 EUR", "1000.01 EUR"),
    ("FR", "2015-08-31", "3000.00 EUR", "3000.01 EUR"),
    ("FR", "2015-09-01", "1000.00 EUR", "1000.01 EUR"),
    ("IT", "2020-06-30", "2999.99 EUR", "3000.00 EUR"),
    ("IT", "2020-07-01", "1999.99 EUR", "2000.00 EUR"),
    ("IT", "2022-12-31", "1999.99 EUR", "2000.00 EUR"),
    ("IT", "2023-01-01", "4999.99 EUR", "5000.00 EUR"),
    ("ES", "2021-07-10", "2499.99 EUR", "2500.00 EUR"),
    ("ES", "2021-07-11", "999.99 EUR", "1000.00 EUR"),
    ("PT", "2026-11-22", "2999.99 EUR", "3000.00 EUR"),
    ("BE", "2013-12-31", "5000.00 EUR", "5000.01 EUR"),
    ("BE", "2014-01-01", "3000.00 EUR", "3000.01 EUR"),
    ("GR", "2016-12-21", "1499.99 EUR", "1500.00 EUR"),
    ("GR", "2016-12-22", "499.99 EUR", "500.00 EUR"),
    ("NL", "2026-01-01", "2999.99 EUR", "3000.00 EUR"),
    ("SK", "2023-06-30", "5000.00 EUR", "5000.01 EUR"),
    ("SK", "2023-07-01", "15000.00 EUR", "15000.01 EUR"),
    ("SK", "2025-12-31", "15000.00 EUR", "15000.01 EUR"),
    ("SK", "2026-01-01", "5000.00 EUR", "5000.01 EUR"),
    ("LV", "2026-11-22", "7200.00 EUR", "7200.01 EUR"),
    ("LT", "2022-10-31", "3000.00 EUR", "3000.01 EUR"),
    ("LT", "2022-11-01", "5000.00 EUR", "5000.01 EUR"),
    ("SI", "2026-11-22", "5000.00 EUR", "5000.01 EUR"),
    ("HR", "2022-12-31", "74999.99 HRK", "75000.00 HRK"),
    ("HR", "2023-01-01", "9999.99 EUR", "10000.00 EUR"),
    ("BG", "2025-12-31", "9999.99 BGN", "10000.00 BGN"),
    ("BG", "2026-01-01", "5112.91 EUR", "5112.92 EUR"),
    ("RO", "2026-11-20", "10000.00 RON", "10000.01 RON"),
    ("CZ", "2026-11-22", "270000.00 CZK", "270000.01 CZK"),
    ("NO", "2026-11-22", "39999.99 NOK", "40000.00 NOK"),
    ("IN", "2026-11-22", "199999.99 INR", "200000.00 INR"),
    ("IL", "2022-07-31", "11000.00 ILS", "11000.01 ILS"),
    ("IL", "2022-08-01", "6000.00 ILS", "6000.01 ILS"),
    ("SN", "2026-11-22", "5000000 XOF", "5000001 XOF"),
    ("CI", "2026-11-22", "5000000 XOF", "5000001 XOF"),
    ("MU", "2026-11-22", "500000.00 MUR", "500000.01 MUR"),
    ("NG", "2026-11-22", "5000000.00 NGN", "5000000.01 NGN"),
    ("DE", "2027-07-10", "10000.00 EUR", "10000.01 EUR"),
    ("AT", "2027-07-10", "10000.00 EUR", "10000.01 EUR"),
]


@pytest.mark.parametrize(("country", "day", "allowed", "forbidden"), LIMITS)
def test_each_limit_on_both_sides(country: str, day: str, allowed: str, forbidden: str) -> None:
    known: dict[str, Any] = {"on": day, "payer": {"country": country, "type": "individual"}}
    assert buy(allowed, country, **known).verdict == "clear"
    told = buy(forbidden, country, **known)
    assert (told.verdict, told.outcome) == ("block", "block")
    assert any(".cash." in rule for rule in told.rules)


@pytest.mark.parametrize(("country", "day", "allowed", "forbidden"), LIMITS)
def test_by_card_the_same_is_allowed(country: str, day: str, allowed: str, forbidden: str) -> None:
    del allowed
    told = ask(request(forbidden, "card", payee={"country": country}, payer={"country": country}, on=day))
    assert told.verdict == "clear"


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("NL", "2025-12-31"),
        ("IN", "2017-03-31"),
        ("NG", "2022-05-11"),
        ("SN", "2024-07-15"),
        ("DE", "2027-07-09"),
        ("NO", "2018-10-14"),
        ("CZ", "2014-11-30"),
    ],
)
def test_the_day_before_the_limit_there_was_none(country: str, day: str) -> None:
    currency = {"NL": "EUR", "IN": "INR", "NG": "NGN", "SN": "XOF", "DE": "EUR", "NO": "NOK", "CZ": "CZK"}[country]
    assert buy(f"90000000 {currency}", country, on=day).verdict == "clear"


@pytest.mark.parametrize(
    ("country", "amount"),
    [("FR", "5000.00 EUR"), ("ES", "5000.00 EUR"), ("NO", "90000.00 NOK"), ("DE", "20000.00 EUR")],
)
def test_banks_are_not_bound(country: str, amount: str) -> None:
    body = request(
        amount,
        "cash",
        kind="deposit",
        obliged_entity=at("bank", country),
        relationship="established",
        payer={"country": country},
        linked=[],
        on="2027-08-02",
    )
    assert ask(body).verdict != "block"


def test_splitting_does_not_help() -> None:
    before = [
        {
            "at": "2026-11-22T09:00:00+00:00",
            "amount": "600.00",
            "currency": "EUR",
            "instrument": "cash",
            "direction": "in",
        }
    ]
    assert buy("400.00 EUR", "FR", linked=before).verdict == "clear"
    assert buy("400.01 EUR", "FR", linked=before).verdict == "block"


def test_what_was_paid_by_card_is_no_cash() -> None:
    before = [{"amount": "600.00", "currency": "EUR", "instrument": "card", "direction": "in"}]
    assert buy("900.00 EUR", "FR", linked=before).verdict == "clear"


def test_india_adds_what_one_person_pays_in_a_day_where_it_is_said_who_pays() -> None:
    assert buy("100000.00 INR", "IN", payer={"id": "c-1"}).verdict == "undecided", "no history can say it"
    body = request("100000.00 INR", "cash", payee={"country": "IN"}, payer={"id": "c-1"})
    assert ask(body, Past("99999.99", "INR")).verdict == "clear"
    assert ask(body, Past("100000.00", "INR")).verdict == "block"
    assert buy("100000.00 INR", "IN").verdict == "clear", "a shop may sell to whom it does not know"


@pytest.mark.parametrize(
    ("country", "resident", "visitor"),
    [("FR", "1000.00 EUR", "10000.00 EUR"), ("ES", "999.99 EUR", "9999.99 EUR"), ("PT", "2999.99 EUR", "9999.99 EUR")],
)
def test_private_visitors_have_a_limit_of_their_own(country: str, resident: str, visitor: str) -> None:
    abroad = {"type": "individual", "country": "US"}
    home = {"type": "individual", "country": country}
    number, currency = visitor.split()
    more = f"{int(float(number) * 100) + 1}"
    beyond = f"{more[:-2]}.{more[-2:]} {currency}"
    assert buy(visitor, country, payer=abroad).verdict == "clear"
    assert buy(beyond, country, payer=abroad).verdict == "block"
    assert buy(resident, country, payer=home).verdict == "clear"
    assert buy(visitor, country, payer=home).verdict == "block"


@pytest.mark.parametrize(
    "payer", [{}, {"type": "individual"}, {"country": "US"}, {"type": "organisation", "country": "US"}]
)
def test_silence_opens_no_higher_limit(payer: dict[str, str]) -> None:
    assert buy("5000.00 EUR", "FR", payer=payer).verdict == "block"


@pytest.mark.parametrize(
    ("country", "allowed", "forbidden"),
    [
        ("PL", "15000.00 PLN", "15000.01 PLN"),
        ("PT", "999.99 EUR", "1000.00 EUR"),
        ("SI", "420.00 EUR", "420.01 EUR"),
        ("RO", "5000.00 RON", "5000.01 RON"),
        ("HU", "1500000.00 HUF", "1500000.01 HUF"),
    ],
)
def test_between_businesses(country: str, allowed: str, forbidden: str) -> None:
    business, person = {"type": "organisation", "country": country}, {"type": "individual", "country": country}
    assert buy(allowed, country, payer=business).verdict == "clear"
    assert buy(forbidden, country, payer=business).verdict == "block"
    assert buy(forbidden, country, payer=person).verdict == "clear"
    told = buy(forbidden, country, payer={"country": country})
    assert (told.verdict, told.missing) == ("undecided", ["payer.type"])


@pytest.mark.parametrize(
    ("country", "day", "allowed", "forbidden"),
    [
        ("IL", "2026-11-22", "15000.00 ILS", "15000.01 ILS"),
        ("IL", "2022-07-31", "50000.00 ILS", "50000.01 ILS"),
        ("SK", "2026-11-22", "15000.00 EUR", "15000.01 EUR"),
        ("RO", "2026-11-20", "50000.00 RON", "50000.01 RON"),
    ],
)
def test_between_private_persons(country: str, day: str, allowed: str, forbidden: str) -> None:
    private: dict[str, Any] = {
        "kind": "transfer",
        "payer": {"type": "individual", "country": country},
        "payee": {"type": "individual"},
        "on": day,
    }
    assert buy(allowed, country, **private).verdict == "clear"
    assert buy(forbidden, country, **private).verdict == "block"


def test_the_unions_limit_does_not_bind_private_persons() -> None:
    private: dict[str, Any] = {
        "kind": "transfer",
        "payer": {"type": "individual", "country": "DE"},
        "payee": {"type": "individual"},
    }
    assert buy("50000.00 EUR", "DE", on="2027-08-02", **private).verdict == "clear"
    assert buy("50000.00 EUR", "DE", on="2027-08-02").verdict == "block"


@pytest.mark.parametrize(
    ("country", "category", "allowed", "forbidden"),
    [
        ("MT", "jewellery", "10000.00 EUR", "10000.01 EUR"),
        ("KW", "jewellery", "3000.000 KWD", "3000.001 KWD"),
        ("DO", "vehicle", "500000.00 DOP", "500000.01 DOP"),
        ("DO", "art", "450000.00 DOP", "450000.01 DOP"),
    ],
)
def test_some_limits_speak_of_certain_things(country: str, category: str, allowed: str, forbidden: str) -> None:
    thing = [{"category": category, "kind": "goods"}]
    assert buy(allowed, country, lines=thing).verdict == "clear"
    assert buy(forbidden, country, lines=thing).verdict == "block"
    assert buy(forbidden, country, lines=[{"category": "books", "kind": "goods"}]).verdict == "clear"
    told = buy(forbidden, country)
    assert (told.verdict, told.missing) == ("undecided", ["lines"])


def test_land_in_the_dominican_republic() -> None:
    assert buy("1000000.01 DOP", "DO", lines=[{"kind": "immovable_property", "category": "land"}]).verdict == "block"
    assert buy("1000000.00 DOP", "DO", lines=[{"kind": "immovable_property", "category": "land"}]).verdict == "clear"


def test_uruguays_indexed_units_need_no_value_below_a_million_pesos() -> None:
    assert buy("1000000.00 UYU", "UY").verdict == "clear"
    told = buy("1000000.01 UYU", "UY")
    assert (told.verdict, told.missing) == ("undecided", ["rates.UYU.UYI"])


def test_mexico_counts_in_units_of_the_year() -> None:
    car = {"obliged_entity": at("car_dealer", "MX"), "relationship": "established", "payer": {"country": "MX"}}
    assert buy("376565.09 MXN", "MX", **car).verdict != "block"
    assert buy("376565.10 MXN", "MX", **car).verdict == "block"
    assert buy("376565.09 MXN", "MX", on="2026-01-31", **car).verdict == "block"


@pytest.mark.parametrize("country", ["DE", "AT", "CY", "FI", "EE", "IE", "LU", "GB", "US", "CA"])
def test_where_there_is_no_limit_none_is_invented(country: str) -> None:
    currency = {"GB": "GBP", "US": "USD", "CA": "CAD"}.get(country, "EUR")
    assert buy(f"90000.00 {currency}", country).verdict != "block"


@pytest.mark.parametrize(("day", "outcome"), [("2027-07-09", "clear"), ("2027-07-10", "block")])
def test_anonymous_prepaid_cards_from_third_countries(day: str, outcome: str) -> None:
    body = request(
        "20.00 EUR",
        "card",
        on=day,
        asked_by="acquirer",
        payment={"issuer_country": "US", "acquirer_country": "DE", "anonymous_prepaid": True},
    )
    assert ask(body).verdict == outcome
    inside = request(
        "20.00 EUR",
        "card",
        on=day,
        asked_by="acquirer",
        payment={"issuer_country": "FR", "acquirer_country": "DE", "anonymous_prepaid": True},
    )
    assert ask(inside).verdict == "clear"


def test_a_tourist_pays_a_french_casino_up_to_15000_and_a_shop_up_to_10000() -> None:
    tourist = {"type": "individual", "country": "JP"}
    casino = at("casino", "FR")
    assert buy("10000.01 EUR", "FR", payer=tourist).verdict == "block"
    assert buy("15000.00 EUR", "FR", payer=tourist, obliged_entity=casino).verdict != "block"
    assert buy("15000.01 EUR", "FR", payer=tourist, obliged_entity=casino).verdict == "block"
    assert buy("10000.01 EUR", "FR", payer=tourist, obliged_entity=at("goods_trader", "FR")).verdict == "block"


def test_electronic_money_has_a_limit_in_france() -> None:
    def pay(amount: str, **more: Any) -> str:
        return ask(request(amount, "e_money", payee={"country": "FR"}, payer={"country": "FR"}, **more)).verdict

    assert pay("3000.00 EUR") == "clear"
    assert pay("3000.01 EUR") == "block"
    assert pay("3000.01 EUR", on="2015-08-31") == "clear"


@pytest.mark.parametrize(
    ("country", "before", "day"), [("GR", "2023-12-10", "2023-12-11"), ("DE", "2023-03-31", "2023-04-01")]
)
def test_no_part_of_the_price_of_real_estate_is_cash(country: str, before: str, day: str) -> None:
    house = [{"id": "1", "kind": "immovable_property"}]
    assert buy("100.00 EUR", country, on=before, lines=house).verdict == "clear"
    assert buy("100.00 EUR", country, on=day, lines=house).verdict == "block"
    assert buy("100.00 EUR", country, on=day, lines=[{"id": "1", "category": "food"}]).verdict == "clear"
    assert buy("100.00 EUR", country, on=day).verdict == "clear"
