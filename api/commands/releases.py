"""`lexgate releases`: which law is in force, which was, and back to it with one word."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.commands.console import FOUND, Json, give_up, out, say, show_json
from api.commands.lawmaking import Key, Why, person, reader
from api.demotion_views import demotions_body
from api.draft_views import activations_body
from api.upgrading import upgrade_body, waiting
from engine.drafting import ActivationKind, in_force
from engine.ledger import Scope
from engine.words import FALLBACK, Words

app = typer.Typer(no_args_is_help=True, help="The law in force: what it is, what it was, and back to that.")

Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]


@app.command("list")
def listed(limit: Limit = 50, json: Json = False) -> None:
    """Every release that is kept here, the newest first."""
    with reader() as desk:
        page = desk.ledger.releases(limit=limit)
        holds = in_force(desk.activations, desk.now)
    found = [
        {
            "digest": one.digest, "version": one.version, "kept_at": one.kept_at,
            "in_force": holds is not None and one.digest == holds.release,
        }
        for one in page.data
    ]  # fmt: skip
    if json:
        show_json({"releases": found})
        return
    table = Table("digest", "version", "kept at", "in force", box=None, pad_edge=False)
    for one in found:
        table.add_row(str(one["digest"]), str(one["version"]), str(one["kept_at"]), "yes" if one["in_force"] else "")
    out.print(table)


@app.command("activations")
def activations(json: Json = False) -> None:
    """What was in force from when, and what will be; the newest first."""
    with reader() as desk:
        holds = in_force(desk.activations, desk.now)
        body = activations_body("" if holds is None else holds.release, desk.activations)
    if json:
        show_json(body)
        return
    table = Table("from", "release", "why", "who", "draft", "reason", box=None, pad_edge=False)
    for one in body["data"]:
        why = f"{one['kind']}, taken back" if one["cancelled"] else one["kind"]
        table.add_row(str(one["active_from"]), one["release"], why, one["actor"], one["draft"] or "", one["reason"])
    out.print(table)


@app.command("upgrade")
def upgrade(json: Json = False) -> None:
    """What came with the software, while it waits for persons to put it under the house's own law. Reads the packs: seconds. Ends
    with 1 while one waits."""
    with reader() as desk:
        body = upgrade_body(desk.laws, waiting(desk.laws), Words(FALLBACK, {}))
    found = body["upgrade"]
    if json:
        show_json(body)
    elif found is None:
        say("no upgrade waits")
    else:
        say(f"{found['version']} waits ({found['shipped']}); in force meanwhile: {found['in_force']}")
        say(
            f"draft: {found['draft'] or 'none yet, the service opens it at its next start'} {found['state'] or ''}".rstrip()
        )
        for one in found["conflicts"]:
            say(f"{one['number']} {'stands' if one['stands'] else 'settled'}: {one['said']}")
    if body["waits"]:
        raise typer.Exit(FOUND)


@app.command("demotions")
def demotions(json: Json = False) -> None:
    """The rules that the release in force holds back: they stop no payment; a person looks at those that they would stop. Reads
    the packs: seconds."""
    with reader() as desk:
        packs = desk.laws.packs_of(desk.laws.held)
        assert packs is not None, "what is in force is kept"
        body = demotions_body(packs, desk.ledger)
    if json:
        show_json(body)
        return
    if not body["data"]:
        say("no rule is held back")
    for one in body["data"]:
        case = one["incident"] and one["incident"]["case"]
        say(f"{one['pack']}/{one['rule']} ({one['title']}), since {one['since']}, by {one['by']}")
        say(f"    {one['why']}{f' Case {case}.' if case else ''}")


@app.command("rollback")
def rollback(
    key: Key,
    reason: Why,
    digest: Annotated[str | None, typer.Argument(metavar="[DIGEST]", help="Default: what was in force before.")] = None,
    json: Json = False,
) -> None:
    """Put in force, at once, a release that was in force before. No pack is read here: every process that serves has it ready, or
    reads it by itself."""
    with person(key, Scope.APPROVE) as desk:
        holds = in_force(desk.activations, desk.now)
        wanted = digest or (None if holds is None else desk.before(holds.release))
        if wanted is None:
            give_up("nothing was in force before")
        if desk.ledger.release(wanted) is None:
            give_up(f"there is no release {wanted}")
        desk.ledger.activations.switch(wanted, desk.now, ActivationKind.ROLLED_BACK, desk.actor, reason)
    if json:
        show_json({"in_force": wanted})
        return
    say(f"in force: {wanted}")
