"""OFAC's flat files: four tables without a row of names (SDN.CSV, ADD.CSV, ALT.CSV and SDN_COMMENTS.CSV, or CONS_*.CSV),
joined by number.

`-0-` means nothing. Most of what is known of somebody stands in the remarks of the first table, in prose with semicolons,
and goes on in the fourth where it is longer than 1,000 characters. Weak a.k.a.s stand there too, in quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from engine.screening.lists.draft import Draft, Told
from engine.screening.lists.errors import BrokenList, EmptyList, HostileList, TruncatedList
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.ofac_programmes import measures
from engine.screening.lists.ofac_remarks import remark, turned_name
from engine.screening.lists.ofac_xml import ALIASES, KINDS
from engine.screening.lists.tables import lines, rows
from engine.screening.model import EntityKind, Listed, NameKind

PARTS: Final = ("names", "addresses", "aliases", "comments")
"""The four tables, in the order in which OFAC numbers them."""
_WIDTHS: Final = {"names": 12, "addresses": 6, "aliases": 5, "comments": 2}
_NOTHING: Final = "-0-"


def read(streams: Mapping[str, BinaryIO], code: str, _told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries. `streams` by the names in `PARTS`; all but the comments must be there: an alias that is left out is a hit
    missed.
    """
    missing = [part for part in PARTS[:3] if part not in streams]
    if missing:
        raise TruncatedList(f"The tables of {' and '.join(missing)} are missing")
    beside = {part: _by_number(part, streams.get(part), limits) for part in PARTS[1:]}
    empty = True
    for number, count in _counted(_rows("names", streams["names"], limits), limits):
        empty = False
        own = {part: table.pop(number[0], []) for part, table in beside.items()}
        yield _entry(number, own, code, count)
    if empty:
        raise EmptyList("The table of names is empty")
    for part, table in beside.items():
        if table:
            raise BrokenList(f"The table of {part} names {len(table)} entries that the table of names has not got")


def _rows(part: str, stream: BinaryIO, limits: Limits) -> Iterator[list[str]]:
    for cells in rows(lines(stream, limits, western=True), width=_WIDTHS[part]):
        yield ["" if cell == _NOTHING else cell for cell in cells]


def _counted(source: Iterator[list[str]], limits: Limits) -> Iterator[tuple[list[str], int]]:
    for count, cells in enumerate(source, 1):
        if count > limits.entries:
            raise HostileList(f"More than {limits.entries} entries")
        yield cells, count


def _by_number(part: str, stream: BinaryIO | None, limits: Limits) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    if stream is not None:
        for cells in _rows(part, stream, limits):
            found.setdefault(cells[0], []).append(cells[1:])
    return found


def _entry(cells: list[str], own: Mapping[str, list[list[str]]], code: str, count: int) -> Listed:
    number, name, kind, programmes, title, call_sign, vessel, tonnage, gross, flag, owner, remarks = cells
    if not number:
        raise BrokenList(f"Row {count} has no number")
    # Where no kind is told, OFAC means a firm or another body.
    draft = Draft(number, KINDS.get((kind or "entity").casefold(), EntityKind.UNKNOWN))
    turned_name(draft, name, NameKind.PRIMARY)
    for programme in programmes.split("] ["):
        draft.programme(programme.strip("[] "))
    for measure in measures(code, tuple(draft.programmes)):
        draft.measure(measure)
    for _, alias, said, note in own["aliases"]:
        turned_name(draft, said, ALIASES.get(f"{alias[:1]}.k.a.", NameKind.ALIAS))
        draft.remark("Alias", note)
    for _, street, city, country, note in own["addresses"]:
        draft.address(street, city, note, country=country)
    draft.remark("Title", title)
    draft.identifier("call_sign", call_sign, detail="Call sign")
    draft.country(flag, "Vessel flag")
    for label, said in (
        ("Vessel type", vessel),
        ("Tonnage", tonnage),
        ("Gross registered tonnage", gross),
        ("Vessel owner", owner),
    ):
        draft.remark(label, said)
    remark(draft, remarks + "".join(said for (said,) in own["comments"]))
    return draft.done(code)
