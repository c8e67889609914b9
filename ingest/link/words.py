"""The words of a publication in the language of the packs, each with where it is told: near its numbers or far from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ingest.link.glossary import EXPANDED, PHRASES
from ingest.link.instruments import plain
from ingest.read.model import Span

READ: Final = 6_000
"""Characters of a publication that are looked at for words; numbers and instruments are taken from all of it."""
_WORD: Final = re.compile(r"[^\W_]+")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


def words_of(name: str) -> frozenset[str]:
    """The words of a name or a label, without plural and written out.

    >>> sorted(words_of("cdd_occasional_threshold"))
    ['diligenc', 'due', 'occasional', 'threshold']
    """
    found: set[str] = set()
    for word in _WORD.findall(plain(name.replace("_", " "))):
        if not word.isdigit() or len(word) >= 2:
            found.update(stem(part) for part in EXPANDED.get(word, word).split())
    return frozenset(found)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without its plural and its commonest endings: enough for names, and the same for phrases and texts.

    >>> stem("transaktionen"), stem("gelegentliche"), stem("ocasionales"), stem("rates")
    ('transaktion', 'gelegentlich', 'ocasional', 'rate')
    """
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 6 and word.endswith("en"):
        return word[:-2]
    return word[:-1] if len(word) > 6 and word.endswith("e") else word


class Told:
    """Words that a text tells, with their spans; each has a weight by where it stands."""

    __slots__ = ("near", "spans", "text")

    def __init__(self, text: str, near: Iterable[tuple[int, int, float]], begin: int = 0):
        """`near`: stretches of the text with their weights; the rest weighs 0.3. What stands before `begin` is not read."""
        self.text = text
        self.spans: dict[str, Span] = {}
        self.near: dict[str, float] = {}
        zones = sorted(near, key=lambda zone: -zone[2])
        last = begin + READ
        tokens = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text, begin, last)]
        for start, end, _ in zones:
            if end > last:
                tokens += [(one.group(), one.start(), one.end()) for one in _WORD.finditer(text, max(start, last), end)]
        stems = [_stemmed(token[0]) for token in tokens]
        for at, word in enumerate(stems):
            start = tokens[at][1]
            weight = _weight(start, zones)
            self._note(word, start, tokens[at][2], weight)
            for length, meant in _BY_FIRST.get(word, {}).items():
                end = at + length
                if end <= len(stems) and (found := meant.get(tuple(stems[at:end]))):
                    for name in found:
                        self._note(name, start, tokens[end - 1][2], weight)
        if _HAN.search(text, begin, last):
            for match in _CHINESE.finditer(text, begin, last):
                weight = _weight(match.start(), zones)
                for name in _CHINESE_MEANT[match.group()]:
                    self._note(name, match.start(), match.end(), weight)

    def said(self, spans: Iterable[Span]) -> str:
        """The words themselves, each once."""
        return ", ".join(dict.fromkeys(self.text[span.start : span.end] for span in spans))

    def _note(self, word: str, start: int, end: int, weight: float) -> None:
        if weight > self.near.get(word, 0.0):
            self.near[word] = weight
            self.spans[word] = Span(start, end)


def _weight(start: int, zones: list[tuple[int, int, float]]) -> float:
    for begin, end, weight in zones:
        if begin <= start < end:
            return weight
    return 0.3


@lru_cache(maxsize=100_000)
def _stemmed(word: str) -> str:
    return stem(plain(word))


def _table() -> dict[str, dict[int, dict[tuple[str, ...], tuple[str, ...]]]]:
    """First word -> length of the phrase -> its words -> what is meant."""
    found: dict[str, dict[int, dict[tuple[str, ...], tuple[str, ...]]]] = {}
    for meant, phrases in PHRASES.items():
        for phrase in phrases:
            if _HAN.search(phrase):
                continue
            parts = tuple(stem(part) for part in _WORD.findall(plain(phrase)))
            lengths = found.setdefault(parts[0], {})
            known = lengths.setdefault(len(parts), {})
            known[parts] = tuple(dict.fromkeys((*known.get(parts, ()), *map(stem, meant.split()))))
    return found


def _chinese() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meant, phrases in PHRASES.items():
        for phrase in phrases:
            if _HAN.search(phrase):
                found[phrase] = tuple(dict.fromkeys((*found.get(phrase, ()), *map(stem, meant.split()))))
    return found


_BY_FIRST: Final = _table()
_CHINESE_MEANT: Final = _chinese()
_CHINESE: Final = re.compile("|".join(sorted(_CHINESE_MEANT, key=lambda one: (-len(one), one))))

__all__ = ["READ", "Told", "stem", "words_of"]
