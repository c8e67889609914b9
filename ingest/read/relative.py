"""Days told from the day of publication, `on the day following its publication`, where the text tells that day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from ingest.read.model import Dated, DateRole, Span
from ingest.read.sheet import Sheet

_NUMBERS: Final = {
    "twentieth": 20, "fifteenth": 15, "tenth": 10, "thirtieth": 30, "third": 3, "twenty": 20, "thirty": 30,
    "fifteen": 15, "ten": 10, "sixty": 60, "ninety": 90, "three": 3, "six": 6, "twelve": 12, "zwanzigsten": 20,
    "vingtième": 20, "vigésimo": 20, "veinte": 20, "vinte": 20, "quince": 15, "treinta": 30, "trinta": 30, "trois": 3,
    "tres": 3, "três": 3, "drei": 3, "seis": 6, "sechs": 6,
}  # fmt: skip
_WORDS: Final = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_N: Final = rf"(?P<number>\d{{1,3}}|{_WORDS})"
_PUBLISHED: Final = (
    r"(?:(?:that of |the (?:date|day) of )?(?:its |the )?publication|(?:the |ihrer |der |"
    r"seiner )?(?:veröffentlichung|verkündung)|(?:celui de )?(?:sa|la) publication|(?:de |al de |a la (?:de )?)?su publicación"
    r"|(?:ao )?(?:da |de )?(?:sua |a )?publicação|tanggal diundangkan|pengundangan)"
)
_LATER: Final = re.compile(
    rf"(?<![^\W_])(?:(?:on the )?{_N}(?:st|nd|rd|th)? (?:calendar )?(?P<unit>days?|months?|tage?|tag|jours?|jour|"
    rf"días?|dias|mois|monate|meses|hari) (?:after|following|from|nach|après|suivant|después de|siguientes? a|de|"
    rf"após|contados da|setelah) {_PUBLISHED}"
    rf"|(?P<next>(?:on )?(?:the )?day (?:after|following) (?:that of )?(?:its |the )?publication|"
    rf"am tag nach (?:ihrer |der |seiner )?(?:veröffentlichung|verkündung)|le lendemain de (?:sa|la) publication|"
    rf"(?:al|del?|el) día siguiente (?:al )?de su publicación"
    rf"|(?:no )?dia seguinte ao da (?:sua )?publicação)"
    rf"|(?P<same>on (?:the (?:date|day) of )?(?:its )?publication|na data d[ea] (?:sua )?publicação|"
    rf"el (?:mismo )?día de su publicación|mulai berlaku (?:sejak|pada) tanggal diundangkan|mit (?:ihrer|"
    rf"der) verkündung))(?![^\W_])"
    r"|自(?:公布|发布|印发)之日起(?:满?(?P<han>\d{1,3})(?:日|天)后)?(?:施行|实施|执行|生效)"
)
_FIRST_OF_MONTH: Final = re.compile(
    rf"(?<![^\W_])(?:on |from )?the first day of the (?P<count>{_WORDS}|second|first|fourth|sixth|\d{{1,2}}(?:st|nd|"
    rf"rd|th)) month (?:following|after) (?:that of |the (?:month|date) of )?(?:its |the )?publication"
)
_NEAR: Final = timedelta(days=120)
"""A publication further from that of the item is another law's."""
_COUNTS: Final = {"first": 1, "second": 2, "fourth": 4, "sixth": 6, "third": 3}


def relative_days(sheet: Sheet, told: tuple[Dated, ...]) -> tuple[Dated, ...]:
    """Days counted from the one exact day that the text itself gives as that of publication."""
    bases = {one.day for one in told if one.role is DateRole.PUBLISHED and one.exact}
    if len(bases) != 1:
        return ()
    base = bases.pop()
    if sheet.published is not None and abs(base - sheet.published) > _NEAR:
        return ()
    return tuple(_counted(sheet, base))


def _counted(sheet: Sheet, base: date) -> Iterator[Dated]:
    for found in _LATER.finditer(sheet.low):
        parts = found.groupdict()
        day: date | None
        if parts["number"]:
            number = _NUMBERS.get(parts["number"]) or int(parts["number"])
            day = _months_later(base, number) if parts["unit"][:2] in ("mo", "me") else base + timedelta(days=number)
        elif parts["next"]:
            day = base + timedelta(days=1)
        else:
            day = base + timedelta(days=int(parts["han"] or 0))
        if day is not None:
            yield Dated(Span(found.start(), found.end()), day, DateRole.IN_FORCE)
    for found in _FIRST_OF_MONTH.finditer(sheet.low):
        count = found["count"]
        number = _COUNTS.get(count) or _NUMBERS.get(count) or int("".join(one for one in count if one.isdecimal()) or 0)
        if number and (day := _months_later(base.replace(day=1), number)):
            yield Dated(Span(found.start(), found.end()), day, DateRole.IN_FORCE)


def _months_later(base: date, months: int) -> date | None:
    """The same day of a later month, or its last."""
    year, month = divmod(base.year * 12 + base.month - 1 + months, 12)
    if year > 2100:
        return None
    return date(year, month + 1, min(base.day, monthrange(year, month + 1)[1]))
