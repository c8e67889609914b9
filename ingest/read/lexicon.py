"""Concepts of payment law and of what regulators otherwise write about, with their words in each language.

`concepts/en.txt` names the concepts, in groups (`[group]`), each on a line: `concept: term; term`. A word of a term that
ends in `*` stands for all words that begin so. The files of other languages give terms for the same concepts. A concept
that was learnt in English is thereby known in Vietnamese, and a concept that no training text has still counts for its group.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from ingest.read.tokens import END, folded, words

FOLDER: Final = Path(__file__).with_name("concepts")
SHORTEST_STEM: Final = 3
"""Letters before a `*`; shorter stems would be found in words that have nothing to do with them."""

_BASE: Final = "en"


class BadLexicon(ValueError):
    """A line of the lexicon cannot be read; the message has the file and the line."""


class Hit(NamedTuple):
    """A concept at a place of the text. `at`: index of the first token."""

    at: int
    concept: int


_MOST_REMEMBERED: Final = 1 << 16

_Word = tuple[str, bool]
"""A word of a term, and whether it stands for all words that begin so."""
_Term = tuple[tuple[_Word, ...], tuple[int, ...]]
"""The words of a term after its first, and the concepts that it speaks for. Plain tuples: this is the inner loop."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Concepts by number, the group of each, and the terms of each language."""

    concepts: tuple[str, ...]
    groups: tuple[str, ...]
    group_of: tuple[int, ...]
    """Of a concept, the number of its group."""
    digest: str
    """SHA-256, of all files: weights were learnt with one lexicon and mean nothing with another."""
    terms: dict[str, dict[tuple[str, ...], tuple[int, ...]]]
    """By language: the words of a term as written (with `*`), and the concepts that it speaks for."""

    @staticmethod
    @cache
    def shipped() -> Lexicon:
        """The lexicon of this package."""
        return read(FOLDER)

    def finder(self, language: str) -> Finder:
        """Who finds the terms of a language and the English ones; of an unknown language, those of all."""
        return _finder(self, language if language in self.terms else "")

    def __hash__(self) -> int:
        return hash(self.digest)


class Finder:
    """Finds concepts, from left to right, the longest term first; what a term covers is not read again."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        merged: dict[tuple[str, ...], set[int]] = {}
        for one in (_BASE, language) if language else lexicon.terms:
            for written, concepts in lexicon.terms[one].items():
                merged.setdefault(written, set()).update(concepts)
        self._terms: dict[_Word, list[_Term]] = {}
        for written, found in sorted(merged.items(), key=lambda one: (-len(one[0]), -sum(map(len, one[0])), one[0])):
            first, *rest = ((word.rstrip("*"), word.endswith("*")) for word in written)
            self._terms.setdefault(first, []).append((tuple(rest), tuple(sorted(found))))
        self._remembered: dict[str, tuple[_Term, ...]] = {}

    def hits(self, told: Sequence[str]) -> list[Hit]:
        """Of the tokens of a text."""
        found: list[Hit] = []
        at, count, remembered = 0, len(told), self._remembered
        while at < count:
            word = told[at]
            terms = remembered.get(word)
            if terms is None:
                terms = self._remember(word)
            for rest, concepts in terms:
                if not rest or (
                    at + len(rest) < count and told[at + 1].startswith(rest[0][0]) and _goes_on(rest, told, at + 1)
                ):
                    found.extend([Hit(at, concept) for concept in concepts])
                    at += len(rest)
                    break
            at += 1
        return found

    def _remember(self, word: str) -> tuple[_Term, ...]:
        """The terms that can begin with a word, the longest first."""
        if word == END:
            return ()
        begun = [self._terms.get((word[:length], True), []) for length in range(len(word), SHORTEST_STEM - 1, -1)]
        terms = [term for terms in [self._terms.get((word, False), []), *begun] for term in terms]
        terms.sort(key=lambda term: -len(term[0]))
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        return self._remembered.setdefault(word, tuple(terms))


def _goes_on(rest: tuple[_Word, ...], told: Sequence[str], at: int) -> bool:
    for (word, is_open), said in zip(rest, told[at : at + len(rest)], strict=True):
        if said != word and not (is_open and said.startswith(word)):
            return False
    return True


@cache
def _finder(lexicon: Lexicon, language: str) -> Finder:
    return Finder(lexicon, language)


def read(folder: Path) -> Lexicon:
    """A lexicon from its files. `BadLexicon` where a line cannot be read."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}
    concepts: dict[str, int] = {}
    groups: dict[str, int] = {}
    group_of: list[int] = []
    for group, concept, _, where in _lines(_BASE, files[_BASE]):
        if concept in concepts:
            raise BadLexicon(f"{where}: {concept} stands there twice")
        concepts[concept] = len(concepts)
        group_of.append(groups.setdefault(group, len(groups)))
    terms: dict[str, dict[tuple[str, ...], tuple[int, ...]]] = {}
    for language, text in files.items():
        own: dict[tuple[str, ...], tuple[int, ...]] = {}
        for _, concept, written, where in _lines(language, text):
            if concept not in concepts:
                raise BadLexicon(f"{where}: English has no concept {concept}")
            for term in written:
                own[term] = (*own.get(term, ()), concepts[concept])
        terms[language] = own
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in files.items()).encode()).hexdigest()
    return Lexicon(tuple(concepts), tuple(groups), tuple(group_of), digest, terms)


def _lines(language: str, text: str) -> Iterator[tuple[str, str, list[tuple[str, ...]], str]]:
    group = ""
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{language}.txt:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            group = line.strip("[] ")
            continue
        concept, colon, rest = line.partition(":")
        if not colon:
            raise BadLexicon(f"{where}: neither a group nor a concept with its terms")
        yield group, concept.strip(), [_term(one, language, where) for one in rest.split(";") if one.strip()], where


def _term(written: str, language: str, where: str) -> tuple[str, ...]:
    parts: list[str] = []
    for piece in folded(written, language).split():
        found = [word for word in words(piece.rstrip("*")) if word != END]
        if not found:
            raise BadLexicon(f"{where}: {written!r} has no words")
        if piece.endswith("*"):
            if len(found[-1]) < SHORTEST_STEM:
                raise BadLexicon(f"{where}: the stem {piece!r} is shorter than {SHORTEST_STEM} letters")
            found[-1] += "*"
        parts.extend(found)
    return tuple(parts)
