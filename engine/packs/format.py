"""The canonical form of a pack file, so that a difference between two versions is a difference in meaning.

Kept as the author wrote it: comments, the order of keys, single blank lines, and whether a list or a set of keys stands on
one line (`{a: b}`) or on several. Made alike: indentation (two), quotes (only where they are needed), spaces, line ends.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from engine.packs.problems import Problem, Spot
from engine.packs.yaml import is_ambiguous, read_yaml

LONGEST: Final = 140
"""A text that the author broke over several lines is joined, unless it would then be longer than this."""
_WRAPPED: Final = 118

_WORD: Final = re.compile(r"[^\W\d_](?:[^:#\"`\\\n]*[^\s:#\"`\\])?")
_FLOW: Final = frozenset(",[]{}")
_RESERVED: Final = frozenset({"true", "false", "null"})


@dataclass(slots=True)
class _Entry:
    """An element of a list, or a key with its value, and what the author wrote around it."""

    key: str | None
    value: _Leaf | _Branch
    first: int
    last: int
    before: list[str] = field(default_factory=list)
    after: str = ""
    blank: bool = False


@dataclass(slots=True)
class _Leaf:
    """What stands on one line, or a block of text with its header."""

    text: str
    block: tuple[str, ...] = ()


@dataclass(slots=True)
class _Branch:
    """A list or a set of keys over several lines."""

    entries: list[_Entry]


@dataclass(frozen=True, slots=True)
class _Comment:
    line: int
    text: str
    alone: bool


def formatted(text: str, file: str = "") -> str:
    """The canonical form of a pack file. Raises PackError for what is not one; `formatted(formatted(x)) == formatted(x)`."""
    read_yaml(text, file)
    composer = _Composer(text)
    root = composer.compose()
    if isinstance(root, _Leaf):
        return root.text + "\n"
    tail = composer.attach(root)
    lines = [*_written(root, 0), *tail]
    return "\n".join(lines) + "\n"


def check(text: str, file: str) -> Iterator[Problem]:
    """Where a file leaves its canonical form first. Raises PackError for what is not a pack file."""
    wanted = formatted(text, file)
    if wanted == text:
        return
    ours, theirs = text.split("\n"), wanted.split("\n")
    at = _first_difference(ours, theirs)
    if at == len(ours):
        spot, remedy = Spot(file, at, len(ours[-1]) + 1), "End the file with a line break."
    else:
        line, canonical = ours[at], theirs[at] if at < len(theirs) else ""
        spot = Spot(file, at + 1, _first_difference(line, canonical) + 1)
        remedy = f"Write `{canonical.strip()}`." if canonical.strip() else "Take the line or the spaces out."
    yield Problem("format", spot, "The file is not in its canonical form.", remedy, "warning")


def _first_difference(left: Sequence[str], right: Sequence[str]) -> int:
    """Where two texts or lists part; the length of the shorter where one begins like the other."""
    shorter = min(len(left), len(right))
    return next((at for at in range(shorter) if left[at] != right[at]), shorter)


# -- reading what stands where ------------------------------------------------------------------------------------------


class _Composer:
    """The parser's events as entries with their lines, and the comments that the parser throws away."""

    def __init__(self, text: str):
        self.lines = text.split("\n")
        self.events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.taken: dict[int, list[tuple[int, int]]] = {}
        """Line -> columns covered by scalars: no comment starts there."""

    def compose(self) -> _Leaf | _Branch:
        """The root of the file."""
        next(self.events), next(self.events)
        return self._node(next(self.events))[0]

    def _node(self, event: Any) -> tuple[_Leaf | _Branch, int]:
        """A node and the last line it stands on."""
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if event.flow_style:
            text, last = self._flow(event)
            return _Leaf(text), last
        entries: list[_Entry] = []
        last = event.start_mark.line
        is_map = isinstance(event, yaml.MappingStartEvent)
        while not _is_end(inner := next(self.events)):
            first, key = inner.start_mark.line, None
            if is_map:
                self._take(inner)
                key, inner = _quoted(inner, flow=False), next(self.events)
            value, last = self._node(inner)
            entries.append(_Entry(key, value, first, last))
        return _Branch(entries), last

    def _scalar(self, event: Any) -> tuple[_Leaf, int]:
        if event.style in (">", "|"):
            return self._block(event)
        self._take(event)
        text, last = _quoted(event, flow=False), event.end_mark.line
        lines = tuple(textwrap.wrap(event.value, _WRAPPED, break_long_words=False, break_on_hyphens=False))
        if last > event.start_mark.line and len(text) > LONGEST and " ".join(lines) == event.value:
            return _Leaf(">-", lines), last
        return _Leaf(text), last

    def _flow(self, event: Any) -> tuple[str, int]:
        """A list or a set of keys on one line."""
        parts, last = [], event.end_mark.line
        if isinstance(event, yaml.ScalarEvent):
            self._take(event)
            return _quoted(event, flow=True), last
        is_map = isinstance(event, yaml.MappingStartEvent)
        while not _is_end(inner := next(self.events)):
            text, _ = self._flow(inner)
            if is_map:
                value, _ = self._flow(next(self.events))
                text = f"{text}: {value}"
            parts.append(text)
        last = inner.end_mark.line
        return ("{%s}" if is_map else "[%s]") % ", ".join(parts), last

    def _block(self, event: Any) -> tuple[_Leaf, int]:
        first, end = event.start_mark.line, event.end_mark
        last = end.line if end.column else end.line - 1
        while last > first and not self.lines[last].strip():
            last -= 1
        header = self.lines[first][event.start_mark.column :].partition(" ")[0]
        self.taken.setdefault(first, []).append((event.start_mark.column, event.start_mark.column + len(header)))
        for number in range(first + 1, last + 1):
            self.taken.setdefault(number, []).append((0, len(self.lines[number])))
        if "+" in header or any(mark.isdigit() for mark in header):
            return _Leaf(_double(event.value)), last
        if not event.value.endswith("\n") and "-" not in header:
            header += "-"  # the file ends here without a line break, and is about to get one
        body = textwrap.dedent("\n".join(line.rstrip() for line in self.lines[first + 1 : last + 1]))
        return _Leaf(header, tuple(body.split("\n"))), last

    def _take(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        for number in range(start.line, end.line + 1):
            left = start.column if number == start.line else 0
            right = end.column if number == end.line else len(self.lines[number])
            self.taken.setdefault(number, []).append((left, right))

    # -- comments and blank lines --

    def attach(self, root: _Branch) -> list[str]:
        """Give every comment and blank line to the entry it belongs to; those after the last entry are returned."""
        entries = list(_all(root))
        tail: list[str] = []
        for comment in self._comments():
            here = [entry for entry in entries if entry.first <= comment.line <= entry.last]
            if (
                not comment.alone
                and (starting := [entry for entry in here if entry.first == comment.line])
                and not starting[-1].after
            ):
                starting[-1].after = comment.text
                continue
            within = [entry for entry in here if isinstance(entry.value, _Leaf)]
            next_one = next((entry for entry in entries if entry.first > comment.line), None)
            owner = within[-1] if within else next_one
            (owner.before if owner else tail).append(comment.text)
        for entry in entries[1:]:
            entry.blank = self._blank_above(entry)
        return tail

    def _comments(self) -> Iterator[_Comment]:
        for number, line in enumerate(self.lines):
            for match in re.finditer(r"(?:^|(?<=\s))#", line):
                at = match.start()
                if not any(left <= at < right for left, right in self.taken.get(number, ())):
                    yield _Comment(number, line[at:].rstrip(), not line[:at].strip())
                    break

    def _blank_above(self, entry: _Entry) -> bool:
        above = entry.first - 1
        while above >= 0 and self.lines[above].lstrip().startswith("#") and above not in self.taken:
            above -= 1
        return above >= 0 and not self.lines[above].strip() and above not in self.taken


def _is_end(event: Any) -> bool:
    return isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)


def _all(branch: _Branch) -> Iterator[_Entry]:
    """Every entry, in the order of the file."""
    for entry in branch.entries:
        yield entry
        if isinstance(entry.value, _Branch):
            yield from _all(entry.value)


# -- scalars ------------------------------------------------------------------------------------------------------------


def _quoted(event: Any, *, flow: bool) -> str:
    """A scalar with quotes where it needs them. What the author left without quotes stays without."""
    text = str(event.value)
    if not event.style or _plain(text, flow=flow):
        return text
    return _double(text)


def _plain(text: str, *, flow: bool) -> bool:
    """Whether text written in quotes means the same without: a word or a sentence, nothing another reader takes for data."""
    if not _WORD.fullmatch(text) or is_ambiguous(text) or text.lower() in _RESERVED:
        return False
    return text.isprintable() and not (flow and _FLOW & set(text))


def _double(text: str) -> str:
    if '"' in text and "'" not in text and "\\" not in text and text.isprintable():
        return f"'{text}'"
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{body}"'


# -- writing ------------------------------------------------------------------------------------------------------------


def _written(branch: _Branch, indent: int) -> Iterator[str]:
    space = " " * indent
    for entry in branch.entries:
        if entry.blank:
            yield ""
        yield from (space + line for line in entry.before)
        lead = "- " if entry.key is None else f"{entry.key}:"
        after = f"  {entry.after}" if entry.after else ""
        if isinstance(entry.value, _Leaf):
            yield from _leaf(space, lead if entry.key is None else f"{lead} ", entry.value, after)
        elif entry.key is not None:
            yield f"{space}{lead}{after}"
            yield from _written(entry.value, indent + 2)
        else:
            yield from _element(space, entry.value, indent, after)


def _leaf(space: str, lead: str, leaf: _Leaf, after: str) -> Iterator[str]:
    yield f"{space}{lead}{leaf.text}{after}"
    yield from (f"{space}  {line}" if line else "" for line in leaf.block)


def _element(space: str, branch: _Branch, indent: int, after: str) -> Iterator[str]:
    """A list or set of keys as an element: its first line shares the dash."""
    lines = list(_written(branch, indent + 2))
    start = next(at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    yield from (space + line.strip() for line in lines[:start] if line.strip())
    yield f"{space}- {lines[start].lstrip()}{after}"
    yield from lines[start + 1 :]
