"""Documents read in processes apart, each with so much time and memory: a hostile one stops itself and nothing else.

A process is a fresh interpreter that is kept for the next document, and replaced where it died, dawdled, or has read many.
"""

from __future__ import annotations

import asyncio
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Final

import orjson

from ingest.feeds.caged import read_of, told_adapter
from ingest.feeds.reading import Adapter, Read
from ingest.fetch.faults import Fault

SECONDS: Final = 20.0
"""For one document of the longest that is fetched (10 MB); one of a regulator takes some tens of milliseconds."""
MOST_MEMORY: Final = 1 << 30
"""Bytes of address space, the interpreter with it. A feed of 10 MB with 10,000 items needs a quarter."""
START_SECONDS: Final = 60.0
"""To start an interpreter on a busy machine."""
LARGEST_ANSWER: Final = 256 << 20
WORN_AFTER: Final = 2_000
"""Documents after which a process is replaced though nothing is wrong: what it may have lost of memory is given back."""
_GRACE: Final = 2.0
"""Seconds after which a process that nobody ended ends itself."""
_ROOT: Final = str(Path(__file__).resolve().parents[2])


class ReadingFailed(RuntimeError):
    """The process died, dawdled or answered what is no answer. `fault`: which word it is told by."""

    def __init__(self, fault: Fault, why: str) -> None:
        self.fault = fault
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Page:
    """A document to read."""

    body: bytes
    url: str
    content_type: str = ""
    adapter: Adapter | None = None
    language: str | None = None
    """Of the source, by which a wrong encoding is mended."""


class _Worker:
    """The parent's end of one process. One thread at a time."""

    def __init__(self, seconds: float, most_memory: int) -> None:
        self._seconds, self._most_memory = seconds, most_memory
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._read = 0

    def read(self, page: Page) -> Read:
        """Raises Unreadable and ReadingFailed; after the latter the process is gone, and the next document starts another."""
        if self._read >= WORN_AFTER:
            self.close()
        asked = {
            "url": page.url, "content_type": page.content_type, "adapter": told_adapter(page.adapter),
            "language": page.language, "seconds": self._seconds + _GRACE,
        }  # fmt: skip
        try:
            pipe = self._started()
            pipe.send_bytes(orjson.dumps(asked))
            pipe.send_bytes(page.body)
            answer = orjson.loads(self._heard(pipe, self._seconds))
            if "crashed" in answer:
                raise ReadingFailed(Fault.READING_CRASHED, f"reading it broke: {answer['crashed']}"[:200])
            self._read += 1
            return read_of(answer)
        except (OSError, EOFError) as error:
            why = f"the process that read it died: {self._ended() or type(error).__name__}"
            self.close()
            raise ReadingFailed(Fault.READING_CRASHED, why) from None
        except (KeyError, TypeError, orjson.JSONDecodeError) as error:
            self.close()
            raise ReadingFailed(Fault.READING_CRASHED, f"no answer came: {type(error).__name__}") from None
        except ReadingFailed:
            self.close()
            raise

    def _started(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.poll() is None:
            return self._pipe
        self.close()
        ours, theirs = Pipe()
        # A fresh interpreter with nothing of this process: no memory, no files, no variables that hold secrets.
        command = [
            sys.executable, "-P", "-s", "-m", "ingest.feeds.caged", str(theirs.fileno()), str(self._most_memory),
        ]  # fmt: skip
        self._process = subprocess.Popen(  # noqa: S603  our own module
            command, pass_fds=(theirs.fileno(),), env={"PYTHONPATH": _ROOT}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self._pipe, self._read = ours, 0
        self._heard(ours, START_SECONDS)
        return ours

    @staticmethod
    def _heard(pipe: Connection, seconds: float) -> bytes:
        if not pipe.poll(seconds):
            raise ReadingFailed(Fault.READING_TOO_SLOW, f"not read in {seconds:g} s")
        return pipe.recv_bytes(LARGEST_ANSWER)

    def _ended(self) -> str:
        """How the process ended, in words; empty where it has not."""
        try:
            code = self._process.wait(1) if self._process is not None else None
        except subprocess.TimeoutExpired:
            return ""
        if code is None:
            return ""
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process, self._pipe, self._read = None, None, 0

    def kill(self) -> None:
        """End the process from another thread; the one that waits for it closes."""
        if self._process is not None:
            self._process.kill()

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return None if self._process is None else self._process.pid


class Apart:
    """Some processes that read. May be shared between threads and event loops; no process is started before it is needed."""

    def __init__(self, *, seconds: float = SECONDS, most_memory: int = MOST_MEMORY, number: int | None = None) -> None:
        number = number or min(2, os.cpu_count() or 1)
        self._all = [_Worker(seconds, most_memory) for _ in range(number)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for one in self._all:
            self._idle.put(one)
        self._threads = ThreadPoolExecutor(number, "reading")

    def read(self, page: Page) -> Read:
        """The items of a document, as `ingest.feeds.read` finds them. Waits for a process that is idle.

        Raises Unreadable for a document in which nothing can be read, and ReadingFailed where reading it stopped the process.
        """
        with self._one() as worker:
            return worker.read(page)

    async def reading(self, page: Page) -> Read:
        """The same, beside an event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.read, page)

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the processes that there are."""
        return tuple(one.pid for one in self._all if one.pid is not None)

    def close(self) -> None:
        """End every process, whatever it is reading."""
        for one in self._all:
            one.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for one in self._all:
            one.close()

    @contextmanager
    def _one(self) -> Iterator[_Worker]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)
