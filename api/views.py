"""The law as people and machines read it: what is in force at a place on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from api.scenario_views import scenarios_of
from engine.language.law import Gap
from engine.packs import PackSet
from engine.packs.compile import Active, Held, compile_domain
from engine.packs.model import (
    DOMAINS,
    UNREAD_START,
    Cite,
    Detail,
    Domain,
    Effect,
    Pack,
    ParameterRef,
    Rule,
    TaxRate,
    Territory,
    Value,
)
from engine.packs.read_tax import DOMAIN as TAX
from engine.places import READ_AS, is_place


def summary(pack: Pack, packs: PackSet) -> dict[str, Any]:
    """One pack in a list."""
    rules = [rule for domain in pack.domains.values() for rule in domain.rules]
    return {
        "jurisdiction": pack.jurisdiction,
        "name": pack.name,
        "version": pack.version,
        "digest": packs.digests[pack.jurisdiction],
        "extends": list(pack.extends),
        "domains": sorted(pack.domains),
        "members": len({member.place for member in pack.members}),
        "rules": len(rules),
        "scenarios": sum(len(domain.scenarios) for domain in pack.domains.values()),
        "parameters": sum(len(domain.parameters) for domain in pack.domains.values()),
        "rates": sum(len(domain.rates) for domain in pack.domains.values()),
        "tests": sum(len(rule.tests) for rule in rules) + sum(_tests(domain) for domain in pack.domains.values()),
        "verified": {"on": pack.verified.on.isoformat(), "by": pack.verified.by},
    }


def _tests(domain: Domain) -> int:
    """Beside those of rules."""
    return len(domain.cases) + sum(len(scenario.tests) for scenario in domain.scenarios)


def today_at(packs: PackSet, jurisdiction: str, now: datetime) -> date:
    """The date it is there."""
    jurisdiction = READ_AS.get(jurisdiction, jurisdiction)
    pack = packs.packs.get(jurisdiction)
    return now.astimezone(packs.layers.zone(jurisdiction)).date() if pack or is_place(jurisdiction) else now.date()


def effective(packs: PackSet, jurisdiction: str, day: date) -> dict[str, Any] | None:
    """The effective pack: every layer's parameters and rules in force that day. None: no pack and no place of that name."""
    jurisdiction = READ_AS.get(jurisdiction, jurisdiction)
    chain = _chain(packs, jurisdiction, day)
    if chain is None:
        return None
    own = packs.packs.get(jurisdiction)
    chains = {name: _chain(packs, jurisdiction, day, name) or () for name in DOMAINS}
    chain = tuple(dict.fromkeys(code for one in (chain, *chains.values()) for code in one))
    domains = [name for name in DOMAINS if any(name in packs.packs[code].domains for code in chains[name])]
    return {
        "jurisdiction": jurisdiction,
        "name": own.name if own else None,
        "at": day.isoformat(),
        "time_zone": str(packs.layers.zone(jurisdiction)) if own is None else own.time_zone,
        "release": packs.release.digest,
        "packs": [_layer(packs, code) for code in chain],
        "members": sorted(own.members_on(day)) if own else [],
        "domains": {name: _domain(packs, chains[name], name, day) for name in domains},
        "sources": [_source(packs.packs[code], name) for code in chain for name in sorted(packs.packs[code].sources)],
    }


def _chain(packs: PackSet, jurisdiction: str, day: date, domain: str = "") -> tuple[str, ...] | None:
    if is_place(jurisdiction):
        return (packs.layers.national if domain == TAX else packs.layers.chain)(jurisdiction, day)
    return packs.layers.lineage(jurisdiction, day) if jurisdiction in packs.packs else None


def _layer(packs: PackSet, code: str) -> dict[str, Any]:
    pack = packs.packs[code]
    return {"jurisdiction": code, "name": pack.name, "version": pack.version, "digest": packs.digests[code]}


def _domain(packs: PackSet, chain: tuple[str, ...], name: str, day: date) -> dict[str, Any]:
    compiled = compile_domain(packs.layers, chain, name, day)
    bounds = [bound for bound in packs.layers.boundaries(chain, name) if bound > day]
    return {
        "period_from": compiled.start.isoformat(),
        "changes_on": bounds[0].isoformat() if bounds else None,
        "parameters": [_parameter(compiled.params[key]) for key in sorted(compiled.params)],
        "features": _in_chain(packs, chain, name, _features),
        "terms": _in_chain(packs, chain, name, _terms),
        "scenarios": _in_chain(packs, chain, name, _scenarios),
        "rules": [
            _rule(active, compiled.params) for active in sorted(compiled.rules, key=lambda active: active.rule.id)
        ],
        "tests": sum(len(active.rule.tests) for active in compiled.rules),
        **_tables(packs, chain, name, day),
    }


def _in_chain(
    packs: PackSet, chain: tuple[str, ...], name: str, told: Callable[[Domain], dict[str, dict[str, Any]]]
) -> list[dict[str, Any]]:
    """What the layers declare by name, the nearest layer's where several do."""
    found: dict[str, dict[str, Any]] = {}
    for code in chain:
        part = packs.packs[code].domains.get(name)
        for key, entry in told(part).items() if part is not None else ():
            found[key] = {"name": key, "pack": code, **entry}
    return [found[key] for key in sorted(found)]


def _features(domain: Domain) -> dict[str, dict[str, Any]]:
    """What conditions may ask of past payments: what is counted, whose, and how far back."""
    return {
        name: {
            "label": feature.label,
            "of": feature.form.of.value,
            "field": feature.form.column or ("amount" if feature.unit else None),
            "unit": feature.unit,
            "where": {column: list(values) for column, values in feature.form.where},
            "same": list(feature.form.same),
            "key": list(feature.form.key),
            "window": str(feature.window),
            "own": "included" if feature.own_included else "excluded",
            "cite": _cite(feature.cite),
            "note": feature.note or None,
        }
        for name, feature in domain.features.items()
    }


def _terms(domain: Domain) -> dict[str, dict[str, Any]]:
    """The names that conditions use, and what each stands for."""
    return {name: {"label": term.label, "is": " ".join(term.text.text.split())} for name, term in domain.lets.items()}


def _scenarios(domain: Domain) -> dict[str, dict[str, Any]]:
    cites = {scenario.id: _cite(scenario.cite) for scenario in domain.scenarios}
    return {name: {**told, "cite": cites[name]} for name, told in scenarios_of(domain).items()}


def _tables(packs: PackSet, chain: tuple[str, ...], name: str, day: date) -> dict[str, Any]:
    """Rates and territories in force, the nearest pack's first; nothing for a domain that has neither."""
    layers = [packs.packs[code] for code in reversed(chain) if name in packs.packs[code].domains]
    parts = [(pack, pack.domains[name]) for pack in layers]
    if not any(part.rates or part.territories for _, part in parts):
        return {}
    return {
        "rates": [rate_entry(pack, rate) for pack, part in parts for rate in part.rates if rate.on(day)],
        "territories": [
            territory_entry(pack, territory)
            for pack, part in parts
            for territory in part.territories
            if territory.start <= day and (territory.end is None or day < territory.end)
        ],
    }


def rate_entry(pack: Pack, rate: TaxRate) -> dict[str, Any]:
    """One line of a table of rates. `percent` is a decimal string; null: exempt, or not read (`unread`)."""
    return {
        "id": rate.id,
        "pack": pack.jurisdiction,
        "component": rate.component,
        "category": rate.category,
        "kind": rate.kind,
        "percent": None if rate.percent is None else f"{rate.percent:f}",
        "unread": rate.unread,
        "share": f"{rate.share:f}",
        "supplies": list(rate.supplies),
        "condition": rate.condition or None,
        **_span(rate),
        "basis": rate.basis.value,
        "confidence": rate.confidence.value,
        "cite": _cite(rate.cite),
        "evidence": rate.evidence or None,
        "note": rate.note or None,
    }


def territory_entry(pack: Pack, territory: Territory) -> dict[str, Any]:
    """One territory that is taxed otherwise than its country."""
    return {
        "id": territory.id,
        "pack": pack.jurisdiction,
        "name": territory.name,
        "place": territory.place,
        "postal_codes": list(territory.postal_codes),
        "vat_area": territory.vat_area,
        "customs_area": territory.customs_area,
        "treated_as": territory.treated_as,
        **_span(territory),
        "confidence": territory.confidence.value,
        "cite": _cite(territory.cite),
        "evidence": territory.evidence or None,
        "note": territory.note or None,
    }


def _span(record: TaxRate | Territory) -> dict[str, str | None]:
    """First day and first day outside; null: not read, and without end."""
    start = None if record.start == UNREAD_START else record.start.isoformat()
    return {"from": start, "to": record.end.isoformat() if record.end else None}


def _parameter(held: Held) -> dict[str, Any]:
    parameter, value = held.parameter, held.value
    cite = value.cite or parameter.cite
    return {
        "name": parameter.name,
        "label": parameter.label,
        "type": parameter.kind,
        "unit": parameter.unit,
        "value": _shown(value),
        "known": value.known or value.value is Gap.NONE,
        "since": value.start.isoformat(),
        "pack": held.pack.jurisdiction,
        "basis": parameter.basis.value,
        "confidence": (value.confidence or parameter.confidence).value,
        "cite": _cite(cite),
        "note": value.note or parameter.note or None,
        "values": [
            {"from": other.start.isoformat(), "value": _shown(other), "pending": other.pending}
            for other in parameter.values
        ],
    }


def _shown(value: Value) -> str | list[str] | None:
    """A value as it is written in the pack: a list of words as a list. None: the law sets none, or nobody read it."""
    if isinstance(value.value, Gap):
        return None
    return [str(word) for word in value.value] if isinstance(value.value, tuple) else value.raw


def _rule(active: Active, params: Mapping[str, Held] | None = None) -> dict[str, Any]:
    """A rule as it is written; with `params`, the details of its effect at the values in force."""
    rule = active.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "pack": active.pack.jurisdiction,
        "basis": rule.basis.value,
        "confidence": rule.confidence.value,
        "cite": _cite(rule.cite),
        "applies": {
            "by": rule.connecting,
            "from": rule.start.isoformat(),
            "to": rule.end.isoformat() if rule.end else None,
        },
        "when": " ".join(rule.text.text.split()),
        "unless": list(rule.unless),
        "effect": _effect(rule.effect, params),
        "reading": _reading(rule),
        "note": rule.note or None,
        "tests": len(rule.tests),
    }


def _effect(effect: Effect, params: Mapping[str, Held] | None) -> dict[str, Any]:
    return {
        "kind": effect.kind,
        "name": effect.name,
        "by": list(effect.by),
        "outcome": effect.outcome,
        "obliges": [{"code": item.code, "who": item.who, "within": item.within} for item in effect.oblige],
        "always": effect.always,
        "dynamic_linking": effect.dynamic_linking,
        "forbid": list(effect.forbid),
        "need": list(effect.need),
        "liability": effect.liability,
        "details": {name: _detail(found, params) for name, found in effect.details.items()},
    }


def _detail(found: Detail, params: Mapping[str, Held] | None) -> Any:
    """A text, a number, a list; of a parameter its name, and where it is known what is in force, its value and unit."""
    if not isinstance(found, ParameterRef):
        return list(found) if isinstance(found, tuple) else found
    if params is None:
        return {"parameter": found.name}
    held = params.get(found.name)
    if held is None:
        return {"parameter": found.name, "value": None, "unit": None, "known": False}
    told = _parameter(held)
    return {"parameter": found.name, **{key: told[key] for key in ("value", "unit", "known")}}


def _reading(rule: Rule) -> dict[str, str] | None:
    found = rule.reading
    return None if found is None else {"chosen": found.chosen, "alternative": found.alternative, "by": found.by}


def _cite(cite: Cite | None) -> dict[str, str] | None:
    return None if cite is None else {"source": cite.source, "at": cite.at}


def _source(pack: Pack, name: str) -> dict[str, Any]:
    source = pack.sources[name]
    return {"pack": pack.jurisdiction, "id": name, "title": source.title, "kind": source.kind, "url": source.url}
