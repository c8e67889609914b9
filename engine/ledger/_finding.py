"""The change that comes of a reading: found, joined to what says the same, and tied to what it mends or takes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from engine.change_alerts import of_correction, of_new
from engine.changes import (
    OPEN,
    TAKEN_BACK,
    ChangeState,
    LawChange,
    Read,
    change_id,
    corrected,
    found,
    joined,
    merged_alike,
    reread,
    superseded,
    undraftable,
)
from engine.ledger._batch import Batch
from engine.ledger._change_rows import ChangeWriter
from engine.ledger._change_sql import ABOUT, ITEM, LATER, NEAR
from engine.ledger._database import Database
from engine.ledger._sealed import CHANGE_MARK, sealed
from engine.ledger._time import to_micros
from engine.ledger.alerts import AlertWriter, Occasion, Told
from engine.ledger.change_tables import ChangeMarkRow

ALIKE: Final = 52
"""Of 64 equal pieces of two sketches, from which their texts are one: `ingest.feeds.near.SAME`."""
BANDS: Final = 16
SEASON: Final = timedelta(days=90)
"""How long after a change was opened another source may say the same; later it is another year's."""
_JOINED_BY: Final = (*OPEN, ChangeState.DRAFTED, ChangeState.DONE)


@dataclass(frozen=True, slots=True)
class NewReading:
    """What a reader made of a version. `reader`: all its versions in one word; `relevance`: in thousandths."""

    reader: str
    release: str
    """Digest of the law that it was linked with."""
    relevance: int
    relevant: bool
    read: Read
    publisher: str
    body: Mapping[str, Any]
    """JSON-ready, all of it."""
    sketch: bytes = b""
    """Equal pieces of eight bytes are what two texts have in common."""
    bands: tuple[str, ...] = ()
    """Of versions with one of them in common the sketches are compared."""
    about: tuple[str, ...] = ()
    """Instruments and rows of the law that it is about, with their place."""
    sought: tuple[str, ...] = ()
    """Of these, by which an earlier change is found that this takes back; none: by any."""
    takes_back: bool = False
    """It says that it mends or takes back something earlier."""


_BANDS: Final = [f"b{at}" for at in range(BANDS)]
_STATEMENTS: Final = {"item": ITEM, "later": LATER, "near": NEAR, "about": ABOUT}


class Finder:
    """Makes changes of readings, within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._sql = {name: database.worded(statement) for name, statement in _STATEMENTS.items()}
        self._mark = database.insertion(ChangeMarkRow, unless_known=True)
        self._changes, self._alerts = ChangeWriter(database), AlertWriter(database)

    def find(self, batch: Batch, item: int, new: NewReading, seq: int, occasion: Occasion, *, anew: bool) -> bool:
        """Keep what comes of a reading. `anew`: it was not kept before. Returns whether the version is of a change."""
        change = self._changes.one(batch, change_id(item))
        if change is not None:
            if anew:
                change = self._changes.write(batch, _reread(change, new, seq, occasion), occasion)
                self._tell_new(batch, change, new, occasion)
            return True
        publication = batch.rows(self._sql["item"], {"item": item})[0]
        former = self._former(batch, publication[2])
        if not new.relevant:
            if former is not None and anew:
                self._mended(batch, former, new, f"item:{item}", occasion)
            return False
        change = self._found(batch, item, new, seq, publication, former, occasion)
        if former is not None:
            self._of_its_own(batch, former, change, new, occasion)
        self._tell_new(batch, change, new, occasion)
        return True

    def _found(
        self,
        batch: Batch,
        item: int,
        new: NewReading,
        seq: int,
        publication: Any,
        former: LawChange | None,
        occasion: Occasion,
    ) -> LawChange:
        source, key, _ = publication
        earlier = None if former is not None or not _takes_back(new) else self._earlier(batch, item, new, publication)
        mends = former or earlier
        made = LawChange(
            change_id(item), 1, ChangeState.NEW, item, seq, source, new.publisher, new.read, "C", occasion.at, occasion.at,
            corrects=None if mends is None else mends.id,
        )  # fmt: skip
        change = self._changes.write(batch, found(made, {"reading": seq, "corrects": made.corrects}), occasion)
        alike = None if mends is not None else self._alike(batch, new, publication, occasion)
        for mark in (*new.bands, *new.about):
            batch.execute(self._mark, sealed(CHANGE_MARK, (mark, item)))
        if earlier is not None:
            self._mended(batch, earlier, new, change.id, occasion)
        later = batch.rows(self._sql["later"], {"source": source, "key": key, "item": item})
        if later:
            # Read out of turn: the later version was there first.
            by = self._changes.one(batch, change_id(later[0][0]))
            assert by is not None, "a change is kept"
            return self._changes.write(batch, superseded(change, by, occasion.at), occasion)
        if alike is not None:
            self._changes.write(batch, joined(alike, change, occasion.at), occasion)
            return self._changes.write(batch, merged_alike(change, alike, occasion.at), occasion)
        return change

    def _former(self, batch: Batch, before: int) -> LawChange | None:
        """The change of the last version before this one that is of any."""
        while before:
            change = self._changes.one(batch, change_id(before))
            if change is not None:
                return change
            before = batch.rows(self._sql["item"], {"item": before})[0][2]
        return None

    def _of_its_own(
        self, batch: Batch, former: LawChange, change: LawChange, new: NewReading, occasion: Occasion
    ) -> None:
        """A publication was mended: what was not acted on gives way, what was is told."""
        if former.state in OPEN:
            self._changes.write(batch, superseded(former, change, occasion.at), occasion)
            if former.state is ChangeState.ASSIGNED:
                # Whoever works on it must not find out by chance.
                alert = of_correction(former, new.read, change.id, occasion.at, new.reader)
                self._alerts.tell(batch, Told(alert), occasion)
        elif former.state is not ChangeState.SUPERSEDED:
            self._mended(batch, former, new, change.id, occasion)

    def _mended(self, batch: Batch, former: LawChange, new: NewReading, by: str, occasion: Occasion) -> None:
        root = self._changes.root(batch, former)
        told = {"by": by, "status": new.read.status, "relevant": new.relevant}
        after = self._changes.write(batch, corrected(root, told, occasion.at), occasion)
        if after.state in _JOINED_BY:
            alert = of_correction(after, new.read, by, occasion.at, new.reader)
            self._alerts.tell(batch, Told(alert), occasion)

    def _alike(self, batch: Batch, new: NewReading, publication: Any, occasion: Occasion) -> LawChange | None:
        """The first change that says the same in nearly the same words, where it still stands for something."""
        if not new.bands:
            return None
        asked = dict(zip(_BANDS, new.bands, strict=True))
        since = to_micros(occasion.at - SEASON)
        rows = batch.rows(self._sql["near"], {**asked, "source": publication[0], "key": publication[1], "since": since})
        for item, sketch in rows:
            if _equal(bytes(sketch), new.sketch) < ALIKE:
                continue
            near = self._changes.one(batch, change_id(item))
            assert near is not None, "it was just read"
            root = self._changes.root(batch, near)
            if root.state in _JOINED_BY:
                return root
        return None

    def _earlier(self, batch: Batch, item: int, new: NewReading, publication: Any) -> LawChange | None:
        """The last change of other publications that is about the same and was not itself to take something back."""
        asked = {"source": publication[0], "key": publication[1], "item": item}
        items = {
            row[0]
            for mark in new.sought or new.about
            for row in batch.rows(self._sql["about"], {**asked, "mark": mark})
        }
        for one in sorted(items, reverse=True):
            change = self._changes.one(batch, change_id(one))
            if change is None or change.read.status in TAKEN_BACK or change.state is ChangeState.SUPERSEDED:
                continue
            return self._changes.root(batch, change)
        return None

    def _tell_new(self, batch: Batch, change: LawChange, new: NewReading, occasion: Occasion) -> None:
        if change.state in OPEN and undraftable(change.read) is None:
            self._alerts.tell(batch, Told(of_new(change, change.opened_at, new.reader)), occasion)


def _takes_back(new: NewReading) -> bool:
    return new.takes_back or new.read.status in TAKEN_BACK


def _equal(one: bytes, other: bytes) -> int:
    return sum(one[at : at + 8] == other[at : at + 8] for at in range(0, min(len(one), len(other)), 8))


def _reread(change: LawChange, new: NewReading, seq: int, occasion: Occasion) -> Any:
    told = {"reader": new.reader, "relevant": new.relevant, "differs": sorted(_differing(change.read, new.read))}
    return reread(change, new.read, seq, occasion.at, told)


def _differing(one: Read, other: Read) -> Iterator[str]:
    for name in ("title", "status", "jurisdiction", "domains", "change", "effective", "draftable"):
        if getattr(one, name) != getattr(other, name):
            yield name
