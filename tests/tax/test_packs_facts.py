"""Every row of the table of facts stands in the packs: its name, its value, its dates, its confidence.

The table is not part of the project: `LEXGATE_FACTS` names its folder, `../shared/facts` beside the checkout is looked for.
Without it these tests are skipped, and say so.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.language.law import Gap
from engine.packs.model import UNREAD_START, Confidence, Domain, Parameter, TaxRate, Value
from engine.places import country_of
from tests.property.shipped import packs

ROOT = Path(__file__).parents[2]
FACTS = Path(os.environ.get("LEXGATE_FACTS", ROOT.parent / "shared" / "facts")) / "tax.csv"
TODAY = date(2026, 11, 22)

pytestmark = pytest.mark.skipif(
    not FACTS.exists(),
    reason=f"NOT CHECKED AGAINST THE FACTS: there is no {FACTS}; set LEXGATE_FACTS to the folder of tax.csv",
)

NAMED = {
    "books": {"books"},
    "ebooks": {"ebooks"},
    "food": {"food", "basic_food", "high_sugar_food"},
    "hotels": {"hotel"},
    "medicine": {"medicine"},
    "newspapers": {"newspapers", "periodicals"},
    "passenger_transport": {"passenger_transport"},
    "restaurants": {"restaurant"},
}
"""What rows on one category each call it -> the categories of the packs."""

HALVES = {"cgst", "sgst", "utgst"}


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
    condition: str
    confidence: Confidence

    def __str__(self) -> str:
        since = "" if self.start == UNREAD_START else f" from {self.start}"
        return f"line {self.number}: {self.place} {self.parameter} {self.value}{since} ({self.condition})"


ELSEWHERE: dict[tuple[str, str, str], str] = {
    ("AW", "standard_rate", "6"): "ends on sales when the next rate begins, as the note of the next row says",
    ("CH", "reduced_rate", "2.6"): "dated by the change of the standard rate; the table has no date",
    ("CH", "reduced_rate", "3.8"): "dated by the change of the standard rate; the table has no date",
    ("LI", "reduced_rate", "2.6"): "dated by the change of the standard rate; the table has no date",
    ("LI", "reduced_rate", "3.8"): "dated by the change of the standard rate; the table has no date",
    ("BS", "reduced_rate", "5"): "dated by the words of its condition",
    ("CI", "reduced_rate", "9"): "dated by the words of its condition",
    ("KZ", "reduced_rate", "5"): "dated by the words of its condition",
    ("ME", "reduced_rate", "15"): "dated by the words of its condition",
    ("MV", "reduced_rate", "17"): "dated by the words of its condition",
    ("NG", "zero_or_exempt", "0"): "dated by the words of its condition",
    ("DE", "standard_rate_category", "19"): "cut where the standard rate was 16",
    ("DE", "reduced_rate", "7"): "cut where the reduced rate was 5",
    ("ES", "reduced_rate", "4"): "cut where basic food bore 0 and 2, as the note of its row says",
}
"""(place, parameter, value) -> why its dates are others in the packs. The value and its confidence stand there all the same."""


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
        date.fromisoformat(end) + timedelta(days=1) if end else None,
        row["condition"], Confidence(row["confidence"]),
    )  # fmt: skip


def domain(place: str) -> Domain:
    return packs().packs[place].domains["tax"]


# -- nothing is missing --------------------------------------------------------------------------------------------------


def test_the_table_is_the_one_the_packs_were_drafted_from() -> None:
    assert len(rows()) >= 2668


def test_no_jurisdiction_is_missing() -> None:
    missing = {row.place for row in rows() if "tax" not in getattr(packs().packs.get(row.place), "domains", ())}
    assert not missing


def test_every_row_is_in_the_packs() -> None:
    lost = [str(row) for row in rows() if not any(_told(row))]
    assert not lost, f"{len(lost)} rows stand nowhere:\n" + "\n".join(lost[:40])


def test_every_exception_is_needed_and_explained() -> None:
    for (place, parameter, value), why in ELSEWHERE.items():
        assert len(why.split()) >= 4
        named = [row for row in rows() if (row.place, row.parameter, row.value) == (place, parameter, value)]
        assert named, f"{place} {parameter} {value} is not in the table"
        assert not all(any(_strictly(row)) for row in named), f"{place} {parameter} {value} needs no exception"


def _told(row: Row) -> Iterator[bool]:
    yield any(_strictly(row))
    if (row.place, row.parameter, row.value) in ELSEWHERE:
        yield any(_same(rate, row) and rate.confidence is row.confidence for rate in domain(row.place).rates)


def _strictly(row: Row) -> Iterator[bool]:
    """Whether a parameter, a line of rates or a territory says what the row says."""
    for name, parameter in domain(row.place).parameters.items():
        if name == row.parameter or name.startswith((f"{row.parameter}_", _family(row))):
            yield from (_valued(parameter, value, row) for value in parameter.values)
    if row.unit == "percent" or row.parameter == "exempt":
        for rate in domain(row.place).rates:
            known = _same(rate, row) and rate.confidence is row.confidence
            yield known and (rate.start, rate.end) == (row.start, row.end)
    if row.parameter in ("eu_vat_territory", "eu_customs_territory"):
        yield _bordered(row)


def _family(row: Row) -> str:
    """PIS and COFINS have a parameter each, the table has one for both."""
    return row.condition.split()[0].lower() if row.parameter == "pis_cofins_rate" else f"{row.parameter}_"


def _same(rate: TaxRate, row: Row) -> bool:
    if row.value == "exempt":
        return rate.kind == "exempt"
    if rate.percent is None or rate.unread:
        return False
    named = NAMED.get(row.condition.partition(":")[0])
    fits = named is None or row.parameter == "regional_rate" or rate.category in named
    return fits and rate.percent == Decimal(row.value) and rate.component not in HALVES


def _valued(parameter: Parameter, value: Value, row: Row) -> bool:
    if (value.confidence or parameter.confidence) is not row.confidence and not _none(row):
        return False
    if value.start != row.start or not _alike(value, row, parameter.kind):
        return False
    following = [other.start for other in parameter.values if other.start > value.start]
    return row.end is None or (bool(following) and min(following) == row.end)


def _none(row: Row) -> bool:
    return row.value == "none"


def _alike(value: Value, row: Row, kind: str) -> bool:
    said: Any = value.value
    if row.value == "none" and kind == "int":
        return said is Gap.NONE
    if kind == "bool":
        return said is {"yes": True, "no": False, "not_charged": False}.get(row.value, Gap.UNREAD)
    if kind in ("money", "decimal", "int"):
        try:
            return Decimal(said) == Decimal(row.value)
        except (InvalidOperation, TypeError):
            return False
    if kind == "tokens":
        return ",".join(said) == row.value
    return str(said) == row.value


def _bordered(row: Row) -> bool:
    """A territory of the country of the row, named in its condition or by its own code, on the side that the row says."""
    country = domain(country_of(row.place)) if country_of(row.place) in packs().packs else domain(row.place)
    parents = [country, domain("DK"), domain("FR"), domain("FI"), domain("NL")]
    side = "vat_area" if row.parameter == "eu_vat_territory" else "customs_area"
    for part in parents:
        for land in part.territories:
            words = (
                row.condition.replace("Buesingen", "Büsingen").replace("Reunion", "Réunion").replace("Aland", "Åland")
            )
            named = land.place == row.place or land.name.split(",")[0] in words or words.split(" (")[0] in land.name
            grouped = row.condition == "French overseas territories" and land.place in {
                "NC",
                "PF",
                "WF",
                "PM",
                "BL",
                "TF",
            }
            grouped |= row.condition == "Netherlands Antilles territories" and land.place in {"AW", "CW", "SX", "BQ"}
            if (named or grouped) and land.confidence is row.confidence and getattr(land, side) is (row.value == "yes"):
                return True
    return False


# -- today's rates -------------------------------------------------------------------------------------------------------

UNDECIDED = {
    "TH": "whether the yearly decree was renewed after 2026-09-30 was not found",
    "US-DC": "whether the increase of 2026-10-01 took effect is disputed",
    "KN": "whether the relief ended on 2025-06-30 was not confirmed",
}
"""Places whose rate of today nobody has confirmed: the line says so, and the answer is undecided."""

OTHERWISE = {"VN": "the temporary rate of 8 holds today, as another row says"}


def current_standard_rates() -> list[Row]:
    """The standard rates in force today, but those on payment in cash."""
    return [
        row
        for row in rows()
        if row.parameter == "standard_rate" and row.start <= TODAY and (row.end is None or row.end > TODAY)
        and row.condition != "payment in cash" and row.place not in OTHERWISE
    ]  # fmt: skip


def test_no_current_standard_rate_differs() -> None:
    wrong = []
    for row in current_standard_rates():
        lines = [
            rate for rate in domain(row.place).rates
            if rate.category == "standard" and rate.on(TODAY) and rate.component not in HALVES
        ]  # fmt: skip
        if row.place in UNDECIDED:
            assert [rate.unread for rate in lines] == [True], row.place
        elif Decimal(row.value) not in {rate.percent for rate in lines}:
            wrong.append(f"{row}: {[str(rate.percent) for rate in lines]}")
    assert not wrong


def test_places_without_a_tax_say_so_and_have_no_rates() -> None:
    free = {row.place for row in rows() if row.parameter == "has_consumption_tax" and row.value == "no"}
    assert len(free) >= 40
    for place in free:
        held = domain(place).parameters["has_consumption_tax"].at(TODAY)
        assert held is not None
        assert held.value is False
        assert not domain(place).rates, place
