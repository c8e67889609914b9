"""Reading keys out of a YAML mapping: every key known, every value of its kind, every fault reported with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from engine.language.errors import did_you_mean
from engine.packs.problems import Problem, Spot
from engine.packs.yaml import Mapping, Scalar, Sequence, YamlNode

_ID: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class Stop(Exception):
    """The enclosing record cannot be built; its problem has been noted."""


class Notes:
    """The problems found so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, code: str, spot: Spot, message: str, remedy: str = "", *, warning: bool = False) -> None:
        """Note one problem."""
        self.problems.append(Problem(code, spot, message, remedy, "warning" if warning else "error"))

    def stop(self, code: str, spot: Spot, message: str, remedy: str = "") -> Stop:
        """Note one problem and give what ends the record."""
        self.add(code, spot, message, remedy)
        return Stop()


class Keys:
    """One mapping being read. Keys not asked for are refused by `done`."""

    def __init__(self, node: YamlNode, notes: Notes, said: str):
        if not isinstance(node, Mapping):
            raise notes.stop("shape", node.spot, f"{said} is a set of keys and values.")
        self.node, self.notes, self.said, self.spot = node, notes, said, node.spot
        self._left = {key.text: (key, value) for key, value in node.entries}
        self._spots = {key.text: value.spot for key, value in node.entries}
        self._asked: list[str] = []

    def has(self, key: str) -> bool:
        """Whether a key is written."""
        return key in self._spots

    def where(self, key: str) -> Spot:
        """Where the value of a key stands, or the record where it has none."""
        return self._spots.get(key, self.spot)

    def node_of(self, key: str) -> YamlNode | None:
        """The value of a key, or None."""
        self._asked.append(key)
        entry = self._left.pop(key, None)
        return entry[1] if entry else None

    def need(self, key: str) -> YamlNode:
        """The value of a key that must be there."""
        node = self.node_of(key)
        if node is None:
            near = did_you_mean(key, self._left) or ""
            raise self.notes.stop("key-missing", self.spot, f"{self.said} has no `{key}`.", near)
        return node

    def text(self, key: str, default: str | None = None) -> str:
        """A text; an error where it is missing and has no default."""
        node = self.node_of(key) if default is not None else self.need(key)
        return default if node is None else self.scalar(node, key).text  # type: ignore[return-value]

    def maybe(self, key: str) -> str | None:
        """A text or None."""
        node = self.node_of(key)
        return None if node is None or is_null(node) else self.scalar(node, key).text

    def scalar(self, node: YamlNode, key: str) -> Scalar:
        """A scalar node."""
        if not isinstance(node, Scalar):
            raise self.notes.stop("shape", node.spot, f"`{key}` is one value, not a list or a set of keys.")
        return node

    def identifier(self, key: str) -> str:
        """A dotted lower-case identifier."""
        node = self.scalar(self.need(key), key)
        if not _ID.fullmatch(node.text):
            raise self.notes.stop(
                "identifier", node.spot, f"{node.text!r} is not an identifier.", "Use lower case, digits, _ and dots."
            )
        return node.text

    def flag(self, key: str) -> bool:
        """true or false; false where absent."""
        node = self.node_of(key)
        if node is None:
            return False
        found = self.scalar(node, key)
        if not found.plain or found.text not in ("true", "false"):
            raise self.notes.stop("shape", node.spot, f"`{key}` is true or false.")
        return found.text == "true"

    def day(self, key: str) -> date | None:
        """A date or None."""
        node = self.node_of(key)
        return None if node is None or is_null(node) else read_day(self.scalar(node, key), self.notes)

    def one_of(self, key: str, kind: type[E], default: E | None = None) -> E:
        """A member of an enumeration."""
        node = self.node_of(key) if default is not None else self.need(key)
        if node is None:
            return default  # type: ignore[return-value]
        found = self.scalar(node, key)
        try:
            return kind(found.text)
        except ValueError:
            known = ", ".join(kind)
            hint = did_you_mean(found.text, list(kind)) or f"Known: {known}."
            raise self.notes.stop("value", found.spot, f"`{key}` is never {found.text!r}.", hint) from None

    def maybe_of(self, key: str, kind: type[E]) -> E | None:
        """A member of an enumeration, or None where absent."""
        return self.one_of(key, kind) if self.has(key) else None

    def items(self, key: str) -> tuple[YamlNode, ...]:
        """The elements of a list; none where absent."""
        node = self.node_of(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            raise self.notes.stop("shape", node.spot, f"`{key}` is a list.")
        return node.items

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.scalar(item, key).text for item in self.items(key))

    def entries(self, key: str) -> tuple[tuple[Scalar, YamlNode], ...]:
        """The keys and values below a key; none where absent."""
        node = self.node_of(key)
        if node is None:
            return ()
        if not isinstance(node, Mapping):
            raise self.notes.stop("shape", node.spot, f"`{key}` is a set of keys and values.")
        return node.entries

    def done(self) -> None:
        """Refuse every key that nobody asked for."""
        for key, _ in self._left.values():
            hint = did_you_mean(key.text, self._asked) or f"Known keys: {', '.join(sorted(set(self._asked)))}."
            self.notes.add("key-unknown", key.spot, f"{self.said} has no key `{key.text}`.", hint)


def is_null(node: YamlNode) -> bool:
    """Whether `null` is written, without quotes."""
    return isinstance(node, Scalar) and node.plain and node.text == "null"


def read_day(node: Scalar, notes: Notes) -> date:
    """An ISO date."""
    if _DATE.fullmatch(node.text):
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            pass
    raise notes.stop("date", node.spot, f"{node.text!r} is not a day.", 'Write it as "2026-11-22".')


def each(nodes: Iterable[YamlNode], read: Callable[[YamlNode], T]) -> list[T]:
    """Read every element; those that stopped are left out, their problems noted."""
    found: list[T] = []
    for node in nodes:
        try:
            found.append(read(node))
        except Stop:
            continue
    return found
