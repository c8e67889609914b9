"""`lexgate archive`: months of the chain that are over, as Parquet files outside the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from api import __version__
from api.commands.backtest import day
from api.commands.console import FOUND, Json, give_up, progress, say, show_json
from api.commands.ledger import opened, settings
from api.service import utc_now
from api.signing_keys import KeyRefused, SigningKeys, read_public
from engine.ledger import LedgerError
from engine.ledger.archive.check import ArchiveReport
from engine.ledger.archive.check import verify as check
from engine.ledger.archive.drop import KEEP_DAYS, LEAST_DAYS, drop
from engine.ledger.archive.manifest import Manifest
from engine.ledger.archive.write import write as write_months

app = typer.Typer(no_args_is_help=True, help="Months of the chain that are over, as files outside the ledger.")

Before = Annotated[str, typer.Option("--before", metavar="DATE", help="Months that ended before this day, in UTC.")]
To = Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="The archive; default: LEXGATE_ARCHIVE.")]
Folder = Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="The archive; default: LEXGATE_ARCHIVE.")]
Keys = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="KEY", help="Whose signatures are trusted: 64 hexadecimal digits, or a file."),
]
Alone = Annotated[bool, typer.Option("--alone", help="Look at the archive only: the ledger is not asked.")]
Through = Annotated[
    str, typer.Option("--through", metavar="DATE", help="Months that ended with this day, in UTC, or before it.")
]
KeepDays = Annotated[
    int, typer.Option("--keep-days", min=LEAST_DAYS, help="How old a decision must be that goes, in days.")
]
Signed = Annotated[bool, typer.Option("--signed", help="A month without a trusted signature is a fault.")]


@app.callback()
def archive() -> None:
    """Months of the chain that are over, as files outside the ledger."""


@app.command("write")
def write(before: Before, to: To = None, json: Json = False) -> None:
    """Write every whole month that ended before a day and is not archived yet. The ledger is read, and not changed.

    Killed, it leaves whole months; run again, it goes on after them.
    """
    folder = _folder(to)
    until = day("--before", before)
    assert isinstance(until, date), "the option is not left out"
    with _refusals(), progress("Archiving", quiet=json) as step:
        made = write_months(
            settings().database, folder, until,
            at=utc_now(), by=f"lexgate {__version__}", key=SigningKeys(settings()).own, progress=step,
        )  # fmt: skip
    if json:
        show_json({"months": [_body(one) for one in made]})
        return
    for one in made:
        say(f"{one.month}: rows {one.first} to {one.head.seq}, {sum(part.size for part in one.parts)} bytes")
    if not made:
        say("no month is over that is not archived")


@app.command("verify")
def verify(
    folder: Folder = None, key: Keys = None, alone: Alone = False, signed: Signed = False, json: Json = False
) -> None:
    """Read everything again: the digest of every file, every row of the chain, signatures, and that the ledger goes on from it.

    Ends with 1 where something is not as it was written.
    """
    place = _folder(folder)
    with _refusals(), progress("Verifying", quiet=json) as step:
        trusted = read_public(key) if key else SigningKeys(settings()).trusted
        report = check(place, trusted=trusted, url=None if alone else settings().database, progress=step)
    ok = report.ok and not (signed and report.unsigned)
    if json:
        show_json({"ok": ok, **report_body(report)})
    else:
        _tell(report)
    if not ok:
        raise typer.Exit(FOUND)


@app.command("drop")
def take_out(
    through: Through, folder: Folder = None, keep_days: KeepDays = KEEP_DAYS, key: Keys = None, json: Json = False
) -> None:
    """Take the decisions of archived months out of the ledger, once archive and ledger are both proved whole.

    What later decisions need stays. An audit goes on to pass, and says what lies in the archive. Killed, the next run finishes.
    """
    place = _folder(folder)
    last = day("--through", through)
    assert isinstance(last, date), "the option is not left out"
    with _refusals(), opened() as ledger, progress("Proving", quiet=json) as step:
        trusted = read_public(key) if key else SigningKeys(settings()).trusted
        done = drop(
            ledger, settings().database, place, last,
            at=utc_now(), trusted=trusted, keep_days=keep_days, progress=step,
        )  # fmt: skip
    if json:
        show_json({"months": [asdict(one) for one in done]})
        return
    for one in done:
        said = "more of what an earlier run had begun" if one.finished else f"{one.kept} stay"
        say(f"{one.month}: {one.taken} decisions taken out, {said}")
    if not done:
        say("nothing is archived up to that day that is in the ledger still")


def report_body(report: ArchiveReport) -> dict[str, Any]:
    """What was found, JSON-ready."""
    return {
        "months": [one.month for one in report.months], "rows": report.rows, "unsigned": list(report.unsigned),
        "head": {"seq": report.head.seq, "hash": report.head.hash.hex()}, "fault": report.fault,
    }  # fmt: skip


def _tell(report: ArchiveReport) -> None:
    if report.fault is not None:
        say(f"broken: {report.fault}")
    else:
        span = f", {report.months[0].month} to {report.months[-1].month}" if report.months else ""
        say(f"whole: {len(report.months)} months{span}, {report.rows} rows. Its last row:")
        say(str(report.head))
    if report.unsigned:
        say(f"not signed by a key that is trusted: {', '.join(report.unsigned)}")


def _folder(named: Path | None) -> Path:
    folder = named or settings().archive
    return folder or give_up("name the folder of the archive, or set LEXGATE_ARCHIVE")


def _body(month: Manifest) -> dict[str, Any]:
    return {
        "month": month.month, "first": month.first, "rows": month.rows, "manifest": month.sha256,
        "head": {"seq": month.head.seq, "hash": month.head.hash.hex()},
        "parts": [part.path for part in month.parts], "signed": month.public_key is not None,
    }  # fmt: skip


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (LedgerError, KeyRefused, OSError) as error:
        give_up(str(error))
