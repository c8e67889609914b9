"""Limits of a wallet's tier, and which tier would have room for a payment that goes beyond one.

A limit on money that comes in rejects that credit, never the wallet.
"""

from __future__ import annotations

from engine.regimes.counting import ALWAYS, count, entry
from engine.regimes.found import Found, Spoke, detail, graded, stated
from engine.regimes.ruling import Line


def limits(found: Found, spoke: Spoke, lines: list[Line], every: tuple[Line, ...]) -> None:
    """Judge the limits that hold (`lines` that fired) or might hold; `every` is all of them, for the tiers above."""
    fired, is_open = set(spoke.ruled.fired), set(spoke.ruled.open)
    for line in lines:
        if line in fired:
            _holds(found, spoke, line, every)
    doubtful = []
    for line in lines:
        if line in is_open:
            counted = count(found, spoke, line)
            if counted is not None and counted.exceeded is not False:
                doubtful.append(line)
                found.lack(counted.lacks, line.id)
    if doubtful:
        found.lacking(spoke, doubtful)


def _holds(found: Found, spoke: Spoke, line: Line, every: tuple[Line, ...]) -> None:
    counted = count(found, spoke, line)
    if counted is None:
        return
    found.limits.append(entry(found, line, counted))
    found.grades.add(line.grade)
    graded(found, spoke, line, "amount")
    if counted.exceeded is None:
        found.lack(counted.lacks, line.id)
    elif counted.exceeded:
        found.tell(spoke, line)
        _upgrade(found, spoke, line, every)


def _upgrade(found: Found, spoke: Spoke, line: Line, every: tuple[Line, ...]) -> None:
    """Ask for what the next tier with room for this payment wants; refuse where there is none."""
    words, tier, needs = found.asked.words, line, list[str]()
    seen = set[str]()
    while (after := tier.effect.details.get("next")) is not None and after not in seen:
        seen.add(str(after))
        needs += detail(spoke, tier, "needs") or ()
        own = [other for other in every if other.effect.details.get("tier") == after]
        if not any(_over(found, spoke, other) for other in own):
            why = words.say("kyc.upgrade")
            for field in needs:
                if not stated(found.facts, field):
                    found.want(field, why)
            found.want("payer.wallet_tier", why)
            return
        tier = next((other for other in own if "next" in other.effect.details), tier)
    found.refused = True


def _over(found: Found, spoke: Spoke, line: Line) -> bool:
    counted = count(found, spoke, line)
    return counted is not None and counted.exceeded is True and line.effect.details.get("counts") != ALWAYS
