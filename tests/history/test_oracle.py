"""Features against an oracle written from the contract: late events, corrections, changing clocks, edges, several currencies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from engine.ledger import Ledger
from engine.ledger._past_values import total_of
from engine.ledger.past_tables import DERIVED
from tests.history.streams import FORMS, Life
from tests.ledger.conftest import Postgres

STREAMS = 2000
"""Together, over all the parts below."""
PARTS = 20
ON_POSTGRES = 40


@pytest.fixture(scope="module")
def kept() -> Iterator[Ledger]:
    """One ledger for many streams: each has people of its own, so that the others are noise to it."""
    memory = Path("/dev/shm")  # durability is proven elsewhere
    folder = TemporaryDirectory(dir=memory if memory.is_dir() else None)
    with folder as path, Ledger.open(f"sqlite:///{path}/ledger.db") as ledger:
        ledger.history.keep(FORMS)
        yield ledger


def live(ledger: Ledger, seed: int) -> None:
    """One stream, asked about as it goes."""
    rnd = Random(seed)
    life = Life(ledger, rnd, f"s{seed}")
    for _ in range(rnd.randint(6, 14)):
        life.step()
        if rnd.random() < 0.2:
            _same(life)
    _same(life)
    _same(life)


@pytest.mark.slow
def test_on_the_other_store_too(postgres: Postgres) -> None:
    with Ledger.open(postgres.empty("features")) as ledger:
        ledger.history.keep(FORMS)
        for seed in range(ON_POSTGRES):
            live(ledger, seed)


def test_what_was_told_before_a_form_was_kept_is_found_as_well(sqlite_url: str) -> None:
    """A new release asks for the past from its first day on, however much was told before."""
    with Ledger.open(sqlite_url) as ledger:
        for seed in range(40):
            life = Life(ledger, Random(seed), f"s{seed}")
            for _ in range(8):
                life.step()
            ledger.history.keep(FORMS[: 1 + seed % len(FORMS)])
            life.step()
            if seed >= len(FORMS):
                _same(life)


def test_what_was_kept_up_is_what_is_made_anew(sqlite_url: str) -> None:
    """Late events, corrections and failures leave behind what a clean start from the chain would."""
    with Ledger.open(sqlite_url) as ledger:
        ledger.history.keep(FORMS)
        for seed in range(60):
            life = Life(ledger, Random(seed), f"s{seed % 3}")
            for _ in range(12):
                life.step()
        assert ledger.verify().first_bad is None, "the audit works it out once more as well"
        before = _tables(sqlite_url)
        ledger.history.make_features_anew()
        after = _tables(sqlite_url)
    assert before == after
    assert all(before.values())


def _tables(url: str) -> dict[str, object]:
    """The rows of the past, totals by their values."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as hand:
        rows = {name: hand.execute(f"SELECT * FROM {name}").fetchall() for name in DERIVED}
    for name in ("past_entry", "past_day"):
        rows[name] = [(*row[:-1], total_of(row[-1])) for row in rows[name]]
    return rows


def _same(life: Life) -> None:
    for name, present, expected, found in life.ask():
        assert found == expected, (name, present, life.stream)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_ledger_answers_as_the_oracle_does(kept: Ledger, part: int) -> None:
    for seed in range(part * STREAMS // PARTS, (part + 1) * STREAMS // PARTS):
        live(kept, seed)
