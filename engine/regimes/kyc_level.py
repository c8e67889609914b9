"""The level of identification that a payment needs, and what to ask for where the customer has not reached it."""

from __future__ import annotations

from typing import Final

from engine.asked import Part
from engine.language.functions import months_add
from engine.language.law import Gap, missing_law, missing_rate
from engine.money import EXACT
from engine.regimes.found import Found, Spoke, detail, graded, known, parameter_of, stated
from engine.regimes.ruling import Line

LEVELS: Final = ("none", "basic", "verified", "enhanced")
RANK: Final = {name: at for at, name in enumerate(LEVELS)}
FOLLOWS: Final = {"none": "none", "simplified": "basic", "standard": "verified", "enhanced": "enhanced"}
"""Due diligence as the law against money laundering names it -> the level of identification that it takes."""

_STATED: Final = "payer.identity.level"


def due_diligence(aml: Part | None) -> str:
    """The level that money laundering law leads to, also where its verdict is undecided: what it could not tell of due diligence
    it counted as asked for. `none` where it was not asked."""
    return FOLLOWS[aml.said["due_diligence"]] if aml is not None else "none"


def level(found: Found, spoke: Spoke, lines: list[Line], floor: str) -> None:
    """The highest level that some rule asks for, and at least `floor`, against the level stated."""
    fired, doubtful = set(spoke.ruled.fired), list[Line]()
    required = RANK[floor]
    unsure: dict[Line, tuple[str, ...]] = {}
    for line in lines:
        if line not in fired:
            doubtful.append(line)
            continue
        reached_by, lacks = _asks(found, spoke, line)
        if reached_by:
            required = max(required, RANK[line.name])
            found.tell(spoke, line)
        elif lacks:
            unsure[line] = lacks
    found.level = LEVELS[required]
    own = found.facts.get(_STATED)
    reached = RANK[own] if own is not None else None
    doubtful = [line for line in doubtful if RANK[line.name] > max(required, reached or 0)]
    if doubtful:
        found.lacking(spoke, doubtful)
    for line, lacks in unsure.items():
        if RANK[line.name] > max(required, reached or 0):
            found.lack(lacks, line.id)
    if reached is None and required:
        found.lack((_STATED,), "kyc.level")
    elif reached is not None and reached < required:
        _ask(found, spoke, required)


def _ask(found: Found, spoke: Spoke, required: int) -> None:
    """What the law wants to know at this level and nobody has stated; and that it be verified."""
    words, organisation = found.asked.words, found.facts.get("payer.type") == "organisation"
    names = ["identification_data_organisation" if organisation else "identification_data"]
    if LEVELS[required] == "enhanced":
        names.append("enhanced_data")
    if LEVELS[required] == "basic":
        names = ["basic_data"]
    for name in names:
        why = words.say("kyc.enhanced" if name == "enhanced_data" else "kyc.identify")
        for field in spoke.compiled.setting(name) or ():
            if not stated(found.facts, field):
                found.want(field, why)
    found.want(_STATED, words.say("kyc.verify"))


def _asks(found: Found, spoke: Spoke, line: Line) -> tuple[bool, tuple[str, ...]]:
    """Whether a rule that holds asks this payment for its level: from an amount on, or for some years. What it lacks, where it
    cannot be told."""
    details = line.effect.details
    if "above" in details:
        return _above(found, spoke, line)
    if "years" in details:
        return _still_exposed(found, spoke, line)
    return True, ()


def _above(found: Found, spoke: Spoke, line: Line) -> tuple[bool, tuple[str, ...]]:
    """One payment, or those known to belong together with it, against the amount of the law."""
    limit, name = detail(spoke, line, "above"), parameter_of(line, "above")
    if limit is Gap.UNREAD:
        return False, (missing_law(name),)
    if not known(limit):
        return False, ()
    unit = str(detail(spoke, line, "currency"))
    or_more = detail(spoke, line, "comparator") != "gt"
    graded(found, spoke, line, "above")
    total, linked = spoke.moment.convert(found.facts["amount"], unit), found.facts.get("linked")
    if total is None:
        return False, (missing_rate(found.facts["currency"], unit),)
    lacks: list[str] = [] if linked is not None else ["linked"]
    for entry in linked or ():
        money = entry.get("amount")
        more = spoke.moment.convert(money, unit) if money is not None else None
        if more is None:
            lacks.append("linked.amount" if money is None else missing_rate(money.currency, unit))
        else:
            total = EXACT.add(total, more)
    reached = total > limit or (or_more and total == limit)
    return reached, () if reached else tuple(lacks)


def _still_exposed(found: Found, spoke: Spoke, line: Line) -> tuple[bool, tuple[str, ...]]:
    """Whether the years after the office was left have not gone by."""
    years, until = detail(spoke, line, "years"), found.facts.get("payer.exposed_until")
    if years is Gap.UNREAD:
        return False, (missing_law(parameter_of(line, "years")),)
    if not known(years):
        return False, ()
    if until is None:
        return False, ("payer.exposed_until",)
    graded(found, spoke, line, "years")
    end = months_add(until, int(years) * 12, "up")
    return end is None or spoke.moment.day <= end, ()
