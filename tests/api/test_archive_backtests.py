"""Back-tests over an archive: byte for byte what they were before the decisions lay there, whoever counts, and of each decision
once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api import backtest_sources
from api.backtest_sources import ARCHIVE, LEDGER, Wanted, decided
from api.backtesting import Order, World, run_backtest
from api.spark.pieces import read_piece, written
from engine.ledger import Ledger
from engine.ledger.archive.manifest import ArchiveRefused
from tests.api.old_payments import fill
from tests.backtest.past import halved, law, rates
from tests.empty import empty_ledger
from tests.ledger.archiving import archived

EVER = Wanted()
SPANS = [
    EVER, Wanted(date(2021, 1, 2), date(2021, 3, 1)), Wanted(date(2021, 2, 2), date(2021, 2, 2)), Wanted(limit=5),
    Wanted(date(2023, 4, 1), None), Wanted(date(2021, 3, 1), None, 4),
]  # fmt: skip


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger with these payments. Chunks are of three."""
    monkeypatch.setattr(backtest_sources, "STORED_CHUNK", 3)
    address = empty_ledger(tmp_path / "ledger.db")
    fill(address)
    return address


def order(source: str, wanted: Wanted) -> Order:
    return Order(source, ("sca",), wanted)


def test_a_back_test_over_the_archive_is_the_one_over_the_ledger_before(url: str, tmp_path: Path) -> None:
    with Ledger.open(url) as ledger:
        before = [backtest(LEDGER, wanted, ledger) for wanted in SPANS]
        archived(url, tmp_path / "archive")
        after = [backtest(f"{ARCHIVE}{tmp_path / 'archive'}", wanted, ledger) for wanted in SPANS]
    assert after == before
    assert [one["payments"]["evaluated"] for one in before] == [16, 8, 4, 5, 4, 4]
    assert all(one["verdicts"]["sca"] for one in before), "something differs in each of them"
    assert before[0]["payments"]["one_by_one"] == 16


def test_a_span_within_the_archive_asks_the_ledger_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived(url, tmp_path / "archive")
    asked: list[int] = []
    with Ledger.open(url) as ledger:
        real = ledger.stretch
        monkeypatch.setattr(ledger, "stretch", lambda *a, **k: asked.append(len(found := real(*a, **k))) or found)
        body = backtest(f"{ARCHIVE}{tmp_path / 'archive'}", Wanted(date(2021, 2, 1), date(2021, 2, 28)), ledger)
    assert (body["payments"]["evaluated"], sum(asked)) == (4, 0)


def test_a_cluster_is_given_the_same_pieces(url: str, tmp_path: Path) -> None:
    """Its workers see no ledger and no archive: what one process writes for them is what they count."""
    with Ledger.open(url) as ledger:
        archived(url, tmp_path / "archive")
        newest = ledger.newest_decision()
        assert newest is not None
        both = decided(f"{ARCHIVE}{tmp_path / 'archive'}", ledger)
        assert both is not None
        for number, wanted in enumerate(SPANS):
            told = []
            for name, source in (("ledger", ledger), ("archive", both)):
                folder = tmp_path / f"{name}-{number}"
                pieces = list(written(source, newest[0], wanted, folder, ()))
                told.append([read_piece(folder, piece) for piece in pieces if not isinstance(piece, int)])
            assert told[0] == told[1]
            assert told[0]


def test_no_archive_is_no_source(url: str, tmp_path: Path) -> None:
    with Ledger.open(url) as ledger, pytest.raises(ArchiveRefused, match="no month of an archive"):
        backtest(f"{ARCHIVE}{tmp_path}", EVER, ledger)


def backtest(source: str, wanted: Wanted, ledger: Ledger) -> dict[str, Any]:
    world = World(law(), rates(), "sha256:00", decided(source, ledger))
    return run_backtest(order(source, wanted), halved(), world)
