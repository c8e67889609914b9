"""Documents as regulators serve them, for tests from end to end, with what each of their items must become."""
