"""`lexgate audit`: is the record what was written?"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from api.checkpointing import checkpoint_now
from api.commands.console import FOUND, Json, give_up, progress, say, show_json
from api.commands.ledger import opened, settings
from api.master_key import MasterKey
from api.service import utc_now
from api.signing_keys import KeyRefused, SigningKeys, read_public
from engine.ledger import AuditReport, BadCheckpoint, Checkpoint, Head, LedgerError, read_checkpoint
from engine.ledger import verify as verify_ledger

app = typer.Typer(no_args_is_help=True, help="The hash chain of the ledger.")

Expected = Annotated[
    str | None,
    typer.Option("--expect", metavar="SEQ:HASH", help="A head kept elsewhere, as an earlier run printed it."),
]
Folder = Annotated[
    Path | None, typer.Option("--checkpoints", metavar="FOLDER", help="Signed checkpoints that were kept elsewhere.")
]
Archive = Annotated[
    Path | None, typer.Option("--archive", metavar="FOLDER", help="Read there what was taken out of the ledger.")
]
Keys = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="KEY", help="Whose checkpoints are trusted: 64 hexadecimal digits, or a file."),
]


@app.callback()
def audit() -> None:
    """The hash chain of the ledger."""


@app.command("verify")
def verify(
    expect: Expected = None, checkpoints: Folder = None, key: Keys = None, archive: Archive = None, json: Json = False
) -> None:
    """Walk the whole chain and name the first bad row. Needs no service, reads only; ends with 1 if there is one.

    With checkpoints kept elsewhere: each must be signed by a trusted key, name the one before, and lie on the chain.
    """
    head = _head(expect)
    kept = kept_checkpoints(checkpoints, key or [])
    heads = [one.head for one in kept] + ([] if head is None else [head])
    with progress("Verifying", quiet=json) as step:
        try:
            chosen = settings()
            report = verify_ledger(
                chosen.database, expected=heads, progress=step, ring=MasterKey(chosen).source(), archive=archive
            )
        except LedgerError as error:
            give_up(str(error))
    if json:
        show_json({"ok": report.ok, **chain_body(report), "checkpoints": len(kept)})
    elif report.first_bad is not None:
        say_broken(report)
    else:
        through = f", through {len(kept)} signed checkpoints" if kept else ""
        _tell_archived(report, archive)
        say(f"whole: {report.rows} rows{through}. Keep this head elsewhere:")
        say(str(report.head))
    if not report.ok:
        raise typer.Exit(FOUND)


def _tell_archived(report: AuditReport, archive: Path | None) -> None:
    """Which months were taken out, and whether they were read."""
    if not report.archived:
        return
    taken, months = sum(span.taken for span in report.archived), report.archived
    read = f"and were read in {archive}" if archive else "and were not read: --archive FOLDER reads them"
    say(f"{taken} decisions of {months[0].month} to {months[-1].month} lie in the archive, {read}")
    if report.unseen:
        say(f"{report.unseen} of the heads kept elsewhere lie in the archive, and were not held against it")


@app.command("checkpoint")
def checkpoint(json: Json = False) -> None:
    """Sign where the chain ends now, and copy it to LEXGATE_CHECKPOINTS. The service does so each day by itself."""
    chosen = settings()
    try:
        own = SigningKeys(chosen).own
    except (KeyRefused, OSError) as error:
        give_up(str(error))
    if own is None:
        give_up("there is no key to sign with: set LEXGATE_SIGNING_KEY")
    with opened() as ledger:
        try:
            made = checkpoint_now(ledger, own, utc_now(), chosen.checkpoints)
        except OSError as error:
            give_up(f"the checkpoint is in the ledger, but not in {chosen.checkpoints}: {error.strerror}")
    if json:
        head = None if made is None else {"seq": made.head.seq, "hash": made.head.hash.hex()}
        show_json({"made": made is not None, "head": head})
    else:
        say("nothing has happened since the last one" if made is None else f"signed: {made.head}")


def kept_checkpoints(folder: Path | None, keys: list[str]) -> list[Checkpoint]:
    """The checkpoints of a folder, each signed by a trusted key and naming the one before."""
    if folder is None:
        if keys:
            give_up("--key: name the folder with --checkpoints, too")
        return []
    try:
        trusted = read_public(keys) if keys else SigningKeys(settings()).trusted
        found = [
            (path.name, read_checkpoint(path.read_bytes(), trusted))
            for path in sorted(folder.glob("checkpoint-*.json"))
        ]
    except (KeyRefused, OSError) as error:
        give_up(str(error))
    except BadCheckpoint as error:
        broken(f"a checkpoint in {folder} proves nothing: {error}")
    if not found:
        give_up(f"there is no checkpoint in {folder}")
    for (_, before), (name, one) in pairwise(found):
        if not one.follows(before):
            broken(f"{name} does not name the checkpoint before it: one was taken away, or put in")
    return [one for _, one in found]


def broken(why: str) -> NoReturn:
    say(f"broken: {why}")
    raise typer.Exit(FOUND)


def _head(text: str | None) -> Head | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text)
    if found is None:
        give_up("--expect: write the head as an earlier run printed it, 1234:9f86d081...")
    return Head(int(found[1]), bytes.fromhex(found[2]))


def say_broken(report: AuditReport) -> None:
    """Where the chain is broken, and until where it is whole."""
    bad = report.first_bad
    assert bad is not None, "it is broken"
    say(f"broken at row {bad.seq} ({bad.table}): {bad.what}")
    say(f"whole until row {report.head.seq}: {report.head}")


def chain_body(report: AuditReport) -> dict[str, Any]:
    """How far the chain was walked, JSON-ready."""
    bad = report.first_bad
    return {
        "rows": report.rows,
        "head": {"seq": report.head.seq, "hash": report.head.hash.hex()},
        "archived": [
            {"month": span.month, "manifest": span.manifest, "taken": span.taken, "place": span.place}
            for span in report.archived
        ],
        "unseen": report.unseen,
        "first_bad": None if bad is None else {"seq": bad.seq, "table": bad.table, "what": bad.what},
    }
