"""Random windows for a plan: events as they are meant, spoilt now and then, with numbers at and beside every limit."""

from __future__ import annotations

from random import Random

from engine.patterns.fields import FIELDS, FieldKind
from engine.patterns.terms import Of, Word
from engine.scenarios.plan import Linear, Plan, Test

Fact = dict[str, int | str]


def random_window(plan: Plan, dice: Random, most: int = 12) -> list[Fact]:
    """The facts of a window. Some do not state something."""
    base = dice.choice([100_000, 1_000_000, 12_000_000])
    spans = [abs(side.constant) for test in _tests(plan) for side in (test.left, test.right) if _is_span(test, side)]
    now, found = 0, []
    for place in range(dice.randint(2, most)):
        now += _step(spans, dice)
        fact = _meant(plan, base, dice)
        found.append({**{name: value for name, value in fact.items() if dice.random() > 0.02}, "seq": place, "ts": now})
    return found


def _tests(plan: Plan) -> list[Test]:
    return [test for rule in plan.rules for group in (*rule.tests, *rule.never) for test in group]


def _is_span(test: Test, side: object) -> bool:
    named = {of.field for part in (test.left, test.right) if isinstance(part, Linear) for _, of in part.terms}
    return isinstance(side, Linear) and named == {"ts"} and side.constant != 0


def _step(spans: list[int], dice: Random) -> int:
    span = dice.choice(spans)
    return dice.choice(
        [0, 1, span // 10, span // 3, span - 1, span, span + 1] if dice.random() < 0.5 else [0, span // 9]
    )


def _meant(plan: Plan, base: int, dice: Random) -> Fact:
    """An event as one of the plan's own, one of its fields in eight another than is asked."""
    rule = dice.choice(plan.rules)
    alias = dice.randrange(len(rule.aliases))
    fact = {name: _any(name, base, dice) for name in sorted(plan.fields - {"seq", "ts"})}
    for test in rule.tests[alias]:
        if test.aliases == {rule.aliases[alias]} and dice.random() < 0.88:
            _fit(fact, test, dice)
    return fact


def _any(name: str, base: int, dice: Random) -> int | str:
    known = FIELDS.get(name)
    if known is None:
        return dice.choice([1, 3, 5, base, base * 6 // 10, base * 2])
    if known.kind is FieldKind.IDENTITY:
        return dice.choice([0, 0, 0, 1])
    if known.kind is FieldKind.NUMBER:
        return dice.choice([base, base, base * 9 // 10, base * 9 // 10 - 1, base // 2, base * 4 // 10, base + 1, 7])
    return dice.choice(sorted(known.words)) if known.words else dice.choice(["EUR", "USD"])


def _fit(fact: Fact, test: Test, dice: Random) -> None:
    """Make a field as a test asks, exactly at its limit as often as not."""
    if isinstance(test.left, Of) and isinstance(test.right, Word):
        if test.op == "==":
            fact[test.left.field] = test.right.value
    elif isinstance(test.left, Linear) and isinstance(test.right, Linear) and not test.right.terms:
        ((number, of),) = test.left.terms
        limit = -(-test.right.constant // number)
        if not _holds(test.op, int(fact[of.field]), limit):
            fact[of.field] = limit + (0 if test.op in ("==", ">=", "<=") else 1 if test.op == ">" else -1)
        elif dice.random() < 0.2:
            fact[of.field] = limit


def _holds(op: str, value: int, limit: int) -> bool:
    return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}.get(op, value == limit)
