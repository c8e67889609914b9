"""The way from JSON to facts: straight-line code for the layouts that callers send again and again.

A checkout writes the same keys in the same order, payment after payment. Once a layout has come often enough, a function is
written that reads it and nothing else, field by field; whatever is not exactly so goes to `engine.decoding`, which knows every
layout. The facts are the same by construction (the same plan, the same readers) and by test. Only our own text is compiled: of a
body nothing but the order of keys that the catalogue knows reaches it, and those as numbers of constants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import orjson

from engine.decoding import LIST_LIMITS, PLAN, Inline, NotPlain, Plan, decode_tree, has_country, lies_within, money_of
from engine.facts import MINOR, Facts, layout_of
from engine.money import DIGITS
from engine.sums import agree

WINDOW: Final = 4096
"""Bodies over which layouts are counted."""
WARM: Final = 32
"""Bodies of a layout within a window before it gets code of its own."""
BUDGET: Final = 32
"""Functions written in a window at most: bodies of ever new layouts cost no more than that."""
KEPT: Final = 1000

Tree = dict[str, Any]
Keys = tuple[Any, ...]
"""The keys of a level in their order, with those of the levels inside it."""


class Read(NamedTuple):
    """What was read of a body."""

    facts: Facts
    keys: int
    """How many keys were written in all its objects."""


def decode(body: bytes) -> Facts:
    """The facts of a JSON body, or NotPlain where the model must look at it. Never more lenient than the model."""
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise NotPlain from None
    found = read(tree)
    return decode_tree(tree) if found is None else found.facts


def read(tree: Any) -> Read | None:
    """The facts of a parsed body whose layout has code of its own; None: `decode_tree` knows more."""
    if tree.__class__ is not dict:
        return None
    try:
        found = _ROOT.find(tree)
        return None if found is None else Read(*found(tree, None))
    except (KeyError, NotPlain, TypeError):  # not what the layout promised, such as a list in place of an object
        return None


# -- layouts ----------------------------------------------------------------------------------------------------------


class _Node:
    """A step towards the code of a layout: levels are told apart from the outside in."""

    __slots__ = ("code", "deeper", "inner")

    def __init__(self) -> None:
        self.code: Callable[..., Any] | None = None
        self.inner: Callable[[Tree], Keys] | None = None
        """The keys of the next levels; None: there is none, and here is the code."""
        self.deeper: dict[Keys, _Node] = {}


class Layouts:
    """The layouts of one kind of object that have code of their own."""

    def __init__(self, plan: Plan, write: Callable[[Plan, Keys], Callable[..., Any]]):
        self._plan, self._write = plan, write
        self._tops: dict[Keys, _Node] = {}
        self._seen: dict[Keys, int] = {}
        self._met = self._spent = self._kept = 0

    def find(self, tree: Tree) -> Callable[..., Any] | None:
        """The code for this object; None: it has none (yet). Raises TypeError or KeyError for what is no such object."""
        node = self._tops.get(tuple(tree))
        while node is not None:
            if node.inner is None:
                return node.code
            node = node.deeper.get(node.inner(tree))
        return self._meet(tree)

    def _meet(self, tree: Tree) -> Callable[..., Any] | None:
        self._met += 1
        if self._met >= WINDOW:
            self._seen.clear()
            self._met = self._spent = 0
        keys = _keys(tree, self._plan)
        if keys is None:
            return None
        count = self._seen[keys] = self._seen.get(keys, 0) + 1
        if count < WARM or self._spent >= BUDGET:
            return None
        self._spent += 1
        self._seen.pop(keys)
        return self._grow(keys)

    def _grow(self, keys: Keys) -> Callable[..., Any]:
        if self._kept >= KEPT:
            self._tops, self._kept = {}, 0
        self._kept += 1
        code = self._write(self._plan, keys)
        levels = list(_levels(keys))
        node = self._tops.setdefault(_own(levels[0][0][1]), _Node())
        for level in levels[1:]:
            if node.inner is None:
                node.inner = _inner([path for path, _ in level])
            node = node.deeper.setdefault(tuple([_own(inside) for _, inside in level]), _Node())
        node.code = code
        return code


def _keys(tree: Any, plan: Plan) -> Keys | None:
    """The layout of an object: each key, or (key, layout) where an object stands inside. None: it is not plain."""
    if tree.__class__ is not dict:
        return None
    found: list[Any] = []
    for key, value in tree.items():
        part = plan.parts.get(key)
        if value is None or (part is None and not (key in plan.plain or key in plan.money or key in plan.lists)):
            return None
        if part is None:
            found.append(key)
        else:
            inside = _keys(value, part)
            if inside is None:
                return None
            found.append((key, inside))
    return tuple(found)


def _own(keys: Keys) -> Keys:
    return tuple([key if key.__class__ is str else key[0] for key in keys])


def _levels(keys: Keys) -> Iterator[list[tuple[tuple[str, ...], Keys]]]:
    """Level by level, the paths to the objects there and their layouts."""
    level: list[tuple[tuple[str, ...], Keys]] = [((), keys)]
    while level:
        yield level
        level = [((*path, key[0]), key[1]) for path, inside in level for key in inside if key.__class__ is not str]


# -- code -------------------------------------------------------------------------------------------------------------


class _Writer:
    """Writes one function, statement by statement."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {"NotPlain": NotPlain, "money_of": money_of, "DIGITS": DIGITS, "MINOR": MINOR}
        self._count = 0

    def name(self) -> str:
        """A fresh variable."""
        self._count += 1
        return f"v{self._count}"

    def constant(self, value: Any) -> str:
        """The name of an object that the code uses."""
        self._count += 1
        self.constants[f"K{self._count}"] = value
        return f"K{self._count}"

    def line(self, text: str) -> None:
        """One statement."""
        self.lines.append("    " + text)

    def refuse_if(self, test: str) -> None:
        """Leave to others what passes the test."""
        self.line(f"if {test}: raise NotPlain")

    def function(self, arguments: str) -> Callable[..., Any]:
        """The function that was written."""
        source = "\n".join([f"def read({arguments}):", *self.lines])
        if not _ALPHABET.fullmatch(source):
            raise AssertionError("the code generator wrote something outside its alphabet")
        space: dict[str, Any] = {"__builtins__": dict(_BUILTINS), **self.constants}
        exec(compile(source, "<lexgate layout>", "exec"), space)  # noqa: S102  our own text, see above
        return space["read"]  # type: ignore[no-any-return]


_ALPHABET: Final = re.compile(r"[A-Za-z0-9_ \n()\[\]{}:.,=<>!*+]+", re.ASCII)
_BUILTINS: Final = {"str": str, "int": int, "list": list, "tuple": tuple, "len": len}


def _inner(paths: list[tuple[str, ...]]) -> Callable[[Tree], Keys]:
    """The keys of the objects at these paths."""
    writer = _Writer()
    found = ["tree" + "".join(f"[{writer.constant(key)}]" for key in path) for path in paths]
    writer.line(f"return ({''.join(f'tuple({one}), ' for one in found)})")
    return writer.function("tree")


class _Fields(NamedTuple):
    """What the code of a layout has read, in the order of the facts."""

    paths: list[str]
    names: list[str]
    """The variables that hold them."""
    counts: list[str]
    """Variables with the number of keys in lists."""
    currency: dict[str, str]
    """Of amounts: the variable that holds their currency."""


def _write_fields(writer: _Writer, plan: Plan, keys: Keys, tree: str, currency: str, out: _Fields) -> int:
    """The statements that read one level; returns how many keys it and the levels inside have."""
    written, own = len(keys), currency
    if plan.own_currency and any(key in plan.money for key in keys if key.__class__ is str):
        own = writer.name()
        writer.line(f"{own} = {tree}[{writer.constant('currency')}]")
        writer.refuse_if(f"{own} not in DIGITS")
    found: dict[str, str] = {}
    for key in keys:
        name = writer.name()
        if key.__class__ is not str:
            writer.line(f"{name} = {tree}[{writer.constant(key[0])}]")
            written += _write_fields(writer, plan.parts[key[0]], key[1], name, currency, out)
            continue
        writer.line(f"{name} = {tree}[{writer.constant(key)}]")
        if key in plan.money:
            path = plan.money[key]
            writer.line(f"{name} = money_of({name}, {own})")
            out.currency[path] = own
        elif key in plan.lists:
            path, inside = plan.lists[key]
            count = writer.name()
            writer.line(f"{name}, {count} = {writer.constant(_list_reader(key, inside))}({name}, {currency})")
            out.counts.append(count)
        else:
            path = plan.plain[key][0]
            _write_plain(writer, name, plan.inline.get(key), plan.plain[key][1])
        found[path] = name
        out.paths.append(path)
        out.names.append(name)
    if plan.region is not None and plan.region[1] in found:
        within = writer.constant(lies_within)
        writer.line(f"{within}({found[plan.region[1]]}, {found.get(plan.region[0] or '', 'None')})")
    return written


def _write_plain(writer: _Writer, name: str, inline: Inline | None, read_it: Callable[[Any], Any]) -> None:
    match inline:
        case Inline("bool"):
            writer.refuse_if(f"{name} is not True and {name} is not False")
        case Inline("count"):
            writer.refuse_if(f"{name}.__class__ is not int or not 0 <= {name} <= 1000000000")
        case Inline("identifier"):
            writer.refuse_if(f"{name}.__class__ is not str or not 1 <= len({name}) <= 200")
        case Inline("word", values):
            writer.refuse_if(f"{name} not in {writer.constant(values)}")
        case Inline("words", values):
            writer.refuse_if(f"{name}.__class__ is not list or not {writer.constant(values.issuperset)}({name})")
            writer.line(f"{name} = tuple({name})")
        case Inline("place", values):
            writer.line(f"if {name} not in {writer.constant(values)}: {name} = {writer.constant(read_it)}({name})")
        case _:
            writer.line(f"{name} = {writer.constant(read_it)}({name})")


def _list_reader(key: str, plan: Plan) -> Callable[[Any, str], tuple[tuple[dict[str, Any], ...], int]]:
    """Reads a list of objects and counts their keys."""
    limit = LIST_LIMITS.get(key, 10_000)
    layouts = _LISTS.setdefault(id(plan), Layouts(plan, _write_element))

    def read_all(value: Any, currency: str) -> tuple[tuple[dict[str, Any], ...], int]:
        if value.__class__ is not list or len(value) > limit:
            raise NotPlain
        found, keys = [], 0
        for item in value:
            if item.__class__ is not dict:
                raise NotPlain
            code = layouts.find(item)
            if code is None:
                raise NotPlain
            facts, count = code(item, currency)
            found.append(facts)
            keys += count
        return tuple(found), keys

    return read_all


_LISTS: Final[dict[int, Layouts]] = {}
"""By the plan of their elements; plans are made once, with the module."""


def _write_element(plan: Plan, keys: Keys) -> Callable[..., Any]:
    """The code of an element of a list: `(element, currency) -> (facts, keys)`."""
    writer, out = _Writer(), _Fields([], [], [], {})
    written = _write_fields(writer, plan, keys, "tree", "currency", out)
    pairs = "".join(f"{writer.constant(path)}: {name}, " for path, name in zip(out.paths, out.names, strict=True))
    writer.line(f"return {{{pairs}}}, {written}")
    return writer.function("tree, currency")


def _write_root(plan: Plan, keys: Keys) -> Callable[..., Any]:
    """The code of a whole body: `(tree, None) -> (facts, keys)`."""
    writer, out = _Writer(), _Fields([], [], [], {})
    if "currency" not in keys or "amount" not in keys:
        return _refused
    currency = writer.name()
    writer.line(f"{currency} = tree[{writer.constant('currency')}]")
    writer.refuse_if(f"{currency} not in DIGITS")
    written = _write_fields(writer, plan, keys, "tree", currency, out)
    for path, word in (("kind", "sale"), ("asked_by", "merchant")):
        if path not in out.paths:
            out.paths.append(path)
            out.names.append(writer.constant(word))
    if "payment.instrument" not in out.paths or not has_country(dict.fromkeys(out.paths)):
        return _refused
    if "lines" in out.paths:
        lines = out.names[out.paths.index("lines")]
        writer.refuse_if(f"{lines} and not {writer.constant(agree)}({lines})")
    _write_facts(writer, out)
    writer.line(f"return facts, {''.join(f'{count} + ' for count in out.counts)}{written}")
    return writer.function("tree, _")


def _write_facts(writer: _Writer, out: _Fields) -> None:
    """`facts` as `Facts(...)` would make them, its row and shape without a look at what the layout tells."""
    layout = layout_of(tuple(out.paths))
    pairs = "".join(f"{writer.constant(path)}: {name}, " for path, name in zip(out.paths, out.names, strict=True))
    writer.line(f"facts = {writer.constant(Facts.bare)}({{{pairs}}})")
    row = [
        f"int({name}[0] * MINOR[{out.currency[path]}])" if at in layout.money else name
        for at, (path, name) in enumerate(zip(out.paths, out.names, strict=True))
    ]
    writer.line(f"facts.row = [{', '.join(row)}]")
    by_path = dict(zip(out.paths, out.names, strict=True))
    values = f"({''.join(f'{by_path[path]}, ' for path in layout.steering)})"
    writer.line(f"shape = {writer.constant(layout.shapes.get)}({values})")
    writer.line(f"facts.shape = shape if shape is not None else {writer.constant(layout.shape)}({values})")


def _refused(_tree: Tree, _currency: str | None) -> tuple[Facts, int]:
    raise NotPlain


_ROOT: Final = Layouts(PLAN, _write_root)
