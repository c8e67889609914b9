"""robots.txt (RFC 9309): what a host wants nobody to fetch by machine, and how slowly.

Read anew once a day. What is not there allows everything; what cannot be had at present allows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.robotparser import RobotFileParser

FRESH: Final = timedelta(hours=24)
AGAIN: Final = timedelta(minutes=30)
"""How soon one that could not be had is asked for again."""
MOST: Final = 500 * 1024
"""Bytes of a robots.txt that are read (RFC 9309, 2.5)."""
MOST_DELAY: Final = 60.0
"""Seconds between two requests that are granted at most: whoever asks for more is asked once an hour anyway."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host said at an instant. `rules` None: it could not be asked, so nothing may be fetched."""

    read_at: datetime
    rules: RobotFileParser | None

    def is_fresh(self, at: datetime) -> bool:
        """Whether it need not be read again."""
        return at - self.read_at < (FRESH if self.rules is not None else AGAIN)

    def allows(self, agent: str, url: str) -> bool:
        """Whether a page may be fetched."""
        return self.rules is not None and self.rules.can_fetch(agent, url)

    def delay(self, agent: str) -> float:
        """Seconds to leave between two requests."""
        asked = self.rules.crawl_delay(agent) if self.rules is not None else None
        return min(float(asked), MOST_DELAY) if asked is not None else 0.0


def read(text: bytes, at: datetime) -> Robots:
    """A robots.txt as it came; what is not UTF-8 in it is passed over."""
    return Robots(at, _parsed(text[:MOST].decode("utf-8", "ignore").splitlines()))


def everything(at: datetime) -> Robots:
    """There is none: everything may be fetched."""
    return Robots(at, _parsed([]))


def nothing(at: datetime) -> Robots:
    """It could not be had."""
    return Robots(at, None)


def _parsed(lines: list[str]) -> RobotFileParser:
    rules = RobotFileParser()
    rules.parse(lines)
    return rules
