"""How long a record is kept: by what shipped packs say, on the last day and on the day after."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from engine.packs import PackSet
from engine.retention import (
    Bound,
    Concern,
    Kind,
    Policy,
    Record,
    RetentionLaw,
    State,
    Term,
    Trigger,
    schedule,
    terms_of,
)
from engine.retention.law import meaning
from engine.retention.schedule import year_end, years_on
from tests.shipped import law as shipped_law

PACKS = shipped_law()
TODAY = date(2026, 11, 22)
NOT_OF_RECORDS = {
    "national_retention": "a switch of the house, between the union's rule and the country's",
    "retention_max_aml_extension": "an authority's order, case by case: a legal hold",
    "retention_min_logs": "logs, which hold no personal data",
    "localisation_retention_min": "a copy in the country, after a request of its authority",
    "pci_retention_review": "how often it is looked at whether data went",
}


def law(day: date = TODAY, packs: PackSet = PACKS) -> RetentionLaw:
    return RetentionLaw(packs, day)


def record(place: str, day: date, **changes: Any) -> Record:
    return Record(**{"kind": Kind.DECISION, "day": day, "places": (place,), "occasional": True, **changes})


def shown(place: str, name: str, day: date = TODAY) -> Term:
    """A term of the shipped packs by its name, of those that keep before those that erase."""
    found = [term for term in terms_of(PACKS, place, day) if term.name == name]
    return sorted(found, key=lambda term: term.bound is Bound.ERASE)[0]


def test_every_parameter_about_retention_is_understood_or_named_here() -> None:
    unknown = [
        (pack.jurisdiction, domain.name, name)
        for pack in PACKS.packs.values()
        for domain in pack.domains.values()
        for name in domain.parameters
        if re.search("retention|retain", name) and meaning(domain.name, name) is None and name not in NOT_OF_RECORDS
    ]
    assert unknown == []


def test_every_term_of_every_place_has_its_years_and_its_law() -> None:
    seen = 0
    for place in (code for code in PACKS.packs if re.fullmatch("[A-Z]{2}", code) and code != "EU"):
        for term in terms_of(PACKS, place, TODAY):
            assert term.years is not None, term
            assert term.source, term
            seen += term.settles
    assert seen > 80


@pytest.mark.parametrize(
    ("place", "name"),
    [("GB", "aml.gb.records"), ("US", "aml.us.records"), ("CZ", "aml.cz.records"), ("PE", "aml.pe.records")],
)
def test_a_screening_is_kept_through_the_years_of_the_law_and_may_go_the_day_after(place: str, name: str) -> None:
    term = shown(place, name)
    assert term.years is not None
    last = years_on(date(2015, 3, 17), term.years)
    found = schedule(law(), record(place, date(2015, 3, 17), kind=Kind.SCREENING))
    assert found.keep_through == last
    assert found.state(last) is State.KEEP
    assert found.state(last + timedelta(1)) in (State.MAY, State.MUST)
    assert not found.unknown


def test_books_are_kept_from_the_end_of_their_year_by_the_number_in_force_on_the_day() -> None:
    """The German vouchers' term became shorter: on the last day of the old law ten years, on the first of the new one eight."""
    paid = record("DE", date(2016, 5, 4), obliged=False)
    old, new = shown("DE", "retention_min_accounting", date(2024, 12, 31)), shown("DE", "retention_min_accounting")
    assert (old.years, new.years) == (10, 8)
    assert schedule(law(date(2024, 12, 31)), paid).keep_through == date(2026, 12, 31)
    found = schedule(law(date(2025, 1, 1)), paid)
    assert found.keep_through == date(2024, 12, 31)
    assert found.state(date(2025, 1, 1)) is State.MAY


def test_the_latest_of_all_laws_decides_and_its_article_is_told() -> None:
    found = schedule(law(), record("DE", date(2016, 5, 4)))
    assert found.keep_through == date(2016 + 8, 12, 31)
    (deciding,) = [one for one in found.deciding if one.term.bound is Bound.KEEP]
    assert (deciding.term.source, deciding.term.at) == ("Abgabenordnung", "s. 147(3)")
    assert found.unverified, "the new term is remembered only"


def test_a_screening_must_go_where_the_law_names_an_end() -> None:
    """Ten years at the most in Germany, from the transaction."""
    screened = record("DE", date(2015, 3, 17), kind=Kind.SCREENING)
    found = schedule(law(), screened)
    assert found.erase_by == date(2015 + (shown("DE", "retention_max_aml").years or 0), 3, 17)
    assert found.state(found.erase_by - timedelta(1)) is State.MAY
    assert found.state(found.erase_by) is State.MUST
    assert not found.unverified


def test_what_must_be_kept_and_must_go_on_one_day_goes_on_the_next() -> None:
    found = schedule(law(), record("EE", date(2020, 6, 1), kind=Kind.SCREENING))
    assert found.keep_through == found.erase_by == date(2025, 6, 1)
    assert found.conflicts == ()
    assert found.state(date(2025, 6, 1)) is State.KEEP
    assert found.state(date(2025, 6, 2)) is State.MUST


def test_the_minimum_wins_over_an_earlier_maximum_and_it_is_told() -> None:
    """Across a border: whoever must erase in Estonia keeps as long as Czech law asks."""
    found = schedule(law(), record("EE", date(2014, 6, 1), kind=Kind.SCREENING, places=("EE", "CZ")))
    assert found.erase_by == date(2019, 6, 1)
    assert found.keep_through == date(2024, 6, 1)
    assert any("EE" in said and "2019-06-01" in said and "2024-06-01" in said for said in found.conflicts)
    assert found.state(date(2024, 6, 1)) is State.KEEP
    assert found.state(date(2024, 6, 2)) is State.MUST


def test_where_no_pack_says_how_long_nothing_may_go_by_rule() -> None:
    silent = record("ZW", date(1990, 1, 1))
    assert not any(term.settles for term in terms_of(PACKS, "ZW", TODAY))
    found = schedule(law(), silent)
    assert found.state(TODAY) is State.UNKNOWN
    assert any("ZW" in said and "aml" in said for said in found.unknown)
    # What the world recommends is a floor and releases nothing.
    assert found.keep_through == date(1995, 1, 1)


def test_the_law_of_a_scheme_does_not_stand_for_the_law_of_books() -> None:
    """Estonia's books are not in the packs; the Union's one-stop shop is."""
    assert any(term.concern is Concern.SCHEME for term in terms_of(PACKS, "EE", TODAY))
    found = schedule(law(), record("EE", date(2000, 1, 1), kind=Kind.TAX))
    assert found.state(TODAY) is State.UNKNOWN
    assert found.keep_through == date(2010, 12, 31)


def test_the_operators_own_policy_stands_for_what_is_not_known_and_is_told_as_such() -> None:
    found = schedule(law(), record("ZW", date(2010, 1, 1)), Policy(years=12))
    assert found.by_policy
    assert found.keep_through == date(2022, 1, 1)
    assert found.state(date(2022, 1, 1)) is State.KEEP
    assert found.state(date(2022, 1, 2)) is State.MAY
    known = schedule(law(), record("GB", date(2010, 1, 1)), Policy(years=1))
    assert not known.by_policy
    assert known.keep_through == date(2016, 12, 31), "a policy never shortens the law"


def test_the_end_of_a_relationship_that_nobody_knows_keeps_its_records() -> None:
    lasting = record("GB", date(2001, 1, 1), occasional=False)
    found = schedule(law(), lasting)
    assert found.state(TODAY) is State.UNKNOWN
    assert any("end of the relationship" in said for said in found.unknown)
    ended = schedule(law(), record("GB", date(2001, 1, 1), occasional=False, ended=date(2020, 2, 29)))
    assert ended.keep_through == date(2025, 2, 28)
    assert ended.state(TODAY) is State.MAY


def test_nobodys_law_holds_where_no_place_is_stated() -> None:
    assert schedule(law(), record("GB", date(1990, 1, 1), places=())).state(TODAY) is State.UNKNOWN


def test_whom_the_law_of_money_laundering_does_not_reach_keeps_its_books_only() -> None:
    found = schedule(law(), record("GB", date(2010, 1, 1), occasional=False, obliged=False))
    assert not found.unknown
    assert found.keep_through == date(2016, 12, 31)


def test_a_number_of_one_secondary_source_is_marked() -> None:
    assert shown("GB", "retention_min_aml").unverified
    assert schedule(law(), record("GB", date(2010, 1, 1))).unverified


@pytest.mark.parametrize(
    ("day", "end", "last"),
    [
        (date(2026, 1, 1), (12, 31), date(2026, 12, 31)),
        (date(2026, 12, 31), (12, 31), date(2026, 12, 31)),
        (date(2026, 6, 30), (6, 30), date(2026, 6, 30)),
        (date(2026, 7, 1), (6, 30), date(2027, 6, 30)),
        (date(2027, 3, 1), (2, 29), date(2028, 2, 29)),
        (date(2026, 2, 28), (2, 29), date(2026, 2, 28)),
    ],
)
def test_a_financial_year_ends_where_the_operator_says(day: date, end: tuple[int, int], last: date) -> None:
    assert year_end(day, end) == last


@pytest.mark.parametrize(
    ("day", "years", "last"),
    [
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2020, 2, 29), 5, date(2025, 2, 28)),
        (date(2020, 2, 28), 4, date(2024, 2, 28)),
        (date(2020, 3, 1), 5, date(2025, 3, 1)),
    ],
)
def test_years_are_counted_by_dates(day: date, years: int, last: date) -> None:
    assert years_on(day, years) == last


def test_a_narrower_place_speaks_for_the_parameter_of_its_name() -> None:
    names = [(term.pack, term.trigger) for term in terms_of(PACKS, "DE", TODAY) if term.name == "retention_min_aml"]
    assert names == [("DE", Trigger.RELATIONSHIP_END)]


def test_a_rule_of_tomorrow_asks_for_nothing_today() -> None:
    assert not any(term.name == "aml.eu.records" for term in terms_of(PACKS, "FR", date(2027, 7, 9)))
    assert any(term.name == "aml.eu.records" for term in terms_of(PACKS, "FR", date(2027, 7, 10)))
