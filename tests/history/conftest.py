"""The stores of the ledger's own tests."""

from tests.ledger.conftest import postgres, sqlite_url

__all__ = ["postgres", "sqlite_url"]
