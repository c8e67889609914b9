"""Whatever is written where a condition should stand, nothing but a LanguageError comes of it; and nothing of it becomes code."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.facts import Facts
from engine.language import compile as compiler
from engine.language.check import check
from engine.language.compile import NamedRule, compile_rules
from engine.language.errors import LanguageError
from engine.language.frame import compile_frame
from engine.language.interpret import Interpreter
from engine.language.law import Law, Moment, no_rates
from engine.language.render import source
from engine.language.scope import NamedLet, Scope
from engine.language.specialise import ShapeWriter
from engine.language.tree import (
    And,
    Call,
    Compare,
    Const,
    Contains,
    Each,
    Expr,
    Fact,
    If,
    IsKnown,
    Let,
    Not,
    OneOf,
    Or,
    Param,
    RuleRef,
    Within,
    conjunction,
)
from engine.language.types import BOOL, INT, PLACE, STRING, Type
from engine.language.why import Explainer
from tests.property.grown import Grower, World, facts_named, grow_facts, grow_moment, grow_world

LEXEMES = [
    *"()[]{}.,:;=<>!+-*/%&|^~@#$?`'\"_ ", "==", "!=", "<=", ">=", "**", "//", ":=", "->", "...", '""', '"""', "''",
    "and", "or", "not", "in", "is", "if", "else", "for", "lambda", "await", "async", "yield", "None", "True", "true",
    "any", "all", "count", "sum", "min", "coalesce", "is_known", "within", "amount", "payment.channel", "payment", "lines",
    "x", "x.amount", "eur", "date", "days", '"remote"', '"EEA"', '"30.00"', '"2026-11-22"', "1", "0", "1.5", "1e9", "0x1F",
    "1_000", "1j", "9" * 30, 'b"x"', 'f"{x}"', "__import__", "__class__", "payment_date", "local_hour", "p5_bool", "let0",
]  # fmt: skip


def only_language_errors(text: str, scope: Scope) -> Expr | None:
    """The tree, or None for what is refused."""
    try:
        return check(text, scope)
    except LanguageError as error:
        fault = error
    assert fault.code
    assert 1 <= fault.column <= len(text) + 2
    assert fault.message.endswith((".", "?"))
    return None


def jumble(rnd: Random) -> str:
    """Lexemes in any order."""
    return rnd.choice(["", " "]).join(rnd.choices(LEXEMES, k=rnd.randint(1, 14)))


def damaged(rnd: Random, text: str) -> str:
    """A well-typed expression with some lexemes lost, doubled, swapped or replaced."""
    parts = re.findall(r'"[^"]*"|[\w.]+|\s+|.', text)
    for _ in range(rnd.randint(1, 3)):
        at, other = rnd.randrange(len(parts)), rnd.randrange(len(parts))
        parts[at] = rnd.choice(["", parts[at] * 2, parts[other], rnd.choice(LEXEMES)])
        parts[other] = parts[other] or " "
    return "".join(parts)


def nonsense(rnd: Random, depth: int) -> ast.expr:
    """Any expression of Python, not of ours."""
    if depth <= 0:
        return rnd.choice(
            [ast.Name("amount"), ast.Constant(rnd.choice([1, 1.5, "a", None, b"b", ..., 1j])), ast.Name("x")]
        )
    inner = [nonsense(rnd, depth - 1) for _ in range(3)]
    loop = ast.comprehension(
        rnd.choice([ast.Name("x"), ast.Tuple(inner[:2])]), ast.Name("lines"), inner[:1], rnd.randint(0, 1)
    )
    operators = [ast.Pow(), ast.Mod(), ast.MatMult(), ast.LShift(), ast.BitAnd(), ast.FloorDiv(), ast.Add(), ast.Div()]
    signs = [ast.Is(), ast.IsNot(), ast.In(), ast.NotIn(), ast.Lt(), ast.Eq()]
    arguments = ast.arguments([], [ast.arg("x")], None, [], [], None, [])
    return rnd.choice(
        [
            ast.Lambda(arguments, inner[0]),
            ast.Dict(inner[:1], inner[1:2]),
            ast.Set(inner),
            ast.Tuple(inner),
            ast.List(inner),
            ast.ListComp(inner[0], [loop]),
            ast.SetComp(inner[0], [loop]),
            ast.DictComp(inner[0], inner[1], [loop]),
            ast.GeneratorExp(inner[0], [loop]),
            ast.Call(ast.Name("any"), [ast.GeneratorExp(inner[0], [loop, loop])], []),
            ast.Await(inner[0]),
            ast.Yield(inner[0]),
            ast.NamedExpr(ast.Name("x"), inner[0]),
            ast.Call(ast.Name(rnd.choice(["min", "eur", "is_known", "within", "open"])), inner[:2], []),
            ast.Call(ast.Name("min"), inner, [ast.keyword("key", inner[0])]),
            ast.Call(inner[0], [ast.Starred(inner[1])], []),
            ast.Subscript(inner[0], rnd.choice([inner[1], ast.Slice(inner[1], inner[2])])),
            ast.Attribute(inner[0], "__class__"),
            ast.BinOp(inner[0], rnd.choice(operators), inner[1]),
            ast.UnaryOp(rnd.choice([ast.Invert(), ast.UAdd()]), inner[0]),
            ast.Compare(inner[0], rnd.choices(signs, k=2), inner[1:]),
            ast.IfExp(*inner),
            ast.BoolOp(ast.And(), inner),
            ast.JoinedStr([ast.FormattedValue(inner[0], -1)]),
        ]
    )  # fmt: skip


def texts(rnd: Random, world: World, count: int) -> Iterator[str]:
    """Bad texts of every sort."""
    for _ in range(count):
        yield jumble(rnd)
        yield damaged(rnd, Grower(rnd, world, simple=False).of("bool", 3))
        yield ast.unparse(ast.fix_missing_locations(ast.Expression(nonsense(rnd, 3))))


def test_nothing_but_language_errors() -> None:
    rnd, tally = Random(), Counter[str]()
    seed = rnd.randrange(2**32)
    rnd.seed(seed)
    for _ in range(20):
        world = grow_world(rnd, 1)
        for text in texts(rnd, world, 330):
            try:
                tree = only_language_errors(text, world.scope)
            except Exception as error:
                raise AssertionError(f"seed {seed}: {text!r}: {error!r}") from error
            tally.update(["all", "refused" if tree is None else "accepted"])
    assert tally["all"] >= 19_000
    assert tally["refused"] > tally["accepted"] > 300, tally


@settings(max_examples=1000)
@given(st.one_of(st.text(max_size=60), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=1500)))
def test_any_text_at_all(text: str) -> None:
    only_language_errors(text, Scope())


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000, "not " * 290 + "true", "-" * 1100 + "1", "a." * 590 + "b", "[" * 40, "1" + "+1" * 580,
        "9" * 1199, "(" * 49 + "true" + ")" * 49, "true if " * 140 + "true", "x" * 1200, "any(" * 290, '"' * 1199, "{" * 600,
        "\x00", "\ud800", "1 if true else " * 70 + "1", "amount" + "<amount" * 160, "not(" * 40 + "true" + ")" * 40,
    ],
)  # fmt: skip
def test_monsters_are_refused(text: str) -> None:
    with pytest.raises(LanguageError):
        check(text, Scope(), want=BOOL)


def test_what_is_accepted_runs_everywhere_and_reads_back() -> None:
    rnd = Random(1)
    for _ in range(60):
        world = grow_world(rnd, 4)
        explainer = Explainer({rule.id: rule for rule in world.rules}, world.law)
        compile_frame(world.rules, world.law)
        for facts in [grow_facts(rnd, facts_named(world.rules), missing=0.5) for _ in range(3)]:
            moment = grow_moment(rnd)
            for rule, found in zip(world.rules, compile_rules(world.rules, world.law)(facts, moment), strict=True):
                explainer.missing(rule.id)(facts, moment) if found is None else None
        for name, text in world.texts.items():
            condition = text.partition("   unless ")[0]
            tree = check(condition, world.scope)
            assert unplaced(check(source(tree), world.scope)) == unplaced(tree), f"{name}: {condition}\n{source(tree)}"


def unplaced(node: Any) -> Any:
    """The tree without its positions."""
    if isinstance(node, Expr):
        slots = {slot for kind in type(node).__mro__ for slot in getattr(kind, "__slots__", ())}
        return type(node).__name__, {slot: unplaced(getattr(node, slot)) for slot in sorted(slots - {"at"})}
    return [unplaced(item) for item in node] if isinstance(node, tuple) else node


# -- the size of what is generated --------------------------------------------------------------------------------------


def ladder(levels: int, scope: Scope) -> Scope:
    """Lets that stand on each other's shoulders, as deep as one expression goes."""
    lets = dict(scope.lets)
    for level in range(levels):
        below = f"step{level - 1}" if level else "payment.own_account"
        text = f"payment.offline and (payment.own_account or (payment.offline and {below}))"
        try:
            lets[f"step{level}"] = NamedLet("a step", check(text, Scope({}, dict(lets))))
        except LanguageError:
            break
    return Scope({}, lets)


def test_lets_of_lets_stay_small_enough_to_compile() -> None:
    scope = ladder(100, Scope())
    assert 5 < len(scope.lets) < 100, "the ladder ends before the compiler does"
    top = scope.lets[f"step{len(scope.lets) - 1}"].body
    for condition in (top, Not(BOOL, 1, top), Or(BOOL, 1, (top, top))):
        everywhere([NamedRule("top", condition)])


def test_lets_cannot_grow_without_bounds() -> None:
    lets: dict[str, NamedLet] = {}
    for level in range(3):
        below = f"l{level - 1}" if level else "payment.offline"
        lets[f"l{level}"] = NamedLet("", check(" and ".join([below] * 8), Scope({}, dict(lets))))
    with pytest.raises(LanguageError, match="written out"):
        check(" and ".join(["l2"] * 8), Scope({}, lets))


def test_quantifiers_do_not_nest_through_lets() -> None:
    inner = NamedLet("", check("any(x.marketplace for x in lines)", Scope()))
    with pytest.raises(LanguageError, match="not nested"):
        check("any(inner for y in linked)", Scope({}, {"inner": inner}))


@pytest.mark.parametrize("kind", [And, Or])
def test_wide_conditions_and_many_exceptions_compile(kind: type[And | Or]) -> None:
    facts = ["payment.offline", "payment.own_account", "payment.trusted_beneficiary", "suspicion"]
    items = tuple(Fact(BOOL, 1, path) for path in facts * 40)
    rules = [NamedRule(f"r{at}", Fact(BOOL, 1, facts[at % 4])) for at in range(120)]
    refs = [Not(BOOL, 1, RuleRef(BOOL, 1, rule.id)) for rule in rules]
    everywhere([*rules, NamedRule("wide", conjunction([kind(BOOL, 1, items), *refs]))])


def everywhere(rules: list[NamedRule]) -> None:
    """Every executor and every explanation of the last rule, with everything known and with nothing."""
    law, last = Law(), rules[-1]
    run, explainer = compile_rules(rules, law), Explainer({rule.id: rule for rule in rules}, law)
    named = {
        "payment.offline": set[str](),
        "payment.own_account": set[str](),
        "payment.trusted_beneficiary": set[str](),
    }
    for missing in (0, 0.5, 1):
        facts = grow_facts(Random(3), named, missing=missing)
        moment = Moment(date(2026, 11, 22), 12, no_rates)
        found = run(facts, moment)[-1]
        seen = {}
        for rule in rules:
            seen[rule.id] = Interpreter(facts, law, moment, seen).see(rule.condition)
        assert found is seen[last.id].value
        explain = {None: explainer.missing, True: explainer.held, False: explainer.failed}[found](last.id)
        assert explain(facts, moment)


# -- nothing of a pack becomes code ---------------------------------------------------------------------------------------

HOSTILE = [
    "'; import os; '", '")\n__import__("os").system("true")#', "{facts}", "K1", "v1", "\u2028eval(1)\u2029", "\\x27",
    "None if True", "own", "facts", "\r\n    return 1", "'''", "%s%n", "moment.convert", "__builtins__", "\x00\x1b",
    "lambda: 0", "F(F)", "ｅｖａｌ",
]  # fmt: skip
_NAMES = re.compile(r"[vK]\d+")
_OWN = {
    "facts",
    "moment",
    "F",
    "own",
    "found",
    "row",
    "Decimal",
    "EXACT",
    "Money",
    "arithmetic",
    "call",
    "missing_rate",
    "each_missing",
}
_ATTRIBUTES = {"get", "day", "hour", "convert", "add", "subtract", "multiply", "append", "extend", "row"}


def hostile_tree(rnd: Random, depth: int) -> Expr:
    """A condition whose every name and word means ill. No author could write it: it is built past the checker."""
    word: str = rnd.choice(HOSTILE)
    text, place = Fact(STRING, 1, word), Fact(PLACE, 1, word)
    if depth <= 0:
        listed = Fact(Type("list", item=STRING), 1, rnd.choice(HOSTILE))
        return rnd.choice(
            [
                Compare(BOOL, 1, "==", text, Const(STRING, 1, word)),
                OneOf(BOOL, 1, text, tuple(rnd.sample(HOSTILE, 2))),
                Within(BOOL, 1, place, word),
                IsKnown(BOOL, 1, (word, rnd.choice(HOSTILE)), word),
                Contains(BOOL, 1, Const(STRING, 1, word), listed),
                Compare(BOOL, 1, "<", Call(INT, 1, "distinct", (listed,)), Const(INT, 1, 3)),
                Compare(BOOL, 1, "!=", Param(STRING, 1, word), text),
                Param(BOOL, 1, word),
                Fact(BOOL, 1, word),
            ]
        )
    below = [hostile_tree(rnd, depth - 1) for _ in range(3)]
    each = Each(BOOL, 1, rnd.choice(["any", "all"]), word, rnd.choice(HOSTILE), Fact(BOOL, 1, word, word), below[0])
    made: list[Expr] = [And(BOOL, 1, tuple(below)), Or(BOOL, 1, tuple(below)), Not(BOOL, 1, below[0]), each]
    made += [If(BOOL, 1, *below), Let(BOOL, 1, word, word, below[0]), Call(BOOL, 1, "coalesce", tuple(below))]
    return rnd.choice(made)


def test_nothing_of_a_pack_reaches_generated_code(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    audit = compiler._audit
    monkeypatch.setattr(compiler, "_audit", lambda text: (written.append(text), audit(text)))
    rnd = Random(4)
    for _ in range(60):
        law = Law(
            {word: rnd.choice([True, word, Decimal(1)]) for word in rnd.sample(HOSTILE, 6)},
            {HOSTILE[0]: frozenset(HOSTILE)},
        )
        rules = [NamedRule(word, hostile_tree(rnd, 2)) for word in rnd.sample(HOSTILE, 3)]
        rules.append(replace(rules[0], id="last", condition=Not(BOOL, 1, RuleRef(BOOL, 1, rules[0].id))))
        shape = Facts({"currency": HOSTILE[0], **{word: word for word in rnd.sample(HOSTILE, 5)}}).shape
        compile_rules(rules, law)
        compile_rules(rules, law, ShapeWriter(law, shape))
        general = Explainer({rule.id: rule for rule in rules}, law)
        for explainer in (general, general.of_shape(shape)):
            for rule in rules:
                (
                    explainer.held(rule.id),
                    explainer.failed(rule.id),
                    explainer.missing(rule.id),
                    explainer.wanting(rule.id),
                )
    assert len(written) > 500
    for text in written:
        assert not [
            word for word in HOSTILE if word in text and word not in {"K1", "v1", "own", "facts", "moment.convert"}
        ]
        innocent(text)


def innocent(text: str) -> None:
    """Generated code names only what the generator made or was given, and holds no text of its own."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant):
            assert node.value is None or isinstance(node.value, int), node.value
        elif isinstance(node, ast.Name):
            assert _NAMES.fullmatch(node.id) or node.id in _OWN, node.id
        elif isinstance(node, ast.Attribute):
            assert node.attr in _ATTRIBUTES, node.attr
        assert not isinstance(node, ast.Import | ast.ImportFrom | ast.Lambda | ast.JoinedStr | ast.Global | ast.Try)


def test_the_audit_sees_what_it_is_for() -> None:
    for text in (
        'v1 = "a"',
        "v1 = 'a'",
        "v1 = {}",
        "v1 = 1; v2 = 2",
        "v1 = 1 # x",
        "v1 = `a`",
        "v1 = a\\",
        "v1 = 1\r",
        "v1 = ｅ",
    ):
        with pytest.raises(AssertionError, match="alphabet"):
            compiler._audit(f"def f():\n    {text}")


def test_words_of_a_pack_are_values_and_no_more() -> None:
    text = '"__import__(1)" == payment.method or payment.method in ["{0}", "K1", "%s"]'
    rule = NamedRule("r", check(text, Scope()))
    run = compile_rules([rule], Law())
    moment = Moment(date(2026, 11, 22), 12, no_rates)
    assert run({"payment.method": "K1", "currency": "EUR"}, moment) == (True,)
    assert run({"payment.method": "x", "currency": "EUR"}, moment) == (False,)
