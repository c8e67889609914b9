"""A strict subset of YAML 1.2, read once, with the position of every node.

No anchors, aliases, tags, duplicate keys, several documents or implicit types: a scalar is text, and the schema says what it
means. What another YAML reader would take for a number with decimals, a date, a boolean or a null must be quoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import yaml

from engine.packs.problems import PackError, Problem, Spot


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text. `plain`: written without quotes, so that `null`, `true` and whole numbers can be meant."""

    text: str
    spot: Spot
    plain: bool
    offsets: tuple[tuple[int, int, int], ...]
    """(offset in `text`, line, column) of the start of each source line, to point into folded expressions."""

    def locate(self, offset: int) -> Spot:
        """Where the character at `offset` stands in the file."""
        best = self.offsets[0]
        for entry in self.offsets:
            if entry[0] <= offset:
                best = entry
        return Spot(self.spot.file, best[1], best[2] + offset - best[0])


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[YamlNode, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order written."""

    entries: tuple[tuple[Scalar, YamlNode], ...]
    spot: Spot


YamlNode = Scalar | Sequence | Mapping

_AMBIGUOUS: Final = re.compile(
    r"(~|yes|no|on|off|y|n|[-+]?(0[0-7_]+|0x[0-9a-f_]+|0b[01_]+|[0-9][0-9_]*\.[0-9_]*(e[-+]?\d+)?|\.\d+|\.inf|\.nan|\d+e[-+]?\d+)"
    r"|\d{4}-\d{1,2}-\d{1,2}.*|[-+]?\d+(:\d+)+)",
    re.IGNORECASE,
)
_WORDS: Final = frozenset({"true", "false", "null"})
MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 40

_DIRECTIONS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


def is_ambiguous(text: str) -> bool:
    """Whether readers of YAML disagree on what this means without quotes.

    >>> is_ambiguous("NO"), is_ambiguous("1.5"), is_ambiguous("True"), is_ambiguous("true"), is_ambiguous("15")
    (True, True, True, False, False)
    """
    return bool(_AMBIGUOUS.fullmatch(text)) or (text not in _WORDS and text.lower() in _WORDS)


_KEPT: Final[ContextVar[dict[tuple[str, str], YamlNode] | None]] = ContextVar("kept", default=None)


@contextmanager
def parsed_once() -> Iterator[None]:
    """Within it each file is parsed once, however many ask for its nodes: for work that looks at all files several times."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def read_yaml(text: str, file: str) -> YamlNode:
    """The node tree of one document. Raises PackError."""
    kept = _KEPT.get()
    if kept is None:
        return _read(text, file)
    if (text, file) not in kept:
        kept[text, file] = _read(text, file)
    return kept[text, file]


def _read(text: str, file: str) -> YamlNode:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise PackError([Problem("yaml-too-large", Spot(file, 1, 1), "The file is larger than 2 MB.", "Split it.")])
    problems = list(_characters(text, file))
    if problems:
        raise PackError(problems)
    return _Composer(text, file).compose()


def _characters(text: str, file: str) -> Iterator[Problem]:
    """Bidirectional controls, invisible characters and words of mixed scripts have no place in reviewed text."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.isascii() and "\r" not in line:
            continue
        for column, char in enumerate(line, start=1):
            if _turns(char):
                yield Problem(
                    "text-bidi",
                    Spot(file, number, column),
                    f"U+{ord(char):04X} changes the reading direction.",
                    "Remove it.",
                )
            elif _is_unseen(char):
                yield Problem(
                    "text-invisible", Spot(file, number, column), f"U+{ord(char):04X} cannot be seen.", "Remove it."
                )
        for word in re.finditer(r"[^\W\d_]+", line):
            scripts = {name for char in word.group() if (name := _script(char))}
            if len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
                spot = Spot(file, number, word.start() + 1)
                yield Problem(
                    "text-mixed-script",
                    spot,
                    f"The word {word.group()!r} mixes {' and '.join(sorted(scripts))} letters.",
                    "Use one alphabet.",
                )


def _turns(char: str) -> bool:
    """Whether it changes the reading direction."""
    return unicodedata.bidirectional(char) in _DIRECTIONS or char in "\u200e\u200f"


def _is_unseen(char: str) -> bool:
    return char in _INVISIBLE or (unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") and char != "\t")


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


class _Composer:
    """Turns parser events into nodes."""

    def __init__(self, text: str, file: str):
        self.file = file
        self.lines = text.split("\n")
        self.events = yaml.parse(text, Loader=yaml.CSafeLoader)

    def compose(self) -> YamlNode:
        """The single document of the file."""
        try:
            self._expect(yaml.StreamStartEvent)
            if isinstance(self._next(), yaml.StreamEndEvent):
                raise self._error("yaml-empty", None, "The file is empty.")
            node = self._node(self._next(), 0)
            self._expect(yaml.DocumentEndEvent)
            last = self._next()
            if not isinstance(last, yaml.StreamEndEvent):
                raise self._error("yaml-documents", last, "One document a file.")
            return node
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            spot = Spot(self.file, mark.line + 1, mark.column + 1) if mark else Spot(self.file, 1, 1)
            raise PackError([Problem("yaml-syntax", spot, f"Not YAML: {error.problem or error.context}.")]) from None
        except yaml.YAMLError as error:
            raise PackError([Problem("yaml-syntax", Spot(self.file, 1, 1), f"Not YAML: {error}.")]) from None

    def _next(self) -> Any:
        return next(self.events)

    def _expect(self, kind: type) -> None:
        event = self._next()
        if not isinstance(event, kind):
            raise self._error("yaml-syntax", event, "Not a YAML document.")

    def _spot(self, event: Any) -> Spot:
        mark = event.start_mark
        return Spot(self.file, mark.line + 1, mark.column + 1)

    def _error(self, code: str, event: Any, message: str, remedy: str = "") -> PackError:
        spot = self._spot(event) if event else Spot(self.file, 1, 1)
        return PackError([Problem(code, spot, message, remedy)])

    def _node(self, event: Any, depth: int) -> YamlNode:
        if depth > MAX_DEPTH:
            raise self._error("yaml-depth", event, "Nested too deep.")
        if event.anchor is not None:
            raise self._error(
                "yaml-anchor", event, "Anchors and aliases are not part of the format.", "Write the value out."
            )
        if event.tag is not None:
            raise self._error("yaml-tag", event, f"The tag {event.tag} is not part of the format.", "Remove it.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := self._next(), yaml.SequenceEndEvent):
                items.append(self._unambiguous(self._node(inner, depth + 1)))
            return Sequence(tuple(items), self._spot(event))
        return self._mapping(event, depth)

    def _mapping(self, event: Any, depth: int) -> Mapping:
        entries: list[tuple[Scalar, YamlNode]] = []
        seen: set[str] = set()
        while not isinstance(inner := self._next(), yaml.MappingEndEvent):
            key = self._node(inner, depth + 1)
            if not isinstance(key, Scalar):
                raise self._error("yaml-key", inner, "A key is a word.")
            if key.text in seen:
                raise PackError(
                    [Problem("yaml-duplicate-key", key.spot, f"The key {key.text} stands twice.", "Keep one.")]
                )
            seen.add(key.text)
            value_event = self._next()
            entries.append((key, self._unambiguous(self._node(value_event, depth + 1))))
        return Mapping(tuple(entries), self._spot(event))

    def _unambiguous(self, value: YamlNode) -> YamlNode:
        if isinstance(value, Scalar) and value.plain and is_ambiguous(value.text):
            message = f"{value.text} without quotes means different things to different readers."
            raise PackError([Problem("yaml-unquoted", value.spot, message, f'Write "{value.text}".')])
        return value

    def _scalar(self, event: Any) -> Scalar:
        spot = self._spot(event)
        if event.style == '"' and not event.value.isprintable():
            self._seen(event)
        scalar = Scalar(event.value, spot, not event.style, self._offsets(event))
        if scalar.plain and event.value == "" and event.start_mark.index == event.end_mark.index:
            raise self._error("yaml-empty-value", event, "Nothing is written here.", "Write null or a value.")
        return scalar

    def _seen(self, event: Any) -> None:
        """What must not stand in a text must not be written as an escape either: it would reach terminals and pages."""
        for char in event.value:
            if char != "\n" and (_is_unseen(char) or _turns(char)):
                raise self._error("text-invisible", event, f"An escape stands for U+{ord(char):04X}.", "Remove it.")

    def _offsets(self, event: Any) -> tuple[tuple[int, int, int], ...]:
        """Each source line is looked for in what the parser made of it: folding moves the text, not the words."""
        start, end = event.start_mark, event.end_mark
        first = (0, start.line + 1, start.column + 1 + bool(event.style))
        if start.line == end.line:
            return (first,)
        found, after, quote = [], 0, ""
        if event.style not in (">", "|"):
            quote = event.style or ""
            found, after = [first], len(self.lines[start.line][start.column + len(quote) :].rstrip())
        for number in range(start.line + 1, end.line + 1):
            line = self.lines[number][: end.column] if number == end.line else self.lines[number]
            words = line.strip().removesuffix(quote)
            at = event.value.find(words, after) if words else -1
            if at >= 0:
                found.append((at, number + 1, len(line) - len(line.lstrip()) + 1))
                after = at + len(words)
        return tuple(found) or (first,)
