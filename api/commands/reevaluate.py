"""`lexgate reevaluate`: every stored decision asked again under the law in force now."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.backtest_files import Wanted
from api.commands.backtest import day
from api.commands.console import Json, give_up, progress, say, show_json
from api.commands.ledger import law_in_force, opened, settings
from api.ids import DecisionIds
from api.reevaluating import Reevaluation
from api.reevaluating import reevaluate as asked_again
from api.reevaluations import done, ordered
from api.spark.errors import SparkTrouble
from api.spark.session import cluster
from engine.backtest import Watch
from engine.ledger import LedgerError

First = Annotated[str | None, typer.Option("--first", metavar="DATE", help="The first day of decisions, in UTC.")]
Last = Annotated[str | None, typer.Option("--last", metavar="DATE", help="The last day, in UTC.")]
Where = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="Where it is counted; default: LEXGATE_REEVALUATIONS.")
]
Spark = Annotated[
    str | None,
    typer.Option(metavar="MASTER", help="On a cluster of Apache Spark, every machine of which sees the folder."),
]


def reevaluate(
    first: First = None, last: Last = None, folder: Where = None, spark: Spark = None, json: Json = False
) -> None:
    """What the stored decisions would be answered today, each on its own legal date. Nothing is decided anew.

    What was counted before under the same law and software is not counted again.
    """
    wanted = Wanted(day("--first", first), day("--last", last))
    where = folder or settings().reevaluations_folder
    with opened() as ledger, progress("Decisions", quiet=json) as step:
        asked = Reevaluation(law_in_force(ledger), wanted)
        watch = Watch(lambda _chunks, decisions: step(decisions, decisions))
        try:
            run = ordered(where, DecisionIds(kind="ree_")(), asked, datetime.now(UTC))
            with nullcontext() if spark is None else cluster(spark) as session:
                body = asked_again(asked, ledger, where, watch, session)
            body = done(run, body, datetime.now(UTC))
        except (SparkTrouble, LedgerError, OSError) as error:
            give_up(str(error))
    if json:
        show_json(body)
    else:
        _show(body)


def _show(body: dict[str, Any]) -> None:
    told = body["decisions"]
    say(f"{told['evaluated']} decisions asked again under {body['release']['digest']} ({body['release']['version']})")
    say(f"  {told['differing']} would be answered otherwise, {told['changed']} of them with another outcome")
    for one in body["outcomes"]:
        if one["was"] != one["now"]:
            say(f"  {one['payments']}: {one['was']} -> {one['now']}")
    for one in body["left_out"]:
        say(f"  {one['decisions']} not asked: {one['reason']}")
    if told["differing"]:
        say(f"Named, a line each, in {body['named_in']}")
