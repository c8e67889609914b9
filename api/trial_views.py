"""Trials of releases, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import orjson

from api.backtest_sources import LEDGER
from api.canary_sides import Sides
from api.shadowing import Sums, releases_of
from engine.backtest import Source, result
from engine.ledger import Ledger
from engine.ledger.trials import BEHIND
from engine.money import RateTable
from engine.packs import PackSet
from engine.packs.release import digest_of
from engine.trials import Counts, Guardrail, Trial, TrialKind, Verdict, judged, percent, points, sides_in
from engine.words import Words


class Summing(Protocol):
    """What a trial's summary is told with."""

    @property
    def ledger(self) -> Ledger: ...

    @property
    def rates(self) -> RateTable: ...

    @property
    def sums(self) -> Sums: ...

    @property
    def sides(self) -> Sides | None:
        """Of the running canary, as far as they are read already."""

    @property
    def packs_of(self) -> Callable[[str], PackSet | None]: ...


def trial_body(trial: Trial) -> dict[str, Any]:
    """A trial as it stands."""
    return {
        "id": trial.id,
        "kind": trial.kind.value,
        "state": trial.state.value,
        "release": trial.release,
        "draft": trial.draft,
        "base": trial.base,
        "share": points(trial.share) if trial.share else None,
        "guardrail": None if trial.guardrail is None else _guardrail(trial.guardrail),
        "reason": trial.reason,
        "started_by": trial.started_by,
        "started_at": trial.started_at,
        "ended_by": trial.ended_by,
        "ended_at": trial.ended_at,
        "end_reason": None if trial.running else trial.end_reason,
        "cause": None if trial.cause is None else trial.cause.value,
        "possible": ["end"] if trial.running else [],
    }


def detail_body(by: Summing, trial: Trial, words: Words) -> dict[str, Any]:
    """A trial with what it has come to. Raises LedgerError."""
    summary = shadow_summary(by, trial, words) if trial.kind is TrialKind.SHADOW else canary_summary(by, trial)
    return {**trial_body(trial), "summary": summary}


def canary_summary(by: Summing, trial: Trial) -> dict[str, Any]:
    """Both sides, and what the guardrail says of them; of one that is over, as they were then. Raises LedgerError."""
    return sides_told(trial, *(sides_in(trial.numbers) or _sides(by, trial).read()))


def sides_told(trial: Trial, canary: Counts, control: Counts) -> dict[str, Any]:
    """Two sides, and what the guardrail says of them."""
    verdict = judged(trial.guardrail or Guardrail(), canary, control)
    return {"canary": _side(canary), "control": _side(control), "guardrail": _verdict(verdict)}


def _sides(by: Summing, trial: Trial) -> Sides:
    known = by.sides
    return known if known is not None and known.trial.id == trial.id else Sides(by.ledger, trial)


def _side(side: Counts) -> dict[str, Any]:
    outcomes = [
        {"outcome": outcome, "decisions": number, "percent": percent(number, side.decided)}
        for outcome, number in sorted(side.outcomes.items())
    ]
    return {"decisions": side.decided, "outcomes": outcomes}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    readings = [
        {
            "outcome": one.band.outcome,
            "canary_percent": percent(one.canary, verdict.canary.decided),
            "control_percent": percent(one.control, verdict.control.decided),
            "apart": f"{'-' if one.apart < 0 else ''}{points(abs(one.apart))}",
            **_limits(one.band.up, one.band.down),
            "left": one.left,
        }
        for one in verdict.readings
    ]
    return {"state": verdict.state.value, "readings": readings, "sentences": verdict.sentences()}


def _limits(up: int | None, down: int | None) -> dict[str, str | None]:
    return {way: None if limit is None else points(limit) for way, limit in (("up", up), ("down", down))}


def _guardrail(guardrail: Guardrail) -> dict[str, Any]:
    bands = [{"outcome": one.outcome, **_limits(one.up, one.down)} for one in guardrail.bands]
    return {"minimum": guardrail.minimum, "bands": bands}


def shadow_summary(by: Summing, trial: Trial, words: Words) -> dict[str, Any]:
    """What was counted, what waits, and the whole of it as a back-test tells it."""
    trials = by.ledger.trials
    _, upto = trials.cursor(trial)
    waits, (decisions, differing) = trials.waiting(trial, upto, BEHIND + 1), trials.counted(trial.id)
    releases = releases_of(trial, by.packs_of, by.rates)
    counted = by.sums.of(trial.id)
    asked = {"trial": trial.id, "upto": upto}
    source = Source(LEDGER, trial.id, digest_of(orjson.dumps(asked)), "", True, {})
    return {
        "decisions": decisions,
        "differing": differing,
        "behind": min(waits.decisions, BEHIND),
        "behind_at_least": waits.decisions > BEHIND,
        "waiting_since": waits.since,
        "result": None if releases is None else result(counted, releases, source, words),
    }


def differences_body(found: Sequence[tuple[int, int, Sequence[Any]]], limit: int) -> dict[str, Any]:
    """A page of differences: `found` has one more than fits where there are more."""
    page = found[:limit]
    data = [
        {"decision": decision, "was": was, "now": now, "differs": list(differs)}
        for _, _, (decision, was, now, differs) in page
    ]
    return {"data": data, "next": f"{page[-1][0]}.{page[-1][1]}" if len(found) > limit else None}
