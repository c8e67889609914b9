"""A total of a seller's sales under one threshold, worked out from the running sums of a ledger. Pure: the sums are handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from engine.postings import Booked, Flow, Running
from engine.tax.asked import Exchange
from engine.tax.recorder import Question, Total
from engine.tax.threshold_tests import ROLLING, months_back
from engine.tax.thresholds import by_day, crossing, is_in, over, within


class Source(Protocol):
    """The running sums of a ledger."""

    def running(self, merchant: str, first: date, last: date, place: str | None = None) -> Sequence[Running]:
        """By direction, over a window; `place`: only what arrives there."""

    def daily(self, merchant: str, first: date, last: date, place: str | None = None) -> Sequence[Flow]:
        """By direction and day."""

    def booked(self, merchant: str, first: date, last: date) -> Sequence[Booked]:
        """The postings themselves."""


def total_of(asked: Question, source: Source, exchange: Exchange) -> Total:
    """A total from running sums. Amounts in other currencies than the threshold's are converted day by day, unless the law fixes
    one day's rate for all; only then, and where refunds may hide a crossing, are days looked at one by one."""
    merchant, test, window, day, _ = asked
    last = min(window.last, day)
    running = source.running(merchant, window.first, last, asked.place)
    unit = test.limit.unit or "EUR"
    flows = [one.flow for one in running if test.counts(one.flow)]
    if test.rate_day is None and any(flow.currency != unit for flow in flows):
        flows = [*source.daily(merchant, window.first, last, asked.place)]
    days, lacking = by_day(test, flows, unit, exchange, day)
    number = sum(one.transactions for one in running if is_in(test, one.flow.destination))
    if lacking:
        return Total(None, None, number, lacking)
    amount = within(days, window, day)
    return Total(amount, _highest(asked, amount, source, exchange), number)


def _highest(asked: Question, amount: Decimal, source: Source, exchange: Exchange) -> Decimal | None:
    merchant, test, window, day, _ = asked
    limit = test.limit.value
    if not isinstance(limit, Decimal) or over(test, amount, limit):
        return None
    # Of a window that moves, every day looks back by itself.
    first = months_back(window.first, ROLLING[window.kind]) if window.kind in ROLLING else window.first
    last = min(window.last, day)
    around = [one.flow for one in source.running(merchant, first, last, asked.place) if test.counts(one.flow)]
    if not any(flow.back for flow in around) and window.kind not in ROLLING:
        return None
    days, _ = by_day(test, around, test.limit.unit or "EUR", exchange, day)
    if not over(test, sum((one.sold for one in days), Decimal(0)), limit):
        return None
    days, _ = by_day(test, source.daily(merchant, first, last, asked.place), test.limit.unit or "EUR", exchange, day)
    found = crossing(test, days, [window], limit, day, lambda one: source.booked(merchant, one, one), exchange)
    return None if found is None else Decimal(found["total_after"])
