"""A ledger that came back, held against the signed checkpoints that were kept elsewhere: is it whole, and what is lost?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.ledger import audit
from engine.ledger.checkpoints import Checkpoint
from engine.ledger.copies import end_of


@dataclass(frozen=True, slots=True)
class Restored:
    """What was found. `recorded_at`: when the last row was written; None: there is none.

    `lost`: the checkpoints of rows that are not here, the first one first. What was written after the last of them is not
    known of: without a checkpoint it leaves no trace.
    """

    report: audit.AuditReport
    recorded_at: datetime | None
    proved: int
    """How many checkpoints the chain goes through."""
    lost: tuple[Checkpoint, ...]

    @property
    def complete(self) -> bool:
        """Whether the chain is whole and reaches every checkpoint."""
        return self.report.ok and not self.lost


def held_against(url: str, kept: Sequence[Checkpoint], *, progress: audit.Progress | None = None) -> Restored:
    """Walk the whole chain through those checkpoints that it reaches. Writes nothing. Raises LedgerError."""
    end, recorded_at = end_of(url)
    reached = [one for one in kept if one.head.seq <= end.seq]
    lost = sorted((one for one in kept if one.head.seq > end.seq), key=lambda one: one.head.seq)
    report = audit.verify(url, expected=[one.head for one in reached], progress=progress)
    return Restored(report, recorded_at, len(reached), tuple(lost))
