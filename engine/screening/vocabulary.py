"""Every word of every listed name, and which of them a queried word may stand for.

Found by the same skeleton, by skeletons one letter apart (each with one letter left out), and where the article was written
together with the word, without it. What is found is compared in full; finding is meant to find too much.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from engine.screening.alike import WHOLE, alike, compared, is_plain, many, spelling
from engine.screening.forms import CUT_FORMS, EQUIVALENTS, FORM_WORDS, NICKNAMES, SHORT_FORMS
from engine.screening.sounds import fold, shape, skeleton

MANY: Final = 8
"""Words from which it is quicker to compare them all at once."""
CLOSE_ENOUGH: Final = 7_400
"""Ten-thousandths from which a listed word is one that was perhaps meant."""
WITH_ARTICLE: Final = 9_200
"""Of `Altikriti` to `Tikriti`."""
FORM_CLOSE: Final = 4 / 5
"""Of `crmpany` to `company`: likeness of a misspelt word of a legal form."""
SHORTEST_SHAPE: Final = 4
LETTERS_AMONG_DIGITS: Final = 2
"""Letters in a word with digits, which no list has, from which the digits may have been letters."""
SHORTEST_EQUIVALENT: Final = 6
SHORTEST_LONG: Final = 7
"""Letters of a word that is looked for by its beginning and its end, where nothing nearer is found."""
HALVES_CLOSE: Final = 7 / 10
WELL_KNOWN: Final = 3
"""Entries that have a word, from which it is a name of its own and no slip."""
KNOWN: Final = 150
"""Percent by which a difference counts more in such a word."""
SAME_NAME: Final = 9_000
"""Likeness from which two spellings are of one name, known or not."""
SHORT_FORM: Final = 9_000
"""Of `Sasha` to `Aleksandr`."""
CUT: Final = 8_800
"""Of `Vladim` to `Vladimir`, at the end of a text."""
MOST_CUT: Final = 200
"""Words that one beginning may stand for."""
FORM_WEIGHT: Final = 80
"""Of a word of a legal form, in hundredths of a bit."""
LETTER_WEIGHT: Final = 350
"""Of a single letter."""
READ_WRONG: Final = 9_300
"""Of `rnartin` to `martin`."""
SHORTEST_SKELETON: Final = 4
"""Consonants from which one may be another one."""
SHORTEST_FOLD: Final = 4
"""Sounds from which one may be another one."""
BITS: Final = 100
"""Weights are in hundredths of a bit: what knowing the word tells about which entry is meant."""
_ARTICLE: Final = re.compile(r"(?:al|el|ul|bin|abd)(?=[bcdfghjkmnpqrstvwxyz])(?=[a-z]{4})")


def without_article(word: str) -> str | None:
    """`altikriti` -> `tikriti`; None where no article is seen."""
    found = _ARTICLE.match(word)
    return word[found.end() :] if found else None


class Vocabulary:
    """Words with their numbers and weights. Nothing is added once it is made."""

    def __init__(self, entries_with: Mapping[str, int], entries: int) -> None:
        """`entries_with`: word -> in how many entries it is; `entries`: how many there are."""
        self.words: tuple[str, ...] = tuple(entries_with)
        self.number: Mapping[str, int] = {word: at for at, word in enumerate(self.words)}
        self.unseen = _bits(entries + 1, 1)
        """The weight of a word that no list has."""
        self.weights: tuple[int, ...] = tuple(self._weight(word, entries_with[word], entries) for word in self.words)
        self.entries_with: tuple[int, ...] = tuple(entries_with.values())
        self._ends = _grouped(_halves(self.words))
        self._by_shape = _grouped(
            (shape(word), at) for at, word in enumerate(self.words) if len(word) >= SHORTEST_SHAPE
        )
        self._spellings = tuple(map(spelling, self.words))
        self._plain = tuple(map(is_plain, self._spellings))
        self._sorted = sorted(word for word in self.words if word.isalpha())
        self._by_skeleton = _grouped((skeleton(word), at) for at, word in enumerate(self.words))
        self._by_bare = _grouped(
            (skeleton(bare), at) for at, word in enumerate(self.words) if (bare := without_article(word))
        )
        self._by_fold = _grouped(_keys(self.words, fold, SHORTEST_FOLD))
        self._by_letters = _grouped(_keys(self.words, str, SHORTEST_FOLD))
        self._by_equivalent = _grouped(_keys(_EQUIVALENTS, str, SHORTEST_SHAPE))
        self._by_bones = _grouped(_keys(self.words, skeleton, SHORTEST_SKELETON))

    def weight(self, word: str, *, person: bool) -> int:
        """What a word tells, in hundredths of a bit. Of persons none is of a legal form."""
        at = self.number.get(word)
        if at is not None:
            return self.weights[at]
        return FORM_WEIGHT if not person and is_form_word(word) else self.unseen

    def _weight(self, word: str, having: int, entries: int) -> int:
        bits = _bits(entries + 1, having)
        if len(word) == 1 and word.isalpha():
            return min(bits, LETTER_WEIGHT)
        return min(bits, FORM_WEIGHT) if word in _FORM_WORDS else bits

    def beginning(self, stem: str) -> dict[int, int]:
        """Numbers of the words of which this may be the beginning, as where a field ended; a few at most."""
        start = bisect_left(self._sorted, stem)
        words = takewhile(lambda word: word.startswith(stem), self._sorted[start : start + MOST_CUT])
        return {self.number[word]: CUT for word in words if word != stem}

    def near(self, word: str, bare: bool = False) -> dict[int, int]:
        """Numbers of the words that may be meant -> how alike they are, in ten-thousandths."""
        own = self.number.get(word)
        if not word.isalpha():
            if own is not None or sum(map(str.isalpha, word)) < LETTERS_AMONG_DIGITS:
                return {} if own is None else {own: WHOLE}
            word = word.translate(_AS_LETTERS)
        found: dict[int, int] = {}
        self._compare(word, self._around(word), found, bare)
        if own is None and len(word) >= SHORTEST_SHAPE:
            for at in self._by_shape.get(shape(word), ()):
                found[at] = max(found.get(at, 0), READ_WRONG)
        if own is None and len(word) >= SHORTEST_EQUIVALENT:
            self._equivalents(word, found)
        if len(word) >= SHORTEST_LONG and not found:
            self._by_halves(word, found)
        for other in _with_vowels(word) if bare else ():
            self._compare(other, self._by_skeleton.get(skeleton(other), ()), found, bare)
        if (
            word[:2] in ("al", "el")
            and (stemmed := self.number.get(word[2:])) is not None
            and len(word) > SHORTEST_FOLD
        ):
            found[stemmed] = max(found.get(stemmed, 0), WITH_ARTICLE)
        for full in NICKNAMES.get(word, ()):
            self._compare(full, self._by_skeleton.get(skeleton(full), ()), found, most=SHORT_FORM)
        stem = without_article(word)
        if stem:
            self._articles(stem, self._by_skeleton, found)
        self._articles(word, self._by_bare, found)
        known = own is not None and self.entries_with[own] >= WELL_KNOWN
        return _known(found) if known else found

    def entries_of(self, word: str) -> int:
        """How many entries have a word."""
        at = self.number.get(word)
        return self.entries_with[at] if at is not None else 0

    def sounding(self, word: str) -> dict[int, int]:
        """As `near`, but only words of the very same consonants: for words put together."""
        found: dict[int, int] = {}
        self._compare(word, self._by_skeleton.get(skeleton(word), ()), found)
        return found

    def _compare(
        self, word: str, numbers: Iterable[int], found: dict[int, int], bare: bool = False, most: int = WHOLE
    ) -> None:
        asked, spellings, plain = spelling(word), self._spellings, self._plain
        numbers = tuple(numbers)
        together = len(numbers) >= MANY and not bare and is_plain(asked)
        places = [at for at in numbers if plain[at]] if together else ()
        likely = dict.fromkeys(places, 0)
        for at, likeness in many(asked, [spellings[at] for at in places]).items() if places else ():
            likely[places[at]] = likeness
        for at in numbers:
            known = likely.get(at)
            likeness = min(most, compared(asked, spellings[at], bare) if known is None else known)
            if likeness >= CLOSE_ENOUGH and likeness > found.get(at, 0):
                found[at] = likeness

    def _equivalents(self, word: str, found: dict[int, int]) -> None:
        """Misspelt words that have another form in names: `tchnologies` is nearer to `technologies` than to its form."""
        for key in {word, *one_less(word)}:
            for place in self._by_equivalent.get(key, ()):
                meant = _EQUIVALENTS[place]
                at, likeness = self.number.get(EQUIVALENTS[meant]), alike(word, meant)
                if at is not None and likeness >= CLOSE_ENOUGH and likeness > found.get(at, 0):
                    found[at] = likeness

    def _by_halves(self, word: str, found: dict[int, int]) -> None:
        """Long words with the same beginning or the same end."""
        ends = {at for half in (f"{word[:4]}-", f"-{word[-4:]}") for at in self._ends.get(half, ())}
        numbers = sorted(ends)
        words = [self.words[at] for at in numbers]
        near = process.extract(word, words, scorer=OSA.normalized_similarity, score_cutoff=HALVES_CLOSE, limit=20)
        for _, likeness, place in near:
            found[numbers[place]] = int(likeness * WHOLE)

    def _articles(self, stem: str, groups: Mapping[str, tuple[int, ...]], found: dict[int, int]) -> None:
        for at in groups.get(skeleton(stem), ()):
            other = self.words[at]
            if groups is self._by_bare:
                other = without_article(other) or other
            likeness = alike(stem, other) * WITH_ARTICLE // 10_000
            if likeness >= CLOSE_ENOUGH and likeness > found.get(at, 0):
                found[at] = likeness

    def _around(self, word: str) -> set[int]:
        """Words that sound the same but for their vowels, or but for one letter, or whose consonants are the same but for one."""
        bones, sounds = skeleton(word), fold(word)
        around = set(self._by_skeleton.get(bones, ()))
        indices = [(self._by_fold, sounds, SHORTEST_FOLD), (self._by_bones, bones, SHORTEST_SKELETON)]
        if self.entries_of(word) < WELL_KNOWN:
            indices.append((self._by_letters, word, SHORTEST_FOLD))
        for index, key, shortest in indices:
            if len(key) >= shortest:
                around.update(index.get(key, ()))
                for less in one_less(key):
                    around.update(index.get(less, ()))
        return around


def _known(found: dict[int, int]) -> dict[int, int]:
    """Of a word that the lists have themselves: another that does not sound the same is probably another name."""
    stricter = {}
    for at, likeness in found.items():
        if likeness < SAME_NAME:
            likeness = WHOLE - (WHOLE - likeness) * KNOWN // 100
        if likeness >= CLOSE_ENOUGH:
            stricter[at] = likeness
    return stricter


def _halves(words: Iterable[str]) -> Iterator[tuple[str, int]]:
    for at, word in enumerate(words):
        if len(word) >= SHORTEST_LONG and word.isalpha():
            yield f"{word[:4]}-", at
            yield f"-{word[-4:]}", at


def _with_vowels(word: str) -> set[str]:
    """Other readings of a word written in an abjad: what may be a vowel or a consonant, and a last h that is silent."""
    readings = {word.replace("u", "w"), word.removesuffix("h"), word.replace("f", "v"), word.replace("b", "p")}
    return {reading for reading in readings - {word} if len(reading) > 1}


_AS_LETTERS: Final = str.maketrans("013458", "oleasb")
_FORM_WORDS: Final = frozenset(FORM_WORDS)
_EQUIVALENTS: Final = tuple(word for word in EQUIVALENTS if len(word) >= SHORTEST_EQUIVALENT)


def is_form_word(word: str) -> bool:
    """Whether a word is of a legal form, misspelt or cut off as it may be."""
    word = word.translate(_AS_LETTERS).replace("rn", "m").replace("cl", "d")
    if not word.isalpha():
        return False
    if len(word) > 2 and any(form.startswith(word) for form in CUT_FORMS):
        return True
    if len(word) >= SHORTEST_SHAPE and any(form.startswith(word) for form in FORM_WORDS):
        return True
    if len(word) < SHORTEST_FOLD + 1:
        return any(_slipped(word, form) for form in SHORT_FORMS)
    near = process.extractOne(word, FORM_WORDS, scorer=OSA.normalized_similarity, score_cutoff=FORM_CLOSE)
    return near is not None


def _slipped(word: str, form: str) -> bool:
    """Whether a short word is a legal form with a letter too many or too few, or one that was read wrongly."""
    if len(word) == len(form):
        return shape(word) == shape(form)
    return OSA.distance(word, form, score_cutoff=1) <= 1


def one_less(key: str) -> set[str]:
    """The key with each letter left out in turn."""
    return {key[:at] + key[at + 1 :] for at in range(len(key))}


def _keys(words: Iterable[str], key_of: Callable[[str], str], shortest: int) -> Iterator[tuple[str, int]]:
    for at, word in enumerate(words):
        key = key_of(word)
        if len(key) >= shortest and word.isalpha():
            yield key, at
            for less in one_less(key):
                yield less, at


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    groups: dict[str, list[int]] = {}
    for key, at in pairs:
        groups.setdefault(key, []).append(at)
    return {key: tuple(members) for key, members in groups.items()}


def _bits(of: int, having: int) -> int:
    return int(BITS * math.log2(of / having)) + BITS
