"""What runs inside the cage: the one module that knows durable_rules. It is run as a program of its own and imported by nobody.

Every window comes as facts under one session, asserted in the order of time and retracted in reverse; nothing is ever posted,
timed or deleted, which is where the engine loses its memory. It is never asked to go on after a fault: the process ends, and its
parent starts another.
"""

from __future__ import annotations

import json
import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from durable.engine import Host, MessageNotHandledException

NAME: Final = "scenarios"
MOST_MEMORY: Final = 1 << 30


class Faulty(RuntimeError):
    """The engine said of itself that something went wrong."""


class _Quiet(Host):  # type: ignore[misc]
    """A host without the threads that poll its timers and queues."""

    def _run(self) -> None:
        """Nothing."""


class Engine:
    """All rules of a release, and the firings of the window that is being looked at."""

    def __init__(self, rules: dict[str, dict[str, Any]]):
        self._fired: list[dict[str, Any]] = []
        self._host = _Quiet()
        self._host.register_rulesets({NAME: {name: {**rule, "run": self._fire} for name, rule in rules.items()}})

    def _fire(self, c: Any) -> None:
        self._fired.append(c._m)

    def look(self, facts: list[dict[str, Any]]) -> list[list[str]]:
        """The ids of the facts of each match, in the order of time. Raises Faulty."""
        self._fired = []
        asserted = [fact for fact in facts if self._told(self._host.assert_fact, fact)]
        found = sorted({tuple(sorted(_ids(fired))) for fired in self._fired})
        for fact in reversed(asserted):
            # What fires now fires because something is missing that was there.
            self._told(self._host.retract_fact, fact)
        self._fired = []
        return [list(ids) for ids in found]

    def _told(self, tell: Any, fact: dict[str, Any]) -> bool:
        """Whether a fact means anything to some rule."""
        try:
            state = tell(NAME, dict(fact))
        except MessageNotHandledException:
            return False
        if state and "exception" in state:
            raise Faulty(str(state["exception"]))
        return True


def _ids(fired: Any) -> list[str]:
    if not isinstance(fired, dict):
        raise Faulty(f"a match of another form: {type(fired).__name__}")
    return [str(fact["id"]) for fact in (fired.values() if "id" not in fired else [fired])]


def serve(pipe: Connection) -> None:
    """Read the rules, then answer windows until the pipe is closed. Both ways goes JSON, so that nothing in here can make the
    parent run anything."""
    engine = Engine(json.loads(pipe.recv_bytes()))
    pipe.send_bytes(b'"ready"')
    while True:
        try:
            asked = json.loads(pipe.recv_bytes())
        except EOFError:
            return
        pipe.send_bytes(json.dumps(engine.look(asked)).encode())


def confine() -> None:
    """No more memory than any window needs, and no dump of it where the engine crashes."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught, by its type and its line: its message may quote what was asked."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    line = "" if trace is None else f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    sys.stderr.write(f"the engine of sequences ends: {kind.__name__}{line}\n")


if __name__ == "__main__":
    sys.excepthook = uncaught
    confine()
    serve(Connection(int(sys.argv[1])))
