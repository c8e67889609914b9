"""kill -9 at any moment of the monitor: every pattern is told once, in one case, and the chain is whole."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from api.monitoring import Monitor
from api.service import utc_now
from engine.ledger import AlertsWanted, CasesWanted, Ledger, verify
from tests.fault.victims import maker_of, next_victim
from tests.monitoring.watching import paid, payment, thrice

PAYERS, KILLS = 25, 12


@pytest.mark.slow
def test_twelve_deaths_lose_and_double_nothing(tmp_path: Path) -> None:
    url, dice = f"sqlite:///{tmp_path / 'ledger.db'}", random.Random()
    with Ledger.open(url) as ledger:
        for number in range(3 * PAYERS):
            paid(ledger, payment(f"c-{number % PAYERS}", payee={"id": f"p-{number}"}))
    with maker_of("monitor_victims.py", url) as maker:
        for _ in range(KILLS):
            _kill_one(maker, url, dice)
            assert verify(url).ok, "as the dead left it"
    with Ledger.open(url) as ledger:
        time.sleep(0.05)
        Monitor(ledger, utc_now, "sha256:" + "ab" * 32, thrice).run_once()
        alerts = ledger.alerts.page(AlertsWanted(), limit=200, after=None).data
        cases = ledger.cases.page(CasesWanted(), limit=200, after=None).data
    wanted = sorted(f"c-{number}" for number in range(PAYERS))
    assert sorted(one.alert.subject for one in alerts) == sorted(one.subject for one in cases) == wanted
    assert {one.told for one in alerts} == {one.number for one in cases} == {1}


def _kill_one(maker: subprocess.Popen[str], url: str, dice: random.Random) -> None:
    """Let one live until it has gone a step further, if there is any, and a random moment more."""
    before, victim = _come(url), next_victim(maker)
    end = time.monotonic() + 2
    while _come(url) == before and time.monotonic() < end:
        time.sleep(0.002)
    time.sleep(dice.uniform(0, 0.1))
    os.kill(victim, signal.SIGKILL)


def _come(url: str) -> list[tuple[str, int]]:
    """How far the consumers have come."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as hand:
        return hand.execute("SELECT name, through FROM monitor ORDER BY name").fetchall()
