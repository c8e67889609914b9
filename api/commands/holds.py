"""`lexgate holds`: legal holds, set by one person and lifted by another.

Whoever sets or lifts one says who they are with a key of theirs, in the environment: the console is no way round four eyes.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import opened
from api.ids import DecisionIds
from api.retention_views import hold_body
from api.service import utc_now
from engine.ledger import (
    ApiKey,
    HoldKind,
    HoldLifted,
    HoldState,
    Ledger,
    LegalHold,
    OwnHold,
    Scope,
    UnknownHold,
)

app = typer.Typer(no_args_is_help=True, help="What must not be erased, whatever its day.")

HoldId = Annotated[str, typer.Argument(metavar="ID", help="hld_..., as `lexgate holds list` shows it.")]
Why = Annotated[str, typer.Option("--reason", help="Kept in the chain of the ledger.")]
SetKey = Annotated[
    str, typer.Option("--key", envvar="LEXGATE_KEY", help="Your API key, with the scope `review`.", show_default=False)
]
LiftKey = Annotated[
    str, typer.Option("--key", envvar="LEXGATE_KEY", help="Your API key, with the scope `approve`.", show_default=False)
]


@app.command("list")
def listed(
    state: Annotated[HoldState | None, typer.Option("--state", help="Only holds that stand, or were lifted.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    json: Json = False,
) -> None:
    """Holds in the order in which they were set."""
    with opened() as ledger:
        page = ledger.holds.page(limit=limit, after=None, state=state)
    if json:
        show_json({"holds": [hold_body(one) for one in page.data], "next": page.next})
        return
    table = Table("id", "on", "id of it", "state", "authority", "reference", "set", box=None, pad_edge=False)
    for one in page.data:
        table.add_row(
            one.id, one.kind.value, one.target, one.state.value, one.authority, one.reference,
            one.set_at.date().isoformat(),
        )  # fmt: skip
    out.print(table)


@app.command("set")
def set_(
    kind: Annotated[HoldKind, typer.Argument(metavar="KIND", help="subject, decision or merchant.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Its id.")],
    key: SetKey,
    reason: Why,
    authority: Annotated[str, typer.Option(help="Court, authority or department that asks.")],
    reference: Annotated[str, typer.Option(help="Its file number.")],
    json: Json = False,
) -> None:
    """Keep everything of a payer, of a decision's payer or of a merchant's payers, until another person lifts it."""
    if "" in (target.strip(), reason.strip(), authority.strip(), reference.strip()) or "\0" in target:
        give_up("it must say what is held, why, and on whose word")
    with opened() as ledger:
        actor = _who(ledger, key, Scope.REVIEW)
        made = LegalHold(
            DecisionIds(kind="hld_")(), kind, target, reason, authority, reference, actor.id, utc_now()
        )  # fmt: skip
        ledger.holds.impose(made)
    _tell(made, json)


@app.command("lift")
def lift(hold_id: HoldId, key: LiftKey, reason: Why, json: Json = False) -> None:
    """End a hold that another person has set."""
    with opened() as ledger:
        actor = _who(ledger, key, Scope.APPROVE)
        try:
            ledger.holds.lift(hold_id, actor.id, utc_now(), reason)
        except UnknownHold:
            give_up(f"there is no legal hold {hold_id}")
        except OwnHold:
            give_up("whoever set a legal hold does not lift it")
        except HoldLifted:
            give_up("it was lifted before")
        found = ledger.holds.one(hold_id)
    assert found is not None, "it was lifted just now"
    _tell(found, json)


def _who(ledger: Ledger, key: str, scope: Scope) -> ApiKey:
    actor = ledger.keys.authenticate(key)
    if actor is None or scope not in actor.scopes:
        give_up(f"this key is not known, or lacks the scope `{scope.value}`")
    return actor


def _tell(one: LegalHold, json: bool) -> None:
    if json:
        show_json(hold_body(one))
    else:
        say(f"{one.id}: {one.state.value} over the {one.kind.value} {one.target} ({one.authority}, {one.reference})")
