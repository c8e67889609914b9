"""The rules themselves: each takes one module and yields the places where it is broken."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.source import Found, Source, dotted, imported

LONGEST_FILE = 600
LONGEST_FUNCTION = 80

CLOCKS = frozenset({
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
})  # fmt: skip
EXECUTORS = frozenset({"compile", "eval", "exec", "builtins.compile", "builtins.eval", "builtins.exec"})
BROAD = frozenset({"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"})

_SQL = re.compile(
    r"^\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s|ALTER\s+TABLE\s|DROP\s|"
    r"PRAGMA\s|ATTACH\s|VACUUM\s|WITH\s+\S+\s+AS\s)"
)
_PRAGMA = re.compile(r"#\s*pragma:\s*no\s*(?:cover|branch)(?P<reason>.*)", re.IGNORECASE)
_TODO = re.compile(r"#.*\b(TODO|FIXME|XXX)\b(?!\s*\(?#\d+)")


def floats(module: Source) -> Iterator[Found]:
    """Money and rates are Decimal: a float near them has already lost cents."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield Found(node.lineno, f"the float {node.value!r}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield Found(node.lineno, "a call of float()")


def clocks(module: Source) -> Iterator[Found]:
    """The time of a decision is handed in: otherwise it could not be reproduced."""
    names = imported(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node, names) in CLOCKS:
            yield Found(node.lineno, f"the wall clock: {dotted(node, names)}")


def executors(module: Source) -> Iterator[Found]:
    """Text becomes code in one room only, where nothing of a pack reaches it except as a constant."""
    names = imported(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and dotted(node.func, names) in EXECUTORS:
            yield Found(node.lineno, f"{dotted(node.func, names)}()")


def composed_sql(module: Source) -> Iterator[Found]:
    """Values travel beside a statement, never inside it."""
    for node in ast.walk(module.tree):
        if _is_composed(node) and _SQL.match(_leading_text(node)):
            yield Found(node.lineno, "SQL put together from pieces")


def _is_composed(node: ast.AST) -> bool:
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(value, ast.FormattedValue) for value in values)
        case ast.BinOp(op=ast.Mod() | ast.Add()):
            return True
        case ast.Call(func=ast.Attribute(attr="format")):
            return True
    return False


def _leading_text(node: ast.AST) -> str:
    """The text a composed string begins with, as far as it is written down."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            # A hole reads as a word, so that `UPDATE {table} SET` is still seen for what it is.
            return "".join(_leading_text(value) or "_" for value in values)
        case ast.BinOp(left=left):
            return _leading_text(left)
        case ast.Call(func=ast.Attribute(attr="format", value=template)):
            return _leading_text(template)
    return ""


def broad_excepts(module: Source) -> Iterator[Found]:
    """A handler names what it expects; everything else must be seen."""
    names = imported(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or dotted(kind, names) in BROAD for kind in caught):
                yield Found(node.lineno, "a handler that catches everything")


def long_files(module: Source) -> Iterator[Found]:
    """A module that does not fit a reader's head is several modules."""
    lines = module.text.count("\n")
    if lines > LONGEST_FILE:
        yield Found(LONGEST_FILE + 1, f"{lines} lines; {LONGEST_FILE} at most")


def long_functions(module: Source) -> Iterator[Found]:
    """A function that does not fit a screen is several functions."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield Found(node.lineno, f"{node.name} has {lines} lines; {LONGEST_FUNCTION} at most")


def undescribed(module: Source) -> Iterator[Found]:
    """Every module says in its first line what it is for."""
    if not (ast.get_docstring(module.tree) or "").strip():
        yield Found(1, "no module docstring")


def silent_marks(module: Source) -> Iterator[Found]:
    """Code left out of coverage says why, and what is left to do has an issue: `# TODO(#12)`."""
    for number, line in enumerate(module.text.splitlines(), start=1):
        pragma = _PRAGMA.search(line)
        if pragma and len(pragma["reason"].strip(" -:;,.")) < 4:
            yield Found(number, "a coverage pragma without its reason")
        if _TODO.search(line):
            yield Found(number, "a TODO without an issue number")
