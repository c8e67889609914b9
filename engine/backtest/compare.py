"""Two releases asked of the same payments, side by side: what each was told, and is told now."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import polars as pl
from pydantic import ValidationError

from engine.backtest.evaluate import BY, Bench, columns, evaluate_batch
from engine.backtest.payments import LABEL, ROW, Payments
from engine.backtest.told import Told, told
from engine.backtest.touched import Touched
from engine.facts import Facts
from engine.language.columns import NUMBER
from engine.money import Money
from engine.packs.packset import PackSet
from engine.replay import facts_from, replay

REF: Final = "ref"
"""Column: what a payment is called in its source, a number of a row or the id of a decision."""
COUNTRY: Final = "country"
"""Column: whose payment it is, as far as it says so; empty where it says nothing."""
_PLACES: Final = ("payer.country", "payment.issuer_country", "payee.country", "payment.acquirer_country")
"""The first of these that is stated."""
SAME: Final = "same"
"""`by` where both releases hold the same law for a payment, so that it was asked of one."""

Bodies = tuple[dict[str, Any], dict[str, Any]]


class Stored(NamedTuple):
    """A decision as it was stored: its id, its request, and what it used beside the request and the release. An empty request:
    whom it was about was erased."""

    id: str
    body: bytes
    inputs: bytes
    answer: bytes | None = None
    """As it was answered, where that was by the release `was` in all its domains: it need not be asked again."""


class LeftOut(NamedTuple):
    """A payment that was not asked, and why: a code, and the words for a person."""

    ref: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One chunk of payments under both releases. `frame`: `ref`, `amount`, `currency`, `country`, perhaps `label`, `by`, and what
    was told as `was.<column>` and is told now as `now.<column>`."""

    frame: pl.DataFrame
    left_out: tuple[LeftOut, ...]
    bodies: Callable[[int], Bodies]
    """The whole answers to the payment at a place of the frame."""


@dataclass(frozen=True, slots=True)
class Releases:
    """The active release and the candidate, asked in the same way. `full`: both are asked of every payment."""

    was: Bench
    now: Bench
    touched: Touched
    full: bool = False

    @classmethod
    def of(cls, was: Bench, packs: PackSet, *, full: bool = False) -> Releases:
        """A bench, and the same with the packs of a candidate."""
        now = Bench(packs, was.domains, was.rates, was.legal_day)
        return cls(was, now, Touched(was.packs, packs), full)


def compare_payments(payments: Payments, releases: Releases, left_out: Sequence[LeftOut] = ()) -> Compared:
    """Payments as columns under both releases."""
    if payments.frame.is_empty():
        return replace(compare_stored([], releases), left_out=tuple(left_out))
    was = evaluate_batch(payments, releases.was)
    touched = payments.frame.select(pl.lit(True)).to_series() if releases.full else releases.touched.of(payments)
    if releases.full or touched.all():
        now = evaluate_batch(payments, releases.now)
    else:
        now = _some(payments, was, touched, releases.now)
    kept = [name for name in (LABEL,) if name in payments.frame.columns]
    amount = payments.column("amount").cast(NUMBER)
    stated = pl.coalesce(*(payments.column(path) for path in _PLACES), pl.lit("")).alias(COUNTRY)
    ref = pl.col(ROW).cast(pl.String).alias(REF)
    frame = payments.frame.select(ref, amount.alias("amount"), "currency", stated, *kept)
    found = pl.concat([frame, *_beside(was, now)], how="horizontal")

    def bodies(place: int) -> Bodies:
        facts = payments.facts_at([place])[0]
        return releases.was.decide(facts).body, releases.now.decide(facts).body

    return Compared(found, tuple(left_out), bodies)


def _some(payments: Payments, was: pl.DataFrame, touched: pl.Series, bench: Bench) -> pl.DataFrame:
    """Ask the payments that are touched; the others are told what they were."""
    same = was.filter(~touched).with_columns(pl.lit(SAME).alias(BY), (~touched).arg_true().alias("i"))
    if not touched.any():
        return same.drop("i")
    places = touched.arg_true()
    facts = None if payments.facts is None else [payments.facts[place] for place in places]
    asked = evaluate_batch(Payments(payments.frame.filter(touched), facts), bench)
    return pl.concat([same, asked.with_columns(places.alias("i"))]).sort("i").drop("i")


def _beside(was: pl.DataFrame, now: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        was.drop(BY).rename(lambda name: f"was.{name}"),
        now.rename(lambda name: name if name == BY else f"now.{name}"),
    ]


def compare_stored(stored: Sequence[Stored], releases: Releases) -> Compared:
    """Stored decisions under both releases, with the history, the rates and the lists exactly as they were known then."""
    rows: list[Row] = []
    asked: list[Stored] = []
    left_out: list[LeftOut] = []
    for one in stored:
        if not one.body:
            left_out.append(erased(one.id))
            continue
        try:
            facts = facts_from(one.body)
        except ValidationError as error:
            left_out.append(unreadable(one.id, error))
            continue
        inputs = json.loads(one.inputs)
        was = (
            _told(one, inputs, releases.was)
            if one.answer is None
            else told(json.loads(one.answer), releases.was.domains)
        )
        same = not releases.full and not releases.touched.one(facts)
        now = was if same else _told(one, inputs, releases.now)
        rows.append(Row(one.id, facts["amount"], country_of(facts), was, now, SAME if same else "alone"))
        asked.append(one)

    def bodies(place: int) -> Bodies:
        one, inputs = asked[place], json.loads(asked[place].inputs)
        return again(one.body, inputs, releases.was), again(one.body, inputs, releases.now)

    return Compared(frame_of(rows, releases.was.domains), tuple(left_out), bodies)


class Row(NamedTuple):
    """What one stored decision was told, and is told now."""

    ref: str
    paid: Money
    country: str
    was: Told
    now: Told
    by: str


def country_of(facts: Facts) -> str:
    """Whose payment it is: the country of the payer, or of the first party of whom one is stated."""
    return next((str(facts[path]) for path in _PLACES if facts.get(path)), "")


def frame_of(rows: Sequence[Row], domains: Sequence[str]) -> pl.DataFrame:
    """The frame of `Compared`."""
    told_columns = [f"{when}.{name}" for when in ("was", "now") for name in columns(domains)]
    types: dict[str, Any] = {REF: pl.String, "amount": NUMBER, "currency": pl.String, COUNTRY: pl.String}
    told_of = [(one.ref, *one.paid, one.country, *_flat(one.was), *_flat(one.now), one.by) for one in rows]
    return pl.DataFrame(told_of, schema={**types, **dict.fromkeys([*told_columns, BY], pl.String)}, orient="row")


def unreadable(ref: str, error: ValidationError) -> LeftOut:
    """A stored request that is not accepted any more."""
    return LeftOut(ref, "unreadable", str(error.errors()[0]["msg"]))


def erased(ref: str) -> LeftOut:
    """Whom the payment was about was erased, and what was asked with them."""
    return LeftOut(ref, "erased", "whom it was about was erased")


def again(body: bytes, inputs: Any, bench: Bench) -> dict[str, Any]:
    """The answer to a stored request under a release, with what was known then."""
    return replay(body, inputs, bench.packs, legal_day=bench.legal_day, domains=bench.domains).body


def _told(one: Stored, inputs: Any, bench: Bench) -> Told:
    return told(again(one.body, inputs, bench), bench.domains)


def _flat(one: Told) -> tuple[str, ...]:
    return one.outcome, *one.verdicts, *one.rules, one.tax
