"""Many words compared at once are as alike as they are one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.screening.alike import compared, is_plain, many, spelling
from engine.screening.vocabulary import CLOSE_ENOUGH, Vocabulary

LETTERS = st.text("aeiouybdhjkmnrstvz", min_size=4, max_size=9)


@st.composite
def _near(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A word, and some that are a few letters from it."""
    word = draw(LETTERS)
    slips = st.tuples(st.integers(0, len(word)), st.text("aeiouyhs", max_size=2), st.integers(0, 2))
    others = [word[:at] + new + word[at + gone :] for at, new, gone in draw(st.lists(slips, min_size=1, max_size=12))]
    return word, [*others, *draw(st.lists(LETTERS, max_size=4))]


@given(_near())
def test_at_once_and_one_by_one(drawn: tuple[str, list[str]]) -> None:
    word, others = drawn
    asked, spellings = spelling(word), [one for one in map(spelling, others) if is_plain(one)]
    if not is_plain(asked):
        return
    found = many(asked, spellings)
    for at, other in enumerate(spellings):
        alone = compared(asked, other)
        assert found.get(at, 0) == alone or max(found.get(at, 0), alone) < CLOSE_ENOUGH


def test_what_is_not_plain_is_compared_by_its_own_rules() -> None:
    words = ["ivanovich", "ivanovic", "li", "lie", "123a", "ivanov", "ivanova", "ivanoff", "iwanow", "ivano"]
    vocabulary = Vocabulary(dict.fromkeys(words, 1), 10)
    assert [is_plain(spelling(one)) for one in words] == [False, False, False, False, False, *[True] * 5]
    near = vocabulary.near("ivanow")
    expected = {at: compared(spelling("ivanow"), spelling(one)) for at, one in enumerate(words)}
    assert near
    assert all(expected[at] == likeness for at, likeness in near.items())
