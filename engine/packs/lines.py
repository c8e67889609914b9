"""Pack files changed line by line: what is not changed stays as it was, byte by byte."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence as Sequence_
from typing import Final

from engine.packs import PackError
from engine.packs.format import formatted
from engine.packs.yaml import Mapping, Scalar, Sequence, YamlNode, read_yaml

WIDTH: Final = 118
"""Longer texts are folded."""


class EditRefused(ValueError):
    """A change that cannot be written into this file. As text: why."""


class File:
    """A pack file under edit. Lines count from 1, as its nodes have them; additions are made from the last to the first."""

    def __init__(self, path: str, text: str):
        self.path, self.text = path, text
        self.canonical = formatted(text, path) == text
        self._lines = text.split("\n")
        self._added: dict[int, list[str]] = {}
        """Line -> what is written after it."""
        self._gone: set[int] = set()
        root = read_yaml(text, path)
        if not isinstance(root, Mapping):
            raise EditRefused(f"{path} is no set of keys.")
        self.root: Mapping = root

    def after(self, line: int, lines: Sequence_[str]) -> None:
        """Write lines after a line; 0 is before the first."""
        self._added.setdefault(line, []).extend(lines)

    def put(self, node: Scalar, text: str) -> None:
        """Write another scalar in the place of one that stands on one line."""
        line = self._lines[node.spot.line - 1]
        start = node.spot.column - 1
        self._lines[node.spot.line - 1] = line[:start] + text + line[self._end(node) :]

    def take_out(self, first: int, last: int) -> None:
        """Leave lines out, from one to another."""
        self._gone.update(range(first, last + 1))

    def set(self, record: Mapping, key: str, text: str | Sequence_[str], *, after: Sequence_[str]) -> None:
        """Write `key: text` in a set of keys: in the place of what stands there, or else after the first of other keys that is
        there. Several lines: a block, with its mark (`>-`) as the first."""
        first, *more = [text] if isinstance(text, str) else text
        known, value = key_node(record, key), key_of(record, key)
        if known is None or value is None:
            self._beside_key(record, after, f"{key}: {first}", more)
        elif isinstance(value, Scalar) and not more and self._on_one_line(value):
            self.put(value, first)
        elif self._in_flow(known) or (not isinstance(value, Scalar) and self._end_of_key(known) > known.spot.line):
            raise EditRefused(
                f"{self.path}:{known.spot.line}: {key} is more than a text: change it in the file itself."
            )
        else:
            self._instead(known, f"{key}: {first}", more)

    def _instead(self, known: Scalar, first: str, more: Sequence_[str]) -> None:
        """Another text under a key that stands at the beginning of its line; a comment behind it stays."""
        line, last = self._lines[known.spot.line - 1], self._end_of_key(known)
        lead = line[: known.spot.column - 1]
        comment = re.search(r"[}\]\"']( +#.*)$", line) if last == known.spot.line and not more else None
        self.take_out(known.spot.line, last)
        self.after(last, [f"{lead}{first}{comment[1] if comment else ''}", *_deeper(" " * len(lead), more)])

    def unset(self, record: Mapping, key: str) -> None:
        """Take a key of a set of keys away, and what stands under it."""
        known, value = key_node(record, key), key_of(record, key)
        if known is None or value is None:
            return
        line = self._lines[known.spot.line - 1]
        if not self._in_flow(known):
            if line[: known.spot.column - 1].strip():
                raise EditRefused(
                    f"{self.path}:{known.spot.line}: {key} begins its record: change it in the file itself."
                )
            self.take_out(known.spot.line, self._end_of_key(known))
        elif isinstance(value, Scalar) and value.spot.line == known.spot.line:
            start, end = known.spot.column - 1, self._end(value)
            before, behind = line[:start], line[end:]
            kept = before.rstrip().removesuffix(",") if before.rstrip().endswith(",") else before
            behind = behind if kept != before else behind.removeprefix(", ")
            self._lines[known.spot.line - 1] = kept + behind
        else:
            raise EditRefused(f"{self.path}:{known.spot.line}: {key} is not one text: change it in the file itself.")

    def _beside_key(self, record: Mapping, after: Sequence_[str], first: str, more: Sequence_[str]) -> None:
        """Write a key after another one with all that stands under it."""
        anchor = next((known for name in after if (known := key_node(record, name)) is not None), None)
        if anchor is None:
            raise EditRefused(f"{self.path}:{record.spot.line}: there is none of {', '.join(after)} to write it after.")
        if self._in_flow(anchor):
            key, _, text = first.partition(": ")
            if more:
                raise EditRefused(f"{self.path}:{record.spot.line}: {key} is too long for a record on one line.")
            self.beside(scalar_of(record, anchor.text), key, text)
            return
        lead = " " * (anchor.spot.column - 1)
        self.after(self._end_of_key(anchor), [f"{lead}{first}".rstrip(), *_deeper(lead, more)])

    def _on_one_line(self, node: Scalar) -> bool:
        """Whether a scalar ends on the line on which it begins."""
        try:
            self._end(node)
        except EditRefused:
            return False
        return True

    def _in_flow(self, key: Scalar) -> bool:
        """Whether a key stands between curly brackets."""
        before = self._lines[key.spot.line - 1][: key.spot.column - 1].strip()
        return before not in ("", "-")

    def _end_of_key(self, key: Scalar) -> int:
        """The last line of what stands under a key on a line of its own, or on the line of a dash."""
        last, column = key.spot.line, key.spot.column - 1
        for number in range(key.spot.line + 1, len(self._lines) + 1):
            line = self._lines[number - 1]
            if line.strip() and self._lead(number) <= column and not line.lstrip().startswith("#"):
                break
            if line.strip() and (self._lead(number) > column):
                last = number
        return last

    def beside(self, entry: Scalar, key: str, text: str) -> None:
        """Write `key: text` right after a scalar of a set of keys, in the form that the set has."""
        line = self._lines[entry.spot.line - 1]
        end = self._end(entry)
        if line.lstrip().startswith("- {") or "{" in line[: entry.spot.column - 1]:
            self._lines[entry.spot.line - 1] = f"{line[:end]}, {key}: {text}{line[end:]}"
            return
        begin = line.replace("- ", "  ", 1) if line.lstrip().startswith("- ") else line
        self.after(entry.spot.line, [f"{' ' * (len(begin) - len(begin.lstrip()))}{key}: {text}"])

    def end_of(self, node: YamlNode) -> int:
        """The last line of an item of a list or of what stands under a key that begins on the line of a node."""
        first = node.spot.line
        lead = self._lead(first)
        last = first
        for number in range(first + 1, len(self._lines) + 1):
            line = self._lines[number - 1]
            if line.strip() and self._lead(number) <= lead:
                break
            if line.strip():
                last = number
        return last

    def lead(self, node: YamlNode) -> str:
        """The blanks before the line of a node."""
        return " " * self._lead(node.spot.line)

    def written(self) -> str:
        """The file with its changes, in canonical form where it had that. Raises EditRefused for what is no pack file then."""
        found: list[str] = [*self._added.get(0, [])]
        for number, line in enumerate(self._lines, start=1):
            if number not in self._gone:
                found.append(line)
            found.extend(self._added.get(number, []))
        text = "\n".join(found)
        try:
            if self.canonical:
                return formatted(text, self.path)
            read_yaml(text, self.path)
            return text
        except PackError as error:
            raise EditRefused(f"{self.path} could not be written: {error}") from None

    def _lead(self, number: int) -> int:
        line = self._lines[number - 1]
        return len(line) - len(line.lstrip(" "))

    def _end(self, node: Scalar) -> int:
        """Where a scalar ends on its line. Raises EditRefused for one over several lines."""
        line = self._lines[node.spot.line - 1]
        start = node.spot.column - 1
        if node.plain:
            end = start + len(node.text)
            if line[start:end] == node.text:
                return end
        elif line[start] in "\"'":
            end = start + 1
            while end < len(line):
                if line[end] == "\\" and line[start] == '"':
                    end += 1
                elif line[end] == line[start]:
                    return end + 1
                end += 1
        raise EditRefused(f"{self.path}:{node.spot.line}: a text over several lines cannot be edited.")


def _deeper(lead: str, lines: Sequence_[str]) -> list[str]:
    return [f"{lead}  {line}" for line in lines]


def key_of(node: YamlNode | None, *path: str) -> YamlNode | None:
    """What stands under keys, one below the other; None where one is not there."""
    for name in path:
        entries = node.entries if isinstance(node, Mapping) else ()
        node = next((value for key, value in entries if key.text == name), None)
    return node


def key_node(node: YamlNode | None, name: str) -> Scalar | None:
    """The key itself."""
    entries = node.entries if isinstance(node, Mapping) else ()
    return next((key for key, _ in entries if key.text == name), None)


def items_of(node: YamlNode | None) -> tuple[YamlNode, ...]:
    """The items of a list; none where there is no list."""
    return node.items if isinstance(node, Sequence) else ()


def text_of(node: YamlNode | None, name: str) -> str:
    """The text under a key; empty where there is none."""
    value = key_of(node, name)
    return value.text if isinstance(value, Scalar) else ""


def scalar_of(node: YamlNode | None, name: str) -> Scalar:
    """The scalar under a key. Raises EditRefused."""
    value = key_of(node, name)
    if not isinstance(value, Scalar):
        raise EditRefused(f"There is no {name} to change.")
    return value


# -- writing values ----------------------------------------------------------------------------------------------------------


def flow(value: object) -> str:
    """A value on one line. Texts are quoted; the canonical form takes off what is not needed."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Mapping_):
        inner = ", ".join(f"{key}: {flow(item)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(flow(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)


class Raw(str):
    """A text that is written as it stands."""

    __slots__ = ()


def plain(text: str) -> str:
    """A text on one line, without quotes where it means the same without."""
    try:
        node = read_yaml(f"text: {text}\n", "text") if text == text.strip() else None
    except PackError:
        node = None
    value = key_of(node, "text")
    return text if isinstance(value, Scalar) and value.plain and value.text == text else flow(text)


def block(text: str) -> list[str]:
    """A text as it is written under a key: on one line, or folded where it is longer than lines of packs are."""
    words = " ".join(text.split())
    lines = textwrap.wrap(words, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [plain(words)] if len(words) <= WIDTH or len(lines) < 2 else [">-", *lines]


def same(node: YamlNode) -> object:
    """A node to be written again, quoted where it was."""
    if isinstance(node, Scalar):
        return Raw(node.text) if node.plain else node.text
    if isinstance(node, Sequence):
        return [same(item) for item in node.items]
    return {key.text: same(value) for key, value in node.entries}


def clean(text: str, most: int = 300) -> str:
    """A text from elsewhere as a pack may hold it: no control characters, no words of two alphabets, not endless."""
    kept = "".join(
        " " if unicodedata.category(char)[0] in "CZ" else char for char in unicodedata.normalize("NFC", text)
    )
    short = " ".join(kept.split())
    if len(short) > most:
        short = f"{short[: most - 4].rsplit(' ', 1)[0]} ..."
    try:
        read_yaml(json.dumps(short, ensure_ascii=False) + "\n", "note")
    except PackError:
        return short.encode("ascii", "ignore").decode()
    return short


__all__ = [
    "EditRefused", "File", "Raw", "block", "clean", "flow", "items_of", "key_node", "key_of", "plain", "same", "scalar_of",
    "text_of",
]  # fmt: skip
