"""A machine whose clock is wrong decides nothing where others share its ledger: their server's clock is there to compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from engine.ledger import Ledger, LedgerUnavailable, Stored, verify
from tests.ledger.factories import entry, store

pytestmark = pytest.mark.slow

SKEW = timedelta(seconds=30)


@dataclass
class Clock:
    """The machine's, so far off."""

    off: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.off


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(postgres_url: str, clock: Clock) -> Iterator[Ledger]:
    with Ledger.open(postgres_url, clock=clock, skew=SKEW) as opened:
        yield opened


@pytest.mark.parametrize("hours", [-48, -1, 1, 48])
def test_nothing_is_written_while_it_is_wrong(ledger: Ledger, clock: Clock, hours: int) -> None:
    assert isinstance(store(ledger, entry(at=clock()))[0], Stored)
    clock.off = timedelta(hours=hours)
    with pytest.raises(LedgerUnavailable, match=r"clock of this machine is [+-]"):
        store(ledger, entry(at=clock()))
    assert not ledger.health().ok
    clock.off = timedelta(0)
    assert isinstance(store(ledger, entry(at=clock()))[0], Stored)
    assert ledger.health().ok


def test_a_decision_of_another_time_is_refused_after_the_clock_came_back(ledger: Ledger, clock: Clock) -> None:
    """It was judged while the clock was wrong, and waited until it was right again. The others of its batch are stored."""
    clock.off = timedelta(days=2)
    wrong = entry(at=clock())
    clock.off = timedelta(0)
    with pytest.raises(LedgerUnavailable, match="decided at a time"):
        store(ledger, wrong)
    assert isinstance(store(ledger, entry(at=clock()))[0], Stored)
    assert ledger.decision(wrong.id) is None


def test_a_little_is_borne(ledger: Ledger, clock: Clock, postgres_url: str) -> None:
    clock.off = SKEW - timedelta(seconds=10)
    assert isinstance(store(ledger, entry(at=clock()))[0], Stored)
    assert verify(postgres_url).first_bad is None


def test_a_start_with_a_wrong_clock_is_refused(postgres_url: str) -> None:
    with pytest.raises(LedgerUnavailable, match="LEXGATE_CLOCK_SKEW_SECONDS"):
        Ledger.open(postgres_url, clock=Clock(timedelta(minutes=5)), skew=SKEW)


def test_nobody_asks_where_it_is_off(postgres_url: str) -> None:
    late = Clock(timedelta(days=400))
    with Ledger.open(postgres_url, clock=late) as opened:
        assert isinstance(store(opened, entry(at=late()))[0], Stored)
