"""Sessions: opened by whoever has shown who they are, recognised by the SHA-256 of their token, ended for good.

A session ends by itself: some time after its last use, and at a fixed instant whatever is done with it. Whether its person may
come in is looked at each time.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._people_sql import SESSIONS
from engine.ledger._sealed import LAST_USE, seal_of, sealed
from engine.ledger._time import to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.keys import ApiKey, is_over, key_of
from engine.ledger.people_entries import (
    SESSION_COLUMNS,
    KeySession,
    Person,
    PersonState,
    Session,
    SignedIn,
    person_of,
    session_of,
)
from engine.ledger.people_tables import LastUseRow, SessionRow

SESSION_PREFIX: Final = "lxs_"
SEEN_EVERY: Final = timedelta(minutes=1)
"""How coarse it is kept when something was last seen."""
_TOKEN_BYTES: Final = 32
_WIDE: Final = len(SESSION_COLUMNS)


def new_token() -> str:
    """`lxs_` and 256 bits of chance."""
    return SESSION_PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(token: str) -> str:
    """What is kept of a token or a code: its SHA-256 in hex."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Opening:
    """A session that is to be opened."""

    token: str
    method: str
    source: str
    now: datetime
    lasts: timedelta


class SessionWriter:
    """What happens to sessions within a transaction."""

    def __init__(self, database: Database) -> None:
        self._insert = database.insertion(SessionRow)
        self._use = database.insertion(LastUseRow)
        self._open, self._put_end = database.worded(SESSIONS["open"]), database.worded(SESSIONS["put_end"])

    def open(self, batch: Batch, person: Person | ApiKey, asked: Opening) -> Session:
        """Open one for a person or a key, and note it."""
        digest = digest_of(asked.token)
        made = Session(
            "ses_" + digest[:24], person.id, asked.method, asked.source, asked.now, asked.now + asked.lasts, asked.now
        )
        row = (
            made.id, person.id, digest, made.method, made.source, to_micros(made.created_at), to_micros(made.expires_at), 0,
        )  # fmt: skip
        said = {"person": person.id, "method": made.method, "source": made.source}
        vouch(batch, "session.opened", made.id, to_micros(asked.now), said, [("person_session", made.id, row)])
        batch.execute(self._insert, row)
        batch.execute(self._use, sealed(LAST_USE, (made.id, to_micros(asked.now))))
        return made

    def end_all(self, batch: Batch, person: str, now: datetime, by: str, *, but: str = "") -> int:
        """End all sessions of a person, but one. Returns how many."""
        rows = batch.rows(self._open, {"person": person, "now": to_micros(now)})
        ended = [row for row in rows if row[0] != but]
        for row in ended:
            self.end(batch, row[:_WIDE], now, by)
        return len(ended)

    def end(self, batch: Batch, row: Sequence[Any], now: datetime, by: str) -> None:
        """End one, and note it."""
        ended_at = to_micros(now)
        left = (*row[:-1], ended_at)
        vouch(batch, "session.ended", row[0], ended_at, {"by": by}, [("person_session", row[0], left)])
        batch.execute(self._put_end, {"id": row[0], "ended_at": ended_at})


class Sessions:
    """The sessions of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._by_digest, self._of_key, self._holder, self._open, self._see = (
            database.worded(SESSIONS[name]) for name in ("by_digest", "of_key", "holder", "open", "see")
        )
        self._rows = SessionWriter(database)

    def open_for_key(self, key: ApiKey, asked: Opening) -> Session:
        """Open one for a key, which ends before the key does. Waits for the disk."""
        return self._writer.run(lambda batch: self._rows.open(batch, key, asked))

    def authenticate(self, token: str, now: datetime, idle: timedelta) -> SignedIn | KeySession | None:
        """Who holds this token, or None: it is not known, has ended, was not used for too long, or its person or key may not come
        in.

        Notes at most once a minute that the session was seen, and waits for nobody to write it.
        """
        row = self._readers.row(self._by_digest, {"digest": digest_of(token)})
        if row is None:
            return self._key_with(token, now, idle)
        session, person = session_of(row[:_WIDE], row[_WIDE]), person_of(row[_WIDE + 1 :])
        if person.state is not PersonState.ACTIVE or not self._is_good(session, now, idle):
            return None
        return SignedIn(person.id, person.login, person.scopes, person.created_at, None, person=person, session=session)

    def whose(self, token: str) -> str | None:
        """The id of the person or key that held this token, whether or not it is good still. Opens nothing."""
        row = self._readers.row(self._holder, {"digest": digest_of(token)})
        return None if row is None else row[0]

    def of(self, person: str, now: datetime, idle: timedelta) -> tuple[Session, ...]:
        """The sessions of a person that are still good, the newest first."""
        rows = self._readers.rows(self._open, {"person": person, "now": to_micros(now)})
        found = (session_of(row[:_WIDE], row[_WIDE]) for row in rows)
        return tuple(one for one in found if now - one.seen_at < idle)

    def end(self, person: str, session_id: str, now: datetime) -> bool:
        """End one of a person's sessions. False: there is none such. Waits for the disk."""

        def work(batch: Batch) -> bool:
            for row in batch.rows(self._open, {"person": person, "now": to_micros(now)}):
                if row[0] == session_id:
                    self._rows.end(batch, row[:_WIDE], now, person)
                    return True
            return False

        return self._writer.run(work)

    def end_others(self, person: str, but: str, now: datetime) -> int:
        """End all of a person's sessions but one. Returns how many. Waits for the disk."""
        return self._writer.run(lambda batch: self._rows.end_all(batch, person, now, person, but=but))

    def _key_with(self, token: str, now: datetime, idle: timedelta) -> KeySession | None:
        row = self._readers.row(self._of_key, {"digest": digest_of(token)})
        if row is None:
            return None
        session, key = session_of(row[:_WIDE], row[_WIDE]), key_of(row[_WIDE + 1 :])
        if is_over(key, now) or not self._is_good(session, now, idle):
            return None
        return KeySession(key.id, key.name, key.scopes, key.created_at, None, key.terms, rate=key.rate, session=session)

    def _is_good(self, session: Session, now: datetime, idle: timedelta) -> bool:
        """Whether it has not ended; noted that it was seen."""
        if session.ended_at is not None or now >= session.expires_at or now - session.seen_at >= idle:
            return False
        if now - session.seen_at >= SEEN_EVERY:
            self._seen(session.id, now)
        return True

    def _seen(self, holder: str, now: datetime) -> None:
        seen_at = to_micros(now)
        asked = {"holder": holder, "seen_at": seen_at, "seal": seal_of(LAST_USE, (holder, seen_at))}
        self._writer.later(lambda batch: batch.execute(self._see, asked))
