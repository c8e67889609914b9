"""`lexgate fx`: exchange rates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import Json, give_up, progress, say, show_json
from api.commands.ledger import opened
from api.fx import RatesRefused, read_rates

app = typer.Typer(no_args_is_help=True, help="Exchange rates of the European Central Bank.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="eurofxref-hist as CSV, zipped CSV or XML.")]


@app.callback()
def fx() -> None:
    """Exchange rates of the European Central Bank."""


@app.command("load")
def load(file: File, json: Json = False) -> None:
    """Load rates into the ledger: new days, and corrections of known ones. All rows or none.

    A running service uses them from its next start.
    """
    with progress("Loading", quiet=json) as step:
        step(0, 2)
        try:
            rows = read_rates(file)
        except RatesRefused as error:
            give_up(f"{file}: {error}")
        except OSError as error:
            give_up(f"{file}: {error.strerror}")
        step(1, 2)
        with opened() as ledger:
            fresh = ledger.load_rates(rows)
        step(2, 2)
    newest = max(row.on for row in rows)
    if json:
        show_json({"rows": len(rows), "new": fresh, "newest": newest.isoformat()})
    else:
        say(f"{len(rows)} rates until {newest.isoformat()}, {fresh} of them new")
