"""OpenSanctions: `targets.simple.csv`, one row an entry. Its data is free for non-commercial use only; nothing of it comes
with Lexgate.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told, day
from engine.screening.lists.errors import BrokenList
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.tables import Row, lines, table
from engine.screening.model import EntityKind, Listed, NameKind

KINDS: Final = {
    "Person": EntityKind.PERSON,
    "Company": EntityKind.ORGANISATION,
    "Organization": EntityKind.ORGANISATION,
    "PublicBody": EntityKind.ORGANISATION,
    "Vessel": EntityKind.VESSEL,
    "Airplane": EntityKind.AIRCRAFT,
}
"""A LegalEntity may be a person or a firm, and a Security or a CryptoWallet is neither: of unknown kind, they match any."""
_WANTED: Final = ("id", "schema", "name", "aliases", "birth_date", "countries", "identifiers")


def read(stream: BinaryIO, code: str, _told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries as they come."""
    for row in table(lines(stream, limits), _WANTED):
        yield _entry(row).done(code)


def _entry(row: Row) -> Draft:
    draft = Draft(row["id"], KINDS.get(row["schema"], EntityKind.UNKNOWN))
    draft.name(row["name"], NameKind.PRIMARY, weak=row["schema"] == "CryptoWallet")
    for said in _several(row["aliases"]):
        draft.name(said)
    for said in _several(row["birth_date"]):
        draft.birth(said)
    for said in _several(row["countries"]):
        draft.country(said)
    for said in _several(row.get("addresses", "")):
        draft.address(said)
    for said in _several(row["identifiers"]):
        draft.identifier("crypto" if row["schema"] == "CryptoWallet" else "other", said)
    for column, kind in (("phones", "phone"), ("emails", "email")):
        for said in _several(row.get(column, "")):
            draft.identifier(kind, said)
    for said in _several(row.get("program_ids", "")):
        draft.programme(said)
    sanctions = _several(row.get("sanctions", ""))
    for said in sanctions:
        draft.remark("Sanction", said)
    draft.measure("other:sanctions" if sanctions else "other:not told")
    draft.remark("Schema", row["schema"] if draft.kind is EntityKind.UNKNOWN else "")
    draft.remark("Dataset", row.get("dataset", ""))
    draft.listed_on = day(row.get("first_seen", "")[:10])
    return draft


def _several(cell: str) -> list[str]:
    """`a;b;"c;d"`: a list in a cell."""
    if ";" not in cell:
        return [cell] if cell else []
    try:
        (found,) = csv.reader([cell], delimiter=";", strict=True)
    except (csv.Error, ValueError):
        raise BrokenList("A cell that holds a list is not closed") from None
    return [said for part in found if (said := part.strip())]
