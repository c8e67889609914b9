"""United Kingdom: HM Treasury's consolidated list of financial sanctions targets (ConList.csv), frozen on 2026-01-28.

The first line is `Last Updated,dd/mm/yyyy`. One target spans many rows, one for each name and birth date; its primary name
need not come first. The file is in Windows-1252.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told, day, primary_first
from engine.screening.lists.errors import EmptyList, UnknownFormat
from engine.screening.lists.grouped import Groups
from engine.screening.lists.instants import midnight
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.tables import Row, lines, table
from engine.screening.lists.uk_words import KINDS, is_weak, name_kind, numbers
from engine.screening.model import EntityKind, Listed, NameKind

_WANTED: Final = ("Name 6", "Group Type", "Alias Type", "Regime", "Group ID")
_REMARKS: Final = {"title": "Title", "position": "Position", "other information": ""}


def read(stream: BinaryIO, code: str, told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries once all rows are read."""
    source = lines(stream, limits, western=True)
    told.published = midnight(_stamp(next(source, "")))
    groups = Groups(limits)
    for row in table(source, _WANTED):
        draft = groups.draft(row["group id"], KINDS.get(row["group type"].casefold(), EntityKind.UNKNOWN))
        _names(draft, row, groups)
        _details(draft, row, groups)
    for draft in groups:
        draft.names = primary_first(draft.names)
        yield draft.done(code)


def _stamp(line: str) -> str:
    if not line:
        raise EmptyList("The file is empty")
    label, _, said = line.partition(",")
    if label.strip().casefold() != "last updated":
        raise UnknownFormat("The first line is not `Last Updated,dd/mm/yyyy`")
    return said.strip(' ",\r\n')


def _names(draft: Draft, row: Row, groups: Groups) -> None:
    given = " ".join(said for number in range(1, 6) if (said := row.get(f"name {number}", "")))
    kind, weak = name_kind(row["alias type"]), is_weak(row.get("alias quality", ""))
    if groups.new(draft, f"name {given} {row['name 6']} {kind}"):
        draft.parted(given, row["name 6"], kind, weak=weak, person=draft.kind is EntityKind.PERSON)
    original = row.get("name non-latin script", "")
    if groups.new(draft, f"original {original}"):
        draft.name(original, NameKind.ORIGINAL)


def _details(draft: Draft, row: Row, groups: Groups) -> None:
    draft.listed_on = draft.listed_on or day(row.get("listed on", ""))
    draft.programme(row["regime"])
    draft.measure("asset_freeze")
    for column, label in _REMARKS.items():
        draft.remark(label, row.get(column, ""))
    if row.get("dob"):
        draft.birth(row["dob"])
    draft.birth_place(row.get("town of birth", ""), row.get("country of birth", ""))
    draft.nationality(row.get("nationality", ""))
    draft.address(
        *(row.get(f"address {number}", "") for number in range(1, 7)),
        row.get("post/zip code", ""),
        country=row.get("country", ""),
    )
    for column, more, kind in (
        ("passport number", "passport details", "passport"),
        ("national identification number", "national identification details", "national_id"),
        ("ni number", "", "national_id"),
    ):
        said = row.get(column, "") or (row.get(more, "") if column not in row else "")
        if said and groups.new(draft, f"{kind} {said}"):
            numbers(draft, kind, said, row.get(more, "") if column in row else "")
