"""Every row of the table of facts stands in the packs: its value, dates, confidence. What does not is named with a reason.

The table is not part of the project: `LEXGATE_FACTS` names its folder, `../shared/facts` beside the checkout is looked for.
Without it these tests are skipped, and say so.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from engine.language.law import Gap
from engine.packs.model import UNREAD_START, Parameter, Value
from engine.places import COUNTRIES, country_of
from tests.property.shipped import packs

ROOT = Path(__file__).parents[2]
FACTS = Path(os.environ.get("LEXGATE_FACTS", ROOT.parent / "shared" / "facts")) / "residency.csv"

pytestmark = pytest.mark.skipif(
    not FACTS.exists(),
    reason=f"NOT CHECKED AGAINST THE FACTS: there is no {FACTS}; set LEXGATE_FACTS to the folder of residency.csv",
)

PACK = {"PCI": "WORLD", "FATF": "WORLD", "EU": "EEA"}
UNION = {"retention_min_aml", "retention_max_aml_extension", "localisation_nonpersonal"}
TIMED = {"breach_notify_authority", "breach_notify_subjects", "breach_followup"}
LISTS = {"EU": "ADEQUACY-EU", "GB": "ADEQUACY-GB"}

ELSEWHERE = {
    ("EU", "adequacy_decision", "EPO"): "an international organisation: no place, and no payments go there",
    ("GB", "adequacy_regulation", "EEA"): "a group: named beside the list in adequacy_groups",
    ("EU", "adequacy_decision", "US"): "Privacy Shield ends on the day of the judgment, not after it",
    ("TR", "transfer_mechanism", "adequacy+scc+bcr+authority_approval"): "consent was a ground until 2024-08-31",
}
"""Rows that stand otherwise than in the table, and why. All else stands word for word."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. `end` is the first day outside."""

    number: int
    place: str
    parameter: str
    value: str
    unit: str
    start: date
    end: date | None
    confidence: str

    @property
    def pack(self) -> str:
        """The pack that takes it."""
        return "EU" if self.place == "EU" and self.parameter in UNION else PACK.get(self.place, self.place)

    def __str__(self) -> str:
        return f"line {self.number}: {self.place} {self.parameter} {self.value} from {self.start}"


@cache
def rows() -> tuple[Row, ...]:
    """The whole table; none where it is not there, so that collecting the tests does not fail."""
    if not FACTS.exists():
        return ()
    with FACTS.open(encoding="utf-8", newline="") as file:
        return tuple(_row(number, row) for number, row in enumerate(csv.DictReader(file), start=2))


def _row(number: int, row: dict[str, str]) -> Row:
    start, end = row["effective_from"], row["effective_to"]
    return Row(
        number, row["jurisdiction"], row["parameter"], row["value"], row["unit"],
        date.fromisoformat(start) if start else UNREAD_START,
        date.fromisoformat(end) + timedelta(days=1) if end else None, row["confidence"],
    )  # fmt: skip


def _written(row: Row) -> object:
    """The value as a pack holds it."""
    if row.parameter in TIMED and row.value.isdecimal():
        return f"{row.value}_{row.unit}"
    if row.unit in ("token_list", "ISO3166_list") or "|" in row.value:
        return tuple(row.value.replace("|", "+").split("+"))
    if row.unit == "date":
        return date.fromisoformat(row.value)
    counted = row.unit in ("years", "months", "persons", "devices", "days", "hours") and row.value.isdecimal()
    return int(row.value) if counted and row.parameter not in TIMED else row.value


def _candidates(row: Row) -> Iterator[tuple[Parameter, Value]]:
    part = packs().packs[row.pack].domains["residency"]
    prefix = {"PCI": "pci_", "FATF": "fatf_"}.get(row.place, "")
    for name, parameter in part.parameters.items():
        if name == prefix + row.parameter or name.startswith(f"{prefix}{row.parameter}_"):
            yield from ((parameter, value) for value in parameter.values)


def _stands(row: Row) -> bool:
    if row.parameter in ("adequacy_decision", "adequacy_regulation"):
        members = packs().packs[LISTS[row.place]].members
        return any(
            (m.place, m.start, m.end, str(m.confidence)) == (row.value, row.start, row.end, row.confidence)
            for m in members
        )
    if row.parameter == "adequacy_list":
        return _listed(row)
    return any(_same(row, parameter, value) for parameter, value in _candidates(row))


def _listed(row: Row) -> bool:
    part = packs().packs[row.pack].domains["residency"]
    names = ("adequacy_groups", "adequacy_groups_qfc")
    values = [value for name in names if name in part.parameters for value in part.parameters[name].values]
    named = {"EU_list": "ADEQUACY-EU"}.get(row.value, row.value)
    return any(
        value.start == row.start and (named in value.value or not named.isupper())
        for value in values
        if value.value is not Gap.NONE
    )


def _same(row: Row, parameter: Parameter, value: Value) -> bool:
    grade = (value.confidence or parameter.confidence).value
    if (value.value, value.start, grade) != (_written(row), row.start, row.confidence):
        return False
    return row.end is None or any(other.start == row.end for other in parameter.values)


def test_the_table_is_the_one_the_packs_were_drafted_from() -> None:
    assert (len(rows()), len({row.place for row in rows()})) == (1599, 210)


def test_no_jurisdiction_is_missing() -> None:
    assert {row.pack for row in rows() if "residency" not in packs().packs[row.pack].domains} == set()


def test_every_row_stands_in_the_packs_or_is_named_with_its_reason() -> None:
    missing = [
        str(row) for row in rows() if not _stands(row) and (row.place, row.parameter, row.value) not in ELSEWHERE
    ]
    assert missing == []


def test_nothing_is_excused_that_is_not_in_the_table() -> None:
    assert ELSEWHERE.keys() <= {(row.place, row.parameter, row.value) for row in rows()}


def test_recalled_rows_stay_marked() -> None:
    """Confidence R and C are as in the table: nothing was made surer than it is."""
    count = {grade: sum(row.confidence == grade for row in rows()) for grade in "ABCR"}
    assert count == {"A": 322, "B": 255, "C": 189, "R": 833}


def test_every_country_with_a_pack_of_its_own_has_a_law_today() -> None:
    """At least 190 countries, as `lexgate packs coverage` counts them."""
    told = {
        country_of(code) for code, pack in packs().packs.items() if "residency" in pack.domains and code in COUNTRIES
    }
    assert len(told) >= 205
