"""What the changes of rules mean: for every rule that says something else, in every period, a proof, a payment, or neither."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, islice
from typing import Any, Final

from engine.diffs.affected import Pair
from engine.diffs.earlier import pasts, twofold, witnesses_of
from engine.diffs.examples import at_limits, seeds_of, varied
from engine.diffs.model import Change, Counterexample, Kind, Meaning, Verdict, Why, place_of
from engine.diffs.normal import normal
from engine.diffs.payments import Setting, payments
from engine.diffs.search import Compared, Joint, Proof, outcomes
from engine.diffs.sides import Ruled, Side, plain_feature
from engine.diffs.trial import Level, Payment, Trial
from engine.language.tree import Or
from engine.language.types import BOOL
from engine.packs.lint.atoms import TRUE
from engine.packs.lint.solve import Answer, Question, Witness, days_of

_TRIES: Final = 160
"""Payments decided for one rule in one period."""
_FIRST_SPEAKS: Final = frozenset({"sca"})
"""Domains in which rules of one effect that hold together say no more than one of them."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to say of one rule in one period."""

    verdict: Verdict
    why: Why
    example: Counterexample | None = None
    within: str | None = None


class Rules:
    """Judges rules of two releases."""

    def __init__(self, was: Side, now: Side, trial: Trial):
        self._was, self._now, self._trial = was, now, trial

    def meaning(self, pair: Pair, changes: Sequence[Change]) -> Meaning:
        """What one rule means for payments in one period in which it says something else."""
        return self._told(pair, changes, self._found(pair))

    def not_looked_at(self, pair: Pair, changes: Sequence[Change]) -> Meaning:
        """Of a rule beyond the number that one comparison looks at."""
        return self._told(pair, changes, Found(Verdict.NOT_DECIDED, Why.TOO_MANY))

    @staticmethod
    def _told(pair: Pair, changes: Sequence[Change], found: Found) -> Meaning:
        either = pair.either
        return Meaning(
            Kind.RULE, either.pack.jurisdiction, pair.domain, pair.name, either.rule.title, found.verdict, found.why,
            pair.start if pair.equal_before else None, pair.end, tuple(sorted(pair.places)), pair.equal_before,
            _because(pair, changes), found.within, found.example,
        )  # fmt: skip

    def _found(self, pair: Pair) -> Found:
        days = days_of(pair.start, pair.end)
        seeds = self._seeds(pair)
        if pair.was is None or pair.now is None:
            return self._alone(pair, days, seeds)
        if _forms(pair.was) != _forms(pair.now):
            return self._other_past(pair, days, seeds)
        joint = Joint([pair.was], [pair.now])
        search = Compared((joint.was[0], joint.now[0]), joint.law, days, pair.either.pack.currency, seeds)
        found = self._tried(pair, search.witnesses(), seeds, search.currency) if search.proof is Proof.OPEN else None
        if found is not None:
            return found
        if search.proof is Proof.OPEN:
            return Found(Verdict.NOT_DECIDED, search.why)
        if pair.was.effect == pair.now.effect:
            own = search.currency if search.proof is Proof.SAME_IN_OWN else None
            return Found(Verdict.EQUIVALENT, search.why, within=own)
        return self._alone(pair, days, seeds)

    def _alone(self, pair: Pair, days: tuple[date, date], seeds: Sequence[Mapping[str, Any]]) -> Found:
        """A rule that came, went, or leads to something else: it matters wherever it holds or is not known."""
        either = pair.either
        law = Joint([], [either])
        witnesses, never = outcomes(law.now[0], law.law, days, either.pack.currency, seeds)
        if never:
            return Found(Verdict.EQUIVALENT, Why.NEVER)
        found = self._tried(pair, witnesses, seeds, either.pack.currency)
        return found or Found(Verdict.NOT_DECIDED, Why.NO_EXAMPLE if witnesses else Why.CAPPED)

    def _other_past(self, pair: Pair, days: tuple[date, date], seeds: Sequence[Mapping[str, Any]]) -> Found:
        """A rule that asks something else of the past: payments before which there were others."""
        assert pair.was is not None
        assert pair.now is not None
        law = Joint([], [pair.now])
        search = Compared((normal(twofold(pair.was)), law.now[0]), law.law, days, pair.now.pack.currency)
        both = [
            (pair.was.features[name], pair.now.features[name]) for name in pair.was.features.keys() & pair.now.features
        ]
        both = [(one, two) for one, two in both if plain_feature(one) != plain_feature(two)]
        names = [one.name for one, _ in both]
        witnesses = witnesses_of(search.witnesses(), seeds, names, pair.day)
        plain = payments(self._setting(pair, pair.now.pack.currency), witnesses, [pair.now], ())
        told = (later for payment in plain for one, two in both for later in pasts(payment, one, two))
        return self._decided(pair, told) or Found(Verdict.NOT_DECIDED, Why.NO_EXAMPLE)

    def _tried(
        self, pair: Pair, witnesses: Iterable[Witness], seeds: Sequence[Mapping[str, Any]], currency: str
    ) -> Found | None:
        """What whole payments tell; None where no answer differs in anything."""
        sides = [one for one in (pair.was, pair.now) if one is not None]
        made = payments(self._setting(pair, currency), witnesses, sides, seeds)
        details = _details_apart(pair)
        found = self._decided(pair, (one for payment in made for one in varied(payment, details)))
        if found is not None and found.verdict is Verdict.COUNTEREXAMPLE:
            return found
        if found is not None and self._same_effect(pair):
            return Found(Verdict.SAME_OUTCOME, Why.SAME_EFFECT, found.example)
        return found

    def _decided(self, pair: Pair, made: Iterable[Payment]) -> Found | None:
        """The first of some payments of which the outcome differs, else one of which findings do."""
        worded: Counterexample | None = None
        for payment in islice(made, _TRIES):
            tried = self._trial.of(payment, (pair.domain,), edge=pair.equal_before)
            if tried.level is Level.OUTCOME:
                return Found(Verdict.COUNTEREXAMPLE, Why.DECIDED, tried.example)
            worded = worded or tried.example
        return Found(Verdict.NOT_DECIDED, Why.ONLY_FINDINGS, worded) if worded else None

    def _setting(self, pair: Pair, currency: str) -> Setting:
        return Setting(self._now.packs, pair.places[0], pair.day, currency)

    def _seeds(self, pair: Pair) -> list[Mapping[str, Any]]:
        place, day = pair.places[0], pair.start
        chain = dict.fromkeys(
            [
                pair.either.pack.jurisdiction,
                *self._now.chain(place, pair.domain, day),
                *self._was.chain(place, pair.domain, day),
            ]
        )
        seeds = seeds_of((self._now.packs, self._was.packs), pair.domain, list(chain), (pair.name,))
        sides = [one for one in (pair.was, pair.now) if one is not None]
        return at_limits(seeds, sides, pair.either.pack.currency)

    # -- rules of one effect together --

    def _same_effect(self, pair: Pair) -> bool:
        """Whether it is proved that, whichever of them is named, rules of the same effect hold exactly where they did."""
        place, domain, days = pair.places[0], pair.domain, days_of(pair.start, pair.end)
        effects = {_effect(one) for one in (pair.was, pair.now) if one is not None}
        return all(self._group_alike(place, domain, days, effect, pair.start) for effect in effects)

    def _group_alike(self, place: str, domain: str, days: tuple[date, date], effect: str, day: date) -> bool:
        groups = [
            [one for one in self._active(side, place, domain, day) if _effect(one) == effect]
            for side in (self._was, self._now)
        ]
        if not all(groups) or _forms(*groups[0]) != _forms(*groups[1]):
            return False
        joint = Joint(*groups)
        whole = [normal(Or(BOOL, 1, tuple(nodes))) if len(nodes) > 1 else nodes[0] for nodes in (joint.was, joint.now)]
        currency = groups[0][0].pack.currency
        search = Compared((whole[0], whole[1]), joint.law, days, currency)
        if search.proof is Proof.OPEN and any(True for _ in search.witnesses()):
            return False
        if search.proof is not Proof.SAME:
            return False
        return domain in _FIRST_SPEAKS or all(_apart(nodes, joint, days, currency) for nodes in (joint.was, joint.now))

    @staticmethod
    def _active(side: Side, place: str, domain: str, day: date) -> Iterator[Ruled]:
        for name in side.active(side.chain(place, domain, day), domain, day):
            found = side.ruled(name, place, domain, day)
            if found is not None:
                yield found


def _apart(nodes: Sequence[Any], joint: Joint, days: tuple[date, date], currency: str) -> bool:
    """Whether no two of these conditions hold of one payment."""
    pairs = combinations(nodes, 2)
    return all(
        Question(pair, joint.law, days, currency).find([(node, TRUE) for node in pair]) is Answer.NONE for pair in pairs
    )


def _effect(ruled: Ruled) -> str:
    """What follows from a rule, with all else that answers turn on: whose account it speaks of, whether it names a method."""
    named = "payment.method" in repr(ruled.condition)
    return f"{ruled.effect!r} {ruled.rule.id.startswith('kyc.wallet.')} {named} {ruled.rule.basis}"


def _forms(*rules: Ruled) -> dict[str, str]:
    return {name: plain_feature(feature) for one in rules for name, feature in one.features.items()}


def _details_apart(pair: Pair) -> list[dict[str, Any]]:
    """What the effects of both releases say in detail, where that differs."""
    details = [one.effect["details"] for one in (pair.was, pair.now) if one is not None]
    return [] if len(details) == 2 and details[0] == details[1] else details


def _because(pair: Pair, changes: Iterable[Change]) -> tuple[str, ...]:
    """The paths of the changes that a rule's difference comes from."""
    sides = [one for one in (pair.was, pair.now) if one is not None]
    params = {name for one in sides for name in (*one.params, *_details(one))}
    rules = {pair.name, *(name for one in sides for name in one.rule.unless)}
    features = {name for one in sides for name in one.features}
    groups = {name for one in sides for name in one.groups}
    names = {
        Kind.PARAMETER: params, Kind.VALUE: params, Kind.RULE: rules, Kind.FEATURE: features, Kind.MEMBER: groups,
        Kind.TERM: None, Kind.DEMOTION: rules,
    }  # fmt: skip
    found = []
    for change in changes:
        if not change.bears or pair.domain not in change.touches or change.kind not in names:
            continue
        wanted = names[change.kind]
        name = change.pack if change.kind is Kind.MEMBER else change.name.partition("[")[0]
        if wanted is None or name in wanted:
            found.append(place_of(change))
    return tuple(dict.fromkeys(found))


def _details(ruled: Ruled) -> Iterator[str]:
    for detail in ruled.effect["details"].values():
        if isinstance(detail, dict) and "parameter" in detail:
            yield detail["parameter"]


def merged(found: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """Of one rule, periods that follow one another and say the same without an example, as one."""
    kept: dict[Any, Meaning] = {}
    for one in found:
        key = (one.domain, one.name, one.verdict, one.why, one.places, one.within)
        if one.example is None and key in kept and kept[key].end is not None and kept[key].end == one.start:
            kept[key] = replace(kept[key], end=one.end)
        else:
            kept[(*key, one.start, one.end)] = one
    return tuple(kept.values())
