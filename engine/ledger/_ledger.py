"""The ledger as the rest of the house sees it: one object, opened by its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType

from engine.ledger import _schema, audit
from engine.ledger._chain import Head
from engine.ledger._database import Database, Readers
from engine.ledger._time import Clock, utc_now
from engine.ledger._writer import QUEUE_LIMIT, Health, Writer
from engine.ledger.consultations import Consultations
from engine.ledger.decisions import Decisions
from engine.ledger.entries import Page, StoredAnswer, StoredDecision
from engine.ledger.history import LedgerHistory
from engine.ledger.keys import KeyStore
from engine.ledger.merchants import Merchants
from engine.ledger.obligations import Obligations
from engine.ledger.onboarding import Onboarding
from engine.ledger.published import PublishedRates
from engine.ledger.quotations import Quotations
from engine.ledger.releases import Activation, Release, Releases, StoredRelease
from engine.ledger.returns import Returns
from engine.ledger.taxes import TaxRecords
from engine.money import RateRow


class Ledger:
    """What was decided, why, and what became of it. Opened with `Ledger.open`, closed with `close` or by `with`."""

    def __init__(self, database: Database, writer: Writer) -> None:
        readers = Readers(Database(database.address, readonly=True))
        self._database = database
        self._readers = readers
        self._decisions = Decisions(database, readers)
        self._releases = Releases(database, readers, writer)
        self._quotations = Quotations(database, readers, writer)
        self.published = PublishedRates(database, readers, writer)
        self.writer = writer
        self.history = LedgerHistory(database, readers, writer)
        self.keys = KeyStore(database, readers, writer)
        self.taxes = TaxRecords(database, readers, writer)
        self.merchants = Merchants(database, readers, writer)
        self.obligations = Obligations(database, readers, writer)
        self.returns = Returns(database, readers, writer)
        self.onboarding = Onboarding(database, readers, writer)
        self.consultations = Consultations(database, readers, writer)

    @classmethod
    def open(cls, url: str, *, clock: Clock = utc_now, queue_limit: int = QUEUE_LIMIT) -> Ledger:
        """Open or make the ledger at the address, bring its tables up to date and begin to write.

        Raises LedgerUnavailable if it cannot be written now, LedgerUnusable if it never can as it is.
        """
        database = Database(url)
        # Says in plain words what a migration would bury: no such directory, no right to write, nobody listening.
        database.connect().close()
        _schema.upgrade(database)
        writer = Writer(database, clock=clock, limit=queue_limit)
        writer.start()
        return cls(database, writer)

    def close(self) -> None:
        """Store what was accepted, then let go of the store."""
        self.writer.close()
        self._readers.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def health(self) -> Health:
        """Whether a decision could be stored now, and how much waits."""
        return self.writer.health()

    def decision(self, decision_id: str) -> StoredDecision | None:
        """The decision with this id."""
        return self._decisions.one(decision_id)

    def decisions(self, *, limit: int, after: str | None = None, reference: str | None = None) -> Page[StoredDecision]:
        """Decisions, the newest first; of one reference, if one is given."""
        return self._decisions.page(limit=limit, after=after, reference=reference)

    def idempotent(self, scope: str, key: str) -> StoredAnswer | None:
        """What was answered under this key. For a quick look before deciding: the writer has the last word."""
        return self._decisions.answer(scope, key)

    def remember_release(self, release: Release, activated_at: datetime) -> None:
        """Keep the rules that are applied from now on. Waits for the disk."""
        self._releases.remember(release, activated_at)

    def release(self, digest: str) -> StoredRelease | None:
        """The rules with this digest."""
        return self._releases.one(digest)

    def releases(self, *, limit: int, after: str | None = None) -> Page[StoredRelease]:
        """All rules that were ever applied here, the newest first."""
        return self._releases.page(limit=limit, after=after)

    def activations(self, *, limit: int) -> tuple[Activation, ...]:
        """Which rules were applied from when, the newest first."""
        return self._releases.activations(limit=limit)

    def load_rates(self, rows: Iterable[tuple[date, str, Decimal]]) -> int:
        """Keep exchange rates that are new or corrected; returns how many. Waits for the disk."""
        return self._quotations.load(rows)

    def rates(self, *, known_at: datetime | None = None) -> Iterator[RateRow]:
        """The exchange rates, as far as they were known then."""
        return self._quotations.latest(known_at)

    def verify(self, *, expected: Head | None = None, progress: audit.Progress | None = None) -> audit.AuditReport:
        """Walk the chain and name the first bad row. The service goes on meanwhile."""
        return audit.verify(self._database.address, expected=expected, progress=progress)
