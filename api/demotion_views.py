"""The rules that are held back, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from api.breaker_steps import incident_of
from engine.ledger import Ledger
from engine.packs.demotions import Demotion, rules_of
from engine.packs.packset import PackSet


def demotions_body(
    packs: PackSet, ledger: Ledger, limit: int | None = None, after: str | None = None
) -> dict[str, Any]:
    """What the release in force holds back, since when and why, and the incident that was told of it; at most `limit` of those
    that come after `after` (pack and rule) by their names. Default: all."""
    asked = [one for one in sorted(packs.demotions, key=lambda one: one.id) if after is None or one.id > after]
    page = asked[:limit]
    return {
        "release": packs.release.digest,
        "data": [_demotion(one, packs, ledger) for one in page],
        "next": page[-1].id if len(page) < len(asked) else None,
    }


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
