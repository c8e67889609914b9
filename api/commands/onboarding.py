"""`lexgate onboarding`: cases of merchants, and what the day brings to them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import law, law_in_force, opened
from api.onboarding import Bench, case_of, summary_of, sweep
from api.service import utc_now
from engine.ledger import OnboardingWanted
from engine.onboarding.states import State

app = typer.Typer(no_args_is_help=True, help="Merchants on their way into service.")

CaseId = Annotated[str, typer.Argument(metavar="ID", help="onb_..., as `lexgate onboarding list` shows it.")]
InState = Annotated[State | None, typer.Option("--state", help="Only cases in this state.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]


@app.command("list")
def listed(state: InState = None, limit: Limit = 50, json: Json = False) -> None:
    """Cases in the order in which they were opened."""
    with opened() as ledger:
        page = ledger.onboarding.page(OnboardingWanted(state and state.value), limit=limit, after=None)
    found = [summary_of(one) for one in page.data]
    if json:
        show_json({"cases": found})
        return
    table = Table("id", "merchant", "country", "stage", "state", "deadline", box=None, pad_edge=False)
    for one in found:
        table.add_row(*(str(one[name] or "") for name in ("id", "merchant", "country", "stage", "state", "deadline")))
    out.print(table)


@app.command("show")
def show(case_id: CaseId, json: Json = False) -> None:
    """One case: where it stands, what was found, and how it came there."""
    with opened() as ledger:
        stored = ledger.onboarding.one(case_id)
        if stored is None:
            give_up(f"there is no case {case_id}")
        body = Bench(ledger, law(), utc_now()).told(case_of(stored), [], stored.created_at)
    if json:
        show_json(body)
        return
    say(f"{body['id']} {body['merchant']}: {body['state']} (stage {body['stage']}, trading {body['trading']})")
    for one in body["missing"]:
        say(f"missing: {one['name']}{' of ' + one['about'] if one['about'] else ''}, {one['because']}")
    for one in body["checks"]:
        if one["result"] != "pass":
            say(f"{one['result']}: {one['check']} {one['why']}{', ' + one['about'] if one['about'] else ''}")
    table = Table("no", "at", "who", "what", "to", "why", box=None, pad_edge=False)
    for line in body["history"]:
        table.add_row(str(line["number"]), line["at"], line["actor"], line["event"], line["to"], line["reason"])
    out.print(table)


@app.command("sweep")
def swept(json: Json = False) -> None:
    """What the day brings: documents that ended, reviews that are due, grace that is over. For a daily timer."""
    with opened() as ledger:
        packs = law_in_force(ledger)
        moved = [
            {"id": case_id, "events": [one.kind for one in made], "state": made[-1].case.state.value}
            for case_id, made in sweep(ledger, packs, utc_now())
        ]
    if json:
        show_json({"moved": moved})
        return
    for one in moved:
        say(f"{one['id']}: {', '.join(one['events'])}; now {one['state']}")
    say(f"{len(moved)} cases moved")
