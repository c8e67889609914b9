"""When two citations are of the same instrument: by the number inside them, else by their words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_GROUPED: Final = re.compile(r"(?<=\d)[.,\u202f\u00a0](?=\d{3}(?!\d))")
_NUMBER: Final = re.compile(r"\d+(?:\s?[/-]\s?\d+)*")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_NUMBERED: Final = re.compile(r"\b(?:no|nr|núm|num|nos)\.|[№]|n[°º]|第|号|號")
_WORD: Final = re.compile(r"\w+")
_SMALL: Final = frozenset((
    "the", "a", "an", "of", "and", "la", "le", "el", "los", "les", "l", "de", "del", "der", "die", "das", "dem", "des", "da",
    "do", "dos", "e", "y", "et", "und", "o",
))  # fmt: skip


def is_same(one: str, other: str) -> bool:
    """Whether both cite one instrument.

    With numbers in both (a year alone is none): they must share one, `2015/2366`. With none in one of them: their words, small
    ones left out, are the same, or those of the shorter (three at least) stand in the longer.
    """
    mine, theirs = numbers(one), numbers(other)
    if mine and theirs:
        return not mine.isdisjoint(theirs)
    first, second = sorted((_words(one), _words(other)), key=len)
    return bool(first) and (first == second or (len(first) >= 3 and _stands_in(first, second)))


def numbers(citation: str) -> frozenset[str]:
    """The numbers that tell an instrument from others, with their year where it is written with them: `9613/1998`."""
    plain = _GROUPED.sub("", unicodedata.normalize("NFKC", citation))
    found = [re.sub(r"\s", "", number).replace("-", "/") for number in _NUMBER.findall(plain)]
    return frozenset(one for one in found if "/" in one or (not _YEAR.fullmatch(one)))


def matched(wanted: Iterable[str], found: Iterable[str]) -> tuple[int, int, int]:
    """How many are right, wrong and missed, each used once; what is found twice counts once."""
    left = list(dict.fromkeys(wanted))
    right = wrong = 0
    seen: list[str] = []
    for one in found:
        if any(is_same(one, other) for other in seen):
            continue
        seen.append(one)
        hit = next((other for other in left if is_same(other, one)), None)
        if hit is None:
            wrong += 1
        else:
            left.remove(hit)
            right += 1
    return right, wrong, len(left)


def _words(citation: str) -> tuple[str, ...]:
    plain = _NUMBERED.sub(" ", unicodedata.normalize("NFKC", citation).casefold())
    return tuple(word for word in _WORD.findall(plain) if word not in _SMALL)


def _stands_in(short: Sequence[str], long: Sequence[str]) -> bool:
    return any(tuple(long[at : at + len(short)]) == tuple(short) for at in range(len(long) - len(short) + 1))
