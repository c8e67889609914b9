"""Two releases compared: the text by stable ids, and what every difference means for payments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from engine.diffs.affected import pairs
from engine.diffs.meaning import Rules, merged
from engine.diffs.model import Act, Change, Comparison, Kind, Meaning, Verdict, Why, place_of
from engine.diffs.rest import Rest
from engine.diffs.sides import Side
from engine.diffs.text import reformatted, text_changes
from engine.diffs.trial import NO_RATES, Trial
from engine.language.tree import past_used
from engine.money import RateTable
from engine.packs.model import DOMAINS
from engine.packs.packset import PackSet

Changes = Sequence[Change]
MOST: Final = 400
"""Questions of meaning that one comparison looks at; of the rest it says that they were not decided."""


def compare(
    base: PackSet,
    new: PackSet,
    *,
    domains: Collection[str] | None = None,
    jurisdictions: Collection[str] | None = None,
    rates: RateTable = NO_RATES,
    meaning: bool = True,
    most: int = MOST,
) -> Comparison:
    """What changed from one release to another, and what it means.

    `domains`, `jurisdictions`: only these, packs by their codes; None: all. `rates`: the exchange rates at which counterexamples
    are decided. `meaning`: False leaves the meaning out. `most`: questions of meaning that are looked at; of
    the rest it is said that they were not decided. The same arguments give the same comparison. Raises nothing of its own.
    """
    only = None if jurisdictions is None else frozenset(jurisdictions)
    found = text_changes(base, new, only)
    layout = reformatted(base, new, found)
    if only is not None:
        layout = tuple(path for path in layout if path.partition("/")[0] in only)
    if domains is not None:
        wanted = frozenset(domains)
        found = tuple(
            change for change in found if change.domain in wanted or (change.domain is None and change.touches & wanted)
        )
    meanings = _meanings(base, new, (found, frozenset(domains or DOMAINS)), rates, most) if meaning else ()
    return Comparison(base.release.digest, new.release.digest, found, meanings, layout)


def _meanings(
    base: PackSet, new: PackSet, asked: tuple[Changes, frozenset[str]], rates: RateTable, most: int
) -> tuple[Meaning, ...]:
    changes, wanted = asked
    was, now = Side(base), Side(new)
    trial = Trial(base, new, rates)
    rules, asked_so_far = Rules(was, now, trial), 0
    found: list[Meaning] = []
    for domain in DOMAINS:
        if domain in wanted and any(change.bears and domain in change.touches for change in changes):
            for pair in pairs(was, now, changes, domain):
                asked_so_far += 1
                found.append(
                    rules.meaning(pair, changes) if asked_so_far <= most else rules.not_looked_at(pair, changes)
                )
    told = frozenset(path for one in found for path in one.because)
    rest = Rest(was, now, trial, told).meanings(changes)
    found += [one for one in rest if one.domain is None or one.domain in wanted]
    return (*merged(found), *_untold(changes, found, (base, new)))


def _untold(changes: Changes, found: Sequence[Meaning], both: tuple[PackSet, PackSet]) -> Iterator[Meaning]:
    """Of what bears and came up nowhere: it says the same in other words, or nothing in force asks for it."""
    told = {path for one in found for path in one.because}
    for change in changes:
        if change.bears and place_of(change) not in told and change.kind in (Kind.RULE, Kind.TERM, Kind.FEATURE):
            verdict, why = _silent(change, both)
            yield Meaning(
                change.kind, change.pack, change.domain, change.name, change.label, verdict, why, None, None, (), False,
                (place_of(change),),
            )  # fmt: skip


def _silent(change: Change, both: tuple[PackSet, PackSet]) -> tuple[Verdict, Why]:
    if change.act in (Act.MOVED, Act.CHANGED) and change.kind is not Kind.FEATURE:
        return Verdict.EQUIVALENT, Why.SAME_CONDITION
    if change.kind is Kind.FEATURE and change.name in _watched(both):
        return Verdict.NOT_DECIDED, Why.AFTERWARDS
    return Verdict.EQUIVALENT, Why.NEVER_IN_FORCE if change.kind is Kind.RULE else Why.NOBODY_READS


def _watched(both: tuple[PackSet, PackSet]) -> frozenset[str]:
    """The features that scenarios count."""
    parts = (part for packs in both for pack in packs.packs.values() for part in pack.domains.values())
    counted = (one.counted for part in parts for one in part.scenarios if one.counted is not None)
    return frozenset(name for node in counted for name in past_used(node))
