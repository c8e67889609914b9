"""The supervisor, over processes that do nothing: what is started when, and what is said of it at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from api.commands.sockets import bound
from api.serve_worker import Post
from api.supervisor import FAILED, Patience, Sockets, Supervisor

QUICK = Patience(first=0.01, longest=0.02, settled=60, tries=4)
_SAY_READY = "import os, sys, time; told = int(sys.argv[2]); os.write(told, b'ready\\n'); os.close(told)"
_SLEEP = "time.sleep(600)"


def script(*lines: str) -> list[str]:
    """A worker of a few lines."""
    return [sys.executable, "-c", "\n".join(lines)]


def supervised(command: list[str], number: int = 2, *, seconds: float = 5) -> Supervisor:
    """A supervisor of such workers."""
    return Supervisor(Sockets("127.0.0.1", 0, number), number, seconds=seconds, command=command, patience=QUICK)


async def reached(said: Callable[[], bool]) -> None:
    """What must come about: a process is started or ended."""
    async with asyncio.timeout(60):
        while not said():
            await asyncio.sleep(0.01)


def run(supervisor: Supervisor, *steps: Callable[[], bool] | signal.Signals) -> int:
    """Run it: wait for each condition, send each signal. Returns its status."""

    async def all_of_it() -> int:
        task = asyncio.create_task(supervisor.run())
        for step in steps:
            if isinstance(step, signal.Signals):
                os.kill(os.getpid(), step)
            else:
                await reached(step)
        return await asyncio.wait_for(task, 60)

    return asyncio.run(all_of_it())


def test_workers_are_started_and_stopped_together() -> None:
    supervisor = supervised(script(_SAY_READY, _SLEEP), 3)
    seen: list[list[int]] = []

    def all_there() -> bool:
        seen.append(supervisor.processes())
        return len(seen[-1]) == 3

    assert run(supervisor, all_there, signal.SIGTERM) == 0
    assert supervisor.processes() == []
    for process in seen[-1]:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_start_that_fails_ends_everything_with_its_status(tmp_path: Path) -> None:
    """The second worker is not even begun: it would only fail as well."""
    begun = tmp_path / "begun"
    command = script(f"open({str(begun)!r}, 'a').write('x')", "raise SystemExit(2)")
    assert run(supervised(command)) == 2
    assert begun.read_text() == "x"


def test_one_that_dies_is_replaced() -> None:
    supervisor = supervised(script(_SAY_READY, _SLEEP))
    first: list[int] = []

    def kill_one() -> bool:
        if len(supervisor.processes()) < 2:
            return False
        first.extend(supervisor.processes())
        os.kill(first[0], signal.SIGKILL)
        return True

    def replaced() -> bool:
        now = supervisor.processes()
        return len(now) == 2 and first[0] not in now and first[1] in now

    assert run(supervisor, kill_one, replaced, signal.SIGTERM) == 0


def test_workers_that_die_at_once_are_given_up(tmp_path: Path) -> None:
    """The first start is good; then each dies as it begins, until nobody is left and the supervisor ends."""
    command = script(
        "import os, sys, time",
        f"mark = {str(tmp_path)!r} + '/' + sys.argv[1]",
        "again = os.path.exists(mark)",
        "open(mark, 'w').close()",
        "if again: raise SystemExit(1)",
        _SAY_READY,
        "time.sleep(0.2)",
    )
    assert run(supervised(command, 2)) == FAILED


def test_each_is_replaced_on_a_hangup() -> None:
    supervisor = supervised(script(_SAY_READY, _SLEEP))
    first: list[int] = []

    def all_there() -> bool:
        first[:] = supervisor.processes()
        return len(first) == 2

    def all_new() -> bool:
        now = supervisor.processes()
        return len(now) == 2 and set(now).isdisjoint(first)

    assert run(supervisor, all_there, signal.SIGHUP, all_new, signal.SIGTERM) == 0


def test_one_that_does_not_end_is_killed() -> None:
    stubborn = script("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)", _SAY_READY, _SLEEP)
    supervisor = supervised(stubborn, 1)
    supervisor._seconds = 0.05
    assert run(supervisor, lambda: len(supervisor.processes()) == 1, signal.SIGTERM) == 0
    assert supervisor.processes() == []


def test_waits_grow_and_end() -> None:
    patience = Patience(first=0.1, longest=30)
    waits = [patience.wait(failures) for failures in range(14)]
    assert waits[:4] == [0.1, 0.2, 0.4, 0.8]
    assert (waits[-1], sorted(waits)) == (30, waits)


def test_an_address_that_is_taken_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        Sockets("127.0.0.1", taken.getsockname()[1], 2)
    with closing(Sockets("127.0.0.1", 0, 2)) as mine, socket.socket(fileno=os.dup(mine.of(1)[0])) as listening:
        listening.listen()
        with pytest.raises(OSError, match="in use"):
            Sockets(*mine.address, 2)


def test_a_place_is_listened_to_again() -> None:
    """Whoever waited before a worker that died is told, and the next one finds the others."""
    with closing(Sockets("127.0.0.1", 0, 1)) as sockets:
        with socket.socket(fileno=os.dup(sockets.of(1)[0])) as before:
            before.listen()
        sockets.renew(1)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(sockets.address, timeout=5)
        with socket.socket(fileno=os.dup(sockets.of(1)[0])) as after:
            after.listen()
            socket.create_connection(sockets.address, timeout=5).close()


def test_a_worker_knows_its_own_socket() -> None:
    own = [bound("127.0.0.1", 0) for _ in range(2)]
    with closing(Sockets("127.0.0.1", 0, 2, own)) as sockets:
        assert sockets.of(2)[1] == own[1].fileno()
        post = Post(2, 7, sockets.of(2))
        assert Post.read(post.arguments()) == post
