"""Whether a party is to be treated as listed because of who owns it: the fifty percent rules, asked of a payment's owners.

Listed is an owner whom a list means, and one of whom the caller says so. Each regime has its own rule
(`engine.screening.ownership`): an owner on a list of the United States counts by theirs; one on a list that has none, or whom the
caller calls listed, by that of the place that asks. A listed owner without enough, or without a share that is stated, is for a
person to look at, and never nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from engine.regimes.aml_hits import HitLaw
from engine.screening.lists.registry import regime_of
from engine.screening.model import Owner
from engine.screening.ownership import Holding, Owned, Regime, owned_by_listed, rule_of

SIDES: Final = ("payer", "payee")
STRICTEST: Final = Regime.EU
"""Whose rule is reckoned with where the place has none that was read: in the aggregate, from half on, or by control."""


@dataclass(slots=True)
class _Listed:
    """Owners of one party who are listed under one regime, by their place in the list of owners."""

    surely: set[int] = field(default_factory=set)
    """By a list that is law here and freezes, or by the caller's word where the place has a rule."""
    perhaps: set[int] = field(default_factory=set)
    """By a name alone, by a foreign list, or by measures that freeze nothing."""
    why: dict[int, list[str]] = field(default_factory=dict)

    def add(self, at: int, why: str, *, surely: bool) -> None:
        (self.surely if surely else self.perhaps).add(at)
        self.why.setdefault(at, []).append(why)


def names_owners(facts: Mapping[str, Any]) -> bool:
    """Whether there is anything to reckon."""
    return "payer.owners" in facts or "payee.owners" in facts


def owned(facts: Mapping[str, Any], screened: Mapping[str, Any] | None, law: HitLaw, day: date) -> list[dict[str, Any]]:
    """What follows from each party's owners under each regime, JSON-ready; nothing of parties without a listed owner.

    `day`: whose rules are asked, local to the place.
    """
    found = []
    for side in SIDES:
        owners: Sequence[Mapping[str, Any]] = facts.get(f"{side}.owners") or ()
        for regime, listed in sorted(_listed(side, owners, facts, screened, law).items()):
            found.append(_reckoned(side, owners, regime, listed, day))
    return found


def _listed(
    side: str,
    owners: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
    screened: Mapping[str, Any] | None,
    law: HitLaw,
) -> dict[Regime, _Listed]:
    own = law.ownership
    here = STRICTEST if own is None else Regime(own)
    found: dict[Regime, _Listed] = {}
    for at, owner in enumerate(owners):
        if owner.get("sanctioned"):
            found.setdefault(here, _Listed()).add(at, "stated", surely=own is not None)
    for at, match in _matches(side, screened):
        told = law.of(match, facts["currency"])
        if told.effect != "none":
            code = match["entry"]["list"]
            regime = regime_of(code)
            sure = told.effect == "block" and (regime is not None or own is not None)
            found.setdefault(Regime(regime) if regime else here, _Listed()).add(at, code, surely=sure)
    return found


def _matches(side: str, screened: Mapping[str, Any] | None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for party in () if screened is None else screened["parties"]:
        if party["role"] == f"{side}_owner":
            at = int(party["pointer"].rpartition("/")[2])
            yield from ((at, match) for match in party["matches"])


def _reckoned(
    side: str, owners: Sequence[Mapping[str, Any]], regime: Regime, listed: _Listed, day: date
) -> dict[str, Any]:
    chart = {side: [Owner(str(at), one.get("share"), bool(one.get("controls"))) for at, one in enumerate(owners)]}
    sure = owned_by_listed(side, chart, map(str, listed.surely), regime, day)
    held = sure
    if sure.verdict is not Holding.BLOCKED:
        held = owned_by_listed(side, chart, map(str, listed.surely | listed.perhaps), regime, day)
    return {
        "role": side,
        "pointer": f"/{side}",
        "regime": regime.value,
        "effect": "block" if sure.verdict is Holding.BLOCKED else "review",
        "percent": _plain(held.percent),
        "sum": _sum(owners, held, regime, day),
        "by": [
            {"pointer": f"/{side}/owners/{at}", "share": _share(owners[at]), "listed_by": listed.why[at]}
            for at in sorted(listed.why)
            if str(at) in held.by
        ],
        "reasons": list(held.reasons) or ["below"],
    }


def _sum(owners: Sequence[Mapping[str, Any]], held: Owned, regime: Regime, day: date) -> str:
    """The arithmetic in one line: `30 + 25 = 55 >= 50`; where each owner counts alone `max(30, 25) = 30 <= 50`; with
    a share that is not stated `30 + ? >= 50?`."""
    rule = rule_of(regime, day)
    shares = [_share(owners[int(at)]) or "?" for at in sorted(held.by, key=int)]
    left = " + ".join(shares) if rule.together or len(shares) == 1 else f"max({', '.join(shares)})"
    at_least, less = (">=", "<") if rule.from_half else (">", "<=")
    if "?" in shares:
        return f"{left} {at_least} 50?"
    total = left if len(shares) == 1 else f"{left} = {_plain(held.percent)}"
    return f"{total} {at_least if rule.met(Fraction(held.percent)) else less} 50"


def _share(owner: Mapping[str, Any]) -> str | None:
    share: Decimal | None = owner.get("share")
    return None if share is None else _plain(share)


def _plain(number: Decimal) -> str:
    """Without noughts behind the point, and never in powers of ten."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
