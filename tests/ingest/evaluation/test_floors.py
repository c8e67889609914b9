"""The floors: what is shipped reads and links the labelled items at least this well."""

from __future__ import annotations

import pytest

from tests.ingest.evaluation.labelled import items
from tests.ingest.evaluation.measures import Measures, measure
from tests.ingest.evaluation.running import linker, reader, run

FLOORS = {
    "relevance macro-F1": 0.88,
    "relevance recall": 0.95,
    "topics macro-F1": 0.78,
    "change macro-F1": 0.75,
    "instruments F1": 0.80,
    "effective precision": 0.95,
    "effective recall": 0.80,
    "pairs recall": 0.85,
    "links in top 3": 0.85,
}
"""What is wanted, and reached: it must not be lost again."""
UNSAFE = 3
"""Of some 75 items that are no law: what is read as law wrongly still meets a linter, tests, two reviewers and a second
source before it is released, and a few can be read by hand; more would make reviewers believe the label less than it deserves."""
IRRELEVANT_AS_LAW = 4
"""Of some 155: each costs a glance of an officer, and none has a value to draft."""


@pytest.fixture(scope="module")
def measured() -> Measures:
    return measure(run([one for one in items() if one.sealed], reader(), linker()))


@pytest.mark.slow
@pytest.mark.parametrize("figure", FLOORS)
def test_the_floor_is_held(figure: str, measured: Measures) -> None:
    share = measured.shares()[figure]

    assert share is not None
    assert share >= FLOORS[figure]


@pytest.mark.slow
def test_what_is_no_law_is_hardly_ever_read_as_law(measured: Measures) -> None:
    assert len(measured.unsafe) <= UNSAFE, measured.unsafe
    assert len(measured.irrelevant_as_law) <= IRRELEVANT_AS_LAW, measured.irrelevant_as_law
