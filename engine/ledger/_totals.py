"""Running sums of sales by day, month and year: how they are read, and what they must be equal to.

A window of days is cut into whole years, whole months and single days, so that a year is read from a few rows however many sales
it had. The sums are kept by a trigger (migration 0004).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import text

# One branch for each piece of a window: each is one walk along the key.
RUNNING: Final = text(
    "SELECT destination, origin, kind, customer, platform, currency, digits, sum(sold), sum(back), sum(transactions) FROM ("
    " SELECT * FROM tax_total WHERE merchant = :merchant AND grain = 10 AND period >= :d1 AND period <= :d2"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT * FROM tax_total WHERE merchant = :merchant AND grain = 7 AND period >= :m1 AND period <= :m2"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT * FROM tax_total WHERE merchant = :merchant AND grain = 4 AND period >= :y1 AND period <= :y2"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT * FROM tax_total WHERE merchant = :merchant AND grain = 7 AND period >= :m3 AND period <= :m4"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT * FROM tax_total WHERE merchant = :merchant AND grain = 10 AND period >= :d3 AND period <= :d4"
    "  AND destination >= :low AND destination < :high"
    ") t GROUP BY destination, origin, kind, customer, platform, currency, digits"
    " ORDER BY destination, origin, kind, customer, platform, currency, digits"
)
DAILY: Final = text(
    "SELECT destination, origin, kind, customer, platform, currency, digits, period, sold, back FROM tax_total"
    " WHERE merchant = :merchant AND grain = 10 AND period >= :first AND period <= :last"
    " AND destination >= :low AND destination < :high"
    " ORDER BY period, destination, origin, kind, customer, platform, currency, digits"
)

DRIFTED: Final = text(
    "WITH summed AS (SELECT merchant, length(period) AS grain, period, destination, origin, kind, customer, platform, currency,"
    " digits, sum(sold) AS sold, sum(back) AS back, sum(transactions) AS transactions FROM ("
    " SELECT p.merchant, substr(p.day, 1, g.grain) AS period, coalesce(p.destination, '') AS destination,"
    " coalesce(p.origin, '') AS origin, coalesce(p.kind, '') AS kind, p.customer, p.platform, p.currency, p.digits,"
    " CASE WHEN p.reversal_id IS NULL THEN p.net ELSE 0 END AS sold,"
    " CASE WHEN p.reversal_id IS NULL THEN 0 ELSE p.net END AS back,"
    " CASE WHEN p.reversal_id IS NULL AND NOT EXISTS (SELECT 1 FROM tax_posting e"
    "  WHERE e.transaction_id = p.transaction_id AND e.part = 0 AND e.reversal_id IS NULL AND e.line < p.line"
    "  AND coalesce(e.destination, '') = coalesce(p.destination, '')) THEN 1 ELSE 0 END AS transactions"
    " FROM tax_posting p CROSS JOIN (SELECT 4 AS grain UNION ALL SELECT 7 UNION ALL SELECT 10) g"
    " WHERE p.part = 0 AND p.merchant IS NOT NULL) s"
    " GROUP BY merchant, period, destination, origin, kind, customer, platform, currency, digits),"
    " kept AS (SELECT merchant, grain, period, destination, origin, kind, customer, platform, currency, digits, sold, back,"
    " transactions FROM tax_total)"
    " SELECT merchant, period FROM (SELECT * FROM (SELECT * FROM summed EXCEPT SELECT * FROM kept) a"
    " UNION ALL SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM summed) b) c LIMIT 1"
)
"""A running sum that is not the sum of its postings, or that is missing."""

_NONE: Final = ("~", "")
# A piece that is empty: no period lies after `~` and before nothing.


def pieces(first: date, last: date) -> dict[str, str]:
    """A window as the parameters of `RUNNING`: days, months, years, months, days. Both days are within.

    >>> pieces(date(2025, 11, 23), date(2026, 11, 22))["m1"], pieces(date(2026, 1, 1), date(2026, 12, 31))["y1"]
    ('2025-12', '2026')
    """
    found = dict.fromkeys(("d1", "m1", "y1", "m3", "d3"), _NONE)
    after = last + timedelta(days=1) if last < date.max else last
    month, end = _month_from(first), date(after.year, after.month, 1)
    if first > last:
        pass
    elif month >= end:
        # No whole month between the two ends, or exactly none: at most two months' days.
        found["d1"] = (first.isoformat(), last.isoformat())
    else:
        found["d1"] = _days(first, month)
        found["d3"] = _days(end, after)
        year = month if month.month == 1 else date(month.year + 1, 1, 1)
        close = date(end.year, 1, 1)
        if year >= close:
            found["m1"] = _months(month, end)
        else:
            found["m1"], found["m3"] = _months(month, year), _months(close, end)
            found["y1"] = (f"{year.year:04d}", f"{close.year - 1:04d}")
    return {key: value for name, pair in found.items() for key, value in zip(_names(name), pair, strict=True)}


def _names(name: str) -> tuple[str, str]:
    return name, f"{name[0]}{int(name[1]) + 1}"


def _month_from(day: date) -> date:
    """The first day of the first month that begins on this day or later."""
    if day.day == 1:
        return day
    return date(day.year + 1, 1, 1) if day.month == 12 else date(day.year, day.month + 1, 1)


def _days(first: date, end: date) -> tuple[str, str]:
    return (first.isoformat(), (end - timedelta(days=1)).isoformat()) if first < end else _NONE


def _months(first: date, end: date) -> tuple[str, str]:
    return (first.isoformat()[:7], (end - timedelta(days=1)).isoformat()[:7]) if first < end else _NONE


def arriving(place: str | None) -> dict[str, str]:
    """Sales that arrive in a place or a part of it, as parameters; None: everywhere. A part's code goes on with a hyphen, and the
    point is the sign after it."""
    return {"low": "", "high": "~"} if place is None else {"low": place, "high": f"{place}."}
