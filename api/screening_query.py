"""A stored question about somebody, as the lists are asked it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from engine.screening.model import Born, EntityKind, Identifier, Query


def born_of(text: str) -> Born:
    """What a day, a month or a year says of somebody's birth. Raises ValueError."""
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    if day:
        return Born(date(year, month, day), date(year, month, day))
    if month or len(text) > len("1961"):
        return Born(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Born(date(year, 1, 1), date(year, 12, 31))


def query_of(asked: dict[str, Any]) -> Query:
    """A stored question as the lists are asked it."""
    places = (asked.get("country"), asked.get("nationality"))
    return Query(
        name=asked.get("name"),
        kind=EntityKind(asked.get("kind") or EntityKind.UNKNOWN),
        aliases=tuple(asked.get("aliases") or ()),
        births=(born_of(asked["birth_date"]),) if asked.get("birth_date") else (),
        gender=asked.get("gender"),
        countries=tuple(dict.fromkeys(one for one in places if one)),
        identifiers=tuple(
            Identifier(one["type"], one["value"], one.get("country"), one.get("detail"))
            for one in asked.get("ids") or ()
        ),
    )
