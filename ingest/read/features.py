"""The numbers that a text is turned into: its words, its letters, and the concepts that it speaks of.

Four blocks, one after another: hashed words and pairs of words, hashed groups of 3 to 5 characters, concepts (in the title,
anywhere, their groups, groups that meet in a sentence), and hashed pairs of concepts that follow one another. Each block
is brought to a length of its own, so that long texts weigh no more than short ones. Weinberger et al. 2009 on signed hashing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ingest.read.lexicon import Lexicon
from ingest.read.tokens import END, folded, masked, words

WORDS: Final = 1 << 16
LETTERS: Final = 1 << 15
FOLLOWING: Final = 1 << 13

WORDS_WEIGH: Final = 1.0
LETTERS_WEIGH: Final = 0.7
CONCEPTS_WEIGH: Final = 1.7
FOLLOWING_WEIGH: Final = 0.8

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT: Final = np.uint64(31)
_TITLE_TWICE: Final = 2

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vector:
    """Where a text is not zero, ascending, and how much."""

    at: Places
    value: Floats


@dataclass(frozen=True, slots=True)
class Features:
    """Turns texts into vectors with a lexicon."""

    lexicon: Lexicon

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return WORDS + LETTERS + self._concept_width + FOLLOWING

    @property
    def blocks(self) -> tuple[int, ...]:
        """The first number of each block."""
        return 0, WORDS, WORDS + LETTERS, WORDS + LETTERS + self._concept_width

    @property
    def _concept_width(self) -> int:
        groups = len(self.lexicon.groups)
        return 2 * len(self.lexicon.concepts) + 2 * groups + groups * groups

    def of(self, text: str, language: str) -> Vector:
        """Of a title, a line feed and a text; only the beginning of long ones is looked at. Any string will do."""
        plain = masked(folded(text, language))
        told = words(plain)
        title_ends = _title_end(told, plain)
        blocks = (
            (0, _words(told, title_ends), WORDS_WEIGH),
            (WORDS, _letters(plain), LETTERS_WEIGH),
            *self._concepts(told, title_ends, language),
        )
        at = [np.flatnonzero(block != 0) for _, block, _ in blocks]
        return Vector(
            np.concatenate([where + start for where, (start, _, _) in zip(at, blocks, strict=True)]),
            np.concatenate(
                [_scaled(block[where], weight) for where, (_, block, weight) in zip(at, blocks, strict=True)]
            ),
        )

    def _concepts(self, told: list[str], title_ends: int, language: str) -> tuple[tuple[int, Floats, float], ...]:
        concepts, groups = len(self.lexicon.concepts), len(self.lexicon.groups)
        block = np.zeros(self._concept_width, dtype=np.float32)
        following = np.zeros(FOLLOWING, dtype=np.float32)
        meet = 2 * concepts + 2 * groups
        sentence: list[int] = []
        ends = iter([at for at, word in enumerate(told) if word == END])
        end, before = next(ends, len(told)), -1
        for hit in self.lexicon.finder(language).hits(told):
            while hit.at > end:
                end, sentence, before = next(ends, len(told)), [], -1
            concept, group = hit.concept, self.lexicon.group_of[hit.concept]
            block[concept] += 1
            block[2 * concepts + group] += 1
            if hit.at < title_ends:
                block[concepts + concept] += 1
                block[2 * concepts + groups + group] += 1
            for other in sentence:
                block[meet + min(group, other) * groups + max(group, other)] += 1
            if group not in sentence:
                sentence.append(group)
            if before >= 0:
                following[(before * 8191 + concept * 127) % FOLLOWING] += 1
            before = concept
        start = WORDS + LETTERS
        return (start, block, CONCEPTS_WEIGH), (start + self._concept_width, following, FOLLOWING_WEIGH)


def _title_end(told: list[str], plain: str) -> int:
    """The number of tokens of the first line."""
    return len(words(plain.partition("\n")[0])) if "\n" in plain else len(told)


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


def _words(told: list[str], title_ends: int) -> Floats:
    single = np.array([_hash(word) for word in told], dtype=np.uint64)
    weight = np.ones(len(told), dtype=np.float32)
    weight[:title_ends] = _TITLE_TWICE
    pairs = single[:-1] * _ODD + single[1:]
    return _hashed(np.concatenate([single * _ODD, pairs]), np.concatenate([weight, weight[1:]]), WORDS)


def _letters(plain: str) -> Floats:
    codes = np.frombuffer(" ".join(plain.split()).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(
        np.uint64
    )
    grams: list[NDArray[np.uint64]] = []
    for length in (3, 4, 5):
        count = len(codes) - length + 1
        if count <= 0:
            break
        rolled = np.full(count, length, dtype=np.uint64)
        for offset in range(length):
            rolled = rolled * _ODD + codes[offset : offset + count]
        grams.append(rolled)
    if not grams:
        return np.zeros(LETTERS, dtype=np.float32)
    joined = np.concatenate(grams)
    return _hashed(joined, np.ones(len(joined), dtype=np.float32), LETTERS)


def _hashed(keys: NDArray[np.uint64], weights: Floats, width: int) -> Floats:
    mixed = (keys ^ (keys >> _SHIFT)) * _MIX
    mixed ^= mixed >> _SHIFT
    sign = 1 - 2 * ((mixed >> np.uint64(40)) & np.uint64(1)).astype(np.float32)
    return np.bincount((mixed % np.uint64(width)).astype(np.int64), weights * sign, width).astype(np.float32)


def _scaled(values: Floats, length: float) -> Floats:
    damped = np.sign(values) * np.log1p(np.abs(values))
    size = np.float32(np.sqrt(np.sum(damped * damped)))
    scaled: Floats = (damped * (np.float32(length) / size)).astype(np.float32) if size else damped.astype(np.float32)
    return scaled
