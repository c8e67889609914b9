"""The ledger, on both stores it knows."""
