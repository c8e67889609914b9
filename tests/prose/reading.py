"""Every condition of the shipped law beside its words, and the law that stands around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from engine.language.tree import Expr
from engine.packs.compile import Compiled, compile_domain
from engine.packs.model import Rule
from engine.prose import Clause, Prose, Surroundings
from tests.shipped import law

DAY = date(2026, 11, 27)


@dataclass(frozen=True)
class Written:
    """One expression of the law."""

    where: str
    domain: str
    tree: Expr
    text: str
    rule: Rule | None


@cache
def around(code: str, domain: str) -> Compiled:
    """The law around the expressions of one domain of one pack."""
    packs = law()
    return compile_domain(packs.layers, packs.layers.lineage(code, DAY), domain, DAY)


@cache
def prose(code: str, domain: str, language: str) -> Prose:
    """Who tells it."""
    return Prose(language, Surroundings.of(around(code, domain), law()))


def written() -> Iterator[tuple[str, Written]]:
    """Every condition and every term of every pack, with the pack's code."""
    for code, pack in law().packs.items():
        for name, domain in pack.domains.items():
            for rule in domain.rules:
                yield code, Written(f"{code}/{rule.id}", name, rule.when, rule.text.text, rule)
            for let in domain.lets.values():
                yield code, Written(f"{code}/{let.name}", name, let.body, let.text.text, None)


def clauses(clause: Clause) -> Iterator[Clause]:
    """A clause and all under it."""
    yield clause
    for child in clause.children:
        yield from clauses(child)
