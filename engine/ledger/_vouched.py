"""Rows beside the chain for which notes in it vouch: each note names the rows it leaves behind, and the SHA-256 of each.

    sha256( compact JSON array: the table's name, then every column in its order, bytes as hex )

The last note that speaks of a row says what it must be now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Connection, Database

KINDS: Final = (
    "alert.",
    "case.",
    "clearance.",
    "screening.",
    "draft.",
    "activation.",
    "signature.",
    "trial.",
    "demotion.",
    "feed.",
    "change.",
    "delivery.",
    "person.",
    "session.",
    "key_term.",
    "key_rate.",
    "archive.",
    "hold.",
    "retention.",
)
"""How the kinds of such notes begin."""

Left = Sequence[tuple[str, str, Sequence[object]]]
"""Table, key and columns of rows that a note vouches for."""


def vouch(batch: Batch, kind: str, subject: str, at: int, said: dict[str, Any], left: Left) -> int:
    """Chain a note about rows as they are left. Returns its number."""
    rows = [[table, key, digest_of(table, columns)] for table, key, columns in left]
    return batch.note(kind, subject, at, orjson.dumps({**said, "rows": rows}, option=orjson.OPT_SORT_KEYS))


def digest_of(table: str, columns: Sequence[object]) -> str:
    """What a note keeps of a row."""
    plain = [bytes(one).hex() if isinstance(one, bytes | memoryview) else one for one in columns]
    return sha256(orjson.dumps([table, *plain])).hexdigest()


def _digest_or_none(table: str, columns: Sequence[object]) -> str | None:
    try:
        return digest_of(table, columns)
    except TypeError:
        # Text that is none any more.
        return None


class Vouched:
    """What the notes of the chain say of these rows, heard one by one, and then held against what is there."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._tables = [(table, database.worded(statement)) for table, statement in _TABLES.items()]
        self._said: dict[tuple[str, str], tuple[int, str]] = {}

    def hear(self, seq: int, kind: str, said: dict[str, Any]) -> None:
        """Take in a note; those of other rooms are let pass."""
        if kind.startswith(KINDS):
            for table, key, digest in said["rows"]:
                self._said[table, key] = seq, digest

    def left(self, seq: int, table: str, key: str, columns: Sequence[object]) -> None:
        """Take in a row that a note leaves without saying so: those of before it was kept beside the chain."""
        self._said[table, key] = seq, digest_of(table, columns)

    def fault(self) -> tuple[int, str, str] | None:
        """The first row that is not as it was left: number of its note, table, what is wrong. None: all are."""
        said = dict(self._said)
        for table, key, columns in self._rows():
            seq, wanted = said.pop((table, key), (0, ""))
            if _digest_or_none(table, columns) != wanted:
                what = "is not as it was left" if wanted else "was written by nobody: no note in the chain speaks of it"
                return seq, table, f"the row {key} {what}"
        if said:
            (table, key), (seq, _) = min(said.items(), key=lambda item: item[1][0])
            return seq, table, f"the row {key} is missing"
        return None

    def _rows(self) -> Iterator[tuple[str, str, Sequence[object]]]:
        """Row by row: an alert a payment may be many."""
        for table, sql in self._tables:
            cursor = self._connection.execute(sql)
            while (row := cursor.fetchone()) is not None:
                yield table, row[0], row[1:]


_TABLES: Final = {
    "activation": text(
        "SELECT CAST(a.seq AS TEXT), a.seq, a.release, a.active_from, a.kind, a.actor, a.recorded_at, a.draft, a.cancels,"
        " a.reason FROM activation a ORDER BY a.seq"
    ),
    "alert": text(
        "SELECT id, id, kind, rule, subject_kind, subject, severity, occurred_at, recorded_at, told, case_id, likeness,"
        " screening, ended_at, body FROM alert ORDER BY id"
    ),
    "alert_case": text(
        "SELECT id, id, number, subject_kind, subject, state, severity, claimed_by, verdict, proposed_by, proposal,"
        " decided_by, opened_at, updated_at, due_at FROM alert_case ORDER BY id"
    ),
    "alert_case_event": text(
        "SELECT case_id || '#' || number, seq, case_id, number, kind, at, recorded_at, actor, from_state, to_state,"
        " severity, verdict, proposal, release, payload FROM alert_case_event ORDER BY seq"
    ),
    "api_key_rate": text("SELECT key_id, key_id, requests, seconds FROM api_key_rate ORDER BY key_id"),
    "api_key_term": text(
        "SELECT key_id, key_id, expires_at, sources, countries, merchants FROM api_key_term ORDER BY key_id"
    ),
    "approval_policy": text(
        "SELECT domain, domain, required, statute_required, roles, actor, recorded_at FROM approval_policy ORDER BY domain"
    ),
    "archived_span": text(
        "SELECT month, month, from_seq, to_seq, prev, hash, manifest, place, until, taken, stayed, recorded_at,"
        " stayed_sha256, kept FROM archived_span ORDER BY month"
    ),
    "change_step": text(
        "SELECT change_id || '#' || number, seq, change_id, number, kind, at, recorded_at, actor, from_state, to_state, status,"
        " draft, reason, release, payload FROM change_step ORDER BY seq"
    ),
    "checkpoint": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, at, head_seq, recorded_at, head_hash, public_key, statement, signature"
        " FROM checkpoint t ORDER BY t.seq"
    ),
    "clearance": text(
        "SELECT id, id, subject, subject_digest, entry, entry_digest, features, screening, reason, author, created_at,"
        " expires_at, approver, approved_at, revoked_by, revoked_at, revoke_reason FROM clearance ORDER BY id"
    ),
    "delivery_attempt": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, delivery, number, at, recorded_at, outcome, status, milliseconds, detail"
        " FROM delivery_attempt t ORDER BY t.seq"
    ),
    "demotion": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, release, base, pack, rule, recorded_at, body FROM demotion t ORDER BY t.seq"
    ),
    "draft": text("SELECT id, id, number, state, base, content, updated_at, body FROM draft ORDER BY id"),
    "draft_event": text(
        "SELECT draft_id || '#' || number, seq, draft_id, number, kind, at, recorded_at, actor, from_state, to_state, content,"
        " statute, required, payload FROM draft_event ORDER BY seq"
    ),
    "draft_file": text(
        "SELECT draft_id || '#' || number || '#' || path, draft_id, path, number, editor, recorded_at, gone, text FROM draft_file"
        " ORDER BY draft_id, path, number"
    ),
    "feed_document": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, digest, url, content_type, size, recorded_at, packed FROM feed_document t"
        " ORDER BY t.seq"
    ),
    "feed_item": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, source, key, digest, document, corrects, recorded_at, body FROM feed_item t"
        " ORDER BY t.seq"
    ),
    "feed_reading": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, item, reader, release, recorded_at, relevance, relevant, sketch, body"
        " FROM feed_reading t ORDER BY t.seq"
    ),
    "law_change": text(
        "SELECT id, id, number, state, item, reading, source, publisher, title, search, status, jurisdiction, domains,"
        " change_type, effective, draftable, confidence, assignee, draft, merged_into, corrects, opened_at, updated_at, evidence"
        " FROM law_change ORDER BY id"
    ),
    "legal_hold": text(
        "SELECT id, id, kind, target, reason, authority, reference, set_by, set_at, lifted_by, lifted_at, lift_reason"
        " FROM legal_hold ORDER BY id"
    ),
    "person": text(
        "SELECT id, id, login, display_name, locale, roles, state, password, factor, pending_factor, factor_step, recovery,"
        " setup_code, setup_until, subject, created_at, changed_at FROM person ORDER BY id"
    ),
    "person_session": text(
        "SELECT id, id, person, digest, method, source, created_at, expires_at, ended_at FROM person_session ORDER BY id"
    ),
    "release_import": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, release, actor, recorded_at, public_key FROM release_import t ORDER BY t.seq"
    ),
    "release_signature": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, release, draft, recorded_at, public_key, statement, signature"
        " FROM release_signature t ORDER BY t.seq"
    ),
    "signing_key": text(
        "SELECT CAST(t.seq AS TEXT), t.seq, holder, recorded_at, public_key FROM signing_key t ORDER BY t.seq"
    ),
    "screening": text(
        "SELECT id, id, at, recorded_at, actor, subject, verdict, fingerprint, query, answer FROM screening ORDER BY id"
    ),
    "trial_event": text(
        "SELECT trial_id || '#' || number, seq, trial_id, number, kind, at, recorded_at, actor, trial_kind, release, draft, base,"
        " share, cause, payload FROM trial_event ORDER BY seq"
    ),
    "trial_piece": text(
        "SELECT trial_id || '#' || number, seq, trial_id, number, after_seq, upto_seq, decisions, differing, recorded_at, tally,"
        " differences FROM trial_piece ORDER BY seq"
    ),
}
"""By table: the key that notes use, then every column in its order."""
