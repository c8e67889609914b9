"""From text to Python's own syntax tree, and no further than the language allows.

The standard library parses; this module decides what may be parsed at all: length, characters, lexemes, nesting, node
kinds. Nothing here evaluates anything.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Final

from engine.language.errors import ParseError

MAX_LENGTH: Final = 1200
MAX_NODES: Final = 64
MAX_DEPTH: Final = 12

_ALLOWED: Final = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE,
    ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.IfExp, ast.Call, ast.Name,
    ast.Attribute, ast.Constant, ast.List, ast.Load, ast.Store, ast.GeneratorExp, ast.comprehension,
)  # fmt: skip
_NOT_COUNTED: Final = (
    ast.Attribute,
    ast.boolop,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.expr_context,
    ast.comprehension,
)
_SAID: Final = {
    ast.Lambda: "a lambda", ast.Subscript: "indexing with [ ]", ast.JoinedStr: "an f-string", ast.Dict: "a dictionary",
    ast.Tuple: "a tuple: write a list in [ ]", ast.Set: "a set: write a list in [ ]", ast.ListComp: "a list comprehension",
    ast.NamedExpr: "an assignment", ast.Starred: "a star", ast.Await: "await", ast.Yield: "yield", ast.Slice: "a slice",
    ast.Is: "`is`: write ==", ast.IsNot: "`is not`: write !=", ast.Pow: "a power", ast.Mod: "%", ast.FloorDiv: "//",
}  # fmt: skip

_LEXEME: Final = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)|(?P<blank>\ +)|(?P<sign>.)""", re.ASCII
)
"""Python's own lexemes, as far as printable ASCII on one line without a backslash can spell them."""
_NUMBER: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)
_PREFIXES: Final = frozenset({"b", "br", "f", "fr", "r", "rb", "rf", "u"})


def parse(text: str) -> ast.expr:
    """The syntax tree of one expression. Raises ParseError with a column, and nothing else."""
    if not text.strip():
        raise ParseError("expr-empty", "The expression is empty.")
    if len(text) > MAX_LENGTH:
        raise ParseError(
            "expr-too-long", f"The expression has {len(text)} characters; {MAX_LENGTH} are allowed. Name a let."
        )
    _refuse_foreign_characters(text)
    _check_lexemes(text)
    tree = _python_tree(text)
    _check_shape(tree, 1)
    counted = sum(1 for node in ast.walk(tree) if not isinstance(node, _NOT_COUNTED))
    if counted > MAX_NODES:
        raise ParseError("expr-too-large", f"The expression has {counted} parts; {MAX_NODES} are allowed. Name a let.")
    return tree


def _refuse_foreign_characters(text: str) -> None:
    """Only printable ASCII: names, numbers and codes need no more, and no letter can pretend to be another one."""
    for at, char in enumerate(text, start=1):
        if not " " <= char <= "~":
            raise ParseError("expr-character", f"Character U+{ord(char):04X} is not allowed in an expression.", at)
        if char == "\\":
            raise ParseError("expr-character", "A backslash is not allowed in an expression.", at)


def _check_lexemes(text: str) -> None:
    """What the syntax tree no longer shows: comments, texts run together, prefixes, odd spellings of numbers, brackets."""
    depth, before, kind = 0, "", ""
    for lexeme in _LEXEME.finditer(text):
        said, at = lexeme.group(), lexeme.start() + 1
        if lexeme.lastgroup == "text":
            _check_text(said, before, kind, at)
        elif lexeme.lastgroup == "number" and not _NUMBER.fullmatch(said):
            raise ParseError("expr-number", f"{said} is not a number in plain digits.", at)
        elif said == "#":
            raise ParseError("expr-construct", "The language has no place for a comment: write a `note`.", at)
        elif lexeme.lastgroup == "sign":
            depth += (said in "([{") - (said in ")]}")
        if depth < 0:
            raise ParseError("expr-syntax", "Not an expression: a bracket closes that was never opened.", at)
        if depth > 4 * MAX_DEPTH:
            raise ParseError("expr-too-deep", f"Brackets are nested deeper than {4 * MAX_DEPTH} levels.", at)
        if lexeme.lastgroup != "blank" or kind == "name":
            before, kind = said, str(lexeme.lastgroup)


def _check_text(said: str, before: str, kind: str, at: int) -> None:
    if kind == "text":
        raise ParseError("expr-syntax", "Not an expression: two texts stand side by side. Is a comma missing?", at)
    if kind == "name" and before.lower() in _PREFIXES:
        what = "an f-string" if "f" in before.lower() else "a text with a prefix"
        raise ParseError("expr-construct", f"The language has no place for {what}.", at - len(before))


def _python_tree(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The leading parenthesis lets leading blanks pass, as YAML folding may leave them.
            return ast.parse(f"({text})", mode="eval").body
    except SyntaxError as error:
        column = max(1, min((error.offset or 2) - 1, len(text) + 1))
        raise ParseError("expr-syntax", f"Not an expression: {error.msg}.", column) from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise ParseError("expr-syntax", "Not an expression that can be read.") from None


def _check_shape(node: ast.AST, depth: int) -> None:
    if depth > MAX_DEPTH + 2:
        raise ParseError(
            "expr-too-deep", f"The expression is nested deeper than {MAX_DEPTH} levels. Name a let.", column_of(node)
        )
    if not isinstance(node, _ALLOWED):
        said = _SAID.get(type(node), f"{type(node).__name__}")
        raise ParseError("expr-construct", f"The language has no place for {said}.", column_of(node))
    if isinstance(node, ast.Attribute):
        _dotted_length(node)
    step = 0 if isinstance(node, ast.Attribute | ast.comprehension) else 1
    for child in ast.iter_child_nodes(node):
        _check_shape(child, depth + step)


def _dotted_length(node: ast.AST) -> None:
    length = 1
    while isinstance(node, ast.Attribute):
        node, length = node.value, length + 1
    if length > MAX_DEPTH:
        raise ParseError("expr-too-deep", f"A name of {length} parts; no fact has more than five.", column_of(node))


def column_of(node: ast.AST) -> int:
    """The column in the author's text, from 1 (the parenthesis that `parse` adds is taken off)."""
    return max(1, int(getattr(node, "col_offset", 1)))
