"""Rules and payments that grow at random, well typed by construction: the text of a rule, and facts it may meet.

The grower asks a `random.Random` for every choice, so that Hypothesis can hand in one of its own and shrink what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

from engine.catalogue import FIELDS, OBJECTS
from engine.language.check import check
from engine.language.compile import NamedRule
from engine.language.errors import LanguageError
from engine.language.law import Gap, Law, Moment
from engine.language.scope import NamedLet, Scope
from engine.language.tree import Each, Expr, Fact, IsKnown, Not, RuleRef, conjunction, walk
from engine.language.types import BOOL, DATE, DECIMAL, INT, PLACE, RATE, STRING, Type
from engine.money import DIGITS, Money, RateRow, RateTable, convert

PLACES = ["DE", "FR", "NO", "RE", "GB", "XI", "US", "US-CA", "CH", "XK"]
GROUPS = {"EEA": frozenset({"DE", "FR", "NO", "RE"}), "NOBODY": frozenset[str](), "SOME": frozenset({"GB", "US-CA"})}
WORDS = ["visa", "ideal", "a", "transport_fare", "EUR", "b_2"]
CURRENCIES = ["EUR", "EUR", "EUR", "USD", "JPY", "XAF"]
AMOUNTS = ["0", "0.01", "29.99", "30", "30.00", "30.01", "50", "100", "1234.5", "999999999999999999"]
NUMBERS = ["0", "1", "2", "2.50", "0.000000000001", "13", "999999999999999999.999999999999"]
DAYS = [
    date(2026, 11, 22),
    date(2024, 2, 29),
    date(2019, 9, 14),
    date(2019, 9, 13),
    date.min,
    date.max,
    date(2020, 3, 31),
]
OFFSETS = [timezone(timedelta(hours=hours)) for hours in (0, 1, -8, 14)]
INSTANTS = [
    *(datetime(2026, 11, 22, hour, 30, tzinfo=zone) for hour in (0, 23) for zone in OFFSETS),
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
]
RATES = RateTable(
    RateRow(day, currency, Decimal(quote))
    for day in (date(2026, 11, 20), date(2024, 2, 28), date(2019, 9, 13))
    for currency, quote in (("USD", "1.1172"), ("JPY", "175.68"), ("GBP", "0.8338"))
)

BY_KIND: dict[str, list[str]] = {}
for _path, _field in FIELDS.items():
    BY_KIND.setdefault(_field.kind, []).append(_path)
_FAVOURED = [
    "amount",
    "payment.channel",
    "payment.since_authenticated.amount",
    "payment.issuer_country",
    "payment.instrument",
]
LISTS = {
    "lines": ["amount", "category", "quantity", "marketplace", "ship_to.country"],
    "linked": ["amount", "at", "direction"],
}
ORDERED = ["int", "decimal", "money", "rate", "date", "instant", "duration"]
COMPARED = [*ORDERED, "place", "enum", "token", "text", "bool"]


@dataclass
class World:
    """One scope with its law: what rules may name, and what the parameters are."""

    scope: Scope
    law: Law
    params: dict[str, list[str]]
    """Kind -> names."""
    rules: list[NamedRule] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def grow_world(rnd: Random, rules: int, *, depth: int = 3, simple: bool = False) -> World:
    """Parameters, lets and rules, each rule possibly with exceptions. `simple`: nothing asks what is known."""
    types: dict[str, Type] = {}
    values: dict[str, Any] = {}
    named: dict[str, list[str]] = {}
    for kind in ("money", "money", "int", "rate", "decimal", "bool", "date", "token", "place", "tokens"):
        name = f"p{len(types)}_{kind}"
        types[name], values[name] = _parameter(rnd, kind)
        named.setdefault(kind, []).append(name)
    world = World(Scope(types, {}, frozenset(GROUPS)), Law(values, GROUPS), named)
    lets: dict[str, NamedLet] = {}
    for index, kind in enumerate(rnd.choices(["bool", "money", "int"], k=2)):
        text, tree = grow(rnd, world, kind, depth - 1, simple=simple)
        lets[f"let{index}"] = NamedLet(f"what {index} says", tree)
        world.texts[f"let{index}"] = text
        world.scope = Scope(types, dict(lets), frozenset(GROUPS))
        named.setdefault(f"let:{kind}", []).append(f"let{index}")
    for index in range(rules):
        text, tree = grow(rnd, world, "bool", depth, simple=simple)
        earlier = [rule.id for rule in world.rules if rnd.random() < 0.25]
        excepted: list[Expr] = [Not(BOOL, tree.at, RuleRef(BOOL, tree.at, name)) for name in earlier]
        world.rules.append(NamedRule(f"rule{index}", conjunction([tree, *excepted])))
        world.texts[f"rule{index}"] = f"{text}   unless {earlier}" if earlier else text
    return world


def _parameter(rnd: Random, kind: str) -> tuple[Type, Any]:
    unit = rnd.choice(["EUR", "EUR", "USD", "JPY"])
    made: dict[str, Callable[[], tuple[Type, Any]]] = {
        "money": lambda: (Type("money", unit=unit), fitting(rnd.choice(AMOUNTS), unit)),
        "int": lambda: (INT, rnd.choice([0, 1, 5])),
        "rate": lambda: (RATE, Decimal(rnd.choice(NUMBERS[:6]))),
        "decimal": lambda: (DECIMAL, Decimal(rnd.choice(NUMBERS))),
        "bool": lambda: (BOOL, rnd.random() < 0.5),
        "date": lambda: (DATE, rnd.choice(DAYS)),
        "token": lambda: (STRING, rnd.choice(WORDS)),
        "place": lambda: (PLACE, rnd.choice(PLACES)),
        "tokens": lambda: (Type("list", item=STRING), tuple(rnd.sample(WORDS, rnd.randint(0, 3)))),
    }
    typed, value = made[kind]()
    return typed, rnd.choice(list(Gap)) if rnd.random() < 0.12 else value


def fitting(amount: str, currency: str) -> Decimal:
    """The amount with no more decimals than the currency has."""
    return round(Decimal(amount), DIGITS[currency])


def grow(rnd: Random, world: World, kind: str, depth: int, *, simple: bool = False) -> tuple[str, Expr]:
    """The text of a well-typed expression and its tree. Too large a one is grown again, smaller."""
    while True:
        text = Grower(rnd, world, simple=simple).of(kind, depth)
        try:
            return text, check(text, world.scope)
        except LanguageError as error:
            if error.code not in ("expr-too-large", "expr-too-long", "expr-too-deep"):
                raise AssertionError(f"{text}\n{error.code}: {error}") from error
            depth = max(1, depth - 1)


class Grower:
    """Grows one expression."""

    def __init__(self, rnd: Random, world: World, *, simple: bool):
        self.rnd, self.world, self.simple = rnd, world, simple
        self.element: str | None = None

    def of(self, kind: str, depth: int) -> str:
        """An expression of a kind."""
        if depth <= 0 or (kind != "bool" and self.rnd.random() < 0.4):
            return self.leaf(kind)
        grow: Callable[[int], str] = getattr(self, kind, None) or (lambda depth: self.choice(kind, depth))
        return grow(depth - 1)

    def pick(self, options: list[Any]) -> Any:
        """One of them."""
        return self.rnd.choice(options)

    # -- leaves --

    def leaf(self, kind: str) -> str:
        """A fact, a parameter, a let or a literal."""
        if kind == "money":
            return self._money_leaf("EUR")
        named = [*self.world.params.get(kind, []), *self.world.params.get(f"let:{kind}", [])]
        if self.element is not None:
            named = [name for name in named if not name.startswith("let")]
        options: list[Callable[[], str]] = [lambda: self.fact(kind)] * 3 + [lambda: self.literal(kind)]
        if named:
            options.append(lambda: str(self.pick(named)))
        return str(self.pick(options)())

    def fact(self, kind: str) -> str:
        """The name of a fact of that kind, or what stands in where there is none."""
        if self.element is not None and self.rnd.random() < 0.7:
            inner = FIELDS[self.element].item
            found = [name for name in LISTS[self.element] if inner[name].kind == kind]
            if found:
                return f"x.{self.pick(found)}"
        if kind == "date" and self.rnd.random() < 0.3:
            return "payment_date"
        if kind == "int" and self.rnd.random() < 0.4:
            return "local_hour"
        known = BY_KIND.get(kind, [])
        favoured = [path for path in _FAVOURED if path in known]
        if favoured and self.rnd.random() < 0.5:
            return str(self.pick(favoured))
        if kind == "decimal":
            return "ratio(payment.installments, 4)" if self.rnd.random() < 0.2 else 'decimal("2.5")'
        return str(self.pick(known)) if known else self.literal(kind)

    def literal(self, kind: str) -> str:
        """A literal of that kind."""
        currency = self.pick(["eur", "eur", "usd", "jpy"])
        made: dict[str, Callable[[], str]] = {
            "bool": lambda: self.pick(["true", "false"]),
            "int": lambda: str(self.pick([0, 1, 5, -3, 999_999_999_999_999])),
            "decimal": lambda: f'decimal("{self.pick(NUMBERS)}")',
            "rate": lambda: self.pick(['percent("0.13")', 'bps("13")', 'bps("0")']),
            "money": lambda: f'{currency}("{fitting(self.pick(AMOUNTS), currency.upper())}")',
            "date": lambda: f'date("{self.pick(DAYS).isoformat()}")',
            "duration": lambda: self.pick(["days(0)", "days(3)", "hours(36)", "hours(1)", "days(100000)"]),
            "instant": lambda: "occurred_at",
            "place": lambda: self.pick(BY_KIND["place"]),
            "enum": lambda: self.pick(BY_KIND["enum"]),
            "token": lambda: f'"{self.pick(WORDS)}"',
            "text": lambda: f'"{self.pick(WORDS)}"',
        }
        return str(made[kind]())

    # -- truths --

    def bool(self, depth: int) -> str:
        """A condition."""
        made = [self._joined, self._joined, self._not, self._compare, self._compare, self._compare, self._one_of]
        made += [self._within, self._contains, self._chain, lambda depth: self.choice("bool", depth)]
        if not self.simple:
            made += [self._known]
        if self.element is None:
            made += [self._each]
        return str(self.pick(made)(depth))

    def _joined(self, depth: int) -> str:
        word = self.pick([" and ", " or "])
        items = [self.of("bool", depth) for _ in range(self.rnd.randint(2, 3))]
        return word.join(f"({item})" for item in items)

    def _not(self, depth: int) -> str:
        return f"not ({self.of('bool', depth)})"

    def _compare(self, depth: int) -> str:
        kind = self.pick(COMPARED)
        if kind == "enum":
            path = self.pick(BY_KIND["enum"])
            return f'{path} {self.pick(["==", "!="])} "{self.pick(sorted(FIELDS[path].values or ()))}"'
        if kind == "place" and self.rnd.random() < 0.5:
            return f'{self.of("place", depth)} == "{self.pick(PLACES[:5])}"'
        sign = self.pick(["<", "<=", ">", ">=", "==", "!="] if kind in ORDERED else ["==", "!="])
        other = self.pick(["int", "decimal"]) if kind in ("int", "decimal") else kind
        if kind == "money":
            return self._of_money(sign, depth)
        return f"({self.of(kind, depth)}) {sign} ({self.of(other, depth)})"

    def _of_money(self, sign: str, depth: int) -> str:
        """Money compared in one unit: whatever is named beside a fact is of one currency."""
        unit = self.pick(["EUR", "EUR", "USD", "JPY", None])
        return f"({self.money_in(unit, depth)}) {sign} ({self.money_in(unit, depth)})"

    def _chain(self, depth: int) -> str:
        kind = self.pick(["int", "date", "rate"])
        return f"({self.of(kind, depth)}) <= ({self.of(kind, depth)}) < ({self.of(kind, depth)})"

    def _one_of(self, depth: int) -> str:
        kind = self.pick(["enum", "place", "token", "int", "date"])
        word = self.pick([" in ", " not in "])
        if kind == "enum":
            path = self.pick(BY_KIND["enum"])
            left, items = path, [f'"{value}"' for value in self.rnd.sample(sorted(FIELDS[path].values or ()), 2)]
        elif kind == "place":
            left, items = self.of("place", 0), [f'"{place}"' for place in self.rnd.sample(PLACES[:7], 2)]
        else:
            left, items = f"({self.of(kind, depth)})", [self.literal(kind) for _ in range(2)]
        return f"{left}{word}[{', '.join(items)}]"

    def _within(self, depth: int) -> str:
        left = self.of("place", depth if self.rnd.random() < 0.3 else 0)
        return f'within({left}, "{self.pick([*GROUPS, "DE", "US", "US-CA", "GB", "XK"])}")'

    def _contains(self, depth: int) -> str:
        if self.rnd.random() < 0.3:
            return f"({self.of('decimal', depth)}) in payment.fraud_rate.suspended_bands"
        path = self.pick([*BY_KIND["list:token"], *self.world.params["tokens"]])
        values = FIELDS[path].values if path in FIELDS else None
        item = f'"{self.pick(sorted(values))}"' if values else f"({self.of('token', depth)})"
        return f"{item} {self.pick(['in', 'not in'])} {path}"

    def _known(self, _depth: int) -> str:
        return f"is_known({self.pick([*sorted(OBJECTS), *FIELDS])})"

    def _each(self, depth: int) -> str:
        kind, path = self.pick(["any", "all", "count", "sum"]), self.pick(sorted(LISTS))
        self.element = path
        try:
            body = self.money_in(None, min(depth, 1)) if kind == "sum" else self.of("bool", min(depth, 2))
            where = f" if {self.of('bool', 1)}" if self.rnd.random() < 0.5 else ""
        finally:
            self.element = None
        each = f"{kind}({body} for x in {path}{where})"
        if kind == "sum":
            return f"{each} <= {self.money_in('EUR', 0)}"
        return f"{each} >= {self.pick([0, 1, 2])}" if kind == "count" else each

    # -- values --

    def choice(self, kind: str, depth: int) -> str:
        """One value or another."""
        if self.simple or self.rnd.random() < 0.6:
            return f"({self.of(kind, depth)} if {self.of('bool', depth)} else {self.of(kind, depth)})"
        return f"coalesce({self.of(kind, depth)}, {self.of(kind, depth)})"

    def number(self, kind: str, depth: int) -> str:
        """Arithmetic of one kind."""
        a, b = self.of(kind, depth), self.of(kind, depth)
        made = [
            f"({a} + {b})",
            f"({a} - {b})",
            f"min({a}, {b})",
            f"max({a}, {b})",
            f"abs({a})",
            self.choice(kind, depth),
        ]
        return str(self.pick(made))

    def int(self, depth: int) -> str:
        """A whole number."""
        if self.rnd.random() < 0.2:
            return f"distinct({self.pick([*BY_KIND['list:token'], *BY_KIND['list:decimal'], *self.world.params['tokens']])})"
        return (
            f"({self.of('int', depth)} * {self.of('int', 0)})" if self.rnd.random() < 0.2 else self.number("int", depth)
        )

    def decimal(self, depth: int) -> str:
        """A number with decimals."""
        a = self.of("decimal", depth)
        made = [f"({a} * {self.of('int', 0)})", f"({a} / {self.pick([4, 3, -8])})", f"round_half_up({a}, 5)"]
        made += [
            f"floor_to({a}, 3)",
            f"ratio({a}, {self.of('int', depth)})",
            f'amount_of({self.money_in("EUR", depth)} + eur("0"))',
        ]
        return str(self.pick([*made, self.number("decimal", depth), self.number("decimal", depth)]))

    def rate(self, depth: int) -> str:
        """A rate."""
        return f"({self.of('rate', depth)} * 2)" if self.rnd.random() < 0.2 else self.number("rate", depth)

    def money(self, depth: int) -> str:
        """Money in euros, or in the payment's own currency."""
        return self.money_in("EUR", depth)

    def money_in(self, unit: str | None, depth: int) -> str:
        """Money in a unit; None: of facts only."""
        if depth <= 0:
            return self._money_leaf(unit)
        a, b = self.money_in(unit, depth - 1), self.money_in(unit, depth - 1)
        made = [
            f"({a} + {b})",
            f"({a} - {b})",
            f"min({a}, {b})",
            f"max({a}, {b})",
            f"({a} * {self.pick([2, 3])})",
            a,
            a,
        ]
        made += [f"({a} / 4)", f"abs({a})", f"floor_to({a}, 5)", f"({a} if {self.of('bool', depth - 1)} else {b})"]
        return str(self.pick(made if self.simple else [*made, f"coalesce({a}, {b})"]))

    def _money_leaf(self, unit: str | None) -> str:
        facts = [lambda: self.fact("money")] * 3
        if unit is None:
            return facts[0]()
        fixed = [name for name in self.world.params["money"] if self.world.scope.params[name].unit == unit]
        lets = self.world.params.get("let:money", []) if unit == "EUR" and self.element is None else []
        amount = fitting(self.pick(AMOUNTS), unit)
        return str(
            self.pick(
                [*facts, lambda: f'{unit.lower()}("{amount}")', *((lambda name=name: name) for name in [*fixed, *lets])]
            )()
        )

    def date(self, depth: int) -> str:
        """A day."""
        a = self.of("date", depth)
        made = [f"({a} + {self.literal('duration')})", f"({a} - {self.literal('duration')})", f"day_before({a})"]
        made += [
            f'months_add({a}, {self.pick([1, -1, 1200])}, "{self.pick(["up", "down"])}")',
            f"min({a}, payment_date)",
        ]
        made += [f"day_of({self.of('instant', depth)})", self.choice("date", depth)]
        return str(self.pick(made))

    def instant(self, depth: int) -> str:
        """A moment."""
        a = self.of("instant", depth)
        sign, by = self.pick(["+", "-"]), self.of("duration", 0)
        return str(
            self.pick([f"({a} {sign} {by})", f"max({a}, {self.of('instant', depth)})", self.choice("instant", depth)])
        )

    def duration(self, depth: int) -> str:
        """A length of time."""
        kind = self.pick(["date", "instant"])
        between = f"({self.of(kind, depth)} - {self.of(kind, depth)})"
        return str(self.pick([between, f"({between} + {self.literal('duration')})", self.literal("duration")]))


# -- payments ---------------------------------------------------------------------------------------------------------


def facts_named(rules: Iterable[NamedRule]) -> dict[str, set[str]]:
    """Every fact that the rules may read, and of lists of objects the fields."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        for node in walk(rule.condition):
            if isinstance(node, Fact) and node.var is None and node.path in FIELDS:
                found.setdefault(node.path, set())
            elif isinstance(node, Each):
                inner = {part.path for part in walk(node) if isinstance(part, Fact) and part.var is not None}
                found.setdefault(node.path, set()).update(inner)
            elif isinstance(node, IsKnown):
                for path in node.paths[:3]:
                    found.setdefault(path, set())
    return found


def grow_facts(rnd: Random, named: dict[str, set[str]], *, missing: float = 0.1) -> dict[str, Any]:
    """A payment that states nine in ten of the facts named, each of its kind."""
    currency = rnd.choice(CURRENCIES)
    facts: dict[str, Any] = {}
    for path, inner in sorted(named.items()):
        if rnd.random() >= missing:
            facts[path] = grow_fact(rnd, path, inner, currency, missing)
    counted = facts.get("payment.since_authenticated.amount")
    if counted is not None:
        facts["payment.since_authenticated.currency"] = counted.currency
    facts["currency"] = currency
    facts.setdefault("amount", Money(fitting(rnd.choice(AMOUNTS), currency), currency))
    return facts


def grow_fact(rnd: Random, path: str, inner: set[str], currency: str, missing: float) -> Any:
    """The value of one fact."""
    known = FIELDS[path]
    if known.kind == "list:object":
        return tuple(
            {name: _value(rnd, known.item[name], currency) for name in sorted(inner) if rnd.random() >= missing}
            for _ in range(rnd.randint(0, 3))
        )
    return _value(rnd, known, currency)


def _value(rnd: Random, known: Any, currency: str) -> Any:
    kind = known.kind
    if kind == "money":
        unit = rnd.choice(CURRENCIES) if known.unit == ".currency" else currency
        return Money(fitting(rnd.choice(AMOUNTS), unit), unit)
    if kind == "enum":
        return rnd.choice(sorted(known.values))
    if kind.startswith("list:"):
        pool = sorted(known.values) if known.values else NUMBERS if kind == "list:decimal" else WORDS
        items = rnd.choices(pool, k=rnd.randint(0, 3))
        return tuple(Decimal(item) if kind == "list:decimal" else item for item in items)
    made: dict[str, Callable[[], Any]] = {
        "bool": lambda: rnd.random() < 0.5,
        "int": lambda: rnd.choice([0, 1, 4, 5, 6, 1_000_000_000]),
        "decimal": lambda: Decimal(rnd.choice(NUMBERS)),
        "rate": lambda: Decimal(rnd.choice(NUMBERS)),
        "date": lambda: rnd.choice(DAYS),
        "instant": lambda: rnd.choice(INSTANTS),
        "place": lambda: rnd.choice(PLACES),
        "open": lambda: {"a": 1},
    }
    return made[kind]() if kind in made else rnd.choice(WORDS)


def grow_moment(rnd: Random) -> Moment:
    """A local day and hour, with the rates of that day."""
    day = rnd.choice(DAYS)
    return Moment(day, rnd.randint(0, 23), Converter(day))


class Converter:
    """Converts at the rates of one day."""

    def __init__(self, day: date):
        self.day = day

    def __call__(self, money: Money, unit: str) -> Decimal | None:
        rate = RATES.rate(money.currency, unit, self.day)
        return None if rate is None else convert(money, rate)
