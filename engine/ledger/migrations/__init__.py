"""The history of the tables. `Ledger.open` walks it forward; nothing walks it back."""
