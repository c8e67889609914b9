"""A whole file to a whole edition: read, counted, checked against what it says of itself and against the edition before."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.screening.lists.draft import Told
from engine.screening.lists.errors import BrokenList, EmptyList, HostileList, OlderList, ShrunkList, TruncatedList
from engine.screening.lists.formats import Format, Streams
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.registry import ListPolicy
from engine.screening.model import Edition, Listed

_DIGEST_BYTES: Final = 16
_encoder: Final = msgspec.json.Encoder(order="deterministic")
_decoder: Final = msgspec.json.Decoder(tuple[Listed, ...])


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. Entries are sorted by key."""

    list: str
    format: str
    entries: tuple[Listed, ...]
    versions: Mapping[str, str]
    """A digest of every entry by its key: two editions differ where these do."""
    published: datetime | None

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """Entries by kind, sorted."""
        return tuple(sorted(Counter(entry.kind.value for entry in self.entries).items()))


@dataclass(frozen=True, slots=True)
class Delta:
    """Keys that came, went or changed from one edition to another, each sorted."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)


def read(streams: Streams, code: str, wanted: Format, limits: Limits = USUAL) -> Reading:
    """Read a file wholly. Raises BrokenList or HostileList; what was read until then is worth nothing."""
    told = Told()
    found: dict[str, Listed] = {}
    for entry in wanted.read(streams, code, told, limits):
        if entry.key in found:
            raise BrokenList(f"Entry {entry.key[:80]} is there twice")
        if len(found) >= limits.entries:
            raise HostileList(f"More than {limits.entries} entries")
        found[entry.key] = entry
    if told.declared is not None and told.declared != len(found):
        raise TruncatedList(f"{len(found)} entries, and the file says it holds {told.declared}")
    if not found:
        raise EmptyList("Nobody is on this list")
    entries = tuple(found[key] for key in sorted(found))
    return Reading(code, wanted.code, entries, {entry.key: version(entry) for entry in entries}, told.published)


def version(entry: Listed) -> str:
    """What an entry says, as 32 hex digits. Another edition in which it says the same has the same."""
    return hashlib.sha256(_encoder.encode(entry)).hexdigest()[: 2 * _DIGEST_BYTES]


def delta(old: Mapping[str, str], new: Mapping[str, str]) -> Delta:
    """What differs between two editions, by their entries' versions."""
    return Delta(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(key for key in old.keys() & new.keys() if old[key] != new[key])),
    )


def check_step(before: Edition, removed: int, after: Reading, policy: ListPolicy) -> None:
    """Raise OutOfStep where an edition must not follow another unseen.

    Measured are entries removed, not the difference in length: names exchanged for invented ones would hide in that.
    """
    if before.published is not None and after.published is not None and after.published < before.published:
        raise OlderList(after.published, before.published)
    if removed > policy.allowed_shrink * before.entries:
        raise ShrunkList(before.entries, before.entries - removed, policy.allowed_shrink)


def age(edition: Edition, at: datetime) -> timedelta:
    """How old an edition is: since the day the file bears, or else since it was loaded. A day of the future is no day."""
    since = edition.published if edition.published is not None and edition.published <= at else edition.loaded_at
    return max(at - since, timedelta())


def is_stale(edition: Edition, at: datetime) -> bool:
    """Whether an edition is older than its policy; one without a policy always is."""
    return edition.stale_after_days is None or age(edition, at) > timedelta(days=edition.stale_after_days)


def pack(entries: tuple[Listed, ...]) -> bytes:
    """Entries as canonical bytes."""
    return _encoder.encode(entries)


def unpack(content: bytes) -> tuple[Listed, ...]:
    """The inverse of `pack`."""
    return _decoder.decode(content)
