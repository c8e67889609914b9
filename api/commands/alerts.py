"""`lexgate alerts`: where alerts are delivered, what is on its way, what was given up; and a message to try an address by."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime
from typing import Annotated, Any, Final

import orjson
import typer
from rich.table import Table

from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import opened
from api.commands.ledger import settings as chosen_settings
from api.delivering import Deliverer, Parts
from api.delivery_views import attempt_body, delivery_body
from api.destinations import (
    MailTo,
    To,
    WebhookTo,
    destinations_of,
    secret_of,
    secret_written,
    url_fault,
)
from api.ids import DecisionIds
from api.logs import configure
from api.messages import headers_of
from api.posting import Answered, Poster, targets_for
from api.service import utc_now
from api.settings import Settings, SettingsRefused
from engine.ledger import DeliveryState, Ledger, LedgerError, UnknownDelivery

app = typer.Typer(no_args_is_help=True, help="Alerts on their way to other systems and to people.")
ACTOR: Final = "console"
COLUMNS: Final = ("id", "alert", "destination", "state", "tries", "queued_at", "next_at", "ended_at")

DeliveryId = Annotated[str, typer.Argument(metavar="ID", help="dl_..., as `lexgate alerts deliveries` shows it.")]
InState = Annotated[DeliveryState | None, typer.Option("--state", help="Only those in this state.")]
Where = Annotated[str | None, typer.Option("--destination", metavar="NAME", help="Only those for this destination.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]
After = Annotated[str | None, typer.Option("--after", metavar="ID", help="The last one of the page before.")]
Secret = Annotated[
    str | None,
    typer.Option(
        "--secret", envvar="LEXGATE_WEBHOOK_SECRET", help="whsec_...; without one a new one is made and shown."
    ),
]


@app.command("destinations")
def destinations(json: Json = False) -> None:
    """Where alerts go, and how they stand there."""
    with opened() as ledger:
        known, counted = ledger.deliveries.destinations(), ledger.deliveries.counted()
    found = []
    for one in known:
        numbers = counted.get(one.destination.name)
        found.append({
            "name": one.destination.name, "kind": one.destination.kind, "address": one.destination.address,
            "fingerprint": one.destination.fingerprint, "off_at": _told(one.off_at), "why": one.why,
            "waiting": numbers.waiting if numbers else 0, "delivered": numbers.delivered if numbers else 0,
            "dead": numbers.dead if numbers else 0, "oldest_waiting": _told(numbers.oldest if numbers else None),
        })  # fmt: skip
    if json:
        show_json({"destinations": found})
        return
    names = ("name", "kind", "address", "waiting", "delivered", "dead", "oldest_waiting", "off_at")
    _show(names, found)


@app.command("deliveries")
def deliveries(
    state: InState = None, destination: Where = None, limit: Limit = 50, after: After = None, json: Json = False
) -> None:
    """What is on its way, was delivered, or was given up."""
    with opened() as ledger:
        page = ledger.deliveries.page(state=state, destination=destination, limit=limit, after=after)
    found = [delivery_body(one, _told) for one in page.data]
    if json:
        show_json({"deliveries": found, "next": page.next})
        return
    _show(COLUMNS, found)
    if page.next is not None:
        say(f"there are more: --after {page.next}")


@app.command("show")
def show(delivery: DeliveryId, json: Json = False) -> None:
    """One delivery, with every attempt."""
    with opened() as ledger:
        found, attempts = ledger.deliveries.one(delivery), ledger.deliveries.attempts(delivery)
    if found is None:
        give_up(f"there is no delivery {delivery}")
    body = {**delivery_body(found, _told), "attempts": [attempt_body(one, _told) for one in attempts]}
    if json:
        show_json(body)
        return
    say(f"{found.id}: {found.alert} for {found.destination}, {found.state.value}")
    _show(("number", "at", "outcome", "status", "milliseconds", "detail"), body["attempts"])


@app.command("replay")
def replay(delivery: DeliveryId) -> None:
    """Send one that was given up again, with all its tries."""
    with opened() as ledger:
        try:
            ledger.deliveries.replay(delivery, utc_now(), ACTOR)
        except UnknownDelivery:
            give_up(f"there is no delivery {delivery} that was given up")
        except LedgerError as error:
            give_up(str(error))
    say(f"{delivery} is sent again")


@app.command("on")
def switch_on(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Send to a destination again that said it is gone. What was queued meanwhile is sent."""
    with opened() as ledger:
        if not ledger.deliveries.switch_on(name, utc_now(), ACTOR):
            give_up(f"there is no destination {name} that is switched off")
    say(f"{name} is sent to again")


@app.command("send")
def send() -> None:
    """Deliver what is due now, once, without a service."""
    chosen = chosen_settings()
    configure(chosen.log_level)
    to = _destinations(chosen)
    number = 0
    with opened() as ledger:
        deliverer = _deliverer(ledger, to, chosen)
        try:
            while done := asyncio.run(deliverer.once()):
                number += done
        except LedgerError as error:
            give_up(str(error))
    say(f"{number} attempts")


@app.command("secret")
def secret() -> None:
    """Make a secret for a webhook. It is shown once and kept nowhere."""
    say(secret_written(secrets.token_bytes(32)))


@app.command("test")
def try_out(
    target: Annotated[str, typer.Argument(metavar="URL", help="An address, or the name of a destination.")],
    secret: Secret = None,
) -> None:
    """Send a message of the type `alert.test`. Ends with 1 where it is not taken."""
    chosen = chosen_settings()
    known = {one.name: one for one in _destinations(chosen)}
    to = known.get(target) or _address(target, secret, chosen)
    poster = Poster(targets_for([to], chosen.webhook_private), chosen.public_url)
    answered = asyncio.run(_tested(poster, to))
    say(f"{to.destination.address}: {'taken' if answered.ok else 'not taken'}, {answered.detail}")
    if not answered.ok:
        raise typer.Exit(1)


async def _tested(poster: Poster, to: To) -> Answered:
    now, message = utc_now(), DecisionIds(kind="dl_test_")()
    if isinstance(to, MailTo):
        give_up("a mailbox is tried by an alert: `lexgate alerts send`")
    data = {"summary": "This is a test. Nothing has happened."}
    body = orjson.dumps({"type": "alert.test", "timestamp": now.isoformat(), "data": data})
    return await poster.post(to, headers_of(message, now, body, to.secrets), body, now)


def _address(url: str, written: str | None, chosen: Settings) -> WebhookTo:
    fault = url_fault(url, chosen.webhook_private)
    if fault is not None:
        give_up(f"{fault}; and no destination is called so")
    try:
        made = secret_of(written) if written else secrets.token_bytes(32)
    except ValueError as error:
        give_up(f"--secret: {error}")
    if not written:
        say(f"signed with {secret_written(made)}")
    return WebhookTo("test", url, (made,))


def _deliverer(ledger: Ledger, to: tuple[To, ...], chosen: Settings) -> Deliverer:
    holds = ledger.activations.now(utc_now())
    poster = Poster(targets_for(to, chosen.webhook_private), chosen.public_url)
    return Deliverer(Parts(ledger, to, poster, utc_now, lambda: holds.release if holds else ""))


def _destinations(chosen: Settings) -> tuple[To, ...]:
    try:
        return destinations_of(chosen)
    except SettingsRefused as error:
        give_up(*str(error).splitlines())


def _told(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _show(names: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for at, name in enumerate(names):
        # What a person must be able to copy is never cut.
        table.add_column(name.replace("_", " "), no_wrap=at == 0, overflow="fold")
    for row in rows:
        table.add_row(*("" if row[name] is None else str(row[name]) for name in names))
    out.print(table)
