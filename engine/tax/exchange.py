"""Which exchange rate the law wants, and the amount at that rate and no other.

Three rules, named in every answer:

- `oss`: returns of the special schemes, the European Central Bank's rate of the period's last day or, where none was published
  that day, of the next day of publication (Directive 2006/112/EC, Art. 366, 369h, 369u);
- `chargeable_event`: the European Central Bank's rate of the day on which the tax becomes due, or the last one before it
  (Art. 91(2), which every Member State must accept);
- `national`: the rate of a national bank, a tax office or customs, where the law of the place says so. It is used if it was
  loaded under the place's name for it (`GB.hmrc_period_or_market`, `DE.customs`), and nothing else is put in its place.

Which one holds, the packs say: `oss_exchange_rate`, `ioss_exchange_rate`, `exchange_rate_rule` or `invoice_exchange_rate`,
`import_vat_exchange_rate`.

A rate that is missing, or older than the last that must have been published, is no rate: what needs it stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from engine.money import Money, Rate, RateTable, convert
from engine.tax.law import PlaceLaw
from engine.tax.model import Step

ECB: Final = "ecb"
"""The name of the European Central Bank's reference rates among the tables."""
_DAY: Final = timedelta(days=1)


class Rule(StrEnum):
    """Which day's rate of which publisher."""

    OSS = "oss"
    CHARGEABLE_EVENT = "chargeable_event"
    NATIONAL = "national"


_RULES: Final = {
    "ecb_last_day_of_return_period": Rule.OSS,
    "latest_selling_or_ecb_when_due": Rule.CHARGEABLE_EVENT,
    "ecb": Rule.CHARGEABLE_EVENT,
}
"""The words of the packs that mean the European Central Bank. Every other one names a publisher of the place's own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rate that the law asks for: the publisher's table, the day the rule starts from, and where that stands."""

    rule: Rule
    source: str
    day: date
    step: Step


@dataclass(frozen=True, slots=True)
class Lacking:
    """There is no such rate. `missing` names it, as `missing` of an answer does: `fx.USD.EUR.2026-09-30`."""

    missing: str
    message: str


@dataclass(frozen=True, slots=True)
class Exchanged:
    """An amount at the rate that the law wants, unrounded. `rate` is None where both currencies are one."""

    amount: Decimal
    currency: str
    wanted: Wanted
    rate: Rate | None

    def body(self) -> dict[str, Any] | None:
        """As the answer names it: `{from, to, rate, date, source, rule}`; None where nothing was exchanged."""
        if self.rate is None:
            return None
        return {
            "from": self.rate.base,
            "to": self.rate.target,
            "rate": f"{self.rate.rate:f}",
            "date": self.rate.on.isoformat(),
            "source": self.rate.source,
            "rule": self.wanted.rule.value,
        }


# -- what the law wants -----------------------------------------------------------------------------------------------------


def for_return(law: PlaceLaw, last_day: date, scheme: str = "oss") -> Wanted | Lacking:
    """The rate of a return. `law`: of the Member State of identification; `scheme`: oss, non_union_oss or ioss."""
    return _wanted(law, last_day, ("ioss_exchange_rate" if scheme == "ioss" else "oss_exchange_rate",))


def for_tax(law: PlaceLaw) -> Wanted | Lacking:
    """The rate for tax that becomes due on the law's day, and for the invoice that shows it."""
    return _wanted(law, law.day, ("exchange_rate_rule", "invoice_exchange_rate"))


def for_customs(law: PlaceLaw) -> Wanted | Lacking:
    """The rate for value limits and import tax at the border: customs has its own, not the card scheme's."""
    return _wanted(law, law.day, ("import_vat_exchange_rate",))


def _wanted(law: PlaceLaw, day: date, names: tuple[str, ...]) -> Wanted | Lacking:
    setting = next((found for name in names if (found := law.setting(name)) is not None), None)
    if setting is None or not isinstance(setting.value, str):
        return Lacking(f"law.{names[0]}", f"Which exchange rate the law of {law.place} wants was not read.")
    rule = _RULES.get(setting.value, Rule.NATIONAL)
    source = ECB if rule is not Rule.NATIONAL else f"{law.place[:2]}.{setting.value}"
    words = {
        Rule.OSS: f"The European Central Bank's rate of {day}, or of the next day of publication.",
        Rule.CHARGEABLE_EVENT: f"The European Central Bank's rate of {day}, when the tax becomes due, or the last before it.",
        Rule.NATIONAL: f"The rate that the law of {law.place} names, {setting.value}, for {day}.",
    }[rule]
    return Wanted(rule, source, day, setting.step("exchange", words))


# -- the rate ---------------------------------------------------------------------------------------------------------------


def exchanged(money: Money, target: str, wanted: Wanted, tables: Mapping[str, RateTable]) -> Exchanged | Lacking:
    """The amount at the wanted rate. `tables`: what was loaded, by the name of the publisher."""
    if money.currency == target:
        return Exchanged(money.amount, target, wanted, None)
    rate = rate_of(money.currency, target, wanted, tables)
    if rate is None:
        missing = f"fx.{money.currency}.{target}.{wanted.day.isoformat()}"
        where = "no rates are loaded under that name" if wanted.source not in tables else "it is missing or too old"
        words = (
            f"{money.currency} to {target} needs the rate of {wanted.source} ({wanted.rule}, {wanted.day}); {where}."
        )
        return Lacking(missing, words)
    return Exchanged(convert(money, rate), target, wanted, rate)


def rate_of(base: str, target: str, wanted: Wanted, tables: Mapping[str, RateTable]) -> Rate | None:
    """The wanted rate as published, or None."""
    table = tables.get(wanted.source)
    if table is None:
        return None
    if wanted.rule is Rule.NATIONAL:
        return table.rate(base, target, wanted.day)
    if wanted.rule is Rule.OSS:
        return table.first_from(base, target, publication_from(wanted.day), 0)
    # The day's own rate is published in its afternoon; until then the one before it is the last.
    for day in dict.fromkeys((publication_until(wanted.day), publication_until(wanted.day - _DAY))):
        rate = table.first_from(base, target, day, 0)
        if rate is not None:
            return rate
    return None


def return_rates(
    law_on: Callable[[date], PlaceLaw], tables: Mapping[str, RateTable], scheme: str = "oss"
) -> Callable[[str, date], Rate | None]:
    """(currency, last day of a period) -> the rate into euro, for `engine.tax.returns`. `law_on`: the law of the Member State of
    identification on a day."""

    def rate_on(currency: str, last_day: date) -> Rate | None:
        wanted = for_return(law_on(last_day), last_day, scheme)
        return None if isinstance(wanted, Lacking) else rate_of(currency, "EUR", wanted, tables)

    return rate_on


# -- days of publication ----------------------------------------------------------------------------------------------------


def publication_until(day: date) -> date:
    """The last day not after this one on which the European Central Bank publishes rates."""
    while not is_publication_day(day):
        day -= _DAY
    return day


def publication_from(day: date) -> date:
    """The first such day not before this one."""
    while not is_publication_day(day):
        day += _DAY
    return day


def is_publication_day(day: date) -> bool:
    """Whether the TARGET system is open: not at weekends, on 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December
    (the calendar since 2002)."""
    if day.weekday() >= 5 or (day.month, day.day) in ((1, 1), (5, 1), (12, 25), (12, 26)):
        return False
    easter = _easter(day.year)
    return day not in (easter - timedelta(days=2), easter + _DAY)


@lru_cache(maxsize=512)
def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm in Meeus's form."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    quarter, leap = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - quarter - moved + 15) % 30
    step, left = divmod(rest, 4)
    letter = (32 + 2 * leap + 2 * step - epact - left) % 7
    shift = (golden + 11 * epact + 22 * letter) // 451
    month, date_before = divmod(epact + letter - 7 * shift + 114, 31)
    return date(year, month, date_before + 1)
