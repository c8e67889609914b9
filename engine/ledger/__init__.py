"""The only room that writes: decisions before they are answered, what became of them, releases, rates and keys."""

from engine.history import EventKind, PastPayments
from engine.ledger._chain import Head
from engine.ledger._ledger import Ledger
from engine.ledger._writer import Health, Task, Writer
from engine.ledger.audit import AuditReport, BadRow, verify
from engine.ledger.entries import (
    CountedPayment,
    DecisionEntry,
    Done,
    EventWritten,
    IdempotencyKey,
    KeyedAnswer,
    KeyReused,
    Page,
    Recorded,
    Replayed,
    Stored,
    StoredAnswer,
    StoredDecision,
    StoredEvent,
    Written,
)
from engine.ledger.errors import (
    BadLedgerUrl,
    EntryRefused,
    KeyRevoked,
    LedgerBusy,
    LedgerClosed,
    LedgerCorrupt,
    LedgerError,
    LedgerUnavailable,
    LedgerUnusable,
    SchemaMismatch,
    UnknownDecision,
)
from engine.ledger.history import LedgerHistory
from engine.ledger.keys import ApiKey, KeyStore, Scope
from engine.ledger.releases import Activation, StoredRelease

__all__ = [
    "Activation",
    "ApiKey",
    "AuditReport",
    "BadLedgerUrl",
    "BadRow",
    "CountedPayment",
    "DecisionEntry",
    "Done",
    "EntryRefused",
    "EventKind",
    "EventWritten",
    "Head",
    "Health",
    "IdempotencyKey",
    "KeyReused",
    "KeyRevoked",
    "KeyStore",
    "KeyedAnswer",
    "Ledger",
    "LedgerBusy",
    "LedgerClosed",
    "LedgerCorrupt",
    "LedgerError",
    "LedgerHistory",
    "LedgerUnavailable",
    "LedgerUnusable",
    "Page",
    "PastPayments",
    "Recorded",
    "Replayed",
    "SchemaMismatch",
    "Scope",
    "Stored",
    "StoredAnswer",
    "StoredDecision",
    "StoredEvent",
    "StoredRelease",
    "Task",
    "UnknownDecision",
    "Writer",
    "Written",
    "verify",
]
