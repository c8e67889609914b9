"""How much of the law the packs tell, country by country and domain by domain, and how surely it is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import pycountry

from engine.language.law import Gap
from engine.packs import PackSet
from engine.packs.layers import WORLD
from engine.packs.model import DOMAINS, Confidence, Domain, Pack
from engine.packs.read_tax import DOMAIN as TAX
from engine.places import COUNTRIES, SUBDIVISIONS, country_of

LITTLE: Final = 5
"""Fewer entries than this say whether there is such law, and hardly what it is."""


@dataclass(slots=True)
class Cell:
    """One domain in one country: everything in force there, its subdivisions included."""

    grades: Counter[Confidence] = field(default_factory=Counter)
    """Entries by confidence: rules, known values of parameters, lines of rates, territories."""
    unread: int = 0
    """Entries that say that the law was not read."""
    packs: list[str] = field(default_factory=list)
    parts: int = 0
    """Subdivisions with a pack of their own."""
    seen: tuple[date, date] | None = None
    """When the entry that was looked at longest ago, and the latest, was last seen to hold."""

    @property
    def entries(self) -> int:
        """How much is told."""
        return self.grades.total()

    @property
    def weakest(self) -> Confidence | None:
        """The least sure entry."""
        return max(self.grades, key=list(Confidence).index, default=None)

    @property
    def surest(self) -> Confidence | None:
        """The surest entry."""
        return min(self.grades, key=list(Confidence).index, default=None)

    @property
    def typical(self) -> Confidence | None:
        """The middle entry, the surest first; of two middles the weaker."""
        order = [grade for grade in Confidence for _ in range(self.grades[grade])]
        return order[len(order) // 2] if order else None

    @property
    def level(self) -> str:
        """`none`: not a word. `little`: hardly more than whether there is such law. `law`: what it is."""
        return "none" if not self.entries else "little" if self.entries < LITTLE else "law"


def coverage(packs: PackSet, day: date) -> dict[str, dict[str, Cell]]:
    """Country -> domain -> cell, for every country of ISO 3166-1, those about which nothing is told included."""
    parts: dict[str, list[str]] = {}
    for code in packs.packs:
        if code in SUBDIVISIONS:
            parts.setdefault(country_of(code), []).append(code)
    return {
        country: {domain: _cell(packs, country, parts.get(country, []), domain, day) for domain in DOMAINS}
        for country in sorted(COUNTRIES)
    }


def _cell(packs: PackSet, country: str, parts: list[str], domain: str, day: date) -> Cell:
    cell = Cell()
    layers = packs.layers
    chain = layers.national(country, day) if domain == TAX else layers.chain(country, day)
    for code in (*(code for code in chain if code != WORLD), *sorted(parts)):
        pack = packs.packs[code]
        if domain not in pack.domains:
            continue
        cell.packs.append(code)
        cell.parts += code in parts
        for grade, on in _grades(pack, pack.domains[domain], day):
            if grade is None:
                cell.unread += 1
            else:
                cell.grades[grade] += 1
                cell.seen = (on, on) if cell.seen is None else (min(on, cell.seen[0]), max(on, cell.seen[1]))
    return cell


def _grades(pack: Pack, domain: Domain, day: date) -> Iterator[tuple[Confidence | None, date]]:
    """The confidence of every entry in force, None where the law was not read; and when it was last seen to hold."""
    whole = pack.verified
    for rule in domain.rules:
        if rule.start <= day and (rule.end is None or day < rule.end):
            yield rule.confidence, (rule.verified or whole).on
    for parameter in domain.parameters.values():
        value = parameter.at(day)
        if value is not None:
            grade = None if value.value is Gap.UNREAD else (value.confidence or parameter.confidence)
            yield grade, (parameter.verified or whole).on
    for rate in domain.rates:
        if rate.on(day):
            yield (None if rate.unread else rate.confidence), (rate.verified or whole).on
    for land in domain.territories:
        if land.start <= day and (land.end is None or day < land.end):
            yield land.confidence, whole.on


def country_names() -> dict[str, str]:
    """The usual English name of every country."""
    names = {one.alpha_2: str(getattr(one, "common_name", None) or one.name) for one in pycountry.countries}
    return {code: names.get(code) or {"XI": "Northern Ireland", "XK": "Kosovo"}[code] for code in COUNTRIES}


def as_data(table: dict[str, dict[str, Cell]], names: dict[str, str], day: date) -> dict[str, Any]:
    """The table for machines."""
    return {
        "at": day.isoformat(),
        "countries": [
            {"country": code, "name": names[code], "domains": {name: _entry(cell) for name, cell in row.items()}}
            for code, row in table.items()
        ],
        "domains": {name: summary(table, name) for name in DOMAINS},
    }


def _entry(cell: Cell) -> dict[str, Any]:
    return {
        "level": cell.level,
        "entries": cell.entries,
        "unread": cell.unread,
        "confidence": {grade.value: cell.grades[grade] for grade in Confidence},
        "typical": cell.typical.value if cell.typical else None,
        "weakest": cell.weakest.value if cell.weakest else None,
        "surest": cell.surest.value if cell.surest else None,
        "verified": None
        if cell.seen is None
        else {"first": cell.seen[0].isoformat(), "last": cell.seen[1].isoformat()},
        "packs": cell.packs,
        "subdivisions": cell.parts,
    }


def summary(table: dict[str, dict[str, Cell]], domain: str) -> dict[str, Any]:
    """One domain over all countries: how many are told of, how surely, and which are missing."""
    cells = {code: row[domain] for code, row in table.items()}
    levels = Counter(cell.level for cell in cells.values())
    typical = Counter(cell.typical for cell in cells.values() if cell.typical)
    return {
        "countries": len(cells),
        "law": levels["law"],
        "little": levels["little"],
        "none": levels["none"],
        "entries": sum(cell.entries for cell in cells.values()),
        "unread": sum(cell.unread for cell in cells.values()),
        "typical": {grade.value: typical[grade] for grade in Confidence},
        "missing": [code for code, cell in cells.items() if cell.level == "none"],
    }
