"""Each fact of the law has a day by which somebody should look at it again."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.packs import load_packs
from engine.packs.model import Confidence
from engine.packs.staleness import BadTable, facts, read_table, stale

GOOD = Path(__file__).parent / "good"
TABLE = read_table((Path(__file__).parents[2] / "data" / "staleness" / "recheck.csv").read_text())
PACKS = load_packs(GOOD).packs
SEEN = PACKS["AREA"].verified.on
KEEPS = {one.confidence.value: one.days for one in TABLE}


def test_the_less_sure_a_fact_the_sooner_it_is_looked_at_again() -> None:
    assert KEEPS["A"] > KEEPS["B"] > KEEPS["C"] > KEEPS["R"]
    for one in facts(PACKS, TABLE, SEEN):
        assert one.due == one.verified_on + timedelta(days=KEEPS[one.confidence])


def test_a_fact_is_stale_the_day_after_its_day() -> None:
    sure = next(
        one for one in facts(PACKS, TABLE, SEEN) if one.name == "small_max[from=2024-01-01]" and one.pack == "AREA"
    )
    assert (sure.confidence, sure.domain, sure.kind, sure.source) == ("A", "sca", "parameter", "Payment Act")
    on_the_day, after = (
        {one.name for one in stale(PACKS, TABLE, day) if one.pack == "AREA"}
        for day in (sure.due, sure.due + timedelta(1))
    )
    assert (sure.name in on_the_day, sure.name in after) == (False, True)
    assert sure.overdue(sure.due) == 0


def test_what_is_over_is_not_looked_at_again_and_what_comes_is() -> None:
    names = {one.name for one in facts(PACKS, TABLE, date(2023, 6, 1)) if one.pack == "AREA"}
    assert {"small_max[from=2019-01-01]", "small_max[from=2024-01-01]"} <= names
    later = {one.name for one in facts(PACKS, TABLE, SEEN) if one.pack == "AREA"}
    assert "small_max[from=2019-01-01]" not in later


def test_the_most_urgent_comes_first() -> None:
    found = stale(PACKS, TABLE, SEEN + timedelta(days=4000))
    overdue = [one.overdue(SEEN + timedelta(days=4000)) for one in found]
    assert overdue == sorted(overdue, reverse=True)
    assert {one.kind for one in found} >= {"parameter", "rule", "rate", "territory"}


def test_a_row_holds_from_its_day_on() -> None:
    later = read_table(
        "from,confidence,days,reason\n2020-01-01,A,10,x\n2020-01-01,B,9,x\n2020-01-01,C,8,x\n2020-01-01,R,7,x\n"
        "2026-06-01,A,1,Many acts change\n"
    )

    def kept(today: date) -> set[int]:
        return {(one.due - one.verified_on).days for one in facts(PACKS, later, today) if one.confidence == "A"}

    assert (kept(date(2019, 1, 1)), kept(date(2026, 5, 31)), kept(date(2026, 6, 1))) == ({10}, {10}, {1})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "first line"),
        ("from,confidence\n", "first line"),
        ("from,confidence,days,reason\nsoon,A,1,x\n", "line 2"),
        ("from,confidence,days,reason\n2026-01-01,Z,1,x\n", "line 2"),
        ("from,confidence,days,reason\n2026-01-01,A\n", "line 2"),
        ("from,confidence,days,reason\n2026-01-01,A,0,x\n", "at least one day"),
        ("from,confidence,days,reason\n2026-01-01,A,5, \n", "a reason"),
        ("from,confidence,days,reason\n2026-01-01,A,5,x\n", "no row for confidence B, C, R"),
    ],
)
def test_a_table_that_is_none_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadTable, match=why):
        read_table(text)


def test_every_confidence_has_a_reason() -> None:
    assert {one.confidence for one in TABLE} == set(Confidence)
    assert all(len(one.reason) > 20 for one in TABLE)
