"""What is true: the pure engine. No input, no output, no clock and no framework (except `engine.ledger`)."""
