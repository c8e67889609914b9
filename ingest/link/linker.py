"""From a reading to the targets that it may change: ranked, each with its reasons and the words that they stand on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.packs.packset import PackSet
from ingest.link.concerned import INTERNATIONAL, Concerned, concerned, members_of
from ingest.link.glossary import FREE
from ingest.link.index import index_of
from ingest.link.instruments import articles, keys
from ingest.link.movements import Movement, movements
from ingest.link.target import Entry, Held, Link, Reason, TargetKind
from ingest.link.words import Told, stem
from ingest.read.model import ChangeType, DateRole, Instrument, Pair, Reading, Span, Topic, Unit
from ingest.read.sentences import sentence_around

_DOMAINS: Final = {
    Topic.SCA: ("sca", "methods"), Topic.AML: ("aml", "kyc"), Topic.KYC: ("kyc", "aml"), Topic.SANCTIONS: ("aml", "kyc"),
    Topic.RESIDENCY: ("residency",), Topic.METHODS: ("methods", "sca", "kyc", "aml"), Topic.TAX: ("tax",),
    Topic.LICENSING: ("kyc",),
}  # fmt: skip
"""Topic -> the domains that hold its law, the likeliest first."""
_FREE: Final = frozenset(map(stem, FREE))
_COUNTED: Final = frozenset({Unit.DAYS, Unit.MONTHS, Unit.YEARS})
"""What a number without a unit may count."""
_SCALE: Final = 5.0
_LEAST: Final = 1.2
"""A sum of reasons below this is chance."""
_EVIDENT: Final = frozenset({"value", "new_value", "known", "words", "provision", "instrument", "date"})
"""Reasons that a link may stand on; the others only rank."""
_TITLE: Final = 0.8
_OPENING: Final = 1_200
"""Characters after the title that tell most where no number is replaced."""
_LISTS: Final = {
    "FATF-GREY": ("grey", "monitoring"), "FATF-BLACK": ("black", "action"), "HIGH-RISK": ("high", "risk", "third"),
    "EMBARGO": ("embargo",), "ADEQUACY": ("adequacy",), "CONCERN": ("concern",),
}  # fmt: skip
"""Beginning of a list's name -> words by which publications call it."""


@dataclass(slots=True)
class _Found:
    """What speaks for an entry."""

    total: float = 0.0
    reasons: list[Reason] = field(default_factory=list)

    def add(self, weight: float, code: str, words: str, span: Span | None = None) -> None:
        self.total += weight
        if weight > 0:
            self.reasons.append(Reason(code, words, span))


class Linker:
    """Links readings to the targets of one release. Building it takes a second; it may then be asked by many."""

    def __init__(self, release: PackSet):
        self.release = release
        self.index = index_of(release)
        self._citing: dict[str, list[int]] = {}
        for at, entry in enumerate(self.index.entries):
            for key in {key for key, _ in entry.cites}:
                self._citing.setdefault(key, []).append(at)

    def links(self, reading: Reading, *, jurisdiction: str | None = None, most: int = 10) -> tuple[Link, ...]:
        """The targets that a reading may change, the likeliest first; none of what is not relevant.

        `jurisdiction`: of the source, which counts where the text names no place, and less where it names another.
        """
        if not reading.relevant:
            return ()
        asked = _Asked(reading)
        found: list[Link] = []
        for code, where in concerned(reading, jurisdiction, self.release).items():
            for at in self.index.by_place.get(code, ()):
                link = self._link(self.index.entries[at], asked, where)
                if link is not None:
                    found.append(link)
        found.extend(self._members(asked, {link.target.id for link in found}))
        found.sort(key=lambda link: (-link.score, link.target.place, link.target.domain, link.target.name))
        return tuple(found[:most])

    def _members(self, asked: _Asked, known: set[str]) -> list[Link]:
        """Law of the Union that is changed concerns the members that have put its numbers into their own."""
        group = next((one for one in asked.reading.places if one.name in ("EU", "EEA")), None)
        if group is None or not asked.instruments:
            return []
        here = members_of(self.release, "EEA") | members_of(self.release, "EU")
        found: list[Link] = []
        for key in sorted(asked.instruments):
            for at in self._citing.get(key, ()):
                entry = self.index.entries[at]
                if entry.target.place in here and entry.target.id not in known:
                    link = self._link(entry, asked, Concerned(0.4, entry.target.place, group.span))
                    if link is not None and link.has("value"):
                        known.add(entry.target.id)
                        found.append(link)
        return found

    def _link(self, entry: Entry, asked: _Asked, where: Concerned) -> Link | None:
        if entry.target.kind is TargetKind.LIST:
            found = _of_list(entry, asked)
        else:
            silent = entry.telling.isdisjoint(asked.words.near)
            if silent and not asked.cites(entry) and not asked.held(entry):
                return None
            found = self._of_number(entry, asked)
        if found is None:
            return None
        _by_topic(entry, asked, found)
        total = found.total * where.weight
        if total < _LEAST:
            return None
        found.reasons.append(Reason("place", f"the law of {entry.target.place}: {where.named} is named", where.span))
        return Link(entry.target, round(1 - math.exp(-total / _SCALE), 4), tuple(found.reasons))

    def _of_number(self, entry: Entry, asked: _Asked) -> _Found | None:
        found = _Found()
        _by_instrument(entry, asked, found)
        best: _Found | None = None
        for pair, told in asked.pairs:
            one = _Found()
            _by_value(entry, pair, asked.day, one)
            self._by_words(entry, told, 3.0, one, "beside the number")
            if best is None or one.total > best.total:
                best = one
        if best is not None:
            found.total += best.total
            found.reasons.extend(best.reasons)
        elif entry.unit is not None:
            _by_number(entry, asked, found)
        said = self._by_words(entry, asked.words, 1.3 if asked.pairs else 3.0, found, "in the text")
        _by_shape(entry, asked, found, said=said)
        evident = any(
            reason.code in ("value", "new_value", "known", "words", "provision", "instrument")
            for reason in found.reasons
        )
        return found if evident else None

    def _by_words(self, entry: Entry, told: Told, weight: float, found: _Found, where: str) -> bool:
        """How much of the name is told. Words that every name has count a fifth."""
        weights = self.index.weights
        whole = told_of = 0.0
        names: list[str] = []
        for word in entry.own:
            worth = weights.get(word, 1.0) * (0.2 if word in _FREE else 1.0)
            whole += worth
            if word in told.near:
                told_of += worth * told.near[word]
                if word not in _FREE:
                    names.append(word)
        coverage = told_of / whole if whole else 0.0
        beside = sorted(word for word in entry.more if word in told.near and word not in _FREE)
        extra = min(1.2, sum(weights.get(word, 1.0) * 0.45 * told.near[word] for word in beside))
        if not names and extra < 0.2:
            return False
        shown = sorted(names, key=lambda word: (-weights.get(word, 1.0), word)) or beside
        spans = [told.spans[word] for word in shown[:4]]
        total = (
            weight * coverage
            + 0.4 * told_of
            + (extra if coverage or entry.target.kind is TargetKind.RATE else extra * 0.5)
        )
        found.add(total, "words", f"{told.said(spans)} {where}", spans[0])
        return bool(names)


class _Asked:
    """A reading, made ready to be held against many entries."""

    def __init__(self, reading: Reading):
        self.reading = reading
        effective = reading.effective
        self.day: date | None = effective.day if effective is not None and effective.exact else None
        self.instruments: dict[str, Instrument] = {}
        self.provisions: dict[str, set[str]] = {}
        for one in reading.instruments:
            for key in keys(one.name):
                self.instruments.setdefault(key, one)
                self.provisions.setdefault(key, set()).update(articles(one.provision) if one.provision else ())
        title = reading.text.find("\n")
        head = title if title > 0 else len(reading.text)
        around = [sentence_around(reading.text, reading.language, pair.span) for pair in reading.pairs]
        zones = [(one.start, one.end, 0.6) for one in around]
        begin = (0, head, _TITLE) if zones else (0, head, 1.0)
        self.words = Told(reading.text, [begin, *(zones or [(head, head + _OPENING, 0.7)])])
        self.pairs = [(pair, _beside(reading, pair)) for pair in reading.pairs]
        olds = {pair.old.value for pair in reading.pairs if pair.old}
        told = () if reading.pairs else reading.quantities
        self.numbers = olds | {pair.new.value for pair in reading.pairs} | {one.value for one in told}
        self.topics: dict[str, float] = {}
        for topic in reading.topics:
            for at, domain in enumerate(_DOMAINS.get(Topic(topic.name), ())):
                self.topics[domain] = max(self.topics.get(domain, 0.0), topic.score * (1.0 if at == 0 else 0.8))
        listed = reading.change is ChangeType.LIST or any(self.words.near.keys() & set(one) for one in _LISTS.values())
        self.movements: tuple[Movement, ...] = movements(reading) if listed else ()

    def cites(self, entry: Entry) -> bool:
        """Whether the same instrument is named."""
        return bool(self.instruments) and any(key in self.instruments for key, _ in entry.cites)

    def held(self, entry: Entry) -> bool:
        """Whether a number that is replaced is one of the entry's."""
        return any(one.number in self.numbers for one in entry.held)


def _beside(reading: Reading, pair: Pair) -> Told:
    """What is told beside a pair: the words that say of what; the clause between the numbers around it; its sentence."""
    around = sentence_around(reading.text, reading.language, pair.span)
    begin, end = around.start, around.end
    others = [one.span for one in reading.pairs if one is not pair]
    inner = max([begin, *(span.end for span in others if span.end <= pair.span.start)])
    outer = min([end, *(span.start for span in others if span.start >= pair.span.end)])
    about = reading.text.find(pair.about, begin, end) if pair.about else -1
    # Before the numbers stands what they are of; what follows the last of them often begins the next thing.
    near = [(inner, pair.span.end, 1.0), (pair.span.end, outer, 0.7 if others else 0.9), (begin, end, 0.35)]
    if about >= 0:
        near.append((about, about + len(pair.about), 1.0))
    return Told(reading.text[:end], [(start, stop, weight) for start, stop, weight in near if start < stop], begin)


# -- reasons -----------------------------------------------------------------------------------------------------------------


def _by_instrument(entry: Entry, asked: _Asked, found: _Found) -> None:
    same = [(key, at) for key, at in entry.cites if key in asked.instruments] if asked.instruments else []
    if not same:
        return
    key, at = max(same, key=lambda one: (len(articles(one[1]) & asked.provisions[one[0]]), one))
    instrument = asked.instruments[key]
    found.add(1.2, "instrument", f"{instrument.name} is what it rests on", instrument.span)
    shared = articles(at) & asked.provisions[key]
    if shared:
        exact = any("(" in one for one in shared) or articles(at) <= asked.provisions[key]
        found.add(2.0 if exact else 1.0, "provision", f"{at} is what it cites", instrument.span)


def _by_value(entry: Entry, pair: Pair, day: date | None, found: _Found) -> None:
    """The number that is replaced is the one in force on the day before: hardly anything says more."""
    if entry.unit is None:
        found.total -= 1.0
        return
    same_unit = entry.unit is pair.new.unit or (entry.unit is Unit.COUNT and pair.new.unit in _COUNTED)
    if not same_unit:
        found.total -= 2.0
        return
    if entry.unit is Unit.AMOUNT and pair.new.currency != entry.currency:
        found.total -= 1.5
        return
    unit = entry.currency or entry.unit.value
    found.add(0.5, "currency" if entry.currency else "unit", f"a number in {unit}", pair.span)
    held = entry.before(day)
    begins = entry.starting(day) if day is not None else None
    if begins is not None and begins.number == pair.new.value:
        found.add(4.5, "known", f"{begins.text} from {day} on is in the pack already", pair.new.span)
    elif pair.old is not None and held is not None and held.number is not None:
        if held.number == pair.old.value:
            found.add(4.0, "value", f"{held.text} is what it is on the day before", pair.old.span)
        elif begins is not None and begins.number == pair.old.value:
            found.add(3.5, "value", f"{begins.text} is what it would be from {day} on", pair.old.span)
        elif any(one.number == pair.old.value for one in entry.held):
            found.add(0.8, "value_once", f"{pair.old.value:f} is what it once was, or will be", pair.old.span)
        else:
            found.total -= 0.8
    elif held is not None and held.number == pair.new.value:
        found.add(0.6, "new_value", f"{held.text} is what it is now", pair.new.span)


def _by_number(entry: Entry, asked: _Asked, found: _Found) -> None:
    """Where it is not told what takes the place of what: a number that the pack holds on the day before."""
    held = entry.before(asked.day)
    for one in asked.reading.quantities:
        same_unit = one.unit is entry.unit and one.currency == entry.currency
        if same_unit and held is not None and held.number == one.value:
            found.add(2.0, "number", f"{held.text} is told, and is what it is on the day before", one.span)
            return
    if asked.reading.change in (ChangeType.DUTY, ChangeType.PROHIBITION):
        found.total -= 0.4


def _by_shape(entry: Entry, asked: _Asked, found: _Found, *, said: bool) -> None:
    change, kind = asked.reading.change, entry.target.kind
    if change is ChangeType.RATE:
        _weigh(found, 0.6 if entry.unit is Unit.PERCENT else -0.8, "change", "a rate is changed, and this is one")
    elif change is ChangeType.THRESHOLD:
        numbers = entry.unit is not None and entry.unit is not Unit.PERCENT
        _weigh(found, 0.4 if numbers else -0.3, "change", "a threshold is changed, and this is one")
    elif change in (ChangeType.DUTY, ChangeType.PROHIBITION):
        duty = kind is TargetKind.RULE or "type:token" in entry.traits or "type:tokens" in entry.traits
        _weigh(found, 0.6 if duty and said else -0.2, "change", "a duty is changed, and this holds one")
    elif change is ChangeType.DATE:
        scheduled = _moved(entry, asked)
        if scheduled is not None:
            span = next((one.span for one in asked.reading.dates if one.day == scheduled.start), None)
            found.add(3.5, "date", f"what begins on {scheduled.start} is moved", span)
    if "basis:house" in entry.traits:
        found.total -= 1.0
    if kind is TargetKind.RULE and asked.pairs:
        found.total -= 1.0
    if kind is TargetKind.RATE:
        found.total += _of_category(entry, asked, said=said)


def _of_category(entry: Entry, asked: _Asked, *, said: bool) -> float:
    """Who says `the rate of VAT`, and of nothing else, means the standard rate; who means hotels says so."""
    told = asked.pairs[0][1] if asked.pairs else asked.words
    lower = any(told.near.get(word, 0.0) >= 0.5 for word in ("reduced", "super", "parking", "zero"))
    if "category:standard" in entry.traits:
        return 0.0 if lower else 0.7
    return 0.0 if said or lower else -1.2


def _moved(entry: Entry, asked: _Asked) -> Held | None:
    """What begins on a day that the publication names, where it is told that a day is moved."""
    days = {one.day for one in asked.reading.dates if one.role is not DateRole.PUBLISHED}
    return next((one for one in entry.held if one.start in days), None)


def _weigh(found: _Found, weight: float, code: str, words: str) -> None:
    if weight > 0:
        found.add(weight, code, words)
    else:
        found.total += weight


def _by_topic(entry: Entry, asked: _Asked, found: _Found) -> None:
    score = asked.topics.get(entry.target.domain)
    if score is not None:
        found.add(1.0 * score, "topic", f"it is told of {entry.target.domain}")
    elif asked.topics:
        found.total -= 1.0


def _of_list(entry: Entry, asked: _Asked) -> _Found | None:
    """A list is meant where it is called by its name, and more where countries come or go."""
    wanted = next((words for begin, words in _LISTS.items() if entry.target.place.startswith(begin)), ())
    said = [word for word in wanted if word in asked.words.near]
    if not said or len(said) * 2 < len(wanted):
        return None
    found = _Found()
    weight = 3.0 * sum(asked.words.near[word] for word in said) / len(wanted)
    found.add(1.0 + weight, "list", f"the list is called by its name: {' '.join(said)}", asked.words.spans[said[0]])
    _by_instrument(entry, asked, found)
    if asked.reading.change is ChangeType.LIST:
        found.add(1.0, "change", "a list is changed, and this is one")
    if asked.movements:
        moved = ", ".join(f"{one.place} {one.move}" for one in asked.movements[:6])
        found.add(1.5, "members", moved, asked.movements[0].span)
    if entry.target.place.startswith("EMBARGO-PARTIAL"):
        found.total -= 0.5
    return found


__all__ = ["INTERNATIONAL", "Linker"]
