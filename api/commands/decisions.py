"""`lexgate decide`, `explain` and `replay`: one decision at a time, without a service."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic_core import PydanticCustomError
from rich.tree import Tree

from api.bundled import rates_file
from api.commands.console import FOUND, Json, give_up, out, refuse, say, show_json
from api.commands.ledger import law, law_in_force, opened, releases, settings
from api.commands.watched import MARKS, scenarios_ladder, screening_ladder
from api.current_rates import current_rates
from api.deciding import Asked, facts_in, judge
from api.domains import chosen
from api.fx import read_rates
from api.ids import DecisionIds
from api.problems import Problem
from api.registers import known
from api.replaying import explanation, replayed
from api.service import Service, utc_now
from engine.decide import BUILT, decide
from engine.history import NullHistory
from engine.ledger import LedgerError
from engine.money import RateTable
from engine.wire import read_date, read_instant

File = Annotated[str, typer.Argument(metavar="FILE", help="A Transaction as JSON; - for standard input.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a decision, dec_...")]
Locale = Annotated[str | None, typer.Option(help="Language of the sentences, such as fr.")]
Domains = Annotated[str | None, typer.Option(help=f"Domains to decide, of {', '.join(BUILT)}; default: all of them.")]
Store = Annotated[bool, typer.Option("--store", help="With the history of the ledger, and stored there.")]
Release = Annotated[str | None, typer.Option(help="Digest of another release that was in force here.")]
LegalTime = Annotated[str | None, typer.Option(help="Ask under the law of another day: a date or an instant.")]


def decide_file(
    file: File, locale: Locale = None, domains: Domains = None, store: Store = False, json: Json = False
) -> None:
    """Decide on one Transaction.

    Nothing is remembered and nothing is known of the payer's past, unless --store is given.
    """
    body = _read(file)
    try:
        facts = facts_in(body)
        asked = Asked("cli", body, locale, domains=domains)
        answer = _stored(facts, asked) if store else _only_decided(facts, asked)
    except Problem as problem:
        refuse(problem, json=json)
    if json:
        show_json(answer)
    else:
        _show(answer)


def explain(decision_id: Id, locale: Locale = None, json: Json = False) -> None:
    """Why a stored decision is what it is: every rule that was looked at, with the value of each part."""
    with opened() as ledger:
        stored = ledger.decision(decision_id) or give_up(f"there is no decision {decision_id} in this ledger")
        try:
            ladder = explanation(releases(ledger), stored, locale)
        except Problem as problem:
            give_up(problem.detail)
    if json:
        show_json(ladder)
        return
    for place in ladder["places"]:
        out.print(_ladder(place))
    if "screening" in ladder:
        out.print(screening_ladder(ladder["screening"]))
        out.print(scenarios_ladder(ladder["scenarios"]))
    if "tax" in ladder:
        out.print(_tax_ladder(ladder["tax"]))


def replay(decision_id: Id, release: Release = None, legal_time: LegalTime = None, json: Json = False) -> None:
    """Decide again from the stored request and inputs. Ends with 1 where the answer is not the same."""
    day = _day(legal_time)
    with opened() as ledger:
        stored = ledger.decision(decision_id) or give_up(f"there is no decision {decision_id} in this ledger")
        try:
            result = replayed(releases(ledger), stored, release, day)
        except Problem as problem:
            give_up(problem.detail)
    if json:
        show_json(result)
    elif result["identical"]:
        say(f"{decision_id}: the same answer, byte for byte, under {result['release']}")
    else:
        say(f"{decision_id}: another answer under {result['release']}")
        for found in result["differences"]:
            say(f"  {found['pointer'] or '/'}: {_brief(found['was'])} -> {_brief(found['now'])}")
    if not result["identical"]:
        raise typer.Exit(FOUND)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        give_up(f"{file}: {error.strerror}")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return read_date(text) if len(text) == 10 else read_instant(text).date()
    except PydanticCustomError as error:
        give_up(f"--legal-time: {error.message()}")


def _only_decided(facts: Any, asked: Asked) -> dict[str, Any]:
    domains = chosen(asked.domains)
    rates = RateTable(read_rates(rates_file()), max_age_days=settings().fx_max_age_days)
    decided = decide(
        facts,
        law(),
        NullHistory(),
        rates=rates,
        decision_id=DecisionIds()(),
        now=utc_now(),
        locale=asked.locale,
        domains=domains,
    )
    return decided.body


def _stored(facts: Any, asked: Asked) -> dict[str, Any]:
    with opened() as ledger:
        service = Service.around(settings(), law_in_force(ledger), current_rates(ledger, settings()), ledger)
        entry = judge(service, facts, asked, known(service, facts, service.packs))
        try:
            ledger.writer.run(lambda batch: batch.decisions([entry])[0])
        except LedgerError as error:
            give_up(str(error))
        found: dict[str, Any] = orjson.loads(entry.answer)
        return found


def _show(answer: dict[str, Any]) -> None:
    say(f"{answer['outcome']}: {answer['message']}")
    sca = answer.get("sca")
    if sca is not None:
        exemption = f", {sca['exemption']}" if sca["exemption"] else ""
        say(f"  strong customer authentication: {sca['verdict']}{exemption} ({sca['regime']})")
    if "tax" in answer:
        _show_tax(answer["tax"])
    for finding in answer["findings"]:
        law_of = finding["law"]
        say(f"  {finding['rule']}: {finding['message']}")
        if law_of["instrument"]:
            say(f"    {law_of['instrument']}, {law_of['provision']} [{finding['confidence']}]")
        for label, because in finding["because"].items():
            say(f"    {label}: {because}")
    for closed in sca["closed"] if sca is not None else ():
        say(f"  closed: {closed['name']}: {closed['because']}")
    for missing in answer["missing"]:
        say(f"  would help: {missing['field']}")
    for obligation in answer["obligations"]:
        say(
            f"  {obligation['who']}: {obligation['message']}" + (f" ({obligation['due']})" if obligation["due"] else "")
        )
    say(f"  {answer['id']}, law of {', '.join(pack['jurisdiction'] for pack in answer['rulepacks'])}")


def _show_tax(tax: dict[str, Any]) -> None:
    total = f", {tax['total']} {tax['currency']}" if tax["total"] is not None else ""
    say(f"  tax: {tax['verdict']}{total}")
    for line in tax["lines"]:
        levied = ", ".join(
            f"{part['name']} {part['rate_percent']} % of {part['taxable_amount']} = {part['amount']}"
            for part in line["components"]
        )
        say(f"    line {line['id']}: {line['treatment']} ({line['reason']}){': ' + levied if levied else ''}")


def _tax_ladder(tax: dict[str, Any]) -> Tree:
    tree = Tree(f"tax: {tax['verdict']}")
    for line in tax["lines"]:
        branch = tree.add(f"line {line['id']}: {line['treatment']} ({line['reason']})", highlight=False)
        for step in line["steps"]:
            law_of = step["law"]
            cited = f" [{law_of['instrument']}, {law_of['provision']}]" if law_of["instrument"] else ""
            branch.add(f"{step['question']}: {step['answer']}{cited}", highlight=False)
    return tree


def _ladder(place: dict[str, Any]) -> Tree:
    about = f", question {place['question']}, region {place['region']}" if "question" in place else ""
    said = f"{place['domain']}: {place['side']} = {place['place']}{about}: law of {place['law_of']}"
    tree = Tree(f"{said} ({', '.join(place['packs'])})", highlight=False)
    for rule in sorted(place["rules"], key=lambda rule: (rule["fired"] is not True, rule["fired"] is None)):
        branch = tree.add(f"{MARKS[rule['fired']]}  {rule['rule']}: {rule['title']}", highlight=False)
        if rule["fired"] is not False:
            _rung(branch, rule["because"])
    return tree


def _rung(branch: Tree, step: dict[str, Any]) -> None:
    value = "unknown" if step["value"] is None else step["value"]
    below = branch.add(f"{step['expression']} = {value}", highlight=False)
    for part in step.get("below", []):
        _rung(below, part)


def _brief(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 100 else f"{text[:97]}..."
