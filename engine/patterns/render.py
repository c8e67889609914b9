"""Patterns as text that an officer reads, in the language they are written in."""

from __future__ import annotations

from engine.patterns.terms import AllOf, AnyOf, Compare, Condition, Number, Of, Param, Product, Sum, Whole, Word


def source(condition: Condition) -> str:
    """A condition with as few brackets as it needs; `true` where nothing is asked."""
    match condition:
        case Compare(op=op, left=left, right=Word(value=int(flag))):
            return _number(left) if (op == "==") is bool(flag) else f"not {_number(left)}"
        case Compare(op=op, left=left, right=right):
            return f"{_number(left)} {op} {_word(right) if isinstance(right, Word) else _number(right)}"
        case AllOf(items=items):
            return " and ".join(_inside(item) for item in items) or "true"
        case AnyOf(items=items):
            return " or ".join(source(item) for item in items) or "false"


def _inside(item: Condition) -> str:
    return f"({source(item)})" if isinstance(item, AnyOf) and len(item.items) > 1 else source(item)


def _word(word: Word) -> str:
    return f'"{word.value}"'


def _number(term: Number, *, tight: bool = False) -> str:
    match term:
        case Whole(value=value):
            return str(value)
        case Param(name=name):
            return name
        case Of(alias=alias, field=field):
            return f"{alias}.{field}"
        case Product(left=left, right=right):
            return f"{_number(left, tight=True)} * {_number(right, tight=True)}"
        case Sum(left=left, right=right, sign=sign):
            # What is taken away is one thing: `a - (b + c)`.
            text = f"{_number(left)} {'+' if sign > 0 else '-'} {_number(right, tight=sign < 0)}"
            return f"({text})" if tight else text
