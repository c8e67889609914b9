"""The tax law of one place on one day, as the packs state it: dated settings, rates by category, territories."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from engine.language.law import Gap
from engine.packs.layers import WORLD
from engine.packs.model import Cite, Confidence, Pack, Parameter, TaxRate, Territory, Value
from engine.packs.packset import PackSet
from engine.places import COUNTRIES, SUBDIVISIONS
from engine.tax.model import Step

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """A dated parameter of a pack in force on a day, with its citation."""

    pack: Pack
    parameter: Parameter
    entry: Value

    @property
    def value(self) -> Any:
        """A Decimal for money (in `unit`) and numbers, a word, a flag, a tuple; None where it is unread or there is none."""
        return None if isinstance(self.entry.value, Gap) else self.entry.value

    @property
    def unit(self) -> str | None:
        """Currency of money."""
        return self.parameter.unit

    @property
    def confidence(self) -> Confidence:
        """How surely it is known."""
        return self.entry.confidence or self.parameter.confidence

    def step(self, question: str, answer: str) -> Step:
        """A step of the procedure that rests on it."""
        return cited(self.pack, self.entry.cite or self.parameter.cite, question, answer, self.confidence)


@dataclass(frozen=True, slots=True)
class Rate:
    """A line of a pack's table of rates."""

    pack: Pack
    row: TaxRate

    @property
    def id(self) -> str:
        """Pack and line."""
        return f"{self.pack.jurisdiction}/{self.row.id}"

    def step(self, question: str, answer: str) -> Step:
        """A step of the procedure that rests on it."""
        return cited(self.pack, self.row.cite, question, answer, self.row.confidence)


class PlaceLaw:
    """What holds at one place on one day. The nearest pack wins: subdivision over country over group over WORLD."""

    __slots__ = ("_rates", "_settings", "_territories", "day", "derived", "packs", "place")

    def __init__(self, place: str, day: date, packs: tuple[Pack, ...]):
        self.place, self.day, self.packs = place, day, packs
        """`packs`: the most general first."""
        self.derived: dict[Any, Any] = {}
        """What is worked out of this law once and kept: picked rates, the rounding rule."""
        self._rates: dict[str | None, tuple[Rate, ...]] = {}
        self._settings: dict[tuple[str, str | None], Setting | None] = {}
        self._territories: tuple[tuple[Pack, Territory], ...] | None = None

    @property
    def own(self) -> Pack | None:
        """The place's own pack, or its country's, where there is one with tax law."""
        return next((pack for pack in reversed(self.packs) if "tax" in pack.domains
                     and pack.jurisdiction in COUNTRIES | SUBDIVISIONS), None)  # fmt: skip

    def setting(self, name: str, *, within: str | None = None) -> Setting | None:
        """A parameter in force, the nearest one; `within` looks in one pack only (`EU`)."""
        key = name, within
        if key not in self._settings:
            self._settings[key] = self._setting(name, within)
        return self._settings[key]

    def _setting(self, name: str, within: str | None) -> Setting | None:
        for pack in reversed(self.packs):
            domain = pack.domains.get("tax")
            if domain is None or (within is not None and pack.jurisdiction != within):
                continue
            parameter = domain.parameters.get(name)
            entry = parameter.at(self.day) if parameter else None
            if parameter and entry:
                return Setting(pack, parameter, entry)
        return None

    def rates(self, component: str | None = None) -> tuple[Rate, ...]:
        """Every line in force, the nearest pack's first."""
        found = self._rates.get(component)
        if found is None:
            found = self._rates[component] = self._lines(component)
        return found

    def _lines(self, component: str | None) -> tuple[Rate, ...]:
        return tuple(
            Rate(pack, row)
            for pack in reversed(self.packs)
            if "tax" in pack.domains
            for row in pack.domains["tax"].rates
            if row.on(self.day) and component in (None, row.component)
        )

    def territories(self) -> tuple[tuple[Pack, Territory], ...]:
        """Every special territory in force."""
        if self._territories is None:
            self._territories = tuple(
                (pack, territory)
                for pack in reversed(self.packs)
                if "tax" in pack.domains
                for territory in pack.domains["tax"].territories
                if territory.start <= self.day and (territory.end is None or self.day < territory.end)
            )
        return self._territories


class TaxLaw:
    """The tax law of a release. Pure: the same release, place and day give the same law."""

    __slots__ = ("_known", "_members", "_territories", "consulted", "days", "derived", "legal_day", "packs")

    def __init__(self, packs: PackSet, legal_day: date | None = None):
        self.packs, self.legal_day = packs, legal_day
        """`legal_day`: asks under the law of this day, everywhere, whenever the supply was."""
        self._known: dict[tuple[str, date], PlaceLaw] = {}
        self._members: dict[date, Mapping[str, frozenset[str]]] = {}
        self._territories: dict[str, tuple[tuple[Pack, Territory], ...]] = {}
        self.derived: dict[Any, Any] = {}
        """What `kept` has worked out."""
        self.consulted: dict[tuple[str, date], PlaceLaw] | None = None
        """Whose law was asked for, where somebody keeps note (`noted`)."""
        self.days: dict[tuple[str, datetime], date] | None = None
        """Local days within one sale, which are asked for again and again."""

    def noted(self, legal_day: date | None = None) -> TaxLaw:
        """The same law, that notes which places were asked about, for one sale."""
        noted = object.__new__(TaxLaw)
        for name in TaxLaw.__slots__:  # with everything that was looked up before
            setattr(noted, name, getattr(self, name))
        noted.consulted, noted.days = {}, {}
        if legal_day is not None:
            noted.legal_day = legal_day
        return noted

    def kept(self, key: Hashable, make: Callable[[TaxLaw], T]) -> T:
        """What is worked out of a release once and kept, with whose law was asked for it: that is noted every time, so that an
        answer names the same packs whether or not somebody asked before."""
        known: tuple[T, dict[tuple[str, date], PlaceLaw]] | None = self.derived.get(key)
        if known is None:
            if len(self.derived) > 20_000:
                self.derived.clear()
            asked = self.noted()
            known = self.derived[key] = make(asked), asked.consulted or {}
        if self.consulted is not None:
            self.consulted.update(known[1])
        return known[0]

    def at(self, place: str, day: date) -> PlaceLaw:
        """The law of a country or subdivision on a day of its own calendar."""
        found = self._known.get((place, day))
        if found is None:
            if len(self._known) > 20_000:
                self._known.clear()
            chain = self._chain(place, day)
            found = self._known[place, day] = PlaceLaw(place, day, tuple(self.packs.packs[code] for code in chain))
        if self.consulted is not None:
            self.consulted[place, day] = found
        return found

    def _chain(self, place: str, day: date) -> tuple[str, ...]:
        """Whose law holds. A part of a country outside its tax area has its own law alone, unless it is treated as the country
        (Finnish tax on Åland): neither the country's parameters nor the Union's speak of what is supplied there."""
        apart = "/" in place or any(
            land.place == place and not land.vat_area and land.treated_as != place[:2]
            for _, land in self.territories(place[:2], day)
            if "-" in place
        )
        chain = self.packs.layers.national(place, day)
        return tuple(code for code in chain if code in (WORLD, place)) if apart else chain

    def territories(self, country: str, day: date) -> tuple[tuple[Pack, Territory], ...]:
        """Special territories that an address in a country may lie in: the country's own, and enclaves of its neighbours that
        buyers know under this country's postcodes (`CH:8238` in Germany's table)."""
        return tuple(
            (pack, territory)
            for pack, territory in self.lands(country)
            if territory.start <= day and (territory.end is None or day < territory.end)
        )

    def lands(self, country: str) -> tuple[tuple[Pack, Territory], ...]:
        """The same of all days."""
        if country not in self._territories:
            abroad = f"{country}:"
            self._territories[country] = tuple(
                (pack, territory)
                for pack in self.packs.packs.values()
                if "tax" in pack.domains
                for territory in pack.domains["tax"].territories
                if country in (pack.jurisdiction, territory.place)
                or any(code.startswith(abroad) for code in territory.postal_codes)
            )
        return self._territories[country]

    def in_force(self, pack: str, name: str, day: date, *, note: bool = True) -> Setting | None:
        """A parameter of one pack on a day, whoever is a member of it: the Union's goods law in Northern Ireland."""
        found = self.packs.packs.get(pack)
        domain = found.domains.get("tax") if found else None
        parameter = domain.parameters.get(name) if domain else None
        entry = parameter.at(day) if parameter else None
        if not (found and parameter and entry):
            return None
        if note and self.consulted is not None:
            self.consulted.setdefault((pack, day), PlaceLaw(pack, day, (found,)))
        return Setting(found, parameter, entry)

    def local_day(self, place: str, instant: datetime) -> date:
        """The date at a place: local midnight decides when a change bites."""
        if self.legal_day is not None:
            return self.legal_day
        found = self.days.get((place, instant)) if self.days is not None else None
        if found is None:
            found = instant.astimezone(self.packs.layers.zone(place)).date()
            if self.days is not None:
                self.days[place, instant] = found
        return found

    def member(self, place: str, group: str, day: date) -> bool:
        """Whether a place is in a group (`EU`) on a day."""
        members = self._members.get(day)
        if members is None:
            if len(self._members) > 1000:
                self._members.clear()
            members = self._members[day] = self.packs.layers.members(day)
        return place in members.get(group, frozenset())


def cited(pack: Pack, cite: Cite | None, question: str, answer: str, confidence: Confidence | None) -> Step:
    """A step with the instrument and provision of a citation of a pack."""
    source = pack.sources.get(cite.source) if cite else None
    return Step(
        question,
        answer,
        source.title if source else None,
        cite.at if cite else None,
        source.url if source else None,
        confidence,
    )
