"""OFAC: SDN.XML and CONSOLIDATED.XML, of 2024 and later and in the older namespace (`http://tempuri.org/sdnList.xsd`).

31 CFR chapter V. `lastName` holds the whole name of what is no person. A weak a.k.a. is one that OFAC itself says may raise
too many false hits (OFAC FAQ 122).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told
from engine.screening.lists.errors import BrokenList
from engine.screening.lists.identifiers import keep
from engine.screening.lists.limits import USUAL, Limits, whole_number
from engine.screening.lists.ofac_programmes import measures
from engine.screening.lists.xml import Element, every, records, text, texts
from engine.screening.model import EntityKind, Listed, NameKind

ROOTS: Final = frozenset({"sdnList"})
KINDS: Final = {
    "individual": EntityKind.PERSON,
    "entity": EntityKind.ORGANISATION,
    "vessel": EntityKind.VESSEL,
    "aircraft": EntityKind.AIRCRAFT,
}
ALIASES: Final = {"a.k.a.": NameKind.ALIAS, "f.k.a.": NameKind.FORMER, "n.k.a.": NameKind.NOW}


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries as they come."""
    for name, element in records(stream, ROOTS, frozenset({"publshInformation", "sdnEntry"}), limits):
        if name == "publshInformation":
            told.published, told.declared = _published(element), _declared(element)
        elif name == "sdnEntry":
            yield _entry(element, code)


def american_day(said: str) -> datetime | None:
    """`05/07/2024` is the seventh of May, at its beginning in UTC: no time is told, and the earlier is the safer."""
    try:
        return datetime.strptime(said, "%m/%d/%Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _published(element: Element) -> datetime | None:
    said = text(element, "Publish_Date")
    found = american_day(said)
    if said and found is None:
        raise BrokenList("Publish_Date is no date")
    return found


def _declared(element: Element) -> int | None:
    said = text(element, "Record_Count")
    found = whole_number(said)
    if said and found is None:
        raise BrokenList("Record_Count is no number")
    return found


def _entry(element: Element, code: str) -> Listed:
    kind = text(element, "sdnType")
    draft = Draft(text(element, "uid"), KINDS.get(kind.casefold(), EntityKind.UNKNOWN))
    _names(draft, element)
    for programme in texts(element, "programList/program"):
        draft.programme(programme)
    for measure in measures(code, tuple(draft.programmes)):
        draft.measure(measure)
    draft.remark("Title", text(element, "title"))
    draft.remark("", text(element, "remarks"))
    for one in every(element, "idList/id"):
        keep(draft, text(one, "idType"), text(one, "idNumber"), country=text(one, "idCountry"))
    _places(draft, element)
    for said in texts(element, "dateOfBirthList/dateOfBirthItem/dateOfBirth"):
        draft.birth(said)
    for said in texts(element, "placeOfBirthList/placeOfBirthItem/placeOfBirth"):
        draft.birth_place(said)
    _vessel(draft, element)
    return draft.done(code)


def _names(draft: Draft, element: Element) -> None:
    person = draft.kind is EntityKind.PERSON
    draft.parted(text(element, "firstName"), text(element, "lastName"), NameKind.PRIMARY, person=person)
    for one in every(element, "akaList/aka"):
        kind = ALIASES.get(text(one, "type").casefold(), NameKind.ALIAS)
        weak = text(one, "category").casefold() == "weak"
        draft.parted(text(one, "firstName"), text(one, "lastName"), kind, weak=weak, person=person)


def _places(draft: Draft, element: Element) -> None:
    for one in every(element, "addressList/address"):
        parts = [
            text(one, part) for part in ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode")
        ]
        draft.address(*parts, text(one, "region"), country=text(one, "country"))
    for path in ("nationalityList/nationality/country", "citizenshipList/citizenship/country"):
        for said in texts(element, path):
            draft.nationality(said)


def _vessel(draft: Draft, element: Element) -> None:
    for one in every(element, "vesselInfo"):
        draft.identifier("call_sign", text(one, "callSign"), detail="Call sign")
        draft.country(text(one, "vesselFlag"), "Vessel flag")
        draft.remark("Vessel type", text(one, "vesselType"))
        draft.remark("Vessel owner", text(one, "vesselOwner"))
        draft.remark("Tonnage", text(one, "tonnage"))
        draft.remark("Gross registered tonnage", text(one, "grossRegisteredTonnage"))
