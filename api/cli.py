"""The command line: `lexgate serve | decide | explain | replay | backtest | reevaluate | packs | tax | residency | onboarding |
lists | screen | cases | alerts | monitor | holds | retention | ingest | fx | drafts | trials | releases | audit | archive |
ledger | keys | people | subjects | decisions`.

Ends with 0 where all is done, 1 where a check found something, 2 where the call itself was wrong.
"""

from __future__ import annotations

from typing import Annotated

import typer
from typer.main import get_command

from api import __version__
from api.commands import (
    alerts,
    archive,
    audit,
    backtest,
    backups,
    bulk,
    carrying,
    cases,
    decisions,
    drafts,
    fx,
    holds,
    ingest,
    keys,
    lists,
    monitor,
    onboarding,
    packs,
    people,
    reevaluate,
    releases,
    residency,
    retention,
    screen,
    subjects,
    tax,
    trials,
)
from api.commands.console import say
from api.logs import configure, hooks

app = typer.Typer(
    name="lexgate",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Payment law as data: one call before a payment, one true, cited and reproducible answer.",
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"lexgate {__version__}")
        raise typer.Exit


@app.callback()
def lexgate(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Payment law as data: one call before a payment, one true, cited and reproducible answer."""
    # What is below a command has nothing to say unless something is wrong, and then nothing that anybody stated.
    configure("warning")


@app.command("serve")
def serve(
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=256, help="Processes behind one socket; more than one need PostgreSQL. Default: LEXGATE_WORKERS."
        ),
    ] = None,
) -> None:
    """Start the service. Settings come from the environment: LEXGATE_DATABASE, LEXGATE_HOST, LEXGATE_PORT ..."""
    # Loading the web framework takes longer than most other commands run.
    from api.commands.serve import serve as start

    start(workers)


@app.command("console")
def console(
    api: Annotated[str, typer.Option(help="Where the interface answers: https://lexgate.example.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8001,
) -> None:
    """Show the console in a process of its own, over the interface of a service that runs elsewhere."""
    from api.commands.pages import pages

    pages(api, host, port)


app.command("decide")(decisions.decide_file)
app.command("explain")(decisions.explain)
app.command("replay")(decisions.replay)
app.command("backtest")(backtest.backtest)
app.command("reevaluate")(reevaluate.reevaluate)
app.command("screen")(screen.screen)
app.add_typer(packs.app, name="packs")
app.add_typer(tax.app, name="tax")
app.add_typer(residency.app, name="residency")
app.add_typer(onboarding.app, name="onboarding")
app.add_typer(cases.app, name="cases")
app.add_typer(alerts.app, name="alerts")
app.add_typer(monitor.app, name="monitor")
app.add_typer(holds.app, name="holds")
app.add_typer(retention.app, name="retention")
app.add_typer(fx.app, name="fx")
app.add_typer(ingest.app, name="ingest")
app.add_typer(lists.app, name="lists")
app.add_typer(drafts.app, name="drafts")
app.add_typer(trials.app, name="trials")
app.add_typer(audit.app, name="audit")
app.add_typer(archive.app, name="archive")
app.add_typer(backups.app, name="ledger")
app.add_typer(keys.app, name="keys")
app.add_typer(people.app, name="people")
app.add_typer(subjects.app, name="subjects")
app.add_typer(bulk.app, name="decisions")
releases.app.command("export")(carrying.export)
releases.app.command("import")(carrying.bring_in)
app.add_typer(releases.app, name="releases")


def main() -> None:
    """Where the console script begins."""
    configure("warning")
    hooks()
    # Not by `app()`: Typer would put its own words for what nobody caught in place of ours.
    get_command(app)()
