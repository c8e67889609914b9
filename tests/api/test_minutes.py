"""Minutes that are over are read once, and no decision is counted twice or lost; latency is read off within a tenth."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.latency import KEPT, Latency
from api.minutes import Minutes
from api.traffic import step_of
from engine.ledger import Ledger
from tests.ledger.factories import entry, store

START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


class Book:
    """Decisions as a ledger would count them, and what was asked of it."""

    def __init__(self) -> None:
        self.stored: list[tuple[datetime, str]] = []
        self.asked: list[tuple[datetime, datetime]] = []

    def read(self, since: datetime, until: datetime) -> dict[tuple[datetime, str], int]:
        self.asked.append((since, until))
        inside = [(at.replace(second=0, microsecond=0), name) for at, name in self.stored if since <= at < until]
        return dict(Counter(inside))


def test_what_is_over_is_read_once() -> None:
    book = Book()
    minutes = Minutes(book.read)
    book.stored = [(START + timedelta(seconds=20 * n), "allow") for n in range(180)]
    now = START + timedelta(hours=1)
    first = minutes.since(START, now)
    assert sum(one.total() for one in first.values()) == 180
    book.asked.clear()
    book.stored.append((now, "block"))
    again = minutes.since(START, now + timedelta(seconds=30))
    assert again[now] == Counter(block=1)
    assert min(since for since, _ in book.asked) >= now - timedelta(minutes=2), "only the last minutes"


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200), st.integers(1, 190)), min_size=1, max_size=12))
def test_whenever_it_is_asked_it_tells_what_is_stored(looks: list[tuple[int, int, int]]) -> None:
    """Steps of time, decisions stored meanwhile, and how far back is asked: as a count of everything would tell it."""
    book, now = Book(), START
    minutes = Minutes(book.read)
    for seconds, number, back in looks:
        now += timedelta(seconds=seconds)
        book.stored += [(now, "allow")] * number
        first = (now - timedelta(minutes=back)).replace(second=0)
        told = minutes.since(first, now)
        wanted = Counter(at.replace(second=0) for at, _ in book.stored if at.replace(second=0) >= first)
        assert {at: one.total() for at, one in told.items() if one.total()} == dict(wanted)


def test_a_clock_that_is_put_back_loses_nothing() -> None:
    book = Book()
    minutes = Minutes(book.read)
    minutes.since(START, START + timedelta(hours=1))
    book.stored = [(START + timedelta(minutes=10), "allow")]
    assert minutes.since(START, START + timedelta(minutes=20)).keys() == {START + timedelta(minutes=10)}


def test_the_ledger_counts_by_minute_and_outcome(tmp_path_factory: pytest.TempPathFactory) -> None:
    clock = [START]
    with Ledger.open(f"sqlite:///{tmp_path_factory.mktemp('l') / 'l.db'}", clock=lambda: clock[0]) as ledger:
        store(ledger, entry(), entry(outcome="block"), entry())
        clock[0] += timedelta(seconds=61)
        store(ledger, entry())
        counted = ledger.minutes(START, START + timedelta(hours=1))
        assert counted == {
            (START, "allow"): 2, (START, "block"): 1, (START + timedelta(minutes=1), "allow"): 1,
        }  # fmt: skip
        assert ledger.minutes(START - timedelta(hours=1), START) == {}


@pytest.mark.parametrize(("hours", "step"), [(1, 1), (3, 1), (4, 2), (12, 5), (24, 10)])
def test_a_plot_has_some_hundred_and_eighty_steps_at_most(hours: int, step: int) -> None:
    assert step_of(hours) == step
    assert hours * 60 / step <= 180


# -- latency -------------------------------------------------------------------------------------------------------------


def test_the_middle_and_the_high_end_are_within_a_tenth() -> None:
    latency = Latency(lambda: 1_000_000.0)
    for number in range(1, 1001):
        latency.took(number / 1000)
    (one,) = latency.last(5)
    assert one.answers == 1000
    assert 0.5 <= one.middle <= 0.55
    assert 0.99 <= one.high <= 1.1


def test_minutes_are_apart_and_the_ring_forgets() -> None:
    now = [1_000_000.0]
    latency = Latency(lambda: now[0])
    latency.took(0.001)
    now[0] += 60
    latency.took(0.001)
    latency.took(100.0)
    assert [one.answers for one in latency.last(10)] == [1, 2]
    assert [one.answers for one in latency.last(1)] == [2]
    assert latency.last(1)[0].high >= 20.0, "longer than anything it tells apart"
    now[0] += KEPT * 60
    assert latency.last(KEPT) == []
    latency.took(0.001)
    assert [one.answers for one in latency.last(KEPT)] == [1]
