"""United Kingdom: the UK Sanctions List of the FCDO as CSV. One entry spans many rows: one for each name, birth date, passport
...
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told, day, primary_first
from engine.screening.lists.grouped import Groups
from engine.screening.lists.identifiers import keep
from engine.screening.lists.instants import midnight
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.tables import Row, lines, table
from engine.screening.lists.uk_measures import measures
from engine.screening.lists.uk_words import KINDS, is_weak, name_kind, numbers
from engine.screening.model import EntityKind, Listed, NameKind

_WANTED: Final = ("Unique ID", "Name 6", "Name type", "Regime Name", "Sanctions Imposed")
_REMARKS: Final = {
    "title": "Title", "position": "Position", "type of entity": "Type", "parent company": "Parent company",
    "subsidiaries": "Subsidiaries", "current owner/operator (s)": "Owner or operator",
    "previous owner/operator (s)": "Previous owner or operator", "previous flags": "Previous flag",
    "type of ship": "Ship type", "tonnage of ship": "Tonnage", "year built": "Built", "uk statement of reasons": "Reasons",
    "other information": "", "un reference number": "UN reference",
}  # fmt: skip


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries once all rows are read."""
    source = _headed(lines(stream, limits), told)
    groups = Groups(limits)
    for row in table(source, _WANTED):
        kind = row.get("designation type") or row.get("individual, entity, ship", "")
        draft = groups.draft(row["unique id"], KINDS.get(kind.casefold(), EntityKind.UNKNOWN))
        if groups.new(draft, "entry"):
            _entry(draft, row)
        _names(draft, row, groups)
        _details(draft, row, groups)
    for draft in groups:
        draft.names = primary_first(draft.names)
        yield draft.done(code)


def _headed(source: Iterator[str], told: Told) -> Iterator[str]:
    """The lines from the names of columns on; `Report Date: 02-Feb-2026` may stand before them."""
    first = next(source, "")
    if first.casefold().startswith("report date"):
        told.published = midnight(first.partition(":")[2].strip(' ",\r\n').replace("-", " "))
    elif first:
        yield first
    yield from source


def _entry(draft: Draft, row: Row) -> None:
    draft.reference = row.get("ofsi group id") or None
    draft.listed_on = day(row.get("date designated", ""))
    draft.programme(row["regime name"])
    for measure in measures(row["sanctions imposed"]):
        draft.measure(measure)


def _names(draft: Draft, row: Row, groups: Groups) -> None:
    given = " ".join(said for number in range(1, 6) if (said := row.get(f"name {number}", "")))
    kind, weak = name_kind(row["name type"]), is_weak(row.get("alias strength", ""))
    if groups.new(draft, f"name {given} {row['name 6']} {kind}"):
        draft.parted(given, row["name 6"], kind, weak=weak, person=draft.kind is EntityKind.PERSON)
    original = row.get("name non-latin script", "")
    if groups.new(draft, f"original {original}"):
        draft.name(original, NameKind.ORIGINAL)


def _details(draft: Draft, row: Row, groups: Groups) -> None:
    for column, label in _REMARKS.items():
        draft.remark(label, row.get(column, ""))
    draft.address(
        *(row.get(f"address line {number}", "") for number in range(1, 7)),
        row.get("address postal code", ""),
        country=row.get("address country", ""),
    )
    if row.get("d.o.b"):
        draft.birth(row["d.o.b"])
    draft.birth_place(row.get("town of birth", ""), row.get("country of birth", ""))
    draft.gender(row.get("gender", ""))
    draft.nationality(row.get("nationality(/ies)", ""))
    draft.country(row.get("current believed flag of ship", ""), "Flag")
    if groups.new(draft, f"imo {row.get('imo number', '')}"):
        keep(draft, "IMO", row.get("imo number", ""))
    for column, more, kind in (
        ("passport number", "passport additional information", "passport"),
        ("national identifier number", "national identifier additional information", "national_id"),
        ("business registration number (s)", "", "registration"),
    ):
        said = row.get(column, "")
        if said and groups.new(draft, f"{kind} {said}"):
            numbers(draft, kind, said, row.get(more, ""))
    for column, kind in (("phone number", "phone"), ("email address", "email"), ("website", "website")):
        said = row.get(column, "")
        if said and groups.new(draft, f"{kind} {said}"):
            draft.identifier(kind, said)
