"""A house may be stricter than the law, on its own authority; milder it may not be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.diffs import Act, Change, Kind, Meaning, Verdict
from engine.diffs.affected import pairs
from engine.diffs.meaning import Rules, merged
from engine.diffs.model import place_of
from engine.diffs.rest import Rest
from engine.diffs.sides import Side
from engine.diffs.telling import Teller
from engine.diffs.trial import Level, Payment, Trial, Tried
from engine.packs.demotions import demote, last_of, rules_of
from engine.packs.lint.codes import CODES
from engine.packs.model import DOMAINS, Basis
from engine.packs.packset import PackSet
from engine.packs.problems import Problem, Spot
from engine.regimes.sca_answer import OUTCOMES
from engine.words import FALLBACK

_ONLY_ADDS: Final = frozenset({
    "require", "method", "report", "due_diligence", "travel_rule", "review", "block", "collect", "refuse", "deny", "check",
    "oblige",
})  # fmt: skip
"""Effects that ask for more wherever they hold: outcomes fold to the strictest, and duties add up. A new rule with one of them
makes nothing milder, whatever its condition."""


def milder(upstream: PackSet, release: PackSet, changes: Sequence[Change]) -> Iterator[Problem]:
    """What of the house's own changes makes an answer milder than under what came with the software, with a payment that shows
    it; and of what it is not known. `changes`: of the text, from one to the other."""
    own = {
        place_of(change): change
        for change in changes
        if change.bears
        and change.basis == Basis.HOUSE.value
        and not _only_adds(change, release)
        and not _held_back(change)
    }
    if not own:
        return
    statutes = {place_of(change) for change in changes if change.statute}
    teller = Teller(release.words(FALLBACK))
    for meaning in _meanings(_holding_back_alike(upstream, release), release, changes, list(own.values())):
        change = next((own[path] for path in meaning.because if path in own), None)
        if change is None or meaning.verdict in (Verdict.EQUIVALENT, Verdict.SAME_OUTCOME):
            continue
        shown = meaning.verdict is Verdict.COUNTEREXAMPLE
        alone = statutes.isdisjoint(meaning.because)
        yield _problem(
            "draft-milder" if shown and alone else "draft-unproved", change, release, teller.meaning(meaning)
        )


def _only_adds(change: Change, release: PackSet) -> bool:
    """Whether a change is a new rule that can only ask for more."""
    if change.kind is not Kind.RULE or change.act is not Act.ADDED or change.domain is None:
        return False
    rules = release.packs[change.pack].domains[change.domain].rules
    return any(rule.id == change.name and rule.effect.kind in _ONLY_ADDS for rule in rules)


def _held_back(change: Change) -> bool:
    """Whether a rule of the house's own authority is held back: no law asks for it, and a person looks at what it would stop.
    A rule of a statute is one of the statute's changes."""
    return change.kind is Kind.DEMOTION


def _holding_back_alike(upstream: PackSet, release: PackSet) -> PackSet:
    """What came with the software, where the rules are held back that the release holds back: else each change of the house
    beside one would be told of what somebody else has said of that rule."""
    files: Mapping[str, str] = upstream.files
    for one in release.demotions:
        pack = upstream.packs.get(one.pack)
        if pack is not None and one.rule in dict(rules_of(pack)) and last_of(files, one.pack, one.rule) is None:
            files = demote(files, one)
    return upstream if files is upstream.files else PackSet.of(files, upstream.release.version, near=upstream)


def _meanings(
    upstream: PackSet, release: PackSet, changes: Sequence[Change], own: Sequence[Change]
) -> tuple[Meaning, ...]:
    """What the house's own changes mean, where only a milder answer counts as a difference."""
    was, now, trial = Side(upstream), Side(release), _Milder(upstream, release)
    rules = Rules(was, now, trial)
    found = [rules.meaning(pair, changes) for domain in DOMAINS for pair in pairs(was, now, own, domain)]
    told = frozenset(path for one in found for path in one.because)
    return merged([*found, *Rest(was, now, trial, told).meanings(own)])


class _Milder(Trial):
    """Decides payments under both releases until one has a milder answer: of any other difference it goes on looking."""

    def of(self, payment: Payment, domains: tuple[str, ...], *, edge: bool = False) -> Tried:
        """Decide it under both."""
        tried = super().of(payment, domains, edge=edge)
        if tried.level is not Level.OUTCOME or tried.example is None:
            return tried
        if _is_milder(tried.example.was, tried.example.now):
            return tried
        return Tried(Level.FINDINGS, tried.example)


def _is_milder(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether an answer has a milder outcome than another, a duty less, or one for fewer years."""
    outcomes = OUTCOMES[was["outcome"]], OUTCOMES[now["outcome"]]
    if outcomes[0] != outcomes[1]:
        return outcomes[1] < outcomes[0]
    before, after = _duties(was), _duties(now)
    return any(duty not in after or after[duty] < years for duty, years in before.items())


def _duties(answer: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """Code and party of each duty, with the most years that it lasts."""
    found: dict[tuple[str, str], int] = {}
    for one in answer["said"]["obligations"]:
        key = str(one["code"]), str(one["who"])
        found[key] = max(found.get(key, 0), one.get("years") or 0)
    return found


def _problem(code: str, change: Change, now: PackSet, said: str) -> Problem:
    known = CODES[code]
    domain = now.packs[change.pack].domains.get(change.domain or "") if change.pack in now.packs else None
    lines = {rule.id: rule.spot.line for rule in domain.rules} if domain else {}
    lines |= {name: one.spot.line for name, one in domain.parameters.items()} if domain else {}
    spot = Spot(change.file, lines.get(change.name.partition("[")[0], 1), 1)
    return Problem(code, spot, f"{place_of(change)}: {said}", known.remedy, known.severity)
