"""What the monitor reads and leaves: the chain's words in their order, the events of a subject, known parties; and one way to
leave: whatever was found, and how far it was looked, in one transaction.

A consumer is held by one worker at a time, for a while, by a row. Whoever leaves anything must still hold it and have begun where
the row says: a worker that was slow, dead or doubled leaves nothing. So each word is taken in once, however often it is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from engine.ledger._batch import Batch
from engine.ledger._bodies import DataKey, is_sealed, key_of
from engine.ledger._database import Database, Readers
from engine.ledger._late_alerts import LateAlerts
from engine.ledger._monitoring_sql import STATEMENTS
from engine.ledger._opened import Kept, Opener
from engine.ledger._parties import PartyWriter
from engine.ledger._sealed import MONITOR, WATCHED_EVENT, WATCHED_SUBJECT, sealed
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import Vault
from engine.ledger._watched import KnownParty, Watched, Watching, record_in
from engine.ledger._writer import Writer
from engine.ledger.alerts import AlertWriter, Occasion, Over, Told
from engine.ledger.errors import BodyErased, LeaseLost
from engine.ledger.watch_tables import MonitorRow, WatchedEventRow, WatchedSubjectRow


@dataclass(frozen=True, slots=True)
class Hold:
    """A consumer as this worker holds it. `mark` is a word of the consumer's own, such as the lists it has worked through."""

    name: str
    holder: str
    through: int
    mark: str
    stumbled_at: int
    tries: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the chain that the monitor hears."""

    seq: int
    kind: str
    """`decision`, what became of one (`authorised` ...), or `onboarding`."""
    id: str
    """Of the decision, or of the case of onboarding."""
    at: datetime
    """When it happened."""
    decided_at: datetime
    """When the decision was made; of onboarding as `at`."""
    outcome: str
    """Of the decision; of onboarding the state of the case now."""
    last: str | None
    """What became of the payment, as far as it is known now, by the rule of history: authorised, captured or failed by the last
    of these words; refunded where it was made and given back since."""
    told: tuple[int, int] | None
    """Of the last of these words: when it happened, in microseconds, and its number. None: there is none."""
    body: bytes
    """What was asked of the decision; the case of onboarding as its last event left it."""
    key: int | None = None
    """Under which the decision lies. None: in the clear."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a worker leaves: how far it has come, and what it found on the way."""

    through: int
    mark: str
    told: tuple[Told, ...] = ()
    over: tuple[Over, ...] = ()
    watched: tuple[Watched, ...] = ()
    gone: tuple[Watched, ...] = ()
    """Records that are taken out, each with its subjects, if no word has changed them since they were read."""
    parties: tuple[KnownParty, ...] = ()
    screened: tuple[KnownParty, ...] = ()
    """Parties that were held against the lists of `fingerprint`."""
    fingerprint: str = ""
    anew: tuple[str, ...] = ()
    """Subjects that are to be screened anew."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How far behind a consumer is: words it has not heard, and since when the first of them waits."""

    words: int
    since: datetime | None


_ENDLESS: Final = 2**63 - 1
"""Above every number of the chain."""


class Monitoring:
    """The monitor's side of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer = readers, writer
        self._opener = Opener(vault)
        self._sql = {name: database.worded(statement) for name, statement in STATEMENTS.items()}
        tables = (MonitorRow, WatchedEventRow, WatchedSubjectRow)
        self._insert = {table: database.insertion(table) for table in tables}
        self._alerts, self._parties = AlertWriter(database), PartyWriter(database, vault)
        self._watching = Watching(database, vault)
        self._late = LateAlerts(database, vault, self._parties)

    # -- who works --

    def take(self, name: str, holder: str, now: datetime, lease: timedelta) -> Hold | None:
        """Hold a consumer until `now + lease`. None: another worker does. Waits for the disk."""
        until, at = to_micros(now + lease), to_micros(now)

        seen = self._readers.row(self._sql["held"], {"name": name})
        if seen is not None and seen[2] != holder and seen[3] > at:
            return None

        def work(batch: Batch) -> Hold | None:
            rows = batch.rows(self._sql["held"], {"name": name})
            if not rows:
                batch.execute(self._insert[MonitorRow], sealed(MONITOR, (name, 0, "", holder, until, 0, 0)))
                return Hold(name, holder, 0, "", 0, 0)
            through, mark, by, held_until, stumbled_at, tries = rows[0]
            if by != holder and held_until > at:
                return None
            self._put(batch, (name, through, mark, holder, until, stumbled_at, tries))
            return Hold(name, holder, through, mark, stumbled_at, tries)

        return self._writer.run(work)

    def release(self, hold: Hold) -> None:
        """Let another worker have it at once. Waits for the disk."""

        def work(batch: Batch) -> None:
            for through, mark, holder, _, stumbled_at, tries in batch.rows(self._sql["held"], {"name": hold.name}):
                if holder == hold.holder:
                    self._put(batch, (hold.name, through, mark, holder, 0, stumbled_at, tries))

        self._writer.run(work)

    def through(self, name: str) -> int:
        """How far a consumer has come; 0: nobody ever ran it."""
        row = self._readers.row(self._sql["held"], {"name": name})
        return 0 if row is None else int(row[0])

    # -- what there is to hear --

    def words(self, after: int, span: int) -> tuple[tuple[Word, ...], int]:
        """The next words of the chain, and the number up to which that is all of them: at most `span` rows are looked at.

        Of who was erased nothing is heard any more.
        """
        # The head first: what is stored between the two looks lies above it, and is heard the next time.
        head = max(after, int(self._readers.row(self._sql["head"])[0]))
        first = self._readers.row(self._sql["next"], {"after": after})[0]
        if first is None or first > head:
            return (), head
        upto = min(head, int(first) + span - 1)
        rows = self._readers.rows(self._sql["words"], {"after": after, "upto": upto})
        opened = self._opener.bodies(self._readers.rows, [Kept(row[2], bytes(row[9])) for row in rows])
        return tuple(_word(row, one.facts) for row, one in zip(rows, opened, strict=True) if one is not None), upto

    def changed(self, after: int, limit: int) -> tuple[Watched, ...]:
        """Watched events that came or changed after a number, in the order of their words."""
        return self._records(self._readers.rows(self._sql["changed"], {"after": after, "limit": limit}))

    def since(self, at: datetime, below: int | None, limit: int) -> tuple[Watched, ...]:
        """Everybody's events from an instant on, those of the latest words first; of words below a number, if there is one.

        Read page by page, an event that changes meanwhile may be missed: its word lies above the first page then.
        """
        asked = {"since": to_micros(at), "below": _ENDLESS if below is None else below, "limit": limit}
        return self._records(self._readers.rows(self._sql["since"], asked))

    def older(self, at: datetime, upto: int, limit: int) -> tuple[Watched, ...]:
        """Records of what happened before an instant, of words up to a number; those of the earliest words first."""
        asked = {"before": to_micros(at), "upto": upto, "limit": limit}
        return self._records(self._readers.rows(self._sql["older"], asked))

    def mark(self, name: str) -> str:
        """The mark that a consumer left; empty: none."""
        row = self._readers.row(self._sql["held"], {"name": name})
        return "" if row is None else str(row[1])

    def window(
        self, subject_kind: str, subject: str, at: datetime, reach: timedelta, limit: int
    ) -> tuple[Watched, ...]:
        """A subject's events around an instant, `reach` before it and after it, in the order of time.

        At most `limit` of each side, the nearest ones: a payment told late may complete what came after it.
        """
        middle = to_micros(at)
        subject = self._watching.kept_under(subject_kind, subject)
        asked = {"kind": subject_kind, "subject": subject, "at": middle, "limit": limit}
        before = self._readers.rows(self._sql["before"], {**asked, "since": to_micros(at - reach)})
        after = self._readers.rows(self._sql["after"], {**asked, "until": to_micros(at + reach)})
        return self._records((*reversed(before), *after))

    def record(self, decision_id: str) -> Watched | None:
        """The record of one payment. None: there is none yet, or it was forgotten."""
        return next(iter(self._records(self._readers.rows(self._sql["record"], {"id": decision_id}))), None)

    def unscreened(self, fingerprint: str, limit: int) -> tuple[KnownParty, ...]:
        """Known parties that these lists have not seen as they are now; those that none has seen come first."""
        rows = self._readers.rows(self._sql["unscreened"], {"by": fingerprint, "limit": limit})
        return self._watching.parties(self._readers.rows, rows)

    def parties(self, fingerprint: str) -> tuple[int, int]:
        """How many parties are known, and how many of them these lists have not seen as they are now."""
        number, left = self._readers.row(self._sql["party_count"], {"by": fingerprint})
        return int(number), int(left or 0)

    def lags(self) -> dict[str, Lag]:
        """How far behind each consumer is that follows the chain. Of one that nobody ever ran nothing is known."""
        rows = self._readers.rows(self._sql["all_held"])
        (head,) = self._readers.row(self._sql["head"])
        found = {}
        for name, through in rows:
            since = self._readers.row(self._sql["next"], {"after": through})[1]
            waiting = 0 if since is None else int(head) - int(through)
            found[name] = Lag(waiting, None if since is None else from_micros(since))
        return found

    # -- what is left --

    def leave(self, hold: Hold, left: Left, occasion: Occasion) -> int:
        """Keep what was found and how far it was looked, all or nothing. Returns how many alerts were new. Whoever was erased
        since the look began is not told of.

        Raises LeaseLost where the consumer is not any more as `hold` has it. Waits for the disk.
        """

        def work(batch: Batch) -> int:
            _, _, holder, until, _, _ = self._must_hold(batch, hold)
            batch.protects()
            keys = self._watching.keys(batch, [*(one.key for one in left.watched), *(one.key for one in left.parties)])
            for event in left.watched:
                self._watch(batch, event, keys)
            for event in left.gone:
                self._forget(batch, event)
            for party in left.parties:
                self._parties.know(batch, party, keys)
            for party in left.screened:
                self._parties.screened(batch, party, left.fingerprint)
            for subject in left.anew:
                self._parties.anew(batch, subject)
            new = sum(self._tell(batch, one, occasion) for one in left.told)
            for over in left.over:
                self._alerts.end(batch, over, occasion)
            self._put(batch, (hold.name, left.through, left.mark, holder, until, 0, 0))
            return new

        return self._writer.run(work)

    def stumble(self, hold: Hold, seq: int) -> int:
        """Count that a word could not be worked through. Returns how often that was. Raises LeaseLost. Waits for the disk."""

        def work(batch: Batch) -> int:
            through, mark, holder, until, stumbled_at, before = self._must_hold(batch, hold)
            tries: int = before + 1 if stumbled_at == seq else 1
            self._put(batch, (hold.name, through, mark, holder, until, seq, tries))
            return tries

        return self._writer.run(work)

    def make_anew(self, *names: str) -> None:
        """Forget what was worked out, and let these consumers begin at the first row. Alerts that were told stay told."""

        def work(batch: Batch) -> None:
            for statement in ("nothing", "nobody", "no_party"):
                batch.execute(self._sql[statement])
            for name in names:
                for _, _, *rest in batch.rows(self._sql["held"], {"name": name}):
                    self._put(batch, (name, 0, "", *rest))

        self._writer.run(work)

    def _put(self, batch: Batch, row: Sequence[object]) -> None:
        names = ("name", "through", "mark", "holder", "held_until", "stumbled_at", "tries", "seal")
        batch.execute(self._sql["put"], dict(zip(names, sealed(MONITOR, row), strict=True)))

    def _must_hold(self, batch: Batch, hold: Hold) -> Sequence[Any]:
        rows = batch.rows(self._sql["held"], {"name": hold.name})
        if not rows or rows[0][2] != hold.holder or rows[0][0] != hold.through or rows[0][1] != hold.mark:
            raise LeaseLost(f"The consumer {hold.name} is not any more as this worker holds it")
        row: Sequence[Any] = rows[0]
        return row

    def _tell(self, batch: Batch, told: Told, occasion: Occasion) -> bool:
        """Of the erased nothing is told."""
        try:
            return not self._late.is_late(batch, told.alert) and self._alerts.tell(batch, told, occasion)
        except BodyErased:
            return False

    def _records(self, rows: Sequence[Any]) -> tuple[Watched, ...]:
        return self._watching.records(self._readers.rows, rows)

    def _watch(self, batch: Batch, event: Watched, keys: Mapping[int, DataKey | None]) -> None:
        """Whoever was erased since their word was read is not watched any more."""
        body, number = event.body, None
        if self._watching.is_protected:
            names = (record_in(event.body).get("payer"), event.id)
            key = self._watching.key_of_payment(batch, keys, event.key, names)
            if key is None:
                return
            body, number = self._watching.sealed_record(key, event.id, event.body), key.id
        known = batch.rows(self._sql["known"], {"id": event.id})
        if known:
            batch.execute(self._sql["unwatch"], {"id": event.id})
        at = to_micros(event.at)
        row = (event.id, event.seq, at, body)
        batch.execute(self._insert[WatchedEventRow], (*sealed(WATCHED_EVENT, row), number))
        for kind, name in event.subjects:
            subject = self._watching.kept_under(kind, name)
            if known:
                told = {"id": event.id, "at": known[0][0], "kind": kind, "subject": subject}
                batch.execute(self._sql["unlist"], told)
            listed = (kind, subject, at, event.id)
            batch.execute(self._insert[WatchedSubjectRow], sealed(WATCHED_SUBJECT, listed))

    def _forget(self, batch: Batch, event: Watched) -> None:
        at = to_micros(event.at)
        if batch.rows(self._sql["unchanged"], {"id": event.id, "seq": event.seq, "at": at}):
            batch.execute(self._sql["unwatch"], {"id": event.id})
            for kind, name in event.subjects:
                told = {"id": event.id, "at": at, "kind": kind, "subject": self._watching.kept_under(kind, name)}
                batch.execute(self._sql["unlist"], told)


def _word(row: Sequence[Any], body: bytes) -> Word:
    seq, kind, identity, at, decided_at, outcome, last, told_at, told_seq, kept = row
    told = None if told_seq is None else (int(told_at), int(told_seq))
    key = key_of(bytes(kept)) if is_sealed(bytes(kept)) else None
    return Word(seq, kind, identity, from_micros(at), from_micros(decided_at), outcome, last, told, bytes(body), key)
