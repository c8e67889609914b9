"""Texts that are nearly the same: one publication in two feeds, or again with a word mended.

Shingles of five words, each hashed once into one of sixty-four places; the smallest of each place is kept (MinHash of one
permutation: Li, Owen, Zhang 2012; empty places filled as by Shrivastava and Li 2014). Candidates are found by bands, and their
likeness is the number of equal places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

WORDS: Final = 5
HASHES: Final = 64
BANDS: Final = 16
SAME: Final = 52
"""Of 64 equal hashes, from which two texts are one publication: four fifths of their shingles are the same."""
SHORTEST: Final = 12
"""Words from which a text can be told from another by its words alone."""
_WORD: Final = re.compile(r"\w+")
_LARGEST: Final = (1 << 64) - 1
_STEP: Final = 0x9E3779B97F4A7C15
Sketch = tuple[int, ...]


def sketch(text: str) -> Sketch | None:
    """What is kept of a text to find it again; None for one that is too short to be told apart."""
    words = _WORD.findall(text.casefold())
    if not words or (len(words) < SHORTEST and len("".join(words)) < SHORTEST * 4):
        return None
    smallest = [_LARGEST] * HASHES
    for shingle in set(_shingles(words)):
        hashed = int.from_bytes(blake2b(shingle.encode(), digest_size=8).digest(), "big")
        at = hashed % HASHES
        smallest[at] = min(smallest[at], hashed)
    return tuple(_filled(smallest))


def _filled(smallest: list[int]) -> Iterator[int]:
    """Of a place that no shingle fell into: the next that has one, marked by how far it is."""
    for at in range(HASHES):
        away = next(step for step in range(HASHES) if smallest[(at + step) % HASHES] != _LARGEST)
        yield (smallest[(at + away) % HASHES] + away * _STEP) & _LARGEST


def _shingles(words: list[str]) -> Iterator[str]:
    """Five words in a row; of scripts that write no spaces, of which a word is a clause, eight characters."""
    if len(words) >= SHORTEST:
        for at in range(len(words) - WORDS + 1):
            yield " ".join(words[at : at + WORDS])
        return
    text = "".join(words)
    for at in range(len(text) - 7):
        yield text[at : at + 8]


def equal(one: Sketch, other: Sketch) -> int:
    """How many of the 64 are equal."""
    return sum(a == b for a, b in zip(one, other, strict=True))


def bands(found: Sketch) -> tuple[int, ...]:
    """Sixteen numbers: two texts that are nearly the same share one of them."""
    size = HASHES // BANDS
    return tuple(
        int.from_bytes(blake2b(repr((at, found[at * size : at * size + size])).encode(), digest_size=8).digest(), "big")
        >> 1
        for at in range(BANDS)
    )
