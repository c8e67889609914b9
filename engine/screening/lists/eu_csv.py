"""European Union: the Financial Sanctions Files as CSV with semicolons, with the present columns and with those of before 2019.

A row holds one detail of an entry (a name, an address, a birth date, a number, a citizenship), or several side by side; the rows
of an entry need not stand together. In the old file whole rows may be wrapped in one pair of quotes with tabs at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told, day, primary_first
from engine.screening.lists.eu_xml import KINDS, birth, country_of, identification
from engine.screening.lists.grouped import Groups
from engine.screening.lists.identifiers import keep
from engine.screening.lists.instants import midnight
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.tables import Row, lines, table
from engine.screening.model import EntityKind, Listed

_PRESENT: Final = {
    "file": "fileGenerationDate", "key": "Entity_LogicalId", "reference": "Entity_EU_ReferenceNumber",
    "un": "Entity_UnitedNationId", "designated": "Entity_DesignationDate", "details": "Entity_DesignationDetails",
    "remark": "Entity_Remark", "kind": "Entity_SubjectType", "programme": "Entity_Regulation_Programme",
    "name_id": "NameAlias_LogicalId", "whole": "NameAlias_WholeName", "first": "NameAlias_FirstName",
    "middle": "NameAlias_MiddleName", "last": "NameAlias_LastName", "language": "NameAlias_NameLanguage",
    "gender": "NameAlias_Gender", "title": "NameAlias_Title", "function": "NameAlias_Function", "strong": "NameAlias_Strong",
    "street": "Address_Street", "place": "Address_Place", "po_box": "Address_PoBox", "zip": "Address_ZipCode",
    "city": "Address_City", "region": "Address_Region", "contact": "Address_ContactInfo",
    "address_country": "Address_CountryIso2Code", "address_words": "Address_CountryDescription",
    "birth_date": "BirthDate_BirthDate", "birth_day": "BirthDate_Day", "birth_month": "BirthDate_Month",
    "birth_year": "BirthDate_Year", "birth_first": "BirthDate_YearRangeFrom", "birth_last": "BirthDate_YearRangeTo",
    "birth_circa": "BirthDate_Circa", "birth_calendar": "BirthDate_CalendarType", "birth_place": "BirthDate_Place",
    "birth_city": "BirthDate_City", "birth_region": "BirthDate_Region", "birth_words": "BirthDate_CountryDescription",
    "number": "Identification_Number", "latin": "Identification_LatinNumber", "type": "Identification_TypeCode",
    "type_words": "Identification_TypeDescription", "number_country": "Identification_CountryIso2Code",
    "number_words": "Identification_CountryDescription", "number_remark": "Identification_Remark",
    "citizen": "Citizenship_CountryIso2Code", "citizen_words": "Citizenship_CountryDescription",
}  # fmt: skip
_OLD: Final = {
    "file": "Date_filexxxx", "key": "Entity_logical_id", "reference": "EU_ref_num", "kind": "Subject_type",
    "programme": "Programme", "remark": "Entity_remark", "name_id": "Naal_logical_id", "whole": "Naal_wholename",
    "first": "Naal_firstname", "middle": "Naal_middlename", "last": "Naal_lastname", "language": "Naal_language",
    "gender": "Naal_gender", "title": "Naal_title", "function": "Naal_function", "street": "Addr_street",
    "po_box": "Addr_number", "zip": "Addr_zipcode", "city": "Addr_city", "address_country": "Addr_country",
    "address_words": "Addr_other", "birth_date": "Birt_date", "birth_place": "Birt_place", "birth_words": "Birt_country",
    "number": "Iden_number", "number_country": "Iden_country", "citizen": "Citi_country",
}  # fmt: skip
_REQUIRED: Final = ("key", "kind", "whole", "programme")
_KIND_IN_NUMBER: Final = re.compile(r"(?P<number>.*?)\s*\((?P<type>\w+)-(?P<words>[^()]*)\)\s*(?P<rest>.*)", re.DOTALL)
_CONTACT: Final = re.compile(r"(PHONE|FAX|EMAIL|WEB)\s*[\[:=]\s*([^\]|]+)\]?", re.IGNORECASE)


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries once all rows are read."""
    source = (_unwrapped(line) for line in lines(stream, limits, western=True))
    first = next(source, "")
    old = "Entity_LogicalId" not in first
    columns = {field: name.casefold() for field, name in (_OLD if old else _PRESENT).items()}
    wanted = [(_OLD if old else _PRESENT)[field] for field in _REQUIRED]
    groups = Groups(limits)
    for row in table(_again(first, source), wanted, delimiter=";"):
        said = _Said(row, columns)
        told.published = told.published or midnight(said["file"])
        draft = groups.draft(said["key"], KINDS.get(said["kind"].casefold(), EntityKind.UNKNOWN))
        _entry(draft, said)
        _name(draft, said, groups)
        _details(draft, said, old=old)
    for draft in groups:
        draft.names = primary_first(draft.names)
        draft.identifiers = list(dict.fromkeys(draft.identifiers))
        yield draft.done(code)


class _Said:
    """A row by the names of fields; a column that this file has not got is empty."""

    __slots__ = ("_columns", "_row")

    def __init__(self, row: Row, columns: Mapping[str, str]) -> None:
        self._row, self._columns = row, columns

    def __getitem__(self, field: str) -> str:
        return self._row.get(self._columns.get(field, ""), "")


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _unwrapped(line: str) -> str:
    """A row without the quotes around the whole of it; quotes inside were doubled by whoever put them there."""
    body = line.rstrip("\r\n")
    if len(body) < 2 or body[0] != '"' or body[-1] != '"' or '";"' in body:
        return line
    inner = body[1:-1].rstrip("\t")
    return inner.replace('""', '"') + "\n" if ";" in inner else line


def _entry(draft: Draft, said: _Said) -> None:
    draft.reference = draft.reference or said["reference"] or None
    draft.listed_on = draft.listed_on or day(said["designated"])
    draft.measure("asset_freeze")
    draft.programme(said["programme"])
    draft.remark("UN reference", said["un"])
    draft.remark("Designation", said["details"])
    draft.remark("", said["remark"])


def _name(draft: Draft, said: _Said, groups: Groups) -> None:
    given = " ".join(part for part in (said["first"], said["middle"]) if part)
    whole = said["whole"] or f"{given} {said['last']}".strip()
    if whole and groups.new(draft, said["name_id"] or whole):
        weak = said["strong"].casefold() == "false"
        draft.name(whole, weak=weak, language=said["language"], given=given, family=said["last"] if given else "")
    draft.gender(said["gender"])
    draft.remark("Title", said["title"])
    draft.remark("Function", said["function"])


def _details(draft: Draft, said: _Said, *, old: bool) -> None:
    country = said["address_words"] if said["address_words"] and not old else country_of(said["address_country"], "")
    draft.address(
        *(said[part] for part in ("street", "place", "po_box", "zip", "city", "region")), country=_known(country)
    )
    if old:
        draft.remark("Address", said["address_words"])
    for key, value in _CONTACT.findall(said["contact"]):
        keep(draft, key, value)
    if said["contact"] and not _CONTACT.search(said["contact"]):
        draft.remark("Contact", said["contact"])
    parts = ("date", "day", "month", "year", "first", "last", "circa", "calendar")
    told = {part: said[f"birth_{part}"] for part in parts}
    told["date"] = "" if told["date"] == "N/A" else told["date"]
    birth(draft, told)
    draft.birth_place(said["birth_place"], said["birth_city"], said["birth_region"], _known(said["birth_words"]))
    draft.nationality(_known(said["citizen"] if said["citizen"] != "00" else ""))
    _number(draft, said)


def _known(country: str) -> str:
    return "" if country.casefold() in ("00", "unknown", "n/a") else country


def _number(draft: Draft, said: _Said) -> None:
    number, code, words = said["number"], said["type"], said["type_words"]
    country = "" if said["number_country"] == "00" else said["number_country"]
    inside = _KIND_IN_NUMBER.fullmatch(number) if not code else None
    if inside:
        number, code, words = inside["number"], inside["type"], inside["words"]
        rest = inside["rest"].strip("() ")
        draft.remark(words, rest if rest.casefold() != code.casefold() else "")
    for value in dict.fromkeys((number, said["latin"])):
        if value:
            identification(draft, code, words, value, country)
    draft.remark(words or "Identification", said["number_remark"])
