"""The rows of the table of facts, where it is there."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

FACTS = Path(os.environ.get("LEXGATE_FACTS", Path(__file__).parents[3] / "shared" / "facts"))

needs_facts = pytest.mark.skipif(
    not (FACTS / "kyc.csv").exists(),
    reason=f"NOT CHECKED AGAINST THE FACTS: there is no {FACTS}/kyc.csv; set LEXGATE_FACTS to its folder",
)


@dataclass(frozen=True)
class Row:
    """One row; `start` and `end` are the first and the last day inside."""

    line: int
    place: str
    parameter: str
    value: str
    unit: str
    start: date | None
    end: date | None
    condition: str
    confidence: str
    note: str

    def __str__(self) -> str:
        return f"{self.place} {self.parameter} {self.value} from {self.start} (line {self.line})"


def rows(table: str) -> list[Row]:
    """Every row of a table; none where there is no table."""
    path = FACTS / table
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                at, row["jurisdiction"], row["parameter"], row["value"], row["unit"], _day(row["effective_from"]),
                _day(row["effective_to"]), row["condition"], row["confidence"], row["note"],
            )
            for at, row in enumerate(csv.DictReader(file), start=2)
        ]  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
