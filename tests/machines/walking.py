"""How state machines are walked here, and the service that they walk through, which can be ended and opened again.

LEXGATE_TEST_DEEP=20 walks twenty times as often. CI derandomises: the same walks each time (tests/conftest.py).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from api.app import create_app
from api.bundled import rates_file
from api.fx import read_rates
from api.master_key import MasterKey
from api.service import Service
from api.settings import Settings
from engine.ledger import Ledger, Scope
from engine.money import RateTable
from tests import shipped
from tests.api.client import SECRET, Client
from tests.empty import empty_ledger
from tests.ledger.tampering import by_hand

DEEP = int(os.environ.get("LEXGATE_TEST_DEEP", "1"))
BEGIN = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)


def walk(machine: type[RuleBasedStateMachine], walks: int, steps: int) -> None:
    """Walk through a machine so many times. A walk that fails is shown as it was: to make it shorter takes minutes."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=walks * DEEP,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@cache
def _rates() -> RateTable:
    return RateTable(read_rates(rates_file()))


class House:
    """A ledger of its own with a clock that is set by hand, a service on it, and a caller with every scope."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lexgate-"))
        self.url = empty_ledger(self.folder / "ledger.db")
        self.now = BEGIN
        self.open()
        self.service.ledger.remember_release(self.service.packs.release, self.now)
        self.service.ledger.keys.create(Scope, "test", SECRET)

    def open(self) -> None:
        """A process begins."""
        settings, ledger = Settings(database=self.url), Ledger.open(self.url, clock=self.clock)
        MasterKey(settings).protect(ledger)
        self.service = Service.around(settings, shipped.law(), _rates(), ledger)
        self.service.clock = self.clock
        self.client = Client(create_app(self.service))

    def another(self) -> tuple[Client, Service]:
        """A second process on the same ledger, as far as one process can be two: nothing but the ledger is shared."""
        twin = Service.around(self.service.settings, self.service.packs, _rates(), self.service.ledger)
        twin.clock = self.clock
        return Client(create_app(twin)), twin

    def clock(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    def end(self) -> None:
        """The process ends, well or not: what is on disk is all that stays."""
        self.client.close()
        self.service.close()

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        with by_hand(self.url, guarded=True) as hand:
            found: int = hand.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found

    def leave(self) -> None:
        """What must hold of every walk, at its end."""
        try:
            assert self.service.ledger.verify().ok
        finally:
            self.end()
            shutil.rmtree(self.folder)
