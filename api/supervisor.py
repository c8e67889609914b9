"""Several workers on one port: started, replaced where one dies, replaced one by one on SIGHUP, stopped together.

Each has a socket of its own at the same address, among which the kernel deals out the callers: of workers that accept from one
socket the quicker would take most. The sockets are made here and inherited. That of a worker that died is closed at once, so that
nobody waits before it; a worker that is replaced in order leaves its socket, and who waits there, to the next one. What workers
know of one another stands in the ledger.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from api.commands.sockets import bound
from api.logs import logger
from api.serve_worker import READY, Post

WORKER: Final = (sys.executable, "-m", "api.serve_worker")
FAILED: Final = 3
"""Status where workers die faster than they start, and none is left: whoever started the service must look."""
_MORE_SECONDS: Final = 15
"""On top of what a worker may take to drain and finish; who has not ended by then is killed."""
_log = logger("lexgate.supervisor")


class Sockets:
    """What workers inherit: of each place, which begin with 1, a socket at the common address, and one at an address of its own
    where it has one. Raises OSError where the address is taken."""

    def __init__(self, host: str, port: int, number: int, own: Sequence[socket.socket] = ()) -> None:
        # Bound alone first: another service of the same user would otherwise share our callers, and nobody would be told.
        with bound(host, port) as alone:
            self.address: tuple[str, int] = alone.getsockname()[:2]
        self._common = [bound(*self.address, shared=True) for _ in range(number)]
        self._own = tuple(own)

    def of(self, place: int) -> tuple[int, ...]:
        """Those of the worker at a place."""
        own = (self._own[place - 1].fileno(),) if self._own else ()
        return (self._common[place - 1].fileno(), *own)

    def renew(self, place: int) -> None:
        """The worker that listened there is gone: who waits before its socket is told so, and nobody is sent there any more."""
        self._common[place - 1].close()
        self._common[place - 1] = bound(*self.address, shared=True)

    def close(self) -> None:
        """Nobody listens any more."""
        for one in (*self._common, *self._own):
            one.close()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited before a worker that died is started again: each time twice as long, in seconds."""

    first: float = 0.1
    longest: float = 30.0
    settled: float = 60.0
    """Who lived so long is not counted among those that die at once."""
    tries: int = 12
    """So often in a row a worker is started that dies at once, while no other is left: some three minutes."""

    def wait(self, failures: int) -> float:
        """After so many in a row."""
        return min(self.longest, self.first * 2.0 ** min(failures, 20))


@dataclass(slots=True)
class _Worker:
    process: asyncio.subprocess.Process
    told: asyncio.StreamReader
    line: asyncio.ReadTransport
    began: float = field(default_factory=time.monotonic)

    async def ready(self) -> bool:
        """Whether it answers now; False: it has ended instead."""
        said = await self.told.readline()
        self.line.close()
        return said == READY

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def ended(self) -> int:
        """Its status, once it has ended; nothing of it stays open."""
        status = await self.process.wait()
        self.line.close()
        if self.process.stdin is not None:
            self.process.stdin.close()
            with suppress(OSError):
                await self.process.stdin.wait_closed()
        return status


@dataclass(slots=True)
class _Slot:
    """A place for a worker. `turn` is held by whoever puts another one there."""

    place: int
    worker: _Worker | None = None
    failures: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Supervisor:
    """Keeps so many workers. `seconds`: how long one may take to end in order."""

    def __init__(
        self,
        sockets: Sockets,
        number: int,
        *,
        seconds: float,
        command: Sequence[str] = WORKER,
        patience: Patience | None = None,
    ) -> None:
        self._sockets, self._command, self._patience = sockets, tuple(command), patience or Patience()
        self._seconds = seconds + _MORE_SECONDS
        self._slots = [_Slot(place) for place in range(1, number + 1)]
        self._over = asyncio.Event()
        self._rolling = asyncio.Lock()
        self._status = 0

    async def run(self) -> int:
        """Until SIGTERM or SIGINT, or until the start has failed. Returns the status to end with: that of the worker that did
        not start, 3 where workers die faster than they start."""
        loop = asyncio.get_running_loop()
        tasks: set[asyncio.Task[None]] = set()
        for word in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(word, self._over.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: tasks.add(loop.create_task(self._replace_all())))
        try:
            if await self._begin():
                _log.info("workers_ready", workers=len(self._slots), processes=self.processes())
                tasks |= {loop.create_task(self._keep(slot)) for slot in self._slots}
                await self._over.wait()
        finally:
            self._over.set()
            await self._end_all()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._sockets.close()
        return self._status

    def processes(self) -> list[int]:
        """The numbers of the processes that are there now, by their places."""
        return [one.process.pid for slot in self._slots if (one := slot.worker) is not None and one.alive]

    # -- the start --

    async def _begin(self) -> bool:
        """The first worker alone, which makes the tables and the first key; then the others together."""
        first, *others = self._slots
        if not await self._first_start(first):
            return False
        return all(await asyncio.gather(*map(self._first_start, others)))

    async def _first_start(self, slot: _Slot) -> bool:
        if await self._start(slot):
            return True
        if not self._over.is_set() and slot.worker is not None:
            self._status = await slot.worker.ended() or FAILED
            _log.error("worker_not_started", worker=slot.place, status=self._status)
        return False

    async def _start(self, slot: _Slot) -> bool:
        """Put a worker in its place. Whether it answers."""
        slot.worker = await self._spawn(slot.place)
        return await self._answers(slot.worker)

    async def _spawn(self, place: int) -> _Worker:
        heard, told = os.pipe()
        sockets = self._sockets.of(place)
        try:
            # A session of its own: a signal from the terminal is for the supervisor, which ends workers in order.
            process = await asyncio.create_subprocess_exec(
                *self._command,
                *Post(place, told, sockets).arguments(),
                stdin=asyncio.subprocess.PIPE,
                pass_fds=(told, *sockets),
                start_new_session=True,
            )
        finally:
            os.close(told)
        reader = asyncio.StreamReader()
        line, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(heard, "rb", 0)
        )
        return _Worker(process, reader, line)

    async def _answers(self, worker: _Worker) -> bool:
        """Whether it answers before it ends, or everything does."""
        ready, over = asyncio.ensure_future(worker.ready()), asyncio.ensure_future(self._over.wait())
        await asyncio.wait((ready, over), return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not ready.done():
            ready.cancel()
            return False
        return ready.result()

    # -- one that dies --

    async def _keep(self, slot: _Slot) -> None:
        while not self._over.is_set():
            worker = slot.worker
            assert worker is not None, "all were started"
            status = await worker.ended()
            async with slot.turn:
                if slot.worker is worker and not self._over.is_set():
                    lived = time.monotonic() - worker.began
                    slot.failures = 0 if lived >= self._patience.settled else slot.failures + 1
                    _log.error("worker_died", worker=slot.place, status=status, seconds=round(lived, 1))
                    self._sockets.renew(slot.place)
                    await self._again(slot)

    async def _again(self, slot: _Slot) -> None:
        while not await self._ends_within(self._patience.wait(slot.failures)):
            if await self._start(slot):
                assert slot.worker is not None, "it was started"
                _log.info("worker_restarted", worker=slot.place, process=slot.worker.process.pid)
                return
            slot.failures += 1
            if self._over.is_set() or slot.worker is None:
                return
            await slot.worker.ended()
            self._sockets.renew(slot.place)
            _log.error("worker_not_restarted", worker=slot.place, tries=slot.failures)
            if slot.failures >= self._patience.tries and not self.processes():
                _log.error("workers_gone", tries=slot.failures)
                self._status = FAILED
                self._over.set()

    async def _ends_within(self, seconds: float) -> bool:
        """Whether all is over before so many seconds are."""
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            return False
        return True

    # -- replacing and ending --

    async def _replace_all(self) -> None:
        """Each worker by a new one, which answers before the old one stops accepting. Ends at the first that does not start."""
        async with self._rolling:
            for slot in self._slots:
                async with slot.turn:
                    if self._over.is_set():
                        return
                    before, new = slot.worker, await self._spawn(slot.place)
                    if not await self._answers(new):
                        await self._end(new, signal.SIGTERM)
                        _log.error("worker_not_replaced", worker=slot.place)
                        return
                    slot.worker, slot.failures = new, 0
                    _log.info("worker_replaced", worker=slot.place, process=new.process.pid)
                    if before is not None:
                        await self._end(before, signal.SIGINT)

    async def _end_all(self) -> None:
        await asyncio.gather(*(
            self._end(slot.worker, signal.SIGTERM) for slot in self._slots if slot.worker is not None
        ))  # fmt: skip

    async def _end(self, worker: _Worker, word: signal.Signals) -> None:
        """In order, or by force where it takes too long."""
        if worker.alive:
            try:
                worker.process.send_signal(word)
                await asyncio.wait_for(worker.process.wait(), self._seconds)
            except ProcessLookupError:
                pass
            except TimeoutError:
                _log.error("worker_killed", process=worker.process.pid, seconds=self._seconds)
                worker.process.kill()
        await worker.ended()


__all__ = ["FAILED", "Patience", "Sockets", "Supervisor"]
