"""Values as people read them: `EUR 30`, `0.13%`, `22 November 2026`, `France`. Nothing is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import pycountry
from babel import Locale
from babel.dates import format_date
from babel.numbers import get_currency_name

from engine.money import DIGITS
from engine.places import COUNTRIES
from engine.prose.lexicon import Lexicon
from engine.prose.proper_names import NAMES, humanised

_PART_NAMES: Final = {str(part.code): str(part.name) for part in pycountry.subdivisions}
_CODED: Final = frozenset({"en"})
"""Languages that name a currency by its code."""
_COUNTED: Final = frozenset({"years", "months", "days", "hours", "minutes", "quarters", "persons", "items", "devices"})


def money(lexicon: Lexicon, value: Decimal, unit: str) -> str:
    """`EUR 30`, `EUR 24.90`: in the currency's own digits, and none where there are no cents."""
    figure = number(value) if value == value.to_integral_value() else number(value, DIGITS.get(unit, 2))
    if lexicon.code in _CODED:
        return f"{unit} {figure}"
    return f"{figure} {_currency(unit, lexicon.code)}"


@lru_cache(maxsize=1024)
def _currency(unit: str, language: str) -> str:
    return get_currency_name(unit, locale=language)


def number(value: Decimal | int, digits: int = 0) -> str:
    """With separators between thousands, no digit lost, and at least so many after the point."""
    whole, _, rest = f"{Decimal(value):f}".partition(".")
    rest = rest.rstrip("0").ljust(digits, "0")
    return f"{int(whole):,}{'.' if rest else ''}{rest}" if whole not in ("-0",) else f"-0.{rest}"


def rate(value: Decimal) -> str:
    """Basis points as a percentage: 13 is `0.13%`."""
    return f"{number(value.scaleb(-2))}%"


def day(lexicon: Lexicon, value: date) -> str:
    """A calendar day."""
    return _day(value, lexicon.code)


@lru_cache(maxsize=8192)
def _day(value: date, language: str) -> str:
    return format_date(value, "d MMMM y" if language == "en" else "long", locale=language)


def duration(lexicon: Lexicon, value: timedelta) -> str:
    """In whole days, else in hours."""
    hours = value / timedelta(hours=1)
    return counted(lexicon, int(hours) // 24, "days") if hours % 24 == 0 else counted(lexicon, int(hours), "hours")


def counted(lexicon: Lexicon, amount: Decimal | int, unit: str) -> str:
    """`1 day`, `5 years`."""
    if unit not in _COUNTED:
        return number(amount)
    key = f"count.{unit}.one" if amount == 1 else f"count.{unit}"
    return lexicon.templates[key].format(number=number(amount))


@lru_cache(maxsize=64)
def _territories(language: str) -> Mapping[str, str]:
    return dict(Locale(language).territories)


_SHORT: Final = {
    ("en", "HK"): "Hong Kong", ("en", "MO"): "Macao", ("en", "MM"): "Myanmar", ("en", "CD"): "DR Congo",
    ("en", "CG"): "Congo", ("en", "PS"): "Palestine", ("zh", "HK"): "中国香港", ("zh", "MO"): "中国澳门",
    ("en", "XI"): "Northern Ireland", ("zh", "XI"): "北爱尔兰",
}  # fmt: skip
"""Where the language's own list of countries has a longer name, or none."""


def place(lexicon: Lexicon, code: str, groups: Mapping[str, str] | None = None) -> str:
    """The name of a country or of a part of one, else of a group of places, else the code."""
    said = _SHORT.get((lexicon.code, code))
    if said is None and code in COUNTRIES:
        said = _territories(lexicon.code).get(code)
    if said is None and code in _PART_NAMES:
        said = f"{_PART_NAMES[code]} ({_territories(lexicon.code).get(code[:2], code[:2])})"
    group = (groups or {}).get(code)
    return said or lexicon.words.get(f"group:{code}") or group or code


def _part(code: str) -> str:
    return _PART_NAMES.get(code, code)


def word(lexicon: Lexicon, value: str, field: str = "") -> str:
    """A word of the law: in this language where it has one, a name as its owner writes it, else its own letters."""
    found = lexicon.words.get(f"{field}:{value}") or lexicon.words.get(value) or NAMES.get(value)
    if found is not None:
        return found
    if value.isupper() and value in COUNTRIES:
        return place(lexicon, value)
    return humanised(value) if value.isascii() and value.islower() else value


def shown(lexicon: Lexicon, value: Any, kind: str, unit: str | None, field: str = "") -> str:
    """A known value of a type of the language."""
    match value:
        case bool():
            return lexicon.templates["yes" if value else "no"]
        case datetime():
            return value.isoformat()
        case date():
            return day(lexicon, value)
        case timedelta():
            return duration(lexicon, value)
        case tuple() | list() | frozenset():
            return listed(lexicon, [shown(lexicon, one, "", None, field) for one in value])
        case str():
            return place(lexicon, value) if kind == "place" else word(lexicon, value, field)
    if kind == "money":
        return money(lexicon, Decimal(value), unit or "EUR")
    if kind == "rate":
        return rate(Decimal(value))
    if unit == "percent":
        return f"{number(value)}%"
    return counted(lexicon, value, unit or "")


def listed(lexicon: Lexicon, items: list[str]) -> str:
    """Several, one after another."""
    return lexicon.templates["comma"].join(items) if items else lexicon.templates["nothing"]
