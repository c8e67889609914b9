"""A pack taken apart into records that have a stable id each: what may be added, ended, changed or moved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from engine.diffs.model import Kind
from engine.diffs.plain import plain
from engine.language.tree import Let, past_used, walk
from engine.packs.model import UNREAD_START, Basis, Cite, Domain, Pack, Parameter, Rule, Value

WORDS: Final = frozenset({
    "basis", "cite", "confidence", "evidence", "label", "message", "name", "note", "reading", "text", "tests", "title",
    "verified",
})  # fmt: skip
"""Of any record, what nobody decides by: how it is called, where it was read, who looked."""
_APART: Final = frozenset({"id", "spot"})
"""Told by the record's own id, or nothing that it says."""

Key = tuple[Kind, str, str | None, str]
"""Kind, pack, domain, stable id."""
Halves = tuple[dict[str, Any], dict[str, Any]]
"""What a decision may turn on, and the words."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `law`: what a decision may turn on; `words`: the rest; both JSON-ready."""

    key: Key
    path: str
    label: str
    law: Mapping[str, Any]
    words: Mapping[str, Any]
    cite: Cite | None
    basis: Basis | None
    statute: bool
    start: date | None
    end: date | None
    file: str
    line: int
    unit: str | None = None
    bears: bool = True

    @property
    def data(self) -> dict[str, Any]:
        """Law and words together."""
        return {**self.law, **self.words}


def records(pack: Pack) -> dict[Key, Record]:
    """Every record of a pack, by its key."""
    found = [*_of_pack(pack)]
    for domain in pack.domains.values():
        found += _Domain(pack, domain).records()
    return {record.key: record for record in found}


def split(value: Any, drop: Collection[str] = ()) -> Halves:
    """What a record says, and what is said about it."""
    bearing: dict[str, Any] = {}
    words: dict[str, Any] = {}
    for one in fields(value):
        if one.name in _APART or one.name in drop:
            continue
        part = words if one.name in WORDS else bearing
        part[one.name] = plain(getattr(value, one.name))
    return bearing, words


# -- of the whole pack ---------------------------------------------------------------------------------------------------------


def _of_pack(pack: Pack) -> Iterator[Record]:
    code, spot = pack.jurisdiction, pack.spot
    settings = {
        "time_zone": pack.time_zone, "currency": pack.currency, "extends": list(pack.extends),
        "on_unknown": dict(pack.on_unknown), "list_for": list(pack.list_for),
    }  # fmt: skip
    for name, value in settings.items():
        key = Kind.SETTING, code, None, name
        law, ours = {"value": value}, name == "on_unknown"
        basis = Basis.HOUSE if ours else None
        yield Record(key, f"pack.{name}", name, law, {}, None, basis, not ours, None, None, spot.file, spot.line)
    head = {"name": pack.name, "version": pack.version, "verified": plain(pack.verified)}
    yield Record(
        (Kind.PACK, code, None, code), "pack", pack.name, {}, head, None, None, False, None, None, spot.file, spot.line
    )
    for member in pack.members:
        start = _day(member.start)
        name = f"{member.place} from={start.isoformat() if start else 'unread'}"
        law, words = split(member, drop=("place",))
        yield Record(
            (Kind.MEMBER, code, None, name), f"members[{name}]", member.place, law, words, member.cite, None, True,
            start, member.end, member.spot.file, member.spot.line,
        )  # fmt: skip
    cited = _cited_by_statute(pack)
    for source in pack.sources.values():
        _, words = split(source, drop=("id",))
        words |= {name: plain(getattr(source, name)) for name in ("kind", "url", "published", "in_force", "applies")}
        yield Record(
            (Kind.SOURCE, code, None, source.id), f"sources.{source.id}", source.title, {}, words, None, None,
            source.id in cited, None, None, source.spot.file, source.spot.line, bears=False,
        )  # fmt: skip


def _cited_by_statute(pack: Pack) -> frozenset[str]:
    found: set[str] = set()
    for domain in pack.domains.values():
        dated: tuple[Any, ...] = (*domain.rules, *domain.rates, *domain.parameters.values(), *domain.scenarios)
        found.update(one.cite.source for one in dated if one.basis is Basis.STATUTE and one.cite)
        values = (value for one in domain.parameters.values() if one.basis is Basis.STATUTE for value in one.values)
        found.update(value.cite.source for value in values if value.cite)
    return frozenset(found)


# -- of one domain -------------------------------------------------------------------------------------------------------------


class _Domain:
    """One domain of one pack."""

    def __init__(self, pack: Pack, domain: Domain):
        self._code, self._domain = pack.jurisdiction, domain
        statutes = [rule.when for rule in domain.rules if rule.basis is Basis.STATUTE]
        self._terms = frozenset(part.name for node in statutes for part in walk(node) if isinstance(part, Let))
        self._past = frozenset(name for node in statutes for name in past_used(node))

    def records(self) -> Iterator[Record]:
        """All of them."""
        domain, file = self._domain, self._domain.files[0] if self._domain.files else ""
        head = {"note": domain.note}
        yield self._record(Kind.DOMAIN, domain.name, "note", domain.name, ({}, head), file=file, line=1)
        for parameter in domain.parameters.values():
            yield from self._parameter(parameter)
        for let in domain.lets.values():
            halves = {"is": plain(let.body)}, {"label": let.label, "text": plain(let.text)}
            yield self._of(Kind.TERM, let, let.name, f"terms.{let.name}", halves, statute=let.name in self._terms)
        for feature in domain.features.values():
            statute = feature.name in self._past
            yield self._of(
                Kind.FEATURE, feature, feature.name, f"features.{feature.name}", split(feature), statute=statute
            )
        for rule in domain.rules:
            yield self._rule(rule)
            for test in rule.tests:
                yield self._example(Kind.TEST, test, f"{rule.id}: {test.name}", f"rules[{rule.id}].tests[{test.name}]")
        for case in domain.cases:
            yield self._example(Kind.CASE, case, case.name, f"cases[{case.name}]")
        for rate in domain.rates:
            yield self._of(Kind.RATE, rate, rate.id, f"rates[{rate.id}]", split(rate))
        for area in domain.territories:
            yield self._of(Kind.TERRITORY, area, area.id, f"territories[{area.id}]", split(area), statute=True)
        for scenario in domain.scenarios:
            halves = split(scenario)
            yield self._of(Kind.SCENARIO, scenario, scenario.id, f"scenarios[{scenario.id}]", halves)

    def _parameter(self, parameter: Parameter) -> Iterator[Record]:
        halves = split(parameter, drop=("type", "overridable", "values"))
        halves[1]["overridable"] = plain(parameter.overridable)
        path = f"parameters.{parameter.name}"
        yield self._of(Kind.PARAMETER, parameter, parameter.name, path, halves, unit=parameter.unit)
        for value in parameter.values:
            yield self._value(parameter, value, path)

    def _value(self, parameter: Parameter, value: Value, path: str) -> Record:
        day = _day(value.start)
        name = "pending" if value.pending else f"from={day.isoformat() if day else 'unread'}"
        shown = list(map(str, value.value)) if isinstance(value.value, tuple) else value.raw
        law = {"from": plain(day), "value": shown if value.known else plain(value.value)}
        words = {"cite": plain(value.cite), "confidence": plain(value.confidence), "note": value.note}
        words |= {"evidence": value.evidence, "deadline": plain(value.deadline)}
        if value.pending:  # never selected: law that has no day yet
            words, law = {**words, "pending": True}, {}
        key = Kind.VALUE, self._code, self._domain.name, f"{parameter.name}[{name}]"
        return Record(
            key, f"{path}.values[{name}]", parameter.label, law, words, value.cite or parameter.cite, parameter.basis,
            parameter.basis is Basis.STATUTE, None if value.pending else day, None, value.spot.file, value.spot.line,
            parameter.unit, bears=not value.pending,
        )  # fmt: skip

    def _rule(self, rule: Rule) -> Record:
        return self._of(Kind.RULE, rule, rule.id, f"rules[{rule.id}]", split(rule, drop=("tests",)))

    def _of(
        self, kind: Kind, one: Any, name: str, path: str, halves: Halves, *,
        statute: bool | None = None, unit: str | None = None,
    ) -> Record:  # fmt: skip
        basis = getattr(one, "basis", None)
        label = getattr(one, "title", "") or getattr(one, "label", "") or getattr(one, "name", "") or name
        return Record(
            (kind, self._code, self._domain.name, name), path, label, *halves, getattr(one, "cite", None), basis,
            basis is Basis.STATUTE if statute is None else statute, _day(getattr(one, "start", None)),
            getattr(one, "end", None), one.spot.file, one.spot.line, unit,
        )  # fmt: skip

    def _example(self, kind: Kind, one: Any, name: str, path: str) -> Record:
        return self._record(kind, name, path, name, ({}, plain(one)), file=one.spot.file, line=one.spot.line)

    def _record(self, kind: Kind, name: str, path: str, label: str, halves: Halves, *, file: str, line: int) -> Record:
        key = kind, self._code, self._domain.name, name
        return Record(key, path, label, *halves, None, None, False, None, None, file, line, bears=False)


def _day(day: date | None) -> date | None:
    return None if day is None or day == UNREAD_START else day
