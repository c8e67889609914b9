"""A stored profile fills what is not stated, and never overrules what is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.facts import Facts
from engine.money import Money
from engine.tax.profile import with_profile

DAY = date(2026, 11, 22)
PROFILE: dict[str, Any] = {
    "id": "m-1", "version": 3, "name": "Books", "country": "DE", "region": "DE-BE", "postal_code": "10115",
    "type": "organisation",
    "establishments": [{"country": "FR"}, {"country": "IT", "until": "2026-11-21"}, {"country": "FI", "since": "2026-11-23"}],
    "registrations": [
        {"jurisdiction": "DE", "scheme": "oss", "number": "DE1", "since": "2021-07-01"},
        {"jurisdiction": "FR", "scheme": "standard", "until": "2026-11-22"},
        {"jurisdiction": "IT", "scheme": "standard", "until": "2026-11-21"},
    ],
    "facts": {"eu_cross_border_total": "9000.00", "small_business": False},
}  # fmt: skip


def facts(**stated: Any) -> Facts:
    made = {"payee.merchant": "m-1", "amount": Money(1, "EUR"), "currency": "EUR", "kind": "sale"}
    return Facts({**made, **{key.replace("__", "."): value for key, value in stated.items()}})


def test_what_is_not_stated_is_filled() -> None:
    found = with_profile(facts(), PROFILE, DAY)
    assert (found["payee.country"], found["payee.region"], found["payee.name"]) == ("DE", "DE-BE", "Books")
    assert found["payee.facts"]["eu_cross_border_total"] == "9000.00"


def test_what_is_stated_stands() -> None:
    found = with_profile(facts(payee__name="Other", payee__facts={"small_business": True}), PROFILE, DAY)
    assert found["payee.name"] == "Other"
    assert found["payee.facts"]["small_business"] is True
    assert found["payee.facts"]["eu_cross_border_total"] == "9000.00"


def test_half_an_address_is_no_address() -> None:
    """A caller's country with the profile's postcode could be no place at all."""
    found = with_profile(facts(payee__country="AT"), PROFILE, DAY)
    assert found["payee.country"] == "AT"
    assert "payee.postal_code" not in found
    assert "payee.region" not in found


def test_stated_registrations_replace_the_whole_list() -> None:
    assert with_profile(facts(payee__registrations=()), PROFILE, DAY)["payee.registrations"] == ()


@pytest.mark.parametrize(
    ("day", "jurisdictions"),
    [
        (date(2026, 11, 21), ["DE", "FR", "IT"]),
        (date(2026, 11, 22), ["DE", "FR"]),
        (date(2026, 11, 23), ["DE"]),
        (None, ["DE"]),
    ],
    ids=["the day before", "its last day", "the day after", "a day unknown"],
)
def test_a_registration_holds_to_its_last_day(day: date | None, jurisdictions: list[str]) -> None:
    found = with_profile(facts(), PROFILE, day)["payee.registrations"]
    assert [one["jurisdiction"] for one in found] == jurisdictions
    assert found[0] == {"jurisdiction": "DE", "scheme": "oss", "number": "DE1", "since": date(2021, 7, 1)}


@pytest.mark.parametrize(
    ("day", "places"),
    [
        (date(2026, 11, 21), ["DE", "FR", "IT"]),
        (date(2026, 11, 22), ["DE", "FR"]),
        (date(2026, 11, 23), ["DE", "FR", "FI"]),
    ],
)
def test_establishments_are_the_seat_and_those_that_are_there_that_day(day: date, places: list[str]) -> None:
    assert with_profile(facts(), PROFILE, day)["payee.facts"]["established_in"] == places


@pytest.mark.parametrize("name", ["registrations", "establishments"])
def test_a_list_that_the_profile_does_not_state_stays_unknown(name: str) -> None:
    found = with_profile(facts(), {key: value for key, value in PROFILE.items() if key != name}, DAY)
    assert (
        "payee.registrations" not in found if name == "registrations" else "established_in" not in found["payee.facts"]
    )


def test_an_empty_list_is_none_and_not_unknown() -> None:
    found = with_profile(facts(), {**PROFILE, "registrations": [], "establishments": []}, DAY)
    assert found["payee.registrations"] == ()
    assert found["payee.facts"]["established_in"] == ["DE"]


@pytest.mark.parametrize("profile", [None, {}])
def test_without_a_profile_nothing_changes(profile: dict[str, Any] | None) -> None:
    asked = facts()
    assert with_profile(asked, profile, DAY) is asked
