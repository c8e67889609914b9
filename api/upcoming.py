"""What of a release begins or ends within some days, by itself: the law was dated when it was released."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from engine.language.law import Gap
from engine.packs import PackSet
from engine.packs.model import Cite, Confidence, Domain, Pack, Parameter, TaxRate, Value

Turn = Literal["begins", "ends", "changes"]


@dataclass(frozen=True, slots=True)
class Coming:
    """One entry of a pack that turns on a day. `old`, `new`: as the pack writes them; None: nothing, or nothing known."""

    day: date
    turn: Turn
    pack: str
    place: str
    """The name of the jurisdiction."""
    domain: str | None
    """None: of the whole pack, such as a member of a group."""
    kind: Literal["parameter", "rule", "rate", "territory", "member"]
    name: str
    label: str
    old: str | None
    new: str | None
    unit: str | None
    instrument: str | None
    provision: str | None
    url: str | None
    confidence: str
    note: str
    unread: bool = False
    """It is known that it turns, and not yet to what."""


@dataclass(frozen=True, slots=True)
class _Days:
    """After the first, up to the last, which counts."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first < day <= self.last


def coming(packs: PackSet, today: date, days: int) -> list[Coming]:
    """What turns after today and at most so many days later, the nearest first. Values that have no day yet are not told."""
    within = _Days(today, today + timedelta(days=days))
    found = [one for pack in packs.packs.values() for one in _of_pack(pack, within)]
    return sorted(found, key=lambda one: (one.day, one.pack, one.domain or "", one.name))


def _of_pack(pack: Pack, within: _Days) -> Iterator[Coming]:
    for member in pack.members:
        for day, turn in ((member.start, "begins"), (member.end, "ends")):
            if day in within:
                grade = member.confidence or Confidence.R
                yield _told(pack, None, ("member", member.place, member.place), (day, turn), member.cite, grade)
    for domain in pack.domains.values():
        for parameter in domain.parameters.values():
            for value in parameter.values:
                if value.start in within and not value.pending:
                    yield from _value(pack, domain, parameter, value)
        yield from _rules(pack, domain, within)
        yield from _rates(pack, domain, within)
        for land in domain.territories:
            for day, turn in ((land.start, "begins"), (land.end, "ends")):
                if day in within:
                    named = "territory", land.id, land.name
                    yield _told(pack, domain.name, named, (day, turn), land.cite, land.confidence, note=land.note)


def _value(pack: Pack, domain: Domain, parameter: Parameter, value: Value) -> Iterator[Coming]:
    before = parameter.at(value.start - timedelta(days=1))
    old, new = None if before is None else _said(before), _said(value)
    if old == new and before is not None:
        # Cited anew, or confirmed: nobody is answered otherwise.
        return
    unread = value.value is Gap.UNREAD
    turn = "begins" if old is None else "ends" if new is None and not unread else "changes"
    named = "parameter", parameter.name, parameter.label or parameter.name
    cite, grade = value.cite or parameter.cite, value.confidence or parameter.confidence
    yield _told(
        pack, domain.name, named, (value.start, turn), cite, grade,
        values=(old, new, parameter.unit, unread), note=value.note or parameter.note,
    )  # fmt: skip


def _said(value: Value) -> str | None:
    if isinstance(value.value, Gap):
        return None
    if isinstance(value.value, tuple | list | frozenset | set):
        return ", ".join(
            sorted(map(str, value.value)) if isinstance(value.value, set | frozenset) else map(str, value.value)
        )
    return value.raw


def _rules(pack: Pack, domain: Domain, within: _Days) -> Iterator[Coming]:
    for rule in domain.rules:
        for day, turn in ((rule.start, "begins"), (rule.end, "ends")):
            if day in within:
                named = "rule", rule.id, rule.title
                yield _told(pack, domain.name, named, (day, turn), rule.cite, rule.confidence, note=rule.note)


def _rates(pack: Pack, domain: Domain, within: _Days) -> Iterator[Coming]:
    followed = set()
    for rate in domain.rates:
        if rate.start in within:
            before = next((one for one in domain.rates if one.end == rate.start and _same(one, rate)), None)
            if before is not None:
                followed.add(before.id)
            if before is None or (_percent(before), before.kind) != (_percent(rate), rate.kind):
                yield _rate(pack, domain, rate, before)
    for rate in domain.rates:
        if rate.end in within and rate.id not in followed:
            yield _rate(pack, domain, None, rate)


def _same(one: TaxRate, other: TaxRate) -> bool:
    keys = [(rate.category, rate.component, rate.supplies, rate.condition) for rate in (one, other)]
    return keys[0] == keys[1]


def _rate(pack: Pack, domain: Domain, rate: TaxRate | None, before: TaxRate | None) -> Coming:
    shown = rate or before
    assert shown is not None, "one of them turns"
    day = rate.start if rate else shown.end
    assert day is not None, "it lies within"
    turn: Turn = "ends" if rate is None else "begins" if before is None else "changes"
    values = before and _percent(before), rate and _percent(rate), "percent", rate is not None and rate.unread
    named = "rate", shown.id, f"{shown.category}, {shown.component}"
    return _told(pack, domain.name, named, (day, turn), shown.cite, shown.confidence, values=values, note=shown.note)


def _percent(rate: TaxRate) -> str | None:
    return None if rate.unread else rate.kind if rate.percent is None else f"{rate.percent.normalize():f}"


def _told(
    pack: Pack, domain: str | None, named: tuple[Any, str, str], when: tuple[Any, Any], cite: Cite | None, grade: Confidence,
    *, values: tuple[str | None, str | None, str | None, bool] = (None, None, None, False), note: str = "",
) -> Coming:  # fmt: skip
    """`named`: kind, name, label; `when`: the day, and what happens then; `values`: old, new, unit, whether the new is unread."""
    source = pack.sources.get(cite.source) if cite else None
    return Coming(
        when[0], when[1], pack.jurisdiction, pack.name, domain, *named, *values[:3], source.title if source else None,
        cite.at if cite else None, source.url if source else None, grade.value, note, values[3],
    )  # fmt: skip
