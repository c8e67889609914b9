"""United States: the Consolidated Screening List of the International Trade Administration as CSV.

It holds the lists of three departments. `source` says which: that becomes the first programme of an entry, and what follows
from it its measures. An entry of OFAC may be on several lists under one number, so that the list is part of the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told, day
from engine.screening.lists.identifiers import keep
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.ofac_xml import KINDS
from engine.screening.lists.tables import Row, lines, table
from engine.screening.model import EntityKind, Listed, NameKind

_WANTED: Final = ("_id", "source", "type", "name", "alt_names", "ids")
_CODE: Final = re.compile(r"\(([A-Z-]{2,8})(?: List)?\)")
_MEASURES: Final = {
    "SDN": "asset_freeze",
    "SSI": "sectoral",
    "CMIC": "investment_ban",
    "CAP": "other:correspondent accounts",
    "NS-MBS": "other:menu-based sanctions",
    "FSE": "other:transactions of foreign sanctions evaders",
    "PLC": "other:transactions with members of the Palestinian Legislative Council",
    "EL": "export_control",
    "DPL": "export_control",
    "UVL": "export_control",
    "MEU": "export_control",
    "DTC": "export_control",
    "ISN": "export_control",
}
_OF_TREASURY: Final = frozenset({"SDN", "SSI", "CMIC", "CAP", "NS-MBS", "FSE", "PLC"})
_REMARKS: Final = {
    "source": "List", "title": "Title", "remarks": "", "federal_register_notice": "Federal Register", "end_date": "Until",
    "standard_order": "Standard order", "license_requirement": "Licence requirement", "license_policy": "Licence policy",
    "vessel_type": "Vessel type", "vessel_owner": "Vessel owner", "gross_tonnage": "Gross tonnage",
    "gross_registered_tonnage": "Gross registered tonnage",
}  # fmt: skip
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries as they come. The file says neither when it was made nor how many it holds."""
    met: dict[str, int] = {}
    for row in table(lines(stream, limits), _WANTED):
        sub = _sub_list(row["source"])
        key = f"{sub}:{row['_id']}" if row["_id"] else ""
        met[key] = met.get(key, 0) + 1
        # The publisher gives one number to two rows of the same list now and then.
        yield _entry(row, key if met[key] == 1 else f"{key}~{met[key]}", sub).done(code)


def _sub_list(source: str) -> str:
    found = _CODE.search(source)
    return found[1] if found else " ".join(source.split())


def _entry(row: Row, key: str, sub: str) -> Draft:
    draft = Draft(key, KINDS.get(row["type"].casefold(), EntityKind.UNKNOWN))
    draft.programme(sub)
    for programme in row.get("programs", "").split(";"):
        draft.programme(programme)
    draft.measure(_MEASURES.get(sub, f"other:{sub}"))
    draft.reference = row.get("entity_number") or None
    draft.listed_on = day(row.get("start_date", ""))
    _names(draft, row, reversed_names=sub in _OF_TREASURY)
    for column, label in _REMARKS.items():
        draft.remark(label, row.get(column, ""))
    for column in ("citizenships", "nationalities"):
        for said in _parts(row.get(column, "")):
            draft.nationality(said)
    for said in _parts(row.get("dates_of_birth", "")):
        draft.birth(said)
    for said in _parts(row.get("places_of_birth", "")):
        draft.birth_place(said)
    for said in _parts(row.get("addresses", "")):
        _address(draft, said)
    draft.identifier("call_sign", row.get("call_sign", ""), detail="Call sign")
    draft.country(row.get("vessel_flag", ""), "Vessel flag")
    for said in _parts(row["ids"]):
        _identifier(draft, said)
    return draft


def _parts(said: str) -> list[str]:
    return [text.removeprefix("and ") for part in said.split("; ") if (text := part.strip())]


def _names(draft: Draft, row: Row, *, reversed_names: bool) -> None:
    """OFAC writes persons as `FAMILY, Given`; the other lists write everybody as they are called."""
    turned = reversed_names and draft.kind is EntityKind.PERSON
    for place, said in enumerate([row["name"], *_parts(row["alt_names"])]):
        kind = NameKind.ALIAS if place else NameKind.PRIMARY
        family, comma, given = said.partition(", ")
        if turned and comma:
            draft.parted(given, family, kind)
        else:
            draft.name(said, kind)


def _address(draft: Draft, said: str) -> None:
    rest, comma, last = said.rpartition(", ")
    if _COUNTRY.fullmatch(last):
        draft.address(rest, country=last)
    elif comma or not _COUNTRY.fullmatch(said):
        draft.address(said)


def _identifier(draft: Draft, said: str) -> None:
    """`JO, 2014-08-30, 2009-08-31, K475336, Passport`: country, days, number, kind; the kind alone is always there."""
    value, comma, label = said.rpartition(", ")
    if not comma:
        draft.remark("Identifier", said)
        return
    parts = value.split(", ")
    country = parts.pop(0) if len(parts) > 1 and _COUNTRY.fullmatch(parts[0]) else ""
    while len(parts) > 1 and _DAY.fullmatch(parts[0]):
        parts.pop(0)
    keep(draft, label, ", ".join(parts), country=country)
