"""kill -9 at any moment loses no acknowledged decision and breaks no chain."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.ledger import Ledger, verify

ROOT = Path(__file__).parents[2]
KILLS, ACKNOWLEDGED = 20, 2_000


@pytest.mark.slow
def test_what_was_acknowledged_survives_twenty_deaths(tmp_path: Path) -> None:
    url, log = f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "acknowledged"
    Ledger.open(url).close()
    log.touch()
    dice = random.Random()
    with _maker(url, log) as maker:
        kills, end = 0, time.monotonic() + 50
        while kills < KILLS or (_lines(log) < ACKNOWLEDGED and time.monotonic() < end):
            _kill_one(maker, log, dice)
            kills += 1
            assert verify(url).ok, "as the dead left it"
    _everything_is_there(url, log.read_text().splitlines())


@contextmanager
def _maker(url: str, log: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that makes the victims. Whatever happens, none of them outlives the test."""
    script = ROOT / "tests/fault/children/ledger_victims.py"
    with subprocess.Popen(
        [sys.executable, str(script), url, str(log)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as maker:
        try:
            yield maker
        finally:
            os.killpg(maker.pid, signal.SIGKILL)


def _kill_one(maker: subprocess.Popen[str], log: Path, dice: random.Random) -> None:
    """Let one live until it has written something, and a random moment more."""
    assert maker.stdin is not None
    assert maker.stdout is not None
    before = log.stat().st_size
    maker.stdin.write("next\n")
    maker.stdin.flush()
    victim = int(maker.stdout.readline())
    end = time.monotonic() + 20
    while log.stat().st_size == before and time.monotonic() < end:
        time.sleep(0.002)
    time.sleep(dice.uniform(0, 0.25))
    os.kill(victim, signal.SIGKILL)
    assert log.stat().st_size > before, "the victim never wrote"


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n")


def _everything_is_there(url: str, acknowledged: list[str]) -> None:
    assert len(acknowledged) >= ACKNOWLEDGED
    decisions = {line for line in acknowledged if " " not in line}
    events = {line.partition(" ")[0] for line in acknowledged if " " in line}
    with Ledger.open(url) as ledger:
        assert [one for one in decisions if ledger.decision(one) is None] == []
        assert [one for one in events if len(ledger.history.events(one)) != 1] == []
        report = ledger.verify()
    assert report.ok
    assert report.rows >= len(acknowledged)
