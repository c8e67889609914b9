"""A list of two invented persons, and short ways to ask about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from api.case_examples import NOW
from api.screening import Loaded, Screening
from api.service import Service
from engine.screening.model import (
    Band,
    Edition,
    EntityKind,
    Feature,
    Identifier,
    Listed,
    ListedName,
    Match,
    Query,
    Screened,
)
from tests.monitoring.watching import Register

MONA = {"name": "Mona Listed", "country": "FR", "subject": "c-7"}


class Lists:
    """What is loaded, to be changed under a service."""

    def __init__(self) -> None:
        self.register = Register({"1": "Mona Listed", "2": "Paul Listed"})
        self.loaded = True

    def __call__(self) -> Loaded | None:
        return Loaded(self.register, "edition-1") if self.loaded else None


class Careless:
    """A screener that calls everything clear, whatever its lists are like."""

    def __init__(self, **found: Any) -> None:
        self.found: dict[str, Any] = {"verdict": "clear", "matches": (), "editions": (edition(),), **found}

    def screen(self, _query: Any, _at: Any) -> Screened:
        return Screened(**self.found)


def edition(code: str = "UN-SC", days: int = 2) -> Edition:
    """An edition that was published some days ago."""
    at = NOW - timedelta(days=days)
    return Edition(code, "ab" * 32, at, at, "un.xml", 2, (("person", 2),), 7)


def screens_with(service: Service, lists: Any, *required: str) -> None:
    """Let a service ask these lists."""
    service.screening = Screening(lists, required)


def listed(code: str, key: str, name: str, *, number: str = "", **more: Any) -> Listed:
    """An invented entry that freezes, unless it is said otherwise. `number`: an identifier, as `crypto:0xabc`."""
    kind, _, value = number.partition(":")
    numbers = (Identifier(kind, value),) if number else ()
    told: dict[str, Any] = {"measures": ("asset_freeze",), "programmes": ("EXAMPLE",), **more}
    return Listed(code, key, EntityKind.UNKNOWN, (ListedName(name),), identifiers=numbers, **told)


class Sanctions:
    """Lists of a few entries: the same name with a birth date or the same number confirms, a name alone may be meant."""

    def __init__(self, *entries: Listed, codes: Iterable[str] = ()) -> None:
        self.entries = entries
        self.codes = tuple(dict.fromkeys((*(one.list for one in entries), *codes)))

    def __call__(self) -> Loaded | None:
        return Loaded(self, f"edition-{len(self.entries)}")

    def screen(self, query: Query, at: datetime) -> Screened:
        found = tuple(match for one in self.entries if (match := _match(one, query)))
        hit = any(one.band is Band.CONFIRMED for one in found)
        verdict = "hit" if hit else "review" if found else "clear"
        return Screened(verdict, found, tuple(edition(code) for code in self.codes))


def _match(entry: Listed, query: Query) -> Match | None:
    name = entry.names[0].text
    same = [
        one
        for one in query.identifiers
        for other in entry.identifiers
        if (one.kind, one.value) == (other.kind, other.value)
    ]
    features = [Feature("identifier", Decimal(1), f"{one.kind} {one.value}", one.value) for one in same]
    if query.name == name:
        features.append(Feature("name", Decimal("0.9"), name, name))
        features += [
            Feature("birth_date", Decimal("0.08"), str(one.earliest), str(one.earliest)) for one in query.births
        ]
    if not features:
        return None
    sure = bool(same or query.births)
    return Match(entry, Decimal("0.9800"), Band.CONFIRMED if sure else Band.POSSIBLE, tuple(features))
