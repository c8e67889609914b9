"""Tables of tax compared by what they say on each day, whatever their lines are called; and sales to try where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.diffs.trial import Payment
from engine.money import Money
from engine.packs.model import Domain, TaxRate, Territory
from engine.places import country_of

LINES: Final = ("goods", "digital", "service", "accommodation", "transport", "event", "immovable_property")
_ANY: Final = "any"

Cell = tuple[str, str]
"""Of rates: component and category. Of territories: the word `territory` and the id."""


@dataclass(frozen=True, slots=True)
class Differing:
    """One cell of a table in a period in which the two releases say something else of it."""

    cell: Cell
    start: date
    end: date | None
    equal_before: bool


def tables_differ(was: Domain | None, now: Domain | None) -> Iterator[Differing]:
    """The cells of the tables of a domain that differ, with the periods in which they do."""
    cells = [_cells(part) for part in (was, now)]
    days = sorted({day for found in cells for rows in found.values() for row in rows for day in _days(row)})
    for cell in sorted(cells[0].keys() | cells[1].keys()):
        sides = [found.get(cell, []) for found in cells]
        yield from _periods(cell, days, sides)


def _periods(cell: Cell, days: list[date], sides: list[list[TaxRate | Territory]]) -> Iterator[Differing]:
    before, start, was_equal = True, date.min, True
    for day in days:
        said = [_said(rows, day) for rows in sides]
        equal = said[0] == said[1]
        if equal and not before:
            yield Differing(cell, start, day, was_equal)
        if not equal and before:
            start, was_equal = day, day != date.min
        before = equal
    if not before:
        yield Differing(cell, start, None, was_equal)


def _cells(part: Domain | None) -> dict[Cell, list[TaxRate | Territory]]:
    found: dict[Cell, list[TaxRate | Territory]] = {}
    for row in part.rates if part else ():
        found.setdefault((row.component, row.category), []).append(row)
    for area in part.territories if part else ():
        found.setdefault(("territory", area.id), []).append(area)
    return found


def _days(row: TaxRate | Territory) -> Iterable[date]:
    return (row.start, row.end) if row.end else (row.start,)


def _said(rows: Iterable[TaxRate | Territory], day: date) -> Counter[Any]:
    """What holds on a day: one entry for each kind of supply that a line names."""
    found: Counter[Any] = Counter()
    for row in rows:
        if row.start <= day and (row.end is None or day < row.end):
            found.update(_entries(row))
    return found


def _entries(row: TaxRate | Territory) -> Iterator[tuple[Any, ...]]:
    if isinstance(row, Territory):
        yield row.place, row.postal_codes, row.vat_area, row.customs_area, row.treated_as
        return
    for kind in row.supplies or (_ANY,):
        yield kind, row.kind, row.percent, row.unread, row.share, row.condition


# -- sales -----------------------------------------------------------------------------------------------------------------------


def sales(place: str, at: datetime, currency: str, category: str | None = None) -> Iterator[Payment]:
    """Ordinary sales at a place by a seller of that place who is registered there, one a kind of supply."""
    country, region = country_of(place), place if place != country_of(place) else None
    where = {"country": country, **({"region": region} if region else {})}
    for customer in ("individual", "organisation"):
        for kind in LINES:
            for registered in (place, country) if region else (country,):
                line = {
                    "id": "1", "kind": kind, "category": category or "standard", "amount": Money(Decimal(100), currency),
                    "tax_inclusive": False, **_ends(kind, where),
                }  # fmt: skip
                facts = {
                    "currency": currency, "amount": Money(Decimal(100), currency), "payment.instrument": "card",
                    "payer.type": customer, **{f"payer.{key}": value for key, value in where.items()},
                    **{f"payee.{key}": value for key, value in where.items()},
                    "payee.registrations": ({"jurisdiction": registered, "scheme": "standard"},),
                    "payee.facts": {"established_in": [country]},
                    "lines": (line,),
                }  # fmt: skip
                yield Payment(facts, at, {})


def _ends(kind: str, where: dict[str, str]) -> dict[str, str]:
    names = ("ship_from", "ship_to") if kind == "goods" else ("supplied_at",)
    return {f"{name}.{key}": value for name in names for key, value in where.items()}


def sent_to(area: Territory, country: str, at: datetime, currency: str) -> Iterator[Payment]:
    """Goods from the country to one of its special territories."""
    codes: list[str | None] = [code.partition("-")[0] for code in area.postal_codes if ":" not in code]
    for sale in sales(country, at, currency):
        line = dict(sale.facts["lines"][0])
        if line["kind"] != "goods":
            continue
        for code in codes[:2] or [None]:
            line |= {"ship_to.country": area.place or country}
            line |= {"ship_to.postal_code": code} if code else {}
            payer = {"payer.country": area.place or country, **({"payer.postal_code": code} if code else {})}
            facts = {path: value for path, value in sale.facts.items() if path != "payer.region"}
            yield Payment({**facts, **payer, "lines": (dict(line),)}, at, {})
