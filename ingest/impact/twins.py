"""The same number in several places of a pack: whoever changes one of them only leaves law that contradicts itself."""

from __future__ import annotations

from datetime import date
from typing import Final

from ingest.link.glossary import FREE
from ingest.link.index import Index
from ingest.link.target import Entry, Target, TargetKind
from ingest.link.words import stem

_SAME: Final = (
    frozenset({"aml/cdd_occasional_threshold", "kyc/occasional_threshold"}),
    frozenset({"aml/cdd_occasional_threshold_wire", "kyc/occasional_threshold_transfer"}),
    frozenset({"aml/cdd_occasional_threshold_crypto", "kyc/occasional_threshold_crypto"}),
    frozenset({"aml/cdd_occasional_threshold_cash", "kyc/occasional_threshold_cash"}),
    frozenset({"aml/retention_years", "residency/retention_min_aml"}),
    frozenset({"aml/cash_payment_limit", "methods/cash_payment_max"}),
)
"""One provision of the law under two names."""
_IDLE: Final = frozenset(map(stem, (*FREE, "single", "transaction", "default", "per", "payment")))
"""Words that do not make another limit of a name: `pix_night_max` and `pix_night_default_max`."""
_PREFIXES: Final = ("eu_", "fatf_", "uk_")


def twins(entry: Entry, index: Index, day: date | None) -> tuple[Target, ...]:
    """What of the same pack is the same number by the same law on the day before a change, and does not change then anyway."""
    held = entry.before(day)
    if held is None or held.number is None:
        return ()
    here = (index.entries[at] for at in index.by_place[entry.target.place])
    found = []
    for one in here:
        other = None if day is not None and one.starting(day) is not None else one.before(day)
        if one is not entry and other is not None and other.number == held.number and alike(entry, one):
            found.append(one.target)
    return tuple(found)


def alike(entry: Entry, other: Entry) -> bool:
    """Whether two targets of a pack are one provision of the law, by their names, units and kinds."""
    mine, theirs = entry.target, other.target
    if mine.kind is not theirs.kind or entry.unit is not other.unit or entry.currency != other.currency:
        return False
    if mine.kind is TargetKind.RATE:
        # A line that says of its category that it bears the standard rate follows it; a reduced one does not.
        standard = "category:standard" in entry.traits and "kind:standard" in entry.traits & other.traits
        return standard and _component(entry) == _component(other)
    if mine.kind is not TargetKind.PARAMETER:
        return False
    names = {_plain(mine), _plain(theirs)}
    told = entry.own - _IDLE
    same_words = bool(told) and told == other.own - _IDLE
    return mine.domain != theirs.domain and (same_words or any(names <= same for same in _SAME))


def _plain(target: Target) -> str:
    name = target.name
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return f"{target.domain}/{name}"


def _component(entry: Entry) -> str:
    return next((trait for trait in entry.traits if trait.startswith("component:")), "")


__all__ = ["alike", "twins"]
