"""The impact of a proposal for people and for machines: what, from when, how sure, whom it concerns, and what to do by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.packs.packset import PackSet
from ingest.impact.edit import Edited
from ingest.impact.estimate import Estimate
from ingest.impact.model import Action, Proposal
from ingest.impact.reach import Reach, reach
from ingest.link.target import Target, TargetKind

NOT_ADVICE: Final = "This is not legal advice. A machine read a publication; nobody has read the law."
_SHOWN: Final = 12
_SURE: Final = {
    "B": "B: two independent publications say it, and nobody here has read the law.",
    "C": "C: one publication says it, and a machine read it.",
}
_STEPS: Final = (
    ("draft", "Make a draft of it", 0.0),
    ("test", "Check the draft, and back-test it", 0.25),
    ("approve", "Have it approved by as many as are asked for", 0.6),
    ("schedule", "Schedule it", 1.0),
)
"""Steps, with the share of the time left by the end of which each should be done."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done by the end of a day; `schedule` by an instant, before midnight at the place."""

    code: str
    words: str
    by: date | None


@dataclass(frozen=True, slots=True)
class Impact:
    """All that is told of a proposal."""

    proposal: Proposal
    reach: Reach
    estimate: Estimate | None
    deadline: datetime | None
    """Midnight at the place at the beginning of the day from which it holds: the release must be in force by then."""
    left: timedelta | None
    """Until then; negative where it is over."""
    steps: tuple[Step, ...]

    @property
    def days_left(self) -> int | None:
        """Whole days until midnight; negative where it is over."""
        return None if self.left is None else self.left // timedelta(days=1)

    @property
    def overdue(self) -> bool:
        """Whether it holds already."""
        return self.left is not None and self.left <= timedelta(0)


def impact(proposal: Proposal, release: PackSet, now: datetime, estimated: Estimate | None = None) -> Impact:
    """The impact of a proposal. `now`: aware. Without an estimate it is said that nobody made one."""
    deadline = _deadline(proposal, release)
    left = None if deadline is None else deadline - now
    return Impact(proposal, reach(proposal, release), estimated, deadline, left, _steps(proposal, deadline, now))


def _deadline(proposal: Proposal, release: PackSet) -> datetime | None:
    """Midnight at the place; of a group the earliest of its members', for whom it begins first."""
    if proposal.effective is None or proposal.target is None:
        return None
    day, pack = proposal.effective, release.packs[proposal.target.place]
    if proposal.action is Action.MOVE:
        # Whatever is moved must not begin on the day that it was to begin on.
        day = min(day, date.fromisoformat(proposal.old))
    zones = {pack.time_zone}
    if pack.members and not pack.list_for:
        on = [one for one in pack.members if one.start <= day and (one.end is None or day < one.end)]
        own = {
            one.time_zone or release.packs[one.place].time_zone
            for one in on
            if one.time_zone or one.place in release.packs
        }
        zones = own or zones
    midnights = [datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) for zone in sorted(zones)]
    return min(midnights)


def _bites(proposal: Proposal) -> bool:
    """Whether the pack has something from a day on that does not hold then: postponed, or given up."""
    return proposal.scheduled or proposal.action is Action.MOVE


def _steps(proposal: Proposal, deadline: datetime | None, now: datetime) -> tuple[Step, ...]:
    if not proposal.status.is_law and not _bites(proposal):
        return (Step("watch", "Do nothing to the law; watch what becomes of it", None),)
    first = (
        [] if proposal.draftable else [Step("see", "Read the publication and settle what is in the way", now.date())]
    )
    if deadline is None:
        return (*first, Step("date", "Find out from which day it holds", None))
    last = deadline.date() - timedelta(days=1)
    here = now.astimezone(deadline.tzinfo).date()
    span = (last - here).days
    steps = [Step(code, words, here + timedelta(days=max(0, int(span * share)))) for code, words, share in _STEPS]
    return (*first, *steps)


# -- for machines ------------------------------------------------------------------------------------------------------------


def as_data(told: Impact, edited: Edited | None = None) -> dict[str, Any]:
    """JSON-ready; days and instants in ISO 8601, numbers of the law as texts."""
    one = told.proposal
    return {
        "format": "lexgate-impact/1",
        "action": one.action.value,
        "target": None if one.target is None else _target(one.target),
        "also": [_target(twin) for twin in one.twins],
        "places": list(one.places),
        "old": one.old or None,
        "new": one.new or None,
        "unit": one.unit or None,
        "effective": one.effective.isoformat() if one.effective else None,
        "status": one.status.value,
        "direction": one.direction.value,
        "confidence": one.confidence,
        "draftable": one.draftable,
        "hindrances": list(one.hindrances),
        "evidence": [
            {"of": piece.of, "start": piece.span.start, "end": piece.span.end, "words": piece.words, "sentence": piece.sentence}
            for piece in one.evidence
        ],
        "countries": list(told.reach.countries),
        "rules": list(told.reach.rules),
        "domains": list(told.reach.domains),
        "links": [
            {
                "target": link.target.id,
                "score": link.score,
                "reasons": [
                    {
                        "code": reason.code,
                        "words": reason.words,
                        "start": None if reason.span is None else reason.span.start,
                        "end": None if reason.span is None else reason.span.end,
                    }
                    for reason in link.reasons
                ],
            }
            for link in one.links
        ],
        "estimate": None if told.estimate is None else told.estimate.as_data(),
        "deadline": told.deadline.isoformat() if told.deadline else None,
        "days_left": told.days_left,
        "overdue": told.overdue,
        "steps": [
            {"code": step.code, "words": step.words, "by": step.by.isoformat() if step.by else None} for step in told.steps
        ],
        "source": {
            "title": one.source.title, "url": one.source.url, "regulator": one.source.regulator,
            "published": one.published.isoformat() if one.published else None, "independent": one.source.independent,
        },
        "draft": None if edited is None else {"files": sorted(edited.files), "tests": edited.tests, "notes": list(edited.notes)},
        "notice": NOT_ADVICE,
    }  # fmt: skip


def _target(target: Target) -> dict[str, Any]:
    return {
        "id": target.id, "place": target.place, "domain": target.domain, "name": target.name, "kind": target.kind.value,
        "path": target.path, "line": target.line, "label": target.label,
    }  # fmt: skip


# -- for people --------------------------------------------------------------------------------------------------------------


def what(proposal: Proposal) -> str:
    """The change in one line: `EE, standard rate of VAT: 24 -> 26 percent from 2027-07-01`."""
    target = proposal.target
    named = "It is not told what" if target is None else f"{target.place}, {target.label}"
    when = f" from {proposal.effective}" if proposal.effective is not None else ", from a day that is not told"
    if proposal.action in (Action.ADD, Action.REMOVE):
        verb = "onto the list" if proposal.action is Action.ADD else "off the list"
        return f"{named}: {', '.join(proposal.places)} {verb}{when}"
    if proposal.action is Action.MOVE:
        return f"{named}: begins on {proposal.new or 'a day that is not told'} and not on {proposal.old}"
    if proposal.action is Action.LOOK:
        return f"{named}: a person must see what changes{when}"
    old = proposal.old or ("nothing" if target is not None and target.kind is not TargetKind.RULE else "?")
    return f"{named}: {old} -> {proposal.new or '?'} {proposal.unit}".rstrip() + when


def markdown(told: Impact, edited: Edited | None = None) -> str:
    """For an officer. Texts of the publication are quoted and made harmless."""
    one = told.proposal
    lines = [f"# {_safe(what(one))}", "", *_state(told), "", "## What was read", ""]
    quoted = dict.fromkeys(piece.sentence for piece in one.evidence)
    lines += [f"> {_safe(piece)}" for piece in quoted] or ["Nothing that can be quoted."]
    lines += ["", f"Status: {one.status.value}. Direction: {one.direction.value}. How sure: {_SURE[one.confidence]}"]
    if one.hindrances:
        lines += ["", "## Why it is no draft yet", "", *(f"- {_safe(why)}" for why in one.hindrances)]
    lines += ["", "## Whom it concerns", "", *_concerned(told)]
    lines += ["", "## What it would change", "", *_estimated(told.estimate)]
    if edited is not None:
        files = ", ".join(f"`{path}`" for path in sorted(edited.files))
        lines += ["", f"The draft writes {files} with {edited.tests} tests of the days before and after."]
        lines += [f"- {_safe(note)}" for note in edited.notes]
    lines += ["", "## What to do", "", *_to_do(told), "", "## Source", "", _source(one), "", f"*{NOT_ADVICE}*", ""]
    return "\n".join(lines)


def _state(told: Impact) -> list[str]:
    if not told.proposal.status.is_law and not _bites(told.proposal):
        return ["**This is not law.**"]
    if told.deadline is None or told.days_left is None:
        return ["**From when it holds is not told.**"]
    midnight = f"{told.deadline:%Y-%m-%d %H:%M} ({told.deadline.tzinfo})"
    holds = "the pack has it" if _bites(told.proposal) else "it holds"
    if told.overdue:
        return [f"**Overdue: {holds} since {midnight}.**"]
    return [f"**{told.days_left} days left: {holds} from {midnight}.**"]


def _concerned(told: Impact) -> list[str]:
    found = [_listed("Countries", told.reach.countries), _listed("Rules that read it", told.reach.rules)]
    if not told.reach.rules and told.reach.domains == ("tax",):
        found[1] = "- Rules that read it: none; the procedure of tax reads the lines themselves."
    if told.proposal.twins:
        found.append(_listed("The same number elsewhere", [twin.id for twin in told.proposal.twins]))
    return found


def _listed(said: str, names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN]) or "none"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"- {said}: {shown}{more}"


def _estimated(found: Estimate | None) -> list[str]:
    if found is None:
        return ["Nobody has asked past payments yet."]
    lines = [found.words]
    lines += [f"- {one.payments} payments: {one.was} -> {one.now}" for one in found.outcomes]
    lines += [f"- {way}: {sum_:f} {currency}" for currency, ways in found.money.items() for way, sum_ in ways.items()]
    lines += [
        f"- tax in {where.partition(' ')[0]}: {sum_:+f} {where.partition(' ')[2]}" for where, sum_ in found.tax.items()
    ]
    if found.left_out:
        lines.append(f"- {found.left_out} payments could not be asked again")
    return lines


def _to_do(told: Impact) -> list[str]:
    lines = []
    for number, step in enumerate(told.steps, start=1):
        by = f" by {step.by}" if step.by is not None else ""
        if step.code == "schedule" and told.deadline is not None:
            over = ", which is over: at once" if told.overdue else ""
            by = f" to be in force at midnight when {told.deadline:%Y-%m-%d} begins ({told.deadline.tzinfo}){over}"
        lines.append(f"{number}. {step.words}{by}.")
    return lines


def _source(one: Proposal) -> str:
    named = _safe(one.source.title)
    regulator = f"{_safe(one.source.regulator)}, " if one.source.regulator else ""
    when = f", published {one.published}" if one.published is not None else ", day of publication not told"
    address = one.source.url or ""
    url = f" <{address}>" if address.startswith(("https://", "http://")) and not set(address) & set("<> ") else ""
    return f"{regulator}{named}{when}{url}"


_MARKS: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|"})


def _safe(text: str) -> str:
    """Text of strangers: on one line, and no markup of its own."""
    return " ".join(text.split()).translate(_MARKS)


__all__ = ["NOT_ADVICE", "Impact", "Step", "as_data", "impact", "markdown", "what"]
