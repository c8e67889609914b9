"""Pack files changed line by line: what is not changed stays as it was, byte by byte."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence as Sequence_

from engine.packs import PackError
from engine.packs.format import formatted
from engine.packs.yaml import Mapping, Scalar, Sequence, YamlNode, read_yaml


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
            found.append(line)
            found.extend(self._added.get(number, []))
        text = "\n".join(found)
        try:
            return formatted(text, self.path) if self.canonical else text
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
    "EditRefused", "File", "Raw", "clean", "flow", "items_of", "key_node", "key_of", "same", "scalar_of", "text_of",
]  # fmt: skip
