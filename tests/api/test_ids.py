"""Ids sort by time, never repeat, and rise even where the clock does not."""

from __future__ import annotations

import re
import threading

from hypothesis import given
from hypothesis import strategies as st

from api.ids import DecisionIds, milliseconds

_FORM = re.compile(r"dec_[0-7][0-9a-hjkmnp-tv-z]{25}")


def _number(one: str) -> int:
    value = 0
    for char in one.removeprefix("dec_"):
        value = value * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(char)
    return value


def test_form() -> None:
    assert all(_FORM.fullmatch(one) for one in (DecisionIds()() for _ in range(100)))


def test_an_id_is_a_uuid_of_version_7_of_its_millisecond() -> None:
    number = _number(DecisionIds(lambda: 1_795_342_501_123)())
    assert number >> 80 == 1_795_342_501_123
    assert (number >> 76) & 0xF == 7
    assert (number >> 62) & 0b11 == 0b10


@given(st.lists(st.integers(0, 2**48 - 2), min_size=2, max_size=50))
def test_they_rise_whatever_the_clock_does(times: list[int]) -> None:
    ids = DecisionIds(iter(times).__next__)
    made = [ids() for _ in times]
    assert made == sorted(set(made))


def test_later_ids_are_greater_across_processes() -> None:
    assert DecisionIds(lambda: 1000)() < DecisionIds(lambda: 1001)()


def test_a_counter_that_is_used_up_borrows_the_next_millisecond() -> None:
    ids = DecisionIds(lambda: 5)
    first = ids()
    ids._counter = (1 << 74) - 2
    last, borrowed = ids(), ids()
    assert first < last < borrowed
    assert _number(borrowed) >> 80 == 6


def test_threads_share_a_source() -> None:
    ids, made = DecisionIds(), []
    threads = [threading.Thread(target=lambda: made.extend(ids() for _ in range(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2000


def test_two_sources_do_not_meet() -> None:
    first, second = DecisionIds(lambda: 7), DecisionIds(lambda: 7)
    assert {first() for _ in range(1000)}.isdisjoint({second() for _ in range(1000)})


def test_the_clock_is_that_of_the_machine() -> None:
    assert milliseconds() > 1_700_000_000_000
