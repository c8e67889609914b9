"""Places lie within countries, subdivisions and groups, as these stand in a period of law."""

import pytest

from engine.language.compile import NamedRule, compile_rules
from engine.language.interpret import is_within
from engine.language.law import Law, Moment, no_rates
from tests.language.asking import DAY, GROUPS, Asked, ask


@pytest.mark.parametrize(
    ("place", "group", "inside"),
    [
        ("DE", "EEA", True),
        ("NO", "EEA", True),
        ("US", "EEA", False),
        ("US-CA", "EEA", False),
        ("DE", "NOBODY", False),
        ("US", "US", True),
        ("US-CA", "US", True),
        ("US-CA", "US-CA", True),
        ("US", "US-CA", False),
        ("US-NY", "US-CA", False),
        ("ES-CN", "ES", True),
        ("XI", "GB", True),  # Northern Ireland, as value added tax calls it
        ("XI", "XI", True),
        ("GB", "XI", False),
        ("XK", "XK", True),
        ("RS", "XK", False),
    ],
)
def test_within(place: str, group: str, inside: bool) -> None:
    assert ask(f'within(payer.country, "{group}")', {"payer.country": place}) is inside
    assert is_within(place, group, Law(members=GROUPS)) is inside


def test_a_place_nobody_stated() -> None:
    assert Asked('within(payer.country, "EEA")').missing == {"payer.country"}
    assert Asked('not within(payer.country, "EEA")').missing == {"payer.country"}


def test_membership_is_that_of_the_period() -> None:
    rule = NamedRule("inside", Asked('within(payer.country, "EEA")', {"payer.country": "NO"}).tree)
    facts, moment = {"payer.country": "NO", "currency": "EUR"}, Moment(DAY, 12, no_rates)
    before, after = Law(members={"EEA": frozenset({"NO", "GB"})}), Law(members={"EEA": frozenset({"GB"})})
    assert compile_rules([rule], before)(facts, moment) == (True,)
    assert compile_rules([rule], after)(facts, moment) == (False,)


def test_places_are_compared_as_codes() -> None:
    both = {"payer.country": "DE", "payee.country": "DE"}
    assert ask("payer.country == payee.country", both) is True
    assert ask("payer.country != payee.country", {**both, "payee.country": "FR"}) is True
    assert ask('payer.country in ["DE", "FR"]', {"payer.country": "FR"}) is True
    assert ask('payer.country not in ["DE", "US-CA"]', {"payer.country": "US"}) is True


def test_a_choice_between_places() -> None:
    text = 'within(coalesce(payment.issuer_country, payer.country), "EEA")'
    assert ask(text, {"payment.issuer_country": "US", "payer.country": "DE"}) is False
    assert ask(text, {"payer.country": "DE"}) is True
    assert Asked(text).missing == {"payment.issuer_country", "payer.country"}
