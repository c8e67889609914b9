"""`lexgate keys`: who may call."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from api.commands import master, signing
from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import opened
from engine.ledger import ApiKey, KeyRate, Scope

_RATE: Final = re.compile(r"([1-9][0-9]{0,7})/([1-9][0-9]{0,4})", re.ASCII)

app = typer.Typer(no_args_is_help=True, help="API keys. A running service notices changes within ten seconds.")

app.add_typer(signing.app, name="signing")
app.add_typer(master.app, name="master")

Name = Annotated[str, typer.Option(help="What or who it is for.")]
Scopes = Annotated[list[Scope], typer.Option("--scope", help="What it may do; may be given several times.")]
Rate = Annotated[str | None, typer.Option(help="How often it may ask: 100/10, a hundred times in ten seconds.")]
RateWanted = Annotated[str, typer.Argument(metavar="RATE", help="100/10, or `default`.")]
Test = Annotated[bool, typer.Option("--test", help="Of test mode: the ledger that LEXGATE_TEST_DATABASE names.")]
KeyId = Annotated[str, typer.Argument(metavar="ID", help="key_..., as `lexgate keys list` shows it.")]


@app.command("create")
def create(name: Name, scope: Scopes, rate: Rate = None, test: Test = False, json: Json = False) -> None:
    """Make a key. Its secret is shown once."""
    wanted = _rate(rate)
    with opened(test=test) as ledger:
        key, secret = ledger.keys.create(scope, name, rate=wanted)
    if json:
        show_json({**_body(key), "secret": secret})
    else:
        say(f"{key.id}: {', '.join(sorted(key.scopes))}. The secret is not shown again:")
        say(secret)


@app.command("list")
def listed(test: Test = False, json: Json = False) -> None:
    """All keys, the revoked ones too."""
    with opened(test=test) as ledger:
        keys = ledger.keys.list()
    if json:
        show_json({"keys": [_body(key) for key in keys]})
        return
    table = Table("id", "name", "scopes", "made", "revoked", box=None, pad_edge=False)
    for key in keys:
        revoked = key.revoked_at.isoformat(timespec="seconds") if key.revoked_at else ""
        made = key.created_at.isoformat(timespec="seconds")
        table.add_row(key.id, key.name, " ".join(sorted(key.scopes)), made, revoked)
    out.print(table)


@app.command("rate")
def pace(key_id: KeyId, rate: RateWanted, test: Test = False, json: Json = False) -> None:
    """Say how often a key may ask: `100/10`, or `default`, as often as the settings allow."""
    wanted = None if rate == "default" else _rate(rate)
    with opened(test=test) as ledger:
        key = ledger.keys.pace(key_id, wanted)
    often = "as often as the settings allow" if wanted is None else _told(wanted)
    _tell(key, key_id, f"{key_id} may ask {often}", json=json)


@app.command("revoke")
def revoke(key_id: KeyId, test: Test = False, json: Json = False) -> None:
    """Make a key invalid for good."""
    with opened(test=test) as ledger:
        key = ledger.keys.revoke(key_id)
    _tell(key, key_id, f"{key_id} is revoked", json=json)


def _tell(key: ApiKey | None, key_id: str, said: str, *, json: bool) -> None:
    """What became of a key, if there is one of that id."""
    if key is None:
        give_up(f"there is no key {key_id}")
    if json:
        show_json(_body(key))
    else:
        say(said)


def _rate(said: str | None) -> KeyRate | None:
    """`100/10`: a hundred requests in ten seconds."""
    if said is None:
        return None
    found = _RATE.fullmatch(said)
    if found is None:
        give_up("a rate is requests and seconds, with a stroke between them: 100/10")
    return KeyRate(int(found[1]), int(found[2]))


def _told(rate: KeyRate) -> str:
    return f"{rate.requests} times in {rate.seconds} s"


def _body(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created_at": key.created_at.isoformat(),
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        "rate": {"requests": key.rate.requests, "seconds": key.rate.seconds} if key.rate else None,
    }
