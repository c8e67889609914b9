"""One entry of the law as it is told: a rule, a parameter, a term, a feature, a rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.language.law import Gap
from engine.language.tree import params_used
from engine.packs import PackSet
from engine.packs.compile import Active, Compiled
from engine.packs.feature import Feature
from engine.packs.model import (
    UNREAD_START,
    Cite,
    LetDef,
    Pack,
    Parameter,
    ParameterRef,
    Rule,
    TaxRate,
    Value,
    Verified,
)
from engine.packs.problems import Spot
from engine.prose import Clause, Prose
from engine.words import Words


@dataclass(frozen=True, slots=True)
class Telling:
    """With what one domain is told: its law, who puts it in words, and the day."""

    packs: PackSet
    prose: Prose
    words: Words
    day: date
    """Whose law it is."""
    today: date
    """Against which the age of a check is counted."""

    def title(self, rule: Rule) -> str:
        """What a rule is called, in the language of the words. What its payer is told (`message`) is no title."""
        return self.prose.titled(rule, self.words)


def clause(one: Clause) -> dict[str, Any]:
    """A tree of sentences."""
    return {
        "kind": one.kind,
        "text": one.text,
        "pieces": [{"kind": piece.kind, "text": piece.text, "ref": piece.ref} for piece in one.pieces],
        "children": [clause(child) for child in one.children],
        "expression": one.expression,
        "start": one.start,
        "end": one.end,
    }


def rule_told(telling: Telling, domain: str, active: Active) -> dict[str, Any]:
    """A rule in force."""
    rule, pack = active.rule, active.pack
    told = telling.prose.rule(domain, rule)
    demotion = telling.packs.held_back.get(domain, {}).get(f"{pack.jurisdiction}/{rule.id}")
    reading = rule.reading
    return {
        "id": rule.id,
        "title": telling.title(rule),
        "basis": rule.basis.value,
        "applies_from": _day(rule.start),
        "applies_to": _day(rule.end),
        "expression": written(rule.text.text),
        "when": clause(told.when),
        "sentence": telling.prose.flat(told.when),
        "unless": [{"id": name, "title": telling.prose.title(name)} for name in rule.unless],
        "then": clause(told.then),
        "effect": rule.effect.kind,
        "effect_name": rule.effect.name,
        "reading": reading and {"chosen": reading.chosen, "alternative": reading.alternative, "by": reading.by},
        "held_back": demotion and {"since": demotion.since.isoformat(), "why": demotion.why},
        "tests": len(rule.tests),
        **entry(telling, pack, rule, rule.spot, rule.verified),
    }


def parameter_told(telling: Telling, pack: Pack, parameter: Parameter, users: Iterable[Rule] = ()) -> dict[str, Any]:
    """A parameter with its values. Before its first value it tells that one as coming."""
    values = values_told(telling, pack, parameter)
    return {
        "name": parameter.name,
        "said": telling.prose.name(parameter.name),
        "label": parameter.label,
        "type": parameter.kind,
        "unit": parameter.unit,
        "basis": parameter.basis.value,
        "value": next((one for one in reversed(values) if one["state"] == "in_force"), values[0]),
        "values": values,
        "overridable": parameter.overridable is not None,
        "used_by": [{"id": rule.id, "title": telling.title(rule)} for rule in users],
        **entry(telling, pack, parameter, parameter.spot, parameter.verified),
    }


def values_told(telling: Telling, pack: Pack, parameter: Parameter) -> list[dict[str, Any]]:
    """Every value, the earliest first."""
    current = parameter.at(telling.day)
    following = [value.start for value in parameter.values if not value.pending]
    found = []
    for at, value in enumerate(parameter.values):
        later = following[at + 1] if at + 1 < len(following) and not value.pending else None
        found.append(
            {
                "since": None if value.pending else _day(value.start),
                "until": _day(later),
                "value": plain(value),
                "text": telling.prose.value(parameter, value),
                "state": _state(value.start, telling.day, value is current, pending=value.pending),
                "awaited_by": _day(value.deadline),
                "confidence": (value.confidence or parameter.confidence).value,
                "cite": cited(telling.packs, pack, value.cite or parameter.cite),
                "note": value.note or None,
            }
        )
    return found


def plain(value: Value) -> str | list[str] | None:
    """A value as it is written in the pack."""
    if isinstance(value.value, Gap):
        return None
    return [str(word) for word in value.value] if isinstance(value.value, tuple) else value.raw


def term_told(telling: Telling, pack: Pack, let: LetDef) -> dict[str, Any]:
    """A named expression."""
    return {
        "name": let.name,
        "label": telling.prose.label(let.label),
        "pack": pack.jurisdiction,
        "expression": written(let.text.text),
        "when": clause(telling.prose.term(let)),
    }


def feature_told(telling: Telling, pack: Pack, feature: Feature) -> dict[str, Any]:
    """What is asked of past payments."""
    return {
        "name": feature.name,
        "label": telling.prose.label(feature.label),
        "pack": pack.jurisdiction,
        "text": telling.prose.feature(feature),
    }


def rate_told(telling: Telling, pack: Pack, rate: TaxRate) -> dict[str, Any]:
    """A line of a table of rates."""
    return {
        "id": rate.id,
        "component": rate.component,
        "category": rate.category,
        "said": telling.prose.word(rate.category, "category"),
        "kind": rate.kind,
        "percent": None if rate.percent is None else f"{rate.percent:f}",
        "text": telling.prose.rate(rate),
        "condition": rate.condition or None,
        "since": _day(rate.start),
        "until": _day(rate.end),
        "state": "past" if rate.end is not None and rate.end <= telling.day else _state(rate.start, telling.day, True),
        **entry(telling, pack, rate, rate.spot, rate.verified),
    }


def users_of(compiled: Compiled) -> dict[str, list[Rule]]:
    """Parameter -> the rules that turn on it, by their conditions or by what follows."""
    found: dict[str, list[Rule]] = {}
    for active in compiled.rules:
        named = set(params_used(active.rule.when))
        named |= {one.name for one in active.rule.effect.details.values() if isinstance(one, ParameterRef)}
        for name in named:
            found.setdefault(name, []).append(active.rule)
    return found


def entry(
    telling: Telling, pack: Pack, one: Rule | Parameter | TaxRate, spot: Spot, verified: Verified | None
) -> dict[str, Any]:
    """What every entry has."""
    return {
        "pack": pack.jurisdiction,
        "path": spot.file,
        "line": spot.line,
        "cite": cited(telling.packs, pack, one.cite),
        "confidence": one.confidence.value,
        "verified": verified_told(pack, verified, telling.today),
        "note": one.note or None,
        "evidence": one.evidence or None,
    }


def verified_told(pack: Pack, verified: Verified | None, today: date) -> dict[str, Any]:
    """The last check of an entry, or else of its pack."""
    last = verified or pack.verified
    days = max(0, (today - last.on).days)
    return {"on": last.on.isoformat(), "by": last.by, "own": verified is not None, "days": days}


def cited(packs: PackSet, pack: Pack, cite: Cite | None) -> dict[str, Any] | None:
    """A citation with its instrument's title and address. A source may be declared by any pack above."""
    if cite is None:
        return None
    above = (packs.packs[code] for code in reversed(packs.layers.lineage(pack.jurisdiction)))
    source = next((found for found in (one.sources.get(cite.source) for one in above) if found is not None), None)
    title = source.title if source is not None else cite.source
    return {"source": cite.source, "instrument": title, "provision": cite.at, "url": source.url if source else None}


def written(text: str) -> str:
    """An expression as its columns are counted: without the line end that YAML leaves."""
    return text.rstrip()


def _state(start: date, day: date, current: bool, *, pending: bool = False) -> str:
    if pending:
        return "awaited"
    if start > day:
        return "coming"
    return "in_force" if current else "past"


def _day(day: date | None) -> str | None:
    return None if day is None or day == UNREAD_START else day.isoformat()
