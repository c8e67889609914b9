"""`lexgate ingest`: what regulators publish, fetched, kept, read, and held against the law."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from api.bundled import directory_file
from api.commands.console import Json, give_up, say, show_json
from api.commands.ingest_status import show_status, status_of
from api.commands.ledger import law_in_force, opened, settings
from api.ingesting import WELL, Ingester, ingester, now
from api.logs import configure
from api.understanding import recent, shipped_understanding
from engine.ledger import Ledger, LedgerError
from engine.packs import PackSet
from ingest.directory import DirectoryRefused, Source, read_directory
from ingest.own_feeds import add, own_sources, together
from ingest.working import Understand

app = typer.Typer(no_args_is_help=True, help="What regulators publish, fetched, kept, read, and held against the law.")

Contact = Annotated[
    str, typer.Option("--contact", metavar="ADDRESS", help="Told to the sources: a page or a mailbox of yours.")
]
Directory = Annotated[
    Path | None,
    typer.Option("--directory", exists=True, dir_okay=False, help="Another table of sources, instead of all others."),
]


@app.command("once")
def once(contact: Contact, directory: Directory = None, as_json: Json = False) -> None:
    """Ask every source that is due, read what waits, tell of what is due, and end. Ends with 1 where any source gave nothing or
    any publication could not be read."""
    sources = _sources(directory)
    configure(settings().log_level)
    with opened() as ledger:
        try:
            found, came = asyncio.run(_ingester(ledger, sources, contact).once())
        except LedgerError as error:
            give_up(str(error))
    failed = [one for one in found if one.outcome not in WELL]
    if as_json:
        asked = [{"source": one.source, "outcome": one.outcome, "new": one.new, "detail": one.detail} for one in found]
        show_json({"sources": asked, "read": came})
    else:
        outcomes = Counter(one.outcome for one in found)
        said = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        say(f"{len(found)} sources asked{f': {said}' if said else ''}; {sum(one.new for one in found)} new versions")
        for one in failed:
            say(f"  {one.source}: {one.outcome}, {one.detail}")
        _say_read(came)
    if failed or came.get("failed"):
        raise typer.Exit(1)


def _say_read(came: dict[str, int]) -> None:
    number = sum(came.get(name, 0) for name in ("change", "irrelevant", "failed"))
    told = f"; {came['told']} alerts of days that are near or over" if came.get("told") else ""
    say(
        f"{number} publications read: {came.get('change', 0)} changes, {came.get('irrelevant', 0)} none,"
        f" {came.get('failed', 0)} not read{told}"
    )


@app.command("run")
def run(contact: Contact, directory: Directory = None) -> None:
    """Ask sources whenever they are due and read what they publish, until told to stop. Several may run beside each other."""
    sources = _sources(directory)
    configure(settings().log_level)
    with opened() as ledger:
        asyncio.run(_run(_ingester(ledger, sources, contact)))


@app.command("replay")
def replay(
    since: Annotated[int, typer.Option("--from", min=0, metavar="SEQ", help="From this version on.")] = 0,
    source: Annotated[
        str | None, typer.Option("--source", metavar="ID", help="Only what this source published.")
    ] = None,
) -> None:
    """Have kept publications read again by the present reader under the law in force, at the next `once` or `run`. New readings
    stand beside the old ones; no change is made twice, and what a person has decided on stays."""
    with opened() as ledger:
        try:
            number = ledger.readings.again(now(), since=since, source=source)
        except LedgerError as error:
            give_up(str(error))
    say(f"{number} versions of publications are read again")


@app.command("add-feed")
def add_feed(
    id_: Annotated[str, typer.Option("--id", help="As de-bafin-1: jurisdiction, a short name, a number.")],
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", help="ISO 3166-1 or -2, EU, EEA, UN, INT.")],
    regulator: Annotated[str, typer.Option("--regulator", help="Whose it is.")],
    url: Annotated[str, typer.Option("--url", help="Its address.")],
    topics: Annotated[str, typer.Option("--topics", help="With ; between: aml;sanctions.")] = "other",
    form: Annotated[str, typer.Option("--form", help="feed, links, page, listing or records.")] = "feed",
    how: Annotated[
        str,
        typer.Option(
            "--how",
            metavar="WHERE",
            help="Of a listing or of records: items=article.news; title=h2 a; text=p; date=time.",
        ),
    ] = "",
    language: Annotated[str, typer.Option("--language", help="ISO 639-1, where it is known.")] = "",
    noise: Annotated[bool, typer.Option("--noise", help="Much of it is no law.")] = False,
    every_hours: Annotated[str, typer.Option("--every-hours", help="Default: 6.")] = "",
    silent_days: Annotated[str, typer.Option("--silent-days", help="Default: 45.")] = "",
    note: Annotated[str, typer.Option("--note")] = "",
) -> None:
    """Add a source to the house's own table (LEXGATE_FEEDS). What came with the software is not touched."""
    path = settings().own_feeds
    line = {
        "id": id_, "jurisdiction": jurisdiction, "regulator": regulator, "topics": topics, "url": url, "form": form,
        "language": language, "watch": "yes", "noise": "noise" if noise else "", "confidence": "A", "found_in": "the house",
        "note": note, "every_hours": every_hours, "silent_days": silent_days, "how": how,
    }  # fmt: skip
    try:
        made = add(path, line, _table(directory_file()))
    except DirectoryRefused as error:
        give_up(f"not added to {path}:\n{error}")
    except (OSError, UnicodeDecodeError) as error:
        give_up(f"{path} cannot be written: {error}")
    say(f"{made.id} is watched from the next look on: {path}")


@app.command("status")
def status(directory: Directory = None, as_json: Json = False) -> None:
    """How each watched source was last asked and how fresh it is, those that give nothing first; what waits, and how long stages
    take."""
    sources = _sources(directory)
    with opened() as ledger:
        told = status_of(ledger, sources, now())
    if as_json:
        show_json(told)
    else:
        show_status(told)


def _sources(chosen: Path | None) -> dict[str, Source]:
    """Those of one table; or what came with the software, with the house's own."""
    if chosen is not None:
        return {one.id: one for one in _table(chosen)}
    path = settings().own_feeds
    try:
        return together(_table(directory_file()), own_sources(path))
    except (DirectoryRefused, UnicodeDecodeError, OSError) as error:
        give_up(f"{path} cannot be read:\n{error}")


def _table(path: Path) -> tuple[Source, ...]:
    try:
        return read_directory(path.read_text(encoding="utf-8"))
    except (DirectoryRefused, UnicodeDecodeError) as error:
        give_up(f"{path} cannot be read:\n{error}")


def _ingester(ledger: Ledger, sources: dict[str, Source], contact: str) -> Ingester:
    return ingester(ledger, sources, contact, _reader(ledger))


def _reader(ledger: Ledger) -> Understand:
    """Reads under the law in force, whichever that is by then."""
    held: list[tuple[str, PackSet]] = []

    def law() -> PackSet:
        holds = ledger.activations.now(now())
        digest = "" if holds is None else holds.release
        if not held or held[0][0] != digest:
            held[:] = [(digest, law_in_force(ledger))]
        return held[0][1]

    return shipped_understanding(law, lambda: recent(ledger))


async def _run(made: Ingester) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(sig, stop.set)
    await made.run(stop)
