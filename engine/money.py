"""Money, currencies and dated conversion: exact decimals, never floats, never a rate of 1 for want of a better one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Final, NamedTuple

from iso4217 import Currency

EXACT: Final = Context(prec=34)
"""Arithmetic of converted amounts: IEEE decimal128 precision, the same on every machine and thread."""

# Codes that ISO 4217 has withdrawn but that payments within the life of the shipped law still used.
_WITHDRAWN: Final = {"BGN": 2, "HRK": 2, "SLL": 2, "ZWL": 2, "ANG": 2, "CUC": 2, "MRO": 2, "STD": 2, "VEF": 2}

DIGITS: Final[dict[str, int]] = {
    **_WITHDRAWN,
    **{currency.code: currency.exponent for currency in Currency if currency.exponent is not None},
}
"""ISO 4217 code -> digits after the point. Metals, test codes and 'no currency' are absent on purpose."""


class Money(NamedTuple):
    """An exact amount in major units of one ISO 4217 currency."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{plain(self.amount, self.currency)} {self.currency}"


class Rate(NamedTuple):
    """`rate` units of `target` for one unit of `base`, as published for `on` by `source`."""

    base: str
    target: str
    rate: Decimal
    on: date
    source: str
    legs: tuple[Decimal, Decimal] | None = None
    """So many units of `base` are so many of `target`, as published (by the European Central Bank: for one euro): what `rate`
    was worked out from, and what converts without its rounding."""


class RateRow(NamedTuple):
    """One published quotation: `per_euro` units of `currency` for one euro on that day."""

    on: date
    currency: str
    per_euro: Decimal


class PublishedRate(NamedTuple):
    """One quotation of another publisher: `rate` units of `target` for one of `base`, published for `on`, in use from `start` to
    `end`, both days included."""

    on: date
    base: str
    target: str
    rate: Decimal
    start: date
    end: date


class RateKey(NamedTuple):
    """What was asked of the published rates: the pair, the day that the rule starts from, the rule, and whose rate it wants."""

    base: str
    target: str
    day: date
    rule: str
    publisher: str


def exact_number(stated: object) -> Decimal | None:
    """A number as an open fact states it: a decimal, a whole number or a text. What is no number is not known."""
    if isinstance(stated, bool) or not isinstance(stated, Decimal | int | str):
        return None
    try:
        found = Decimal(stated)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def plain(amount: Decimal, currency: str) -> str:
    """Write an amount with the currency's own digits, and with more only where rounding would hide a difference.

    >>> plain(Decimal("30"), "EUR"), plain(Decimal("30.0041"), "EUR"), plain(Decimal("500"), "JPY")
    ('30.00', '30.0041', '500')
    """
    digits = DIGITS.get(currency, 2)
    text = str(amount)
    if digits and text[-digits - 1 : -digits] == "." and "E" not in text:
        return text  # written with the currency's digits already, as nearly every amount is
    short = _rounded(amount, digits)
    if short == amount:
        return f"{short:f}"
    longer = _rounded(amount, digits + 2)
    return f"{longer if longer != short else amount:f}"


def _rounded(amount: Decimal, digits: int) -> Decimal:
    try:
        return EXACT.quantize(amount, Decimal((0, (1,), -digits)))
    except InvalidOperation:  # more digits than decimal128 holds: show what there is
        return amount


class PublisherTable:
    """The rates of one other publisher: a national bank, a tax office, customs. A rate holds on its own days and on no other, and
    no pair is worked out over a third currency."""

    __slots__ = ("_quotes", "_starts", "source")

    def __init__(self, rows: Iterable[PublishedRate], *, source: str):
        by_pair: dict[tuple[str, str], dict[date, PublishedRate]] = {}
        for row in rows:
            by_pair.setdefault((row.base, row.target), {})[row.start] = row
        self._quotes = {pair: [quotes[day] for day in sorted(quotes)] for pair, quotes in by_pair.items()}
        self._starts = {pair: [row.start for row in quotes] for pair, quotes in self._quotes.items()}
        self.source = source

    def rate(self, base: str, target: str, on: date) -> Rate | None:
        """The rate in use on that day, as published or, where only the other way round was published, its inverse."""
        row = self._in_use(base, target, on)
        if row is not None:
            return Rate(base, target, row.rate, row.on, self.source, (Decimal(1), row.rate))
        row = self._in_use(target, base, on)
        if row is None:
            return None
        return Rate(base, target, EXACT.divide(Decimal(1), row.rate), row.on, self.source, (row.rate, Decimal(1)))

    def rows(self) -> Iterator[PublishedRate]:
        """What it was made of."""
        for quotes in self._quotes.values():
            yield from quotes

    @property
    def pairs(self) -> int:
        """How many pairs of currencies it quotes."""
        return len(self._quotes)

    def latest(self) -> date | None:
        """The last day on which any of its rates is in use."""
        return max((row.end for quotes in self._quotes.values() for row in quotes), default=None)

    def _in_use(self, base: str, target: str, on: date) -> PublishedRate | None:
        """Of several, the one whose use began last: a rate of the month that was replaced within it."""
        quotes = self._quotes.get((base, target), [])
        started = bisect_right(self._starts.get((base, target), []), on)
        return next((row for row in reversed(quotes[:started]) if on <= row.end), None)


class RateTable:
    """Published euro rates by day. A day without a publication takes the last one before it, within `max_age_days`.

    The conversion of a missing or too old rate is None: what needs it stays undecided. `publishers`: the tables of others, by the
    name under which the law wants them; only what asks for one by name gets its rate.
    """

    __slots__ = ("_cache", "_days", "_quotes", "by_law", "max_age_days", "publishers", "source")

    def __init__(
        self,
        rows: Iterable[RateRow],
        *,
        source: str = "ECB euro reference rates",
        max_age_days: int = 92,
        publishers: Mapping[str, PublisherTable] | None = None,
    ):
        by_currency: dict[str, dict[date, Decimal]] = {}
        for row in rows:
            by_currency.setdefault(row.currency, {})[row.on] = row.per_euro
        self._quotes = by_currency
        self._days = {currency: sorted(quotes) for currency, quotes in by_currency.items()}
        self._cache: dict[tuple[str, str, date], Rate | None] = {}
        self.max_age_days = max_age_days
        self.source = source
        self.publishers: Mapping[str, PublisherTable] = publishers or {}
        self.by_law = True
        """Whether tax asks for the rate of each place's law. Decisions of before there was more than one table did not."""

    def rate(self, base: str, target: str, on: date) -> Rate | None:
        """The cross rate through the euro in force on that day, dated by the older of its two legs."""
        key = (base, target, on)
        if key not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[key] = self._cross(base, target, on)
        return self._cache[key]

    def first_from(self, base: str, target: str, on: date, within_days: int) -> Rate | None:
        """The rate published on that day or, if none was, on the next day of publication, at most so many days later.

        What the law of returns asks for (Directive 2006/112/EC, Art. 366, 369h, 369u); `rate` looks the other way.
        """
        for later in range(within_days + 1):
            day = on + timedelta(days=later)
            legs = [Decimal(1) if code == "EUR" else self._quotes.get(code, {}).get(day) for code in (base, target)]
            if legs[0] is not None and legs[1] is not None:
                return Rate(base, target, EXACT.divide(legs[1], legs[0]), day, self.source, (legs[0], legs[1]))
        return None

    def dated(self, base: str, target: str, on: date) -> Rate | None:
        """As `rate`: the law of tax converts at the rates of several days in one decision, and each day counts."""
        return self.rate(base, target, on)

    def found(self, key: RateKey, look: Callable[[], Rate | None]) -> Rate | None:
        """What `look` finds. Replay knows it by the key, and does not look."""
        return look()

    def rows(self) -> Iterator[RateRow]:
        """What it was made of, the tables of others apart."""
        for currency, quotes in self._quotes.items():
            yield from (RateRow(on, currency, per_euro) for on, per_euro in quotes.items())

    @property
    def pairs(self) -> int:
        """How many currencies it quotes for a euro."""
        return len(self._quotes)

    def latest(self) -> date | None:
        """The newest day in the table."""
        return max((days[-1] for days in self._days.values()), default=None)

    def _cross(self, base: str, target: str, on: date) -> Rate | None:
        legs = [self._quote(currency, on) for currency in (base, target)]
        if legs[0] is None or legs[1] is None:
            return None
        (base_day, per_base), (target_day, per_target) = legs[0], legs[1]
        return Rate(
            base,
            target,
            EXACT.divide(per_target, per_base),
            min(base_day, target_day),
            self.source,
            (per_base, per_target),
        )

    def _quote(self, currency: str, on: date) -> tuple[date, Decimal] | None:
        if currency == "EUR":
            return on, Decimal(1)
        days = self._days.get(currency, [])
        at = bisect_right(days, on) - 1
        if at < 0 or on - days[at] > timedelta(days=self.max_age_days):
            return None
        return days[at], self._quotes[currency][days[at]]


class FixedRates(RateTable):
    """The rates a stored decision used, and no others: replay asks the same questions and gets the same answers."""

    __slots__ = ("_by_day", "_by_key", "_fixed", "_of_pair", "_of_rule")

    def __init__(
        self,
        rates: Iterable[Rate],
        by_key: Mapping[RateKey, Rate | None] | None = None,
        *,
        by_day: Mapping[tuple[str, str, date], Rate | None] | None = None,
    ):
        """`by_key`: what tax asked for; `by_day`: the same, of a decision whose tax asked the European Central Bank alone."""
        super().__init__(())
        self._fixed = {(rate.base, rate.target): rate for rate in rates}
        self._by_key = dict(by_key or {})
        self._of_rule = {key._replace(day=date.min): rate for key, rate in self._by_key.items() if rate}
        self._by_day = dict(by_day or {})
        self._of_pair = {(base, target): rate for (base, target, _), rate in self._by_day.items() if rate}
        self.by_law = by_day is None

    def rate(self, base: str, target: str, on: date) -> Rate | None:
        """The stored rate of that pair, whatever the day."""
        return self._fixed.get((base, target))

    def dated(self, base: str, target: str, on: date) -> Rate | None:
        """The stored rate of that pair and day, or that there was none; of another day, the one there is of the pair."""
        key = base, target, on
        return self._by_day[key] if key in self._by_day else self._of_pair.get((base, target))

    def found(self, key: RateKey, look: Callable[[], Rate | None]) -> Rate | None:
        """The stored rate of that key, or that there was none; of another day, the one of its pair, rule and publisher."""
        if not self.by_law:
            return look()
        if key in self._by_key:
            return self._by_key[key]
        return self._of_rule.get(key._replace(day=date.min))


def convert(money: Money, rate: Rate) -> Decimal:
    """The amount in the rate's target currency, unrounded: a threshold is compared with what was paid, not with cents.

    One division, at the end: BRL 303.46 at 6.0692 a euro are EUR 50 and not EUR 50 and a hair.
    """
    if rate.legs is None:
        return EXACT.multiply(money.amount, rate.rate)
    per_base, per_target = rate.legs
    return EXACT.divide(EXACT.multiply(money.amount, per_target), per_base)
