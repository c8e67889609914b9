"""When a source is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch import Fault, Manners, next_try
from ingest.fetch.manners import told_to_wait

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
MANNERS = Manners(every=timedelta(hours=10), first_wait=timedelta(minutes=4), longest_wait=timedelta(hours=8))


@pytest.mark.parametrize(("failures", "least", "most"), [
    (1, timedelta(minutes=2), timedelta(minutes=4)), (2, timedelta(minutes=4), timedelta(minutes=8)),
    (5, timedelta(minutes=32), timedelta(minutes=64)), (8, timedelta(hours=4), timedelta(hours=8)),
    (1_000, timedelta(hours=4), timedelta(hours=8)),
])  # fmt: skip
def test_the_wait_doubles_up_to_its_most_and_is_drawn_from_its_upper_half(
    failures: int, least: timedelta, most: timedelta
) -> None:
    assert next_try(MANNERS, NOW, Fault.SERVER, failures, 0.0, None) - NOW == least
    assert next_try(MANNERS, NOW, Fault.SERVER, failures, 1.0, None) - NOW == most


def test_where_nothing_is_wrong_it_is_the_usual_time_within_a_tenth() -> None:
    assert next_try(MANNERS, NOW, None, 0, 0.0, None) - NOW == timedelta(hours=9.5)
    assert next_try(MANNERS, NOW, None, 0, 1.0, None) - NOW == timedelta(hours=10.5)


def test_what_the_directory_must_mend_is_not_tried_every_few_minutes() -> None:
    assert next_try(MANNERS, NOW, Fault.GONE, 1, 0.0, None) - NOW == timedelta(hours=7.6)


def test_what_the_server_asks_for_is_kept_but_not_for_ever() -> None:
    later = NOW + timedelta(hours=2)
    assert next_try(MANNERS, NOW, Fault.BUSY, 1, 1.0, later) == later
    assert next_try(MANNERS, NOW, Fault.BUSY, 1, 1.0, NOW + timedelta(days=400)) == NOW + timedelta(hours=8)


@pytest.mark.parametrize(("said", "wait"), [
    ("120", timedelta(seconds=120)), (" 0 ", timedelta(0)),
    ("Fri, 27 Nov 2026 10:00:00 GMT", timedelta(hours=1)),
    ("Fri, 27 Nov 2026 08:00:00 GMT", None), ("soon", None), ("-5", None), ("1.5", None), ("", None),
    (None, None), ("\u0661", None),
    ("9" * 400, timedelta(seconds=10**8)),
])  # fmt: skip
def test_retry_after(said: str | None, wait: timedelta | None) -> None:
    assert told_to_wait(said, NOW) == (None if wait is None else NOW + wait)


@given(st.sampled_from(Fault), st.integers(1, 10**6), st.floats(0, 1))
def test_no_fault_is_tried_at_once_or_never(fault: Fault, failures: int, chance: float) -> None:
    wait = next_try(MANNERS, NOW, fault, failures, chance, None) - NOW
    assert timedelta(minutes=2) <= wait <= MANNERS.longest_wait * 1.05
