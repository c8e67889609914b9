"""A line of time as coordinates: the spans of an entry on a scale of years, for a drawing without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

WIDTH: Final = 1000
_EDGE: Final = 12
_BEFORE, _AFTER = timedelta(days=400), timedelta(days=800)
_TICKS: Final = 9
_YEAR: Final = 366


@dataclass(frozen=True, slots=True)
class Bar:
    """A span or a fault on the scale. `open_start`, `open_end`: it goes on beyond what is drawn."""

    x: int
    width: int
    state: str
    text: str
    start: str | None
    end: str | None
    open_start: bool
    open_end: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn. Coordinates from 0 to `WIDTH`."""

    spans: list[Bar]
    faults: list[Bar]
    ticks: list[tuple[int, str]]
    today: int


def drawn(row: dict[str, Any], today: date) -> Drawing:
    """The line of one entry, with some room before its first day and behind its last."""
    parts = [*row["spans"], *row["faults"]]
    days = [date.fromisoformat(day) for one in parts for day in (one["start"], one["end"]) if day]
    first, last = min([*days, today]), max([*days, today])
    low = first - min(_BEFORE, timedelta(days=first.toordinal() - 1))
    high = last + min(_AFTER, timedelta(days=date.max.toordinal() - last.toordinal()))

    def at(day: date) -> int:
        return _EDGE + (day - low).days * (WIDTH - 2 * _EDGE) // max((high - low).days, 1)

    def bar(one: dict[str, Any], state: str, text: str) -> Bar:
        start = date.fromisoformat(one["start"]) if one["start"] else low
        end = date.fromisoformat(one["end"]) if one["end"] else high
        return Bar(
            at(start), max(at(end) - at(start), 4), state, text, one["start"], one["end"], not one["start"], not one["end"],
        )  # fmt: skip

    return Drawing(
        [bar(one, one["state"], one["text"]) for one in row["spans"]],
        [bar(one, one["kind"], one["by"]) for one in row["faults"]],
        [(at(date(year, 1, 1)), str(year)) for year in _years(low, high)],
        at(today),
    )


def _years(low: date, high: date) -> list[int]:
    """Some of the years between, evenly."""
    years = range(low.year + 1, high.year + 1)
    step = -(-len(years) // _TICKS) or 1
    return list(years)[::step]
