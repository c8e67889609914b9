"""`lexgate keys master`: the keys under which secrets of the ledger are wrapped. They lie in a file, never in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from api.commands.console import Json, give_up, say, show_json
from api.commands.ledger import opened, settings
from api.master_key import MasterKey, MasterKeyRefused
from api.service import utc_now
from engine.ledger import Ledger
from engine.wrapping import WrapFault

app = typer.Typer(no_args_is_help=True, help="The master keys under which secrets of the ledger are wrapped.")


@app.callback()
def master() -> None:
    """The master keys under which secrets of the ledger are wrapped."""


@app.command("show")
def show(json: Json = False) -> None:
    """Where they lie, what they are called, and how many secrets are wrapped under each. No key is shown."""
    with _at_hand() as (ledger, keys):
        ids, used = keys.ring().ids, keys.used(ledger)
    if json:
        found = [{"id": one, "wraps": at == 0, "secrets": used[one]} for at, one in enumerate(ids)]
        show_json({"file": str(keys.path), "keys": found, "in_the_clear": used[""]})
        return
    say(str(keys.path))
    for at, one in enumerate(ids):
        say(f"{one}: {used[one]} secrets{', wraps' if at == 0 else ''}")
    for one in sorted(set(used) - {*ids, ""}):
        say(f"{one}: {used[one]} secrets, and the key is not here")
    if used[""]:
        say(f"in the clear: {used['']} secrets")


@app.command("rotate")
def rotate() -> None:
    """Put a new key first in the file, and wrap every secret under it. The old one stays there until `retire`."""
    with _at_hand() as (ledger, keys):
        keys.make_first(ledger)
        keys.write(keys.ring().with_new())
        people, subjects = rewrapped(ledger, keys)
        say(
            f"{keys.ring().ids[0]} wraps from now on; secrets of {people} people and {subjects} keys were wrapped again"
        )


@app.command("rewrap")
def rewrap() -> None:
    """Wrap every secret under the first key of the file: after a line was added to it by another hand."""
    with _at_hand() as (ledger, keys):
        people, subjects = rewrapped(ledger, keys)
        say(f"secrets of {people} people and {subjects} keys were wrapped again under {keys.ring().ids[0]}")


@app.command("retire")
def retire() -> None:
    """Take the old keys out of the file. Nothing may be wrapped under them any more, but for backups of before."""
    with _at_hand() as (ledger, keys):
        ring, used = keys.ring(), keys.used(ledger)
        still = [one for one in ring.ids[1:] if used[one]]
        if still or used[""]:
            give_up("secrets are wrapped under old keys, or lie in the clear: run `lexgate keys master rewrap` first")
        keys.write(ring.newest_only())
        say(f"{len(ring.ids) - 1} old keys are gone; {ring.ids[0]} is left")


def rewrapped(ledger: Ledger, keys: MasterKey) -> tuple[int, int]:
    """Wrap everything under the newest key: secrets of how many people, and how many keys of subjects. Raises MasterKeyRefused,
    WrapFault, LedgerLocked."""
    people = keys.rewrap(ledger, utc_now())
    return people, ledger.subjects.rewrap() if ledger.subjects.is_protected else 0


def renewed(ledger: Ledger, keys: MasterKey) -> str:
    """Another master key in the place of all that there were, everything wrapped under it. Returns what it is called. Raises as
    `rewrapped`, OSError."""
    keys.write(keys.ring().with_new())
    rewrapped(ledger, keys)
    ring = keys.ring()
    if any(found != ring.ids[0] for found in keys.used(ledger)):
        give_up("secrets are still wrapped under old keys: run `lexgate keys master rewrap`, then `retire`")
    keys.write(ring.newest_only())
    return ring.ids[0]


@contextmanager
def _at_hand() -> Iterator[tuple[Ledger, MasterKey]]:
    try:
        with opened() as ledger:
            yield ledger, MasterKey(settings())
    except (MasterKeyRefused, WrapFault, OSError) as error:
        give_up(str(error))
