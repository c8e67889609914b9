"""Which exchange rate the law wants, and the amount at that rate and no other.

The rules, named in every answer:

- `oss`: returns of the special schemes, the European Central Bank's rate of the period's last day or, where none was published
  that day, of the next day of publication (Directive 2006/112/EC, Art. 366, 369h, 369u);
- `chargeable_event`: the European Central Bank's rate of the day on which the tax becomes due, or the last one before it
  (Art. 91(2), which every Member State must accept);
- `customs`: in States whose money is the euro, the European Central Bank's rate of the last Wednesday but one of the month before
  (Implementing Regulation (EU) 2015/2447, Art. 146);
- `national`: the rate of a national bank, a tax office or customs, where the law of the place says so. It is used if it was
  loaded under the place's name for it (`GB.hmrc_period_or_market`, `SE.customs`), and nothing else is put in its place;
- `threshold`: the European Central Bank's of the day, for a limit of whose rate no law was read: the house's own choice.

Which one holds, the packs say: `oss_exchange_rate`, `ioss_exchange_rate`, `exchange_rate_rule` or `invoice_exchange_rate`,
`import_vat_exchange_rate`.

A rate that is missing, or older than the last that must have been published, is no rate: what needs it stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from engine.money import Money, Rate, RateKey, RateTable, convert
from engine.places import COUNTRIES
from engine.tax.law import PlaceLaw, Setting, TaxLaw
from engine.tax.model import Step

ECB: Final = "ecb"
"""The name of the European Central Bank's reference rates among the tables."""
EURO: Final = "EUR"
CUSTOMS: Final = "customs"
"""The word of the packs for the rates of customs."""
_DAY: Final = timedelta(days=1)
_WEDNESDAY: Final = 2
_BEFORE_THE_EURO: Final = {"HR": (date(2023, 1, 1), "HRK"), "BG": (date(2026, 1, 1), "BGN")}
"""Packs tell a country's money of today: the first day of the euro, and what was there before it."""


class Rule(StrEnum):
    """Which day's rate of which publisher."""

    OSS = "oss"
    CHARGEABLE_EVENT = "chargeable_event"
    CUSTOMS = "customs"
    NATIONAL = "national"
    THRESHOLD = "threshold"


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
    asked: date
    """The day for which the law was asked."""

    def missing(self, base: str, target: str) -> str:
        """Its name where there is none: `fx.USD.EUR.2026-09-30`."""
        return f"fx.{base}.{target}.{self.day.isoformat()}"


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
        return {**told_rate(self.rate), "rule": self.wanted.rule.value}


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


def for_limit(setting: Setting | None, place: str, day: date) -> Wanted | Lacking:
    """The rate at which a seller tests a limit of the Union's, by the Union's own `invoice_exchange_rate`: it holds in Northern
    Ireland as well."""
    return _by(setting, "invoice_exchange_rate", place, day)


def _wanted(law: PlaceLaw, day: date, names: tuple[str, ...]) -> Wanted | Lacking:
    setting = next((found for name in names if (found := law.setting(name)) is not None), None)
    # A State without the euro has its own authority's rates for customs (Art. 146(1)(b) of the Regulation).
    if (
        setting is not None
        and setting.value == CUSTOMS
        and setting.pack.jurisdiction == "EU"
        and currency_of(law) == EURO
    ):
        return _by(setting, names[0], law.place, day, Rule.CUSTOMS)
    return _by(setting, names[0], law.place, day)


def _by(setting: Setting | None, name: str, place: str, day: date, rule: Rule | None = None) -> Wanted | Lacking:
    if setting is None or not isinstance(setting.value, str):
        return Lacking(f"law.{name}", f"Which exchange rate the law of {place} wants was not read.")
    rule, asked = rule or _RULES.get(setting.value, Rule.NATIONAL), day
    if rule is Rule.CUSTOMS:
        day = customs_day(day)
    # The law of a country speaks of that country's publisher, the Union's of each State's own.
    pack = setting.pack.jurisdiction[:2]
    source = ECB if rule is not Rule.NATIONAL else f"{pack if pack in COUNTRIES else place[:2]}.{setting.value}"
    words = {
        Rule.OSS: f"The European Central Bank's rate of {day}, or of the next day of publication.",
        Rule.CHARGEABLE_EVENT: f"The European Central Bank's rate of {day}, when the tax becomes due, or the last before it.",
        Rule.CUSTOMS: f"The European Central Bank's rate of {day}, the last Wednesday but one of the month before, or the last"
        " before it (Implementing Regulation (EU) 2015/2447, Art. 146).",
        Rule.NATIONAL: f"The rate that the law of {place[:2]} names, {setting.value}, for {day}.",
    }[rule]
    return Wanted(rule, source, day, setting.step("exchange", words), asked)


def currency_of(law: PlaceLaw) -> str | None:
    """The money of a place on the law's day; None: no pack tells of the place."""
    own = law.own
    if own is None:
        return None
    since, before = _BEFORE_THE_EURO.get(law.place[:2], (date.min, ""))
    return own.currency if law.day >= since else before


def customs_day(day: date) -> date:
    """The last Wednesday but one of the month before: from its rates customs takes those of the whole month."""
    last = day.replace(day=1) - _DAY
    return last - timedelta(days=(last.weekday() - _WEDNESDAY) % 7 + 7)


def wanted_by_law(law: TaxLaw, day: date) -> dict[str, tuple[tuple[str, Wanted], ...]]:
    """Every rate that the packs want on a day, by the name of its publisher: places, each with what is wanted."""
    found: dict[str, list[tuple[str, Wanted]]] = {}
    for place in sorted(code for code in law.packs.packs if code in COUNTRIES):
        here = law.at(place, day)
        for wanted in (for_return(here, day), for_return(here, day, "ioss"), for_tax(here), for_customs(here)):
            if isinstance(wanted, Wanted):
                found.setdefault(wanted.source, []).append((place, wanted))
    return {source: tuple(found[source]) for source in sorted(found)}


# -- the rate ---------------------------------------------------------------------------------------------------------------


def exchanged(money: Money, target: str, wanted: Wanted, rates: RateTable) -> Exchanged | Lacking:
    """The amount at the wanted rate. `rates`: what was loaded."""
    if money.currency == target:
        return Exchanged(money.amount, target, wanted, None)
    rate = rate_of(money.currency, target, wanted, rates)
    if rate is None:
        where = "it is missing or too old"
        if wanted.source not in (ECB, *rates.publishers):
            where = "no rates are loaded under that name"
        words = (
            f"{money.currency} to {target} needs the rate of {wanted.source} ({wanted.rule}, {wanted.day}); {where}."
        )
        return Lacking(wanted.missing(money.currency, target), words)
    return Exchanged(convert(money, rate), target, wanted, rate)


def rate_of(base: str, target: str, wanted: Wanted, rates: RateTable) -> Rate | None:
    """The wanted rate as published, or None."""
    if wanted.rule is Rule.NATIONAL:
        table = rates.publishers.get(wanted.source)
        return table.rate(base, target, wanted.day) if table is not None else None
    if wanted.rule is Rule.OSS:
        return rates.first_from(base, target, publication_from(wanted.day), 0)
    days = [publication_until(wanted.day)]
    if wanted.rule is Rule.CHARGEABLE_EVENT:
        # The day's own rate is published in its afternoon; until then the one before it is the last.
        days.append(publication_until(wanted.day - _DAY))
    for day in dict.fromkeys(days):
        rate = rates.first_from(base, target, day, 0)
        if rate is not None:
            return rate
    return None


def return_rates(
    law_on: Callable[[date], PlaceLaw], rates: RateTable, scheme: str = "oss"
) -> Callable[[str, date], Rate | None]:
    """(currency, last day of a period) -> the rate into euro, for `engine.tax.returns`. `law_on`: the law of the Member State of
    identification on a day."""

    def rate_on(currency: str, last_day: date) -> Rate | None:
        wanted = for_return(law_on(last_day), last_day, scheme)
        return None if isinstance(wanted, Lacking) else rate_of(currency, EURO, wanted, rates)

    return rate_on


def tax_rates(
    law_on: Callable[[date], PlaceLaw], rates: RateTable, target: str
) -> Callable[[str, date], tuple[Wanted | Lacking, Rate | None]]:
    """(currency, day of the sale) -> what the law of a place wants for tax that became due that day, and the rate."""

    def rate_on(currency: str, day: date) -> tuple[Wanted | Lacking, Rate | None]:
        wanted = for_tax(law_on(day))
        return wanted, rate_of(currency, target, wanted, rates) if isinstance(wanted, Wanted) else None

    return rate_on


# -- within one sale --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """What an asking came to. `rate` None: there was none; `step` None: no law names the rate."""

    rate: Rate | None
    step: Step | None

    def body(self, key: RateKey, *, by_law: bool) -> dict[str, Any] | None:
        """An entry of `fx`; None where there was no rate."""
        if self.rate is None:
            return None
        said = told_rate(self.rate)
        return {**said, "rule": key.rule, **cited(self.step)} if by_law else said


class Exchange:
    """Converts at published rates and remembers which were asked for, the lacking ones too."""

    __slots__ = ("_rates", "asked", "by_law")

    def __init__(self, rates: RateTable):
        self._rates, self.by_law = rates, rates.by_law
        self.asked: dict[RateKey, Found] = {}

    def __call__(self, amount: Decimal, source: str, target: str, when: date | Wanted) -> Decimal | None:
        """The amount, unrounded; None: no rate. `when`: the rate that a law wants or, of a limit without such a law, a day."""
        if source == target:
            return amount
        rate = self.rate(source, target, when)
        return convert(Money(amount, source), rate) if rate is not None else None

    def rate(self, source: str, target: str, when: date | Wanted) -> Rate | None:
        """The rate, noted."""
        if isinstance(when, Wanted) and not self.by_law:
            when = when.asked
        if isinstance(when, Wanted):
            key, step = RateKey(source, target, when.day, when.rule.value, when.source), when.step
        else:
            key, step = RateKey(source, target, when, Rule.THRESHOLD.value, ECB), None
        if key not in self.asked:
            self.asked[key] = Found(self._rates.found(key, lambda: self._look(source, target, when)), step)
        return self.asked[key].rate

    def _look(self, source: str, target: str, when: date | Wanted) -> Rate | None:
        if isinstance(when, Wanted):
            return rate_of(source, target, when, self._rates)
        return self._rates.dated(source, target, when)


def told_rate(rate: Rate) -> dict[str, Any]:
    """A rate as answers name it."""
    return {
        "from": rate.base,
        "to": rate.target,
        "rate": f"{rate.rate:f}",
        "date": rate.on.isoformat(),
        "source": rate.source,
    }


def cited(step: Step | None) -> dict[str, Any]:
    """Where the law wants a rate, and how surely that is known: `{law: {instrument, provision, url}, confidence}`."""
    if step is None or step.instrument is None:
        return {"law": None, "confidence": None}
    law = {"instrument": step.instrument, "provision": step.provision or None, "url": step.url}
    return {"law": law, "confidence": step.confidence.value if step.confidence else None}


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
