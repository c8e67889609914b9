"""How near a merchant is to each threshold from which it must register or charge: totals, the sale that crossed, a forecast.

Totals are sums of what this ledger was told, without tax. Conversions are at the rate of each day, but where the law fixes one.
Whatever the law leaves unread is said to be so; a crossing is never undone by a later refund.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from engine.money import EXACT, plain
from engine.places import country_of
from engine.postings import Booked, Flow, from_minor
from engine.tax.law import TaxLaw
from engine.tax.threshold_tests import ROLLING, Test, Window, months_back, tests_of, windows

Exchange = Callable[[Decimal, str, str, date], Decimal | None]
"""(amount, from, to, day) -> the amount at that day's rate, unrounded; None: no rate."""
BookedOn = Callable[[date], Sequence[Booked]]
"""A merchant's postings of one day."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What the ledger holds of a merchant's sales."""

    flows: Sequence[Flow]
    sales: Sequence[tuple[str | None, date, int]]
    booked_on: BookedOn


def since(today: date) -> date:
    """The first day of sales that any test asks for."""
    return date(today.year - 2, 1, 1)


def report(
    law: TaxLaw, home: str | None, sold: Sold, today: date, exchange: Exchange, what_if: Decimal | None = None
) -> list[dict[str, Any]]:
    """Every threshold of every place the merchant sold into, JSON-ready, by jurisdiction.

    `home` is the country of the merchant's seat. `what_if` adds a sale of that amount, without tax, in each threshold's own
    currency. `exchange` converts at a day's rate.
    """
    tests = tests_of(law, home, {flow.destination for flow in sold.flows if flow.destination}, today)
    return [_stand(test, sold, today, exchange, what_if) for test in tests]


# -- one threshold --------------------------------------------------------------------------------------------------


class Day(NamedTuple):
    """One day's sales and what was given back, in the currency of the limit."""

    day: date
    sold: Decimal
    back: Decimal


def _stand(test: Test, sold: Sold, today: date, exchange: Exchange, what_if: Decimal | None) -> dict[str, Any]:
    unit = test.limit.unit or "EUR"
    limit = test.limit.value if isinstance(test.limit.value, Decimal) else None
    days, lacking = by_day(test, sold.flows, unit, exchange, today)
    looked = windows(test.window, today)
    totals = {window: within(days, window, today) for window in looked}
    window = looked[0] if test.window else max(looked, key=lambda one: totals[one])
    total = None if lacking else totals[window]
    crossed = None if limit is None else crossing(test, days, looked, limit, today, sold.booked_on, exchange)
    count = _counted(test, sold.sales, window, today)
    nth = _the_nth(test, sold, window, today)
    met = _met(
        test, None if limit is None else crossed is not None, None if count is None else nth is not None, bool(lacking)
    )
    both = [one for one in (crossed, nth) if one is not None]
    by = (max if test.both else min)(both, key=lambda one: one["date"], default=None) if met else None
    return {
        "jurisdiction": test.jurisdiction,
        "parameter": test.parameter,
        "threshold": None if limit is None else {"amount": plain(limit, unit), "currency": unit},
        "transactions": count,
        "test": ("and" if test.both else "or") if count is not None else "amount_only",
        "window": {
            "kind": window.kind,
            "stated": bool(test.window),
            "from": window.first.isoformat(),
            "to": window.last.isoformat(),
        },
        "total": None if total is None else {"amount": plain(total, unit), "currency": unit},
        "other_windows": [
            {"kind": one.kind, "total": None if lacking else plain(totals[one], unit)}
            for one in looked
            if one != window
        ],
        "by_month": None if lacking else _months(days, window, unit, today),
        "share_percent": _share(total, limit),
        "crossed": met,
        "crossed_by": by,
        "forecast": None if crossed or total is None or limit is None else _forecast(days, window, total, limit, today),
        "what_if": _what_if(test, total, limit, unit, what_if),
        "missing": [*lacking, *([f"law.{test.parameter}"] if limit is None else [])],
        "law": _law(test),
    }


def by_day(
    test: Test, flows: Iterable[Flow], unit: str, exchange: Exchange, today: date
) -> tuple[list[Day], tuple[str, ...]]:
    """Each day's counted sales in the currency of the limit, and the exchange rates that were missing."""
    found: dict[date, Day] = {}
    lacking: dict[str, None] = {}
    for flow in flows:
        if not test.counts(flow) or flow.day > today:
            continue
        both = [
            _worth(from_minor(n, flow.digits), flow.currency, unit, flow.day, test, exchange)
            for n in (flow.sold, flow.back)
        ]
        if both[0] is None or both[1] is None:
            lacking[f"fx.{flow.currency}.{unit}"] = None
            continue
        before = found.get(flow.day, Day(flow.day, Decimal(0), Decimal(0)))
        found[flow.day] = Day(flow.day, EXACT.add(before.sold, both[0]), EXACT.add(before.back, both[1]))
    return [found[day] for day in sorted(found)], tuple(lacking)


def _worth(amount: Decimal, currency: str, unit: str, day: date, test: Test, exchange: Exchange) -> Decimal | None:
    if currency == unit or not amount:
        return amount
    return exchange(amount, currency, unit, test.rate_day or day)


def within(days: Sequence[Day], window: Window, today: date) -> Decimal:
    """The total of a window, as far as it has gone by."""
    return _sum(one.sold - one.back for one in days if window.first <= one.day <= min(window.last, today))


def _months(days: Sequence[Day], window: Window, unit: str, today: date) -> list[dict[str, str]]:
    """What was sold, less what was given back, in each month of a window that has begun; and the total at its end so far."""
    found: dict[str, Decimal] = {}
    month, last = window.first.replace(day=1), min(window.last, today)
    while month <= last:
        found[f"{month:%Y-%m}"] = Decimal(0)
        month = (month + timedelta(days=31)).replace(day=1)
    for one in days:
        if window.first <= one.day <= last:
            label = f"{one.day:%Y-%m}"
            found[label] = EXACT.add(found[label], one.sold - one.back)
    told, total = [], Decimal(0)
    for label, sold in found.items():
        total = EXACT.add(total, sold)
        told.append({"month": label, "sold": plain(sold, unit), "total": plain(total, unit)})
    return told


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def crossing(
    test: Test,
    days: Sequence[Day],
    looked: Sequence[Window],
    limit: Decimal,
    today: date,
    booked_on: BookedOn,
    exchange: Exchange,
) -> dict[str, Any] | None:
    """The first sale that crossed, in the windows that still matter. What was given back later does not undo it."""
    found = []
    for window in looked:
        for one in days:
            if not window.first <= one.day <= min(window.last, today):
                continue
            # Of a window that moves, every day looks back by itself.
            start = months_back(one.day, ROLLING[window.kind]) if window.kind in ROLLING else window.first
            before = _sum(other.sold - other.back for other in days if start <= other.day < one.day)
            # The day's sales alone may cross: whether they did before something went back, its transactions tell.
            if over(test, EXACT.add(before, one.sold), limit):
                sale = _the_sale(test, window, one.day, before, limit, booked_on, exchange)
                if sale is not None:
                    found.append(sale)
                    break
    return min(found, key=lambda sale: str(sale["date"]), default=None)


def over(test: Test, total: Decimal, limit: Decimal) -> bool:
    """Whether a total crosses the limit, or reaches it where that is enough."""
    return total > limit or (test.reached and total == limit and total > 0)


def _the_sale(
    test: Test, window: Window, day: date, before: Decimal, limit: Decimal, booked_on: BookedOn, exchange: Exchange
) -> dict[str, Any] | None:
    """The very sale: within the day, transactions stand in the order in which the ledger was told."""
    unit = test.limit.unit or "EUR"
    changes: dict[tuple[str, str | None], Decimal] = {}
    for one in booked_on(day):
        if one.posting.part or not test.counts(_flow(one)):
            continue
        worth = _worth(from_minor(one.posting.net, one.digits), one.currency, unit, one.day, test, exchange)
        if worth is not None:
            key = (one.transaction_id, one.reversal_id)
            changes[key] = EXACT.add(changes.get(key, Decimal(0)), worth if one.reversal_id is None else -worth)
    total = before
    for (transaction, reversal), worth in changes.items():
        after = EXACT.add(total, worth)
        if reversal is None and over(test, after, limit):
            return {
                "transaction": transaction,
                "date": day.isoformat(),
                "window": window.kind,
                "test": "amount",
                "total_before": plain(total, unit),
                "total_after": plain(after, unit),
                "currency": unit,
            }
        total = after
    return None


def _the_nth(test: Test, sold: Sold, window: Window, today: date) -> dict[str, Any] | None:
    """The sale with which the number of transactions reached its limit, in the window that is counted."""
    if test.count is None or test.count.value is None:
        return None
    limit, so_far = int(test.count.value), 0
    for day, count in sorted(_counts(test, sold.sales, window, today).items()):
        if so_far + count < limit:
            so_far += count
            continue
        here = [one for one in sold.booked_on(day) if one.reversal_id is None and is_in(test, one.posting.destination)]
        names = list(dict.fromkeys(one.transaction_id for one in here))
        found = names[limit - so_far - 1 : limit - so_far] if limit > so_far else names[:1]
        return {
            "transaction": found[0] if found else None,
            "date": day.isoformat(),
            "window": window.kind,
            "test": "transactions",
            "total_before": str(limit - 1),
            "total_after": str(limit),
            "currency": None,
        }
    return None


def _flow(one: Booked) -> Flow:
    posting = one.posting
    return Flow(
        posting.destination, posting.origin, posting.kind, posting.customer, bool(posting.platform), one.currency, one.digits,
        one.day, posting.net, 0,
    )  # fmt: skip


def _counted(
    test: Test, sales: Iterable[tuple[str | None, date, int]], window: Window, today: date
) -> dict[str, Any] | None:
    """The number of transactions against its limit, where the place counts them."""
    if test.count is None or test.count.value is None:
        return None
    return {"limit": int(test.count.value), "so_far": sum(_counts(test, sales, window, today).values())}


def _counts(test: Test, sales: Iterable[tuple[str | None, date, int]], window: Window, today: date) -> dict[date, int]:
    found: dict[date, int] = {}
    for place, day, count in sales:
        if is_in(test, place) and window.first <= day <= min(window.last, today):
            found[day] = found.get(day, 0) + count
    return found


def is_in(test: Test, place: str | None) -> bool:
    """Whether a place is in the threshold's jurisdiction."""
    return place is not None and test.jurisdiction in (place, country_of(place))


def _met(test: Test, by_amount: bool | None, by_count: bool | None, lacking: bool) -> bool | None:
    """Whether the threshold is crossed. A total that could not be converted in full is too low, if anything."""
    amount = None if by_amount is False and lacking else by_amount
    if by_count is None:
        return amount
    if test.both:
        return False if False in (amount, by_count) else None if amount is None else True
    return True if True in (amount, by_count) else amount


def _forecast(days: Sequence[Day], window: Window, total: Decimal, limit: Decimal, today: date) -> dict[str, Any]:
    """When the limit will be reached if sales go on as they did since the first of them in the window."""
    sold_on = [one.day for one in days if window.first <= one.day <= today]
    first = sold_on[0] if sold_on else today
    elapsed = (today - first).days + 1
    said: dict[str, Any] = {"method": "linear run rate", "since": first.isoformat(), "days": elapsed}
    said |= {"per_day": None, "date": None}
    if total <= 0:
        return {**said, "reason": "Nothing was sold in the window"}
    per_day = EXACT.divide(total, Decimal(elapsed))
    left = EXACT.divide(limit - total, per_day).quantize(Decimal(1), ROUND_CEILING, EXACT)
    said["per_day"] = f"{per_day.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    if left > 36_500:
        return {**said, "reason": "Not within a hundred years at this rate"}
    reached = today + timedelta(days=int(left))
    if window.kind not in ROLLING and reached > window.last:
        return {**said, "reason": f"Not before {window.last.isoformat()}, when the total starts again"}
    return {**said, "date": reached.isoformat(), "reason": "At this rate; nothing is assumed to leave the window"}


def _what_if(
    test: Test, total: Decimal | None, limit: Decimal | None, unit: str, amount: Decimal | None
) -> dict[str, Any] | None:
    if amount is None:
        return None
    after = None if total is None else EXACT.add(total, amount)
    crosses = None if after is None or limit is None else over(test, after, limit)
    return {
        "amount": f"{amount:f}",
        "currency": unit,
        "total": None if after is None else plain(after, unit),
        "share_percent": _share(after, limit),
        "crosses": crosses,
    }


def _share(total: Decimal | None, limit: Decimal | None) -> str | None:
    if total is None or not limit:
        return None
    return f"{EXACT.divide(total * 100, limit).quantize(Decimal('0.01'), ROUND_HALF_UP, EXACT):f}"


def _law(test: Test) -> dict[str, Any]:
    step = test.limit.step("threshold", "")
    return {
        "instrument": step.instrument,
        "provision": step.provision,
        "url": step.url,
        "confidence": step.confidence.value if step.confidence else None,
    }
