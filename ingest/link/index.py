"""Every place in a release that a publication may change, found by its place, its instruments, its numbers and its words."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from engine.packs.model import Cite, Domain, Pack, Parameter, Rule, TaxRate, Value
from engine.packs.packset import PackSet
from ingest.link.glossary import FREE
from ingest.link.instruments import keys
from ingest.link.target import Entry, Held, Target, TargetKind
from ingest.link.words import stem, words_of
from ingest.read.model import Unit

_FREE: Final = frozenset(map(stem, FREE))
MEMBERS: Final = "members"
"""The name of what stands on a list."""
_UNITS: Final = {
    "percent": Unit.PERCENT, "bps": Unit.PERCENT, "days": Unit.DAYS, "months": Unit.MONTHS, "years": Unit.YEARS,
    "count": Unit.COUNT, "items": Unit.COUNT, "persons": Unit.COUNT, "devices": Unit.COUNT, None: Unit.COUNT,
}  # fmt: skip
_PERIOD: Final = re.compile(r"P(\d+)([DMY])", re.ASCII)
_PERIODS: Final = {"D": Unit.DAYS, "M": Unit.MONTHS, "Y": Unit.YEARS}
_NOT_LAW: Final = frozenset({"iban_length", "national_id_modules", "stdnum_module", "sepa_zone"})
"""Tables of formats: they are many, and no regulator's publication changes them by a number."""
_LISTED: Final = re.compile(r"(?:rate_listed|listed_rate)")
"""Parameters that repeat a rate as somebody lists it, the number in their very name: the lines of rates are the law."""
_SAID: Final = {
    "standard": "standard", "reduced": "reduced", "super_reduced": "super reduced", "parking": "parking",
    "increased": "increased", "zero": "zero", "exempt": "exempt",
}  # fmt: skip


class Index:
    """The targets of a release. Immutable once it is built."""

    def __init__(self, release: PackSet):
        self.release = release
        self.entries: list[Entry] = []
        self.by_place: dict[str, list[int]] = {}
        """Pack -> its entries."""
        for code, pack in sorted(release.packs.items()):
            first = len(self.entries)
            self.entries.extend(_entries(pack, release))
            self.by_place[code] = list(range(first, len(self.entries)))
        self.weights = _weights(self.entries)
        """Word -> how much it tells apart; those that every second name has tell nearly nothing."""
        self._by_id = {(one.target.place, one.target.domain, one.target.name): one for one in self.entries}

    def entry(self, target: Target) -> Entry:
        """What is known of a target. Raises KeyError for one of another release."""
        return self._by_id[target.place, target.domain, target.name]

    def find(self, place: str, domain: str, name: str) -> Entry | None:
        """A target by its names. A line of rates is found by the id of any of its lines."""
        found = self._by_id.get((place, domain, name))
        if found is not None:
            return found
        here = (self.entries[at] for at in self.by_place.get(place, ()))
        return next((one for one in here if one.target.domain == domain and name in one.target.lines), None)


def index_of(release: PackSet) -> Index:
    """The index of a release, built once and kept with it."""
    kept = release.derived.get("ingest.index")
    if not isinstance(kept, Index):
        kept = release.derived["ingest.index"] = Index(release)
    return kept


def _weights(entries: Iterable[Entry]) -> dict[str, float]:
    """Inverse frequency over names, one count a name and domain: the same name in forty packs is one name."""
    names = {(one.target.domain, one.target.kind, one.own): one.own | one.more for one in entries}
    counts = Counter(word for words in names.values() for word in words)
    total = max(len(names), 2)
    return {word: math.log(1 + total / count) / math.log(1 + total) for word, count in counts.items()}


def _entries(pack: Pack, release: PackSet) -> Iterator[Entry]:
    if pack.list_for:
        yield _list(pack)
    for domain in pack.domains.values():
        for parameter in domain.parameters.values():
            if parameter.name not in _NOT_LAW and parameter.kind not in ("text", "place") and not _listed(parameter):
                yield _parameter(pack, domain, parameter, release)
        yield from _rates(pack, domain, release)
        for rule in domain.rules:
            yield _rule(pack, domain, rule, release)


def _listed(parameter: Parameter) -> bool:
    return _LISTED.search(parameter.name) is not None


# -- parameters --------------------------------------------------------------------------------------------------------------


def _parameter(pack: Pack, domain: Domain, one: Parameter, release: PackSet) -> Entry:
    unit, currency = unit_of(one, domain)
    values = [value for value in one.values if not value.pending]
    ends = [*(value.start for value in values[1:]), None][: len(values)]
    held = tuple(_value(one, value, end) for value, end in zip(values, ends, strict=True))
    target = Target(
        pack.jurisdiction, domain.name, one.name, TargetKind.PARAMETER, one.spot.file, one.spot.line, one.label
    )
    cites = [one.cite, *(value.cite for value in one.values)]
    notes = " ".join((one.label, *(value.note for value in one.values), one.note))
    traits = frozenset({f"type:{one.kind}", f"basis:{one.basis.value}"})
    own = words_of(one.name)
    more = words_of(notes) - own
    return Entry(target, unit, currency, held, _cited(pack, cites, release), own, more, own - _FREE, traits)


def unit_of(one: Parameter, domain: Domain) -> tuple[Unit | None, str | None]:
    """The unit of a parameter's numbers, and the currency of its amounts: its own, or that of the parameter beside it."""
    beside = domain.parameters.get(f"{one.name}_currency")
    if one.kind == "decimal" and beside is not None and beside.values:
        return Unit.AMOUNT, beside.values[-1].raw or None
    if one.kind == "money":
        return Unit.AMOUNT, one.unit
    if one.kind in ("rate", "decimal") and one.unit in ("percent", "bps"):
        return Unit.PERCENT, None
    if one.kind in ("int", "decimal"):
        guessed = next((unit for word, unit in _NAMED_UNITS if word in one.name), None) if one.unit is None else None
        return guessed or _UNITS.get(one.unit), None
    periods = {match[2] for value in one.values if (match := _PERIOD.fullmatch(value.raw))}
    if one.kind in ("token", "text") and len(periods) == 1:
        return _PERIODS[periods.pop()], None
    return None, None


_NAMED_UNITS: Final = (
    ("years", Unit.YEARS), ("retention", Unit.YEARS), ("period", Unit.YEARS), ("interval", Unit.YEARS), ("days", Unit.DAYS),
    ("deadline", Unit.DAYS), ("renewal", Unit.DAYS), ("lookback", Unit.DAYS), ("months", Unit.MONTHS), ("owner", Unit.PERCENT),
    ("percent", Unit.PERCENT),
)  # fmt: skip
"""Parts of names that tell the unit of a number that has none of its own."""


def _value(parameter: Parameter, value: Value, end: date | None) -> Held:
    text = value.raw if value.known else ""
    return Held(value.start, end, number_of(parameter, text), text, value.spot.line)


def number_of(parameter: Parameter, text: str) -> Decimal | None:
    """A value as a publication would tell it: percent of basis points, the number of a period."""
    period = _PERIOD.fullmatch(text)
    if period is not None:
        return Decimal(period[1])
    if parameter.kind not in ("money", "int", "decimal", "rate"):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number / 100 if parameter.unit == "bps" else number


# -- rates of tax ------------------------------------------------------------------------------------------------------------


def _rates(pack: Pack, domain: Domain, release: PackSet) -> Iterator[Entry]:
    """Lines of one thing are one target, however often its rate, and what the law calls it, changed."""
    series: defaultdict[tuple[str, str, tuple[str, ...], str], list[TaxRate]] = defaultdict(list)
    for rate in domain.rates:
        series[rate.component, rate.category, rate.supplies, rate.condition].append(rate)
    for (component, category, supplies, condition), unsorted in series.items():
        lines = sorted(unsorted, key=lambda rate: rate.start)
        last = lines[-1]
        kind = _SAID[last.kind]
        thing = f"on {category.replace('_', ' ')}" if category != "standard" else ""
        label = " ".join(filter(None, (f"{kind} rate of {component.upper().replace('_', ' ')}", thing, condition)))
        target = Target(
            pack.jurisdiction, domain.name, last.id, TargetKind.RATE, last.spot.file, last.spot.line, label,
            tuple(rate.id for rate in lines),
        )  # fmt: skip
        held = tuple(
            Held(
                one.start,
                one.end,
                one.percent,
                "" if one.percent is None else f"{one.percent:f}",
                one.spot.line,
                one.id,
            )
            for one in lines
        )
        own = words_of(category) if category != "standard" else frozenset({stem("standard")})
        more = words_of(f"{kind} {component} {condition} {' '.join(supplies)}") - own
        traits = frozenset({f"kind:{last.kind}", f"component:{component}", f"category:{category}"})
        cites = _cited(pack, [one.cite for one in lines], release)
        yield Entry(target, Unit.PERCENT, None, held, cites, own, more, own | more, traits)


# -- lists and rules ---------------------------------------------------------------------------------------------------------


def _list(pack: Pack) -> Entry:
    domain = pack.list_for[0]
    target = Target(pack.jurisdiction, domain, MEMBERS, TargetKind.LIST, pack.spot.file, pack.spot.line, pack.name)
    cites = _cited(pack, [member.cite for member in pack.members], None)
    return Entry(target, None, None, (), cites, frozenset(), words_of(pack.name))


def _rule(pack: Pack, domain: Domain, rule: Rule, release: PackSet) -> Entry:
    target = Target(
        pack.jurisdiction, domain.name, rule.id, TargetKind.RULE, rule.spot.file, rule.spot.line, rule.title
    )
    held = (Held(rule.start, rule.end, None, "", rule.spot.line),)
    own = frozenset(
        word for word in words_of(rule.id.replace(".", "_")) if word not in (domain.name, pack.jurisdiction.lower())
    )
    more = words_of(f"{rule.title} {rule.effect.name} {rule.note}") - own
    cites = _cited(pack, [rule.cite], release)
    traits = frozenset({f"effect:{rule.effect.kind}"})
    return Entry(target, None, None, held, cites, own, more, own - _FREE, traits)


def _cited(pack: Pack, cites: Iterable[Cite | None], release: PackSet | None) -> tuple[tuple[str, str], ...]:
    """Keys of the instruments, each with the provision. Sources of a parent may be cited as the pack's own."""
    found: dict[tuple[str, str], None] = {}
    for cite in cites:
        if cite is None:
            continue
        source = pack.sources.get(cite.source)
        if source is None and release is not None:
            above = (release.packs[code].sources.get(cite.source) for code in _above(pack, release))
            source = next((one for one in above if one is not None), None)
        named = (source.title if source else "", cite.at)
        for key in sorted(frozenset().union(*(keys(name) for name in named if name))):
            found[key, cite.at] = None
    return tuple(found)


def _above(pack: Pack, release: PackSet) -> Iterator[str]:
    waiting, seen = list(pack.extends), set[str]()
    while waiting:
        code = waiting.pop(0)
        if code in release.packs and code not in seen:
            seen.add(code)
            yield code
            waiting.extend(release.packs[code].extends)


__all__ = ["MEMBERS", "Index", "index_of", "number_of", "unit_of"]
