"""Six features of one payment over a million stored payments, beside one indexed SELECT; and the same as a key's past grows.

The SELECT is what answers one of the six, the cash that one payer paid in in the last thirty days, without any of this: a plain
table of the same payments with an index on payer and moment, asked through the same connection for exact amounts. The same with
floats, an index that holds all it reads, and a sum by the database is timed beside it.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

import orjson

from engine.facts import Facts
from engine.features import question
from engine.history import FeatureQuestion
from engine.ledger import Ledger
from engine.ledger._database import Database, Readers
from engine.ledger._time import to_micros
from engine.ledger.past_tables import PastPaymentRow
from engine.money import Money
from engine.packs.feature import Feature
from engine.packs.fields import Keys, Notes
from engine.packs.read_features import read_features
from engine.packs.yaml import read_yaml

ROWS: Final = 1_000_000
PAYERS: Final = 1000
"""Of the million, each with a past of a thousand payments in a year."""
GROWN: Final = (10_000, 1_000_000)
"""Payments of one payer in a year, fewest and most."""
NOW: Final = datetime(2026, 11, 20, 15, tzinfo=UTC)
YEAR: Final = timedelta(days=365)
CALLS: Final = 200
FEATURES: Final = """
features:
  cash_today:
    of: sum
    unit: USD
    where: {instrument: [cash], direction: [in]}
    key: payer.id
    window: {kind: business_day, cutoff: "17:00", zone: America/New_York}
  paid_in_day: {of: sum, unit: USD, key: payer.id, window: {kind: rolling, hours: 24}}
  paid_in_month: {of: sum, unit: USD, key: payer.id, window: {kind: calendar_month, zone: America/New_York}}
  number_in_month: {of: count, key: payer.id, window: {kind: linked, days: 30}}
  cash_in_month:
    of: sum
    unit: USD
    where: {instrument: [cash], direction: [in]}
    key: payer.id
    window: {kind: linked, days: 30}
  cash_in_year:
    of: count
    where: {instrument: [cash], direction: [in]}
    key: payer.id
    window: {kind: linked, days: 365}
"""
_PLAIN: Final = (
    "CREATE TABLE plain AS SELECT payment, stated ->> 'payer_id' AS payer_id, stated ->> 'instrument' AS instrument,"
    " stated ->> 'direction' AS direction, at, amount, CAST(amount AS REAL) AS approximate, currency FROM past_payment"
)
_SELECT: Final = (
    "SELECT amount, currency FROM plain INDEXED BY ix_plain WHERE payer_id = :payer AND at >= :start AND at < :stop"
    " AND instrument = 'cash' AND direction = 'in'"
)
_COVERED: Final = (
    "SELECT currency, count(*), sum(approximate) FROM plain INDEXED BY ix_covering"
    " WHERE payer_id = :payer AND instrument = 'cash' AND direction = 'in' AND at >= :start AND at < :stop GROUP BY currency"
)


@dataclass(frozen=True, slots=True)
class HistoryRun:
    """Microseconds by round."""

    six: tuple[float, ...]
    """Six features of one payment, over a million payments of a thousand payers."""
    select: tuple[float, ...]
    """One indexed SELECT in the same store."""
    covered: tuple[float, ...]
    """The same in floats, from an index that holds all of it, summed by the database."""
    few: tuple[float, ...]
    """Six features of a payer with the fewest payments."""
    many: tuple[float, ...]
    """The same of a payer with the most."""
    features: int
    build_s: float
    """Seconds to take a million payments into the forms of these features."""

    @property
    def ratio(self) -> float:
        """Six features to one SELECT: the median of the rounds' ratios."""
        return median(ours / theirs for ours, theirs in zip(self.six, self.select, strict=True))

    @property
    def floats(self) -> float:
        """Six features to the SELECT in floats."""
        return median(ours / theirs for ours, theirs in zip(self.six, self.covered, strict=True))

    @property
    def growth(self) -> float:
        """The most payments a key to the fewest: the median of the rounds' ratios."""
        return median(many / few for many, few in zip(self.many, self.few, strict=True))


def measure(*, rounds: int, cpu: int | None, rows: int = ROWS, grown: tuple[int, int] = GROWN) -> HistoryRun:
    """Fill two stores and ask them in turn."""
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    features = list(declared().values())
    with tempfile.TemporaryDirectory(prefix="lexgate-bench-") as folder:
        wide, deep = f"sqlite:///{folder}/wide.db", f"sqlite:///{folder}/deep.db"
        build = filled(wide, features, [(f"payer-{at % PAYERS}", at) for at in range(rows)], rows)
        names = [name for name, size in zip(("few", "many"), grown, strict=True) for _ in range(size)]
        Random(5).shuffle(names)
        filled(deep, features, list(zip(names, range(len(names)), strict=True)), len(names))
        plain(Path(folder) / "wide.db")
        with Ledger.open(wide) as ledger, Ledger.open(deep) as other:
            readers = Readers(Database(wide, readonly=True))
            payers = [f"payer-{at * 7 % PAYERS}" for at in range(CALLS)]
            found = _rounds(rounds, features, payers, (ledger, other, readers))
            readers.close()
    return HistoryRun(*found, len(features), build)


def declared() -> dict[str, Feature]:
    """The features of the text above, as packs are read."""
    notes = Notes()
    return read_features(Keys(read_yaml(FEATURES, "features.yaml"), notes, "The file"), notes, "UTC", (), set())


def filled(url: str, features: list[Feature], payers: list[tuple[str, int]], rows: int) -> float:
    """A ledger that was told of so many payments, evenly over a year; the seconds that the forms took."""
    with Ledger.open(url) as ledger:

        def store(batch: Any) -> None:
            batch.insert(PastPaymentRow, list(_payments(payers, rows)))

        ledger.writer.run(store)
        begun = time.perf_counter()
        ledger.history.keep([feature.form for feature in features])
        return time.perf_counter() - begun


def _payments(payers: list[tuple[str, int]], rows: int) -> Iterator[tuple[Any, ...]]:
    rnd, start, step = Random(7), to_micros(NOW - YEAR), YEAR // timedelta(microseconds=1) // rows
    for payer, at in payers:
        stated = {"payer_id": payer, "instrument": rnd.choice(("cash", "card")), "direction": "in"}
        amount = f"{rnd.randint(1, 900_000) / 100:.2f}"
        yield (
            f"payment-{at}",
            start + at * step,
            amount,
            rnd.choice(("USD", "USD", "EUR")),
            orjson.dumps(stated).decode(),
        )


def plain(path: Path) -> None:
    """The same payments in a table with the indexes that the SELECTs want."""
    with sqlite3.connect(path) as hand:
        hand.execute(_PLAIN)
        hand.execute("CREATE INDEX ix_plain ON plain (payer_id, at)")
        hand.execute("CREATE INDEX ix_covering ON plain (payer_id, instrument, direction, at, currency, approximate)")
    hand.close()


def _rounds(
    rounds: int, features: list[Feature], payers: list[str], stores: tuple[Ledger, Ledger, Readers]
) -> list[tuple[float, ...]]:
    ledger, other, readers = stores
    start, stop = to_micros(NOW - timedelta(days=30)), to_micros(NOW)
    plainly = [{"payer": payer, "start": start, "stop": stop} for payer in payers]
    works: list[tuple[Callable[[Any], Any], list[Any]]] = [
        (ledger.history.features, [asked(features, payer) for payer in payers]),
        (lambda parameters: readers.rows(_SELECT, parameters), plainly),
        (lambda parameters: readers.rows(_COVERED, parameters), plainly),
        (other.history.features, [asked(features, "few")] * CALLS),
        (other.history.features, [asked(features, "many")] * CALLS),
    ]
    for work, data in works:
        _pass(work, data)
    return list(zip(*([_pass(work, data) for work, data in works] for _ in range(rounds)), strict=True))


def asked(features: list[Feature], payer: str) -> list[FeatureQuestion]:
    """The six questions about one payer, as a payment now asks them."""
    facts = Facts({"payer.id": payer, "occurred_at": NOW, "amount": Money(1, "USD"), "currency": "USD"})  # type: ignore[arg-type]
    found = [question(feature, facts) for feature in features]
    return [one for one in found if one is not None]


def _pass(work: Callable[[Any], Any], data: list[Any]) -> float:
    gc.collect()
    begun = time.perf_counter()
    for item in data:
        work(item)
    return (time.perf_counter() - begun) / len(data) * 1e6
