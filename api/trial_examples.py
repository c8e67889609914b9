"""Examples of trials for the document of the interface: a canary that is withdrawn, and a difference that a shadow found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from api.draft_examples import BASE, BEN, CONTENT, DRAFT, NOW
from api.trial_views import sides_told, trial_body
from engine.trials import Band, Cause, Counts, Guardrail, Trial, TrialKind, judged, numbers_of, withdrawn

_ID: Final = "trl_01kavw3e5n7x2v8g4yq0m6tz1b"
_GUARDRAIL: Final = Guardrail((Band("block", 200, 200),), 500)
_WHY: Final = "A tenth of the payers for a day, before all of them."


def requests() -> dict[tuple[str, str], Any]:
    """What is asked, by path and method."""
    band = {"outcome": "block", "up": "2", "down": "2"}
    return {
        ("/v1/trials", "post"): {
            "kind": "canary", "draft": DRAFT, "share": "10", "guardrail": {"minimum": 500, "bands": [band]}, "reason": _WHY,
        },
        ("/v1/trials/{trial_id}/end", "post"): {"reason": "It did what it should: on to everybody."},
    }  # fmt: skip


def answers() -> dict[tuple[str, str], Any]:
    """What is answered, by path and method."""
    trial = Trial(
        _ID, TrialKind.CANARY, CONTENT, DRAFT, BASE, 1_000, _GUARDRAIL, _WHY, BEN, NOW
    )  # fmt: skip
    canary = Counts(512, {"allow": 410, "block": 38, "challenge": 64})
    sides = canary, Counts(9_870, {"allow": 8_526, "block": 109, "challenge": 1_235})
    why = judged(_GUARDRAIL, *sides).sentences()[0]
    over = withdrawn(trial, NOW + timedelta(minutes=40), Cause.GUARDRAIL, why, numbers_of(*sides)).trial
    difference = {
        "decision": "dec_01kavw3e5n7x2v8g4yq0m6tz1b", "was": "challenge", "now": "allow", "differs": ["outcome", "sca"],
    }  # fmt: skip
    return {
        ("/v1/trials", "post"): _plain(trial_body(trial)),
        ("/v1/trials/{trial_id}", "get"): _plain({**trial_body(over), "summary": sides_told(over, *sides)}),
        ("/v1/trials/{trial_id}/differences", "get"): {"data": [difference], "next": "1.0"},
    }


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """With its instants as they are sent."""
    instants = {name: body[name].isoformat() for name in ("started_at", "ended_at") if body[name] is not None}
    return {**body, **instants}
