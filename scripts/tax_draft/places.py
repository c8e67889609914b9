"""Names, time zones and currencies of places that have no pack yet; members of the European Union."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """What the manifest of a new pack says."""

    code: str
    time_zone: str
    currency: str
    name: str


def places() -> dict[str, Place]:
    """Code -> place. Currencies are those in use in November 2026; of several time zones, that of the seat of government."""
    with (Path(__file__).parent / "places.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Place(**row) for row in csv.DictReader(file)}


UNION = (
    ("1958-01-01", "BE DE FR IT LU NL"),
    ("1973-01-01", "DK IE"),
    ("1981-01-01", "GR"),
    ("1986-01-01", "ES PT"),
    ("1995-01-01", "AT FI SE"),
    ("2004-05-01", "CY CZ EE HU LT LV MT PL SI SK"),
    ("2007-01-01", "BG RO"),
    ("2013-07-01", "HR"),
)
"""Member states since their accession."""

LEFT = ("GB", "1973-01-01", "2021-01-01", "Union law on VAT applied until the end of 2020, by the withdrawal agreement")
