"""`lexgate audit`: is the record what was written?"""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from api.commands.console import FOUND, Json, give_up, progress, say, show_json
from api.commands.ledger import settings
from engine.ledger import AuditReport, Head, LedgerError
from engine.ledger import verify as verify_ledger

app = typer.Typer(no_args_is_help=True, help="The hash chain of the ledger.")

Expected = Annotated[
    str | None,
    typer.Option("--expect", metavar="SEQ:HASH", help="A head kept elsewhere, as an earlier run printed it."),
]


@app.callback()
def audit() -> None:
    """The hash chain of the ledger."""


@app.command("verify")
def verify(expect: Expected = None, json: Json = False) -> None:
    """Walk the whole chain and name the first bad row. Reads only; ends with 1 if there is one."""
    with progress("Verifying", quiet=json) as step:
        try:
            report = verify_ledger(settings().database, expected=_head(expect), progress=step)
        except LedgerError as error:
            give_up(str(error))
    if json:
        show_json(_body(report))
    elif report.first_bad is not None:
        bad = report.first_bad
        say(f"broken at row {bad.seq} ({bad.table}): {bad.what}")
        say(f"whole until row {report.head.seq}: {report.head.seq}:{report.head.hash.hex()}")
    else:
        say(f"whole: {report.rows} rows. Keep this head elsewhere:")
        say(f"{report.head.seq}:{report.head.hash.hex()}")
    if not report.ok:
        raise typer.Exit(FOUND)


def _head(text: str | None) -> Head | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text)
    if found is None:
        give_up("--expect: write the head as an earlier run printed it, 1234:9f86d081...")
    return Head(int(found[1]), bytes.fromhex(found[2]))


def _body(report: AuditReport) -> dict[str, Any]:
    bad = report.first_bad
    return {
        "ok": report.ok,
        "rows": report.rows,
        "head": {"seq": report.head.seq, "hash": report.head.hash.hex()},
        "first_bad": None if bad is None else {"seq": bad.seq, "table": bad.table, "what": bad.what},
    }
