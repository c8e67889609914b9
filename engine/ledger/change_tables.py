"""The tables of what was read of publications: whose turn each is, readings, changes of the law with every step, and what finds
a change again.

Readings and steps are only added to, a change is never deleted, and a note in the chain vouches for each of these rows; whose
turn a publication is, marks and stages are sealed. The database itself refuses a draft of what is not adopted law, a person's
step without its reason, and a step that does not follow the one before.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, body, numbered, sealing, whole, words

WORK_CHECKS: Final = {
    "ck_feed_work_state": "state IN ('waiting', 'irrelevant', 'change', 'failed') AND (state = 'waiting' OR holder = '')",
}
STEP_CHECKS: Final = {
    "ck_change_step_number": (
        "number >= 1 AND (number = 1) = (from_state IS NULL) AND (number = 1) = (kind IN ('found', 'brought_back'))"
    ),
    "ck_change_step_states": (
        "to_state IN ('new', 'assigned', 'drafted', 'dismissed', 'merged', 'done', 'superseded')"
        " AND (to_state <> 'drafted' OR draft IS NOT NULL)"
    ),
    "ck_change_step_law": (
        "kind <> 'drafted' OR (status IN ('adopted', 'in_force_scheduled', 'in_force') AND draft IS NOT NULL)"
    ),
    "ck_change_step_reason": (
        "kind NOT IN ('brought_back', 'commented', 'dismissed', 'merged', 'reopened') OR length(reason) > 0"
    ),
    "ck_change_step_machine": (
        "(actor = 'system') = (kind IN ('found', 'joined', 'merged_alike', 'superseded', 'corrected', 'reread', 'released',"
        " 'draft_withdrawn', 'parted'))"
    ),
    "ck_change_step_moves": (
        "(kind NOT IN ('found', 'brought_back') OR to_state = 'new')"
        " AND (kind <> 'assigned' OR (from_state IN ('new', 'assigned') AND to_state IN ('new', 'assigned')))"
        " AND (kind <> 'drafted' OR (from_state IN ('new', 'assigned') AND to_state = 'drafted'))"
        " AND (kind <> 'dismissed' OR (from_state IN ('new', 'assigned') AND to_state = 'dismissed'))"
        " AND (kind NOT IN ('merged', 'merged_alike') OR (from_state IN ('new', 'assigned') AND to_state = 'merged'))"
        " AND (kind <> 'superseded' OR (from_state IN ('new', 'assigned') AND to_state = 'superseded'))"
        " AND (kind <> 'released' OR (from_state = 'drafted' AND to_state = 'done'))"
        " AND (kind <> 'draft_withdrawn' OR (from_state = 'drafted' AND to_state IN ('new', 'assigned')))"
        " AND (kind <> 'reopened' OR (from_state IN ('dismissed', 'merged', 'superseded', 'done')"
        " AND to_state IN ('new', 'assigned')))"
        " AND (kind NOT IN ('commented', 'joined', 'parted', 'corrected', 'reread') OR from_state = to_state)"
    ),
}
"""The constraints, by name; the migration has them word by word."""


def _sorted(**more: Any) -> Any:
    return Field(sa_column=Column(Sorted, **{"nullable": False, **more}))


class FeedWorkRow(LedgerTable, table=True):
    """A version of a publication, and whether it has been read. Instants in microseconds; nought: never. `tries`: in a row that
    failed; `reading`: the last one, nought where there is none."""

    __tablename__ = "feed_work"
    __table_args__ = (
        Index("ix_feed_work_state", "state", "item"),
        Index("ix_feed_work_next", "state", "next_at", "item"),
        *(CheckConstraint(said, name=name) for name, said in WORK_CHECKS.items()),
    )

    item: int = whole(primary_key=True, autoincrement=False)
    source: str = _sorted()
    state: str = words()
    holder: str = words()
    held_until: int = whole()
    tries: int = whole()
    since: int = whole()
    """Since when it waits."""
    next_at: int = whole()
    fault: str = words()
    reading: int = whole()
    seal: bytes = sealing()


class FeedReadingRow(LedgerTable, table=True):
    """What one reader made of a version of a publication. `relevance` in thousandths; `sketch`: of its text."""

    __tablename__ = "feed_reading"
    __table_args__ = (Index("ix_feed_reading_item", "item", "reader", "release", unique=True),)

    seq: int = numbered()
    item: int = whole()
    reader: str = _sorted()
    release: str = _sorted()
    recorded_at: int = whole()
    relevance: int = whole()
    relevant: int = whole()
    sketch: bytes = body()
    body: bytes = body()


class LawChangeRow(LedgerTable, table=True):
    """A change as it stands: what its last step left. `search`: its title, folded; `domains`: a comma on each side of each."""

    __tablename__ = "law_change"
    __table_args__ = (
        Index("ix_law_change_item", "item", unique=True),
        Index("ix_law_change_state", "state", "id"),
        Index("ix_law_change_effective", "effective", "id"),
        Index("ix_law_change_into", "merged_into"),
    )

    id: str = _sorted(primary_key=True)
    number: int = whole()
    state: str = words()
    item: int = whole()
    reading: int = whole()
    source: str = words()
    publisher: str = words()
    title: str = words()
    search: str = words()
    status: str = words()
    jurisdiction: str = words()
    domains: str = words()
    change_type: str = words()
    effective: str | None = _sorted(nullable=True)
    draftable: int = whole()
    confidence: str = words()
    assignee: str | None = words(nullable=True)
    draft: str | None = words(nullable=True)
    merged_into: str | None = _sorted(nullable=True)
    corrects: str | None = words(nullable=True)
    opened_at: int = whole()
    updated_at: int = whole()
    evidence: bytes = body()


class ChangeStepRow(LedgerTable, table=True):
    """One step of a change. `seq` is the number of the note in the chain that vouches for it."""

    __tablename__ = "change_step"
    __table_args__ = (
        Index("ix_change_step_number", "change_id", "number", unique=True),
        *(CheckConstraint(said, name=name) for name, said in STEP_CHECKS.items()),
    )

    seq: int = numbered()
    change_id: str = _sorted()
    number: int = whole()
    kind: str = words()
    at: int = whole()
    recorded_at: int = whole()
    actor: str = words()
    from_state: str | None = words(nullable=True)
    to_state: str = words()
    status: str = words()
    draft: str | None = words(nullable=True)
    reason: str = words()
    release: str = words()
    payload: bytes = body()


class ChangeMarkRow(LedgerTable, table=True):
    """What finds a change again: a band of its text's sketch, or what it is about."""

    __tablename__ = "change_mark"
    __table_args__ = (BY_KEY,)

    mark: str = _sorted(primary_key=True)
    item: int = whole(primary_key=True, autoincrement=False)
    seal: bytes = sealing()


class IngestStageRow(LedgerTable, table=True):
    """How a stage of the ingester last ran. Times in microseconds: the middle one, the one that 5 in 100 exceed, the longest."""

    __tablename__ = "ingest_stage"
    __table_args__ = (BY_KEY,)

    stage: str = _sorted(primary_key=True)
    ran_at: int = whole()
    number: int = whole()
    failed: int = whole()
    middle: int = whole()
    high: int = whole()
    longest: int = whole()
    total: int = whole()
    """How many there ever were."""
    seal: bytes = sealing()
