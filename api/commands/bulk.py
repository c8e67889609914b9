"""`lexgate decisions`: stored decisions, many at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Annotated

import typer
from pydantic_core import PydanticCustomError

from api.bulk_replay import Wanted, replay_all
from api.commands.console import FOUND, Json, give_up, progress, say, show_json
from api.commands.ledger import opened, releases
from api.problems import Problem
from api.replaying import digest_of
from api.service import OLD_RELEASES
from engine.ledger import LedgerError
from engine.wire import read_date, read_instant

app = typer.Typer(no_args_is_help=True, help="Stored decisions, many at once.")

Every = Annotated[bool, typer.Option("--all", help="Every decision of the ledger.")]
Since = Annotated[str | None, typer.Option("--from", metavar="WHEN", help="From an instant, or a day in UTC.")]
Until = Annotated[
    str | None, typer.Option("--to", metavar="WHEN", help="Until an instant, or a day in UTC, without it.")
]
Release = Annotated[
    str | None, typer.Option("--release", metavar="DIGEST", help="By another release that is kept here.")
]
Day = Annotated[str | None, typer.Option("--date", metavar="DATE", help="Under the law of another day.")]


@app.callback()
def decisions() -> None:
    """Stored decisions, many at once."""


@app.command("replay")
def replay(
    every: Every = False, since: Since = None, until: Until = None, release: Release = None, day: Day = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Decide again, each from its own stored request and inputs, and say how many answers are the same byte for byte.

    Ends with 1 where any is not.
    """
    if every == (since is not None or until is not None):
        give_up("say which decisions: --all, or a stretch with --from and --to")
    wanted = Wanted(_when(since), _when(until), _digest(release), _date(day))
    with opened() as ledger, progress("Replaying", quiet=json) as step:
        # One release takes some 20 MB, and the reading of one seconds.
        packs_of = lru_cache(maxsize=OLD_RELEASES)(releases(ledger))
        if wanted.release is not None and packs_of(wanted.release) is None:
            give_up(f"there is no release {wanted.release} in this ledger")
        try:
            found = replay_all(ledger, packs_of, wanted, step)
        except LedgerError as error:
            give_up(str(error))
    told = found.body(wanted)
    if json:
        show_json(told)
    else:
        say(f"{told['decisions']} decisions: {told['identical']} the same, byte for byte")
        for one in told["outcomes"]:
            say(f"  {one['decisions']} differ: {one['was']} -> {one['now']}")
        for one in told["not_replayed"]:
            say(f"  {one['decisions']} not replayed: {one['why']}")
        for example in told["examples"]:
            where = ", ".join(difference["pointer"] or "/" for difference in example["differences"])
            say(f"  {example['id']}: {example['was']} -> {example['now']} ({where})")
    if not found.same:
        raise typer.Exit(FOUND)


def _when(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(read_date(text), time(), UTC) if len(text) == 10 else read_instant(text)
    except PydanticCustomError as error:
        give_up(f"{text}: {error.message()}")


def _date(text: str | None) -> date | None:
    try:
        return None if text is None else read_date(text)
    except PydanticCustomError as error:
        give_up(f"--date: {error.message()}")


def _digest(text: str | None) -> str | None:
    try:
        return None if text is None else digest_of(text)
    except Problem:
        give_up(f"--release: {text} is no digest")
