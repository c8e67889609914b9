"""`lexgate tax`: quotes, rates and returns, for people who keep accounts."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError
from pydantic_core import PydanticCustomError
from rich.markup import escape
from rich.table import Table

from api import returning, tax_reports
from api.bodies import parse
from api.bundled import rates_file
from api.commands.console import Json, give_up, out, refuse, say, show_json
from api.commands.ledger import law, opened, settings
from api.current_rates import current_rates
from api.fx import read_rates
from api.ids import DecisionIds
from api.problems import Problem, invalid_body
from api.service import Service, utc_now
from api.tax_schemas import TaxQuestion
from engine.calculation import calculate
from engine.facts import facts_of
from engine.money import RateTable, exact_number
from engine.tax.returns_csv import table
from engine.tax.sale import unknown_merchant
from engine.tax.uk_return import Stated
from engine.wire import read_date, read_place

app = typer.Typer(no_args_is_help=True, help="Tax: quotes, rates, returns.")

File = Annotated[
    str, typer.Argument(metavar="FILE", help="A Transaction, or its tax part, as JSON; - for standard input.")
]
Locale = Annotated[str | None, typer.Option(help="Language of the sentences, such as fr.")]
Why = Annotated[bool, typer.Option("--why/--no-why", help="Every step of the procedure below the table.")]
Country = Annotated[str, typer.Option(help="ISO 3166-1 code, or ISO 3166-2 of a part: DE, US-TX.")]
Day = Annotated[str | None, typer.Option("--date", help="A day; default: today there.")]
Category = Annotated[str | None, typer.Option(help="Only this category, such as books.")]
Merchant = Annotated[str, typer.Option(help="Id of a merchant.")]
Scheme = Annotated[str, typer.Option(help="oss, non_union_oss, ioss or uk.")]
Period = Annotated[str, typer.Option(help="2026-Q4; for ioss 2026-11; for uk 2026-11..2027-01 as well.")]
Format = Annotated[str, typer.Option(help="json or csv; default: a table.")]
Pounds = Annotated[str | None, typer.Option(help="For uk: what is not recorded here, in pounds.")]

_SCHEMES: Final = ("oss", "non_union_oss", "ioss", "uk")


@app.callback()
def tax() -> None:
    """Tax: quotes, rates, returns."""


@app.command("quote")
def quote(file: File, locale: Locale = None, why: Why = True, json: Json = False) -> None:
    """The tax of one sale, line by line, with the reason and the article. Nothing is stored, and no stored merchant is known."""
    try:
        answer = _quoted(_question(_read(file)), locale)
    except Problem as problem:
        refuse(problem, json=json)
    if json:
        show_json(answer)
    else:
        _show_quote(answer, why=why)


@app.command("rates")
def rates(country: Country, day: Day = None, category: Category = None, json: Json = False) -> None:
    """The rates of a place on a day, with their law and how surely they are known."""
    place = _place(country)
    try:
        found = tax_reports.rates_of(law(), utc_now(), place, _day(day), category)
    except Problem:
        give_up(f"there is no tax law of {place} in these packs; that is not the same as no tax")
    if json:
        show_json(found)
    else:
        _show_rates(found)


@app.command("return")
def returned(
    merchant: Merchant,
    scheme: Scheme,
    period: Period,
    format: Format = "table",
    input_tax: Pounds = None,
    purchases: Pounds = None,
    acquisition_tax: Pounds = None,
    acquisitions: Pounds = None,
    json: Json = False,
) -> None:
    """The return of a merchant, a scheme and a period, from the ledger; reconciled to its transactions."""
    if scheme not in _SCHEMES:
        give_up(f"--scheme: {scheme} is none of {', '.join(_SCHEMES)}")
    if format not in ("table", "json", "csv"):
        give_up(f"--format: {format} is neither json nor csv")
    stated = Stated(*map(_pounds, (input_tax, purchases, acquisition_tax, acquisitions)))
    with opened() as ledger:
        chosen, packs = settings(), law()
        service = Service.around(chosen, packs, current_rates(ledger, chosen), ledger)
        try:
            found = returning.returned(service, merchant, scheme, period, stated)
        except Problem as problem:
            give_up(problem.detail, *(fault.message for fault in problem.faults))
    if json or format == "json":
        show_json(found)
    elif format == "csv":
        sys.stdout.write(table(found))
    else:
        _show_return(found)


# -- asking -----------------------------------------------------------------------------------------------------------


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        give_up(f"{file}: {error.strerror}")


def _question(body: bytes) -> TaxQuestion:
    """The question in a file. Raises Problem with every fault."""
    tree = parse(body)
    try:
        return TaxQuestion.model_validate(tree)
    except ValidationError as error:
        raise invalid_body(error.errors(include_url=False, include_input=False), tree) from None


def _quoted(question: TaxQuestion, locale: str | None) -> dict[str, Any]:
    found = calculate(
        facts_of(question),
        law(),
        rates=RateTable(read_rates(rates_file()), max_age_days=settings().fx_max_age_days),
        calculation_id=DecisionIds(kind="calc_")(),
        now=utc_now(),
        profiles=unknown_merchant,
        locale=locale,
    )
    # Nothing is stored: an id and a date until which it holds would promise that it can be committed.
    return {name: value for name, value in found.body.items() if name not in ("id", "valid_until", "profile_version")}


def _place(text: str) -> str:
    try:
        return read_place(text)
    except PydanticCustomError as error:
        give_up(f"--country: {error.message()}")


def _pounds(text: str | None) -> Decimal | None:
    amount = None if text is None else exact_number(text)
    if text is not None and (amount is None or amount < 0):
        give_up(f"{text} is no amount")
    return amount


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else read_date(text)
    except PydanticCustomError as error:
        give_up(f"--date: {error.message()}")


# -- quotes -----------------------------------------------------------------------------------------------------------


def _show_quote(answer: dict[str, Any], *, why: bool) -> None:
    tax = answer["tax"]
    head = [
        answer["legal_time"][:10],
        f"customer: {tax['customer']}",
        _prices(tax["inclusive"]),
        f"law: {_packs(answer)}",
    ]
    say("; ".join(filter(None, (answer["reference"], *head))))
    lines = Table("line", "place", "treatment", "rate", "base", "tax", "gross", "article", box=None, pad_edge=False)
    for name in ("rate", "base", "tax", "gross"):
        next(column for column in lines.columns if column.header == name).justify = "right"
    articles = _articles(answer)
    for line in tax["lines"]:
        for cells in _cells(line, articles.get(line["id"], "")):
            lines.add_row(*map(escape, cells))
    out.print(lines)
    say(_total(tax))
    for one in tax.get("in_currency_of_state", ()):
        say(_in_currency(one))
    for rate in answer["fx"]:
        say(_rate(rate))
    for line in tax["lines"]:
        _show_line(line, why=why)


def _cells(line: dict[str, Any], article: str) -> list[list[str]]:
    place = line["region"] or line["country"] or "?"
    treatment = f"{line['treatment']}: {line['reason']}" if line["reason"] else line["treatment"]
    first = [line["id"], place, treatment]
    if line["tax"] is None:
        return [[*first, "", "", "undecided", "", article]]
    taxes = [
        [f"{one['name']} {one['rate_percent']} % [{one['confidence']}]", one["taxable_amount"], one["amount"]]
        for one in line["components"]
    ] or [["", line["net"], line["tax"]]]
    rows = [[*first, *taxes[0], line["gross"], article]]
    return rows + [["", "", "", *more, "", ""] for more in taxes[1:]]


def _articles(answer: dict[str, Any]) -> dict[str, str]:
    """The provision that settled each line: the one its finding stands on."""
    found: dict[str, str] = {}
    for finding in answer["findings"]:
        cited = ", ".join(filter(None, (finding["law"]["instrument"], finding["law"]["provision"])))
        for line in finding["because"].get("lines", "").split(", "):
            found.setdefault(line, cited)
    return found


def _total(tax: dict[str, Any]) -> str:
    if tax["total"] is None:
        return f"tax: {tax['verdict'].replace('_', ' ')}"
    rounding = tax["rounding"]
    how = f"; rounded {rounding['method'].replace('_', ' ')}, {rounding['level']}" if rounding else ""
    sure = f"; confidence {tax['confidence']}" if tax["confidence"] else ""
    return f"tax: {tax['total']} {tax['currency']}{how}{sure}"


def _in_currency(one: dict[str, Any]) -> str:
    """The tax of a country in its own money, or the rate that it lacks."""
    if one["amount"] is None:
        lacking = f"{', '.join(one['missing'])} of {one['source']}"
        return f"tax of {one['country']} in {one['currency']}: undecided; would settle it: {lacking}"
    return f"tax of {one['country']} in {one['currency']}: {one['amount']}"


def _rate(rate: dict[str, Any]) -> str:
    rule = f", {rate['rule'].replace('_', ' ')}" if rate.get("rule") else ""
    law = rate.get("law")
    cited = f"; {', '.join(filter(None, (law['instrument'], law['provision'])))}" if law else ""
    return (
        f"exchange rate: 1 {rate['from']} = {rate['rate']} {rate['to']} ({rate['source']}, {rate['date']}{rule}{cited})"
    )


def _show_line(line: dict[str, Any], *, why: bool) -> None:
    if not (why or line["missing"] or line["invoice_note"]):
        return
    say(f"\n{line['id']}")
    if why:
        for step in line["steps"]:
            say(f"  {step['question']}: {step['answer']}")
        for one in line["law"]:
            say(f"  law: {', '.join(filter(None, (one['instrument'], one['provision'])))}")
        if line["evidence"]:
            say(f"  evidence: {', '.join(line['evidence'])}")
    if line["invoice_note"]:
        say(f"  on the invoice: {line['invoice_note']}")
    if line["missing"]:
        settled = line["treatment"] != "undecided"
        say(f"  {'would tell who declares it' if settled else 'would settle it'}: {', '.join(line['missing'])}")


def _prices(inclusive: bool | None) -> str:
    return {True: "prices with tax", False: "prices without tax"}.get(inclusive, "") if inclusive is not None else ""


def _packs(answer: dict[str, Any]) -> str:
    return ", ".join(pack["jurisdiction"] for pack in answer["rulepacks"])


# -- rates and returns ------------------------------------------------------------------------------------------------


def _show_rates(found: dict[str, Any]) -> None:
    name = f", {found['tax_name']}" if found["tax_name"] else ""
    taxed = {True: "", False: ": no consumption tax"}.get(found["has_consumption_tax"], "")
    say(f"{found['place']} on {found['date']}{name}{taxed}")
    if not found["data"]:
        return
    table = Table("tax", "category", "rate", "kind", "since", "until", "sure", "law", box=None, pad_edge=False)
    for one in found["data"]:
        narrower = "; ".join(filter(None, (", ".join(one["supplies"]), one["condition"])))
        rate = "exempt" if one["kind"] == "exempt" else f"{one['rate_percent']} %" if one["known"] else "not read"
        rate += f" of {one['share']}" if one["share"] != "1" else ""
        cited = ", ".join(filter(None, (one["instrument"], one["provision"])))
        category = f"{one['category']} ({narrower})" if narrower else one["category"]
        cells = (
            one["name"],
            category,
            rate,
            one["kind"],
            one["from"] or "not read",
            one["to"] or "",
            one["confidence"],
            cited,
        )
        table.add_row(*map(escape, cells))
    out.print(table)


def _show_return(found: dict[str, Any]) -> None:
    number = (found["registration"] or {}).get("number")
    due = f", due {found['due']}" if "due" in found else ""
    say(f"{found['merchant']}: {found['scheme']} {found['period']}{due}{f', number {number}' if number else ''}")
    if found["filed"]:
        say(f"filed on {found['filed']['filed_on']} as {found['filed']['id']}")
    boxes = "boxes" in found
    table = Table(
        *(("box", "amount") if boxes else ("country", "supply", "rate", "base", "tax")), box=None, pad_edge=False
    )
    if boxes:
        for box, amount in found["boxes"].items():
            table.add_row(box, amount or "not known here")
    else:
        for row in found["rows"]:
            rate = f"{row['rate_percent']} % {row['rate_type']}"
            table.add_row(
                row["country"], row["supply"], rate, _or_open(row["taxable_amount"]), _or_open(row["vat_amount"])
            )
        for row in found["corrections"]:
            table.add_row(
                row["country"], f"correction of {row['original_period']}", "", "", _or_open(row["vat_amount"])
            )
    out.print(table)
    if not boxes:
        say(f"total: {_or_open(found['total'])} {found['currency']}")
        for rate in found["fx"]:
            say(_rate(rate))
    for one in found["reconciliation"]:
        say(f"transactions: {one['difference']} {one['currency']} apart")
    say(found["basis"])


def _or_open(amount: str | None) -> str:
    return "undecided" if amount is None else amount
