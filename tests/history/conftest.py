"""The stores of the ledger's own tests."""

from tests.ledger.conftest import _empty_file, postgres, sqlite_url

__all__ = ["_empty_file", "postgres", "sqlite_url"]
