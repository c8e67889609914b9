"""What is stated beside an identifier, a birth yet to come or another way of writing digits never makes anybody clear."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.screening.model import Band, Born, EntityKind, Identifier, ListedName, NameKind, Query
from engine.screening.screener import Lists, ListScreener
from tests.screening.people import EVERYBODY, NOW, edition, entry, on, screener, year

LISTED = next(
    (entry, one) for entry in EVERYBODY for one in entry.identifiers if entry.births and one.kind == "passport"
)


@pytest.mark.parametrize("kind", list(EntityKind))
@pytest.mark.parametrize("gender", [None, "male", "female"])
@pytest.mark.parametrize("born", [date(1900, 1, 1), date(2020, 1, 1)])
def test_an_identifier_that_is_the_same_is_a_persons_to_judge_whatever_else_differs(
    kind: EntityKind, gender: str | None, born: date
) -> None:
    entry, passport = LISTED
    query = Query(kind=kind, gender=gender, births=(Born(born, born),), identifiers=(passport,))
    found = screener().screen(query, NOW)
    (match,) = [one for one in found.matches if one.entry.id == entry.id]
    assert found.verdict in ("review", "hit")
    assert sum(one.weight for one in match.features) >= match.score


def test_digits_are_digits_in_every_script() -> None:
    entry, passport = LISTED
    for digits in ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"):
        value = passport.value.translate(str.maketrans("0123456789", digits))
        found = screener().screen(Query(identifiers=(replace(passport, value=value),)), NOW)
        assert entry.id in {one.entry.id for one in found.matches}


def test_a_birth_that_is_still_to_come_says_nothing() -> None:
    entry, _ = LISTED
    name = Query(name=entry.names[0].text, kind=entry.kind)
    later = NOW.date() + timedelta(days=1)
    with_birth = replace(name, births=(Born(later, later),))
    assert [(one.entry.id, one.score) for one in screener().screen(with_birth, NOW).matches] == [
        (one.entry.id, one.score) for one in screener().screen(name, NOW).matches
    ]


def test_an_identifier_of_nothing_but_signs_is_nobodys() -> None:
    for kind in ("passport", "crypto"):
        found = screener().screen(Query(identifiers=(Identifier(kind, "—/—"),)), NOW)
        assert (found.matches, found.verdict) == ((), "review")


@pytest.mark.parametrize(
    "field",
    [
        "{} and Mathilde Quennell",
        "Mathilde Quennell & {}",
        "{} c/o Quennell Notaries",
        "{}\n12 Harbour Road",
        "{} alias Quennell",
    ],
)
@pytest.mark.parametrize("kind", [EntityKind.PERSON, EntityKind.UNKNOWN])
def test_whoever_shares_the_field_of_the_name_hides_nobody(field: str, kind: EntityKind) -> None:
    found = screener().screen(Query(name=field.format("Vladimir Sergeevich Tsiregov"), kind=kind), NOW)
    assert "1" in {one.entry.key for one in found.matches}


def test_the_name_of_a_house_is_not_taken_apart() -> None:
    found = screener().screen(Query(name="Vladimir Tsiregov & Sons Bakery", kind=EntityKind.ORGANISATION), NOW)
    assert found.verdict == "clear"


BORN = on("1952-10-07")
WITHIN = ListScreener(
    Lists([(edition(), [
        entry("1", "Vladimir Vladimirovich PUTIN", births=(BORN,)), entry("2", "PUTIN", births=(BORN,)),
        entry("3", ListedName("Vova Putin Grozny", NameKind.ALIAS, weak=True), births=(on("1960-01-01"),)),
        *EVERYBODY,
    ])])
)  # fmt: skip


@pytest.mark.parametrize(
    "longer",
    [
        "{} Escrow",
        "Escrow {}",
        "{} Escrow Services Nominee Account",
        "{} Quennell-Brightwater",
        "Wladimir Wladimirowitsch Putin Escrow",
    ],
)
def test_who_adds_words_to_a_listed_name_is_a_persons_to_judge_where_the_day_of_birth_is_the_same(longer: str) -> None:
    name = longer.format("Vladimir Vladimirovich Putin")
    found = WITHIN.screen(Query(name=name, kind=EntityKind.PERSON, births=(BORN,)), NOW)
    (match,) = [one for one in found.matches if one.entry.id == "TEST:1"]
    assert (found.verdict, match.band) == ("review", Band.POSSIBLE)
    assert sum(one.weight for one in match.features) == match.score


@pytest.mark.parametrize("births", [(), (on("1952-10-08"),), (year(1952),), (on("1990-01-01"),)])
def test_nothing_less_than_the_same_day_makes_a_name_within_a_longer_one_possible(births: tuple[Born, ...]) -> None:
    query = Query(
        name="Vladimir Vladimirovich Putin Escrow Services Nominee Account", kind=EntityKind.PERSON, births=births
    )
    assert WITHIN.screen(query, NOW).matches == ()


def test_one_word_alone_within_a_longer_name_is_nobodys() -> None:
    query = Query(name="Mathilde Putin Quennell", kind=EntityKind.PERSON, births=(BORN,))
    assert WITHIN.screen(query, NOW).matches == ()
