"""Signed checkpoints of the chain: where it ended, day by day, each naming the one before.

In the ledger they are rows that the chain vouches for; what proves something against a hand that has the whole ledger are the
copies of them elsewhere (`LEXGATE_CHECKPOINTS`): a chain made anew does not go through their heads.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._chain import GENESIS, Head
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.signature_tables import CheckpointRow
from engine.signing import CHECKPOINT, SigningKey, checkpoint_statement, signature_in, verifies, written

_LAST: Final = text(
    "SELECT seq, at, head_seq, recorded_at, head_hash, public_key, statement, signature FROM checkpoint"
    " ORDER BY seq DESC LIMIT 1"
)
_ALL: Final = text(
    "SELECT seq, at, head_seq, recorded_at, head_hash, public_key, statement, signature FROM checkpoint ORDER BY seq"
)
_END: Final = text("SELECT seq, hash, recorded_at FROM head WHERE id = 1")


class BadCheckpoint(ValueError):
    """What was kept elsewhere is no checkpoint, or not one of a key that is trusted."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where the chain ended at an instant."""

    at: datetime
    head: Head
    public_key: bytes
    statement: bytes
    signature: bytes

    def file(self) -> bytes:
        """As it is kept elsewhere."""
        body = {
            "public_key": self.public_key.hex(), "signature": written(self.signature),
            "statement": self.statement.decode(),
        }  # fmt: skip
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    def follows(self, before: Checkpoint) -> bool:
        """Whether this one names `before` as the one before it."""
        said: Any = json.loads(self.statement)["previous"]
        return bool(said == sha256(before.statement).hexdigest())

    @property
    def name(self) -> str:
        """Of its file: they sort by their places in the chain."""
        return f"checkpoint-{self.head.seq:016d}.json"


def read_checkpoint(content: bytes, trusted: frozenset[bytes]) -> Checkpoint:
    """What `Checkpoint.file` wrote, if one of these keys signed it. Raises BadCheckpoint."""
    try:
        body = json.loads(content)
        public, statement = bytes.fromhex(body["public_key"]), body["statement"].encode()
        said = json.loads(statement)
        head = Head(int(said["head"]["seq"]), bytes.fromhex(said["head"]["hash"]))
        at, known = datetime.fromisoformat(said["at"]), said["format"] == CHECKPOINT
        found = Checkpoint(at, head, public, statement, signature_in(body["signature"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadCheckpoint("it is no checkpoint") from error
    if not known or found.file() != content or len(head.hash) != len(GENESIS):
        raise BadCheckpoint("it is not spelt as a checkpoint is")
    if public not in trusted:
        raise BadCheckpoint(f"its key {public.hex()} is not trusted")
    if not verifies(public, statement, found.signature):
        raise BadCheckpoint("its signature is false")
    return found


class Checkpoints:
    """The checkpoints of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._last, self._all, self._end = map(database.worded, (_LAST, _ALL, _END))
        self._insert = database.insertion(CheckpointRow)

    def all(self) -> tuple[Checkpoint, ...]:
        """The first one first."""
        return tuple(_checkpoint(row) for row in self._readers.rows(self._all))

    def last(self) -> Checkpoint | None:
        """The newest one; None: there is none yet."""
        row = self._readers.row(self._last)
        return None if row is None else _checkpoint(row)

    def end(self) -> tuple[Head, datetime | None]:
        """Where the chain ends now, and when that row was written; None: nothing was."""
        seq, digest, recorded_at = self._readers.row(self._end)
        return Head(seq, bytes(digest)), from_micros(recorded_at) if seq else None

    def make(self, key: SigningKey, at: datetime, *, apart: timedelta = timedelta(0)) -> Checkpoint | None:
        """Sign where the chain ends now. Waits for the disk.

        None: nothing was chained since the last one, or it is not `apart` from now yet. Several processes may ask at once.
        """

        def work(batch: Batch) -> Checkpoint | None:
            rows = batch.rows(self._last)
            last = _checkpoint(rows[0]) if rows else None
            if last is not None and (batch.seq == rows[0][0] or last.at + apart > at):
                return None
            head = batch.place()
            statement = checkpoint_statement(at, head.seq, head.hash, None if last is None else last.statement)
            made = Checkpoint(at, head, key.public, statement, key.sign(statement))
            row = (
                batch.seq + 1, to_micros(at), head.seq, batch.now, head.hash, made.public_key, made.statement,
                made.signature,
            )  # fmt: skip
            told = {"head": str(head), "public_key": key.public.hex()}
            left = [("checkpoint", str(row[0]), row)]
            vouch(batch, "signature.checkpoint", str(head.seq), to_micros(at), told, left)
            batch.execute(self._insert, row)
            return made

        return self._writer.run(work)


def _checkpoint(row: Sequence[Any]) -> Checkpoint:
    _, at, head_seq, _, head_hash, public_key, statement, signature = row
    return Checkpoint(
        from_micros(at), Head(head_seq, bytes(head_hash)), bytes(public_key), bytes(statement), bytes(signature)
    )
