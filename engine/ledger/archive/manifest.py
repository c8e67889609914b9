"""What an archive says of one month: which rows of the chain, in which files, and between which hashes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from engine.ledger._chain import GENESIS, Head
from engine.ledger.errors import LedgerError
from engine.signing import ARCHIVE, SigningKey, archive_statement, signature_in, verifies, written

MANIFESTS: Final = "manifests"
DECISIONS: Final = "decisions"
CHAIN: Final = "chain"
"""Folders of an archive: its manifests, the parts of `decision`, the parts of all other tables of the chain."""


class ArchiveRefused(LedgerError):
    """An archive cannot be written, read or trusted. The message says why; nothing was changed."""

    code = "archive_refused"


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file. Numbers, ids and instants are the smallest and the largest of its rows; those of ids and instants (`at`,
    in microseconds) are of decisions only."""

    path: str
    """From the folder of the archive, with slashes."""
    table: str
    rows: int
    size: int
    """Bytes."""
    sha256: str
    first_seq: int
    last_seq: int
    first_id: str | None = None
    last_id: str | None = None
    first_at: int | None = None
    last_at: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One month of the chain. `head` is its last row; `prev` is the hash before `first`."""

    month: str
    """2026-01: rows recorded in it, UTC."""
    first: int
    prev: bytes
    head: Head
    rows: int
    releases: tuple[str, ...]
    """The digests of the releases that its decisions name: who replays them needs these."""
    before: str | None
    """SHA-256 of the manifest of the month before; None: there is none."""
    at: datetime
    by: str
    revision: str
    """The version of the ledger's tables."""
    parts: tuple[Part, ...]
    public_key: bytes | None = None
    signature: bytes = b""

    @property
    def statement(self) -> bytes:
        """What is signed: everything but key and signature."""
        body = {
            "at": self.at.isoformat(), "before": self.before, "by": self.by, "first": self.first,
            "head": {"hash": self.head.hash.hex(), "seq": self.head.seq}, "month": self.month,
            "parts": [asdict(part) for part in self.parts], "prev": self.prev.hex(), "releases": list(self.releases),
            "revision": self.revision, "rows": self.rows,
        }  # fmt: skip
        return archive_statement(body)

    @property
    def sha256(self) -> str:
        """Of the statement: by it the next month, and the ledger, name this one."""
        return sha256(self.statement).hexdigest()

    def signed(self, key: SigningKey) -> Manifest:
        """With a signature."""
        given = {**{name: getattr(self, name) for name in self.__slots__}, "public_key": key.public}
        return Manifest(**{**given, "signature": key.sign(self.statement)})

    def file(self) -> bytes:
        """As it lies in the archive."""
        key = None if self.public_key is None else self.public_key.hex()
        body: dict[str, Any] = {"public_key": key, "sha256": self.sha256, "signature": written(self.signature)}
        body["statement"] = json.loads(self.statement)
        return json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def read_manifest(content: bytes, name: str) -> Manifest:
    """What `Manifest.file` wrote, byte for byte. Raises ArchiveRefused: also for a signature that is false."""
    try:
        body = json.loads(content)
        said, key = body["statement"], body["public_key"]
        if said.pop("format") != ARCHIVE:
            raise ArchiveRefused(f"{name} is of a format that this version does not know")
        found = Manifest(
            **{**said, **_typed(said)},
            public_key=None if key is None else bytes.fromhex(key),
            signature=signature_in(body["signature"]),
        )
        same = found.file() == content and len(found.head.hash) == len(found.prev) == len(GENESIS)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ArchiveRefused(f"{name} is no manifest of an archive") from None
    if not same:
        raise ArchiveRefused(f"{name} is not as it was written")
    if found.public_key is not None and not verifies(found.public_key, found.statement, found.signature):
        raise ArchiveRefused(f"{name}: its signature is false")
    return found


def _typed(said: Mapping[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(said["at"])
    if at.tzinfo is None:
        raise ValueError("no instant without its offset")
    return {
        "at": at, "head": Head(said["head"]["seq"], bytes.fromhex(said["head"]["hash"])),
        "prev": bytes.fromhex(said["prev"]), "releases": tuple(said["releases"]),
        "parts": tuple(Part(**part) for part in said["parts"]),
    }  # fmt: skip


def manifests_in(folder: Path) -> tuple[Manifest, ...]:
    """Those of an archive, the oldest first; each continues the one before. Raises ArchiveRefused."""
    try:
        paths = sorted((folder / MANIFESTS).glob("[0-9]*.json"))
        found = tuple(read_manifest(path.read_bytes(), path.name) for path in paths)
    except OSError as error:
        raise ArchiveRefused(f"{folder} cannot be read: {error.strerror}") from None
    for path, one in zip(paths, found, strict=True):
        if path.stem != one.month:
            raise ArchiveRefused(f"{path.name} is the manifest of {one.month}")
    if found and found[0].before is not None:
        raise ArchiveRefused(f"{paths[0].name} names a month before it, and there is none")
    for before, one in pairwise(found):
        if (one.before, one.first, one.prev) != (before.sha256, before.head.seq + 1, before.head.hash):
            raise ArchiveRefused(
                f"{one.month}.json does not continue {before.month}.json: one was taken away, or put in"
            )
    return found


def keep_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest, whole or not at all. From then on its month is there."""
    place = folder / MANIFESTS
    made = make_folder(place)
    draft = place / f".{manifest.month}.{os.getpid()}"
    draft.write_bytes(manifest.file())
    sync(draft)
    draft.replace(place / f"{manifest.month}.json")
    sync(place)
    if made:
        sync(folder)


def make_folder(place: Path) -> bool:
    """Make a folder, for its owner only: an archive holds personal data. Says whether it was not there."""
    if place.is_dir():
        return False
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return True


def sync(path: Path) -> None:
    """To the disk: a file, or the names in a folder."""
    opened = os.open(path, os.O_RDONLY)
    try:
        with suppress(PermissionError):
            os.fsync(opened)
    finally:
        os.close(opened)
