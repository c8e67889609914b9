"""The law of one place as of a day, as it was known on a day: everything in force, in words."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar

from api.lawbook.entries import (
    Telling,
    feature_told,
    parameter_told,
    rate_told,
    rule_told,
    term_told,
    users_of,
)
from api.problems import Fault, Problem, not_found
from api.service import Service
from api.views import today_at
from engine.drafting import in_force
from engine.packs import PackSet
from engine.packs.compile import Compiled, compile_domain
from engine.packs.model import DOMAINS, UNREAD_START, Domain, Pack
from engine.packs.read_tax import DOMAIN as TAX
from engine.places import READ_AS, SUBDIVISIONS, country_of, is_place
from engine.prose import Prose, Surroundings

_KEPT: Final = 400
"""Domains that a release keeps told: one is some hundred kilobytes at most."""
_KEY: Final = "lawbook"
Told = TypeVar("Told")
Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class Known:
    """The law as it was known: the release that was in force, since when, and on which day it is asked."""

    packs: PackSet
    since: datetime
    on: date
    today: date
    current: bool

    @property
    def told(self) -> dict[str, Any]:
        """For an answer."""
        release = self.packs.release
        since = self.since.isoformat()
        return {"digest": release.digest, "version": release.version, "since": since, "current": self.current}


def known_on(service: Service, day: date | None) -> Known:
    """The release that was in force at the end of a day (UTC), or is now. Raises Problem: a day to come, or before the first."""
    now = service.clock()
    today = now.date()
    if day is not None and day > today:
        fault = Fault("", "future", "Nobody knows yet what will be known then", parameter="known")
        raise Problem("parameters_refused", "1 fault.", faults=[fault])
    at = (
        now
        if day is None or day == today
        else datetime.combine(day + timedelta(days=1), datetime.min.time(), now.tzinfo)
    )
    holds = in_force(service.ledger.activations.all(), at)
    packs = None if holds is None else service.packs_of(holds.release)
    if holds is None or packs is None:
        raise not_found("release that was in force on that day")
    return Known(packs, holds.active_from, day or today, today, holds.release == service.law.digest)


def place_of(known: Known, jurisdiction: str) -> str:
    """A place or a pack as this release spells it. Raises Problem where there is none."""
    found = READ_AS.get(jurisdiction, jurisdiction)
    if not is_place(found) and found not in known.packs.packs:
        raise not_found("pack or place")
    return found


def chain_of(packs: PackSet, jurisdiction: str, domain: str, day: date) -> tuple[str, ...]:
    """The packs whose law holds there, the more general first."""
    if not is_place(jurisdiction):
        return packs.layers.lineage(jurisdiction, day)
    return (packs.layers.national if domain == TAX else packs.layers.chain)(jurisdiction, day)


def day_of(known: Known, service: Service, jurisdiction: str, at: date | None) -> date:
    """The day asked for, or the date that it is there."""
    return at or today_at(known.packs, jurisdiction, service.clock())


def law_told(known: Known, jurisdiction: str, day: date, language: str, domains: tuple[str, ...]) -> dict[str, Any]:
    """The whole answer of a place."""
    packs, prose = known.packs, namer(known.packs, language)
    own = packs.packs.get(jurisdiction)
    chains = {name: chain_of(packs, jurisdiction, name, day) for name in DOMAINS}
    codes = tuple(dict.fromkeys(code for chain in chains.values() for code in chain))
    spoken = [name for name in DOMAINS if any(name in packs.packs[code].domains for code in chains[name])]
    return {
        "jurisdiction": jurisdiction,
        "name": prose.place(jurisdiction),
        "at": day.isoformat(),
        "known": known.on.isoformat(),
        "release": known.told,
        "language": prose.language,
        "time_zone": own.time_zone if own else str(packs.layers.zone(jurisdiction)),
        "packs": [_layer(packs.packs[code], packs, prose) for code in codes],
        "members": [_place(prose, code) for code in sorted(own.members_on(day) if own else ())],
        "parts": parts_of(packs, prose, jurisdiction),
        "speaks_of": spoken,
        "domains": [domain_told(known, jurisdiction, name, day, prose.language) for name in spoken if name in domains],
    }


def namer(packs: PackSet, language: str) -> Prose:
    """Names places and groups."""
    return Prose(language, Surroundings(groups={code: pack.name for code, pack in packs.packs.items()}))


def _place(prose: Prose, code: str) -> dict[str, Any]:
    return {"jurisdiction": code, "name": prose.place(code)}


def parts_of(packs: PackSet, prose: Prose, country: str) -> list[dict[str, Any]]:
    """Subdivisions that have packs of their own."""
    return [_place(prose, code) for code in sorted(packs.packs) if code in SUBDIVISIONS and country_of(code) == country]


def _layer(pack: Pack, packs: PackSet, prose: Prose) -> dict[str, Any]:
    return {
        "jurisdiction": pack.jurisdiction,
        "name": prose.place(pack.jurisdiction),
        "version": pack.version,
        "digest": packs.digests[pack.jurisdiction],
        "verified_on": pack.verified.on.isoformat(),
        "verified_by": pack.verified.by,
    }


# -- one domain -------------------------------------------------------------------------------------------------------

_lock = Lock()


def domain_told(known: Known, jurisdiction: str, domain: str, day: date, language: str) -> dict[str, Any]:
    """One domain of the law of a place, remembered: nothing of it changes within a period of law."""
    packs = known.packs
    chain = chain_of(packs, jurisdiction, domain, day)
    key = (chain, domain, packs.layers.segment(chain, domain, day), language, known.today)
    return remembered(packs, key, lambda: _told(known, chain, domain, day, language))


def remembered(packs: PackSet, key: Any, make: Callable[[], Told]) -> Told:
    """What was told of a release already; the least lately asked of too many is forgotten."""
    kept: OrderedDict[Any, Told] = packs.derived.setdefault(_KEY, OrderedDict())
    with _lock:
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    told = make()
    with _lock:
        kept[key] = told
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return told


def telling_of(known: Known, compiled: Compiled, day: date, language: str) -> Telling:
    """What one domain is told with."""
    packs = known.packs
    words = packs.words(language)
    titles = {active.rule.id: Prose.titled(active.rule, words) for active in compiled.rules}
    prose = Prose(language, Surroundings.of(compiled, packs, titles))
    return Telling(packs, prose, words, day, known.today)


def _told(known: Known, chain: tuple[str, ...], domain: str, day: date, language: str) -> dict[str, Any]:
    packs = known.packs
    compiled = compile_domain(packs.layers, chain, domain, day)
    telling = telling_of(known, compiled, day, language)
    parts = [(pack, pack.domains[domain]) for pack in compiled.chain if domain in pack.domains]
    users = users_of(compiled)
    rules = [rule_told(telling, domain, one) for one in sorted(compiled.rules, key=lambda one: one.rule.id)]
    parameters = [
        parameter_told(telling, pack, parameter, users.get(name, ()))
        for name, (pack, parameter) in sorted(_by_name(parts, lambda part: part.parameters).items())
    ]
    rates = [rate_told(telling, pack, rate) for pack, part in reversed(parts) for rate in part.rates if rate.on(day)]
    turns = turns_of(telling, parts)
    grades = Counter(one["confidence"] for one in (*rules, *rates, *(one["value"] for one in parameters)))
    later = [turn["day"] for turn in turns if turn["day"] > day.isoformat()]
    return {
        "domain": domain,
        "note": next((part.note for _, part in reversed(parts) if part.note), None),
        "period_from": None if compiled.start == UNREAD_START else compiled.start.isoformat(),
        "changes_on": later[0] if later else None,
        "turns": turns,
        "rules": rules,
        "parameters": parameters,
        "terms": [term_told(telling, pack, let) for pack, let in _nearest(parts, lambda part: part.lets)],
        "features": [feature_told(telling, pack, one) for pack, one in _nearest(parts, lambda part: part.features)],
        "rates": rates,
        "confidence": {grade: grades[grade] for grade in "ABCR"},
        "unread": _unread(parts, day),
    }


Parts = list[tuple[Pack, Domain]]


def _by_name(parts: Parts, of: Callable[[Domain], Mapping[str, Named]]) -> dict[str, tuple[Pack, Named]]:
    """Name -> the most particular pack that declares it, and what it declares."""
    return {name: (pack, one) for pack, part in parts for name, one in of(part).items()}


def _nearest(parts: Parts, of: Callable[[Domain], Mapping[str, Named]]) -> list[tuple[Pack, Named]]:
    return list(_by_name(parts, of).values())


def _unread(parts: Parts, day: date) -> int:
    values = (parameter.at(day) for _, part in parts for parameter in part.parameters.values())
    rates = (rate for _, part in parts for rate in part.rates if rate.on(day))
    return sum(value is not None and not value.known for value in values) + sum(rate.unread for rate in rates)


def turns_of(telling: Telling, parts: Parts) -> list[dict[str, Any]]:
    """Every day on which something of these packs begins or ends, and what."""
    found: dict[date, list[str]] = {}
    for day, what in _turns(telling, parts):
        if day != UNREAD_START:
            found.setdefault(day, []).append(what)
    return [{"day": day.isoformat(), "what": list(dict.fromkeys(found[day]))} for day in sorted(found)]


def _turns(telling: Telling, parts: Parts) -> Iterator[tuple[date, str]]:
    say: Callable[[str], str] = telling.prose.name
    for _, part in parts:
        for rule in part.rules:
            title = telling.title(rule)
            yield rule.start, title
            if rule.end is not None:
                yield rule.end, title
        for name, parameter in part.parameters.items():
            for value in parameter.values:
                if not value.pending:
                    yield value.start, f"{say(name)}: {telling.prose.value(parameter, value)}"
        for rate in part.rates:
            yield rate.start, f"{telling.prose.word(rate.category, 'category')}: {telling.prose.rate(rate)}"
            if rate.end is not None:
                yield rate.end, f"{telling.prose.word(rate.category, 'category')}"
