"""Running sums of sales by day, month and year: how they are read, and what they must be equal to.

A window of days is cut into whole years, whole months and single days, so that a year is read from a few rows however many sales
it had. A window that ends within a year takes the whole year and what lies after it away again: after a sale of today there is
next to nothing. The sums are kept by a trigger (migration 0005).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import text

# One branch for each piece of a window: each is one walk along the key.
RUNNING: Final = text(
    "SELECT destination, origin, kind, customer, platform, currency, digits, sum(sign * sold), sum(sign * back),"
    " sum(sign * transactions) FROM ("
    " SELECT t.*, 1 AS sign FROM tax_total t WHERE merchant = :merchant AND grain = 10 AND period >= :d1 AND period <= :d2"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT t.*, 1 FROM tax_total t WHERE merchant = :merchant AND grain = 7 AND period >= :m1 AND period <= :m2"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT t.*, 1 FROM tax_total t WHERE merchant = :merchant AND grain = 4 AND period >= :y1 AND period <= :y2"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT t.*, -1 FROM tax_total t WHERE merchant = :merchant AND grain = 7 AND period >= :m3 AND period <= :m4"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT t.*, -1 FROM tax_total t WHERE merchant = :merchant AND grain = 10 AND period >= :d3 AND period <= :d4"
    "  AND destination >= :low AND destination < :high"
    " UNION ALL SELECT t.*, 1 FROM tax_total t WHERE merchant = :merchant AND grain = 10 AND period >= :d5 AND period <= :d6"
    "  AND destination >= :low AND destination < :high"
    ") t GROUP BY destination, origin, kind, customer, platform, currency, digits"
    " HAVING sum(sign * sold) <> 0 OR sum(sign * back) <> 0 OR sum(sign * transactions) <> 0"
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
    """A window as the parameters of `RUNNING`; both days are within. Added are the days and months up to a year's end and the
    years (`d1`, `m1`, `y1`), taken away the months and days after the window (`m3`, `d3`); within one year months and the days at
    both ends are added (`d1`, `m1`, `d5`).

    >>> found = pieces(date(2025, 11, 23), date(2026, 11, 22))
    >>> [found[name] for name in ("d1", "d2", "m1", "m2", "y1", "y2", "m3", "m4", "d3", "d4")]
    ['2025-11-23', '2025-11-30', '2025-12', '2025-12', '2026', '2026', '2026-12', '2026-12', '2026-11-23', '2026-11-30']
    """
    found = dict.fromkeys(("d1", "m1", "y1", "m3", "d3", "d5"), _NONE)
    month = _month_from(first)
    year = month if month.month == 1 else date(month.year + 1, 1, 1)
    after = last + timedelta(days=1) if last < date.max else last
    end = date(after.year, after.month, 1)
    if first > last:
        pass
    elif year <= last:
        found["d1"], found["m1"] = _days(first, month), _months(month, year)
        found["y1"] = (f"{year.year:04d}", f"{last.year:04d}")
        if after.year == last.year and after > last:
            rest = _month_from(after)
            found["d3"] = _days(after, rest)
            found["m3"] = (rest.isoformat()[:7], f"{last.year:04d}-12") if rest.year == last.year else _NONE
    elif month < end:
        found["d1"], found["m1"], found["d5"] = _days(first, month), _months(month, end), _days(end, after)
    else:
        found["d1"] = (first.isoformat(), last.isoformat())
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
