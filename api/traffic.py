"""What flows: decisions by minute and outcome, what the newest say, and how long this worker took."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final, get_args

import orjson

from api.latency import Latency
from api.minutes import MINUTE, Minutes, minute_of
from engine.decision import Outcome
from engine.ledger import Ledger

OUTCOMES: Final = get_args(Outcome)
_LOOKED_AT: Final = 100
"""Newest decisions whose parts are counted: enough for a mix, and read in some milliseconds."""
_PARTS: Final = {"method": "methods"}


def step_of(hours: int) -> int:
    """Minutes of one step, so that a plot of the hours has some 180 at most."""
    return next(step for step in (1, 2, 5, 10) if hours * 60 <= step * 180)


def traffic(ledger: Ledger, minutes: Minutes, now: datetime, hours: int) -> dict[str, Any]:
    """Decisions of the last hours, and how many in as many hours before. Raises LedgerError."""
    step = timedelta(minutes=step_of(hours))
    last = _step_of(now, step)
    since = last - timedelta(hours=hours) + step
    counted = minutes.since(since - timedelta(hours=hours), now)
    steps: dict[datetime, Counter[str]] = {}
    before = 0
    for at, outcomes in counted.items():
        if at < since:
            before += outcomes.total()
        else:
            steps.setdefault(_step_of(at, step), Counter()).update(outcomes)
    points = [_point(since + step * number, steps) for number in range((last - since) // step + 1)]
    outcomes = sum(steps.values(), Counter())
    return {
        "since": since.isoformat(),
        "step_minutes": step // MINUTE,
        "total": outcomes.total(),
        "total_before": before,
        "outcomes": {name: outcomes[name] for name in OUTCOMES},
        "points": points,
        "verdicts": verdicts(ledger),
    }


def _step_of(at: datetime, step: timedelta) -> datetime:
    minute = minute_of(at)
    return minute - timedelta(minutes=minute.minute % (step // MINUTE))


def _point(at: datetime, steps: dict[datetime, Counter[str]]) -> dict[str, Any]:
    found: Counter[str] = steps.get(at, Counter())
    return {
        "at": at.isoformat(), "decisions": found.total(), "outcomes": {name: found[name] for name in OUTCOMES if found[name]},
    }  # fmt: skip


def verdicts(ledger: Ledger) -> dict[str, Any]:
    """Of the newest decisions: each part's verdict."""
    newest = [one for one in ledger.decisions(limit=_LOOKED_AT).data if not one.erased]
    found: dict[str, Counter[str]] = {}
    for one in newest:
        for name, part in orjson.loads(one.answer).items():
            if isinstance(part, dict) and isinstance(verdict := part.get("verdict"), str):
                found.setdefault(_PARTS.get(name, name), Counter())[verdict] += 1
    return {"of": len(newest), "domains": {name: dict(counts.most_common()) for name, counts in found.items()}}


def latency(measured: Latency, hours: int) -> dict[str, Any]:
    """Of this process alone."""
    return {
        "scope": "this worker",
        "since": measured.since.isoformat(),
        "points": [
            {
                "at": one.at.isoformat(), "answers": one.answers, "p50_ms": round(one.middle * 1000, 2),
                "p99_ms": round(one.high * 1000, 2),
            }
            for one in measured.last(hours * 60)
        ],
    }  # fmt: skip
