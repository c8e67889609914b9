"""Embedded tests, run through the interpreter so that every part of a condition shows what it was found to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.language.interpret import Interpreter, Seen
from engine.language.law import Moment, no_rates
from engine.packs.lint.view import View, condition, in_force
from engine.packs.model import Domain, Pack, Rule, Test
from engine.packs.testing import test_day


@dataclass(frozen=True, slots=True)
class Example:
    """A test as found. `seen` is None where the rule is not in force on its day."""

    rule: Rule
    test: Test
    day: date
    seen: Seen | None

    @property
    def outcome(self) -> str:
        """fires, silent, unknown, or absent where the rule is not in force."""
        return "absent" if self.seen is None else {True: "fires", False: "silent", None: "unknown"}[self.seen.value]


class _Rules(dict[str, Seen]):
    """Rules of a day, evaluated when an exception asks for them."""

    def __init__(self, active: dict[str, Rule]):
        super().__init__()
        self.active = active
        self.interpreter: Interpreter | None = None

    def __missing__(self, name: str) -> Seen:
        assert self.interpreter is not None
        found = self[name] = self.interpreter.see(condition(self.active[name], self.active))
        return found


def examples(view: View, pack: Pack, part: Domain) -> list[Example]:
    """Every embedded test of a domain."""
    return [_run(view, pack, part, rule, test) for rule in part.rules for test in rule.tests]


def _run(view: View, pack: Pack, part: Domain, rule: Rule, test: Test) -> Example:
    day = test_day(test, rule, pack)
    if not in_force(rule, day):
        return Example(rule, test, day, None)
    chain = view.chain(pack, day)
    law = view.law(chain, part.name, view.layers.segment(chain, part.name, day))
    rules = _Rules({other.id: other for _, other in view.rules(chain, part.name) if in_force(other, day)})
    rules.interpreter = Interpreter(test.given, law, Moment(day, test.hour, no_rates), rules)
    return Example(rule, test, day, rules[rule.id])


def parts_seen(seen: Seen) -> Iterator[Seen]:
    """A node and everything looked at below it; elements of lists are not told apart."""
    yield seen
    for below in seen.below:
        yield from parts_seen(below)
