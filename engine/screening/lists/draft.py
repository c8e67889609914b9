"""An entry while it is read: every format puts together the same shape, and nothing a list says is dropped without a word."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.screening.lists.births import born
from engine.screening.lists.countries import countries, country
from engine.screening.lists.errors import BrokenList
from engine.screening.lists.limits import clean
from engine.screening.model import Born, EntityKind, Identifier, Listed, ListedName, NameKind, Owner


@dataclass(slots=True)
class Told:
    """What a file says of itself; filled while it is read."""

    published: datetime | None = None
    declared: int | None = None
    """How many entries there are, in the file's own words."""


@dataclass(slots=True)
class Draft:
    """One entry that grows. Each method takes the list's own words, and keeps as a remark what it cannot read."""

    key: str
    kind: EntityKind = EntityKind.UNKNOWN
    names: list[ListedName] = field(default_factory=list)
    births: dict[Born, None] = field(default_factory=dict)
    birth_places: dict[str, None] = field(default_factory=dict)
    genders: dict[str, None] = field(default_factory=dict)
    nationalities: dict[str, None] = field(default_factory=dict)
    countries: dict[str, None] = field(default_factory=dict)
    addresses: dict[str, None] = field(default_factory=dict)
    identifiers: list[Identifier] = field(default_factory=list)
    programmes: dict[str, None] = field(default_factory=dict)
    measures: dict[str, None] = field(default_factory=dict)
    reference: str | None = None
    listed_on: date | None = None
    remarks: dict[str, None] = field(default_factory=dict)
    owners: dict[Owner, None] = field(default_factory=dict)

    def name(
        self,
        text: str,
        kind: NameKind = NameKind.ALIAS,
        *,
        weak: bool = False,
        language: str | None = None,
        given: str = "",
        family: str = "",
    ) -> None:
        """A name, unless there is no text. One in another script than the Latin is an original, whatever the list calls it."""
        said = clean(text)
        if not said:
            return
        if kind in (NameKind.ALIAS, NameKind.PRIMARY) and self.names and not is_latin(said):
            kind = NameKind.ORIGINAL
        code = (language or "").strip().lower() or None
        self.names.append(ListedName(said, kind, weak, code, clean(given) or None, clean(family) or None))

    def parted(self, given: str, family: str, kind: NameKind, *, weak: bool = False, person: bool = True) -> None:
        """A name whose parts the list has apart. Of what is no person the parts mean nothing."""
        whole = f"{given} {family}"
        if person and clean(given):
            self.name(whole, kind, weak=weak, given=given, family=family)
        else:
            self.name(whole, kind, weak=weak)

    def birth(self, text: str, found: Born | None = None) -> None:
        """A birth date in words, or read already."""
        said = clean(text)
        when = found or (born(said) if said else None)
        if when is not None:
            self.births[when] = None
        else:
            self.remark("Born", said)

    def birth_place(self, *parts: str) -> None:
        """Where somebody was born, from the smallest place to the largest."""
        put(self.birth_places, joined(parts))

    def gender(self, text: str) -> None:
        """`male`, `F` and the like."""
        said = clean(text)
        found = {"m": "male", "male": "male", "f": "female", "female": "female"}.get(said.casefold())
        if found is not None:
            self.genders[found] = None
        elif said not in ("?", ""):
            self.remark("Gender", said)

    def nationality(self, text: str) -> None:
        """One country or several, as names of countries or of their nationals."""
        said = clean(text)
        codes, whole = countries(said) if said else ([], True)
        for code in codes:
            self.nationalities[code] = None
        if not whole:
            self.remark("Nationality", said)

    def country(self, text: str, label: str = "Country") -> None:
        """A country of an address, a flag or a registration."""
        said = clean(text)
        code = country(said) if said else None
        if code is not None:
            self.countries[code] = None
        else:
            self.remark(label, said)

    def address(self, *parts: str, country: str = "") -> None:
        """An address from its parts; the country's own words are the last of them."""
        put(self.addresses, joined((*parts, country)))
        said = clean(country)
        for code in countries(said)[0] if said else ():
            self.countries[code] = None
        # What was not understood stands in the address already: it is kept, and shown to whoever decides.

    def identifier(self, kind: str, value: str, *, country_text: str = "", detail: str = "") -> None:
        """A number that names one alone, or nearly."""
        said = clean(value)
        if not said:
            return
        issuer = country(clean(country_text)) if clean(country_text) else None
        label = clean(detail)
        if clean(country_text) and issuer is None:
            label = f"{label} ({clean(country_text)})".strip()
        self.identifiers.append(Identifier(kind, said, issuer, label or None))

    def programme(self, text: str) -> None:
        """A code of programme or regime."""
        put(self.programmes, clean(text))

    def measure(self, code: str) -> None:
        """A measure of the house's vocabulary."""
        put(self.measures, code)

    def remark(self, label: str, text: str = "") -> None:
        """What has no field of its own."""
        said = clean(text)
        if said:
            self.remarks[f"{label}: {said}" if label else said] = None

    def done(self, code: str) -> Listed:
        """The entry. Raises BrokenList where it has no key or no name: it could never be found."""
        if not self.key:
            raise BrokenList("An entry without its key")
        if not self.names:
            raise BrokenList(f"Entry {self.key[:80]} has no name")
        return Listed(
            list=code,
            key=self.key,
            kind=self.kind,
            names=tuple(self.names),
            births=tuple(self.births),
            birth_places=tuple(self.birth_places),
            genders=tuple(sorted(self.genders)),
            nationalities=tuple(sorted(self.nationalities)),
            countries=tuple(sorted(self.countries)),
            addresses=tuple(self.addresses),
            identifiers=tuple(self.identifiers),
            programmes=tuple(self.programmes),
            measures=tuple(self.measures),
            reference=self.reference,
            listed_on=self.listed_on,
            remarks="; ".join(self.remarks) or None,
            owners=tuple(self.owners),
        )


def put(where: dict[str, None], text: str) -> None:
    """Keep a text once, unless it is empty."""
    if text:
        where[text] = None


def joined(parts: tuple[str, ...]) -> str:
    """The parts that say something, with commas."""
    return ", ".join(said for part in parts if (said := clean(part).strip(" ,")))


def is_latin(text: str) -> bool:
    """Whether every letter is of the Latin script."""
    return all(not one.isalpha() or one.isascii() or unicodedata.name(one, "").startswith(_LATIN) for one in text)


_LATIN = ("LATIN", "FULLWIDTH LATIN", "MODIFIER LETTER", "FEMININE ORDINAL", "MASCULINE ORDINAL")


def primary_first(names: list[ListedName]) -> list[ListedName]:
    """Primary names before the others, whatever the order in the file; the first name is primary where none is."""
    if names and not any(name.kind is NameKind.PRIMARY for name in names):
        first = names[0]
        promoted = ListedName(first.text, NameKind.PRIMARY, first.weak, first.language, first.given, first.family)
        return [promoted, *names[1:]]
    return sorted(names, key=lambda name: name.kind is not NameKind.PRIMARY)


def day(text: str) -> date | None:
    """A day in one of the forms that lists stamp their entries with: ISO, `dd/mm/yyyy`, `dd Mon yyyy`."""
    found = born(clean(text))
    return found.earliest if found is not None and found.earliest == found.latest else None
