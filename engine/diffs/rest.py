"""What changes beside rules mean: tables of tax, parameters that no condition reads, memberships, settings, scenarios."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, islice
from typing import Any, Final

from engine.diffs.affected import places_of, read_by
from engine.diffs.examples import seeds_of, together
from engine.diffs.model import Change, Counterexample, Kind, Meaning, Verdict, Why, place_of
from engine.diffs.payments import built, moment
from engine.diffs.sides import Side
from engine.diffs.tables import Differing, sales, sent_to, tables_differ
from engine.diffs.trial import Level, Payment, Trial
from engine.packs.model import Pack, Parameter
from engine.packs.packset import PackSet
from engine.tax.told import DOMAIN as TAX

_TRIES: Final = 200
ASKED_BY_NAME: Final = {
    "sca": re.compile(r"sca_regime|out_of_scope|\w+_order|soft_decline_code_\w+|dynamic_linking\w*|one_leg\w*"),
    "aml": re.compile(r"\w*sanctions_\w+|\w*embargo_\w+|\w+_comparator|threshold_report_\w+"),
    "kyc": re.compile(
        r"\w*_data\w*|national_id_modules|onboarding_\w+|beneficial_owner_\w+|bo_\w+|identity_\w+|\w+_event"
    ),
    "residency": re.compile(r"(adequacy|transfer|scc|consent|dp_law)\w*"),
    "methods": re.compile(r"iban_length|sepa_zone"),
    "tax": re.compile(r"\w+"),
}
"""By domain, the parameters that the engine itself may ask for by name, beside those that conditions and effects read. Rather too
many than too few: of the others it is said that nobody reads them."""


class Rest:
    """Judges what is no rule."""

    def __init__(self, was: Side, now: Side, trial: Trial, told: frozenset[str]):
        self._was, self._now, self._trial = was.packs, now.packs, trial
        self._told = told
        """The changes that some rule's meaning tells already."""

    def meanings(self, changes: Sequence[Change]) -> Iterator[Meaning]:
        """Of every change that no rule's meaning tells, each subject once."""
        bearing = [change for change in changes if change.bears]
        yield from self._parameters(bearing)
        yield from self._tables(bearing)
        yield from self._members(bearing)
        for change in bearing:
            if change.kind is Kind.SCENARIO:
                yield _meaning(change, (Verdict.NOT_DECIDED, Why.AFTERWARDS, None))
            elif change.kind in (Kind.SETTING, Kind.REGION):
                yield self._setting(change)

    # -- parameters --

    def _parameters(self, changes: Iterable[Change]) -> Iterator[Meaning]:
        subjects: dict[tuple[str, str, str], list[Change]] = {}
        for change in changes:
            if change.kind in (Kind.PARAMETER, Kind.VALUE) and change.domain is not None:
                name = change.name.partition("[")[0]
                subjects.setdefault((change.pack, change.domain, name), []).append(change)
        for (code, domain, name), found in subjects.items():
            yield from self._parameter(code, domain, name, found)

    def _parameter(self, code: str, domain: str, name: str, found: Sequence[Change]) -> Iterator[Meaning]:
        sides = [_parameter_of(packs, code, domain, name) for packs in (self._was, self._now)]
        periods = list(_differing_days(*sides))
        because = tuple(place_of(change) for change in found)
        first = found[0]
        if not periods:
            yield _meaning(first, (Verdict.EQUIVALENT, Why.SAME_TABLE, None), kind=Kind.PARAMETER, because=because)
            return
        if self._told.issuperset(because):
            return
        read = any(name in read_by(rule) for packs in (self._was, self._now) for rule in _rules(packs, domain))
        judged: _Judged
        for start, end in periods:
            if read and not ASKED_BY_NAME[domain].fullmatch(name):
                judged = Verdict.EQUIVALENT, Why.NEVER_IN_FORCE, None
            elif not ASKED_BY_NAME[domain].fullmatch(name):
                judged = Verdict.EQUIVALENT, Why.NOBODY_READS, None
            else:
                day = self._day(code, start, end)
                judged = self._judged(self._examples(code, domain, day), domain, edge=start == day)
            yield _meaning(first, judged, kind=Kind.PARAMETER, period=(start, end), because=because)

    def _day(self, code: str, start: date | None, end: date | None) -> date:
        """A day of a period: its first, or that on which the pack was last verified."""
        pack = self._pack(code)
        day = start or pack.verified.on
        return day if end is None or day < end else end - timedelta(days=1)

    def _pack(self, code: str) -> Pack:
        found = self._now.packs.get(code) or self._was.packs.get(code)
        assert found is not None
        return found

    def _examples(self, code: str, domain: str, day: date, place: str | None = None) -> Iterator[Payment]:
        """What the packs' own tests and cases state, at a place of the pack on a day."""
        pack = self._pack(code)
        owner = self._now if code in self._now.packs else self._was
        places = (
            [place]
            if place
            else [*(one for one in (code,) if one in places_of(owner, pack)), *sorted(places_of(owner, pack))]
        )
        if domain == TAX:
            for one in places[:3]:
                yield from sales(one, moment(owner, one, day), pack.currency)
        sides = (self._now, self._was)
        above = (one for packs in sides if code in packs.packs for one in packs.layers.ancestors(code))
        codes = list(dict.fromkeys([code, *above]))
        for seed in (*seeds_of(sides, domain, codes), *together(sides, domain, codes)):
            for one in places[:1]:
                yield built(one, moment(owner, one, day), {}, frozenset(), seed, pack.currency)

    def _judged(self, made: Iterable[Payment], domain: str, *, edge: bool) -> _Judged:
        """The first payment of which the outcome differs, or that none was found."""
        worded: Counterexample | None = None
        for payment in islice(made, _TRIES):
            tried = self._trial.of(payment, (domain,), edge=edge)
            if tried.level is Level.OUTCOME:
                return Verdict.COUNTEREXAMPLE, Why.DECIDED, tried.example
            worded = worded or tried.example
        return Verdict.NOT_DECIDED, Why.ONLY_FINDINGS if worded else Why.EXAMPLES_ONLY, worded

    # -- tables of tax --

    def _tables(self, changes: Iterable[Change]) -> Iterator[Meaning]:
        by_pack: dict[str, list[Change]] = {}
        for change in changes:
            if change.kind in (Kind.RATE, Kind.TERRITORY):
                by_pack.setdefault(change.pack, []).append(change)
        for code, found in by_pack.items():
            parts = [
                packs.packs[code].domains.get(TAX) if code in packs.packs else None for packs in (self._was, self._now)
            ]
            periods = list(tables_differ(*parts))
            for change in found if not periods else ():
                yield _meaning(change, (Verdict.EQUIVALENT, Why.SAME_TABLE, None))
            for period in periods:
                yield self._cell(code, period, found)

    def _cell(self, code: str, period: Differing, found: Sequence[Change]) -> Meaning:
        territory = period.cell[0] == "territory"
        cause = [
            change for change in found if (change.name if territory else _category(change)) == period.cell[1]
        ] or list(found)
        start = period.start if period.equal_before else None
        day, pack = self._day(code, start, period.end), self._pack(code)
        owner = self._now if code in self._now.packs else self._was
        if territory:
            areas = [
                area for packs in (self._now, self._was) for area in _areas(packs, code) if area.id == period.cell[1]
            ]
            made: Iterable[Payment] = chain.from_iterable(
                sent_to(area, code, moment(owner, code, day), pack.currency) for area in areas
            )
        else:
            made = sales(code, moment(owner, code, day), pack.currency, period.cell[1])
        judged = self._judged(made, TAX, edge=period.equal_before)
        because = tuple(place_of(change) for change in cause)
        name = period.cell[1] if territory else ".".join(period.cell)
        return _meaning(cause[0], judged, period=(start, period.end), because=because, name=name, places=(code,))

    # -- memberships and settings --

    def _members(self, changes: Iterable[Change]) -> Iterator[Meaning]:
        subjects: dict[tuple[str, str], list[Change]] = {}
        for change in changes:
            if change.kind is Kind.MEMBER:
                subjects.setdefault((change.pack, change.name.partition(" ")[0]), []).append(change)
        for (code, place), found in subjects.items():
            because = tuple(place_of(change) for change in found)
            sides = [packs.packs.get(code) for packs in (self._was, self._now)]
            periods = list(_membership(place, *sides))
            if not periods:
                yield _meaning(found[0], (Verdict.EQUIVALENT, Why.SAME_TABLE, None), because=because, name=place)
            for start, end in periods:
                day = self._day(code, start, end)
                for domain in sorted(found[0].touches & {"sca", "aml", "kyc", "residency", "methods", TAX}):
                    judged = self._judged(self._examples(code, domain, day, place), domain, edge=start == day)
                    told = _meaning(found[0], judged, period=(start, end), because=because, name=place, places=(place,))
                    yield replace(told, domain=domain)

    def _setting(self, change: Change) -> Meaning:
        """Of a setting of a pack, or of a cloud region, of which no pack has an example."""
        best: _Judged = (Verdict.NOT_DECIDED, Why.NO_EXAMPLE, None)
        for domain in sorted(change.touches) if change.kind is Kind.SETTING else ():
            if domain in ASKED_BY_NAME:
                day = self._day(change.pack, None, None)
                judged = self._judged(self._examples(change.pack, domain, day), domain, edge=False)
                if judged[0] is Verdict.COUNTEREXAMPLE:
                    return replace(_meaning(change, judged), domain=domain)
                best = judged if best[1] is not Why.ONLY_FINDINGS else best
        return _meaning(change, best)


_Judged = tuple[Verdict, Why, Counterexample | None]


def _meaning(
    change: Change, judged: _Judged, *, kind: Kind | None = None, period: tuple[date | None, date | None] = (None, None),
    because: tuple[str, ...] = (), name: str | None = None, places: tuple[str, ...] = (),
) -> Meaning:  # fmt: skip
    verdict, why, example = judged
    return Meaning(
        kind or change.kind, change.pack, change.domain, name or change.name.partition("[")[0], change.label, verdict, why,
        *period, places, period[0] is not None, because or (place_of(change),), None, example,
    )  # fmt: skip


def _category(change: Change) -> Any:
    return (change.after or change.before or {}).get("category")


def _rules(packs: PackSet, domain: str) -> Iterator[Any]:
    return (rule for pack in packs.packs.values() if domain in pack.domains for rule in pack.domains[domain].rules)


def _areas(packs: PackSet, code: str) -> Iterable[Any]:
    part = packs.packs[code].domains.get(TAX) if code in packs.packs else None
    return part.territories if part else ()


def _parameter_of(packs: PackSet, code: str, domain: str, name: str) -> Parameter | None:
    part = packs.packs[code].domains.get(domain) if code in packs.packs else None
    return part.parameters.get(name) if part else None


def _differing_days(was: Parameter | None, now: Parameter | None) -> Iterator[tuple[date | None, date | None]]:
    """The periods in which a parameter says something else."""
    sides = (was, now)
    days = sorted({value.start for one in sides if one for value in one.values if not value.pending})
    said = [[_said(one, day) for one in sides] for day in days]
    yield from _spans(days, [one == two for one, two in said])


def _said(parameter: Parameter | None, day: date) -> Any:
    value = parameter.at(day) if parameter else None
    return None if parameter is None or value is None else (value.value, parameter.kind, parameter.unit)


def _membership(place: str, was: Pack | None, now: Pack | None) -> Iterator[tuple[date | None, date | None]]:
    """The periods in which a place is within a group under one release alone."""
    members = [member for pack in (was, now) if pack for member in pack.members if member.place == place]
    days = sorted({day for member in members for day in (member.start, member.end) if day})
    inside = [[bool(pack and place in pack.members_on(day)) for pack in (was, now)] for day in days]
    zones = [
        [member.time_zone for member in pack.members if member.place == place] if pack else [] for pack in (was, now)
    ]
    alike = len(zones[0]) != len(zones[1]) or zones[0] == zones[1]
    yield from _spans(days, [one == two and alike for one, two in inside])


def _spans(days: Sequence[date], equal: Sequence[bool]) -> Iterator[tuple[date | None, date | None]]:
    start: date | None = None
    is_open = False
    for day, same in zip(days, equal, strict=True):
        if same and is_open:
            yield start, day
        if not same and not is_open:
            start = day if day > date.min else None
        is_open = not same
    if is_open:
        yield start, None
