"""`lexgate backtest`: a candidate release against the one that is served, over past payments."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic_core import PydanticCustomError

from api.backtest_sources import LEDGER, Wanted
from api.backtesting import Order, OtherBacktest, World, run_backtest, world_of
from api.commands.console import Json, give_up, progress, say, show_json
from api.commands.ledger import law, law_in_force, opened, releases, settings
from api.domains import chosen
from api.problems import Problem
from api.replaying import digest_of
from api.spark.errors import SparkTrouble
from api.spark.session import cluster
from engine.backtest import BadTable, Watch, markdown
from engine.decide import BUILT
from engine.ledger import Ledger
from engine.packs import PackSet
from engine.wire import read_date

Candidate = Annotated[
    str, typer.Option("--candidate", metavar="DIR|DIGEST", help="Folder of packs, or a release of the ledger.")
]
From = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="ledger|archive:DIR|FILE",
        help="Stored decisions, those of an archive and the ledger after it, or a .csv, .parquet or .ndjson file.",
    ),
]
First = Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day, in UTC.")]
Last = Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day, in UTC.")]
Domains = Annotated[
    str | None, typer.Option(help=f"Domains, of {', '.join(BUILT)}; default: all, of a table of payments all but tax.")
]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many payments, the oldest first.")]
LegalDay = Annotated[str | None, typer.Option(metavar="DATE", help="Ask both under the law of this day.")]
Full = Annotated[bool, typer.Option("--full", help="Ask both of every payment, also where they hold the same law.")]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the result there: .json, or a page in Markdown.")]
Resume = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Keep there what is counted, and go on from what is kept.")
]
Spark = Annotated[
    str | None,
    typer.Option(metavar="MASTER", help="On a cluster of Apache Spark, such as spark://host:7077. Wants --resume."),
]
Locale = Annotated[str, typer.Option(help="Language of the sentences, such as fr.")]

TABLES = (".csv", ".parquet")
"""Files that hold no baskets, and so no tax."""


def backtest(  # noqa: PLR0913  one option for each thing that may be asked
    candidate: Candidate,
    source: From = LEDGER,
    first: First = None,
    last: Last = None,
    domains: Domains = None,
    limit: Limit = None,
    legal_day: LegalDay = None,
    full: Full = False,
    out: Out = None,
    resume: Resume = None,
    spark: Spark = None,
    locale: Locale = "en",
    json: Json = False,
) -> None:
    """What a candidate release would have answered otherwise, over past payments. Nothing is decided and nothing is stored."""
    try:
        asked = tuple(one for one in chosen(domains) if domains or one != "tax" or not source.endswith(TABLES))
    except Problem as problem:
        give_up(problem.faults[0].message)
    if spark is not None and resume is None:
        give_up("--spark needs --resume DIR: a folder that every machine sees, for what they count.")
    wanted = Wanted(day("--from", first), day("--to", last), limit)
    order = Order(source, asked, wanted, day("--legal-day", legal_day), full, locale)
    with opened() as ledger, progress("Payments", quiet=json) as step:
        active = law_in_force(ledger)
        watch = Watch(lambda _chunks, payments: step(payments, limit or payments))
        try:
            world = world_of(active, ledger, settings(), source)
            body = _run(order, _candidate(ledger, candidate), world, resume, spark, watch)
        except (BadTable, OtherBacktest, SparkTrouble, OSError) as error:
            give_up(str(error))
    if out is not None:
        text = orjson.dumps(body, option=orjson.OPT_INDENT_2) if out.suffix == ".json" else markdown(body).encode()
        out.write_bytes(text)
    if json:
        show_json(body)
    elif out is None:
        say(markdown(body))


def _run(
    order: Order, candidate: PackSet, world: World, folder: Path | None, master: str | None, watch: Watch
) -> dict[str, Any]:
    if master is None:
        return run_backtest(order, candidate, world, folder=folder, watch=watch)
    assert folder is not None, "a cluster has a folder"
    with cluster(master) as session:
        from api.spark.driver import spark_backtest

        return spark_backtest(session, order, candidate, world, folder=folder, watch=watch)


def _candidate(ledger: Ledger, name: str) -> PackSet:
    """The packs of a folder, or of a release that was ever in force here."""
    if Path(name).is_dir():
        return law(Path(name))
    try:
        found = releases(ledger)(digest_of(name))
    except Problem:
        found = None
    return found or give_up(f"{name} is neither a folder nor the digest of a release of this ledger")


def day(option: str, text: str | None) -> date | None:
    """The day that an option says, or an end with what is wrong with it."""
    if text is None:
        return None
    try:
        return read_date(text)
    except PydanticCustomError as error:
        give_up(f"{option}: {error.message()}")
