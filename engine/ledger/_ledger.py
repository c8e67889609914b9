"""The ledger as the rest of the house sees it: one object, opened by its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from engine.ledger import _schema, audit
from engine.ledger._database import Database, Readers
from engine.ledger._spans import ALL as ALL_SPANS
from engine.ledger._spans import Span, span_of
from engine.ledger._time import Clock, utc_now
from engine.ledger._vault import Vault
from engine.ledger._writer import QUEUE_LIMIT, Health, Writer
from engine.ledger.activations import Activations
from engine.ledger.alerts import Alerts
from engine.ledger.archive.manifest import ArchiveRefused
from engine.ledger.cases import AlertCases
from engine.ledger.changes import Changes
from engine.ledger.checkpoints import Checkpoints
from engine.ledger.clearances import Clearances
from engine.ledger.consultations import Consultations
from engine.ledger.decisions import Decisions
from engine.ledger.deliveries import Deliveries
from engine.ledger.demotions import Demotions
from engine.ledger.drafts import Drafts
from engine.ledger.entries import IdempotencyKey, KeyReused, Page, Replayed, StoredDecision
from engine.ledger.errors import LedgerUnavailable
from engine.ledger.feeds import Feeds
from engine.ledger.history import LedgerHistory
from engine.ledger.holds import Holds
from engine.ledger.keys import KeyStore
from engine.ledger.lists import Lists
from engine.ledger.merchants import Merchants
from engine.ledger.monitoring import Monitoring
from engine.ledger.obligations import Obligations
from engine.ledger.onboarding import Onboarding
from engine.ledger.people import People
from engine.ledger.published import PublishedRates
from engine.ledger.quotations import Quotations
from engine.ledger.readings import Readings
from engine.ledger.releases import Release, Releases, StoredRelease
from engine.ledger.retained import Retained
from engine.ledger.returns import Returns
from engine.ledger.screenings import Screenings
from engine.ledger.search import DecisionSearch
from engine.ledger.sessions import Sessions
from engine.ledger.signatures import Signatures
from engine.ledger.stopped import Stopped
from engine.ledger.subjects import Subjects
from engine.ledger.taxes import TaxRecords
from engine.ledger.trials import Trials
from engine.ledger.tries import Tries
from engine.money import RateRow

if TYPE_CHECKING:
    from engine.ledger.archive.read import Archive


class Ledger:
    """What was decided, why, and what became of it. Opened with `Ledger.open`, closed with `close` or by `with`."""

    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        readers = Readers(Database(database.address, readonly=True))
        self._database = database
        self._readers = readers
        self._archive: Archive | None = None
        self._spans = database.worded(ALL_SPANS)
        self._decisions = Decisions(database, readers, vault)
        self.search = DecisionSearch(database, readers, writer, vault)
        self._releases = Releases(database, readers, writer)
        self._quotations = Quotations(database, readers, writer)
        self.published = PublishedRates(database, readers, writer)
        self.writer = writer
        self.history = LedgerHistory(database, readers, writer, vault)
        self.keys = KeyStore(database, readers, writer)
        self.people = People(database, readers, writer)
        self.sessions = Sessions(database, readers, writer)
        self.tries = Tries(database, writer)
        self.taxes = TaxRecords(database, readers, writer, vault)
        self.merchants = Merchants(database, readers, writer)
        self.obligations = Obligations(database, readers, writer, vault)
        self.returns = Returns(database, readers, writer)
        self.onboarding = Onboarding(database, readers, writer)
        self.consultations = Consultations(database, readers, writer, vault)
        self.lists = Lists(database, readers, writer)
        self.alerts = Alerts(database, readers, writer, vault)
        self.cases = AlertCases(database, readers, writer, vault)
        self.clearances = Clearances(database, readers, writer, vault)
        self.screenings = Screenings(database, readers, writer, vault)
        self.monitoring = Monitoring(database, readers, writer, vault)
        self.stopped = Stopped(database, readers, vault)
        self.activations = Activations(database, readers, writer)
        self.drafts = Drafts(database, readers, writer)
        self.signatures = Signatures(database, readers, writer)
        self.checkpoints = Checkpoints(database, readers, writer)
        self.trials = Trials(database, readers, writer)
        self.demotions = Demotions(database, readers, writer)
        self.feeds = Feeds(database, readers, writer)
        self.readings = Readings(database, readers, writer)
        self.changes = Changes(database, readers, writer, self.drafts, self.readings)
        self.holds = Holds(database, readers, writer, self._decisions, vault.names)
        self.retained = Retained(database, readers, writer, self._decisions, vault)
        self.deliveries = Deliveries(database, readers, writer)
        self.subjects = Subjects(database, readers, writer, vault, self.holds)
        self.subjects.look()

    @classmethod
    def open(
        cls, url: str, *, clock: Clock = utc_now, queue_limit: int = QUEUE_LIMIT, skew: timedelta | None = None
    ) -> Ledger:
        """Open or make the ledger at the address, bring its tables up to date and begin to write. `skew`: how far the clock may
        be from that of the database's server; None: that is not looked at.

        Personal data are protected from the day on which `subjects.protect` was first called, and each time after that the ledger
        is locked until it is called again.

        Raises LedgerUnavailable if it cannot be written now, LedgerUnusable if it never can as it is.
        """
        database = Database(url)
        # Says in plain words what a migration would bury: no such directory, no right to write, nobody listening.
        database.connect().close()
        _schema.upgrade(database)
        vault = Vault(database)
        writer = Writer(database, vault, clock=clock, limit=queue_limit, skew=skew)
        writer.start()
        return cls(database, writer, vault)

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
        """The decision with this id: of the ledger, or of the archive that is read beside it."""
        stored = self._decisions.one(decision_id)
        if stored is not None or self._archive is None:
            return stored
        try:
            return self._archive.decision(decision_id)
        except ArchiveRefused as error:
            raise LedgerUnavailable(f"The archive cannot be read: {error}") from error

    def read_archive(self, folder: Path) -> None:
        """Read decisions that were taken out of this ledger from an archive: each by its id, none in a listing."""
        self._archive = self.archive_in(folder)

    def settle(self) -> None:
        """Take in every event, so that nothing that is told of a payment needs its decision any more. Waits for the disk."""
        self.writer.run(self.history.settle)

    def archive_in(self, folder: Path) -> Archive:
        """What was taken out of this ledger, and opened by its keys."""
        # What reads Parquet is loaded where there is some to read.
        from engine.ledger.archive.read import Archive

        return Archive(folder, self._decisions.opened)

    def taken_out(self) -> tuple[Span, ...]:
        """The months whose decisions were taken out of this ledger, the oldest first."""
        return tuple(map(span_of, self._readers.rows(self._spans)))

    def decisions(self, *, limit: int, after: str | None = None, reference: str | None = None) -> Page[StoredDecision]:
        """Decisions, the newest first; of one reference, if one is given."""
        return self._decisions.page(limit=limit, after=after, reference=reference)

    def newest_decision(self) -> tuple[int, bytes] | None:
        """The number and the hash of the newest decision; None: there is none yet."""
        return self._decisions.newest()

    def decided(self, since: datetime | None, until: datetime | None) -> tuple[int, int]:
        """How many decisions were made from one instant to another, without it; and the number of the last of them."""
        return self._decisions.counted(since, until)

    def stretch(
        self, since: datetime | None, until: datetime | None, *, after: int, upto: int, limit: int
    ) -> tuple[StoredDecision, ...]:
        """Decisions of a stretch of time, the oldest first, from row `after`, without it, to row `upto`."""
        return self._decisions.stretch(since, until, after=after, upto=upto, limit=limit)

    def minutes(self, since: datetime, until: datetime) -> dict[tuple[datetime, str], int]:
        """How many decisions were stored in each minute, by outcome."""
        return self._decisions.minutes(since, until)

    def outcomes(self, *, after: int, below: int | None, limit: int) -> tuple[dict[tuple[str, str], int], int]:
        """Of at most so many decisions after a row and before another one how many there are by release and outcome; and the row
        of the last of them."""
        return self._decisions.outcomes(after=after, below=below, limit=limit)

    def answered(self, *, after: int, limit: int) -> list[tuple[int, str, str | None, bytes]]:
        """The next decisions after a row, the oldest first: number, release, payer, answer; empty where it was erased."""
        return self._decisions.answered(after=after, limit=limit)

    def given(self, once: IdempotencyKey) -> Replayed | KeyReused | None:
        """What an idempotency key stands for already; None: it is free. For a quick look before the work: the writer has the last
        word. Raises BodyErased."""
        return self._decisions.given(once)

    def remember_release(self, release: Release, activated_at: datetime) -> None:
        """Keep the rules that came with the software, and apply them from now on. Waits for the disk."""
        self.activations.start(release, activated_at)

    def keep_release(self, release: Release, at: datetime) -> None:
        """Keep rules that are not applied yet. Waits for the disk."""
        self._releases.keep(release, at)

    def release(self, digest: str) -> StoredRelease | None:
        """The rules with this digest."""
        return self._releases.one(digest)

    def release_version(self, digest: str) -> str | None:
        """The version of the rules with this digest, which are not read."""
        return self._releases.version(digest)

    def releases(self, *, limit: int, after: str | None = None) -> Page[StoredRelease]:
        """All rules that are kept here, the newest first."""
        return self._releases.page(limit=limit, after=after)

    def load_rates(self, rows: Iterable[tuple[date, str, Decimal]]) -> int:
        """Keep exchange rates that are new or corrected; returns how many. Waits for the disk."""
        return self._quotations.load(rows)

    def rates(self, *, known_at: datetime | None = None) -> Iterator[RateRow]:
        """The exchange rates, as far as they were known then."""
        return self._quotations.latest(known_at)

    def verify(self, *, expected: audit.Expected = None, progress: audit.Progress | None = None) -> audit.AuditReport:
        """Walk the chain and name the first bad row. The service goes on meanwhile."""
        return audit.verify(self._database.address, expected=expected, progress=progress, ring=self.subjects.ring)
