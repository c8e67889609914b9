"""OFAC: SDN_ADVANCED.XML and CONS_ADVANCED.XML, with typed features, documents and relations (the UN's advanced sanctions data
model).

Every word in it stands in tables at the top and is named by number; a party, its documents, what binds it to others and why it is
listed stand in sections of their own. So all is read before the first entry is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told
from engine.screening.lists.errors import BrokenList, HostileList
from engine.screening.lists.identifiers import keep
from engine.screening.lists.limits import USUAL, Limits, whole_number
from engine.screening.lists.ofac_advanced_features import Place, feature
from engine.screening.lists.ofac_advanced_parties import Party, party, shown_kind
from engine.screening.lists.ofac_programmes import measures
from engine.screening.lists.ofac_xml import ALIASES
from engine.screening.lists.xml import Element, attribute, every, records, text, texts
from engine.screening.model import Listed, NameKind, Owner

ROOTS: Final = frozenset({"Sanctions"})
_WORDS: Final = frozenset(
    {
        "AliasType",
        "Country",
        "DetailReference",
        "FeatureType",
        "IDRegDocType",
        "NamePartType",
        "PartyType",
        "PartySubType",
        "RelationType",
    }
)
_SECTIONS: Final = frozenset(
    {"DateOfIssue", "Location", "IDRegDocument", "DistinctParty", "ProfileRelationship", "SanctionsEntry"}
)
_PROGRAMME: Final = "Program"


@dataclass(slots=True)
class _File:
    """What was read so far, by number."""

    words: dict[tuple[str, str], str] = field(default_factory=dict)
    kinds_of: dict[str, str] = field(default_factory=dict)
    """A kind of party by its sub-kind."""
    places: dict[str, Place] = field(default_factory=dict)
    documents: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    """By identity: kind, number, country."""
    parties: dict[str, Party] = field(default_factory=dict)
    relations: list[tuple[str, str, str, bool]] = field(default_factory=list)
    entries: dict[str, list[tuple[str, datetime | None]]] = field(default_factory=dict)
    """By profile: programme and day."""

    def word(self, table: str, number: str) -> str:
        """A word by its table and number. Raises BrokenList for a number that the tables have not got."""
        if not number:
            return ""
        try:
            return self.words[table, number]
        except KeyError:
            raise BrokenList(f"{table} {number[:20]} is not in the tables") from None


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries once the file is read."""
    file = _File()
    for name, element in records(stream, ROOTS, _WORDS | _SECTIONS | {"SanctionsType"}, limits):
        if name == "DateOfIssue":
            told.published = _date(element)
        elif name not in ROOTS:
            _take(file, name, element)
        if len(file.parties) > limits.entries:
            raise HostileList(f"More than {limits.entries} parties")
    unknown = sorted(set(file.entries) - set(file.parties))
    if unknown:
        raise BrokenList(f"{len(unknown)} entries name parties that are not there")
    _relate(file)
    while file.parties:
        key = next(iter(file.parties))
        yield _listed(file, file.parties.pop(key), code)


def _take(file: _File, name: str, element: Element) -> None:
    number = attribute(element, "ID")
    match name:
        case "Location":
            file.places[number] = _place(file, element)
        case "IDRegDocument":
            row = (
                attribute(element, "IDRegDocTypeID"),
                text(element, "IDRegistrationNo"),
                attribute(element, "IssuedBy-CountryID"),
            )
            file.documents.setdefault(attribute(element, "IdentityID"), []).append(row)
        case "DistinctParty":
            found = party(element)
            if found.key in file.parties:
                raise BrokenList(f"Party {found.key[:20]} is there twice")
            file.parties[found.key] = found
        case "ProfileRelationship":
            ends = (attribute(element, "From-ProfileID"), attribute(element, "To-ProfileID"))
            file.relations.append((*ends, attribute(element, "RelationTypeID"), attribute(element, "Former") == "true"))
        case "SanctionsEntry":
            file.entries.setdefault(attribute(element, "ProfileID"), []).extend(_reasons(file, element))
        case _:
            file.words[name, number] = " ".join((element.text or "").split())
            if name == "PartySubType":
                file.kinds_of[number] = attribute(element, "PartyTypeID")


def _place(file: _File, element: Element) -> Place:
    parts = [said for part in every(element, "LocationPart") for said in texts(part, "LocationPartValue/Value")[:1]]
    country = next((attribute(one, "CountryID") for one in every(element, "LocationCountry")), "")
    return Place(tuple(parts), file.word("Country", country))


def _reasons(file: _File, element: Element) -> Iterator[tuple[str, datetime | None]]:
    day = next((_date(one) for one in every(element, "EntryEvent/Date")), None)
    told = False
    for one in every(element, "SanctionsMeasure"):
        if file.word("SanctionsType", attribute(one, "SanctionsTypeID")) in (_PROGRAMME, "") and text(one, "Comment"):
            told = True
            yield text(one, "Comment"), day
    if not told:
        yield "", day


def _date(element: Element) -> datetime | None:
    year, month, day = (whole_number(text(element, part)) for part in ("Year", "Month", "Day"))
    if year is None or month is None or day is None:
        return None
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        raise BrokenList("A date that is none") from None


def _relate(file: _File) -> None:
    """Ownership and control to owners, other ties to remarks. `From` is whom the words are about: `From` owned by `To`."""
    for subject, other, number, former in file.relations:
        words = file.word("RelationType", number)
        folded = words.casefold()
        of, owner = (other, subject) if folded.startswith(("owns", "controls")) else (subject, other)
        if ("owned" in folded or "controlled" in folded or folded.startswith(("owns", "controls"))) and not former:
            if of in file.parties:
                file.parties[of].owners.append(Owner(owner, None, True))
        elif subject in file.parties:
            name = file.parties[other].called if other in file.parties else other
            file.parties[subject].ties.append(f"{'Formerly ' if former else ''}{words} {name}")


def _listed(file: _File, one: Party, code: str) -> Listed:
    sub = file.word("PartySubType", one.sub_kind)
    draft = Draft(one.key, shown_kind(sub, file.word("PartyType", file.kinds_of.get(one.sub_kind, ""))))
    for alias in one.aliases:
        label = file.word("AliasType", alias.kind)
        kind = NameKind.PRIMARY if alias.primary else ALIASES.get(label.casefold(), NameKind.ALIAS)
        name, given, family = alias.told(lambda number: file.word("NamePartType", number))
        draft.name(name, kind, weak=alias.weak, given=given, family=family)
    for identity in one.identities:
        for document, number, country in file.documents.get(identity, ()):
            keep(draft, file.word("IDRegDocType", document), number, country=file.word("Country", country))
    for found in one.features:
        detail = found.text or file.word("DetailReference", found.reference)
        feature(draft, file.word("FeatureType", found.kind), detail, found, file.places)
    for programme, day in file.entries.get(one.key, ()):
        draft.programme(programme)
        if day is not None and (draft.listed_on is None or day.date() < draft.listed_on):
            draft.listed_on = day.date()
    for measure in measures(code, tuple(draft.programmes)):
        draft.measure(measure)
    for owner in one.owners:
        draft.owners[owner] = None
    for tie in one.ties:
        draft.remark("Tie", tie)
    draft.remark("", one.comment)
    return draft.done(code)
