"""Prose says what the expression says: what reads alike decides alike, and each clause is the stretch that it points to."""

from collections import Counter
from dataclasses import fields, replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.language.check import check
from engine.language.interpret import Interpreter
from engine.language.scope import Scope
from engine.language.tree import And, Arith, Compare, Const, Each, Expr, If, Not, OneOf, Or, Within
from engine.language.types import BOOL
from engine.prose import LEXICONS, Prose, Surroundings
from tests.property.grown import World, facts_named, grow_facts, grow_moment, grow_world
from tests.prose.reading import clauses

ROOMY = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
)
GROUPS = {"EEA": "European Economic Area", "NOBODY": "nobody", "SOME": "some places"}
OPS = ["==", "!=", "<", "<=", ">", ">="]


def tellers() -> list[Prose]:
    """One for each language."""
    return [Prose(language, Surroundings({}, GROUPS)) for language in sorted(LEXICONS)]


@pytest.mark.parametrize("seed", range(2))
def test_what_reads_alike_decides_alike(seed: int) -> None:
    """One thing in a condition is turned round. Where the sentence stays, so does the answer, whatever the payment."""
    tally: Counter[str] = Counter()

    @settings(ROOMY, max_examples=40)
    @given(st.randoms(use_true_random=False))
    def alike(rnd: Random) -> None:
        world = grow_world(rnd, 4)
        for rule in world.rules:
            other = turned(rnd, rule.condition)
            if other is None or other == rule.condition:
                continue
            for says in tellers():
                same = says.flat(says.condition(rule.condition)) == says.flat(says.condition(other))
                tally["same" if same else "differs"] += 1
                assert not same or decides_alike(rnd, world, rule.condition, other), world.texts[rule.id]

    alike()
    assert tally["differs"] > 100


def decides_alike(rnd: Random, world: World, one: Expr, other: Expr) -> bool:
    """Whether no payment was found that tells the two apart."""
    named = facts_named(world.rules)
    for _ in range(30):
        facts, moment = grow_facts(rnd, named), grow_moment(rnd)
        seen = [Interpreter(facts, world.law, moment, _rules(world, facts, moment)).see(tree) for tree in (one, other)]
        if seen[0].value != seen[1].value:
            return False
    return True


def _rules(world: World, facts: dict[str, Any], moment: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    interpreter = Interpreter(facts, world.law, moment, seen)
    for rule in world.rules:
        seen[rule.id] = interpreter.see(rule.condition)
    return seen


def turned(rnd: Random, tree: Expr) -> Expr | None:
    """The tree with one node that says something else; None where nothing of it can be turned."""
    places = [path for path, node in _paths(tree, ()) if _other(rnd, node) is not None]
    return None if not places else _at(rnd, tree, rnd.choice(places))


def _other(rnd: Random, node: Expr) -> Expr | None:
    match node:
        case Compare(op=op) if node.left.type.kind not in ("bool", "enum", "string", "place"):
            return replace(node, op=rnd.choice([one for one in OPS if one != op]))
        case Compare(op=op):
            return replace(node, op="==" if op == "!=" else "!=")
        case And(items=items):
            return Or(BOOL, node.at, items)
        case Or(items=items):
            return And(BOOL, node.at, items)
        case Not(body=body):
            return body
        case OneOf(values=values) if len(set(values)) > 1:
            return replace(node, values=values[:1])
        case If(then=then, other=other):
            return replace(node, then=other, other=then)
        case Each(kind=("any" | "all") as kind):
            return replace(node, kind="all" if kind == "any" else "any")
        case Arith(op=("+" | "-") as op):
            return replace(node, op="-" if op == "+" else "+")
        case Within():
            return Not(BOOL, node.at, node)
        case Const(value=bool() as value):
            return replace(node, value=not value)
    return None


def _paths(node: Expr, path: tuple[tuple[str, int], ...]) -> list[tuple[tuple[tuple[str, int], ...], Expr]]:
    found = [(path, node)]
    for name, at, child in _parts(node):
        found += _paths(child, (*path, (name, at)))
    return found


def _parts(node: Expr) -> list[tuple[str, int, Expr]]:
    """Of terms nothing: a sentence names them, and says nothing of what they are."""
    found: list[tuple[str, int, Expr]] = []
    for field in fields(node) if type(node).__name__ != "Let" else ():
        value = getattr(node, field.name)
        if isinstance(value, Expr):
            found.append((field.name, -1, value))
        elif isinstance(value, tuple):
            found += [(field.name, at, item) for at, item in enumerate(value) if isinstance(item, Expr)]
    return found


def _at(rnd: Random, node: Expr, path: tuple[tuple[str, int], ...]) -> Expr:
    if not path:
        other = _other(rnd, node)
        assert other is not None
        return other
    (name, at), *rest = path
    value = getattr(node, name)
    child = value if at < 0 else value[at]
    changed = _at(rnd, child, tuple(rest))
    return replace(node, **{name: changed if at < 0 else (*value[:at], changed, *value[at + 1 :])})


def test_each_clause_is_the_stretch_that_it_points_to() -> None:
    """Round and back: the text between the columns of a clause, read again, is the expression that the clause names."""
    tally: Counter[str] = Counter()

    @settings(ROOMY, max_examples=40)
    @given(st.randoms(use_true_random=False))
    def points(rnd: Random) -> None:
        world = grow_world(rnd, 4)
        for rule in world.rules:
            text = world.texts[rule.id].partition("   unless")[0]
            for clause in clauses(Prose("en", Surroundings({}, GROUPS)).condition(check(text, world.scope), text)):
                if clause.expression and not _of_an_element(clause.expression):
                    stretch = text[clause.start : clause.end]
                    assert _plain(stretch, world.scope) == _plain(clause.expression, world.scope), (text, stretch)
                    tally[clause.kind] += 1

    points()
    assert {"is", "all", "any", "choose"} <= set(tally)


def _of_an_element(expression: str) -> bool:
    return "x." in expression and " for x in " not in expression


def _plain(text: str, scope: Scope) -> str:
    """An expression without its columns. `source` writes a chain as two comparisons, as the tree has it."""
    from engine.language.render import source

    return source(check(text, scope))
