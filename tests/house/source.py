"""The source files of the house, parsed once, and the shape of what a house rule finds in them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "api", "ingest")


@dataclass(frozen=True, slots=True)
class Source:
    """One module: its path from the root of the repository, its text and its tree."""

    path: str
    text: str
    tree: ast.Module


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One place where a rule is broken."""

    line: int
    what: str


Rule = Callable[[Source], Iterator[Found]]


def source(text: str, path: str = "engine/example.py") -> Source:
    """A module given as text."""
    return Source(path, text, ast.parse(text))


@cache
def load(path: str) -> Source:
    """A module of the house, by its path from the root."""
    return source((ROOT / path).read_text(encoding="utf-8"), path)


def modules(*packages: str) -> list[str]:
    """The paths of all modules under the packages that are there, sorted."""
    files = (file for package in packages for file in (ROOT / package).rglob("*.py"))
    files = (file for file in files if "node_modules" not in file.parts)
    return sorted(file.relative_to(ROOT).as_posix() for file in files)


def imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `{"dt": "datetime", "now": "time.time"}`."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    """The full dotted name of an expression such as `dt.datetime.now`, or None where it is not one."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([names.get(node.id, node.id), *reversed(parts)])
