"""All listed names, to be asked for those that might be meant by another. Made once for a set of editions, never changed.

Retrieval is by words: names that share two words with the query, or one that is rare, in any spelling that `vocabulary` sees as
near; and by words written together. What could not reach the threshold even if all shared words were the same is not scored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from engine.screening.alignment import (
    JOINED,
    SHORTEST_CUT,
    SHORTEST_LOST,
    SHORTEST_ROUGH,
    Alignment,
    Listing,
    Part,
    align,
    alone,
)
from engine.screening.alike import WHOLE, alike
from engine.screening.model import EntityKind, Listed, ListedName
from engine.screening.names import Name, name_of
from engine.screening.policy import Costs
from engine.screening.sounds import skeleton
from engine.screening.vocabulary import CLOSE_ENOUGH, LETTER_WEIGHT, Vocabulary

RARE: Final = 120
"""Names that share a word, up to which each of them is looked at."""
SCORED: Final = 40
"""Names scored in full for one query, best bound first; as many again that have two of its words as one."""
FIELD_ENDED: Final = 25
"""Percent of its cost that a missing part has where the text ended with its field."""
ROUGH_AT_MOST: Final = 8_500
"""What two words that were not found to be near can be worth to each other: one may be the other, cut off."""
SCORED_BARE: Final = 200
"""The same of a name without its vowels, which stand for more spellings."""
FRAGMENT: Final = 200
"""What the last word of such a text weighs at most: it may be a piece of one."""
REMEMBERED: Final = 1 << 13
"""Words whose spellings are kept."""
SHORTEST_JOINED: Final = 5


Share = tuple[int, int, int]
"""Weight of a queried word and its listed spelling together, that weight by their likeness, weight of the listed one."""


class Found(NamedTuple):
    """A queried word, looked up."""

    part: Part
    names: frozenset[int]
    shares: Mapping[int, Share]
    """Of each of these names: what the word has in common with it."""
    apart: frozenset[int] = frozenset()
    """Those in which the word is two neighbours."""
    alone: int = 0
    """What the word weighs where no name has it."""


class NameIndex:
    """Names by their words."""

    def __init__(self, entries: Sequence[Listed]) -> None:
        self.entries = tuple(entries)
        names = [list(_names_of(entry)) for entry in self.entries]
        holders: Counter[str] = Counter()
        for each in names:
            holders.update({part for _, name in each for part in name.parts})
        self.vocabulary = Vocabulary(holders, len(self.entries))
        self.owners: list[int] = []
        self.listed: list[ListedName] = []
        self.parts: list[tuple[int, ...]] = []
        numbers = self.vocabulary.number
        for owner, each in enumerate(names):
            for listed, name in each:
                self.owners.append(owner)
                self.listed.append(listed)
                self.parts.append(tuple(numbers[part] for part in name.parts))
        weights = self.vocabulary.weights
        least_weights = [alone(word, weights[at]) for at, word in enumerate(self.vocabulary.words)]
        self._totals = [sum(least_weights[at] for at in parts) for parts in self.parts]
        self._letters = [_first_letters(self.vocabulary.words[at] for at in parts) for parts in self.parts]
        self._same: dict[tuple[str, ...], list[int]] = {}
        for number, parts in enumerate(self.parts):
            self._same.setdefault(tuple(sorted(self.vocabulary.words[at] for at in parts)), []).append(number)
        self._names_with = _inverted(self.parts, len(self.vocabulary.words))
        self._joined = self._joinings()
        self._find = lru_cache(maxsize=REMEMBERED)(self._look_up)
        self._costs = lru_cache(maxsize=16)(self._of_these)

    def candidates(self, name: Name, costs: Costs, least: int, *, ends: bool = False) -> list[tuple[int, Alignment]]:
        """Numbers of names that come to `least` ten-thousandths or more, with how they were aligned; in no order.

        `ends`: the text may have been cut off at the end of a field, and the name with it.
        """
        found = [
            self._find(part, name.person, name.bare, at == len(name.parts) - 1) for at, part in enumerate(name.parts)
        ]
        if not found:
            return []
        costs, where_it_ended = self._costs(costs)
        cut_off = where_it_ended if ends else costs
        parts = [each.part for each in found]
        words, weights = self.vocabulary.words, self.vocabulary.weights
        fragment = [*parts[:-1], parts[-1]._replace(weight=min(parts[-1].weight, FRAGMENT))] if ends else parts
        tiny = len(parts[-1].word) < SHORTEST_CUT and not parts[-1].known
        if ends:
            weight = alone(fragment[-1].word, fragment[-1].weight)
            found[-1] = found[-1]._replace(part=fragment[-1], alone=weight)
        scored = []
        promising, joined = self._promising(found, name, cut_off, least)
        for number in promising:
            listing = Listing(self.parts[number], words, weights)
            if ends and (tiny or any(word.startswith(parts[-1].word) for word in listing.words)):
                alignment = align(fragment, listing, cut_off, least=least, joined=number in joined)
            else:
                alignment = align(parts, listing, costs, least=least, joined=number in joined)
            if alignment is not None:
                scored.append((number, alignment))
        return scored

    def _of_these(self, costs: Costs) -> tuple[Costs, Costs]:
        """What the words of these lists tell, in costs; and where the text ended with its field."""
        here = replace(costs, enough=costs.enough * self.vocabulary.unseen // 100)
        return here, replace(here, listed=here.listed * FIELD_ENDED // 100)

    def _promising(self, found: Sequence[Found], name: Name, costs: Costs, least: int) -> tuple[list[int], set[int]]:
        """Names that could come to `least`, the most promising first; and those written together otherwise."""
        words, bare = name.parts, name.bare
        joined = self._written_together(words)
        same = self._same.get(tuple(sorted(words)), ())
        near = _shared([each.names for each in found]).union(same)
        bound = _Bound(found, words, costs, self.vocabulary.unseen)
        best = bound.sorted(near - joined, self._totals, self._letters, least)
        together = bound.sorted(joined, self._totals, self._letters)
        apart = joined.union(*(each.apart for each in found))
        scored = (*same, *together[:SCORED], *best[: SCORED_BARE if bare else SCORED])
        return list(dict.fromkeys(scored)), apart

    def _written_together(self, words: Sequence[str]) -> set[int]:
        """Names in which neighbours of the query are written as one word."""
        names: set[int] = set()
        for left, right in pairwise(words):
            if min(len(left), len(right)) > 1 and len(left) + len(right) >= SHORTEST_JOINED:
                for number, likeness in self.vocabulary.sounding(left + right).items():
                    if likeness >= JOINED:
                        names.update(self._names_with[number])
        return names

    def _written_apart(self, word: str) -> dict[int, Share]:
        """Names in which a word is two neighbours."""
        shares: dict[int, Share] = {}
        words, weights = self.vocabulary.words, self.vocabulary.weights
        for number, left, right in self._joined.get(skeleton(word), ()) if len(word) >= SHORTEST_JOINED else ():
            likeness = alike(word, words[left] + words[right])
            if likeness >= CLOSE_ENOUGH:
                weight = weights[left] + weights[right]
                shares[number] = (weight, weight * likeness, weight)
        return shares

    def _look_up(self, word: str, person: bool, bare: bool, last: bool) -> Found:
        if len(word) == 1 and word.isalpha():
            return Found(Part(word, LETTER_WEIGHT, self._letter(word)), frozenset(), {}, alone=LETTER_WEIGHT)
        near = self.vocabulary.near(word, bare)
        known = self.vocabulary.entries_of(word) > 1
        if last and len(word) >= SHORTEST_CUT and not known:
            for number, likeness in self.vocabulary.beginning(word).items():
                near[number] = max(near.get(number, 0), likeness)
        own = self.vocabulary.weight(word, person=person)
        shares: dict[int, Share] = {}
        for number, likeness in sorted(near.items(), key=_by_likeness):
            listed = self.vocabulary.weights[number]
            weight = min(own, listed)
            shares.update(dict.fromkeys(self._names_with[number], (weight, weight * likeness, listed)))
        apart = self._written_apart(word)
        shares |= {name: share for name, share in apart.items() if name not in shares or not known}
        return Found(Part(word, own, near, known), frozenset(shares), shares, frozenset(apart), alone(word, own))

    def _letter(self, letter: str) -> Mapping[int, int]:
        number = self.vocabulary.number.get(letter)
        return {} if number is None else {number: 10_000}

    def _joinings(self) -> dict[str, tuple[tuple[int, int, int], ...]]:
        """Skeletons of neighbouring words written as one -> name and the two words."""
        joined: dict[str, list[tuple[int, int, int]]] = {}
        words = self.vocabulary.words
        for number, parts in enumerate(self.parts):
            for left, right in pairwise(parts):
                if len(words[left]) + len(words[right]) >= SHORTEST_JOINED:
                    key = skeleton(words[left] + words[right])
                    joined.setdefault(key, []).append((number, left, right))
        return {key: tuple(places) for key, places in joined.items()}


class _Bound:
    """What a name could come to at most, before its parts are aligned one to one."""

    def __init__(self, found: Sequence[Found], words: Sequence[str], costs: Costs, heaviest: int) -> None:
        self._heaviest = heaviest
        last = len(found) - 1
        self._found = [
            (
                each.shares.get,
                each.alone,
                _may_be_rough(each.part) or (at == last and len(each.part.word) >= SHORTEST_CUT),
            )
            for at, each in enumerate(found)
        ]
        self._initials = [1 << ord(word) - ord("a") for word in words if len(word) == 1 and word.isalpha()]
        self._costs = costs

    def sorted(
        self, numbers: Iterable[int], totals: Sequence[int], letters: Sequence[int], least: int = 0
    ) -> list[int]:
        """Those of these names that could come to `least` ten-thousandths; the one that could come to the most first."""
        found, initials, heaviest, costs = self._found, self._initials, self._heaviest, self._costs
        steep, queried, of_listed = costs.steepness, costs.queried, costs.listed
        bounds = []
        for number in numbers:
            matched = worth = listed = missing = rough = 0
            for share_of, weight, may_be_rough in found:
                share = share_of(number)
                if share is not None:
                    matched += share[0]
                    worth += share[1]
                    listed += share[2]
                elif may_be_rough and not rough:
                    rough = weight
                else:
                    missing += weight
            extra = totals[number] - listed
            if extra < 0:
                extra = 0
            for letter in initials:
                if letters[number] & letter:
                    matched += LETTER_WEIGHT
                    worth += LETTER_WEIGHT * WHOLE
                    missing -= LETTER_WEIGHT
                    extra = max(0, extra - heaviest)
            whole = matched * WHOLE
            worth = whole - (whole - worth) * steep // 100
            twice = rough if rough < extra else extra
            if twice:
                rough, extra = 0, max(0, extra - heaviest)
            whole = (matched + twice) * 100 + (missing + rough) * queried + extra * of_listed
            most = (worth + twice * ROUGH_AT_MOST) * 100 // whole if whole else 0
            if most >= least:
                bounds.append((-most, number))
        bounds.sort()
        return [number for _, number in bounds]


def _may_be_rough(part: Part) -> bool:
    return not part.known and (len(part.word) >= SHORTEST_ROUGH or len(part.word) == SHORTEST_LOST)


def _by_likeness(found: tuple[int, int]) -> int:
    return found[1]


def _names_of(entry: Listed) -> Iterator[tuple[ListedName, Name]]:
    """The names of an entry, each once: of two that are the same in parts the one that is not weak."""
    person = entry.kind is EntityKind.PERSON
    seen: set[tuple[str, ...]] = set()
    for listed in sorted(entry.names, key=lambda name: name.weak):
        for reading in (person,) if entry.kind is not EntityKind.UNKNOWN else (True, False):
            name = name_of(listed.text, reading)
            key = tuple(sorted(name.parts))
            if name.parts and key not in seen:
                seen.add(key)
                yield listed, name


def _first_letters(words: Iterable[str]) -> int:
    """A bit for each letter that a word begins with."""
    bits = 0
    for word in words:
        if "a" <= word[0] <= "z":
            bits |= 1 << ord(word[0]) - ord("a")
    return bits


def _inverted(parts: Sequence[tuple[int, ...]], words: int) -> list[tuple[int, ...]]:
    names_with: list[list[int]] = [[] for _ in range(words)]
    for number, each in enumerate(parts):
        for word in set(each):
            names_with[word].append(number)
    return [tuple(numbers) for numbers in names_with]


def _shared(sets: Iterable[frozenset[int]]) -> set[int]:
    """Names in two of the sets, or in one that is small; in one of any size where there is but one."""
    near: set[int] = set()
    filled = sorted((names for names in sets if names), key=len)
    if len(filled) == 1:
        return set(filled[0])
    for at, names in enumerate(filled):
        if len(names) <= RARE:
            near |= names
        else:
            for other in filled[at + 1 :]:
                near |= names & other
    return near
