"""`lexgate people`: who may sign in. For whoever has the ledger at hand; administrators use the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from api import accounts
from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import opened, settings
from api.identity_views import person_body
from api.service import utc_now
from engine.ledger import Change, Ledger, Person, PersonRefused, Role
from engine.ledger.people import OPERATOR

app = typer.Typer(no_args_is_help=True, help="People who sign in. Each change is told in the chain of the ledger.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Under which the person signs in.")]
Roles = Annotated[list[Role], typer.Option("--role", help="What the person does; may be given several times.")]
Called = Annotated[str, typer.Option(help="What the person is called; default: the name.")]
Because = Annotated[str, typer.Option(help="Why: kept in the chain.")]


@app.command("create")
def create(name: Name, role: Roles, display_name: Called = "", json: Json = False) -> None:
    """Make an account. Its one-time code is shown once."""
    with opened() as ledger:
        try:
            made = accounts.invited(
                ledger, settings(), utc_now(), name, display_name or name, tuple(dict.fromkeys(role))
            )
        except PersonRefused as error:
            give_up(str(error))
    _show_code(*made, json)


@app.command("list")
def listed(json: Json = False) -> None:
    """All people, those who are disabled too."""
    with opened() as ledger:
        people = _all(ledger)
    if json:
        show_json({"people": [person_body(one) for one in people]})
        return
    table = Table("id", "name", "called", "roles", "state", "second factor", box=None, pad_edge=False)
    for one in people:
        table.add_row(
            one.id, one.login, one.display_name, " ".join(one.roles), one.state.value, "yes" if one.factor else ""
        )
    out.print(table)


@app.command("reset")
def reset(name: Name, json: Json = False) -> None:
    """Give a person a new one-time code: password, second factor and sessions are void."""
    with opened() as ledger:
        person = _named(ledger, name)
        try:
            made = accounts.reset(ledger, settings(), utc_now(), person.id)
        except PersonRefused as error:
            give_up(str(error))
    _show_code(*made, json)


@app.command("disable")
def disable(name: Name, reason: Because = "", json: Json = False) -> None:
    """Keep a person out: all sessions end."""
    _change(name, lambda now: Change("disabled", OPERATOR, now, accounts.as_disabled, _why(reason), True), json)


@app.command("enable")
def enable(name: Name, reason: Because = "", json: Json = False) -> None:
    """Let a person in again."""
    _change(name, lambda now: Change("enabled", OPERATOR, now, accounts.as_enabled, _why(reason)), json)


@app.command("roles")
def roles(name: Name, role: Roles, reason: Because = "", json: Json = False) -> None:
    """Give a person other roles, in place of those that were."""
    wanted = tuple(dict.fromkeys(role))
    said = {**_why(reason), "roles": [one.value for one in wanted]}
    _change(
        name, lambda now: Change("roles", OPERATOR, now, lambda found: accounts.with_roles(found, wanted), said), json
    )


def _change(name: str, change: Callable[[datetime], Change], json: bool) -> None:
    with opened() as ledger:
        person, now = _named(ledger, name), utc_now()
        try:
            changed = ledger.people.change(person.id, change(now)).person
        except PersonRefused as error:
            give_up(str(error))
    if json:
        show_json(person_body(changed))
    else:
        say(f"{changed.login} is {changed.state.value}: {', '.join(changed.roles)}")


def _why(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def _named(ledger: Ledger, name: str) -> Person:
    found = ledger.people.named(name)
    if found is None:
        give_up(f"there is nobody called {name}")
    return found


def _all(ledger: Ledger) -> list[Person]:
    found: list[Person] = []
    after: str | None = None
    while True:
        page = ledger.people.page(limit=200, after=after)
        found += page.data
        after = page.next
        if after is None:
            return found


def _show_code(person: Person, code: str, json: bool) -> None:
    if json:
        show_json({**person_body(person), "setup_code": code})
        return
    until = person.setup_until.isoformat(timespec="minutes") if person.setup_until else ""
    say(f"{person.login} ({person.id}) chooses a password with this one-time code, good until {until}:")
    say(code)
