"""Windows of time that the law counts over, each as the instant it begins: it ends before the present payment.

Days, months and years are those of a time zone, so that a day in which the clocks change has 23 or 25 hours. A time of day
that a change of the clocks skips is read with the offset from before the change; one that comes twice is its first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)


class WindowKind(StrEnum):
    """How a window is measured."""

    ROLLING = "rolling"
    """So many hours back from the payment."""
    BUSINESS_DAY = "business_day"
    """The institution's day, from the cutoff of one working day to the cutoff of the next."""
    CALENDAR_DAY = "calendar_day"
    CALENDAR_MONTH = "calendar_month"
    CALENDAR_YEAR = "calendar_year"
    LINKED = "linked"
    """So many days of 24 hours back: the span within which operations are taken as linked."""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time that ends at the present payment, that moment not included."""

    kind: WindowKind
    hours: int = 0
    days: int = 0
    cutoff: time = time(0)
    weekend: tuple[int, ...] = (5, 6)
    """Of a business day: days of the week (Monday is 0) that belong to the next working day."""
    zone: str = "UTC"

    def start(self, at: datetime) -> datetime:
        """The first instant of the window of a payment at `at`. Raises OverflowError at the ends of the calendar."""
        if self.kind is WindowKind.ROLLING:
            return at.astimezone(UTC) - timedelta(hours=self.hours)
        if self.kind is WindowKind.LINKED:
            return at.astimezone(UTC) - self.days * _DAY
        zone = ZoneInfo(self.zone)
        return _FIRST[self.kind](self, at.astimezone(zone), zone).astimezone(UTC)

    def _business_day(self, local: datetime, zone: ZoneInfo) -> datetime:
        """The cutoff of the last working day before the one whose day it still is."""
        day = local.date()
        if not self._working(day) or local >= datetime.combine(day, self.cutoff, zone):
            day += _DAY
            while not self._working(day):
                day += _DAY
        day -= _DAY
        while not self._working(day):
            day -= _DAY
        return datetime.combine(day, self.cutoff, zone)

    def _working(self, day: date) -> bool:
        return day.weekday() not in self.weekend


_FIRST: Final[dict[WindowKind, Callable[[Window, datetime, ZoneInfo], datetime]]] = {
    WindowKind.BUSINESS_DAY: Window._business_day,
    WindowKind.CALENDAR_DAY: lambda _, local, zone: datetime.combine(local.date(), time(0), zone),
    WindowKind.CALENDAR_MONTH: lambda _, local, zone: datetime.combine(local.date().replace(day=1), time(0), zone),
    WindowKind.CALENDAR_YEAR: lambda _, local, zone: datetime.combine(
        local.date().replace(month=1, day=1), time(0), zone
    ),
}
