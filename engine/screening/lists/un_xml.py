"""UN Security Council: the consolidated list in XML. The reference number is the key: it is what resolutions and states quote.

The file does not say what follows from being listed; the freezing of assets does in every regime on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from engine.screening.lists.births import born_between, born_on
from engine.screening.lists.draft import Draft, Told, day
from engine.screening.lists.identifiers import keep
from engine.screening.lists.instants import instant
from engine.screening.lists.limits import USUAL, Limits, whole_number
from engine.screening.lists.xml import Element, attribute, every, records, text, texts
from engine.screening.model import Born, EntityKind, Listed, NameKind

ROOTS: Final = frozenset({"CONSOLIDATED_LIST"})
_KINDS: Final = {"INDIVIDUAL": EntityKind.PERSON, "ENTITY": EntityKind.ORGANISATION}
_QUALITIES: Final = {"f.k.a.": NameKind.FORMER, "n.k.a.": NameKind.NOW}


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries as they come."""
    for name, element in records(stream, ROOTS, frozenset(_KINDS), limits):
        if name in ROOTS:
            told.published = instant(attribute(element, "dateGenerated"))
        else:
            yield _entry(name, element, code)


def _entry(name: str, element: Element, code: str) -> Listed:
    draft = Draft(text(element, "REFERENCE_NUMBER"), _KINDS[name])
    _names(draft, element, name)
    draft.programme(text(element, "UN_LIST_TYPE"))
    draft.measure("asset_freeze")
    draft.listed_on = day(text(element, "LISTED_ON"))
    draft.gender(text(element, "GENDER"))
    for said in texts(element, "NATIONALITY/VALUE"):
        draft.nationality(said)
    for label, path in (("Title", "TITLE/VALUE"), ("Designation", "DESIGNATION/VALUE")):
        for said in texts(element, path):
            draft.remark(label, said)
    draft.remark("", text(element, "COMMENTS1"))
    for one in every(element, f"{name}_ADDRESS"):
        parts = [text(one, part) for part in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "NOTE")]
        draft.address(*parts, country=text(one, "COUNTRY"))
    for one in every(element, f"{name}_DATE_OF_BIRTH"):
        _birth(draft, one)
    for one in every(element, f"{name}_PLACE_OF_BIRTH"):
        draft.birth_place(*(text(one, part) for part in ("CITY", "STATE_PROVINCE", "COUNTRY", "NOTE")))
    for one in every(element, f"{name}_DOCUMENT"):
        _document(draft, one)
    return draft.done(code)


def _names(draft: Draft, element: Element, name: str) -> None:
    parts = [text(element, f"{place}_NAME") for place in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    said = [part for part in parts if part]
    draft.name(" ".join(said), NameKind.PRIMARY)
    draft.name(text(element, "NAME_ORIGINAL_SCRIPT"), NameKind.ORIGINAL)
    for one in every(element, f"{name}_ALIAS"):
        quality = text(one, "QUALITY").casefold()
        draft.name(text(one, "ALIAS_NAME"), _QUALITIES.get(quality, NameKind.ALIAS), weak=quality == "low")
        draft.birth(_but_null(text(one, "DATE_OF_BIRTH")))
        draft.birth_place(text(one, "CITY_OF_BIRTH"), text(one, "COUNTRY_OF_BIRTH"))
        draft.remark("Alias", text(one, "NOTE"))


def _but_null(said: str) -> str:
    """The file has the word where there is nothing."""
    return "" if said.casefold() == "null" else said


def _birth(draft: Draft, one: Element) -> None:
    note = text(one, "NOTE")
    found = _dated(one, circa=text(one, "TYPE_OF_DATE").casefold() == "approximately" or "approx" in note.casefold())
    if found is not None:
        draft.birth("", found)
        # "Sep." beside a year: the year holds, and the words are kept.
        draft.remark("Born", note if "approx" not in note.casefold() else "")
    else:
        draft.birth(note)


def _dated(one: Element, *, circa: bool) -> Born | None:
    first, last = whole_number(text(one, "FROM_YEAR")), whole_number(text(one, "TO_YEAR"))
    if first is not None and last is not None:
        return born_between(first, last, circa=circa)
    on = day(text(one, "DATE"))
    if on is not None:
        return Born(on, on, circa)
    year = whole_number(text(one, "YEAR"))
    return None if year is None else born_on(year, circa=circa)


def _document(draft: Draft, one: Element) -> None:
    label = " ".join(part for part in (text(one, "TYPE_OF_DOCUMENT"), text(one, "TYPE_OF_DOCUMENT2")) if part)
    issuer = text(one, "ISSUING_COUNTRY") or text(one, "COUNTRY_OF_ISSUE")
    keep(draft, label or "Document", text(one, "NUMBER"), country=issuer)
    draft.remark(label or "Document", text(one, "NOTE"))
