"""Stored decisions held against themselves: what was answered then, and what would be answered now.

One release is asked, and its answers are held against those that were given. The history, the rates, the lists and the merchants
are those that the decision knew: they were kept with it, and what has been learnt of them since is not asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import polars as pl
from pydantic import ValidationError

from engine.backtest.compare import REF, Bodies, Compared, LeftOut, Row, again, country_of, erased, frame_of, unreadable
from engine.backtest.evaluate import Bench, columns
from engine.backtest.told import told
from engine.facts import Facts
from engine.replay import facts_from

NOT_REPLAYED: Final = "not_replayed"
"""Why a decision is left out that cannot be asked again: one such must not hide the others."""
_TROUBLE: Final = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError)
"""What inputs of a form that is not known any more come to."""


class Answered(NamedTuple):
    """A decision as it was stored: its id, its request, what it used beside the request and the release, what was answered,
    and the digest of the release that answered."""

    id: str
    body: bytes
    inputs: bytes
    answer: bytes
    release: str


def compare_answered(stored: Sequence[Answered], bench: Bench) -> Compared:
    """What was answered beside what is answered under the release of the bench, each on its own legal date."""
    rows: list[Row] = []
    asked: list[Answered] = []
    left_out: list[LeftOut] = []
    for one in stored:
        if not one.body:
            left_out.append(erased(one.id))
            continue
        try:
            facts, now = facts_from(one.body), again(one.body, json.loads(one.inputs), bench)
        except ValidationError as error:
            left_out.append(unreadable(one.id, error))
        except _TROUBLE as error:
            left_out.append(LeftOut(one.id, NOT_REPLAYED, type(error).__name__))
        else:
            rows.append(_row(one, facts, now, bench))
            asked.append(one)

    def bodies(place: int) -> Bodies:
        one = asked[place]
        return json.loads(one.answer), again(one.body, json.loads(one.inputs), bench)

    return Compared(frame_of(rows, bench.domains), tuple(left_out), bodies)


def _row(one: Answered, facts: Facts, now: dict[str, Any], bench: Bench) -> Row:
    was = told(json.loads(one.answer), bench.domains)
    return Row(one.id, facts["amount"], country_of(facts), was, told(now, bench.domains), "alone")


def answered_otherwise(compared: Compared, stored: Sequence[Answered], domains: Sequence[str]) -> list[dict[str, Any]]:
    """The decisions that would be answered otherwise, in order, JSON-ready: which release answered, and what is not the same."""
    names = columns(domains)
    other = pl.any_horizontal(pl.col(f"was.{name}") != pl.col(f"now.{name}") for name in names)
    releases = {one.id: one.release for one in stored}
    found = []
    for row in compared.frame.filter(other).iter_rows(named=True):
        changed = {name: (row[f"was.{name}"], row[f"now.{name}"]) for name in names}
        told_apart = {name: {"was": was, "now": now} for name, (was, now) in changed.items() if was != now}
        found.append({"id": row[REF], "release": releases[row[REF]], "changed": told_apart})
    return found


__all__ = ["NOT_REPLAYED", "Answered", "answered_otherwise", "compare_answered"]
