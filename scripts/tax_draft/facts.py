"""The rows of the facts table, and what is worked out of one row alone: dates, sources, the words of its condition."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

UNREAD = "unread"
"""`from` of what is older than what was read."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row. `start` is a day or `unread`; `end` is the first day outside, where the table has the last one inside."""

    place: str
    domain: str
    parameter: str
    value: str
    unit: str
    start: str
    end: str | None
    condition: str
    instrument: str
    provision: str
    title: str
    url: str
    confidence: str
    note: str

    @property
    def evidence(self) -> str:
        """Where it was read."""
        return f"{self.title} <{self.url}>" if self.title else ""


def read_facts(path: Path) -> list[Fact]:
    """Every row, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_fact(row) for row in csv.DictReader(file)]


def _fact(row: dict[str, str]) -> Fact:
    end = row["effective_to"]
    return Fact(
        place=row["jurisdiction"],
        domain=row["domain"],
        parameter=row["parameter"],
        value=row["value"],
        unit=row["unit"],
        start=row["effective_from"] or UNREAD,
        end=next_day(end) if end else None,
        condition=row["condition"],
        instrument=row["instrument"],
        provision=row["provision"],
        title=row["source_title"],
        url=row["source_url"],
        confidence=row["confidence"],
        note=row["note"],
    )


def next_day(day: str) -> str:
    """The day after."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def slug(text: str, words: int = 6) -> str:
    """A lower-case name from the first words of a text."""
    found = re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))
    return "_".join(found[:words])


def before(one: str, two: str) -> bool:
    """Whether a start is earlier than another."""
    return (one != UNREAD, one) < (two != UNREAD, two)


def weakest(*grades: str) -> str:
    """The least sure of several confidences."""
    return max(grades, key="ABCR".index)
