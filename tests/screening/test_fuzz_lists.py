"""No damage to a file of any format makes a reader do anything but read it or refuse it."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from tests.screening.fuzzing import attempt, rounds, samples


@pytest.mark.parametrize("seed", samples(), ids=lambda seed: seed.name)
def test_a_damaged_file_is_read_or_refused(seed: object) -> None:
    """`scripts/fuzz_lists.py` does the same for as long as it is told, with real lists too."""
    outcomes = Counter(attempt(one, damage) for one, damage in islice(rounds([seed], 20_261_126), 60))  # type: ignore[list-item]
    assert sum(outcomes.values()) == 60
    assert len(outcomes) > 1, "the damages are too mild, or too harsh, to say anything"


def test_the_same_number_damages_the_same_way() -> None:
    seeds = samples()[:2]
    first, again = ([attempt(*one) for one in islice(rounds(seeds, 7), 20)] for _ in range(2))
    assert first == again
