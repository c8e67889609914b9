"""`lexgate cases`: what was found after payments, worked on from the console.

Whoever moves a case says who they are with a key of theirs, in the environment: the console is no way round four eyes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from api.cases import CaseDesk, StepOf, summary_of
from api.commands.console import Json, give_up, out, say, show_json
from api.commands.ledger import law_in_force, opened
from api.commands.ledger import settings as chosen_settings
from api.current_rates import current_rates
from api.service import utc_now
from engine.casework import CaseRefused, CaseState, Verdict, approved, claimed
from engine.ledger import CaseMoved, CasesWanted, EntryRefused, Ledger, Scope, UnknownCase

app = typer.Typer(no_args_is_help=True, help="What was found after payments, for a person to decide.")

CaseId = Annotated[str, typer.Argument(metavar="ID", help="case_..., as `lexgate cases list` shows it.")]
InState = Annotated[CaseState | None, typer.Option("--state", help="Only cases in this state.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]
Key = Annotated[
    str, typer.Option("--key", envvar="LEXGATE_KEY", help="Your API key, with the scope `review`.", show_default=False)
]
Why = Annotated[str, typer.Option("--reason", help="Kept in the chain of the ledger.")]
Decision = Annotated[
    Verdict, typer.Argument(metavar="DECISION", help="false_positive, explained, monitor, report or confirm_match.")
]
No = Annotated[bool, typer.Option("--decline", help="Send it back; said by the proposer, withdraw it.")]
COLUMNS: Final = ("id", "subject_kind", "subject", "severity", "state", "decision", "alerts", "due_at")


@app.command("list")
def listed(state: InState = None, limit: Limit = 50, json: Json = False) -> None:
    """Cases in the order in which they were opened."""
    with opened() as ledger:
        page = ledger.cases.page(CasesWanted(() if state is None else (state,)), limit=limit, after=None)
    found = [summary_of(one, utc_now()) for one in page.data]
    if json:
        show_json({"cases": found})
        return
    table = Table(*(name.replace("_", " ") for name in COLUMNS), box=None, pad_edge=False)
    for one in found:
        table.add_row(*("" if one[name] is None else str(one[name]) for name in COLUMNS))
    out.print(table)


@app.command("show")
def show(case_id: CaseId, json: Json = False) -> None:
    """One case: what was found, and what was done about it."""
    with opened() as ledger:
        _tell(_desk(ledger), case_id, json=json)


@app.command("claim")
def claim(
    case_id: CaseId, key: Key, reason: Annotated[str | None, typer.Option("--reason")] = None, json: Json = False
) -> None:
    """Take a case on; one of another person with a reason."""
    _move(case_id, key, lambda desk, actor: lambda case: claimed(case, actor, desk.now, reason), json=json)


@app.command("decide")
def decide(case_id: CaseId, decision: Decision, key: Key, reason: Why, json: Json = False) -> None:
    """What you come to. A report, and anything of high severity, waits for another person."""
    _move(case_id, key, lambda desk, actor: lambda case: desk.decided(case, actor, decision, reason), json=json)


@app.command("approve")
def approve(case_id: CaseId, key: Key, reason: Why, decline: No = False, json: Json = False) -> None:
    """Another person's word on what was proposed."""
    _move(
        case_id,
        key,
        lambda desk, actor: lambda case: approved(case, actor, desk.now, reason, agrees=not decline),
        json=json,
    )


def _move(case_id: str, key: str, step_of: Callable[[CaseDesk, str], StepOf], *, json: bool) -> None:
    with opened() as ledger:
        actor = ledger.keys.authenticate(key)
        if actor is None or Scope.REVIEW not in actor.scopes:
            give_up("this key is not known, or lacks the scope `review`")
        desk, case = _desk(ledger), ledger.cases.one(case_id)
        if case is None:
            give_up(f"there is no case {case_id}")
        try:
            step = step_of(desk, actor.id)(case)
            ledger.cases.store(step, desk.now, desk.release)
        except CaseRefused as refusal:
            give_up(str(refusal))
        except (CaseMoved, UnknownCase):
            give_up("the case has moved: look at it again")
        except EntryRefused:
            give_up("the ledger refuses it: two persons are needed here")
        _tell(desk, case_id, json=json)


def _desk(ledger: Ledger) -> CaseDesk:
    return CaseDesk(ledger, law_in_force(ledger), current_rates(ledger, chosen_settings()), utc_now())


def _tell(desk: CaseDesk, case_id: str, *, json: bool) -> None:
    case = desk.ledger.cases.one(case_id)
    if case is None:
        give_up(f"there is no case {case_id}")
    body: dict[str, Any] = desk.told(case)
    if json:
        show_json(body)
        return
    due = "" if body["due_at"] is None else f", to be reported by {body['due_at']}"
    say(f"{body['id']} {body['subject_kind']} {body['subject']}: {body['state']}, {body['severity']}{due}")
    for alert in body["evidence"]:
        say(f"{alert['rule']}: {alert['summary']} ({', '.join(alert['evidence'])})")
    for later in body["since_proposed"]:
        say(f"since it was proposed: {later['alert']} came to name {', '.join(later['evidence'])} at {later['at']}")
    table = Table("no", "at", "who", "what", "to", "why", box=None, pad_edge=False)
    for line in body["history"]:
        table.add_row(str(line["number"]), line["at"], line["actor"], line["event"], line["to"], line["reason"])
    out.print(table)
