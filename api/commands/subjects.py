"""`lexgate subjects`: whom decisions are about, what is kept of them, and how they are erased."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.console import Json, give_up, say, show_json
from api.commands.ledger import opened, settings
from api.commands.master import renewed
from api.master_key import MasterKey, MasterKeyRefused
from api.service import utc_now
from api.subject_views import erasure_body, subject_body
from engine.ledger import LedgerError
from engine.ledger.people import OPERATOR
from engine.wrapping import WrapFault

app = typer.Typer(no_args_is_help=True, help="Whom decisions are about: what is kept of them, and how they are erased.")

Who = Annotated[
    str,
    typer.Argument(
        metavar="SUBJECT", help="The id of a payer, a tax number, a pseudonym, or of a decision without a payer."
    ),
]
Why = Annotated[str, typer.Option("--reason", help="Kept for good, in the chain too: it must name nobody.")]
Rotate = Annotated[
    bool,
    typer.Option(
        "--rotate", help="Another master key at once, the old one destroyed: no copy of the log holds the key then."
    ),
]


@app.callback()
def subjects() -> None:
    """Whom decisions are about: what is kept of them, and how they are erased."""


@app.command("status")
def status(subject: Who, json: Json = False) -> None:
    """Whether anything of somebody can be read here, and when they were erased."""
    with opened() as ledger:
        found = ledger.subjects.status(subject)
    if found is None:
        give_up("nothing is kept under a key of this subject")
    if json:
        show_json(subject_body(found))
        return
    say(f"{found.pseudonym}: {'kept under a key' if found.is_kept else 'erased'}")
    for one in found.keys:
        gone = "" if one.erased_at is None else f", erased {one.erased_at.isoformat()} by {one.by}: {one.reason}"
        say(f"key {one.number}: made {one.made_at.isoformat()}{gone}")
    if found.unprotected:
        say(f"in the clear: {found.unprotected} decisions from before personal data were protected")


@app.command("erase")
def erase(subject: Who, reason: Why, rotate: Rotate = False, json: Json = False) -> None:
    """Destroy the key of somebody: what was kept under it can be read by nobody any more. Nothing undoes this."""
    keys = MasterKey(settings())
    try:
        with opened() as ledger:
            done = ledger.subjects.erase(subject, OPERATOR, reason, utc_now())
            newest = renewed(ledger, keys) if rotate else None
    except (LedgerError, MasterKeyRefused, WrapFault, OSError) as error:
        give_up(str(error))
    if json:
        show_json({**erasure_body(done), "master_key": newest})
        return
    say(f"{done.pseudonym}: {done.keys} keys destroyed")
    if done.unprotected:
        say(
            f"in the clear: {done.unprotected} decisions from before personal data were protected, which this does not reach"
        )
    if newest is not None:
        say(f"{newest} is the master key from now on; those of before are gone")
