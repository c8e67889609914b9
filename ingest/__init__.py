"""What regulators say: fetched, read, tied to the law it would change, and handed to people. Never law by itself."""
