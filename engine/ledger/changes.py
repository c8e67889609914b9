"""Changes of the law in the ledger: found by a reader, worked on by persons, moved only from where they were seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from engine.alerts import Alert
from engine.change_alerts import in_time, of_day
from engine.changes import ChangeState, ChangeStep, LawChange, draft_withdrawn, released
from engine.drafting import Draft, DraftState, DraftStep
from engine.ledger._batch import Batch
from engine.ledger._change_rows import ChangeWriter, StoredChangeStep, change_of, step_of
from engine.ledger._change_sql import COUNT, DATED, DRAFTED, INTO, NEWEST, ONE, PAGE, READER, STANDS, STEPS, WITH_DRAFT
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros
from engine.ledger._writer import Writer
from engine.ledger.alerts import AlertWriter, Occasion, Told
from engine.ledger.drafts import Along, Drafts, draft_of
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.readings import CHANGE, Readings


@dataclass(frozen=True, slots=True)
class ChangesWanted:
    """What a list is narrowed to. None: anything. `effective_before`: only changes with a day, and that earlier; `q`: words
    of the title, in their order."""

    state: ChangeState | None = None
    status: str | None = None
    jurisdiction: str | None = None
    domain: str | None = None
    assignee: str | None = None
    effective_before: date | None = None
    q: str | None = None


class ChangeMoved(ValueError):
    """The change is not any more as it was seen."""


_FURTHEST: Final = 4
"""Days ahead, within which something may be to be told."""

Outcome = Replayed | KeyReused | None


class Changes:
    """The changes of the ledger."""

    def __init__(
        self, database: Database, readers: Readers, writer: Writer, drafts: Drafts, readings: Readings
    ) -> None:
        self._readers, self._writer, self._drafts, self._readings = readers, writer, drafts, readings
        words = map(
            database.worded, (ONE, PAGE, STEPS, INTO, DRAFTED, DATED, COUNT, READER, WITH_DRAFT, STANDS, NEWEST)
        )
        self._one, self._page, self._steps, self._into, self._drafted, self._dated, self._count, *rest = words
        self._reader, self._with_draft, self._stands, self._newest = rest
        self._changes, self._alerts = ChangeWriter(database), AlertWriter(database)

    def one(self, name: str) -> LawChange | None:
        """The change with this id."""
        row = self._readers.row(self._one, {"id": name})
        return None if row is None else change_of(row)

    def page(self, wanted: ChangesWanted, *, limit: int, after: str | None, newest: bool = False) -> Page[LawChange]:
        """Changes in the order in which their publications were kept; or the newest first."""
        before = wanted.effective_before
        asked = {
            "state": wanted.state and wanted.state.value, "status": wanted.status, "jurisdiction": wanted.jurisdiction,
            "domain": None if wanted.domain is None else f"%,{wanted.domain},%", "assignee": wanted.assignee,
            "before": None if before is None else before.isoformat(), "q": _pattern(wanted.q),
            "after": after or ("chg_~" if newest else ""), "limit": limit + 1,
        }  # fmt: skip
        rows = self._readers.rows(self._newest if newest else self._page, asked)
        data = tuple(change_of(row) for row in rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)

    def history(self, name: str) -> tuple[StoredChangeStep, ...]:
        """Every step, the first one first."""
        return tuple(step_of(row) for row in self._readers.rows(self._steps, {"id": name}))

    def sources(self, name: str) -> tuple[LawChange, ...]:
        """The changes that were merged into one, and into those."""
        found: list[LawChange] = []
        for row in self._readers.rows(self._into, {"id": name}):
            change = change_of(row)
            found += (change, *self.sources(change.id))
        return tuple(found)

    def counted(self) -> dict[str, tuple[int, datetime]]:
        """Of each state how many changes, and when the first of them was opened."""
        return {state: (int(number), from_micros(first)) for state, number, first in self._readers.rows(self._count)}

    def store(
        self,
        steps: Sequence[ChangeStep],
        occasion: Occasion,
        once: KeyedAnswer | None = None,
        drafted: Sequence[tuple[DraftStep, Along | None]] = (),
    ) -> Outcome:
        """Chain what a person did, if each change is as that person saw it, and the steps of the draft that it makes, all or
        none. Waits for the disk.

        Raises ChangeMoved where one is not, what `Drafts.store` raises, and EntryRefused where the database itself says no.
        """

        def work(batch: Batch) -> Outcome | Exception:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            for step in steps:
                now = self._changes.one(batch, step.change.id)
                if (0 if now is None else now.number) + 1 != step.change.number:
                    return ChangeMoved(step.change.id)
            for draft_step, along in drafted:
                refused = self._drafts.take(batch, draft_step, occasion.at, along)
                if refused is not None:
                    # The savepoint of the task is undone by what is raised, not by what is returned.
                    assert draft_step is drafted[0][0], "only the first step of a draft can be refused"
                    return refused
            for step in steps:
                self._changes.write(batch, step, occasion)
                if step.before is None:
                    self._readings.became(batch, step.change.item, CHANGE)
            return None if once is None else batch.claim(once.key, once.answer)

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found

    def follow(self, occasion: Occasion) -> tuple[int, int]:
        """Follow the drafts of changes, and tell of those whose day is near or over. Returns how many changes moved, and how many
        alerts were new. Waits for the disk, where there is anything to do."""
        until = date.fromordinal(occasion.at.date().toordinal() + _FURTHEST).isoformat()
        drafted = [(change_of(row[:-1]), draft_of(bytes(row[-1]))) for row in self._readers.rows(self._drafted)]
        dated = [(change_of(row), None) for row in self._readers.rows(self._dated, {"until": until})]
        names = [
            change.id
            for change, draft in (*drafted, *dated)
            if _moved(change, draft, occasion.at) is not None or self._is_to_be_told(change, draft, occasion.at)
        ]

        def work(batch: Batch) -> tuple[int, int]:
            found = [self._follow(batch, name, occasion) for name in names]
            return sum(moved for moved, _ in found), sum(told for _, told in found)

        return self._writer.run(work) if names else (0, 0)

    def _follow(self, batch: Batch, name: str, occasion: Occasion) -> tuple[int, int]:
        """What was seen to be to do, on what is there by now."""
        row = batch.rows(self._with_draft, {"id": name})[0]
        change, draft = change_of(row[:-1]), None if row[-1] is None else draft_of(bytes(row[-1]))
        step = _moved(change, draft, occasion.at)
        if step is not None:
            change, draft = self._changes.write(batch, step, occasion), None
        reader = batch.rows(self._reader, {"seq": change.reading})
        alert = _of_day(change, draft, occasion.at, reader[0][0])
        told = alert is not None and self._alerts.tell(batch, Told(alert), occasion)
        return int(step is not None), int(told)

    def _is_to_be_told(self, change: LawChange, draft: Draft | None, at: datetime) -> bool:
        alert = _of_day(change, draft, at, "")
        return alert is not None and self._readers.row(self._stands, {"id": alert.id}) is None


def _moved(change: LawChange, draft: Draft | None, at: datetime) -> ChangeStep | None:
    """The step that a change takes because of what became of its draft."""
    if draft is None or draft.id != change.draft:
        return None
    if draft.state is DraftState.WITHDRAWN:
        return draft_withdrawn(change, at)
    in_force = draft.state is DraftState.SCHEDULED and draft.active_from is not None and draft.active_from <= at
    if not in_force or change.state is not ChangeState.DRAFTED:
        return None
    return released(change, at, {"draft": draft.id, "content": draft.content})


def _of_day(change: LawChange, draft: Draft | None, at: datetime, reader: str) -> Alert | None:
    """What is to be told of its day, unless its draft is scheduled for it."""
    effective = change.read.effective
    if draft is not None and effective is not None and in_time(draft.active_from, effective):
        return None
    return of_day(change, at, reader)


def _pattern(q: str | None) -> str | None:
    if q is None:
        return None
    words = q.casefold()
    for sign in ("!", "%", "_"):
        words = words.replace(sign, f"!{sign}")
    return f"%{'%'.join(words.split())}%"
