"""Places that come onto a list or leave it: the FATF's, the Union's high-risk countries, embargoes, decisions of adequacy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from engine.packs.model import Pack
from ingest.impact.direction import of_list
from ingest.impact.model import Action, Proposal
from ingest.impact.occasion import Occasion
from ingest.link.movements import Move, Movement, movements
from ingest.link.target import Link, TargetKind

_MARGIN: Final = 0.04
_BY_PUBLICATION: Final = "FATF-"
"""Lists that hold from the day on which they are made known; all others from the day that their instrument says."""
_DATE_UNTOLD: Final = "The day from which it holds is not told."


def list_proposals(occasion: Occasion) -> Iterator[Proposal]:
    """For each list that is meant, who comes and who goes."""
    lists = [link for link in occasion.links if link.target.kind is TargetKind.LIST]
    if not lists:
        return
    moved = movements(occasion.reading)
    best = lists[0]
    near = [one for one in lists[1:] if best.score - one.score < _MARGIN]
    for move in (Move.ADDED, Move.REMOVED):
        places = [one for one in moved if one.move is move]
        if places:
            yield _proposal(occasion, best, near, move, places)


def _proposal(occasion: Occasion, link: Link, near: list[Link], move: Move, moved: list[Movement]) -> Proposal:
    pack = occasion.release.packs[link.target.place]
    hindrances = list(occasion.hindrances)
    dated = occasion.day_of_list if pack.jurisdiction.startswith(_BY_PUBLICATION) else None
    day = occasion.effective or (dated[0] if dated else None)
    if dated is not None and _DATE_UNTOLD in hindrances:
        hindrances.remove(_DATE_UNTOLD)
    if near:
        hindrances.append(
            f"It may be any of several lists: {', '.join([link.target.place, *(one.target.place for one in near)])}."
        )
    places = tuple(dict.fromkeys(one.place for one in moved))
    hindrances.extend(_contradicted(pack, move, places, day or occasion.published))
    evidence = [occasion.evidence("list", one.span) for one in moved]
    if occasion.effective is None and dated is not None and dated[1] is not None:
        evidence.append(occasion.evidence("date", dated[1]))
    return occasion.proposal(
        Action.ADD if move is Move.ADDED else Action.REMOVE, link.target, old="", new="", unit="",
        direction=of_list(pack.jurisdiction, added=move is Move.ADDED), evidence=[*evidence, *occasion.told],
        hindrances=hindrances, places=places, effective=day,
    )  # fmt: skip


def _contradicted(pack: Pack, move: Move, places: tuple[str, ...], dated: date | None) -> Iterator[str]:
    """Who is on the list already cannot come, and who is not cannot go."""
    if dated is None:
        return
    on = {one.place: one for one in pack.members if one.start <= dated and (one.end is None or dated < one.end)}
    for place in places:
        if move is Move.ADDED and place in on:
            since = "" if on[place].start.year == 1 else f" since {on[place].start}"
            yield f"{place} is on {pack.jurisdiction} already{since}."
        if move is Move.REMOVED and place not in on:
            yield f"{place} is not on {pack.jurisdiction} on {dated}."
        later = [one for one in pack.members if one.place == place and one.start > dated]
        if later:
            yield f"The pack has {place} on {pack.jurisdiction} again from {later[0].start} on: which holds?"


__all__ = ["list_proposals"]
