"""An instant chosen on a clock on the wall: a day, a time and a zone, as one instant, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime, get_timezone_location

from api.console.page import Page
from api.console.vocabulary import N_
from api.console.wording import locale_of

UTC_NAME: Final = "UTC"
_FORM: Final = N_("This is no day and time.")
_ZONE: Final = N_("There is no such time zone.")
_GONE: Final = N_("That time does not exist there: clocks go forward that night. Choose another.")


class NoSuchMoment(ValueError):
    """A day, a time and a zone that are no instant; the message is English, to be translated."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and the zone in which somebody chose it."""

    at: datetime
    """In that zone."""
    zone: str

    @property
    def utc(self) -> datetime:
        """The same in UTC."""
        return self.at.astimezone(UTC)


def moment(day: str, time: str, zone: str) -> Moment:
    """The instant at which a clock there shows this. Of a time that is there twice, the first. Raises NoSuchMoment."""
    try:
        found = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NoSuchMoment(_ZONE) from None
    try:
        wall = datetime.fromisoformat(f"{day}T{time or '00:00'}")
    except ValueError:
        raise NoSuchMoment(_FORM) from None
    if wall.tzinfo is not None:
        raise NoSuchMoment(_FORM)
    at = wall.replace(tzinfo=found)
    if at.astimezone(UTC).astimezone(found).replace(tzinfo=None) != wall:
        raise NoSuchMoment(_GONE)
    return Moment(at, zone)


def in_words(page: Page, chosen: Moment) -> str:
    """`1 January 2027, 00:00, Berlin time (31 December 2026, 23:00 UTC)`."""
    locale = locale_of(page.language)
    pattern = "y年M月d日 HH:mm" if page.language == "zh" else "d MMMM y, HH:mm"
    there = format_datetime(chosen.at, pattern, locale=locale)
    utc = format_datetime(chosen.utc, pattern, locale=locale)
    if chosen.zone == UTC_NAME:
        return page._("%(time)s UTC", time=utc)
    city = get_timezone_location(ZoneInfo(chosen.zone), locale=locale, return_city=True)
    return page._("%(time)s in the time of %(city)s (%(utc)s UTC)", time=there, city=city, utc=utc)
