"""A file taken apart into its entries without losing a byte: pack files, message catalogues, tables of regions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import yaml

from engine.overlay.model import Entry
from engine.packs.yaml import MAX_DEPTH

_KEYS: Final = (("id",), ("name",), ("place", "from"), ("from",))
"""What the rows of a list are told apart by; the first of these that a row has."""
_MSGID: Final = re.compile(r'^msgid (.*(?:\n".*)*)$', re.MULTILINE)
_ROW_KEYS: Final = 4
"""The first columns of a table of regions: provider, partition, kind, region."""

ROOT: Final = ""


def taken_apart(path: str, text: str) -> Entry:
    """The entries of a file; one that cannot be read is one entry. The text of the result is the text that was given."""
    if path.endswith(".po"):
        return _flat(re.split(r"(?<=\n)(?=\n)", text), _sentence)
    if path.endswith(".csv"):
        return _flat(text.splitlines(keepends=True), lambda row: ",".join(row.rstrip("\n").split(",")[:_ROW_KEYS]))
    try:
        if not _is_plain(text):
            return Entry(ROOT, (text,))
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return Entry(ROOT, (text,))
    made = _File(text).root(node)
    assert made.text == text, f"{path} was not taken apart faithfully"
    return made


def _is_plain(text: str) -> bool:
    """Whether nothing is nested deeper than the format allows, and nothing stands for something else. The composer of the library
    goes down by recursion, in C: a text that is nested on purpose would end the process. Raises YAMLError."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or getattr(event, "anchor", None) is not None:
            return False
    return True


def _flat(parts: Sequence[str], key_of: Any) -> Entry:
    entries = tuple(Entry(key_of(part), (part,)) for part in parts)
    if len({entry.key for entry in entries}) < len(entries):
        return Entry(ROOT, ("".join(parts),))
    return Entry(ROOT, ("", ""), ("",), {"": entries})


def _sentence(block: str) -> str:
    found = _MSGID.search(block)
    return found.group(1) if found else block.strip()


@dataclass(frozen=True, slots=True)
class _Child:
    """An element of a list or a key of a mapping: where it begins, comments above it included, and what it is."""

    key: str
    start: int
    node: Any


class _File:
    """The lines of a file in the strict subset of YAML."""

    def __init__(self, text: str):
        self._lines = text.splitlines(keepends=True)

    def root(self, node: Any) -> Entry:
        """The whole file."""
        children = self._children(node, 0)
        if children is None:
            return Entry(ROOT, (self._text(0, len(self._lines)),))
        made = tuple(self._entry(child, end, named=False) for child, end in self._extents(children, len(self._lines)))
        return Entry(ROOT, (self._text(0, children[0].start), ""), ("",), {"": made})

    def _entry(self, child: _Child, end: int, *, named: bool) -> Entry:
        """A key of the file with what stands below it; or (`named`) an entry with its dated values and its tests."""
        pieces: list[str] = []
        slots: list[str] = []
        inner: dict[str, tuple[Entry, ...]] = {}
        at = child.start
        for name, node, until in self._below(child, end, named=named):
            rows = self._children(node, at + 1, rows=named)
            if rows is None:
                continue
            if named:
                inner[name] = tuple(
                    Entry(row.key, (self._text(row.start, last),)) for row, last in self._extents(rows, until)
                )
            else:
                inner[name] = tuple(self._entry(row, last, named=True) for row, last in self._extents(rows, until))
            pieces.append(self._text(at, rows[0].start))
            slots.append(name)
            at = until
        return Entry(child.key, (*pieces, self._text(at, end)), tuple(slots), inner)

    def _below(self, child: _Child, end: int, *, named: bool) -> Iterator[tuple[str, Any, int]]:
        """What may hold entries of its own, and the line that ends it."""
        if not named:
            yield "", child.node, end
            return
        if not isinstance(child.node, yaml.MappingNode) or child.node.flow_style:
            return
        pairs = child.node.value
        for (key, value), after in zip(pairs, [*pairs[1:], None], strict=True):
            if isinstance(value, yaml.SequenceNode):
                yield key.value, value, end if after is None else self._above(after[0].start_mark.line)

    def _children(self, node: Any, first: int, *, rows: bool = False) -> list[_Child] | None:
        """The children of a list or a mapping over several lines, each on a line of its own from `first` on, each with a key of
        its own; None where it is anything else. `rows`: only lists of mappings."""
        if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
            return None
        if isinstance(node, yaml.MappingNode):
            if rows:
                return None
            if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
                return None
            found = [(key.value, key.start_mark.line, value) for key, value in node.value]
        else:
            if not all(isinstance(item, yaml.MappingNode) for item in node.value):
                return None
            found = [(_key(item), item.start_mark.line, item) for item in node.value]
        lines = [line for _, line, _ in found]
        if lines[0] < first or any(a >= b for a, b in pairwise(lines)) or len({key for key, *_ in found}) < len(found):
            return None
        return [_Child(key, max(first, self._above(line)), value) for key, line, value in found]

    @staticmethod
    def _extents(children: Sequence[_Child], end: int) -> Iterator[tuple[_Child, int]]:
        ends = [*(child.start for child in children[1:]), end]
        return zip(children, ends, strict=True)

    def _above(self, line: int) -> int:
        """The first line of the comments that stand directly above a line, as far in as it is."""
        indent = _indent(self._lines[line])
        while line > 0:
            before = self._lines[line - 1]
            if before.strip() and not (before.lstrip().startswith("#") and _indent(before) == indent):
                break
            line -= 1
        return line

    def _text(self, start: int, end: int) -> str:
        return "".join(self._lines[start:end])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _key(item: Any) -> str:
    """Of a row: its id, its name, its place and first day, its first day, or the word that stands instead of one."""
    said = {key.value: value.value for key, value in item.value if isinstance(value, yaml.ScalarNode)}
    for names in _KEYS:
        if all(name in said for name in names):
            return " from=".join(said[name] for name in names)
    return str(item.value[0][0].value) if item.value else ""
