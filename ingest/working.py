"""Publications read as they come: understood outside of any transaction, kept with all that comes of it in one.

A worker holds what it reads for a while. One that dies, at whatever moment, leaves nothing: what it held is read again when its
lease is over, and of what it had left nothing is made twice. Several may work beside each other.
"""

from __future__ import annotations

import struct
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, Protocol

from engine.alerts import Alert, AlertKind
from engine.changes import LawChange
from engine.ledger import (
    Changes,
    EntryRefused,
    Feeds,
    NewReading,
    Occasion,
    Readings,
    StoredItem,
    Told,
    Work,
)
from engine.packs import PackSet
from ingest.directory import Source
from ingest.feeds.near import bands, sketch
from ingest.stages import Tally
from ingest.understood import Understood

LEASE: Final = timedelta(minutes=10)
AT_ONCE: Final = 16
TRIES: Final = 5
"""After so many in a row a publication is given up, and a person is told."""
FIRST_WAIT: Final = timedelta(minutes=5)
UNREAD: Final = "incident.ingest.unread"
_ABOUT: Final = 400
"""Characters of a mark."""


class Understand(Protocol):
    """What reads a publication, links it with the law and says what it would change."""

    def understand(self, item: StoredItem, source: Source, /) -> Understood:
        """Everything that is understood of a publication. Whatever it raises, the publication is tried again later."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The files that a change would change, whole; or why it changes none."""

    files: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


class Redraft(Protocol):
    """What makes the files of a draft."""

    def draft(self, item: StoredItem, change: LawChange, packs: PackSet, /) -> Drafted:
        """The files of this release with the change in them, its source, and tests of the day before and after. They are worked
        out anew: the law may have moved since the publication was read."""


@dataclass(slots=True)
class Worker:
    """A worker that reads."""

    feeds: Feeds
    readings: Readings
    changes: Changes
    sources: Mapping[str, Source]
    reader: Understand
    clock: Callable[[], datetime]
    occasion: Callable[[], Occasion]
    name: str
    tally: Tally = field(default_factory=Tally)
    stopped: Callable[[], bool] = lambda: False
    lease: timedelta = LEASE
    at_once: int = AT_ONCE

    def once(self) -> dict[str, int]:
        """Read all that waits, then follow drafts and days. Returns how many came to what: `change`, `irrelevant`, `failed`,
        `lease_lost`; `moved` changes and `told` alerts. Raises LedgerError."""
        counted: Counter[str] = Counter()
        while not self.stopped():
            held = self.readings.take(self.name, self.clock(), self.lease, self.at_once)
            if not held:
                break
            counted.update(self._some(held))
        moved, told = self.changes.follow(self.occasion())
        counted.update(moved=moved, told=told)
        stages = self.tally.stages(self.clock())
        if stages:
            self.readings.ran(stages)
        return {name: number for name, number in counted.items() if number}

    def _some(self, held: Sequence[Work]) -> list[str]:
        came: list[str] = []
        done: list[tuple[Work, NewReading]] = []
        for one in held:
            began = time.perf_counter()
            try:
                done.append((one, self._read(one)))
            except Exception as error:  # a publication is hostile text: whatever the reader meets, the others are read
                self.tally.took("read", time.perf_counter() - began, failed=True)
                came.append(self._failed(one, f"{type(error).__name__}: {error}"))
        with self.tally.timed("keep"):
            return [*came, *self._keep(done)]

    def _read(self, work: Work) -> NewReading:
        item, source = self.feeds.item(work.item), self.sources.get(work.source)
        if item is None or source is None:
            raise LookupError(f"the source {work.source} is not in the directory any more")
        found = self.reader.understand(item, source)
        for stage, seconds in found.took.items():
            self.tally.took(stage, seconds)
        return new_reading(found, source.regulator)

    def _keep(self, done: Sequence[tuple[Work, NewReading]]) -> list[str]:
        try:
            return self.readings.leave(done, self.occasion()) if done else []
        except EntryRefused as error:
            if len(done) > 1:
                # Of some that are kept together none suffers for another.
                return [state for one in done for state in self._keep([one])]
            return [self._failed(done[0][0], str(error))]

    def _failed(self, work: Work, why: str) -> str:
        now = self.clock()
        again = None if work.tries + 1 >= TRIES else now + FIRST_WAIT * 4**work.tries
        said = f"Version {work.item} of {work.source} could not be read {work.tries + 1} times: {why}"
        alert = Alert(
            AlertKind.INCIDENT, UNREAD, "lexgate", "", "service", f"ingest {work.source}", (f"item:{work.item}",), now,
            "medium", said[:500],
        )  # fmt: skip
        told = () if again is not None else (Told(alert),)
        return "failed" if self.readings.fail(work, why[:500], again, told, self.occasion()) else "lease_lost"


def new_reading(found: Understood, publisher: str) -> NewReading:
    """What is understood, as it is kept. What publications share their bands with says the same of the same place and day."""
    sketched = sketch(found.text) if found.relevant else None
    read = found.read
    same = "|".join((read.jurisdiction, read.status, str(read.effective), *found.numbers))
    said = blake2b(same.encode(), digest_size=8).hexdigest()
    return NewReading(
        found.reader, found.release, round(found.relevance * 1000), found.relevant, read, publisher, found.body,
        b"" if sketched is None else struct.pack(f">{len(sketched)}Q", *sketched),
        () if sketched is None else tuple(f"near:{said}:{band:x}" for band in bands(sketched)),
        tuple(f"about:{one}"[:_ABOUT] for one in found.about), tuple(f"about:{one}"[:_ABOUT] for one in found.sought),
        found.takes_back,
    )  # fmt: skip
