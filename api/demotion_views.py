"""The rules that are held back, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from api.breaker_steps import incident_of
from engine.ledger import Ledger
from engine.packs.demotions import Demotion, rules_of
from engine.packs.packset import PackSet


def demotions_body(packs: PackSet, ledger: Ledger) -> dict[str, Any]:
    """What the release in force holds back, since when and why, and the incident that was told of it."""
    return {"release": packs.release.digest, "data": [_demotion(one, packs, ledger) for one in packs.demotions]}


def _demotion(one: Demotion, packs: PackSet, ledger: Ledger) -> dict[str, Any]:
    domain, rule = dict(rules_of(packs.packs[one.pack]))[one.rule]
    alert = ledger.alerts.one(incident_of(one, packs).id)
    made = [kept for kept in ledger.demotions.all() if (kept.pack, kept.rule) == (one.pack, one.rule)]
    by_breaker = bool(made) and one.numbers is not None
    return {
        "pack": one.pack,
        "rule": one.rule,
        "domain": domain,
        "title": rule.title,
        "effect": rule.effect.kind,
        "basis": rule.basis.value,
        "since": one.since.isoformat(),
        "why": one.why,
        "by": "breaker" if by_breaker else "draft",
        "numbers": None if one.numbers is None else asdict(one.numbers),
        "incident": None if alert is None else {"alert": alert.alert.id, "case": alert.case_id},
    }
