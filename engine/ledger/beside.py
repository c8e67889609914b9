"""A process that writes decisions beside the one that makes them.

A thread that writes shares the interpreter with the loop that decides: each of its statements is a turn that one of them waits
for. A process of its own has an interpreter of its own: what is left to do here is to hand over bytes and wait for the answer.

A batch may be handed over while the one before is written, so that neither process waits for the other; whoever hands them over
writes nothing meanwhile: there is still one writer, and it takes them in their order. All is said over a line that nobody else
has.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from typing import Any, Final

from engine.ledger.entries import CountedPayment, DecisionEntry, Owed, Stored

READY: Final = "ready"
AGAIN: Final = timedelta(seconds=10)
"""How long after it was started one that has ended is started again."""
ANSWERS: Final = timedelta(seconds=30)
"""How long a batch may take, also to be taken: a process that is silent for longer is ended, and what it held is not known to be
stored."""
ENDS: Final = timedelta(seconds=10)
"""How long it may take to end once there is nothing more to write."""

Line = Callable[[], tuple[Connection, Connection]]
_log = logging.getLogger(__name__)


class BesideLost(Exception):
    """The process has ended, or was ended, with a batch in its hands: what became of that is not known."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a batch. `trouble`: why nothing could be stored; None: all is well."""

    trouble: str | None
    commit_nanos: int
    results: Sequence[Any]


class Beside:
    """The process. It is started when it is wanted, and again when it has ended; until it is ready, somebody else must write."""

    def __init__(self, command: Callable[[int], Sequence[str]], line: Line = Pipe) -> None:
        """`command`: what to run, told the number of the open file over which it is spoken to. `line` makes both ends of it: what
        is sent into one that nobody empties must raise OSError after some time, where one is not to wait for ever."""
        self._command, self._line_of = command, line
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._ready = False
        self._began: float | None = None

    @property
    def process(self) -> int | None:
        """Its number; None: there is none now."""
        return None if self._process is None else self._process.pid

    def is_ready(self) -> bool:
        """Whether it takes a batch now. Starts it where there is none; waits for nothing."""
        if self._ready and self._process is not None and self._process.poll() is None:
            return True
        if self._ready:
            self._lose("It ended with nothing in its hands")
        if self._line is None:
            if self._began is None or time.monotonic() - self._began >= AGAIN.total_seconds():
                self.start()
            return False
        try:
            if self._line.poll(0):
                self._ready = self._line.recv() == READY
                _log.info("Process %s writes decisions beside this one", self.process)
        except (EOFError, OSError):
            self._lose("It ended before it was ready")
        return self._ready

    def start(self) -> None:
        """Begin; it takes a second or two until it is ready. Never raises."""
        self._began = time.monotonic()
        here, there = self._line_of()
        try:
            self._process = subprocess.Popen(  # noqa: S603  a command of our own
                self._command(there.fileno()), pass_fds=(there.fileno(),), stdin=subprocess.DEVNULL
            )
        except OSError as error:
            here.close()
            _log.warning("No process can be started to write beside: %s", error)
        else:
            self._line = here
        finally:
            there.close()

    def hand_over(self, entries: Sequence[DecisionEntry]) -> None:
        """Have them written after those that were handed over before. Raises BesideLost: of all these nothing is known."""
        line = self._line
        if line is None:
            raise BesideLost("There is none")
        try:
            line.send([_packed(entry) for entry in entries])
        except OSError as error:
            raise BesideLost(self._lose(str(error))) from error

    def has_replied(self, within: timedelta) -> bool:
        """Whether there is word of a batch, for which so long is waited. Also where there will be none any more."""
        try:
            return self._line is None or self._line.poll(within.total_seconds())
        except OSError:
            return True

    def reply(self) -> Reply:
        """What became of the first batch that was not told of yet, once it is on disk. Raises BesideLost: nothing is known of all
        that were handed over."""
        line = self._line
        if line is None:
            raise BesideLost("It was lost before")
        try:
            if not line.poll(ANSWERS.total_seconds()):
                raise TimeoutError(f"it was silent for {ANSWERS.total_seconds():.0f} seconds")
            trouble, nanos, results = line.recv()
        except (EOFError, OSError) as error:
            raise BesideLost(self._lose(str(error) or "It ended")) from error
        return Reply(trouble, nanos, [Stored(one) if type(one) is int else one for one in results])

    def close(self) -> None:
        """End it: it has nothing in its hands."""
        process = self._process
        self._hang_up()
        if process is None:
            return
        try:
            process.wait(ENDS.total_seconds())
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _lose(self, why: str) -> str:
        process = self._process
        self._hang_up()
        if process is not None:
            # Before anybody else writes, it must not.
            process.kill()
            status = process.wait()
            why = f"{why} (process {process.pid}, status {status})"
        _log.warning("The process that writes beside was lost: %s", why)
        return why

    def _hang_up(self) -> None:
        line, self._line, self._process, self._ready = self._line, None, None, False
        if line is not None:
            line.close()


def write_for_another(line: int, write: Callable[[Sequence[DecisionEntry]], Reply]) -> None:
    """What the process does: write what it is handed over the open file `line`, until the other side ends."""
    # Whoever asks both processes to end, as a terminal and a supervisor do, means that what was accepted is stored first.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    os.set_inheritable(line, False)
    heard: SimpleQueue[list[tuple[Any, ...]] | None] = SimpleQueue()
    with Connection(line) as spoken:
        try:
            spoken.send(READY)
            # Always heard: two that both wait until what they say is taken would wait for ever.
            threading.Thread(target=_hear, args=(spoken, heard), name="lexgate-ledger-line", daemon=True).start()
            while (rows := heard.get()) is not None:
                reply = write([_unpacked(row) for row in rows])
                results = [one.seq if type(one) is Stored else one for one in reply.results]
                spoken.send((reply.trouble, reply.commit_nanos, results))
        except OSError:
            return  # nobody hears it any more: what came whole before is stored


def _hear(spoken: Connection, heard: SimpleQueue[list[tuple[Any, ...]] | None]) -> None:
    """Until the other side has ended, well or not: what came whole is written."""
    try:
        while True:
            heard.put(spoken.recv())
    except (EOFError, OSError):
        heard.put(None)


def _packed(entry: DecisionEntry) -> tuple[Any, ...]:
    """Plain values alone: they are told in a fifth of the time that objects take. What the answer says as objects is not among
    them: there is time to read it there."""
    counted = entry.counted
    return (
        entry.id, entry.at, entry.key_id, entry.reference, entry.payer_id, entry.outcome, entry.country, entry.release,
        entry.facts, entry.inputs, entry.answer,
        None if counted is None else (
            counted.payer_id, counted.instrument, counted.channel, counted.card, counted.occurred_at, counted.amount,
            counted.currency, counted.authenticated,
        ),
        entry.idempotency, tuple(map(tuple, entry.owed)),
    )  # fmt: skip


def _unpacked(row: tuple[Any, ...]) -> DecisionEntry:
    counted, once, owed = row[11:]
    payment = None if counted is None else CountedPayment(*counted)
    fields: tuple[Any, ...] = (*row[:11], payment, once, tuple(Owed(*one) for one in owed))
    return DecisionEntry(*fields)
