"""Gathering and scattering: from many to one to many, and from one through many to one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.scenarios.moves import Move, Traced


def gather_scatter(moves: Sequence[Move], members: int, *, share: int, span: int) -> Iterator[Traced]:
    """Hubs that at least `members` pay, and that then pay at least `members` others at least `share` percent of it, all within
    `span` seconds. A hub is told at the first payment at which it is so, and looked at anew from there."""
    arriving, leaving = _by_party(moves)
    for hub in sorted(arriving.keys() & leaving.keys()):
        came, went = arriving[hub], leaving[hub]
        while found := _through(came, went, members, share, span):
            parties = tuple(sorted({move.source for move in found[0]} | {move.target for move in found[1]}))
            yield Traced(hub, (hub, *parties), (*found[0], *found[1]))
            end = found[1][-1].ts
            came, went = [move for move in came if move.ts > end], [move for move in went if move.ts > end]


def _by_party(moves: Sequence[Move]) -> tuple[dict[str, list[Move]], dict[str, list[Move]]]:
    arriving: dict[str, list[Move]] = {}
    leaving: dict[str, list[Move]] = {}
    for move in moves:
        arriving.setdefault(move.target, []).append(move)
        leaving.setdefault(move.source, []).append(move)
    return arriving, leaving


def _through(
    came: list[Move], went: list[Move], members: int, share: int, span: int
) -> tuple[list[Move], list[Move]] | None:
    """The first moment by which enough had come from enough senders and gone on to enough receivers, others than those."""
    if len({move.source for move in came}) < members or len({move.target for move in went}) < members:
        return None
    for last in went:
        start = last.ts - span
        out = [move for move in went if start <= move.ts <= last.ts]
        gathered = _gathered([move for move in came if start <= move.ts < last.ts], members)
        if gathered is None:
            continue
        senders = {move.source for move in gathered}
        out = [move for move in out if move.ts > gathered[-1].ts and move.target not in senders]
        enough = sum(move.amount for move in out) * 100 >= sum(move.amount for move in gathered) * share
        if len({move.target for move in out}) >= members and enough:
            return gathered, out
    return None


def _gathered(came: list[Move], members: int) -> list[Move] | None:
    """The payments up to the one with which enough senders are together."""
    senders: set[str] = set()
    for at, move in enumerate(came):
        senders.add(move.source)
        if len(senders) >= members:
            return came[: at + 1]
    return None


def scatter_gather(moves: Sequence[Move], members: int, *, share: int, span: int) -> Iterator[Traced]:
    """Pairs of parties between whom money goes through at least `members` others, each of which passes on at least `share`
    percent of what it got, all within `span` seconds. A pair is told at the first payment at which it is so, and looked at
    anew from there."""
    _, leaving = _by_party(moves)
    for source in sorted(leaving):
        sent = leaving[source]
        if len({move.target for move in sent}) < members:
            continue
        for sink, legs in sorted(_legs(sent, leaving, share, span).items()):
            while sink != source and (chosen := _within(legs, members, span)):
                parties = tuple(sorted(first.target for first, _ in chosen))
                yield Traced(source, (source, *parties, sink), tuple(move for leg in chosen for move in leg))
                end = max(second.ts for _, second in chosen)
                legs = [leg for leg in legs if leg[0].ts > end]


Leg = tuple[Move, Move]


def _legs(sent: list[Move], leaving: dict[str, list[Move]], share: int, span: int) -> dict[str, list[Leg]]:
    """Where each payment went on to: sink -> the pairs of payments."""
    found: dict[str, list[Leg]] = {}
    for first in sent:
        for second in leaving.get(first.target, ()):
            timely = first.ts < second.ts <= first.ts + span
            if timely and first.amount * share <= second.amount * 100 and second.amount * share <= first.amount * 100:
                found.setdefault(second.target, []).append((first, second))
    return found


def _within(legs: list[Leg], members: int, span: int) -> list[Leg] | None:
    """One leg through each of enough middlemen, all within the span of the first."""
    legs = sorted(legs, key=lambda leg: (leg[1].ts, leg[1].id, leg[0].id))
    for at, last in enumerate(legs):
        chosen: dict[str, Leg] = {}
        for leg in legs[: at + 1]:
            if leg[0].ts >= last[1].ts - span:
                chosen.setdefault(leg[0].target, leg)
        if len(chosen) >= members:
            return list(chosen.values())
    return None
