"""What can go wrong in the ledger.

LedgerError
├── LedgerBusy              the queue is full: try again shortly                     (503)
├── LedgerUnavailable       the store cannot be written or read now: try again       (503)
│   ├── LedgerClosed        this ledger was closed
│   └── LedgerLocked        personal data lie under a master key that is not here     (503)
├── LedgerUnusable          the store cannot be opened as a ledger: an operator must act
│   ├── BadLedgerUrl        the address does not name a store we can use
│   ├── SchemaMismatch      the store belongs to another version of the software
│   └── LedgerCorrupt       the end of the chain is not where its head says
├── EntryRefused            this one entry cannot be stored, whatever the store's health
│   └── UnknownDecision     an event names a decision that is not in the ledger      (404)
├── ArchiveRefused          an archive cannot be written, read or trusted, or a month not taken out
├── BodyErased              whom a record was about was erased                        (410)
├── LeaseLost               another worker has gone on with what this one held: it left nothing
└── KeyRevoked              a revoked API key is never made valid again
"""

from __future__ import annotations

from typing import Self


class LedgerError(Exception):
    """The root of everything the ledger raises. `code` is stable; the message is for people."""

    code = "ledger_error"


class LedgerBusy(LedgerError):
    """More decisions wait to be written than the queue may hold."""

    code = "ledger_busy"

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(f"{waiting} entries already wait to be written: no more are taken until some are stored")

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), (self.waiting,)


class LedgerUnavailable(LedgerError):
    """The store failed under us. Nothing was acknowledged, and the writer goes on trying to reopen it."""

    code = "ledger_unavailable"


class LedgerClosed(LedgerUnavailable):
    """The ledger was closed: it finishes what it had accepted and takes nothing new."""

    code = "ledger_closed"


class LedgerLocked(LedgerUnavailable):
    """What is asked for, or would be stored, lies under a master key that is not here."""

    code = "ledger_locked"


class LedgerUnusable(LedgerError):
    """The store cannot be opened as a ledger."""

    code = "ledger_unusable"


class BadLedgerUrl(LedgerUnusable):
    """The address of the ledger is not one of the two forms that are understood."""

    code = "bad_ledger_url"


class SchemaMismatch(LedgerUnusable):
    """The tables are of another version of the software."""

    code = "schema_mismatch"


class LedgerCorrupt(LedgerUnusable):
    """The stored head of the chain and its last row disagree: writing on would fork or overwrite the record."""

    code = "ledger_corrupt"


class EntryRefused(LedgerError):
    """The entry itself cannot be stored: a duplicate id, a value out of range, a text the store cannot hold."""

    code = "entry_refused"


class UnknownDecision(EntryRefused):
    """An event was told about a decision that is not in the ledger."""

    code = "unknown_decision"

    def __init__(self, decision_id: str) -> None:
        self.decision_id = decision_id
        super().__init__(f"There is no decision {decision_id!r} in this ledger")

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), (self.decision_id,)


class BodyErased(LedgerError):
    """Whom a record was about was erased: what it was about can be read by nobody any more. `what`: the id of a decision, or
    what else it was."""

    code = "erased"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"The bodies of {what} were erased with the key of whom it was about")

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), (self.what,)


class LeaseLost(LedgerError):
    """Another worker holds the consumer, or has gone on with it: nothing was left."""

    code = "lease_lost"


class KeyRevoked(LedgerError):
    """The secret belongs to a key that was revoked."""

    code = "key_revoked"

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        super().__init__(f"The API key {key_id} was revoked and is never made valid again: choose another secret")

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), (self.key_id,)
