"""A pattern is shown as it could have been written: reading what is shown gives the same pattern."""

from __future__ import annotations

import pytest

from engine.patterns.parse import Names, parse
from engine.patterns.render import source
from engine.patterns.terms import AllOf, AnyOf
from tests.property.shipped import packs

NAMES = Names(("came", "went"), {"floor", "share"})


@pytest.mark.parametrize(
    "written",
    [
        'came.flow == "in" and came.amount >= floor',
        "went.amount * 100 >= came.amount * share and went.amount <= came.amount",
        'went.kind == "payout" or went.kind == "transfer"',
        '(went.kind == "payout" or went.kind == "transfer") and went.amount > 5',
        "went.amount - (came.amount + 5) > floor",
        "(went.amount + 5) * 100 > came.amount - 3 + floor",
        "went.done and not came.cross_border",
    ],
)
def test_what_is_shown_is_what_was_written(written: str) -> None:
    assert source(parse(written, NAMES)) == written


def test_every_condition_of_the_shipped_sequences_is_shown_in_its_own_language() -> None:
    looked = 0
    for pack in packs().packs.values():
        for scenario in (one for domain in pack.domains.values() for one in domain.scenarios):
            absent = [] if scenario.absent is None else [scenario.absent]
            names = (*scenario.aliases, *(name for name, _ in absent))
            known = Names(names, scenario.parameters, scenario.measures)
            for condition in (*scenario.aliases.values(), *([scenario.across] if scenario.across else ())):
                looked += 1
                shown = source(condition)
                assert source(parse(shown, known)) == shown, scenario.id
    assert looked >= 20


def test_what_asks_nothing_holds_of_everything() -> None:
    assert (source(AllOf(())), source(AnyOf(()))) == ("true", "false")
