"""Copies of a SQLite ledger: made while it is served, each with a manifest that says what it holds and where its chain ends.

A copy is one file and needs nothing beside it. Its manifest is written last: a copy without one was never finished. Keys are in
neither: who can read a copy must not thereby be able to sign.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from engine.ledger import audit
from engine.ledger._chain import Head
from engine.ledger._database import Database, one_line
from engine.ledger._schema import REVISION, require
from engine.ledger._time import from_micros
from engine.ledger.errors import LedgerError, LedgerUnavailable

FORMAT: Final = "lexgate-backup/1"
MANIFEST: Final = ".manifest.json"
"""Behind the name of the copy."""
PIECE_PAGES: Final = 256
"""4 MiB between two words of progress. All pieces are of one moment: the reading transaction stays open."""
_LOCKS: Final = 0x40000000
"""Where SQLite's locks lie in a file (https://www.sqlite.org/src/file/src/os.h, PENDING_BYTE)."""
_LOCKS_WIDTH: Final = 512


class BackupRefused(LedgerError):
    """A copy cannot be made, or not be put in place. The message says why; nothing was changed."""

    code = "backup_refused"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy is. `head` is where its chain ends, `recorded_at` when that row was written; None: the chain is empty.

    It is not signed: a hand that can change the copy can change it as well. What proves something against such a hand is a signed
    checkpoint that was kept elsewhere.
    """

    file: str
    made_at: datetime
    revision: str
    """The version of the tables."""
    size: int
    """Bytes."""
    sha256: str
    head: Head
    recorded_at: datetime | None
    verified: bool
    """Whether the whole chain of the copy was walked when it was made."""

    def written(self) -> bytes:
        """As it lies beside the copy."""
        recorded = None if self.recorded_at is None else self.recorded_at.isoformat()
        body: dict[str, Any] = {**asdict(self), "format": FORMAT, "made_at": self.made_at.isoformat()}
        body |= {"head": str(self.head), "recorded_at": recorded}
        return json.dumps(body, indent=2, sort_keys=True).encode() + b"\n"


def read_manifest(copy: Path) -> Manifest:
    """The manifest of a copy. Raises BackupRefused."""
    path = manifest_of(copy)
    try:
        body = json.loads(path.read_bytes())
        if body.pop("format") != FORMAT:
            raise ValueError("another format")
        made, recorded = _instant(body["made_at"]), body["recorded_at"]
        read = {"made_at": made, "recorded_at": recorded and _instant(recorded), "head": Head.parse(body["head"])}
        return Manifest(**{**body, **read})
    except OSError as error:
        why = f"{path} cannot be read ({error.strerror}): without its manifest a copy was never finished"
        raise BackupRefused(why) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BackupRefused(f"{path} is no manifest of a backup") from None


def manifest_of(copy: Path) -> Path:
    """Where the manifest of a copy lies."""
    return copy.with_name(copy.name + MANIFEST)


def back_up(
    url: str, to: Path, at: datetime, *, verified: bool = True, progress: audit.Progress | None = None
) -> Manifest:
    """Copy the ledger as it is at one moment, while others write to it. Nobody waits for it.

    With `verified` the chain of the copy is walked as well. Raises BackupRefused if there is a file already, or the copy is
    not whole; LedgerError if the ledger cannot be read. What was begun and not finished is taken away.
    """
    source = _sqlite(url)
    if to.exists() or manifest_of(to).exists():
        raise BackupRefused(f"{to} is there already: a backup overwrites nothing")
    # Says what is in the way before a folder is made for the copy.
    source.connect().close()
    require(source)
    draft = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _copy(source, draft, progress)
        manifest = _manifest(draft, to.name, at, verified=verified, progress=progress)
        _sync(draft)
        draft.replace(to)
        _write_private(manifest_of(to), manifest.written())
        _sync(to.parent)
    except (sqlite3.Error, OSError) as error:
        raise LedgerUnavailable(f"No backup was made: {one_line(error)}") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def newest_copy(folder: Path, until: datetime | None = None) -> Path:
    """The newest finished copy in a folder that was made no later than an instant. Raises BackupRefused."""
    made = finished(folder)
    if not made:
        raise BackupRefused(f"There is no finished backup in {folder}")
    known = [copy for at, copy in made if until is None or at <= until]
    if not known:
        raise BackupRefused(f"The first backup in {folder} was made at {made[0][0].isoformat()}, after that moment")
    return known[-1]


def finished(folder: Path) -> list[tuple[datetime, Path]]:
    """The copies in a folder that have a manifest, by the moment they were made, the oldest first. Raises BackupRefused."""
    copies = (one.with_name(one.name.removesuffix(MANIFEST)) for one in folder.glob(f"*{MANIFEST}"))
    return sorted((read_manifest(one).made_at, one) for one in copies)


def forget(folder: Path, keep: int) -> list[Path]:
    """Take away all finished copies in a folder but the newest so many, each with its manifest. Returns them. Raises OSError."""
    old = [copy for _, copy in finished(folder)[: -keep or None]]
    for copy in old:
        # Without the manifest it is no backup any more, whatever happens next.
        manifest_of(copy).unlink()
        copy.unlink(missing_ok=True)
    return old


def restore(
    copy: Path, url: str, at: datetime, *, replace: bool = False, progress: audit.Progress | None = None
) -> Manifest:
    """Put a copy where a ledger is to be, once its digest and its whole chain are found to be as its manifest says.

    With `replace` a ledger that is there is kept beside, under a name with the moment. Raises BackupRefused, LedgerError:
    nothing was changed then.
    """
    place = Path(str(_sqlite(url).url.database))
    manifest = read_manifest(copy)
    if _there(place) and not replace:
        raise BackupRefused(
            f"{place} is there already: nothing is overwritten without --replace, which keeps it beside"
        )
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _take(copy, draft, manifest)
        _require_whole(draft, manifest, progress)
        _sync(draft)
        with _unused(place):
            _set_aside(place, at)
            draft.replace(place)
        _sync(place.parent)
    except (sqlite3.Error, OSError) as error:
        raise LedgerUnavailable(f"Nothing was restored: {one_line(error)}") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


# -- parts ----------------------------------------------------------------------------------------------------------


def _sqlite(url: str) -> Database:
    database = Database(url, readonly=True)
    if not database.is_sqlite:
        why = (
            f"{database.name} is no SQLite ledger: PostgreSQL has its own tools, see docs/how-to/back-up-and-restore.md"
        )
        raise BackupRefused(why)
    return database


def _copy(source: Database, draft: Path, progress: audit.Progress | None) -> None:
    """SQLite's online backup, in pieces of one reading transaction: writers go on, and what they add is not in it."""

    def told(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    with closing(source.connect()) as reading, closing(sqlite3.connect(draft)) as writing:
        assert isinstance(reading, sqlite3.Connection)
        reading.execute(source.begin_reading)
        reading.execute("SELECT 1 FROM head").fetchone()  # the moment is that of the first look
        reading.backup(writing, pages=PIECE_PAGES, progress=told)
        reading.execute("COMMIT")
        # One file, which can be read where nothing can be written beside it. A ledger that opens it makes it a log again.
        writing.execute("PRAGMA journal_mode = DELETE")


def _manifest(draft: Path, name: str, at: datetime, *, verified: bool, progress: audit.Progress | None) -> Manifest:
    if verified:
        _sound(f"sqlite:///{draft}", progress)
    head, recorded_at = end_of(f"sqlite:///{draft}")
    with draft.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    return Manifest(name, at, REVISION, draft.stat().st_size, digest, head, recorded_at, verified)


def end_of(url: str) -> tuple[Head, datetime | None]:
    """Where the chain of a ledger says it ends, and when that row was written; None: nothing was. Walks nothing."""
    database = Database(url, readonly=True)
    try:
        with closing(database.connect()) as connection:
            row = connection.execute("SELECT seq, hash, recorded_at FROM head WHERE id = 1").fetchone()
    except database.driver.Error as error:
        raise LedgerUnavailable(f"The ledger at {database.name} cannot be read: {one_line(error)}") from error
    if row is None:
        raise LedgerUnavailable(f"The ledger at {database.name} cannot be read: the head of its chain is missing")
    return Head(row[0], bytes(row[1])), from_micros(row[2]) if row[0] else None


def _take(copy: Path, draft: Path, manifest: Manifest) -> None:
    """Copy the bytes, for their new owner only, and hold them against their digest."""
    with (
        copy.open("rb") as reading,
        os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb+") as writing,
    ):
        while piece := reading.read(1024 * 1024):
            writing.write(piece)
        writing.seek(0)
        digest = file_digest(writing, "sha256").hexdigest()
    if digest != manifest.sha256:
        raise BackupRefused(f"{copy} is not what its manifest says: its SHA-256 is {digest}")


def _require_whole(draft: Path, manifest: Manifest, progress: audit.Progress | None) -> None:
    require(Database(f"sqlite:///{draft}", readonly=True))
    report = _sound(f"sqlite:///{draft}", progress)
    if report.head != manifest.head:
        raise BackupRefused(f"The chain of the copy ends at {report.head}, and its manifest says {manifest.head}")


def _sound(url: str, progress: audit.Progress | None) -> audit.AuditReport:
    report = audit.verify(url, progress=progress)
    if report.first_bad is not None:
        bad = report.first_bad
        raise BackupRefused(f"The copy is broken at row {bad.seq} ({bad.table}): {bad.what}")
    return report


def _there(place: Path) -> list[Path]:
    """The files of a ledger that are there: itself, its log, and the index of its log."""
    return [one for suffix in ("", "-wal", "-shm") if (one := place.with_name(place.name + suffix)).exists()]


def _set_aside(place: Path, at: datetime) -> None:
    beside = place.with_name(f"{place.name}.before-{at:%Y%m%dT%H%M%SZ}")
    if _there(beside):
        raise BackupRefused(f"{beside} is there already: try again in a second")
    for one in _there(place):
        one.rename(beside.with_name(beside.name + one.name.removeprefix(place.name)))


@contextmanager
def _unused(place: Path) -> Iterator[None]:
    """While nobody has the ledger open. Whoever has holds one of SQLite's locks: it would go on writing to a file without a name.

    Asked of the operating system, since the ledger that is to be replaced may be too damaged to be asked itself.
    """
    if not place.exists():
        yield
        return
    with place.open("rb+") as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKS_WIDTH, _LOCKS)
        except OSError:
            raise BackupRefused(f"{place} is in use: stop whoever has it open first") from None
        yield


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no instant without its offset")
    return found


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as writing:
        writing.write(content)
        writing.flush()
        os.fsync(writing.fileno())


def _sync(path: Path) -> None:
    """To the disk: a file, or the names in a folder."""
    opened = os.open(path, os.O_RDONLY)
    try:
        with suppress(PermissionError):
            os.fsync(opened)
    finally:
        os.close(opened)
