"""Every stored decision asked again under today's knowledge, and held against what was answered.

What is counted stays in a folder of its release and of the software, a file for each stretch of the ledger. A stretch that is
full does not change any more: the next night counts what came since, and everything only where the law or the software changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from api.backtest_files import Wanted
from api.backtest_folder import Folder, chunk_file, put
from api.software import software
from engine.backtest import (
    NOBODY,
    Answered,
    Bench,
    Chunk,
    Compared,
    Releases,
    Source,
    Tally,
    Watch,
    answered_otherwise,
    compare_answered,
    count,
    result,
)
from engine.decide import BUILT
from engine.ledger import Ledger
from engine.money import RateTable
from engine.packs import PackSet

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FORMAT: Final = "lexgate-reevaluation/1"
SPAN: Final = 4_000
"""Numbers of the ledger's chain between two files of what was counted. Events and notes have numbers too."""
KNOWN_THEN: Final = ("history", "exchange_rates", "lists", "merchants", "registers", "totals", "scenarios")
"""What is not asked anew: each decision kept what it knew of these, and today's would be another question."""
EVERYTHING: Final = Wanted()
COUNTED, DIFFERING, UPTO = "counted", "differing", "upto.json"


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """What is asked: of the decisions of which days (in UTC, by when they were decided), under which release."""

    packs: PackSet
    wanted: Wanted = EVERYTHING

    @property
    def identity(self) -> dict[str, Any]:
        """What must be the same for counts to be of one re-evaluation."""
        told = self.wanted.told()
        return {
            "release": self.packs.release.digest, "software": software(), "from": told["from"], "to": told["to"],
            "span": SPAN,
        }  # fmt: skip

    @property
    def name(self) -> str:
        """Of the folder in which it is counted."""
        return sha256(orjson.dumps(self.identity, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]

    @property
    def releases(self) -> Releases:
        """Rates are those that each decision remembers."""
        return Releases.of(Bench(self.packs, BUILT, RateTable(())), self.packs)


def reevaluate(
    asked: Reevaluation, ledger: Ledger, folder: Path, watch: Watch = NOBODY, session: SparkSession | None = None
) -> dict[str, Any]:
    """The body of a re-evaluation, JSON-ready; with a `session` on a cluster, which must see the folder.

    Raises Stopped, LedgerError, OSError, and SparkTrouble of a cluster.
    """
    where = (folder / COUNTED / asked.name).absolute()
    newest = ledger.newest_decision()
    upto = 0 if newest is None else newest[0]
    _forget_the_open_end(where, upto)
    kept, releases = Folder(where, asked.identity), asked.releases
    total = -(-upto // SPAN)
    if session is None:
        ready = (Chunk(number, partial(_compared, asked, ledger, where, number, upto)) for number in range(total))
        counted = count(ready, releases, kept, watch)
    else:
        counted = _by_all(session, asked, ledger, where, kept, watch, total, upto)
    if asked.wanted == EVERYTHING:
        _forget_others(folder / COUNTED, asked.name)
    return _body(asked, counted, releases, where, total, upto)


def _forget_the_open_end(where: Path, upto: int) -> None:
    """The stretch in which the ledger ended last time has more decisions by now. It goes before it is written down how far the
    ledger is read this time: whoever is stopped in between forgets it again."""
    mark = where / UPTO
    if mark.exists():
        number = (orjson.loads(mark.read_bytes())) // SPAN
        chunk_file(where / "chunks", number).unlink(missing_ok=True)
    where.mkdir(parents=True, exist_ok=True)
    put(mark, orjson.dumps(upto))


def _forget_others(counted: Path, name: str) -> None:
    """What was counted under other law, or by other software, is of no use to the next night."""
    for other in counted.iterdir():
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)


def _compared(asked: Reevaluation, ledger: Ledger, where: Path, number: int, upto: int, releases: Releases) -> Compared:
    return compared_and_told(where, number, list(_stretch(asked, ledger, number, upto)), releases)


def _stretch(asked: Reevaluation, ledger: Ledger, number: int, upto: int) -> Iterator[Answered]:
    for one in _decisions(asked, ledger, number, upto):
        facts, inputs, answer = one.bodies or (b"", b"", b"")
        yield Answered(one.id, facts, inputs, answer, one.release)


def _decisions(asked: Reevaluation, ledger: Ledger, number: int, upto: int) -> Any:
    first, last = asked.wanted.span
    end = min((number + 1) * SPAN, upto)
    return ledger.stretch(first, last, after=number * SPAN, upto=end, limit=SPAN)


def compared_and_told(where: Path, number: int, stored: list[Answered], releases: Releases) -> Compared:
    """Answers held against those of today; the decisions that differ are written down, a line each."""
    compared = compare_answered(stored, releases.now)
    found = answered_otherwise(compared, stored, releases.now.domains)
    path = differing_file(where, number)
    path.parent.mkdir(exist_ok=True)
    put(path, b"".join(orjson.dumps(line) + b"\n" for line in found))
    return compared


def differing_file(where: Path, number: int) -> Path:
    """Where the decisions of a stretch that would be answered otherwise are named."""
    return where / DIFFERING / f"{number:06d}.ndjson"


def _by_all(
    session: SparkSession, asked: Reevaluation, ledger: Ledger, where: Path, kept: Folder, watch: Watch, total: int,
    upto: int,
) -> Tally:  # fmt: skip
    from api.spark.driver import chunks, counted_by_all
    from api.spark.pieces import take_away, write_piece
    from api.spark.shipped import ship
    from api.spark.tasks import Job

    done, releases = kept.numbers(), asked.releases
    law = ship(where, releases)
    todo = [number for number in range(total) if number not in done]
    work = tuple(write_piece(where, number, _decisions(asked, ledger, number, upto)) for number in todo)
    counted_by_all(session, Job(software(), str(where), law, "answered", asked.wanted, work), kept, watch)
    for number in todo:
        take_away(where, number)
    return count(chunks(total, where), releases, kept)


def _body(
    asked: Reevaluation, counted: Tally, releases: Releases, where: Path, total: int, upto: int
) -> dict[str, Any]:
    """The numbers of a back-test, told of decisions."""
    source = Source("ledger", "ledger", "", "", True, asked.wanted.told())
    found = result(counted, releases, source, asked.packs.words("en"))
    payments = found["payments"]
    return {
        "format": FORMAT,
        "release": found["now"],
        "software": software(),
        "from": found["source"]["from"],
        "to": found["source"]["to"],
        "upto": upto,
        "decisions": {
            "evaluated": payments["evaluated"],
            "differing": sum(differing_file(where, number).read_bytes().count(b"\n") for number in range(total)),
            "changed": payments["changed"],
            "left_out": payments["left_out"],
        },
        **{name: found[name] for name in ("outcomes", "verdicts", "rules", "money", "tax", "examples")},
        "left_out": [{"reason": one["reason"], "decisions": one["payments"]} for one in found["left_out"]],
        "left_out_decisions": [{**one, "decision": one.pop("payment")} for one in found["left_out_payments"]],
        "known_then": list(KNOWN_THEN),
        "named_in": str(where / DIFFERING),
    }


__all__ = ["COUNTED", "KNOWN_THEN", "Reevaluation", "compared_and_told", "differing_file", "reevaluate"]
