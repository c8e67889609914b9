"""Embargoes by regime and region, and the lists of risk, each on the day before and on the day."""

from __future__ import annotations

from typing import Any

import pytest

from tests.aml.telling import Told, ask, at, request
from tests.law.telling import law


def sale(payer: dict[str, str], country: str, amount: str = "10.00 EUR", **more: Any) -> Told:
    """A card payment to a merchant."""
    return ask(request(amount, "card", payer=payer, payee={"country": country}, **more))


def regimes(told: Told) -> set[str]:
    return {rule.split(".")[1] for rule in told.rules if "embargo" in rule}


DATES = [
    # merchant, currency, payer, the day before, its verdict, the day, its verdict
    ("US", "USD", {"country": "SY"}, "2004-05-10", "clear", "2004-05-11", "block"),
    ("US", "USD", {"country": "SY"}, "2025-06-30", "block", "2025-07-01", "clear"),
    ("US", "USD", {"country": "CU"}, "1963-07-07", "clear", "1963-07-08", "block"),
    ("US", "USD", {"country": "UA", "region": "UA-43"}, "2014-12-18", "review", "2014-12-19", "block"),
    ("US", "USD", {"country": "UA", "region": "UA-40"}, "2014-12-18", "review", "2014-12-19", "block"),
    ("US", "USD", {"country": "UA", "region": "UA-14"}, "2022-02-20", "review", "2022-02-21", "block"),
    ("US", "USD", {"country": "UA", "region": "UA-09"}, "2022-02-20", "review", "2022-02-21", "block"),
    ("DE", "EUR", {"country": "UA", "region": "UA-43"}, "2014-06-24", "review", "2014-06-25", "block"),
    ("DE", "EUR", {"country": "UA", "region": "UA-40"}, "2014-06-24", "review", "2014-06-25", "block"),
    ("DE", "EUR", {"country": "UA", "region": "UA-14"}, "2022-02-23", "review", "2022-02-24", "block"),
    ("DE", "EUR", {"country": "UA", "region": "UA-09"}, "2022-02-23", "review", "2022-02-24", "block"),
    ("DE", "EUR", {"country": "UA", "region": "UA-65"}, "2022-10-06", "review", "2022-10-07", "block"),
    ("DE", "EUR", {"country": "UA", "region": "UA-23"}, "2022-10-06", "review", "2022-10-07", "block"),
    ("DE", "EUR", {"country": "SY"}, "2025-05-27", "review", "2025-05-28", "clear"),
    ("DE", "EUR", {"country": "IR"}, "2025-09-27", "clear", "2025-09-29", "review"),
    ("GB", "GBP", {"country": "UA", "region": "UA-43"}, "2020-12-30", "review", "2020-12-31", "block"),
    ("GB", "GBP", {"country": "UA", "region": "UA-14"}, "2022-02-28", "review", "2022-03-01", "block"),
    ("GB", "GBP", {"country": "UA", "region": "UA-65"}, "2023-06-19", "review", "2023-06-20", "block"),
    ("GB", "GBP", {"country": "UA", "region": "UA-23"}, "2023-06-19", "review", "2023-06-20", "block"),
    ("GB", "GBP", {"country": "SY"}, "2025-04-24", "review", "2025-04-25", "clear"),
    ("CA", "CAD", {"country": "UA", "region": "UA-43"}, "2014-12-18", "review", "2014-12-19", "block"),
    ("BR", "BRL", {"country": "KP"}, "2006-10-13", "clear", "2006-10-14", "block"),
    ("BR", "BRL", {"country": "IR"}, "2025-09-27", "clear", "2025-09-28", "review"),
]


@pytest.mark.parametrize(("country", "currency", "payer", "before", "was", "day", "becomes"), DATES)
def test_each_regime_bites_on_its_day(
    country: str, currency: str, payer: dict[str, str], before: str, was: str, day: str, becomes: str
) -> None:
    # GB in 2020 was still under the Union's law, whose embargo is older.
    if not (country == "GB" and before == "2020-12-30"):
        assert sale(payer, country, f"10.00 {currency}", on=before).verdict == was
    assert sale(payer, country, f"10.00 {currency}", on=day).verdict == becomes


@pytest.mark.parametrize(("country", "regime"), [("DE", "eu"), ("GB", "gb"), ("US", "us"), ("CA", "ca")])
def test_the_finding_names_the_regime(country: str, regime: str) -> None:
    told = sale({"country": "UA", "region": "UA-43"}, country, "10.00 EUR")
    assert regimes(told) == {regime}
    assert told.outcome == "block"


@pytest.mark.parametrize("region", ["UA-43", "43", "UA-40", "40"])
def test_regions_are_read_long_and_short(region: str) -> None:
    assert sale({"country": "UA", "region": region}, "DE").verdict == "block"


@pytest.mark.parametrize("country", ["DE", "GB", "US", "CA", "IN", "BR", "JP", "AQ"])
def test_a_party_in_ukraine_without_a_region_is_held_everywhere(country: str) -> None:
    told = sale({"country": "UA"}, country)
    assert told.outcome == "review"
    assert "payer.region" in told.missing


@pytest.mark.parametrize("country", ["DE", "GB", "US", "CA", "IN"])
@pytest.mark.parametrize("region", ["UA-30", "30", "UA-46"])
def test_kyiv_and_lviv_are_under_no_embargo(country: str, region: str) -> None:
    assert sale({"country": "UA", "region": region}, country).verdict == "clear"


def test_a_region_that_nobody_can_read_is_held() -> None:
    assert sale({"country": "UA", "region": "somewhere"}, "DE").outcome == "review"


def test_where_the_government_is_in_control_a_part_of_a_region_is_free_but_not_crimea() -> None:
    free: dict[str, Any] = {"country": "UA", "government_controlled": True}
    assert "aml.eu.embargo_regions" not in sale({**free, "region": "UA-14"}, "DE").rules
    assert "aml.eu.embargo_regions" in sale({**free, "region": "UA-43"}, "DE").rules


@pytest.mark.parametrize("country", ["DE", "FR", "BR", "CH", "IN", "AQ"])
def test_north_korea_is_closed_everywhere(country: str) -> None:
    assert sale({"country": "KP"}, country).outcome == "block"


def test_dollars_bring_the_law_of_the_united_states() -> None:
    assert sale({"country": "IR"}, "BR", "10.00 USD").verdict == "block"
    assert "aml.us_dollar.embargo" in sale({"country": "IR"}, "BR", "10.00 USD").rules
    assert "aml.us_dollar.embargo" not in sale({"country": "IR"}, "BR", "10.00 BRL").rules


def test_cuba_is_an_embargo_of_the_united_states_alone() -> None:
    assert sale({"country": "CU"}, "US", "10.00 EUR").verdict == "block"
    assert sale({"country": "CU"}, "BR", "10.00 USD").verdict == "block"
    assert sale({"country": "CU"}, "BR", "10.00 BRL").verdict == "clear"
    assert sale({"country": "CU"}, "DE", "10.00 EUR").verdict == "clear"


def test_the_union_forbids_to_refuse_cuba_for_that_embargo_alone() -> None:
    told = sale({"country": "CU"}, "DE", "10.00 USD")
    assert told.verdict == "review"
    assert "aml.eu.blocking_statute" in told.rules


def test_the_place_of_the_provider_stands_in_for_the_party() -> None:
    told = ask(request("10.00 EUR", "card", payment={"issuer_country": "KP", "acquirer_country": "DE"}))
    assert told.outcome == "block"


def test_a_transfer_to_nobody_knows_where_is_undecided() -> None:
    body = request(
        "10.00 EUR",
        "credit_transfer",
        kind="transfer",
        payer={"country": "DE"},
        obliged_entity=at("bank", "DE"),
        relationship="established",
    )
    told = ask(body)
    assert told.outcome == "review"
    assert "payee.country" in told.missing


def test_what_is_blocked_stays_blocked_and_asks_nothing() -> None:
    body = request(
        "10.00 EUR",
        "credit_transfer",
        kind="transfer",
        payer={"country": "KP"},
        obliged_entity=at("bank", "DE"),
        suspicion=True,
    )
    told = ask(body)
    assert (told.verdict, told.outcome) == ("block", "block")
    assert [field for field in told.missing if not field.startswith(("payment.account", "payee.", "payer.name"))] == []


# -- lists of risk -----------------------------------------------------------------------------------------------------------


def bank(payer: dict[str, Any], country: str, day: str = "2026-11-22", **more: Any) -> Told:
    """A transfer at a bank in an established relationship, with the travel rule's data aside."""
    body = request(
        "10.00 EUR",
        "credit_transfer",
        kind="transfer",
        payer=payer,
        payee={"country": country},
        obliged_entity=at("bank", country),
        relationship="established",
        on=day,
        **more,
    )
    return ask(body)


def changes(code: str) -> list[tuple[str, str, bool]]:
    """(place, day, whether it is on the list) on every first day, every day before, and on both sides of every end."""
    found = []
    for member in law().packs[code].members:
        if member.start.year > 2017:
            found += [
                (member.place, str(member.start), True),
                (member.place, str(member.start.fromordinal(member.start.toordinal() - 1)), False),
            ]
        if member.end:
            found += [
                (member.place, str(member.end.fromordinal(member.end.toordinal() - 1)), True),
                (member.place, str(member.end), False),
            ]
    followed = {(one.place, str(one.start)) for one in law().packs[code].members}
    return [entry for entry in found if entry[2] or (entry[0], entry[1]) not in followed]


@pytest.mark.parametrize(("place", "day", "listed"), changes("HIGH-RISK-EU"))
def test_each_date_of_the_unions_list(place: str, day: str, listed: bool) -> None:
    told = bank({"country": place, "region": "x"}, "DE", day)
    assert ("aml.eu.high_risk_country" in told.rules) is listed
    if listed:
        assert told.diligence == "enhanced"


@pytest.mark.parametrize(("place", "day", "listed"), [one for one in changes("HIGH-RISK-GB") if one[1] >= "2024-01-22"])
def test_each_date_of_the_kingdoms_list(place: str, day: str, listed: bool) -> None:
    assert ("aml.gb.high_risk_country" in bank({"country": place}, "GB", day).rules) is listed


@pytest.mark.parametrize(("place", "day", "listed"), changes("FATF-BLACK"))
def test_each_date_of_the_call_for_action(place: str, day: str, listed: bool) -> None:
    assert ("aml.fatf.call_for_action" in bank({"country": place}, "KE", day).rules) is listed


@pytest.mark.parametrize(("place", "day", "listed"), changes("FATF-GREY"))
def test_each_date_of_increased_monitoring(place: str, day: str, listed: bool) -> None:
    """A factor of risk: the list is asked, and no enhanced due diligence follows from it alone."""
    from datetime import date

    members = law().layers.members(date.fromisoformat(day))["FATF-GREY"]
    assert (place in members) is listed


def test_grey_listing_orders_nothing_where_the_law_does_not_say_so() -> None:
    assert bank({"country": "VN"}, "KE").diligence == "none"
    assert bank({"country": "VN"}, "DE").diligence == "enhanced", "Vietnam is on the Union's own list"


def test_the_kingdom_narrowed_its_rule() -> None:
    assert bank({"country": "VN"}, "GB", "2026-06-29").diligence == "enhanced"
    assert bank({"country": "VN"}, "GB", "2026-06-30").diligence == "none"
    assert bank({"country": "MM"}, "GB", "2026-06-30").diligence == "enhanced"


def test_an_owner_in_a_listed_country_counts() -> None:
    owned: dict[str, Any] = {
        "country": "DE",
        "type": "organisation",
        "owners": [{"name": "O.", "country": "AF", "share": "30"}],
    }
    assert bank(owned, "DE").diligence == "enhanced"
    owned["owners"] = [{"name": "O.", "country": "FR", "share": "30"}]
    assert bank(owned, "DE").diligence == "none"


def test_a_merchant_has_no_due_diligence_to_do() -> None:
    assert sale({"country": "AF"}, "DE").diligence == "none"


@pytest.mark.parametrize(("region", "verdict"), [("UA-14", "clear"), ("UA-43", "block")])
def test_a_stated_address_under_the_government_is_not_held_outside_crimea(region: str, verdict: str) -> None:
    assert sale({"country": "UA", "region": region, "government_controlled": True}, "DE").verdict == verdict  # type: ignore[dict-item]
    assert sale({"country": "UA", "region": region}, "DE").verdict != "clear"


@pytest.mark.parametrize(
    ("country", "currency", "provider", "verdict"),
    [
        ("BR", "BRL", "KP", "block"),
        ("DE", "EUR", "KP", "block"),
        ("US", "USD", "CU", "block"),
        ("SG", "USD", "IR", "block"),
        ("DE", "EUR", "CU", "clear"),
    ],
)
def test_who_lives_elsewhere_but_is_served_from_an_embargoed_territory(
    country: str, currency: str, provider: str, verdict: str
) -> None:
    served = {"issuer_country": provider, "acquirer_country": country}
    assert sale({"country": country}, country, f"10.00 {currency}", payment=served).verdict == verdict
