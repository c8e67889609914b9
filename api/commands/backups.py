"""`lexgate ledger`: copies of the ledger, the way back, and what a ledger that came back has lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.commands.audit import Folder, Keys, chain_body, kept_checkpoints, say_broken
from api.commands.console import FOUND, Json, give_up, progress, say, show_json
from api.commands.ledger import settings
from api.service import utc_now
from engine.ledger import LedgerError
from engine.ledger.copies import Manifest, back_up, forget, newest_copy, restore
from engine.ledger.restored import Restored, held_against

app = typer.Typer(no_args_is_help=True, help="Copies of the ledger, the way back, and what was lost on it.")

NAMED: Final = "ledger-{:%Y%m%dT%H%M%SZ}.db"
"""The name of a copy in a folder: by the moment, UTC."""

To = Annotated[
    Path | None,
    typer.Argument(metavar="[PATH]", help="File of the copy, or a folder for it; default: the folder LEXGATE_BACKUPS."),
]
From = Annotated[
    Path | None,
    typer.Argument(metavar="[BACKUP]", help="The copy, or a folder of copies: the newest; default: LEXGATE_BACKUPS."),
]
Keep = Annotated[
    int | None,
    typer.Option("--keep", min=1, help="Afterwards take away all copies in the folder but the newest so many."),
]
Quick = Annotated[bool, typer.Option("--quick", help="Do not walk the chain of the copy. Its manifest says so.")]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        formats=["%Y-%m-%dT%H:%M:%S%z"],
        metavar="INSTANT",
        help="Of a folder, the newest copy made no later than this: 2026-11-27T09:00:00+01:00.",
    ),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Where a ledger is already: keep it beside, under a name with the moment.")
]


@app.callback()
def ledger() -> None:
    """Copies of the ledger, the way back, and what was lost on it."""


@app.command("backup")
def backup(path: To = None, keep: Keep = None, quick: Quick = False, json: Json = False) -> None:
    """Copy a SQLite ledger, whole as of one moment, while it is served; beside the copy a manifest. Overwrites nothing."""
    now = utc_now()
    folder = _folder(path)
    if keep is not None and folder is None:
        give_up("--keep: name a folder, not a file")
    to = folder / NAMED.format(now) if folder is not None else path
    assert to is not None, "a file, or one in a folder"
    with _refusals(), progress("Copying", quiet=json) as step:
        manifest = back_up(settings().database, to, now, verified=not quick, progress=step)
        gone = [] if keep is None or folder is None else forget(folder, keep)
    if json:
        show_json({**_body(to, manifest), "removed": [str(one) for one in gone]})
        return
    say(f"copied: {to}, {manifest.size} bytes")
    say(f"its chain ends at {manifest.head}" + ("" if manifest.verified else "; not walked"))
    for one in gone:
        say(f"taken away: {one}")


@app.command("restore")
def bring_back(path: From = None, until: Until = None, replace: Replace = False, json: Json = False) -> None:
    """Put a copy of a SQLite ledger where LEXGATE_DATABASE says, once it is found to be whole. Stop the service first.

    Afterwards hold it against what was kept elsewhere: `lexgate ledger check --checkpoints FOLDER`.
    """
    chosen = settings()
    where = path or chosen.backups
    if where is None:
        give_up("name the copy, or set LEXGATE_BACKUPS")
    if until is not None and not where.is_dir():
        give_up("--until: name a folder of copies, not a file")
    with _refusals(), progress("Verifying", quiet=json) as step:
        copy = newest_copy(where, until) if where.is_dir() else where
        manifest = restore(copy, chosen.database, utc_now(), replace=replace, progress=step)
    if json:
        show_json(_body(copy, manifest))
        return
    say(f"restored: {copy}, made at {manifest.made_at.isoformat(timespec='seconds')}")
    say(f"whole until {manifest.head}. What was written after it is not in it.")
    say("Now: lexgate ledger check --checkpoints FOLDER")


@app.command("check")
def check(checkpoints: Folder = None, key: Keys = None, json: Json = False) -> None:
    """Is a ledger that came back whole, and what is lost? Walks the chain, and holds it against checkpoints kept elsewhere.

    On both stores; reads only. Without --checkpoints those of the folder LEXGATE_CHECKPOINTS. Ends with 1 where something is lost
    or broken.
    """
    chosen = settings()
    folder = checkpoints or chosen.checkpoints
    if folder is None:
        give_up("name the checkpoints that were kept elsewhere: --checkpoints, or LEXGATE_CHECKPOINTS")
    kept = kept_checkpoints(folder, key or [])
    with _refusals(), progress("Verifying", quiet=json) as step:
        found = held_against(chosen.database, kept, progress=step)
    if json:
        show_json(_found(found))
    else:
        _tell(found, folder)
    if not found.complete:
        raise typer.Exit(FOUND)


def _folder(path: Path | None) -> Path | None:
    """The folder that a copy is to go into; None: its file is named."""
    if path is not None:
        return path if path.is_dir() else None
    chosen = settings().backups
    if chosen is None:
        give_up("name the file or folder of the copy, or set LEXGATE_BACKUPS")
    return chosen


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except LedgerError as error:
        give_up(str(error))
    except OSError as error:
        give_up(f"{error.filename or 'the copy'}: {error.strerror}")


def _tell(found: Restored, folder: Path) -> None:
    head = found.report.head
    if not found.report.ok:
        say_broken(found.report)
    else:
        say(f"whole: {found.report.rows} rows, through {found.proved} of the checkpoints in {folder}")
    if not found.lost:
        return
    last = found.lost[-1]
    written = (
        "nothing was ever written"
        if found.recorded_at is None
        else f"the last was written at {_said(found.recorded_at)}"
    )
    say(f"lost: rows {head.seq + 1} to {last.head.seq} at least. The chain ends at row {head.seq}; {written}.")
    say(
        f"The checkpoint of {_said(last.at)} proves that row {last.head.seq} was there. What came after it leaves no trace here."
    )
    say("Before the service writes again, put these files away, with a word about why; they prove what is gone:")
    for one in found.lost:
        say(f"    {folder / one.name}")


def _said(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _found(found: Restored) -> dict[str, Any]:
    lost = [
        {"seq": one.head.seq, "hash": one.head.hash.hex(), "at": one.at.isoformat(), "file": one.name}
        for one in found.lost
    ]
    return {
        "complete": found.complete,
        **chain_body(found.report),
        "recorded_at": None if found.recorded_at is None else found.recorded_at.isoformat(),
        "proved": found.proved,
        "lost": lost,
    }


def _body(copy: Path, manifest: Manifest) -> dict[str, Any]:
    return {
        "backup": str(copy),
        "made_at": manifest.made_at.isoformat(),
        "bytes": manifest.size,
        "sha256": manifest.sha256,
        "head": {"seq": manifest.head.seq, "hash": manifest.head.hash.hex()},
        "recorded_at": None if manifest.recorded_at is None else manifest.recorded_at.isoformat(),
        "verified": manifest.verified,
    }
