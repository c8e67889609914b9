"""Releases that hold rules back, made for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.packs.demotions import Demotion, Numbers, demote, may_stop, rules_of
from engine.packs.packset import PackSet

SINCE = datetime(2026, 11, 27, 10, 15, tzinfo=UTC)
NUMBERS = Numbers(120, 150, 3, 5000, "PT5M")


def demotion(name: str, *, numbers: Numbers | None = NUMBERS) -> Demotion:
    """Of a rule as `DE/aml.cash_limit` names it."""
    pack, _, rule = name.partition("/")
    return Demotion(pack, rule, SINCE, "It stopped 120 of 150 payments.", numbers)


def holding_back(law: PackSet, *names: str) -> PackSet:
    """The same law with these rules held back."""
    files = dict(law.files)
    for name in names:
        files = demote(files, demotion(name))
    return PackSet.of(files, law.release.version, near=law)


def stopping(law: PackSet, domain: str) -> list[str]:
    """Every rule of a domain that could be held back."""
    return [
        f"{code}/{rule}"
        for code, pack in sorted(law.packs.items())
        for rule, (own, one) in rules_of(pack)
        if own == domain and may_stop(own, one)
    ]
