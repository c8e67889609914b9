"""What came of the scenarios that were asked before a payment was made: kept with its decision, and explained from there.

The window is gone by then, or has more in it: what was counted in it is kept, and what the pack says is read from the pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.language.interpret import Seen
from engine.language.law import OWN
from engine.language.render import show, source
from engine.language.tree import And, Compare, Const, Expr, If, Not, Or, Param
from engine.packs.model import Pack
from engine.packs.packset import PackSet
from engine.packs.scenario import Inside, Scenario, SubjectKey
from engine.patterns.render import source as pattern
from engine.scenarios.evaluate import Looked
from engine.scenarios.telling import limit, measured

_PARTIES: Final = (SubjectKey.PAYER, SubjectKey.PAYEE)
"""Whoever pays and is paid is always there; a card or a merchant need not be."""


def kept(looked: Looked) -> dict[str, Any]:
    """A scenario that was asked, JSON-ready: all that cannot be found out again."""
    scenario, window, found = looked.ready.scenario, looked.window, looked.found
    told: dict[str, Any] = {
        "id": scenario.id,
        "pack": looked.ready.pack.jurisdiction,
        "severity": scenario.severity.value,
        "subject": {"kind": window.subject.kind, "key": window.subject.key},
        "segment": looked.ready.segment(window.subject.segment),
        "payments": len(window.events),
        "truncated": found.truncated,
        "fired": looked.fired,
        "evidence": list(looked.evidence),
        "missing": sorted(found.missing) if looked.fired is None else [],
        "measures": dict(found.numbers or {}),
    }
    if found.seen is not None:
        told["because"] = dict(_parts(found.seen, None, window.events[looked.at].currency))
    else:
        named = found.named or {}
        told["possible"] = looked.ready.sought[told["segment"]].possible(window, scenario.unit)
        told["named"] = {alias: window.events[place].id for alias, place in named.items()}
    return told


def _parts(seen: Seen, unit: str | None, currency: str) -> Iterator[tuple[str, str | None]]:
    """Each comparison and each fact of a condition with its value, in the order of the condition; None: not known."""
    node = seen.node
    if isinstance(node, Const | Param):
        return
    if not isinstance(node, And | Or | Not | If):
        yield source(node), _shown(node, seen.value, unit, currency)
    inner = node.unit if isinstance(node, Compare) else unit
    for below in seen.below:
        yield from _parts(below, inner, currency)


def _shown(node: Expr, value: Any, unit: str | None, currency: str) -> str | None:
    return None if value is None else show(value, node.type, currency if unit in (None, OWN) else unit)


# -- explained ----------------------------------------------------------------------------------------------------------


def unasked(packs: PackSet, looks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The scenarios that are asked before payments, and were not asked of this one: nobody said who pays or is paid."""
    asked = {one["id"] for one in looks}
    return [
        {
            "id": scenario.id, "pack": pack.jurisdiction, "severity": scenario.severity.value, "fired": None,
            "missing": [scenario.key.value],
        }
        for _, pack in sorted(packs.packs.items())
        for domain in pack.domains.values()
        for scenario in domain.scenarios
        if scenario.inside is Inside.PREFLIGHT and scenario.key in _PARTIES and scenario.id not in asked
    ]  # fmt: skip


def explained(look: Mapping[str, Any], scenario: Scenario, pack: Pack) -> dict[str, Any]:
    """A scenario as it was asked, with what its pack says of it; but for the law. `look`: as it was kept, or less: decisions of
    before all was kept know only what fired, and by which payments."""
    segment = look.get("segment")
    return {
        "scenario": scenario.id,
        "pack": pack.jurisdiction,
        "version": pack.version,
        "title": scenario.title,
        "kind": scenario.kind.value,
        "severity": look["severity"],
        "subject": look.get("subject"),
        "segment": segment,
        "payments": look.get("payments"),
        "truncated": look.get("truncated", False),
        "fired": look["fired"],
        "missing": look.get("missing", []),
        "evidence": look.get("evidence", []),
        "parameters": [
            {"name": one.name, "label": one.label, "value": limit(scenario, one.name, segment or scenario.segments[0])}
            for one in scenario.parameters.values()
        ],
        "measures": _measures(scenario, look.get("measures", {})),
        "condition": _condition(scenario),
        "because": look.get("because"),
        "events": _events(scenario, look),
        "confidence": scenario.confidence.value,
        "note": scenario.note or None,
    }


def _measures(scenario: Scenario, taken: Mapping[str, int]) -> list[dict[str, str | None]]:
    return [
        {"name": name, "label": one.label, "value": measured(scenario, name, taken[name]) if name in taken else None}
        for name, one in scenario.measures.items()
    ]


def _condition(scenario: Scenario) -> str | None:
    if scenario.counted is not None:
        return source(scenario.counted)
    return None if scenario.across is None else pattern(scenario.across)


def _events(scenario: Scenario, look: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The events that a sequence names, and the one that must not lie between them."""
    possible, named = look.get("possible", {}), look.get("named", {})
    found = [
        {"name": alias, "condition": pattern(condition), "absent": False,
         "possible": possible.get(alias), "payment": named.get(alias)}
        for alias, condition in scenario.aliases.items()
    ]  # fmt: skip
    if scenario.absent is not None:
        alias, condition = scenario.absent
        told = {"name": alias, "condition": pattern(condition), "absent": True, "possible": None, "payment": None}
        found.append(told)
    return found
