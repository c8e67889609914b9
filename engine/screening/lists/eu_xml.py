"""European Union: the Commission's Financial Sanctions Files, XML 1.1 (`http://eu.europa.ec/fpi/fsd/export`).

`logicalId` is the stable key, `euReferenceNumber` the public reference. Whoever is in the file has funds and economic
resources frozen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from engine.screening.lists.births import born, born_between, born_on
from engine.screening.lists.draft import Draft, Told, day, primary_first
from engine.screening.lists.identifiers import keep, kind_of, plain
from engine.screening.lists.instants import instant
from engine.screening.lists.limits import USUAL, Limits, whole_number
from engine.screening.lists.xml import Element, attribute, every, records, texts
from engine.screening.model import Born, EntityKind, Listed

ROOTS: Final = frozenset({"export"})
KINDS: Final = {
    "person": EntityKind.PERSON,
    "p": EntityKind.PERSON,
    "enterprise": EntityKind.ORGANISATION,
    "e": EntityKind.ORGANISATION,
}
NO_COUNTRY: Final = frozenset({"", "00"})
"""What the file puts where it knows none."""
DOUBTS: Final = {
    "knownFalse": "known to be false",
    "reportedLost": "reported lost",
    "revokedByIssuer": "revoked by the issuer",
    "knownExpired": "known to have expired",
    "diplomatic": "diplomatic",
}


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries as they come."""
    met: set[str] = set()
    for name, element in records(stream, ROOTS, frozenset({"sanctionEntity"}), limits):
        if name in ROOTS:
            told.published = instant(attribute(element, "generationDate"))
            continue
        draft = _entry(element)
        if draft.key in met:
            # Whoever is listed under two regulations stands there twice under one number.
            draft.key = "/".join((draft.key, *draft.programmes))
        met.add(draft.key)
        yield draft.done(code)


def when(said: dict[str, str]) -> Born | None:
    """A birth date from the fields of the Commission's files. A whole date is Gregorian, whatever calendar its parts are of; a
    year of another calendar cannot be told here: the file does not say whether the sun or the moon counts it.
    """
    circa = said["circa"].casefold() == "true"
    exact = born(said["date"]) if said["date"] else None
    if exact is not None:
        return Born(exact.earliest, exact.latest, circa or exact.circa)
    if said["calendar"].upper() not in ("", "GREGORIAN"):
        return None
    year, month, on, first, last = (whole_number(said[part]) for part in ("year", "month", "day", "first", "last"))
    if year is not None:
        return born_on(year, month, on if month else None, circa=circa)
    return None if first is None or last is None else born_between(first, last, circa=circa)


def _entry(element: Element) -> Draft:
    subject = next(iter(every(element, "subjectType")), None)
    kind = "" if subject is None else attribute(subject, "code")
    draft = Draft(attribute(element, "logicalId"), KINDS.get(kind.casefold(), EntityKind.UNKNOWN))
    draft.reference = attribute(element, "euReferenceNumber") or None
    draft.listed_on = day(attribute(element, "designationDate"))
    draft.measure("asset_freeze")
    draft.remark("UN reference", attribute(element, "unitedNationId"))
    draft.remark("Designation", attribute(element, "designationDetails"))
    for said in texts(element, "remark"):
        draft.remark("", said)
    for one in every(element, "regulation"):
        draft.programme(attribute(one, "programme"))
    for one in every(element, "nameAlias"):
        _name(draft, one)
    draft.names = primary_first(draft.names)
    for one in every(element, "citizenship"):
        draft.nationality(country_of(attribute(one, "countryIso2Code"), attribute(one, "countryDescription")))
    for one in every(element, "birthdate"):
        _birth(draft, one)
    for one in every(element, "address"):
        _address(draft, one)
    for one in every(element, "identification"):
        _identification(draft, one)
    return draft


def country_of(code: str, description: str) -> str:
    """The country in its code, or in words where the code is none; nothing where the file knows none."""
    return "" if code in NO_COUNTRY else code if len(code) == 2 and code not in ("CS", "YU") else description


def _name(draft: Draft, one: Element) -> None:
    first, middle, last = (attribute(one, f"{part}Name") for part in ("first", "middle", "last"))
    given = " ".join(part for part in (first, middle) if part)
    whole = attribute(one, "wholeName") or f"{given} {last}"
    weak = attribute(one, "strong").casefold() == "false"
    draft.name(whole, weak=weak, language=attribute(one, "nameLanguage"), given=given, family=last if given else "")
    draft.gender(attribute(one, "gender"))
    draft.remark("Title", attribute(one, "title"))
    draft.remark("Function", attribute(one, "function"))


def _birth(draft: Draft, one: Element) -> None:
    names = {
        "date": "birthdate", "year": "year", "month": "monthOfYear", "day": "dayOfMonth", "first": "yearRangeFrom",
        "last": "yearRangeTo", "circa": "circa", "calendar": "calendarType",
    }  # fmt: skip
    birth(draft, {field: attribute(one, name) for field, name in names.items()})
    parts = [attribute(one, part) for part in ("place", "city", "region", "zipCode")]
    draft.birth_place(*parts, _words(one))


def birth(draft: Draft, said: dict[str, str]) -> None:
    """Keep a birth date, or its words."""
    found = when(said)
    told = [said[part] for part in ("date", "first", "last", "year", "month", "day") if said[part]]
    if found is not None:
        draft.birth("", found)
    elif told:
        calendar = said["calendar"].casefold()
        draft.remark("Born", f"{' '.join(told)} ({calendar})" if calendar not in ("", "gregorian") else " ".join(told))


def _address(draft: Draft, one: Element) -> None:
    parts = [attribute(one, part) for part in ("street", "place", "poBox", "zipCode", "city", "region")]
    country = country_of(attribute(one, "countryIso2Code"), attribute(one, "countryDescription"))
    draft.address(*parts, country=_words(one) if len(country) == 2 else country)
    for contact in every(one, "contactInfo"):
        for value in attribute(contact, "value").split(";"):
            keep(draft, attribute(contact, "key"), value)


def _words(one: Element) -> str:
    """A country as people read it."""
    return "" if attribute(one, "countryIso2Code") in NO_COUNTRY else attribute(one, "countryDescription").title()


def _identification(draft: Draft, one: Element) -> None:
    code, label = attribute(one, "identificationTypeCode"), attribute(one, "identificationTypeDescription")
    country = country_of(attribute(one, "countryIso2Code"), attribute(one, "countryDescription"))
    for said in dict.fromkeys((attribute(one, "number"), attribute(one, "latinNumber"))):
        identification(draft, code, label, said, country)
        for doubt, words in DOUBTS.items():
            if said and attribute(one, doubt) == "true":
                draft.remark(f"{label} {said}", words)
    draft.remark("Name on document", attribute(one, "nameOnDocument"))
    for remark in texts(one, "remark"):
        draft.remark(label or "Identification", remark)


def identification(draft: Draft, code: str, label: str, said: str, country: str) -> None:
    """A number by the Commission's code of its kind, or else by its words."""
    kind = kind_of(code)
    if kind == "other" and code != "other":
        kind = kind_of(label)
    draft.identifier(kind, plain(kind, said), country_text=country, detail=label or code)
