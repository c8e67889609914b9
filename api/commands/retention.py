"""`lexgate retention`: what no law asks for any more, and erasing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.table import Table

from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import law_in_force, opened, settings
from api.retaining import Judged, Retention, eraser_of
from api.retention_views import due_body
from api.service import terms_of, utc_now
from engine.ledger.people import OPERATOR

app = typer.Typer(
    no_args_is_help=True, help="What may be erased, by which law. Nothing goes that a law asks for still."
)

Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many payers at most.")]
After = Annotated[str | None, typer.Option(help="`next` of the look before.")]
_PLACE: Final = re.compile(r"[0-9]{1,18}:[0-9a-z_]{1,64}")


@app.command("due")
def due(limit: Limit = 50, after: After = None, json: Json = False) -> None:
    """Payers whose records may go or must, the longest untouched first, with the law that decided."""
    with _retention(after) as retention:
        found = retention.due(limit=limit, after=after)
    if json:
        data = [due_body(one) for one in found.due]
        show_json({"data": data, "counted": dict(found.counted), "next": found.next})
        return
    _show(found.due)
    say(_counted(found.counted, found.next))


@app.command("run")
def run(
    limit: Limit = 100,
    after: After = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would be erased.")] = False,
    json: Json = False,
) -> None:
    """Erase what is due and under no legal hold. What was done stands in the chain, in numbers."""
    with _retention(after) as retention:
        ran = retention.run(OPERATOR, limit=limit, after=after, dry=dry)
        able = retention.erases
    if json:
        show_json({
            "erased": ran.erased, "failed": ran.failed, "dry_run": dry, "eraser": able, "counted": ran.counted,
            "next": ran.next, "data": [due_body(one) for one in ran.done],
        })  # fmt: skip
    else:
        _show(list(ran.done))
        say(_counted(ran.counted, ran.next))
        if not able:
            say("nothing was erased: this ledger keeps no data that can be destroyed apart")
        elif not dry:
            say(f"{ran.erased} erased, {ran.failed} failed")
    if ran.failed:
        raise typer.Exit(1)


@contextmanager
def _retention(after: str | None) -> Iterator[Retention]:
    if after is not None and not _PLACE.fullmatch(after):
        give_up("--after is the `next` of a look before")
    with opened() as ledger:
        yield Retention(ledger, law_in_force(ledger), terms_of(settings()), utc_now(), eraser_of(ledger))


def _show(found: list[Judged]) -> None:
    table = Table("payer", "", "last decision", "kept through", "erase by", "law", "hold", box=None, pad_edge=False)
    for one in found:
        law = "; ".join(f"{each.term.source} {each.term.at}".strip() for each in one.deciding)
        said = ", ".join(
            word
            for word, is_so in (
                (one.state.value, True), ("by own policy", one.by_policy or one.ended_by_policy),
                ("unverified", one.unverified),
            )
            if is_so
        )  # fmt: skip
        table.add_row(
            one.subject, said, one.last.date().isoformat(), str(one.keep_through or ""), str(one.erase_by or ""), law,
            " ".join(hold.id for hold in one.holds),
        )  # fmt: skip
    if found:
        out.print(table)


def _counted(counted: dict[str, int], next_: str | None) -> str:
    said = ", ".join(f"{number} {state}" for state, number in sorted(counted.items())) or "nobody is old enough"
    return said + (f"; more behind --after {next_}" if next_ else "")
