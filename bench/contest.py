"""Engines against each other: each in a process of its own, pinned to one core, in interleaved rounds."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

from bench.payments import bodies
from bench.peers import PEERS, PeerSpec

COMPILED = "Lexgate, compiled"
INTERPRETED = "Lexgate, interpreter"
AS_WRITTEN = ", rules as written"
# Preparing an engine takes well under a second; a worker that says nothing for so long has died or hangs.
PATIENCE_S = 120.0
# Between two looks at the clock.
CHUNK = 25
# Passes over all payments before the clock starts: what an engine learns of its traffic, it has learnt by then.
WARM_UP = 3

Decide = Callable[[Any], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine did."""

    name: str
    distribution: str | None
    version: str | None
    microseconds: tuple[float, ...]
    """Of one decision, by round."""
    differing: tuple[str, ...]
    """Payments answered otherwise than by the compiled executor, in words."""
    adapted: tuple[str, ...]
    failure: str | None = None

    @property
    def typical(self) -> float:
        """The median round."""
        return median(self.microseconds)


def forms() -> list[PeerSpec]:
    """Every engine; those that can name what rules share also with each rule by itself, as it is written."""
    found: list[PeerSpec] = []
    for spec in PEERS:
        found.append(spec)
        if spec.hoists:
            found.append(replace(spec, name=spec.name + AS_WRITTEN, options=(("hoist", False),), adapted=()))
    return found


# -- in the worker ----------------------------------------------------------------------------------------------------


def work(connection: Connection, spec: PeerSpec | str, payments: int, cpu: int | None) -> None:
    """Prepare one engine, say how it answers every payment, then run rounds until told to stop."""
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    try:
        decide, answer, data = _prepared(spec, payments)
        connection.send([decide(item) for item in data])
        for item in data * WARM_UP:
            answer(item)
    except Exception as error:  # the edge of the process: the conductor reports it
        connection.send(f"{type(error).__name__}: {error}")
        return
    start = 0
    while (seconds := connection.recv()) is not None:
        gc.collect()
        decisions, elapsed, start = _round(answer, data, start, seconds)
        connection.send(elapsed / decisions * 1e6)
    connection.close()


def _prepared(spec: PeerSpec | str, payments: int) -> tuple[Decide, Callable[[Any], Any], list[Any]]:
    """What names the rules that fire, what is timed (the engine's own answer, before it is put into that form), the payments."""
    from bench.lexgate import CompiledExecutor, InterpretedExecutor, Law

    law = Law()
    facts = law.facts(bodies(payments))
    if isinstance(spec, str):
        ours = (CompiledExecutor if spec == COMPILED else InterpretedExecutor)(law)
        return ours.decide, getattr(ours, "answer", ours.decide), facts
    peer = spec.make()
    peer.prepare(law.rules)
    return peer.decide, getattr(peer, "answer", peer.decide), [peer.shape(law.row(item)) for item in facts]


def _round(decide: Decide, data: list[Any], start: int, seconds: float) -> tuple[int, float, int]:
    """Decide one payment after the other for so long; the next round goes on where this one stopped."""
    decisions, begun = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - begun) < seconds:
        chunk = data[start : start + CHUNK]
        for item in chunk:
            decide(item)
        decisions += len(chunk)
        start = start + CHUNK if start + CHUNK < len(data) else 0
    return decisions, elapsed, start


# -- in the conductor -------------------------------------------------------------------------------------------------


class WorkerLost(RuntimeError):
    """A worker died, failed, or did not answer in time."""


@dataclass(slots=True)
class Contestant:
    """One engine's worker, seen from the conductor."""

    name: str
    spec: PeerSpec | None
    process: Any
    connection: Connection
    answers: list[frozenset[str]]
    times: list[float]
    failure: str | None = None

    def ask(self, message: float | None) -> Any:
        """Send, and wait for the answer."""
        self.connection.send(message)
        return self.hear()

    def hear(self) -> Any:
        """The next message. Raises WorkerLost."""
        try:
            if self.connection.poll(PATIENCE_S):
                return self._checked(self.connection.recv())
        except (EOFError, OSError) as error:
            self.process.join(5)
            raise WorkerLost(f"its process ended with status {self.process.exitcode}") from error
        raise WorkerLost(f"no answer for {PATIENCE_S:.0f} s")

    @staticmethod
    def _checked(message: Any) -> Any:
        if isinstance(message, str):
            raise WorkerLost(message)
        return message


def contest(*, payments: int, rounds: int, seconds: float, cpu: int | None) -> list[Result]:
    """All engines over the same payments: answers first, then rounds in turn.

    Raises WorkerLost where the compiled executor, with which all are compared, cannot run.
    """
    base = _enter(COMPILED, payments, cpu)
    if base.failure is not None:
        raise WorkerLost(f"{COMPILED}: {base.failure}")
    entrants = [base, *(_enter(spec, payments, cpu) for spec in (INTERPRETED, *forms()))]
    running = [entrant for entrant in entrants if entrant.failure is None]
    for _ in range(rounds):
        for entrant in running:
            _take_turn(entrant, seconds)
    for entrant in entrants:
        _dismiss(entrant)
    return [_result(entrant, entrants[0].answers) for entrant in entrants]


def _enter(spec: PeerSpec | str, payments: int, cpu: int | None) -> Contestant:
    name, peer = (spec, None) if isinstance(spec, str) else (spec.name, spec)
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, spec, payments, cpu), daemon=True)
    entrant = Contestant(name, peer, process, ours, [], [])
    if peer is not None and peer.installed() is None:
        entrant.failure = "not installed"
        return entrant
    process.start()
    theirs.close()
    try:
        entrant.answers = entrant.hear()
    except WorkerLost as error:
        entrant.failure = str(error)
    return entrant


def _take_turn(entrant: Contestant, seconds: float) -> None:
    if entrant.failure is not None:
        return
    try:
        entrant.times.append(entrant.ask(seconds))
    except WorkerLost as error:
        entrant.failure = str(error)


def _dismiss(entrant: Contestant) -> None:
    if entrant.process.pid is None:
        return
    if entrant.failure is None:
        entrant.connection.send(None)
        entrant.process.join(10)
    if entrant.process.is_alive():
        entrant.process.kill()
        entrant.process.join()


def _result(entrant: Contestant, expected: Sequence[frozenset[str]]) -> Result:
    spec = entrant.spec
    return Result(
        name=entrant.name,
        distribution=spec.distribution if spec else None,
        version=spec.installed() if spec else None,
        microseconds=tuple(entrant.times),
        differing=tuple(differences(entrant.answers, expected)),
        adapted=spec.adapted if spec else (),
        failure=entrant.failure,
    )


def differences(answers: Sequence[frozenset[str]], expected: Sequence[frozenset[str]]) -> Iterator[str]:
    """Each payment that two engines answer differently, and how."""
    for number, (found, wanted) in enumerate(zip(answers, expected, strict=False)):
        if found != wanted:
            extra = [f"+{rule}" for rule in sorted(found - wanted)]
            lacking = [f"-{rule}" for rule in sorted(wanted - found)]
            yield f"payment {number}: {' '.join(extra + lacking)}"
