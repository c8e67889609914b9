"""The level of identification that a payment needs, and what to ask for where the customer has not reached it."""

from __future__ import annotations

from typing import Final

from engine.asked import Part
from engine.regimes.kyc_found import Found, Spoke, stated
from engine.regimes.ruling import Line

LEVELS: Final = ("none", "basic", "verified", "enhanced")
RANK: Final = {name: at for at, name in enumerate(LEVELS)}
FOLLOWS: Final = {"none": "none", "simplified": "basic", "standard": "verified", "enhanced": "enhanced"}
"""Due diligence as the law against money laundering names it -> the level of identification that it takes."""

_STATED: Final = "payer.identity.level"


def due_diligence(aml: Part | None) -> str | None:
    """The level that the AML part of the same decision leads to; None where it was not asked, or could not tell."""
    if aml is None or aml.said.get("verdict") == "undecided":
        return None
    return FOLLOWS.get(str(aml.said.get("due_diligence")))


def level(found: Found, spoke: Spoke, lines: list[Line], follows: str | None) -> None:
    """The highest level that some rule asks for, against the level stated. `follows` speaks in place of the rules."""
    fired, doubtful = set(spoke.ruled.fired), list[Line]()
    required = RANK[follows] if follows is not None else 0
    for line in lines if follows is None else ():
        if line in fired:
            required = max(required, RANK[line.name])
            found.tell(spoke, line)
        else:
            doubtful.append(line)
    found.level = LEVELS[required]
    own = found.facts.get(_STATED)
    reached = RANK[own] if own is not None else None
    doubtful = [line for line in doubtful if RANK[line.name] > max(required, reached or 0)]
    if doubtful:
        found.lacking(spoke, doubtful)
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
