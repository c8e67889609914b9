"""`lexgate screen`: what the lists say of somebody."""

from __future__ import annotations

from typing import Annotated

import orjson
import typer
from pydantic import ValidationError
from rich.table import Table

from api.commands.console import FOUND, Json, out, refuse, say, show_json
from api.commands.ledger import opened, settings
from api.ids import DecisionIds
from api.lists_in_force import ListsInForce
from api.problems import invalid_body
from api.screening import screening_of, told
from api.screening_schemas import ScreeningQuestion
from api.service import utc_now
from engine.ledger import ScreeningEntry

Name = Annotated[str, typer.Argument(metavar="NAME", help="In any script, in any order.")]
BirthDate = Annotated[str | None, typer.Option("--birth-date", help="A day, a month or a year: 1961-05-03, 1961.")]
Country = Annotated[str | None, typer.Option("--country", help="Of residence or establishment: ISO 3166-1.")]
Kind = Annotated[str | None, typer.Option("--kind", help="person, organisation, vessel or aircraft.")]


def screen(
    name: Name, birth_date: BirthDate = None, country: Country = None, kind: Kind = None, json: Json = False
) -> None:
    """What the lists say of somebody, and why. The answer is stored. Ends with 1 unless it is clear."""
    stated = {"name": name, "birth_date": birth_date, "country": country, "kind": kind}
    stated = {key: value for key, value in stated.items() if value is not None}
    try:
        question = ScreeningQuestion.model_validate(stated)
    except ValidationError as error:
        refuse(invalid_body(error.errors(include_url=False, include_input=False), stated), json=json)
    now, asked, identity = utc_now(), question.asked(), DecisionIds(kind="scr_")()
    chosen = settings()
    with opened() as ledger:
        lists = ListsInForce(ledger, chosen.required_lists, chosen.stale_days)
        found, fingerprint = screening_of(chosen, lists).of(asked, now)
    body = told(found, now, id=identity, subject=None, query=asked)
    entry = ScreeningEntry(
        identity, now, "console", None, found.verdict, fingerprint, orjson.dumps(asked), orjson.dumps(body)
    )
    with opened() as ledger:
        ledger.screenings.store(entry)
    if json:
        show_json(body)
    else:
        _show(body)
    if body["verdict"] != "clear":
        raise typer.Exit(FOUND)


def _show(body: dict[str, object]) -> None:
    say(f"{body['verdict']} ({body['id']})")
    for reason in body["reasons"]:  # type: ignore[attr-defined]
        say(reason["message"])
    table = Table("score", "band", "entry", "name", "because", box=None, pad_edge=False)
    for match in body["matches"]:  # type: ignore[attr-defined]
        entry = match["entry"]
        because = ", ".join(f"{one['code']} {one['weight']}" for one in match["features"])
        table.add_row(match["score"], match["band"], entry["id"], entry["names"][0]["text"], because)
    if table.rows:
        out.print(table)
