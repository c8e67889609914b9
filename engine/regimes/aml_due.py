"""When reports are due and how long records are kept: the terms of the law, counted from the payment at the place of the law."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from engine.deadlines import Calendars, due, read_term
from engine.packs.compile import Compiled
from engine.packs.model import Detail, ParameterRef
from engine.places import is_place
from engine.regimes.ruling import Line

COUNTED_FROM: Final = ("transaction", "suspicion", "detection", "awareness", "receipt")
"""Events from which a term runs that has begun, as far as anybody knows, when the payment is decided."""


def detail(line: Line, name: str, compiled: Compiled) -> Any:
    """What an effect says beside its name: itself, or the value that a dated parameter gives; None where it says nothing, or
    where the law gives a number that nobody has read."""
    found: Detail | None = line.effect.details.get(name)
    return compiled.setting(found.name) if isinstance(found, ParameterRef) else found


def report_of(line: Line, compiled: Compiled) -> dict[str, Any]:
    """A report as the answer names it, its date still to be counted."""
    within = detail(line, "due", compiled)
    return {
        "code": detail(line, "code", compiled) or "TR",
        "authority": detail(line, "authority", compiled),
        "due": None,
        "within": within,
        "from": detail(line, "from", compiled) or "transaction",
        "form": detail(line, "form", compiled),
        "rule": line.id,
        "confidence": line.grade,
    }


def due_of(within: str | None, start: datetime, place: str, calendars: Calendars) -> str | None:
    """The day by which, or the instant where the law counts hours; None where it states no term that can be counted."""
    term = read_term(within) if within else None
    if term is None:
        return None
    return due(term, start, calendars.of(place, term.kind)).isoformat()


def calendar_place(line: Line, place: str) -> str:
    """Whose holidays count: those of the country whose law it is; of a group's law, those of the place that asks."""
    code = line.active.pack.jurisdiction
    return code if is_place(code) else place


def kept_until(years: int, start: date) -> date:
    """The same day so many years on; the 29th of February becomes the 28th."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)
