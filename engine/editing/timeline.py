"""The dated entries of a file as spans on a line of time, with the days on which nothing holds and those on which two do: what
the checker itself knows of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import Final

from engine.language.law import Gap
from engine.language.tree import params_used
from engine.packs.lint.tax import STANDARD, asks, common, days_of, holes, replaced
from engine.packs.lint.times import absent_on
from engine.packs.lint.view import View
from engine.packs.model import UNREAD_START, Domain, Pack, Parameter, Rule, TaxRate, Value

_OPEN: Final = date.max


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to the day before another. None: from the beginning, or without an end. `state`: `value`, `none`, `unread` or
    `pending`."""

    start: date | None
    end: date | None
    state: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Days on which something is wrong. `kind`: `gap` (nothing holds and something is asked for) or `overlap` (two hold);
    `by`: the rule that asks, or the other line."""

    kind: str
    start: date | None
    end: date | None
    by: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `kind`: `parameter`, `rule` or `rate`."""

    kind: str
    name: str
    label: str
    spans: tuple[Span, ...]
    faults: tuple[Fault, ...]
    line: int


def timelines(packs: Mapping[str, Pack], files: Mapping[str, str], path: str, today: date) -> tuple[Row, ...]:
    """Every parameter, rule and kind of rate of a file, in its order. `packs`: its own, and those that it extends."""
    pack = packs.get(path.partition("/")[0])
    if pack is None:
        return ()
    view = View(packs, files, today, frozenset(), focus=frozenset({pack.jurisdiction}))
    rows: list[Row] = []
    for part in pack.domains.values():
        if path in part.files:
            rows += [_parameter(view, pack, part, one) for one in part.parameters.values() if one.spot.file == path]
            rows += [_rule(one) for one in part.rules if one.spot.file == path]
            rows += list(_rates(part, path))
    return tuple(sorted(rows, key=lambda row: row.line))


def _started(day: date) -> date | None:
    return None if day == UNREAD_START else day


def _ended(day: date | None) -> date | None:
    return None if day in (None, _OPEN) else day


# -- parameters ----------------------------------------------------------------------------------------------------------


def _parameter(view: View, pack: Pack, part: Domain, parameter: Parameter) -> Row:
    dated = [value for value in parameter.values if not value.pending]
    ordered = sorted(dated, key=lambda value: value.start)
    spans = [
        Span(_started(one.start), None if after is None else after.start, _state(one), _text(one), one.spot.line)
        for one, after in zip(ordered, [*ordered[1:], None], strict=True)
    ]
    spans += [Span(one.deadline, None, "pending", "", one.spot.line) for one in parameter.values if one.pending]
    twice = [
        Fault("overlap", one.start, one.start, _text(two)) for one, two in pairwise(ordered) if one.start == two.start
    ]
    lacks = list(_lacks(view, pack, part, parameter))
    return Row("parameter", parameter.name, parameter.label, tuple(spans), (*twice, *lacks), parameter.spot.line)


def _state(value: Value) -> str:
    return {Gap.UNREAD: "unread", Gap.NONE: "none"}.get(value.value, "value") if not value.known else "value"


def _text(value: Value) -> str:
    return value.raw if not isinstance(value.value, tuple) else ", ".join(map(str, value.value))


def _lacks(view: View, pack: Pack, part: Domain, parameter: Parameter) -> Iterator[Fault]:
    """The days of each rule that reads the parameter on which it has no value, here or in what the pack extends."""
    chain = view.chain(pack)
    for rule in part.rules:
        if parameter.name not in params_used(rule.when):
            continue
        open_one: tuple[date, date | None] | None = None
        for period in view.lives(rule, chain, part.name):
            if absent_on(view, chain, part, period, parameter.name):
                open_one = (open_one[0] if open_one else period.start, period.end)
            elif open_one:
                yield Fault("gap", _started(open_one[0]), open_one[1], rule.id)
                open_one = None
        if open_one:
            yield Fault("gap", _started(open_one[0]), open_one[1], rule.id)


# -- rules ---------------------------------------------------------------------------------------------------------------


def _rule(rule: Rule) -> Row:
    span = Span(_started(rule.start), rule.end, "value", rule.title, rule.spot.line)
    empty = rule.end is not None and rule.end <= rule.start
    faults = (Fault("gap", _started(rule.start), rule.end, rule.id),) if empty else ()
    return Row("rule", rule.id, rule.title, (span,), faults, rule.spot.line)


# -- rates ---------------------------------------------------------------------------------------------------------------


def _rates(part: Domain, path: str) -> Iterator[Row]:
    """The lines of one thing below each other in time: the same tax of the same supplies under the same condition."""
    groups: dict[object, list[TaxRate]] = {}
    for rate in part.rates:
        if rate.spot.file == path:
            groups.setdefault((rate.component, rate.category, asks(rate)), []).append(rate)
    standard = [rate for rate in part.rates if rate.category == STANDARD and rate.start < (rate.end or _OPEN)]
    for rates in groups.values():
        first = rates[0]
        ordered = sorted(rates, key=lambda rate: rate.start)
        spans = [
            Span(_started(one.start), one.end, "unread" if one.unread else "value", _percent(one), one.spot.line)
            for one in ordered
        ]
        label = " ".join(filter(None, (first.component, first.category, ", ".join(first.supplies), first.condition)))
        faults = [*_doubled(ordered), *(_missing(ordered, standard) if first.category == STANDARD else ())]
        yield Row("rate", rates[-1].id, label, tuple(spans), tuple(faults), first.spot.line)


def _percent(rate: TaxRate) -> str:
    return rate.kind if rate.percent is None else f"{rate.percent:f}"


def _doubled(rates: list[TaxRate]) -> Iterator[Fault]:
    for one, two in combinations(rates, 2):
        day = common(days_of(one), days_of(two))
        if day is not None:
            yield Fault("overlap", _started(day), _ended(min(days_of(one)[1], days_of(two)[1])), two.id)


def _missing(rates: list[TaxRate], standard: list[TaxRate]) -> Iterator[Fault]:
    others = [days_of(one) for one in standard if one.component != rates[0].component]
    own = [one for one in rates if one.start < (one.end or _OPEN)]
    for (start, end), following in holes(own).items():
        if not replaced(start, end, others):
            yield Fault("gap", _started(start), end, following.id)
