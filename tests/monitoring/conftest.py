"""Ledgers as in the tests of the ledger: a file of its own for each test, and one embedded PostgreSQL."""

from tests.ledger.conftest import _shared, ledger, postgres, postgres_url, sqlite_url, url

__all__ = ["_shared", "ledger", "postgres", "postgres_url", "sqlite_url", "url"]
