"""Whose packs a publication may concern: the places that it names, what is above them, and the lists that they keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.packs.packset import PackSet
from engine.places import country_of
from ingest.read.model import Reading, Span

WORLD: Final = "WORLD"
INTERNATIONAL: Final = "INT"
_UNION: Final = {"EU": ("EU", "EEA"), "EEA": ("EEA", "EU")}
_FATF: Final = ("FATF", "GAFI", "FATF-GAFI")
_ORDER: Final = (1.0, 0.85, 0.7, 0.6)
"""How much places count, in the order in which they are held to be meant; all further ones as the last."""
_ABOVE: Final = 0.5
_COUNTRY_OF_PART: Final = 0.65
_SOURCE: Final = 0.55
"""The source's own place, where the text names others: an authority also tells of the law of others."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A pack that may be meant: how much, and the words that name its place."""

    weight: float
    named: str
    span: Span | None


def concerned(reading: Reading, jurisdiction: str | None, release: PackSet) -> dict[str, Concerned]:
    """Packs, with how much each is meant. Lists are among them wherever their keeper is named."""
    found: dict[str, Concerned] = {}

    def add(code: str, weight: float, named: str, span: Span | None) -> None:
        known = found.get(code)
        if code in release.packs and (known is None or known.weight < weight):
            found[code] = Concerned(weight, named, span)

    named: dict[str, tuple[float, Span | None]] = {}
    for at, one in enumerate(reading.places):
        named.setdefault(one.name, (_ORDER[min(at, len(_ORDER) - 1)], one.span))
    if jurisdiction is not None and jurisdiction not in named:
        named[jurisdiction] = (_SOURCE if named else 1.0, None)
    for regulator in reading.regulators:
        if regulator.name.upper() in _FATF:
            named.setdefault(INTERNATIONAL, (1.0, regulator.span))
    for place, (weight, span) in named.items():
        for code in _UNION.get(place, (WORLD,) if place == INTERNATIONAL else (place,)):
            add(code, weight, place, span)
        if place not in _UNION and place != INTERNATIONAL:
            pack = release.packs.get(place)
            country = country_of(place)
            if country != place:
                add(country, weight * _COUNTRY_OF_PART, place, span)
            for parent in pack.extends if pack is not None else ():
                add(parent, weight * (_ABOVE if parent != WORLD else 0.2), place, span)
        for code in lists_of(release, place):
            add(code, weight, place, span)
    for code in lists_of(release, INTERNATIONAL):
        add(code, 0.6, INTERNATIONAL, None)
    return found


def lists_of(release: PackSet, keeper: str) -> tuple[str, ...]:
    """The lists that a place keeps, by their names: `HIGH-RISK-EU` is the Union's; the FATF's and the UN's are nobody's own."""
    kept: dict[str, tuple[str, ...]] = release.derived.setdefault("ingest.lists_of", {})
    if keeper not in kept:
        every = sorted(code for code, pack in release.packs.items() if pack.list_for)
        world = tuple(code for code in every if code.startswith("FATF-") or code.endswith("-UN"))
        union = keeper in _UNION
        own = tuple(code for code in every if code.endswith("-EU" if union else f"-{keeper}"))
        kept[keeper] = world if keeper == INTERNATIONAL else own
    return kept[keeper]


def members_of(release: PackSet, group: str) -> frozenset[str]:
    """The packs of the places that were ever within a group."""
    pack = release.packs.get(group)
    return frozenset() if pack is None else frozenset(one.place for one in pack.members) & release.packs.keys()


__all__ = ["INTERNATIONAL", "WORLD", "Concerned", "concerned", "lists_of", "members_of"]
