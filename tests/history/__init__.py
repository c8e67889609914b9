"""Features of the past: the contract, said once more and slowly, and streams of payments to hold the ledger against it."""
