"""Two names, part by part: which part of one is which of the other, in any order, and what is left over on either side.

Parts are paired best first. Of what is left, words written together or apart, initials and cut-off words are paired next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from engine.screening.alike import WHOLE, alike, is_patronymic
from engine.screening.names import is_number
from engine.screening.policy import Costs
from engine.screening.vocabulary import CUT, LETTER_WEIGHT, one_less

INITIAL: Final = 8_500
"""Of `V` to `Vladimir`."""
SHORTEST_CUT: Final = 4
TELLING: Final = 500
"""Weight of what only one side has, from which the two names are not of the same parts: words of legal forms are below."""
ROUGHLY: Final = 6_500
"""Likeness of what is left on both sides from which it may be one word, twice misspelt."""
SHORTEST_ROUGH: Final = 5
SHORTEST_LOST: Final = 3
LOST_ONE: Final = 7_500
"""Of `gus` to `Agus`: three letters that no list has."""
JOINED: Final = 9_000
"""Likeness from which two neighbours are one word on the other side."""
SURELY: Final = 9_500
"""Likeness from which words are paired as written together before anything else is."""
FARTHEST: Final = 3
"""Letters by which two spellings of a word may differ in length."""
PATRONYMIC_SHARE: Final = 40
"""Percent of its weight that a patronymic counts where only one of the two names has one."""


class Part(NamedTuple):
    """A part of the queried name, looked up."""

    word: str
    weight: int
    near: Mapping[int, int]
    """Numbers of listed words that may be meant -> likeness."""
    known: bool = False
    """A word of the lists itself: less likely another one misspelt, and not one cut off."""


class Pair(NamedTuple):
    """What was found to be the same part of two names."""

    code: str
    """name_part | spelling | joined | initial | cut"""
    queried: str
    listed: str
    likeness: int
    weight: int


Placed = tuple[int, int, Pair]
"""Where the pair is in the queried name, and in the listed one."""


class Left(NamedTuple):
    """A part that only one side has."""

    word: str
    weight: int
    """What it counts, in the costs of its side."""


class Alignment(NamedTuple):
    """What came of it. `score` in ten-thousandths."""

    pairs: tuple[Pair, ...]
    queried: tuple[Left, ...]
    listed: tuple[Left, ...]
    thin: int
    """What is charged because the parts in common are too common themselves."""
    score: int
    in_order: bool
    numbers_differ: bool


class Listing:
    """What alignment needs of a listed name: its words with their weights. One is made for each name that is scored."""

    __slots__ = ("numbers", "weights", "words")

    def __init__(self, numbers: tuple[int, ...], words: Sequence[str], weights: Sequence[int]) -> None:
        self.numbers = numbers
        self.words = [words[at] for at in numbers]
        self.weights = [weights[at] for at in numbers]


def align(
    parts: Sequence[Part], listing: Listing, costs: Costs, *, least: int = 0, joined: bool = False
) -> Alignment | None:
    """The best pairing found, and its score: 10,000 where both names have the same parts. None: below `least`.

    `joined`: some words are probably written together in one of the two and apart in the other; those are paired first.
    """
    free, open_ = set(range(len(parts))), set(range(len(listing.numbers)))
    pairs: list[Placed] = []
    for at in range(len(parts)) if joined else ():
        if at in free and not any(parts[at].near.get(number) == WHOLE for number in listing.numbers):
            _together(parts, listing, at, free, open_, pairs, least=SURELY)
    for likeness, at, to in sorted(_likenesses(parts, listing), key=_best_first):
        if at in free and to in open_:
            free.discard(at)
            open_.discard(to)
            weight = min(parts[at].weight, listing.weights[to])
            code = "name_part" if likeness == WHOLE else "spelling"
            pairs.append((at, to, Pair(code, parts[at].word, listing.words[to], likeness, weight)))
    if free and open_:
        _rest(parts, listing, free, open_, pairs, initials=costs.initials)
    queried = [(parts[at].word, parts[at].weight) for at in free]
    listed = [(listing.words[to], listing.weights[to]) for to in open_]
    score, thin = _score(pairs, queried, listed, costs)
    return _told(pairs, queried, listed, thin, score) if score >= least else None


def _best_first(found: tuple[int, int, int]) -> tuple[int, int, int]:
    return (-found[0], found[1], found[2])


def _by_place(found: Placed) -> int:
    return found[0]


def _likenesses(parts: Sequence[Part], listing: Listing) -> list[tuple[int, int, int]]:
    return [
        (likeness, at, to)
        for at, part in enumerate(parts)
        for to, number in enumerate(listing.numbers)
        if (likeness := part.near.get(number))
    ]


def _rest(
    parts: Sequence[Part],
    listing: Listing,
    free: set[int],
    open_: set[int],
    pairs: list[Placed],
    *,
    initials: bool,
) -> None:
    for at in sorted(free):
        if at in free and (len(open_) > 1 or at + 1 in free):
            _together(parts, listing, at, free, open_, pairs)
    last = len(parts) - 1
    for at in sorted(free):
        if parts[at].known and at != last and not any(len(listing.words[to]) == 1 for to in open_):
            continue
        for to in sorted(open_):
            pair = _shortened(parts[at], listing, to, last=at == last, initials=initials)
            if pair:
                free.discard(at)
                open_.discard(to)
                pairs.append((at, to, pair))
                break


def _together(
    parts: Sequence[Part],
    listing: Listing,
    at: int,
    free: set[int],
    open_: set[int],
    pairs: list[Placed],
    *,
    least: int = JOINED,
) -> None:
    """One word on one side that is two neighbours on the other."""
    for to in sorted(open_):
        if to not in open_:
            continue
        if to + 1 in open_ and min(len(listing.words[to]), len(listing.words[to + 1])) > 1:
            both = listing.words[to] + listing.words[to + 1]
            likeness = _roughly(parts[at].word, both)
            if likeness >= least:
                weight = listing.weights[to] + listing.weights[to + 1]
                shown = f"{listing.words[to]} {listing.words[to + 1]}"
                free.discard(at)
                open_ -= {to, to + 1}
                pairs.append((at, to, Pair("joined", parts[at].word, shown, likeness, weight)))
                return
        if at + 1 in free and min(len(parts[at].word), len(parts[at + 1].word)) > 1:
            both = parts[at].word + parts[at + 1].word
            likeness = _roughly(both, listing.words[to])
            if likeness >= least:
                shown = f"{parts[at].word} {parts[at + 1].word}"
                free -= {at, at + 1}
                open_.discard(to)
                pairs.append((at, to, Pair("joined", shown, listing.words[to], likeness, listing.weights[to])))
                return


def _roughly(one: str, other: str) -> int:
    """Likeness, where it is worth looking: words of about one length that begin or end alike."""
    if abs(len(one) - len(other)) > FARTHEST or (one[0] != other[0] and one[-1] != other[-1]):
        return 0
    return alike(one, other)


def _shortened(part: Part, listing: Listing, to: int, *, last: bool, initials: bool) -> Pair | None:
    word, other = part.word, listing.words[to]
    if is_number(word) or is_number(other):
        return None
    if initials and word[0] == other[0] and 1 in (len(word), len(other)):
        return Pair("initial", word, other, INITIAL, LETTER_WEIGHT)
    if (
        not part.known
        and min(len(word), len(other)) >= SHORTEST_ROUGH
        and (likeness := _roughly(word, other)) >= ROUGHLY
    ):
        return Pair("spelling", word, other, likeness, min(part.weight, listing.weights[to]))
    if not part.known and _lost_one(word, other):
        return Pair("spelling", word, other, LOST_ONE, min(part.weight, listing.weights[to]))
    if last and len(word) >= SHORTEST_CUT and other.startswith(word) and (not part.known or _mostly(word, other)):
        return Pair("cut", word, other, CUT, listing.weights[to] * len(word) // len(other))
    return None


def _lost_one(word: str, other: str) -> bool:
    """Whether a word of three letters may be one of four that a letter was lost from: too short to be compared otherwise."""
    return len(word) == SHORTEST_LOST and len(other) == len(word) + 1 and word in one_less(other)


def _mostly(word: str, other: str) -> bool:
    """Whether a word that is one itself may still be another cut off: more than half of a long one."""
    return len(word) >= SHORTEST_CUT and len(word) * 2 > len(other)


Word = tuple[str, int]
"""A word with its weight."""


def _score(pairs: Sequence[Placed], queried: Sequence[Word], listed: Sequence[Word], costs: Costs) -> tuple[int, int]:
    """The score, and what is charged because the parts in common are too common."""
    matched = worth = 0
    for _, _, pair in pairs:
        matched += pair.weight
        worth += pair.weight * max(0, WHOLE - (WHOLE - pair.likeness) * costs.steepness // 100)
    descents = queried and listed and _descent(queried) and _descent(listed)
    missing = sum(weight if descents else alone(word, weight) for word, weight in queried)
    extra = sum(weight if descents else alone(word, weight) for word, weight in listed)
    thin = max(0, costs.enough - matched) * costs.thin // 100 if max(missing, extra) > TELLING else 0
    against = missing * costs.queried + extra * costs.listed + min(missing, extra) * costs.conflict
    whole = (matched + thin) * 100 + against
    return (worth * 100 // whole if whole else 0), thin


def alone(word: str, weight: int) -> int:
    """A patronymic left out is a shorter name; another patronymic is another father."""
    return weight * PATRONYMIC_SHARE // 100 if is_patronymic(word) else weight


def _descent(words: Iterable[Word]) -> bool:
    return any(is_patronymic(word) for word, _ in words)


def _told(pairs: list[Placed], queried: Sequence[Word], listed: Sequence[Word], thin: int, score: int) -> Alignment:
    pairs.sort(key=_by_place)
    descents = _descent(queried) and _descent(listed)
    missing, extra = (
        tuple(Left(word, weight if descents else alone(word, weight)) for word, weight in sorted(side))
        for side in (queried, listed)
    )
    places = [to for _, to, _ in pairs]
    differ = all(_numbers(word for word, _ in side) for side in (queried, listed))
    return Alignment(tuple(pair for _, _, pair in pairs), missing, extra, thin, score, places == sorted(places), differ)


def _numbers(words: Iterable[str]) -> bool:
    return any(map(is_number, words))
