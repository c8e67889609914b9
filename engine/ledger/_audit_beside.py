"""The tables beside the chain, against what the notes in the chain say of them: keys, releases, exchange rates, lists."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from engine.ledger import keys, published, quotations, releases
from engine.ledger._audit_found import Broken
from engine.ledger._audit_lists import KINDS, Lists
from engine.ledger._database import Connection, Database


class Note(NamedTuple):
    """A row of the chain that vouches for rows beside it."""

    seq: int
    kind: str
    subject: str
    at: int
    recorded_at: int
    said: dict[str, Any]


class Beside:
    """The tables beside the chain, against what the notes in the chain say of them."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._stored_keys, self._stored_releases = map(database.worded, (_KEYS, _RELEASES))
        self._rates = {
            kind: (table, *map(database.worded, statements)) for kind, (table, *statements) in _RATE_TABLES.items()
        }
        self._keys: dict[str, dict[str, Any]] = {}
        self._releases: dict[str, Note] = {}
        self._loads: dict[str, list[Note]] = {kind: [] for kind in _RATE_TABLES}
        self._lists = Lists(connection, database)

    def hear(self, note: Note) -> None:
        """Take in a note."""
        if note.kind in {keys.CREATED, keys.RESCOPED, keys.REVOKED}:
            self._keys.setdefault(note.subject, {"revoked_at": None}).update(note.said, seq=note.seq)
        elif note.kind in (releases.KEPT, releases.ACTIVATED):
            self._releases.setdefault(note.subject, note)
        elif note.kind in self._loads:
            self._loads[note.kind].append(note)
        elif note.kind in KINDS:
            self._lists.hear(note.kind, note.seq, note.subject, note.recorded_at, note.said["sha256"])

    def check(self) -> None:
        """Raise for the first table that does not match."""
        self._check_keys()
        self._check_releases()
        for kind, notes in self._loads.items():
            self._check_rates(notes, *self._rates[kind])
        fault = self._lists.fault()
        if fault is not None:
            raise Broken(*fault)

    def _check_keys(self) -> None:
        found = {key_id: tuple(rest) for key_id, *rest in self._all(self._stored_keys)}
        for key_id, said in self._keys.items():
            digest = bytes.fromhex(said["digest"])
            if found.pop(key_id, None) != (
                said["name"],
                said["scopes"],
                digest,
                said["created_at"],
                said["revoked_at"],
            ):
                raise Broken(said["seq"], "api_key", f"the key {key_id} is not as the chain says it was made")
        if found:
            raise Broken(0, "api_key", f"nobody made the key {min(found)}: no note in the chain speaks of it")

    def _check_releases(self) -> None:
        found = {}
        for digest, canonical, *rest in self._all(self._stored_releases):
            body = canonical if isinstance(canonical, bytes) else b""
            found[digest] = (sha256(body).hexdigest(), *rest)
        for digest, note in self._releases.items():
            true = (note.said["sha256"], note.said["version"], note.seq, note.at, note.recorded_at)
            if found.pop(digest, None) != true:
                raise Broken(note.seq, "release", f"the release {digest} is not as it was kept")
        if found:
            raise Broken(0, "release", f"nobody kept {min(found)}: no note in the chain speaks of it")

    def _check_rates(self, notes: list[Note], table: str, stored_rates: str, rate_count: str) -> None:
        for note in notes:
            rows = self._connection.execute(stored_rates, {"seq": note.seq}).fetchall()
            times, subjects = {row[-1] for row in rows}, {row[0] for row in rows}
            if (
                times != {note.recorded_at}
                or subjects != {note.subject}
                or quotations.fingerprint(row[1:-1] for row in rows) != note.said["sha256"]
            ):
                raise Broken(note.seq, table, "the exchange rates are not those that were loaded")
        (stored,) = self._connection.execute(rate_count).fetchone()
        loaded = sum(note.said["rows"] for note in notes)
        if stored != loaded:
            raise Broken(0, table, f"{stored} exchange rates are stored, but {loaded} were loaded")

    def _all(self, sql: str) -> Iterator[Any]:
        """Row by row: a release is large."""
        cursor = self._connection.execute(sql)
        while (row := cursor.fetchone()) is not None:
            yield row


_KEYS: Final = text("SELECT id, name, scopes, digest, created_at, revoked_at FROM api_key ORDER BY id")
_RELEASES: Final = text("SELECT digest, canonical, version, seq, activated_at, recorded_at FROM release")
_RATE_TABLES: Final = {
    quotations.LOADED: (
        "quotation",
        text(
            "SELECT 'EUR', day, currency, per_euro, recorded_at FROM quotation WHERE seq = :seq ORDER BY day, currency"
        ),
        text("SELECT count(*) FROM quotation"),
    ),
    published.LOADED: (
        "published_rate",
        text(
            "SELECT publisher, base, target, valid_from, valid_to, day, rate, recorded_at FROM published_rate"
            " WHERE seq = :seq ORDER BY base, target, valid_from"
        ),
        text("SELECT count(*) FROM published_rate"),
    ),
}
"""By the kind of the notes that vouch for them: the table, a load's rows (the note's subject first, the instant last), and the
number of all rows."""
