"""One caged process: started when it is needed, asked with a deadline, and ended when it fails."""

from __future__ import annotations

import subprocess
import sys
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, Final

import orjson

CAGED: Final = Path(__file__).with_name("caged.py")
START_SECONDS: Final = 30
"""To start an interpreter and read the rules, on a busy machine."""
LARGEST_ANSWER: Final = 16_777_216
WORN_AFTER: Final = 100_000
"""Windows after which a process is replaced though nothing is wrong: what it may have lost of memory is given back."""


class WorkerFailed(RuntimeError):
    """The caged process died, dawdled, or answered what is no answer. The message says which."""


class Worker:
    """The parent's end. Not to be shared between threads."""

    def __init__(self, rules: dict[str, Any]):
        self._rules = orjson.dumps(rules)
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._asked, self.worn_after = 0, WORN_AFTER

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._process.pid if self._process is not None else None

    def ask(self, facts: list[dict[str, Any]], seconds: float) -> list[list[str]]:
        """The matches of one window. Raises WorkerFailed; the process is gone then, and the next question starts another."""
        if self._asked >= self.worn_after:
            self.close()
        try:
            pipe = self._started()
            pipe.send_bytes(orjson.dumps(facts))
            found = orjson.loads(self._answer(pipe, seconds))
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise WorkerFailed(f"the process of sequences died: {type(error).__name__}") from error
        except WorkerFailed:
            self.close()
            raise
        self._asked += 1
        return _checked(found)

    def _started(self) -> Connection:
        if self._pipe is not None:
            return self._pipe
        ours, theirs = Pipe()
        # A fresh interpreter, isolated, with nothing of this process: no memory, no files, no variables that hold secrets.
        command = [sys.executable, "-I", str(CAGED), str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=(theirs.fileno(),), env={}, stdin=subprocess.DEVNULL)  # noqa: S603  our own module
        theirs.close()
        self._pipe, self._asked = ours, 0
        ours.send_bytes(self._rules)
        self._answer(ours, START_SECONDS)
        return ours

    @staticmethod
    def _answer(pipe: Connection, seconds: float) -> bytes:
        if not pipe.poll(seconds):
            raise WorkerFailed(f"the process of sequences did not answer within {seconds} s")
        return pipe.recv_bytes(LARGEST_ANSWER)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process, self._pipe, self._asked = None, None, 0


def _checked(found: Any) -> list[list[str]]:
    if isinstance(found, list) and all(isinstance(ids, list) for ids in found):
        return found
    raise WorkerFailed("the process of sequences gave an answer of another form")
