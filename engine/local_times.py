"""What the clocks of each place show at one instant: reckoned once a time zone, however many laws ask."""

from __future__ import annotations

from datetime import datetime, tzinfo


class LocalTimes(dict[tzinfo, datetime]):
    """Local times of one aware instant, by time zone; each is there when asked for."""

    __slots__ = ("instant",)

    def __init__(self, instant: datetime):
        self.instant = instant

    def __missing__(self, zone: tzinfo) -> datetime:
        found = self[zone] = self.instant.astimezone(zone)
        return found
