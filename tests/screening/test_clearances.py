"""An officer's word: it takes one match away, for one subject, until anything changes or it ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.screening.clearances import cleared, digest_of, features_of, identity_of, rests_on_means
from engine.screening.lists.reading import version
from engine.screening.model import Identifier, Listed, ListedName, Query, Screened
from tests.screening.people import EVERYBODY, HADRAWI, NOW, PERSON, TSIREGOV, on, screener

ASKED: dict[str, Any] = {"name": "Wladimir Tsiregow", "kind": "person", "birth_date": "1962-01-01"}
QUERY = Query("Wladimir Tsiregow", PERSON, births=(on("1962-01-01"),))


@dataclass(frozen=True)
class Word:
    """A clearance as a ledger might keep it."""

    id: str
    subject_digest: str
    entry: str
    entry_digest: str
    features: tuple[str, ...]
    ends: datetime = NOW + timedelta(days=180)

    def holds(self, at: datetime) -> bool:
        return at < self.ends


def word(**changed: Any) -> Word:
    match = screener().screen(QUERY, NOW).matches[0]
    return replace(Word("clr_1", digest_of(ASKED), match.entry.id, version(match.entry), features_of(match)), **changed)


def after(given: Word, asked: dict[str, Any] = ASKED, query: Query = QUERY, entries: Any = EVERYBODY) -> Screened:
    return cleared(screener(entries).screen(query, NOW), digest_of(asked), [given], NOW)


def lifted(found: Screened) -> list[str]:
    return [one.cleared_by for one in found.matches if one.cleared_by]


def test_a_cleared_match_is_shown_with_who_cleared_it() -> None:
    assert lifted(after(word())) == ["clr_1"]


@pytest.mark.parametrize(
    "asked",
    [
        {**ASKED, "name": "W. Tsiregow"},
        {**ASKED, "birth_date": "1962"},
        {**ASKED, "country": "RU"},
        {"name": ASKED["name"]},
    ],
)
def test_it_says_nothing_of_a_subject_whose_data_are_others(asked: dict[str, Any]) -> None:
    assert lifted(after(word(), asked)) == []


def test_it_says_nothing_of_an_entry_that_has_changed() -> None:
    renamed = replace(TSIREGOV, names=(*TSIREGOV.names, ListedName("Vova TSIREGOV")))
    entries: tuple[Listed, ...] = (renamed, *EVERYBODY[1:])
    assert lifted(after(word(), entries=entries)) == []


@pytest.mark.parametrize("changed", [{"features": ("name:a:b",)}, {"entry": HADRAWI.id}, {"ends": NOW}])
def test_it_holds_for_nothing_else_and_no_longer(changed: dict[str, Any]) -> None:
    assert lifted(after(word(**changed))) == []


def test_it_says_nothing_of_a_match_that_rests_on_something_new() -> None:
    numbered = replace(QUERY, identifiers=TSIREGOV.identifiers)
    assert TSIREGOV.identifiers
    assert lifted(after(word(), query=numbered)) == []


def test_silence_and_order_make_no_other_subject() -> None:
    one, two = {"type": "passport", "value": "1"}, {"type": "tax_id", "value": "2", "country": "DE"}
    told = {**ASKED, "nationality": None, "aliases": [], "ids": [one, two]}
    assert digest_of(told) == digest_of({**ASKED, "ids": [two, {**one, "country": None}]})
    assert digest_of(told) != digest_of(ASKED)


@pytest.mark.parametrize("kind", ["account", "email", "phone", "website"])
def test_another_account_or_address_is_the_same_subject(kind: str) -> None:
    means = {**ASKED, "ids": [{"type": kind, "value": "x"}]}
    assert digest_of(means) == digest_of(ASKED)
    assert digest_of(means, means=True) != digest_of(ASKED, means=True)
    assert identity_of(means) == ASKED


def test_a_match_by_an_account_rests_on_means_and_one_by_a_passport_does_not() -> None:
    def reasons(one: Identifier) -> list[dict[str, str]]:
        return [{"code": "identifier", "weight": "1", "queried": f"{one.kind} {one.value}", "listed": "x"}]

    assert rests_on_means(reasons(Identifier("account", "DE1")))
    assert not rests_on_means(reasons(Identifier("passport", "714455667")))
    assert not rests_on_means([{"code": "name", "weight": "1", "queried": "account one", "listed": "x"}])
