"""Ledgers as in the tests of the ledger: a file of its own for each test, and one embedded PostgreSQL; in the clear, and with
personal data under keys."""

from collections.abc import Iterator

import pytest

from engine.ledger import Ledger
from engine.wrapping import Ring
from tests.ledger.conftest import _shared, postgres, postgres_url, ring, sqlite_url, url

__all__ = ["_shared", "postgres", "postgres_url", "ring", "sqlite_url", "url"]


@pytest.fixture(params=["clear", "kept"])
def ledger(url: str, ring: Ring, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """An empty ledger, on each store in turn: without a master key, and with one."""
    with Ledger.open(url) as opened:
        if request.param == "kept":
            opened.subjects.protect(lambda: ring)
        yield opened
