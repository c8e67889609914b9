"""`lexgate ingest`: what regulators publish, fetched and kept."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from api.bundled import directory_file
from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import opened, settings
from api.ids import DecisionIds
from api.logs import configure, logger
from engine.ledger import FeedState, Ledger, LedgerError, Occasion
from ingest.directory import DirectoryRefused, Source, read_directory
from ingest.fetch import Fetcher
from ingest.gathering import Gathered, Gatherer, by_id

app = typer.Typer(no_args_is_help=True, help="What regulators publish, fetched and kept.")
ANSWERED = ("new", "same", "unchanged")
"""What came of a source that is well."""
PAUSE_SECONDS = 30.0
"""Between two looks at which sources are due."""
_log = logger("lexgate.ingest")

Contact = Annotated[
    str, typer.Option("--contact", metavar="ADDRESS", help="Told to the sources: a page or a mailbox of yours.")
]
Directory = Annotated[
    Path | None, typer.Option("--directory", exists=True, dir_okay=False, help="Another table of sources.")
]


@app.command("once")
def once(contact: Contact, directory: Directory = None, as_json: Json = False) -> None:
    """Ask every source that is due, and end. Ends with 1 where any gave nothing."""
    sources = _sources(directory)
    configure(settings().log_level)
    with opened() as ledger:
        try:
            found = asyncio.run(_once(ledger, sources, contact))
        except LedgerError as error:
            give_up(str(error))
    failed = [one for one in found if one.outcome not in ANSWERED]
    if as_json:
        show_json(
            [{"source": one.source, "outcome": one.outcome, "new": one.new, "detail": one.detail} for one in found]
        )
    else:
        said = ", ".join(
            f"{number} {outcome}" for outcome, number in sorted(Counter(one.outcome for one in found).items())
        )
        say(f"{len(found)} sources asked{f': {said}' if said else ''}; {sum(one.new for one in found)} new versions")
        for one in failed:
            say(f"  {one.source}: {one.outcome}, {one.detail}")
    if failed:
        raise typer.Exit(1)


@app.command("run")
def run(contact: Contact, directory: Directory = None) -> None:
    """Ask sources whenever they are due, until told to stop. Several may run beside each other."""
    sources = _sources(directory)
    configure(settings().log_level)
    with opened() as ledger:
        asyncio.run(_run(ledger, sources, contact))


@app.command("status")
def status(directory: Directory = None, as_json: Json = False) -> None:
    """How each watched source was last asked; those that give nothing first."""
    sources = _sources(directory)
    with opened() as ledger:
        known = {one.source: one for one in ledger.feeds.states()}
        number = ledger.feeds.number()
    watched = [(one, known.get(one.id)) for one in sources.values() if one.watch]
    watched.sort(key=lambda pair: (-(pair[1].failures if pair[1] else 0), pair[0].id))
    if as_json:
        show_json([_told(source, state) for source, state in watched])
        return
    table = Table("source", "regulator", "answered", "new", "failures", "fault", "next")
    for source, state in watched:
        told = _told(source, state)
        names = ("answered_at", "new_at", "failures", "fault", "next_at")
        table.add_row(source.id, source.regulator[:40], *(str(told[name] or "") for name in names))
    out.print(table)
    say(f"{number} versions of publications are kept")


def _told(source: Source, state: FeedState | None) -> dict[str, Any]:
    return {
        "source": source.id,
        "regulator": source.regulator,
        "url": source.url,
        "answered_at": _day(state.answered_at if state else None),
        "new_at": _day(state.new_at if state else None),
        "failures": state.failures if state else 0,
        "fault": state.fault if state else "",
        "detail": state.detail if state else "",
        "moved_to": state.moved_to if state else "",
        "next_at": _day(state.next_at if state else None),
    }


def _day(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="minutes")


def _sources(chosen: Path | None) -> dict[str, Source]:
    path = chosen or directory_file()
    try:
        return by_id(read_directory(path.read_text(encoding="utf-8")))
    except (DirectoryRefused, UnicodeDecodeError) as error:
        give_up(f"{path} cannot be read:\n{error}")


def _gatherer(ledger: Ledger, sources: dict[str, Source], contact: str) -> Gatherer:
    def now() -> datetime:
        return datetime.now(UTC)

    def occasion() -> Occasion:
        holds = ledger.activations.now(now())
        return Occasion(now(), holds.release if holds else "", DecisionIds(kind="case_"))

    worker = DecisionIds(kind="ing_")()
    return Gatherer(ledger.feeds, sources, Fetcher(contact), now, occasion, worker, heard=_log_one)


def _log_one(one: Gathered) -> None:
    """One line for each source, a warning where it gave nothing."""
    tell = _log.info if one.outcome in ANSWERED else _log.warning
    tell("source_asked", source=one.source, outcome=one.outcome, new=one.new, detail=one.detail)


async def _once(ledger: Ledger, sources: dict[str, Source], contact: str) -> list[Gathered]:
    worker = _gatherer(ledger, sources, contact)
    try:
        return await worker.once()
    finally:
        await worker.close()


async def _run(ledger: Ledger, sources: dict[str, Source], contact: str) -> None:
    worker, stop = _gatherer(ledger, sources, contact), asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sig, stop.set)
    try:
        while not stop.is_set():
            try:
                await worker.once()
            except LedgerError as error:
                _log.warning("ingest_waits", code=error.code)
            try:
                await asyncio.wait_for(stop.wait(), PAUSE_SECONDS)
            except TimeoutError:
                continue
    finally:
        await worker.close()
