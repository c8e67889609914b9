"""Grids: one parameter, or one category of rates, in every pack that speaks of it; and the list of all jurisdictions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.coverage import Cell, coverage
from api.lawbook.entries import Telling, entry, rate_told, values_told
from api.lawbook.reading import Known, namer, parts_of, remembered
from api.lawbook.regions import GROUPS, region_of
from engine.packs import PackSet
from engine.packs.layers import WORLD
from engine.packs.model import Pack, Parameter
from engine.packs.read_tax import DOMAIN as TAX
from engine.prose import Prose

RATES: Final = "rates"
"""The table of rates of tax; parameters are asked for by their names."""
_NUMBERS: Final = frozenset({"money", "rate", "decimal", "int"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a grid is of: a parameter by its name, or a category of rates."""

    parameter: str | None
    category: str | None
    domain: str | None = None


def jurisdictions(known: Known, day: date, language: str) -> list[dict[str, Any]]:
    """Every country, those without a word of law included, and every group."""
    packs = known.packs
    return remembered(
        packs, ("places", day, language), lambda: list(_jurisdictions(packs, day, namer(packs, language)))
    )


def _jurisdictions(packs: PackSet, day: date, prose: Prose) -> Iterator[dict[str, Any]]:
    for code, row in coverage(packs, day).items():
        yield {
            "jurisdiction": code,
            "name": prose.place(code),
            "kind": "country",
            "region": region_of(code),
            "parts": parts_of(packs, prose, code),
            "domains": {domain: _cell(cell) for domain, cell in row.items() if cell.entries or cell.unread},
        }
    for code, pack in sorted(packs.packs.items()):
        if pack.members or code == WORLD:
            yield {
                "jurisdiction": code,
                "name": prose.place(code),
                "kind": "group",
                "region": GROUPS,
                "parts": [],
                "domains": {domain: _own(pack, domain, day) for domain in pack.domains},
            }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "level": cell.level,
        "entries": cell.entries,
        "unread": cell.unread,
        "typical": cell.typical and cell.typical.value,
        "weakest": cell.weakest and cell.weakest.value,
    }


def _own(pack: Pack, domain: str, day: date) -> dict[str, Any]:
    part = pack.domains[domain]
    rules = [rule.confidence for rule in part.rules if rule.start <= day and (rule.end is None or day < rule.end)]
    values = [(one, one.at(day)) for one in part.parameters.values()]
    grades = sorted([*rules, *((value.confidence or one.confidence) for one, value in values if value is not None)])
    level = "none" if not grades else "little" if len(grades) < 5 else "law"
    middle = grades[len(grades) // 2].value if grades else None
    weakest = grades[-1].value if grades else None
    return {"level": level, "entries": len(grades), "unread": 0, "typical": middle, "weakest": weakest}


# -- grids ------------------------------------------------------------------------------------------------------------


def names(known: Known, language: str) -> list[dict[str, Any]]:
    """What grids can be made of: every category of rates, and every figure that more than one pack sets."""
    packs, prose = known.packs, namer(known.packs, language)
    parameters: Counter[tuple[str, str]] = Counter()
    categories: Counter[str] = Counter()
    for pack in packs.packs.values():
        for domain in pack.domains.values():
            figures = [one for one in domain.parameters.values() if one.kind in _NUMBERS]
            parameters.update((domain.name, one.name) for one in figures)
            categories.update({rate.category for rate in domain.rates})
    found = [
        {"name": f"{RATES}:{one}", "said": prose.word(one, "category"), "domain": TAX, "packs": count}
        for one, count in categories.items()
        if count > 1
    ]
    found += [
        {"name": name, "said": prose.name(name), "domain": domain, "packs": count}
        for (domain, name), count in parameters.items()
        if count > 1
    ]
    return sorted(found, key=lambda one: (one["domain"], -one["packs"], one["name"]))


def lines(known: Known, wanted: Wanted, day: date, language: str) -> list[dict[str, Any]]:
    """One line a dated value, by the names of the places, the earliest value of each first."""
    packs, prose = known.packs, namer(known.packs, language)
    found: list[dict[str, Any]] = []
    for code, pack in packs.packs.items():
        telling = Telling(packs, prose, packs.words(language), day, known.today)
        for line in _lines(telling, pack, wanted):
            found.append({"jurisdiction": code, "place": prose.place(code), **line})
    return sorted(found, key=lambda line: (line["place"], line["jurisdiction"], line["id"], line["since"] or ""))


def _lines(telling: Telling, pack: Pack, wanted: Wanted) -> Iterator[dict[str, Any]]:
    for domain in pack.domains.values():
        if wanted.domain not in (None, domain.name):
            continue
        if wanted.parameter is not None and wanted.parameter in domain.parameters:
            parameter = domain.parameters[wanted.parameter]
            for value in values_told(telling, pack, parameter):
                yield _value_line(telling, pack, domain.name, parameter, value)
        for rate in domain.rates if wanted.category is not None else ():
            if rate.category == wanted.category:
                told = rate_told(telling, pack, rate)
                title = f"{told['said']} ({telling.prose.word(rate.component, 'component')})"
                yield _line(told, domain=domain.name, id=rate.id, title=title, unit="percent", value=told["percent"])


def _value_line(
    telling: Telling, pack: Pack, domain: str, parameter: Parameter, value: dict[str, Any]
) -> dict[str, Any]:
    told = {**entry(telling, pack, parameter, parameter.spot, parameter.verified), **value, "condition": None}
    title = telling.prose.name(parameter.name)
    return _line(told, domain=domain, id=parameter.name, title=title, unit=parameter.unit, value=value["value"])


def _line(told: dict[str, Any], **named: Any) -> dict[str, Any]:
    kept = ("text", "since", "until", "state", "confidence", "cite", "verified", "condition")
    return {**named, **{name: told[name] for name in kept}}
