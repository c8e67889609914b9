"""Days of a text with their places, before it is known what happens on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from ingest.read.calendar_words import NEAR, NEXT_YEAR, QUARTER, months, quarter_month
from ingest.read.day_words import TO_A_LAST_DAY
from ingest.read.model import Span
from ingest.read.numerals import read_han
from ingest.read.sheet import Sheet

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_NUMERIC: Final = re.compile(
    r"(?<![\d./-])(?:(?P<iso>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})|"
    r"(?P<year_first>\d{4})[/.](?P<month_second>\d{1,2})[/.](?P<day_last>\d{1,2})"
    r"|(?P<one>\d{1,2})[º°]?(?P<sign>[/.-])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}))(?![\d/]|[.-]\d)"
)
_HAN: Final = re.compile(
    r"(?:(?P<year>\d{4}|[〇零一二三四五六七八九]{4})年|(?P<next>明年)|(?P<this>今年))(?P<month>\d{1,2}|"
    r"[一二三四五六七八九十]{1,2})月"
    r"(?:(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})[日号])?|(?<![\d年])(?P<bare_month>\d{1,2})月(?P<bare_day>\d{1,2})[日号]"
)
_VIETNAMESE: Final = re.compile(
    r"(?:ngày (?P<day>\d{1,2}) )?tháng (?P<month>\d{1,2})(?: năm |/| ?- ?)(?P<year>\d{4})|"
    r"tháng (?P<only>\d{1,2})/(?P<only_year>\d{4})"
    r"|ngày (?P<bare_day>\d{1,2})/(?P<bare_month>\d{1,2})(?![/\d])|"
    r"ngày (?P<late_day>\d{1,2}) tháng (?P<late_month>\d{1,2})(?! năm|/)"
)
_YEAR: Final = re.compile(r"20\d\d(?!\d)")
_TO_A_YEAR: Final = re.compile(
    r"(?<![^\W_])(?:from|as of|starting(?: in)?|beginning(?: in)?|in|by|since|ab|seit|desde|a partir de|à partir de|dès|en|em|"
    r"mulai(?: tahun)?|tahun|từ năm|năm|dal|vanaf|od) \Z"
)
_NO_BARE_YEAR: Final = re.compile(r"[\d/.-]|[^\W_]| ?[-/%]")
_AFTER_HAN_YEAR: Final = re.compile(r"年(?!\d)")
_THREE_PARTS: Final = re.compile(r"\d[º°]?[./-]\d{1,2}[./-]\d")
_OF_QUARTERS: Final = (
    "quarter",
    "trimest",
    "quartal",
    "kuartal",
    "triwulan",
    "quý",
    "q1",
    "q2",
    "q3",
    "q4",
    " half",
    "季度",
)
_NEAR: Final = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(sorted(map(re.escape, NEAR), key=len, reverse=True))
    + r")(?![^\W_\u3400-\u9fff])|(?<=自)即日|今天|今日|明日"
)
_MONTH_FIRST: Final = frozenset(("US", "PH", "FM", "MH", "PW"))
_EITHER_WAY: Final = frozenset(("CA", "INT", "UN"))
"""Where English writes the month first and second."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is named. `yearless`: the year is not told, and `day` is the next one after the publication."""

    span: Span
    day: date
    exact: bool = True
    yearless: bool = False
    near: bool = False
    """Told from the day of publication: `today`."""


def days(sheet: Sheet) -> tuple[Day, ...]:
    """All days, months, quarters and years that are named, in order, none within another."""
    found = [*_numeric(sheet), *_named(sheet)]
    if sheet.language in ("zh", "ja", "und"):
        found += _in_han(sheet)
    if sheet.language == "vi":
        found += _vietnamese(sheet)
    found += _quarters(sheet)
    found += _years(sheet)
    found += _near(sheet)
    found.sort(key=lambda one: (one.span.start, -one.span.end))
    kept: list[Day] = []
    for one in found:
        if kept and one.span.start < kept[-1].span.end:
            if _better(one, kept[-1]):
                kept[-1] = one
            continue
        kept.append(one)
    return tuple(_year_of_the_last(sheet, kept))


def _year_of_the_last(sheet: Sheet, found: list[Day]) -> Iterator[Day]:
    """`from 1 March to 30 June 2026`: the year stands at the last day only, and is that of the first."""
    for at, one in enumerate(found):
        last = found[at + 1] if at + 1 < len(found) else None
        between = "" if last is None else sheet.low[one.span.end : last.span.start]
        if last is None or not one.yearless or last.yearless or not last.exact or not TO_A_LAST_DAY.fullmatch(between):
            yield one
            continue
        year = last.day.year - ((one.day.month, one.day.day) > (last.day.month, last.day.day))
        day = made(year, one.day.month, one.day.day)
        yield one if day is None else replace(one, day=day, yearless=False)


def _better(one: Day, other: Day) -> bool:
    return (one.exact, not one.yearless, one.span.end - one.span.start) > (
        other.exact,
        not other.yearless,
        other.span.end - other.span.start,
    )


def made(year: int, month: int, day: int) -> date | None:
    """A day that the calendar has, of this age or the next."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numeric(sheet: Sheet) -> Iterator[Day]:
    if not _THREE_PARTS.search(sheet.plain):
        return
    for found in _NUMERIC.finditer(sheet.plain):
        span = Span(found.start(), found.end())
        if found["iso"]:
            day = made(int(found["iso"]), int(found["iso_month"]), int(found["iso_day"]))
        elif found["year_first"]:
            day = made(int(found["year_first"]), int(found["month_second"]), int(found["day_last"]))
        else:
            day = _either_way(sheet, int(found["one"]), int(found["two"]), int(found["year"]), found["sign"])
        if day is not None:
            yield Day(span, day)


def _either_way(sheet: Sheet, one: int, two: int, year: int, sign: str) -> date | None:
    """Day and month as the place writes them; None where both are usual and both would be days."""
    if one > 12 or two > 12 or one == two or sign == ".":
        return made(year, two, one) if one > 12 or sign == "." else made(year, one, two)
    place = sheet.jurisdiction or ""
    if sheet.language == "en":
        if place[:2] in _MONTH_FIRST:
            return made(year, one, two)
        if not place or place[:3] in _EITHER_WAY:
            return None
    return made(year, two, one)


@lru_cache(maxsize=32)
def _month_pattern(language: str) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, months(language)), key=len, reverse=True))
    year = rf"(?:(?:,| de| del| do|/|-| tahun| di)? ?(?P<{{0}}year>(?:19|20)\d\d)(?!\d)|,? (?:{NEXT_YEAR}))"
    first = year.format("a_").replace("<next>", "<a_next>").replace("<this>", "<a_this>")
    second = year.format("b_").replace("<next>", "<b_next>").replace("<this>", "<b_this>")
    return re.compile(
        rf"(?<![\d.,/])(?P<a_day>\d{{1,2}})(?: ?(?:st|nd|rd|th|er|ème|\.º|º|°|ª|o|\.))? ?(?:day of |of |de |del |d'|"
        rf"- ?)?(?P<a_month>{names})(?![^\W_])\.?{first}?"
        rf"|(?<![^\W_])(?P<b_month>{names})\.? (?P<b_day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.,]\d|\d|[/%]| ?%| per ?cent){second}?"
        rf"|(?<![^\W_])(?P<c_month>{names})\.?(?:,| de| del| do| of| tahun)? (?P<c_year>20\d\d)(?!\d)"
    )


def _named(sheet: Sheet) -> Iterator[Day]:
    """Days with the month's name: `1er janvier 2027`, `May 3, 2027`, `June 2027`."""
    named = months(sheet.language)
    for found in _month_pattern(sheet.language).finditer(sheet.low):
        parts = found.groupdict()
        span = Span(found.start(), found.end())
        if parts["c_month"]:
            if day := made(int(parts["c_year"]), named[parts["c_month"]], 1):
                yield Day(span, day, exact=False)
            continue
        side = "a" if parts["a_month"] else "b"
        if (
            side == "b"
            and parts["b_month"] in ("may", "mar", "march", "set", "mai")
            and sheet.plain[span.start].islower()
        ):
            continue
        month, number = named[parts[f"{side}_month"]], int(parts[f"{side}_day"])
        if parts[f"{side}_year"]:
            if day := made(int(parts[f"{side}_year"]), month, number):
                yield Day(span, day)
        elif one := _without_year(sheet, span, month, number, parts[f"{side}_next"], parts[f"{side}_this"]):
            yield one


def _without_year(
    sheet: Sheet, span: Span, month: int, number: int, following: str | None, this: str | None
) -> Day | None:
    """The year from the day of publication: told as `next year`, else the next time that the day comes."""
    if sheet.published is None:
        return None
    year = sheet.published.year
    if following or this:
        day = made(year + bool(following), month, number)
        return Day(span, day) if day else None
    day = made(year, month, number)
    if day is None or day < sheet.published:
        day = made(year + 1, month, number)
    return Day(span, day, yearless=True) if day else None


def _in_han(sheet: Sheet) -> Iterator[Day]:
    for found in _HAN.finditer(sheet.low):
        span = Span(found.start(), found.end())
        if found["bare_month"]:
            if one := _without_year(sheet, span, int(found["bare_month"]), int(found["bare_day"]), None, None):
                yield one
            continue
        month, number = _figure(found["month"]), _figure(found["day"] or "1")
        if found["year"]:
            year = _figure(found["year"])
        elif sheet.published is None:
            continue
        else:
            year = sheet.published.year + bool(found["next"])
        if year and month and number and (day := made(year, month, number)):
            yield Day(span, day, exact=bool(found["day"]))


def _figure(form: str) -> int | None:
    return int(form) if form.isdecimal() else read_han(form)


def _vietnamese(sheet: Sheet) -> Iterator[Day]:
    for found in _VIETNAMESE.finditer(sheet.low):
        parts, span = found.groupdict(), Span(found.start(), found.end())
        if parts["month"]:
            day = made(int(parts["year"]), int(parts["month"]), int(parts["day"] or 1))
            if day:
                yield Day(span, day, exact=bool(parts["day"]))
        elif parts["only"]:
            day = made(int(parts["only_year"]), int(parts["only"]), 1)
            if day:
                yield Day(span, day, exact=False)
        else:
            month, number = parts["bare_month"] or parts["late_month"], parts["bare_day"] or parts["late_day"]
            if one := _without_year(sheet, span, int(month), int(number), None, None):
                yield one


def _quarters(sheet: Sheet) -> Iterator[Day]:
    if not any(word in sheet.low for word in _OF_QUARTERS):
        return
    for found in QUARTER.finditer(sheet.low):
        if found["quarter"]:
            month, year = quarter_month(found["quarter"]), int(found["year"])
        else:
            month, year = ("一二三四".find(found["han"]) + 1 or int(found["han"])) * 3 - 2, int(found["han_year"])
        if day := made(year, month, 1):
            yield Day(Span(found.start(), found.end()), day, exact=False)


def _years(sheet: Sheet) -> Iterator[Day]:
    for found in _YEAR.finditer(sheet.low):
        start, end = found.span()
        if _AFTER_HAN_YEAR.match(sheet.low, end):
            told = not sheet.low[start - 1 : start].isdecimal()
        else:
            told = _TO_A_YEAR.search(sheet.low[max(0, start - 16) : start]) is not None
            told = told and _NO_BARE_YEAR.match(sheet.low, end) is None
        if told and (day := made(int(found[0]), 1, 1)):
            yield Day(Span(start, end), day, exact=False)


def _near(sheet: Sheet) -> Iterator[Day]:
    """`today` and `tomorrow`, from the day of publication."""
    if sheet.published is None or not any(word in sheet.low for word in NEAR):
        return
    for found in _NEAR.finditer(sheet.low):
        after = NEAR.get(found[0], 0)
        if (found[0] == "mañana" and sheet.language != "es") or (
            found[0] == "morgen" and sheet.language not in ("de", "nl")
        ):
            continue
        try:
            day = sheet.published + timedelta(days=after)
        except OverflowError:
            continue
        yield Day(Span(found.start(), found.end()), day, near=True)
