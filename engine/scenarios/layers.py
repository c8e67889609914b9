"""Layer on layer: a group of senders pays a group of middlemen, who all pay one group of receivers afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.scenarios.moves import Move, Traced


@dataclass(frozen=True, slots=True)
class _Middle:
    """A middleman: what came first from enough senders, and what went out to enough receivers afterwards."""

    party: str
    came: tuple[Move, ...]
    went: tuple[Move, ...]

    @property
    def senders(self) -> frozenset[str]:
        return frozenset(move.source for move in self.came)

    @property
    def receivers(self) -> frozenset[str]:
        return frozenset(move.target for move in self.went)


def stacked(moves: Sequence[Move], members: int, *, span: int) -> Iterator[Traced]:
    """At least `members` middlemen who share at least `members` senders and at least `members` receivers, each of whom is
    paid and then pays on within `span` seconds. Each stack is told once, under the first of its middlemen."""
    middles = _middles(moves, members, span)
    paid_by = _by_sender(middles)
    told: set[str] = set()
    for middle in middles:
        if middle.party in told:
            continue
        group, senders, receivers = _alike(middle, _near(middle, middles, paid_by, members), members)
        if len(group) < members:
            continue
        told.update(one.party for one in group)
        yield _traced(middle, group, senders, receivers)


def _middles(moves: Sequence[Move], members: int, span: int) -> list[_Middle]:
    arriving: dict[str, list[Move]] = {}
    leaving: dict[str, list[Move]] = {}
    for move in moves:
        arriving.setdefault(move.target, []).append(move)
        leaving.setdefault(move.source, []).append(move)
    found = []
    for party in sorted(arriving.keys() & leaving.keys()):
        middle = _middle(party, arriving[party], leaving[party], members, span)
        if middle:
            found.append(middle)
    return found


def _middle(party: str, came: list[Move], went: list[Move], members: int, span: int) -> _Middle | None:
    """What a party got and passed on within one span, if both are of enough others."""
    for last in reversed(went):
        out = tuple(move for move in went if last.ts - span <= move.ts <= last.ts)
        before = tuple(move for move in came if last.ts - span <= move.ts < last.ts)
        middle = _Middle(party, before, out)
        if len(middle.senders) >= members and len(middle.receivers) >= members:
            return middle
    return None


def _by_sender(middles: list[_Middle]) -> dict[str, list[int]]:
    """Which middlemen, by their places, each sender pays."""
    found: dict[str, list[int]] = {}
    for at, middle in enumerate(middles):
        for sender in middle.senders:
            found.setdefault(sender, []).append(at)
    return found


def _near(middle: _Middle, middles: list[_Middle], paid_by: dict[str, list[int]], members: int) -> list[_Middle]:
    """The middlemen that share enough senders with this one, in their order: whoever does not is in no stack with it."""
    shared = Counter(at for sender in middle.senders for at in paid_by[sender])
    return [middles[at] for at in sorted(shared) if shared[at] >= members]


def _alike(
    middle: _Middle, middles: list[_Middle], members: int
) -> tuple[list[_Middle], frozenset[str], frozenset[str]]:
    """The middlemen that share enough senders and receivers with this one and with one another."""
    group, senders, receivers = [middle], middle.senders, middle.receivers
    for other in middles:
        if other is middle:
            continue
        both, to = senders & other.senders, receivers & other.receivers
        if len(both) >= members and len(to) >= members:
            group, senders, receivers = [*group, other], both, to
    return group, senders, receivers


def _traced(middle: _Middle, group: list[_Middle], senders: frozenset[str], receivers: frozenset[str]) -> Traced:
    moves = [move for one in group for move in one.came if move.source in senders]
    moves += [move for one in group for move in one.went if move.target in receivers]
    parties = (*sorted(senders), *(one.party for one in group), *sorted(receivers))
    return Traced(middle.party, parties, tuple(moves))
