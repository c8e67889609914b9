"""A list changes overnight: what is new in it is asked alone, and found as among everything."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.screening.model import Query
from engine.screening.rescreening import OnlyNew
from tests.screening.people import EVERYBODY, HADRAWI, NOW, PERSON, TSIREGOV, WORD_ONE, WORD_TWO, screener

BY = screener(EVERYBODY)
names = st.tuples(st.sampled_from(WORD_ONE), st.sampled_from(WORD_TWO)).map(" ".join)


def test_what_is_new_finds_whom_it_means() -> None:
    found = OnlyNew(BY, frozenset({TSIREGOV.id})).screen(Query("Wladimir Tsiregow", PERSON), NOW)
    assert [one.entry.id for one in found.matches] == [TSIREGOV.id]


def test_what_was_there_before_is_not_told_again() -> None:
    assert OnlyNew(BY, frozenset({HADRAWI.id})).screen(Query("Wladimir Tsiregow", PERSON), NOW).matches == ()


@given(names, st.integers(0, len(EVERYBODY) - 3))
@settings(max_examples=25, deadline=None)
def test_what_is_new_is_scored_as_among_everything(text: str, at: int) -> None:
    ids = frozenset(one.id for one in EVERYBODY[at : at + 3])
    query = Query(text, PERSON)
    whole = [one for one in BY.screen(query, NOW).matches if one.entry.id in ids]
    assert list(OnlyNew(BY, ids).screen(query, NOW).matches) == whole
