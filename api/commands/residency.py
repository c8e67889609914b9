"""`lexgate residency`: where the data of a business may be, and the policies that keep them there."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError
from pydantic_core import PydanticCustomError
from rich.table import Table

from api.commands.console import FOUND, Json, give_up, out, say, show_json
from api.commands.ledger import law
from api.commands.packs import Folder
from api.residency_export import EXPORTS, NothingToExport, exported
from api.residency_plan import NAMES, NO_REGION, PROVIDERS, Wanted, planned
from api.service import utc_now
from engine.data_question import DataQuestion
from engine.wire import read_date, read_place

app = typer.Typer(no_args_is_help=True, help="Data residency: where data may be.")

Countries = Annotated[str, typer.Option(help="Where the customers live: DE,IN,NG or CA-QC.")]
Classes = Annotated[str, typer.Option(help="Classes of data: payment_credential,transaction_record,contact ...")]
Actions = Annotated[str, typer.Option(help="store, process, transfer, mirror.")]
Role = Annotated[str, typer.Option(help="Role of the business: merchant, bank, payment_institution ...")]
Day = Annotated[str | None, typer.Option("--date", help="The day whose law is asked; default: today.")]
Providers = Annotated[str, typer.Option(help="aws,azure,google.")]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="FIELD=VALUE", help="A further fact of every question, such as mechanism.kind=scc."),
]
Export = Annotated[str | None, typer.Option(help=f"Write a policy instead: {', '.join(EXPORTS)}.")]

ALL: Final = ",".join(PROVIDERS)


@app.callback()
def residency() -> None:
    """Data residency: where data may be."""


@app.command("plan")
def plan(
    countries: Countries, classes: Classes, actions: Actions = "store", role: Role = "merchant", day: Day = None,
    providers: Providers = ALL, more: With = None, export: Export = None, folder: Folder = None,
    json: Json = False,
) -> None:  # fmt: skip
    """The regions allowed for each country and class of data, and for the whole business. Ends with 1 where it has none."""
    packs = law(folder)
    asked = tuple(_words(classes)), tuple(_words(actions))
    wanted = Wanted(
        tuple(_place(one) for one in _words(countries)),
        *asked,
        _day(day),
        _known(_words(providers), PROVIDERS, "provider"),
        _typed({"actor_role": role, **_more(more or [])}, asked),
    )
    if export is not None:
        _known([export], tuple(EXPORTS), "export")
    found = planned(packs, wanted)
    if export is not None:
        try:
            show_json(exported(export, found["business"]["regions"], packs.regions))
        except NothingToExport as error:
            give_up(str(error))
        return
    if json:
        show_json(found)
    else:
        _show(found)
    if found["business"]["verdict"] == NO_REGION:
        raise typer.Exit(FOUND)


# -- what was asked -----------------------------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    found = [word.strip() for word in text.split(",") if word.strip()]
    return found or give_up("a list is empty")


def _place(code: str) -> str:
    try:
        return read_place(code)
    except PydanticCustomError as error:
        give_up(f"{code}: {error.message()}")


def _day(text: str | None) -> date:
    try:
        return read_date(text) if text else utc_now().date()
    except PydanticCustomError as error:
        give_up(f"{text}: {error.message()}")


def _known(words: list[str], known: tuple[str, ...], said: str) -> tuple[str, ...]:
    strange = [word for word in words if word not in known]
    if strange:
        give_up(f"there is no {said} {', '.join(strange)}; known are {', '.join(known)}")
    return tuple(words)


def _more(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or name not in NAMES:
            give_up(f"{pair}: FIELD=VALUE is wanted, with a field of a question about data such as mechanism.kind")
        found[name] = value
    return found


def _typed(pairs: dict[str, str], wanted: tuple[tuple[str, ...], tuple[str, ...]]) -> dict[str, Any]:
    """The further facts with their types, through the door that callers use: what would be refused there is refused here."""
    body: dict[str, Any] = {}
    for name, text in pairs.items():
        head, _, rest = name.partition(".")
        value = _value(name, text)
        if rest:
            body.setdefault(head, {})[rest] = value
        else:
            body[head] = value
    questions = [_validated({**body, "data_class": one, "action": other}) for one in wanted[0] for other in wanted[1]]
    return {name: _read(questions[0], name) for name in pairs}


def _value(name: str, text: str) -> Any:
    if name == "mechanism.also":
        return text.split("+")
    if name.startswith("volumes.") and text.isdecimal():
        return int(text)
    return {"true": True, "false": False}.get(text, text)


def _validated(body: dict[str, Any]) -> DataQuestion:
    try:
        return DataQuestion.model_validate(body)
    except ValidationError as error:
        fault = error.errors()[0]
        give_up(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}")


def _read(question: DataQuestion, name: str) -> Any:
    found: Any = question
    for step in name.split("."):
        found = getattr(found, step)
    return tuple(found) if isinstance(found, list) else found


# -- what is shown ------------------------------------------------------------------------------------------------------------


def _show(found: dict[str, Any]) -> None:
    shown = Table(box=None, pad_edge=False, title=f"Law of {found['date']}")
    for heading in ("country", "data", "action", "verdict", "at home", "regions"):
        shown.add_column(heading, overflow="fold")
    for row in found["rows"]:
        regions = _regions(row["regions"]) or (
            f"with a copy at home: {_regions(row['with_local_copy'])}" if row["with_local_copy"] else "-"
        )
        shown.add_row(row["country"], row["data_class"], row["action"], row["verdict"], _at_home(row), regions)
    out.print(shown)
    for row in found["rows"]:
        for line in _hints(row):
            say(f"{row['country']} {row['data_class']} {row['action']}: {line}")
    say(f"assumed: {', '.join(f'{name} {value}' for name, value in found['assumed'].items())}")
    business = found["business"]
    if business["regions"]:
        say(f"whole business: {_regions(business['regions'])}")
        for pair in business["pairs_abroad"]:
            say(f"beware: {pair['region']} is paired with {pair['pair']}, which is not allowed for everything")
    else:
        say(
            f"whole business: {NO_REGION}: no listed region is allowed for everything; split the data by country, or host at home"
        )


def _regions(names: Any) -> str:
    """By provider: `aws: eu-central-1, eu-west-1; google: ...`."""
    grouped: dict[str, list[str]] = {}
    for name in names:
        provider, _, region = name.partition(":")
        grouped.setdefault(provider, []).append(region)
    return "; ".join(f"{provider}: {', '.join(regions)}" for provider, regions in grouped.items())


def _at_home(row: dict[str, Any]) -> str:
    home = row["at_home"]
    return f"{home['verdict']} ({home['ground']})" if home["ground"] else home["verdict"]


def _hints(row: dict[str, Any]) -> list[str]:
    found = []
    if row["mechanisms"]:
        found.append(f"elsewhere with one of: {', '.join(row['mechanisms'])}")
    if row["missing"]:
        found.append(f"not stated: {', '.join(row['missing'])}")
    if row["valid_until"]:
        found.append(f"law known to change after {row['valid_until']}")
    return found
