"""United Kingdom: the UK Sanctions List of the FCDO in XML, since 2026-01-28 the only list of designations under the Sanctions
and Anti-Money Laundering Act 2018. `SanctionsImposed` says what follows: not every entry is an asset freeze.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told, day, primary_first
from engine.screening.lists.identifiers import keep
from engine.screening.lists.instants import midnight
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.uk_measures import measures
from engine.screening.lists.uk_words import KINDS, is_weak, name_kind, numbers
from engine.screening.lists.xml import Element, every, records, text, texts
from engine.screening.model import EntityKind, Listed, NameKind

ROOTS: Final = frozenset({"Designations"})
_REMARKS: Final = {
    "Titles/Title": "Title",
    "IndividualDetails/Individual/Positions/Position": "Position",
    "EntityDetails/Entity/TypeOfEntities/TypeOfEntity": "Type",
    "EntityDetails/Entity/ParentCompanies/ParentCompany": "Parent company",
    "EntityDetails/Entity/Subsidiaries/Subsidiary": "Subsidiary",
    "ShipDetails/Ship/CurrentOwnerOperators/CurrentOwnerOperator": "Owner or operator",
    "ShipDetails/Ship/PreviousOwnerOperators/PreviousOwnerOperator": "Previous owner or operator",
    "ShipDetails/Ship/PreviousFlags/PreviousFlag": "Previous flag",
    "ShipDetails/Ship/TypeOfShipDetails/TypeOfShip": "Ship type",
    "ShipDetails/Ship/TonnageOfShipDetails/TonnageOfShip": "Tonnage",
    "ShipDetails/Ship/YearsBuilt/YearBuilt": "Built",
    "UKStatementofReasons": "Reasons",
    "OtherInformation": "",
    "UNReferenceNumber": "UN reference",
}

_CONTACTS: Final = {
    "PhoneNumbers/PhoneNumber": "phone",
    "EmailAddresses/EmailAddress": "email",
    "Websites/Website": "website",
}


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries as they come."""
    for name, element in records(stream, ROOTS, frozenset({"DateGenerated", "Designation"}), limits):
        if name == "DateGenerated":
            told.published = midnight(" ".join((element.text or "").split()))
        elif name == "Designation":
            yield _entry(element, code)


def _entry(element: Element, code: str) -> Listed:
    draft = Draft(
        text(element, "UniqueID"), KINDS.get(text(element, "IndividualEntityShip").casefold(), EntityKind.UNKNOWN)
    )
    draft.reference = text(element, "OFSIGroupID") or None
    draft.listed_on = day(text(element, "DateDesignated"))
    draft.programme(text(element, "RegimeName"))
    for measure in measures(text(element, "SanctionsImposed")):
        draft.measure(measure)
    _names(draft, element)
    for path, label in _REMARKS.items():
        for said in texts(element, path):
            draft.remark(label, said)
    for one in every(element, "Addresses/Address"):
        lines = [text(one, f"AddressLine{number}") for number in range(1, 7)]
        draft.address(*lines, text(one, "AddressPostalCode"), country=text(one, "AddressCountry"))
    for path, kind in _CONTACTS.items():
        for said in texts(element, path):
            draft.identifier(kind, said)
    for one in every(element, "IndividualDetails/Individual"):
        _person(draft, one)
    _firm_or_ship(draft, element)
    return draft.done(code)


def _names(draft: Draft, element: Element) -> None:
    person = draft.kind is EntityKind.PERSON
    for one in every(element, "Names/Name"):
        given = " ".join(said for number in range(1, 6) if (said := text(one, f"Name{number}")))
        kind = name_kind(text(one, "NameType"))
        weak = is_weak(text(one, "AliasStrength"))
        draft.parted(given, text(one, "Name6"), kind, weak=weak, person=person)
    draft.names = primary_first(draft.names)
    for one in every(element, "NonLatinNames/NonLatinName"):
        draft.name(text(one, "NameNonLatinScript"), NameKind.ORIGINAL)
        draft.remark("Language of the name", text(one, "NonLatinScriptLanguage"))


def _person(draft: Draft, one: Element) -> None:
    for said in texts(one, "DOBs/DOB"):
        draft.birth(said)
    for place in every(one, "BirthDetails/Location"):
        draft.birth_place(text(place, "TownOfBirth"), text(place, "CountryOfBirth"))
    for said in texts(one, "Genders/Gender"):
        draft.gender(said)
    for said in texts(one, "Nationalities/Nationality"):
        draft.nationality(said)
    for path, kind, number in (
        ("PassportDetails/Passport", "passport", "Passport"),
        ("NationalIdentifierDetails/NationalIdentifier", "national_id", "NationalIdentifier"),
    ):
        for document in every(one, path):
            numbers(draft, kind, text(document, f"{number}Number"), text(document, f"{number}AdditionalInformation"))


def _firm_or_ship(draft: Draft, element: Element) -> None:
    for said in texts(element, "EntityDetails/Entity/BusinessRegistrationNumbers/BusinessRegistrationNumber"):
        numbers(draft, "registration", said, "")
    for said in texts(element, "ShipDetails/Ship/IMONumbers/IMONumber"):
        keep(draft, "IMO", said)
    for said in texts(element, "ShipDetails/Ship/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip"):
        draft.country(said, "Flag")
    for said in texts(element, "ShipDetails/Ship/HullIdentificationNumbers/HullIdentificationNumber"):
        draft.identifier("other", said, detail="Hull identification number")
