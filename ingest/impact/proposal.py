"""From a reading and its links to typed changes: drafts where nothing is in the way, else tasks with the reason in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from engine.packs.packset import PackSet
from ingest.impact.direction import of_number
from ingest.impact.listed import list_proposals
from ingest.impact.localised import localisation_proposals
from ingest.impact.model import Action, Direction, Evidence, Proposal, Publication
from ingest.impact.occasion import Occasion
from ingest.impact.twins import alike, twins
from ingest.impact.written import written
from ingest.link.index import Index, index_of
from ingest.link.target import Entry, Link, TargetKind
from ingest.read.model import ChangeType, DateRole, Pair, Reading, Status, Unit

_MARGIN: Final = 0.04
"""Two candidates that lie closer are not told apart."""
_OF_ONE_TAX: Final = frozenset({"component:cgst", "component:sgst", "component:igst", "component:utgst"})
_VALUE: Final = ("value", "known")


def propose(
    reading: Reading,
    links: Sequence[Link],
    release: PackSet,
    *,
    published: date | None,
    source: Publication,
) -> tuple[Proposal, ...]:
    """What a publication would change, the surest first. `links`: of this reading, by a linker of this release.

    Nothing of what is not relevant, or tells of no change. Whatever tells of one and cannot be made a draft is proposed all the
    same, with what is in the way.
    """
    if not reading.relevant or reading.status is Status.IRRELEVANT:
        return ()
    occasion = Occasion(reading, tuple(links), release, published, source)
    found: list[Proposal] = []
    if reading.change is ChangeType.LIST or any(link.target.kind is TargetKind.LIST for link in links[:1]):
        found.extend(list_proposals(occasion))
    if reading.change is ChangeType.DATE or reading.status is Status.POSTPONED:
        found.extend(_moves(occasion, index_of(release)))
    if not found:
        found.extend(_numbers(occasion, index_of(release)))
    if not found and reading.change in (ChangeType.DUTY, ChangeType.PROHIBITION):
        found.extend(localisation_proposals(occasion))
    if not found and reading.change is not ChangeType.NONE:
        found.append(_look(occasion))
    return tuple(sorted(found, key=lambda one: not one.draftable))


# -- numbers -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    link: Link
    entry: Entry
    pair: Pair


def _numbers(occasion: Occasion, index: Index) -> Iterator[Proposal]:
    """One proposal a target: the title and the text often tell the same pair twice."""
    seen: set[tuple[str, Decimal]] = set()
    for pair in occasion.reading.pairs:
        candidates = [one for link in occasion.links if (one := _candidate(link, pair, index)) is not None]
        if not candidates:
            continue
        candidates = _behind(candidates)
        key = candidates[0].entry.target.id, pair.new.value
        if key not in seen:
            seen.add(key)
            yield _number(occasion, candidates, index)


def _candidate(link: Link, pair: Pair, index: Index) -> _Candidate | None:
    """A link that was made by this pair."""
    entry = index.entry(link.target)
    if entry.unit is None or link.target.kind is TargetKind.LIST:
        return None
    made = any(one.code in ("unit", "currency") and one.span == pair.span for one in link.reasons)
    return _Candidate(link, entry, pair) if made else None


def _behind(candidates: list[_Candidate]) -> list[_Candidate]:
    """Where one domain of a pack has the change already and another has not, the one that is behind is meant."""
    best = candidates[0]
    if not best.link.has("known"):
        return candidates
    late = [one for one in candidates[1:] if not one.link.has("known") and alike(best.entry, one.entry)]
    if not late:
        return candidates
    return [late[0], *(one for one in candidates if one is not late[0] and not alike(one.entry, late[0].entry))]


def _number(occasion: Occasion, candidates: list[_Candidate], index: Index) -> Proposal:
    best = candidates[0]
    entry, pair, day = best.entry, best.pair, occasion.effective
    held = entry.before(day)
    old = held.number if held is not None else None
    fitted = written(entry, pair.new.value, occasion.release)
    found = twins(entry, index, day)
    hindrances = [
        *occasion.hindrances,
        *_unclear(candidates, found),
        *_contradicted(entry, pair, day),
        *([] if fitted is not None else [f"{pair.new.value:f} is no value that {entry.target.name} can have."]),
    ]
    evidence = [occasion.evidence("value", pair.span), *occasion.told]
    begins = entry.starting(day) if day is not None else None
    scheduled = begins is not None and begins.number == pair.new.value
    if scheduled and not occasion.reading.status.is_law:
        hindrances.append("The pack has it scheduled all the same: a person must take it out, or move it.")
    made = occasion.proposal(
        Action.SET, entry.target, old=held.text if held is not None else "", new=fitted or f"{pair.new.value:f}",
        unit=_unit(entry, occasion.release), direction=of_number(entry, old, pair.new.value), evidence=evidence,
        hindrances=hindrances, twins=found,
    )  # fmt: skip
    return replace(made, scheduled=scheduled)


def _unit(entry: Entry, release: PackSet) -> str:
    if entry.currency is not None:
        return entry.currency
    if entry.target.kind is TargetKind.PARAMETER:
        parameter = release.packs[entry.target.place].domains[entry.target.domain].parameters[entry.target.name]
        return parameter.unit or (entry.unit.value if entry.unit else "")
    return Unit.PERCENT.value


def _unclear(candidates: list[_Candidate], found: Sequence[object]) -> Iterator[str]:
    """One target and no other, by its name or by the provision and not by its number alone."""
    best = candidates[0]
    others = [one for one in candidates[1:] if one.entry.target not in found]
    near = [one for one in others if best.link.score - one.link.score < _MARGIN]
    if near:
        names = ", ".join([best.entry.target.id, *(one.entry.target.id for one in near[:4])])
        yield f"It may be any of several: {names}."
    named = any(one.code == "provision" or (one.code == "words" and one.span) for one in best.link.reasons)
    if not named:
        yield f"Nothing but the number leads to {best.entry.target.id}."
    if best.entry.traits & _OF_ONE_TAX:
        yield "The tax is levied in several parts; all of them change, and a person must say how."
    if "basis:house" in best.entry.traits:
        yield f"{best.entry.target.id} is a choice of the house, and no law."


def _contradicted(entry: Entry, pair: Pair, day: date | None) -> Iterator[str]:
    """What the pack holds beside what the publication says."""
    held = entry.before(day)
    name = entry.target.id
    if day is not None:
        begins = entry.starting(day)
        if begins is not None and begins.number == pair.new.value:
            yield f"The pack has it already: {name} is {begins.text} from {day} on."
            return
        later = next((one for one in entry.held if one.start >= day), None)
        if later is not None:
            yield f"The pack has {later.text or 'a value that nobody has read'} for {name} from {later.start} on: which holds?"
    if held is None or (held.number is None and not held.text):
        yield f"The pack has no value for {name} on the day before; whether this is the same limit a person must see."
    elif pair.old is not None and held.number != pair.old.value:
        yield f"The publication says that it was {pair.old.value:f}, and the pack has {held.text} for {name}."
    elif held.number == pair.new.value:
        yield f"{name} is {held.text} already."


# -- dates that are moved ----------------------------------------------------------------------------------------------------


def _moves(occasion: Occasion, index: Index) -> Iterator[Proposal]:
    """What begins on a day that is named begins on another."""
    days = {one.day: one.span for one in occasion.reading.dates if one.role is not DateRole.PUBLISHED}
    to = occasion.effective
    for link in occasion.links:
        entry = index.entry(link.target)
        scheduled = next((one for one in entry.held if one.start in days and one.start != to), None)
        if scheduled is None or link.target.kind is TargetKind.LIST:
            continue
        hindrances = list(occasion.hindrances)
        if link.target.kind is not TargetKind.PARAMETER:
            hindrances.append(f"{link.target.id} begins on {scheduled.start}; a person must move it, and what it ends.")
        yield occasion.proposal(
            Action.MOVE, link.target, old=scheduled.start.isoformat(), new=to.isoformat() if to else "", unit="",
            direction=Direction.MILDER if to is not None and to > scheduled.start else Direction.UNTOLD,
            evidence=[occasion.evidence("date", days[scheduled.start]), *occasion.told], hindrances=hindrances,
        )  # fmt: skip
        return


def _look(occasion: Occasion) -> Proposal:
    """What tells of a change and fits nothing that is known."""
    best = occasion.links[0].target if occasion.links else None
    why = "No number, list or duty of a pack is told of that a machine can change."
    if best is not None:
        why = f"{why} The nearest is {best.id}."
    evidence: list[Evidence] = [*occasion.told]
    return occasion.proposal(
        Action.LOOK, best, old="", new="", unit="", direction=Direction.UNTOLD, evidence=evidence,
        hindrances=[*occasion.hindrances, why],
    )  # fmt: skip


__all__ = ["propose"]
