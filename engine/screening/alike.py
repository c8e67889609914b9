"""How alike two words of names are, in ten-thousandths: as written, as sounded, by their consonants.

Distances are those of rapidfuzz: optimal string alignment for slips of the pen (a swap of neighbours is one), Levenshtein else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA, Levenshtein
from rapidfuzz.process import extract

from engine.screening.forms import PATRONYMIC_ENDINGS
from engine.screening.sounds import fold, skeleton

WHOLE: Final = 10_000
SOUNDS_SAME: Final = 9_700
"""Of two spellings of one sound."""
BARE_SAME: Final = 9_000
"""Of the same consonants, where one of the two was written without vowels; more as it has more of them."""
SPELT_OTHERWISE: Final = 9_200
"""Of two patronymics of fathers with the same consonants: Yurevich, Yuryevich."""
SHORT_SAME: Final = 8_000
FULL_BONES: Final = 4
BONES_COUNT: Final = (0, 20, 33, 42, 50)
"""Percent that the consonants count beside the whole sound, by their number: two are soon the same by chance."""
SHORTEST: Final = 4
"""Letters of a word from which a difference may be a slip; in shorter ones it makes another name."""
_PATRONYMIC: Final = re.compile(f"(?:{'|'.join(sorted(PATRONYMIC_ENDINGS, key=len, reverse=True))})$")
_written = OSA.normalized_similarity
_sounded = Levenshtein.normalized_similarity


WRITTEN_FROM: Final = 73 / 100
"""Nobody who compares many words asks for those that are less alike."""
SOUNDED_FROM: Final = 46 / 100
"""Where consonants count half, and are all the same, a whole sound from here on may still come to `WRITTEN_FROM`."""


class Spelling(NamedTuple):
    """A word with all that comparing it needs."""

    word: str
    fold: str
    bones: str
    """Its skeleton."""
    letters: bool
    """Letters only, no digits."""
    patronymic: bool


@lru_cache(maxsize=1 << 16)
def spelling(word: str) -> Spelling:
    """A word made ready to be compared."""
    return Spelling(word, fold(word), skeleton(word), word.isalpha(), is_patronymic(word))


def alike(one: str, other: str, bare: bool = False) -> int:
    """0 to 10,000. Numbers are the same or not alike at all. `bare`: one of the two was written without most of its vowels.

    >>> alike("yousef", "jusuf"), alike("61398", "61389"), alike("petrov", "pertov")
    (9000, 0, 8333)
    """
    return compared(spelling(one), spelling(other), bare)


def compared(one: Spelling, other: Spelling, bare: bool = False) -> int:
    """As `alike`, of two words made ready."""
    if one.word == other.word:
        return WHOLE
    if not (one.letters and other.letters):
        return 0
    if one.fold == other.fold:
        return SOUNDS_SAME if abs(len(one.word) - len(other.word)) < min(len(one.word), len(other.word)) else SHORT_SAME
    if bare and one.bones == other.bones:
        return BARE_SAME + int((SOUNDS_SAME - BARE_SAME) * _written(one.fold, other.fold))
    if min(len(one.word), len(other.word)) < SHORTEST:
        return _short(one, other)
    if one.patronymic and other.patronymic:
        return _fathers(one, other, bare)
    sounded = _with_bones(one, other, _sounded(one.fold, other.fold))
    return int(WHOLE * max(sounded, _written(one.word, other.word, score_cutoff=sounded)))


def many(one: Spelling, others: Sequence[Spelling]) -> dict[int, int]:
    """Places of those that are more than 7,300 alike, or somewhat less -> as `compared` says: of plain words, all at once."""
    found: dict[int, int] = {}
    sounded = extract(
        one.fold, [other.fold for other in others], scorer=_sounded, score_cutoff=SOUNDED_FROM, limit=None
    )
    for _, whole, at in sounded:
        other = others[at]
        if whole == 1:
            found[at] = compared(one, other)
            continue
        likeness = _with_bones(one, other, whole)
        if likeness >= WRITTEN_FROM:
            found[at] = int(WHOLE * likeness)
    written = extract(
        one.word, [other.word for other in others], scorer=_written, score_cutoff=WRITTEN_FROM, limit=None
    )
    for _, whole, at in written:
        if others[at].fold != one.fold:
            found[at] = max(found.get(at, 0), int(WHOLE * whole))
    return found


def _with_bones(one: Spelling, other: Spelling, whole: float) -> float:
    """How alike two words sound, 0 to 1: their whole sound, of which `whole` is told, and their consonants."""
    part = BONES_COUNT[min(len(one.bones), len(other.bones), FULL_BONES)]
    return (whole * (100 - part) + _sounded(one.bones, other.bones) * part) / 100


def is_plain(word: Spelling) -> bool:
    """Whether nothing but writing and sound tells how alike it is to another such word."""
    return word.letters and len(word.word) >= SHORTEST and not word.patronymic


def _fathers(one: Spelling, other: Spelling, bare: bool) -> int:
    """Patronymics are as alike as the names they are made from."""
    fathers = _PATRONYMIC.sub("", one.word), _PATRONYMIC.sub("", other.word)
    return SPELT_OTHERWISE if skeleton(fathers[0]) == skeleton(fathers[1]) else alike(*fathers, bare)


def is_patronymic(part: str) -> bool:
    """Whether a part is made from a father's name."""
    return part.endswith(PATRONYMIC_ENDINGS) and len(part) > 6


def _short(one: Spelling, other: Spelling) -> int:
    """Of words with three letters or fewer: a vowel more is another spelling (`Li`, `Lie`), all else another word."""
    more = one.fold in other.fold or other.fold in one.fold
    letters = len(one.word) + len(other.word)
    return SHORT_SAME if more and letters > SHORTEST and one.bones == other.bones else 0
