"""Money that comes back to where it came from: a path forward in time over three to eight parties."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from engine.scenarios.moves import Move, Traced

MOST_STEPS: Final = 20_000
"""Steps that are followed from one payment. Beyond, what was found is told as truncated."""


def cycles(moves: Sequence[Move], lengths: tuple[int, int], *, share: int, span: int) -> Iterator[Traced]:
    """The first way back of each payment: every hand passes on at least `share` percent of what was sent first, and never more
    than came in with the same share on top; all within `span` seconds. `lengths`: how many parties, least and most."""
    leaving: dict[str, list[Move]] = {}
    for move in moves:
        leaving.setdefault(move.source, []).append(move)
    times = {source: [move.ts for move in found] for source, found in leaving.items()}
    told: set[frozenset[str]] = set()
    for start in moves:
        walk = _Walk(start, leaving, times, lengths, share, span)
        path = walk.back()
        # One circle, told from each of its payments that could have been its beginning, is one finding.
        if path and frozenset(move.id for move in path) not in told:
            told.add(frozenset(move.id for move in path))
            yield Traced(start.source, tuple(move.source for move in path), tuple(path), walk.steps > MOST_STEPS)


class _Walk:
    """Follows one payment on."""

    def __init__(
        self, start: Move, leaving: dict[str, list[Move]], times: dict[str, list[int]],
        lengths: tuple[int, int], share: int, span: int,
    ):  # fmt: skip
        self.start, self.leaving, self.times = start, leaving, times
        (self.shortest, self.longest), self.share, self.end = lengths, share, start.ts + span
        self.steps = 0

    def back(self) -> list[Move] | None:
        """The first path that leads back, shortest first by depth."""
        return self._on([self.start], {self.start.source})

    def _on(self, path: list[Move], seen: set[str]) -> list[Move] | None:
        last = path[-1]
        if last.target in seen or len(path) >= self.longest:
            return None
        further = self.leaving.get(last.target, [])
        for move in further[bisect_right(self.times.get(last.target, []), last.ts) :]:
            self.steps += 1
            if move.ts > self.end or self.steps > MOST_STEPS:
                return None
            if not self._passes_on(move):
                continue
            if move.target == self.start.source:
                if len(path) + 1 >= self.shortest:
                    return [*path, move]
                continue
            found = self._on([*path, move], seen | {last.target})
            if found:
                return found
        return None

    def _passes_on(self, move: Move) -> bool:
        sent = self.start.amount
        return sent * self.share <= move.amount * 100 and move.amount * self.share <= sent * 100
