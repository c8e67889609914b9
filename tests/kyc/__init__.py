"""The law on knowing customers, as callers meet it."""
