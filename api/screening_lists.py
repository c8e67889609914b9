"""Loads lists into the ledger, and hands out those in force. A file that is not to be believed changes nothing and is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from api.list_files import Delivery, format_of, opened
from api.logs import logger
from engine.alerts import Alert, AlertKind
from engine.ledger import EditionEntry, Ledger, RefusedLoad, StoredEdition
from engine.screening.lists.errors import ListError, UnknownFormat
from engine.screening.lists.formats import FORMATS, Format
from engine.screening.lists.limits import Limits
from engine.screening.lists.reading import Delta, Reading, check_step, delta, pack, read, unpack
from engine.screening.lists.registry import ListPolicy, policy
from engine.screening.model import Edition, Listed

_log = logger("lexgate.lists")

Tell = Callable[[Alert], None]
"""What is done with an alert: whoever keeps alerts hands in how."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who takes it upon himself that an edition is smaller or older than the one before, and why."""

    person: str
    reason: str

    def __post_init__(self) -> None:
        if not self.person.strip() or not self.reason.strip():
            raise ValueError("A person's name and a reason are wanted")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A new edition is in force."""

    edition: StoredEdition
    delta: Delta


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The file is the one in force."""

    edition: StoredEdition


@dataclass(frozen=True, slots=True)
class Refused:
    """The file was not put to use; what was in force stays in force. `alert`: for whoever keeps alerts."""

    code: str
    reason: str
    kept: StoredEdition | None
    alert: Alert


def load(
    ledger: Ledger,
    delivery: Delivery,
    wanted: ListPolicy,
    *,
    at: datetime,
    limits: Limits,
    acceptance: Acceptance | None = None,
    format_code: str | None = None,
    keep_file: bool = True,
    again: bool = False,
    tell: Tell | None = None,
) -> Loaded | Unchanged | Refused:
    """Read a file and put it to use, or refuse it, record that and tell it.

    `again` reads a file that is in force already once more, as after an upgrade that reads more of it. Raises LedgerError where
    the ledger cannot be written, ListMoved (to be tried again) where another load came between.
    """
    before = ledger.lists.in_force(wanted.code)
    if before is not None and before.digest == delivery.digest and not again:
        ledger.lists.unchanged(wanted.code, delivery.digest, delivery.source, at)
        return Unchanged(before)
    known: Mapping[str, str] = {} if before is None else ledger.lists.versions(before.seq)
    try:
        reading = _read(delivery, wanted, format_code, limits)
        differs = delta(known, reading.versions)
        if before is not None and acceptance is None:
            check_step(edition_of(before), len(differs.removed), reading, wanted)
    except ListError as error:
        return refuse(ledger, wanted, error, source=delivery.source, digest=delivery.digest, at=at, tell=tell)
    entry = _entry(delivery, reading, differs, wanted, at, before, acceptance, keep_file=keep_file)
    stored = ledger.lists.keep(entry)
    _logged("info", "list_loaded", list=wanted.code, entries=stored.entries, added=stored.added, removed=stored.removed)
    return Loaded(stored, differs)


def refuse(
    ledger: Ledger,
    wanted: ListPolicy,
    error: ListError,
    *,
    source: str,
    digest: str | None,
    at: datetime,
    tell: Tell | None = None,
) -> Refused:
    """Record a load that came to nothing, also one that never got a file, and raise the alarm."""
    kept = ledger.lists.in_force(wanted.code)
    reason = str(error)
    ledger.lists.refuse(
        RefusedLoad(wanted.code, source, digest, at, error.code, reason, None if kept is None else kept.digest)
    )
    _logged(
        "error",
        "list_refused",
        list=wanted.code,
        code=error.code,
        source=source,
        kept=None if kept is None else kept.digest,
    )
    alert = alert_of(wanted.code, error.code, reason, digest or source, kept, at)
    if tell is not None:
        tell(alert)
    return Refused(error.code, reason, kept, alert)


def alert_of(code: str, error: str, reason: str, what: str, kept: StoredEdition | None, at: datetime) -> Alert:
    """The alarm about a refused load. The same file refused twice for the same cause is one alert."""
    force = f"the edition of {kept.loaded_at.date().isoformat()} stays in force" if kept else "no edition is in force"
    return Alert(
        kind=AlertKind.INCIDENT,
        rule=f"lists.{error}",
        pack=kept.digest if kept else "",
        version=str(kept.seq) if kept else "",
        subject_kind="list",
        subject=code,
        evidence=(what,),
        occurred_at=at,
        severity="high",
        summary=f"A load of {code} was refused and {force}. {reason}.",
    )


def edition_of(stored: StoredEdition, stale_days: Mapping[str, int] | None = None) -> Edition:
    """An edition as screening knows it. How old it may be today's settings tell, and nothing that was set when it was loaded."""
    return Edition(
        list=stored.list,
        digest=stored.digest,
        published=stored.published,
        loaded_at=stored.loaded_at,
        source=stored.source,
        entries=stored.entries,
        counts=tuple(sorted(stored.counts.items())),
        stale_after_days=policy(stored.list, stale_days).stale_after_days,
    )


def active_lists(
    ledger: Ledger, stale_days: Mapping[str, int] | None = None
) -> list[tuple[Edition, tuple[Listed, ...]]]:
    """Every list in force with its entries, by code: what an index in memory is made from. Reads megabytes.

    `edition_fingerprint` says when to ask again.
    """
    found = []
    for stored in ledger.lists.latest():
        content = ledger.lists.content(stored.seq)
        if content is not None:
            found.append((edition_of(stored, stale_days), unpack(content)))
    return found


def edition_fingerprint(ledger: Ledger) -> str:
    """Another text after every edition that comes into force: one small question, cheap to poll."""
    return ledger.lists.fingerprint()


def difference(ledger: Ledger, older: StoredEdition, newer: StoredEdition) -> Delta:
    """By what two editions of a list differ."""
    return delta(ledger.lists.versions(older.seq), ledger.lists.versions(newer.seq))


def names_in(ledger: Ledger, *editions: StoredEdition) -> dict[str, str]:
    """The first name of each entry of some editions, by key; of the later edition where both have it. Reads megabytes."""
    found: dict[str, str] = {}
    for stored in sorted(editions, key=lambda one: one.seq):
        content = ledger.lists.content(stored.seq)
        entries = () if content is None else unpack(content)
        found |= {entry.key: entry.names[0].text for entry in entries if entry.names}
    return found


def _read(delivery: Delivery, wanted: ListPolicy, format_code: str | None, limits: Limits) -> Reading:
    format_ = _chosen(wanted, format_code) if format_code else format_of(delivery, wanted.formats)
    with opened(delivery, format_) as streams:
        return read(streams, wanted.code, format_, limits)


def _chosen(wanted: ListPolicy, code: str) -> Format:
    if code not in wanted.formats:
        raise UnknownFormat(f"{wanted.code} is not published as {code[:40]!r}: {', '.join(wanted.formats)}")
    return FORMATS[code]


def _entry(
    delivery: Delivery,
    reading: Reading,
    differs: Delta,
    wanted: ListPolicy,
    at: datetime,
    before: StoredEdition | None,
    acceptance: Acceptance | None,
    *,
    keep_file: bool,
) -> EditionEntry:
    return EditionEntry(
        list=wanted.code,
        digest=delivery.digest,
        source=delivery.source,
        format=reading.format,
        published=reading.published,
        at=at,
        entries=len(reading.entries),
        stale_after_days=wanted.stale_after_days,
        counts=dict(reading.counts),
        added=differs.added,
        removed=differs.removed,
        changed=differs.changed,
        versions=reading.versions,
        content=pack(reading.entries),
        original=delivery.content if keep_file else None,
        after=None if before is None else before.seq,
        accepted_by=None if acceptance is None else acceptance.person.strip(),
        accepted_reason=None if acceptance is None else acceptance.reason.strip(),
    )


def _logged(level: Literal["info", "error"], event: str, **said: object) -> None:
    """A line of the service's log. Where none is set up, as in a command, the caller has its own way to speak."""
    if structlog.is_configured():
        getattr(_log, level)(event, **said)


def policies(ledger: Ledger, required: tuple[str, ...], stale_days: Mapping[str, int]) -> list[ListPolicy]:
    """The policies of all lists that are loaded or required, by code."""
    codes = {stored.list for stored in ledger.lists.latest()} | set(required)
    return [policy(code, stale_days) for code in sorted(codes)]
