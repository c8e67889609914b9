"""`lexgate monitor`: what was paid is looked at afterwards, in a process of its own."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Annotated

import typer
from rich.table import Table

from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import opened, settings
from api.everybody import GRAPHS
from api.logs import configure
from api.monitoring import Background
from api.service import utc_now
from api.serving import open_service
from engine.ledger import LedgerError

app = typer.Typer(no_args_is_help=True, help="What was paid, looked at afterwards.")

Days = Annotated[int | None, typer.Option(min=1, max=3660, metavar="N", help="Default: since the last look.")]
Once = Annotated[bool, typer.Option("--once", help="End when nothing waits.")]


@app.command("run")
def run(once: Once = False) -> None:
    """Hear the ledger, hold events against scenarios and names against lists, open cases, evaluate shadows. Until told to stop.

    Several may run beside each other, and beside services that do the same: the ledger says whose turn it is.
    """
    chosen = settings()
    configure(chosen.log_level)
    service = open_service(chosen)
    worker, shadows, stop = service.monitor(), service.shadow_worker(), threading.Event()

    def end(_sig: int, _frame: FrameType | None) -> None:
        stop.set()

    try:
        if once:
            say(f"{worker.run_once()} items worked through")
            worker.give_back()
            say(f"{shadows.run_once()} decisions evaluated in shadow")
            return
        for sig in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sig, end)
        service.watch_law()
        service.shadowing = Background(shadows, "lexgate-shadows")
        service.shadowing.start()
        worker.run(stop)
    finally:
        service.close()


@app.command("graphs")
def graphs(days: Days = None) -> None:
    """Look over everybody's payments now, for money that went through several hands. The monitor does it once a day.

    With --days so many days are looked at again, as after a change of the law. No alert is told twice.
    """
    service = open_service(settings())
    try:
        if service.evaluate_graphs is None:
            give_up("no graph scenario is watched for.")
        worker = service.monitor()
        try:
            new = worker.look_over(days)
        finally:
            worker.give_back()
    except LedgerError as error:
        give_up(str(error))
    finally:
        service.close()
    if new is None:
        give_up("another worker looks over everybody's payments: try again later.")
    say(f"{new} new alerts")


@app.command("status")
def status(json: Json = False) -> None:
    """How far each consumer has come, and how much waits."""
    with opened() as ledger:
        lags, looked, now = ledger.monitoring.lags(), ledger.monitoring.mark(GRAPHS), utc_now()
    found = [
        {
            "consumer": name,
            "waiting": lag.words,
            "seconds": 0 if lag.since is None else int((now - lag.since).total_seconds()),
        }
        for name, lag in sorted(lags.items())
    ]
    if json:
        show_json({"consumers": found, "graphs": looked or None})
        return
    table = Table("consumer", "rows waiting", "for seconds", box=None, pad_edge=False)
    for one in found:
        table.add_row(*(str(value) for value in one.values()))
    out.print(table)
    say(f"everybody's payments were looked over on {looked}" if looked else "everybody's payments: not looked over yet")


@app.command("anew")
def anew() -> None:
    """Forget what was worked out of the ledger, and begin at its first row. Alerts that were told stay, none is told twice."""
    with opened() as ledger:
        ledger.monitoring.make_anew("intake", "scenarios")
    say("the monitor begins at the first row")
