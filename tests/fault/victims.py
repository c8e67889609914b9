"""Processes that are there to be killed, and the one that makes them: it has loaded everything, so that each lives at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def maker_of(children: str, url: str) -> Iterator[subprocess.Popen[str]]:
    """The process that makes the victims of a script of `children/`. Whatever happens, none of them outlives the test."""
    script = ROOT / "tests/fault/children" / children
    with subprocess.Popen(
        [sys.executable, str(script), url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as maker:
        try:
            yield maker
        finally:
            os.killpg(maker.pid, signal.SIGKILL)


def next_victim(maker: subprocess.Popen[str]) -> int:
    """The number of a process that has just begun."""
    assert maker.stdin is not None
    assert maker.stdout is not None
    maker.stdin.write("next\n")
    maker.stdin.flush()
    return int(maker.stdout.readline())
