"""The merchant of the documentation's examples: in an empty ledger on one laptop, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.service import SAMPLE_MERCHANT, keep_samples
from api.settings import Settings
from engine.ledger import Ledger
from tests.empty import empty_ledger

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return empty_ledger(tmp_path / "lexgate.db")


@pytest.mark.parametrize(("chosen", "kept"), [(None, True), (True, True), (False, False)])
def test_an_empty_ledger_holds_the_sample_merchant_unless_told_otherwise(
    address: str, chosen: bool | None, kept: bool
) -> None:
    with Ledger.open(address) as ledger:
        keep_samples(ledger, Settings(database=address, samples=chosen), NOW)
        assert (ledger.merchants.one(SAMPLE_MERCHANT) is not None) is kept


def test_a_server_database_gets_none_by_itself(address: str) -> None:
    with Ledger.open(address) as ledger:
        keep_samples(ledger, Settings(database="postgresql+psycopg://lexgate@host/lexgate"), NOW)
        assert ledger.merchants.one(SAMPLE_MERCHANT) is None


def test_a_ledger_with_merchants_of_its_own_stays_as_it_is(address: str) -> None:
    with Ledger.open(address) as ledger:
        ledger.merchants.put("m-9", b'{"country":"FR"}', NOW, "key_1")
        keep_samples(ledger, Settings(database=address), NOW)
        assert [stored.merchant for stored in ledger.merchants.page(limit=9, after=None).data] == ["m-9"]


def test_the_next_start_makes_no_second_version(address: str) -> None:
    for _ in range(2):
        with Ledger.open(address) as ledger:
            keep_samples(ledger, Settings(database=address), NOW)
            stored = ledger.merchants.one(SAMPLE_MERCHANT)
            assert stored is not None
            assert stored.version == 1
