"""`lexgate trials`: releases tried before they are in force, from the console, under the same eyes as over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from api.canary_sides import Sides
from api.commands.console import Json, give_up, out, say, show_json
from api.commands.lawmaking import Key, Why, person, reader
from api.current_rates import current_rates
from api.drafting import Desk
from api.ids import DecisionIds
from api.shadowing import Sums
from api.trial_views import detail_body, trial_body
from api.trying import Unknown, Wanted, begin, end, hundredths
from engine.ledger import Ledger, Scope, TrialMoved
from engine.money import RateTable
from engine.packs import PackError, PackSet
from engine.trials import Band, Guardrail, Trial, TrialKind, TrialRefused, TrialState
from engine.words import FALLBACK, Words

app = typer.Typer(no_args_is_help=True, help="Releases tried before they are in force: shadows and canaries.")

TrialId = Annotated[str, typer.Argument(metavar="ID", help="trl_..., as `lexgate trials list` shows it.")]
InState = Annotated[TrialState | None, typer.Option("--state", help="Only trials in this state.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]
_PERCENT: Final = re.compile(r"(0|[1-9]\d?|100)(\.\d{1,2})?", re.ASCII)
_OUTCOMES: Final = ("block", "review", "collect", "challenge")


@dataclass(frozen=True, slots=True)
class _Summing:
    """What summaries are told with, out of a ledger that nobody serves."""

    desk: Desk
    rates: RateTable
    sums: Sums
    sides: Sides | None = None

    @property
    def ledger(self) -> Ledger:
        return self.desk.ledger

    def packs_of(self, digest: str) -> PackSet | None:
        return self.desk.laws.packs_of(digest)


@app.command("list")
def listed(state: InState = None, limit: Limit = 50, json: Json = False) -> None:
    """Trials in the order in which they were started."""
    with reader() as desk:
        found = [trial_body(one) for one in desk.ledger.trials.page(state=state, limit=limit, after=None).data]
    if json:
        show_json({"trials": found})
        return
    names = ("id", "kind", "state", "share", "release", "started_at", "ended_at")
    table = Table(*(name.replace("_", " ") for name in names), box=None, pad_edge=False)
    for one in found:
        table.add_row(*("" if one[name] is None else str(one[name]) for name in names))
    out.print(table)


@app.command("show")
def show(trial_id: TrialId, json: Json = False) -> None:
    """A trial and what it has come to. Of a shadow both releases are read: seconds."""
    with reader() as desk:
        trial = _trial(desk, trial_id)
        rates = current_rates(desk.ledger, desk.laws.settings)
        body = detail_body(_Summing(desk, rates, Sums(desk.ledger)), trial, Words(FALLBACK, {}))
    if json:
        show_json(body)
        return
    _tell(body)
    summary = body["summary"]
    if trial.kind is TrialKind.CANARY:
        for sentence in summary["guardrail"]["sentences"]:
            say(sentence)
        return
    behind = f"{'more than ' if summary['behind_at_least'] else ''}{summary['behind']}"
    say(f"{summary['decisions']} decisions, {summary['differing']} told otherwise; {behind} wait")
    for sentence in (summary["result"] or {}).get("sentences", ()):
        say(sentence)


@app.command("start")
def start(
    kind: Annotated[TrialKind, typer.Argument(metavar="shadow|canary")],
    key: Key,
    reason: Why,
    draft: Annotated[str | None, typer.Option("--draft", help="drf_...: approved, or for a shadow checked.")] = None,
    release: Annotated[str | None, typer.Option("--release", help="Of a shadow: any release that is kept.")] = None,
    share: Annotated[
        str | None, typer.Option("--share", help="Of a canary: percent of the payers, at most 50.")
    ] = None,
    band: Annotated[
        list[str] | None,
        typer.Option("--band", metavar="OUTCOME=POINTS", help="block=2, or block=+2, or block=-2; may be given again."),
    ] = None,
    minimum: Annotated[
        int, typer.Option("--minimum", min=20, help="Decisions on both sides before a verdict.")
    ] = 1_000,
    json: Json = False,
) -> None:
    """Try a release: beside every decision, or in earnest for a share of the payers."""
    canary = kind is TrialKind.CANARY
    if canary != (share is not None) or (canary and (draft is None or release is not None)):
        give_up("a canary wants --draft and --share; a shadow wants no --share")
    if not canary and (draft is None) == (release is None):
        give_up("a shadow is of --draft or of --release")
    bands = Guardrail().bands if not band else tuple(_band(one) for one in band)
    wanted = Wanted(kind, reason, draft, release, 0 if share is None else _hundredths(share), Guardrail(bands, minimum))
    with _trying(key, Scope.APPROVE if canary else Scope.EDIT) as desk:
        step, brought = begin(desk, DecisionIds(kind="trl_")(), wanted)
        desk.ledger.trials.start(step, brought)
    _show(step.trial, json=json)


@app.command("end")
def finish(trial_id: TrialId, key: Key, reason: Why, json: Json = False) -> None:
    """End a trial: every process that serves answers everybody by the release in force within a second."""
    with reader() as desk:
        kind = _trial(desk, trial_id).kind
    with _trying(key, Scope.APPROVE if kind is TrialKind.CANARY else Scope.EDIT) as desk:
        step = end(desk, _trial(desk, trial_id), reason)
        desk.ledger.trials.end(step)
    _show(step.trial, json=json)


@contextmanager
def _trying(key: str, scope: Scope) -> Iterator[Desk]:
    """The desk of whoever holds the key; what is refused ends the command with its reason."""
    with person(key, scope) as desk:
        try:
            yield desk
        except Unknown as error:
            give_up(f"there is no such {error.what}")
        except TrialRefused as refusal:
            give_up(str(refusal))
        except PackError as error:
            give_up(f"the draft cannot be read: {error.problems[0]}")
        except TrialMoved:
            give_up("the trial is over already")


def _trial(desk: Desk, trial_id: str) -> Trial:
    trial = desk.ledger.trials.one(trial_id)
    if trial is None:
        give_up(f"there is no trial {trial_id}")
    return trial


def _band(said: str) -> Band:
    outcome, _, limit = said.partition("=")
    if outcome not in _OUTCOMES:
        give_up(f"{outcome or said} is none of {', '.join(_OUTCOMES)}")
    points = _hundredths(limit.lstrip("+-"))
    return Band(outcome, None if limit.startswith("-") else points, None if limit.startswith("+") else points)


def _hundredths(said: str) -> int:
    if not _PERCENT.fullmatch(said):
        give_up(f"{said or 'nothing'} is no percentage with up to two decimals")
    return hundredths(said)


def _show(trial: Trial, *, json: bool) -> None:
    body = trial_body(trial)
    if json:
        show_json(body)
    else:
        _tell(body)


def _tell(body: dict[str, Any]) -> None:
    share = "" if body["share"] is None else f", {body['share']} % of the payers"
    say(f"{body['id']}: {body['kind']} of {body['release']}, {body['state']}{share}")
    if body["ended_at"] is not None:
        say(f"ended by {body['ended_by']}: {body['end_reason']}")
