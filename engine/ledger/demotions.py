"""Rules that the circuit breaker holds back: the release, why, its signature and that it is in force, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.drafting import MACHINE, Activation, ActivationKind, in_force
from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.activations import ActivationWriter
from engine.ledger.demotion_tables import DemotionRow
from engine.ledger.releases import Release, ReleaseWriter
from engine.ledger.signatures import ReleaseSignature, SignatureWriter


class DemotionOvertaken(ValueError):
    """Another release is in force than the one that was looked at."""


@dataclass(frozen=True, slots=True)
class NewDemotion:
    """A release that is `base` with one rule more held back, and why."""

    release: Release
    base: str
    pack: str
    rule: str
    why: str
    signature: ReleaseSignature
    details: Mapping[str, Any]
    """JSON-ready: the numbers."""


@dataclass(frozen=True, slots=True)
class StoredDemotion:
    """A rule that was held back, as it was kept."""

    seq: int
    release: str
    base: str
    pack: str
    rule: str
    recorded_at: datetime
    body: Mapping[str, Any]
    """`why`, and the details."""


_ALL: Final = text("SELECT seq, release, base, pack, rule, recorded_at, body FROM demotion ORDER BY seq")


class Demotions:
    """The demotions of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._all = database.worded(_ALL)
        self._insert = database.insertion(DemotionRow)
        self._activations, self._releases = ActivationWriter(database), ReleaseWriter(database)
        self._signatures = SignatureWriter(database)

    def all(self) -> tuple[StoredDemotion, ...]:
        """Every rule that a breaker ever held back here, the first one first."""
        return tuple(_stored(row) for row in self._readers.rows(self._all))

    def put_in_force(self, one: NewDemotion, at: datetime) -> None:
        """Keep the release and put it in force, if what it was made of still is. Waits for the disk.

        Raises DemotionOvertaken where it is not: of several processes that saw the same, one is the first.
        """

        def work(batch: Batch) -> Exception | None:
            holds = in_force(self._activations.all(batch), at)
            if holds is None or holds.release != one.base:
                return DemotionOvertaken(one.base)
            self._write(batch, one, at)
            return None

        found = self._writer.run(work)
        if found is not None:
            raise found

    def _write(self, batch: Batch, one: NewDemotion, at: datetime) -> None:
        micros, digest = to_micros(at), one.release.digest
        self._releases.keep(batch, one.release, micros)
        body = orjson.dumps({"why": one.why, **one.details}, option=orjson.OPT_SORT_KEYS)
        row = (batch.seq + 1, digest, one.base, one.pack, one.rule, batch.now, body)
        told = {"base": one.base, "pack": one.pack, "rule": one.rule, "why": one.why}
        vouch(batch, "demotion.made", digest, micros, told, [("demotion", str(row[0]), row)])
        batch.execute(self._insert, row)
        self._signatures.keep(batch, one.signature, micros)
        self._activations.write(
            batch,
            Activation(0, digest, at, ActivationKind.DEMOTED, MACHINE, at, reason=f"{one.pack}/{one.rule}: {one.why}"),
        )


def _stored(row: Sequence[Any]) -> StoredDemotion:
    seq, release, base, pack, rule, recorded_at, body = row
    return StoredDemotion(seq, release, base, pack, rule, from_micros(recorded_at), orjson.loads(body))
